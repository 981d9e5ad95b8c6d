/*
** Map creators: maps by id, of which each is kept for as long as it is mounted.
*/
#include "state.h"

struct lg_map_creator {
  lg_lagoon *lagoon;
  void (*mount)(lg_store *map, const char *id, void *ctx);
  void (*unmount)(lg_store *map, const char *id, void *ctx);
  void *ctx;
  lg_value cache; /* an object: id to a pointer to the map, of which it is an owner */
  size_t owners;  /* who made it, and its maps */
  bool is_freed;
  lg_map_creator *previous;
  lg_map_creator *next; /* of all creators of the lagoon */
};

/* What a map knows of its creator. */
typedef struct entry {
  lg_map_creator *creator;
  lg_store *map;
  lg_value id;
} entry;

/* ---- begin and end --------------------------------------------------------------------------- */

lg_map_creator *lg_map_creator_new(lg_lagoon *lagoon,
                                   void (*mount)(lg_store *map, const char *id, void *ctx),
                                   void (*unmount)(lg_store *map, const char *id, void *ctx),
                                   void *ctx) {
  if (lg_check_open(lagoon)) return NULL;
  lg_map_creator *creator = lg_new(lagoon, sizeof *creator);
  if (!creator) return NULL;
  *creator = (lg_map_creator){.lagoon = lagoon,
                              .mount = mount,
                              .unmount = unmount,
                              .ctx = ctx,
                              .cache = lg_object(lagoon),
                              .owners = 1,
                              .next = lagoon->creators};
  if (lg_is_failed(creator->cache)) {
    lg_error_of(lagoon, NULL, LG_E_MEMORY);
    lg_delete(lagoon, creator, sizeof *creator);
    return NULL;
  }
  if (creator->next) creator->next->previous = creator;
  lagoon->creators = creator;
  return creator;
}

static void end(lg_map_creator *creator) {
  lg_lagoon *lagoon = creator->lagoon;
  *(creator->previous ? &creator->previous->next : &lagoon->creators) = creator->next;
  if (creator->next) creator->next->previous = creator->previous;
  lg_release(creator->cache);
  lg_delete(lagoon, creator, sizeof *creator);
}

static void release(lg_map_creator *creator) {
  if (!--creator->owners) end(creator);
}

void lg_map_creators_end(lg_lagoon *lagoon) {
  while (lagoon->creators)
    end(lagoon->creators);
}

/* Gives all maps of the cache back, whose owner it was. */
static void clear_cache(lg_map_creator *creator) {
  lg_value cache = creator->cache;
  creator->cache = lg_undefined();
  for (lg_iterator i = lg_iterate(cache); lg_next(&i);)
    lg_store_release(lg_as_pointer(i.value));
  lg_release(cache);
}

void lg_map_creator_free(lg_map_creator *creator) {
  if (!creator || creator->is_freed || lg_check_open(creator->lagoon)) return;
  creator->is_freed = true;
  clear_cache(creator);
  release(creator);
}

/* ---- maps ------------------------------------------------------------------------------------ */

static void mount(lg_event *event, void *ctx) {
  entry *it = ctx;
  (void)event;
  if (it->creator->mount) it->creator->mount(it->map, lg_text(&it->id), it->creator->ctx);
}

/* Takes a map out of the cache. Without memory for that it stays there. */
static void uncache(entry *it) {
  lg_map_creator *creator = it->creator;
  lg_value found = lg_object_get_n(creator->cache, lg_text(&it->id), lg_size(it->id));
  if (lg_as_pointer(found) != it->map) return;
  lg_value rest = lg_object_remove_n(lg_keep(creator->cache), lg_text(&it->id), lg_size(it->id));
  if (lg_is_failed(rest)) return;
  lg_release(creator->cache);
  creator->cache = rest;
  lg_store_release(it->map);
}

static void unmount(void *ctx) {
  entry *it = ctx;
  lg_map_creator *creator = it->creator;
  lg_store *map = lg_store_keep(it->map);
  if (!creator->lagoon->is_closing) uncache(it);
  if (creator->unmount) creator->unmount(map, lg_text(&it->id), creator->ctx);
  lg_store_release(map);
}

static void forget(void *ctx) {
  entry *it = ctx;
  lg_lagoon *lagoon = it->creator->lagoon;
  lg_release(it->id);
  release(it->creator);
  lg_delete(lagoon, it, sizeof *it);
}

/* A map that is not in the cache yet. */
static lg_store *build(lg_map_creator *creator, lg_value id) {
  lg_lagoon *lagoon = creator->lagoon;
  lg_store *map = lg_map_from(lagoon, lg_object_set(lg_object(lagoon), "id", lg_keep(id)));
  entry *it = map ? lg_new(lagoon, sizeof *it) : NULL;
  if (it) {
    *it = (entry){creator, map, lg_keep(id)};
    creator->owners++;
    if (lg_on_destroy(map, forget, it)) {
      forget(it);
      it = NULL;
    }
  }
  if (it && lg_on_mount(map, mount, unmount, it)) return map;
  lg_store_release(map);
  return NULL;
}

lg_store *lg_map_creator_get(lg_map_creator *creator, const char *id) {
  if (!creator || creator->is_freed || lg_check_open(creator->lagoon)) return NULL;
  lg_lagoon *lagoon = creator->lagoon;
  if (!id) {
    lg_error(lagoon, NULL, LG_E_ARGUMENT, "no id");
    return NULL;
  }
  lg_store *map = lg_as_pointer(lg_object_get(creator->cache, id));
  if (map) return lg_store_keep(map);
  lg_value name = lg_string(lagoon, id);
  if (lg_is_failed(name)) {
    lg_error_of(lagoon, NULL, lg_status_of(name));
    return NULL;
  }
  map = build(creator, name);
  lg_release(name);
  if (!map) return NULL;
  lg_value cache = lg_object_set(lg_keep(creator->cache), id, lg_pointer(lagoon, map, NULL));
  if (lg_is_failed(cache)) {
    lg_store_release(map);
    lg_error_of(lagoon, NULL, lg_status_of(cache));
    return NULL;
  }
  lg_release(creator->cache);
  creator->cache = cache;
  return lg_store_keep(map);
}
