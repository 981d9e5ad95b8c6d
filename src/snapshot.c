/*
** Shared names: the state of a lagoon as one value, and back.
*/
#include "state.h"

#include <string.h>

#include "siphash.h"
#include "value.h"

/* ---- names ----------------------------------------------------------------------------------- */

#define FIRST_NAMES 16u

/* Where the stores are whose names have this hash, if there is room for any. */
static lg_store **place_of(const lg_lagoon *lagoon, const char *name) {
  uint64_t hash = lg_siphash(name, strlen(name), lagoon->memory->seed, 0);
  return &lagoon->shared_names[hash & (lagoon->shared_capacity - 1)];
}

static void put_into_place(lg_store *store) {
  lg_store **place = place_of(store->vertex.lagoon, store->extras->shared_name);
  store->extras->next_of_hash = *place;
  *place = store;
}

/* The store that has this shared name, or NULL. */
static lg_store *find(const lg_lagoon *lagoon, const char *name) {
  lg_store *store = lagoon->shared_capacity ? *place_of(lagoon, name) : NULL;
  while (store && strcmp(store->extras->shared_name, name) != 0)
    store = store->extras->next_of_hash;
  return store;
}

static void drop_names(lg_lagoon *lagoon) {
  lg_resize(lagoon->memory, lagoon->shared_names,
            lagoon->shared_capacity * sizeof *lagoon->shared_names, 0);
  lagoon->shared_names = NULL;
  lagoon->shared_capacity = 0;
}

/* Makes room for one more name. */
static lg_status make_room(lg_lagoon *lagoon) {
  uint32_t capacity = lagoon->shared_capacity ? lagoon->shared_capacity * 2 : FIRST_NAMES;
  if (lagoon->shared_count < lagoon->shared_capacity) return LG_OK;
  lg_store **names = lg_resize(lagoon->memory, NULL, 0, capacity * sizeof *names);
  if (!names) return lg_error_of(lagoon, NULL, LG_E_MEMORY);
  memset(names, 0, capacity * sizeof *names);
  drop_names(lagoon);
  lagoon->shared_names = names;
  lagoon->shared_capacity = capacity;
  for (lg_store *it = lagoon->first_shared; it; it = it->extras->next_shared)
    put_into_place(it);
  return LG_OK;
}

/* ---- sharing --------------------------------------------------------------------------------- */

static void take_out(lg_store *store) {
  lg_lagoon *lagoon = store->vertex.lagoon;
  lg_extras *extras = store->extras;
  if (!extras->shared_name) return;
  lg_store *previous = extras->previous_shared;
  lg_store *next = extras->next_shared;
  lg_store **place = place_of(lagoon, extras->shared_name);
  while (*place != store)
    place = &(*place)->extras->next_of_hash;
  *place = extras->next_of_hash;
  *(previous ? &previous->extras->next_shared : &lagoon->first_shared) = next;
  *(next ? &next->extras->previous_shared : &lagoon->last_shared) = previous;
  lagoon->shared_count--;
  lg_delete_text(lagoon, extras->shared_name);
  extras->shared_name = NULL;
}

void lg_unshare(lg_store *store) {
  lg_lagoon *lagoon = store->vertex.lagoon;
  take_out(store);
  if (lagoon->shared_names && !lagoon->shared_count) drop_names(lagoon);
}

static void append(lg_store *store, char *name) {
  lg_lagoon *lagoon = store->vertex.lagoon;
  lg_extras *extras = store->extras;
  extras->shared_name = name;
  extras->previous_shared = lagoon->last_shared;
  extras->next_shared = NULL;
  *(lagoon->last_shared ? &lagoon->last_shared->extras->next_shared : &lagoon->first_shared) =
      store;
  lagoon->last_shared = store;
  lagoon->shared_count++;
  put_into_place(store);
}

static lg_status check_name(lg_store *store, const char *name) {
  lg_lagoon *lagoon = store->vertex.lagoon;
  if (store->vertex.kind == LG_COMPUTED_STORE) {
    return lg_error(lagoon, store, LG_E_READONLY, "a computed is not shared; it follows");
  }
  if (!lg_is_utf8(name, strlen(name))) return lg_error_of(lagoon, store, LG_E_UTF8);
  lg_store *other = find(lagoon, name);
  return other && other != store ? lg_error_of(lagoon, other, LG_E_NAME) : LG_OK;
}

lg_status lg_share(lg_store *store, const char *name) {
  lg_status status = lg_check_store(store);
  if (!status && name) status = check_name(store, name);
  if (!status && !lg_extras_of(store)) status = LG_E_MEMORY;
  if (status) return status;
  if (!name) {
    lg_unshare(store);
    return LG_OK;
  }
  lg_lagoon *lagoon = store->vertex.lagoon;
  if (find(lagoon, name) == store) return LG_OK;
  char *copy = lg_copy_text(lagoon, name);
  status = copy ? make_room(lagoon) : LG_E_MEMORY;
  if (status) {
    lg_delete_text(lagoon, copy);
    return status;
  }
  take_out(store);
  append(store, copy);
  return LG_OK;
}

/* ---- snapshots ------------------------------------------------------------------------------- */

lg_value lg_snapshot(lg_lagoon *lagoon) {
  lg_status status = lg_check(lagoon);
  if (status) return lg_failed(status);
  lg_value snapshot = lg_object(lagoon);
  for (lg_store *it = lagoon->first_shared; it; it = it->extras->next_shared)
    snapshot = lg_object_set(snapshot, it->extras->shared_name, lg_keep(it->value));
  if (lg_is_failed(snapshot)) lg_error_of(lagoon, NULL, lg_status_of(snapshot));
  return snapshot;
}

/* Whether all of a snapshot can be set: LG_OK also makes room for it in the graph. Counts the names
** that some store has. */
static lg_status check_snapshot(lg_lagoon *lagoon, lg_value snapshot, uint32_t *known) {
  uint32_t cost = 0;
  if (lg_is_failed(snapshot)) return lg_error_of(lagoon, NULL, lg_status_of(snapshot));
  if (lg_type_of(snapshot) != LG_OBJECT) {
    return lg_error(lagoon, NULL, LG_E_TYPE, "a snapshot is an object");
  }
  for (lg_store *it = lagoon->first_shared; it; it = it->extras->next_shared) {
    lg_value value = lg_object_get(snapshot, it->extras->shared_name);
    if (lg_is_undefined(value)) continue;
    if (it->vertex.kind != LG_ATOM && lg_type_of(value) != LG_OBJECT) {
      return lg_error(lagoon, it, LG_E_TYPE, "the value of a map must be an object");
    }
    ++*known;
    cost += it->listeners + 1;
  }
  if (!lg_reserve_messages(lagoon, *known)) return lg_error_of(lagoon, NULL, LG_E_MEMORY);
  return lg_reserve(lagoon, cost);
}

/* A store and what it is to be set to, which lives as long as the snapshot. */
typedef struct item {
  lg_store *store;
  lg_value value;
} item;

/* Keeps the stores that a snapshot names: the functions of lg_on_set may do anything to them. */
static void keep_all(lg_lagoon *lagoon, lg_value snapshot, item *items) {
  for (lg_store *it = lagoon->first_shared; it; it = it->extras->next_shared) {
    lg_value value = lg_object_get(snapshot, it->extras->shared_name);
    if (!lg_is_undefined(value)) *items++ = (item){lg_store_keep(it), value};
  }
}

static lg_status set_all(lg_lagoon *lagoon, const item *items, uint32_t count) {
  lg_report report = {.status = LG_OK};
  lg_batch_begin(lagoon);
  for (uint32_t i = 0; i < count; i++) {
    bool has_failed = lg_set(items[i].store, lg_keep(items[i].value));
    if (has_failed && !report.status) report = lagoon->last;
  }
  lg_status status = lg_batch_end(lagoon);
  if (report.status) lagoon->last = report;
  return report.status ? report.status : status;
}

lg_status lg_restore(lg_lagoon *lagoon, lg_value snapshot, size_t *unknown) {
  uint32_t known = 0;
  item *items = NULL;
  lg_status status = lg_check_open(lagoon);
  if (!status) status = check_snapshot(lagoon, snapshot, &known);
  if (!status && known) {
    items = lg_new(lagoon, known * sizeof *items);
    if (!items) status = LG_E_MEMORY;
  }
  if (!status) {
    if (unknown) *unknown = lg_size(snapshot) - known;
    if (items) keep_all(lagoon, snapshot, items);
    status = set_all(lagoon, items, known);
    for (uint32_t i = 0; i < known; i++)
      lg_store_release(items[i].store);
    if (items) lg_delete(lagoon, items, known * sizeof *items);
  }
  lg_release(snapshot);
  return status;
}
