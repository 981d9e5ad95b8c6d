/*
** Objects: a container whose array holds keys and values in turn. A small object is searched from
** its first key to its last; one that had more than 8 keys has an index from their hashes to their
** numbers.
*/
#include "container.h"
#include "index.h"
#include "siphash.h"

#include <string.h>

#define SMALL_COUNT 8u /* keys that an object without index has at most */
#define SMALL_NEXT 16u /* and their numbers are below this, so that it is one leaf */
#define LARGE_NEXT (LG_MAX_POSITION / 2)

_Static_assert(2 * SMALL_NEXT <= LG_TRIE_SLOTS, "a small object is one leaf");

/* So that tests can make keys collide. */
#ifndef LG_HASH_BITS
#define LG_HASH_BITS 32
#endif

lg_value lg_object(lg_lagoon *lagoon) { return lg_container_new(lagoon, LG_OBJECT); }

/* ---- finding --------------------------------------------------------------------------------- */

/* A key that is looked for, and where it is. */
typedef struct search {
  const lg_container *object;
  const char *key;
  size_t size;
  uint32_t hash;        /* of the key, if the object has an index */
  uint32_t number;      /* LG_NO_NUMBER: it is not there */
  const lg_value *slot; /* otherwise: key and value */
} search;

static uint32_t hash_of(const lg_container *c, const char *key, size_t size) {
  uint64_t seed = c->block.memory->seed;
  return (uint32_t)lg_siphash(key, size, seed, ~seed) & (UINT32_MAX >> (32 - LG_HASH_BITS));
}

static bool is_wanted(const search *s, const lg_value *key) {
  return lg_bytes_size(key) == s->size && !memcmp(lg_bytes_of(key), s->key, s->size);
}

static bool match(void *ctx, uint32_t number) {
  search *s = ctx;
  s->slot = lg_array_get(s->object->array, 2 * number);
  return is_wanted(s, s->slot);
}

/* The number of the key in an object without index, whose array is one leaf. */
static uint32_t scan(search *s) {
  const lg_trie *leaf = s->object->array;
  if (!leaf) return LG_NO_NUMBER;
  s->slot = lg_trie_values(leaf);
  for (uint32_t number = 0; number < s->object->next; number++) {
    if (!lg_trie_has(leaf, 2 * number)) continue;
    if (is_wanted(s, s->slot)) return number;
    s->slot += 2;
  }
  return LG_NO_NUMBER;
}

static search find(const lg_container *c, const char *key, size_t size) {
  search s = {.object = c, .key = key, .size = size};
  if (c->index) {
    s.hash = hash_of(c, key, size);
    s.number = lg_index_find(c->index, s.hash, match, &s);
  } else {
    s.number = scan(&s);
  }
  return s;
}

lg_value lg_object_get(lg_value object, const char *key) {
  return lg_object_get_n(object, key, key ? strlen(key) : 0);
}

lg_value lg_object_get_n(lg_value object, const char *key, size_t size) {
  if (object.type != LG_OBJECT || !key) return lg_undefined();
  search s = find(lg_container_of(object), key, size);
  return s.number == LG_NO_NUMBER ? lg_undefined() : s.slot[1];
}

/* ---- adding a key ---------------------------------------------------------------------------- */

/* Makes the index of `c`, which has none. */
static bool index_keys(lg_container *c) {
  const void *leaf = NULL;
  const lg_value *slot;
  for (uint64_t at = 0; (slot = lg_array_next(c->array, &leaf, &at)); at += 2) {
    uint32_t hash = hash_of(c, lg_bytes_of(slot), lg_bytes_size(slot));
    if (!lg_index_put(c->block.memory, &c->index, hash, (uint32_t)at / 2)) return false;
  }
  return true;
}

/* Puts key and value, which it takes over, at the end of the array. */
static bool append(lg_container *c, lg_value key, lg_value value) {
  lg_value *slots = lg_array_open(c->block.memory, &c->array, 2 * c->next, 2);
  if (!slots) {
    lg_release(key);
    lg_release(value);
    return false;
  }
  slots[0] = key;
  slots[1] = value;
  c->next++;
  c->count++;
  return true;
}

/* Numbers the keys anew, without gaps. */
static bool renumber(lg_container *c) {
  lg_container old = *c;
  c->array = c->index = NULL;
  c->next = c->count = 0;
  const void *leaf = NULL;
  const lg_value *slot;
  bool ok = true;
  for (uint64_t at = 0; ok && (slot = lg_array_next(old.array, &leaf, &at)); at += 2) {
    ok = append(c, lg_keep(slot[0]), lg_keep(slot[1]));
  }
  ok = ok && (!old.index || index_keys(c));
  lg_container_clear(&old);
  return ok;
}

/* Makes a number for one more key, and an index if it becomes too many for none. */
static bool make_room(lg_container *c, search *s) {
  if (!c->index && c->count == SMALL_COUNT) {
    if (!index_keys(c)) return false;
    s->hash = hash_of(c, s->key, s->size);
  }
  uint32_t limit = c->index ? LARGE_NEXT : SMALL_NEXT;
  return c->next < limit || (c->count < limit && renumber(c));
}

/* Adds the key that was not found; takes `value` over. */
static lg_status add(lg_container *c, search *s, lg_value value) {
  lg_memory *m = c->block.memory;
  lg_value name = lg_string_in(m, s->key, s->size);
  lg_status status = lg_status_of(name);
  if (status == LG_OK && !make_room(c, s)) status = LG_E_MEMORY;
  if (status) {
    lg_release(name);
    lg_release(value);
    return status;
  }
  if (!append(c, name, value)) return LG_E_MEMORY;
  bool ok = !c->index || lg_index_put(m, &c->index, s->hash, c->next - 1);
  return ok ? LG_OK : LG_E_MEMORY;
}

/* ---- changes --------------------------------------------------------------------------------- */

/* Takes out a key that `c` has. */
static bool drop(lg_container *c, const search *s) {
  lg_memory *m = c->block.memory;
  if (c->index && !lg_index_remove(m, &c->index, s->hash, s->number)) return false;
  lg_value *slots = lg_array_open(m, &c->array, 2 * s->number, 2);
  if (!slots) return false;
  lg_value key = slots[0];
  lg_value value = slots[1];
  lg_array_close(m, &c->array, 2 * s->number, 2);
  if (!--c->count) c->next = 0;
  lg_release(key);
  lg_release(value);
  return true;
}

lg_value lg_object_remove(lg_value object, const char *key) {
  return lg_object_remove_n(object, key, key ? strlen(key) : 0);
}

lg_value lg_object_remove_n(lg_value object, const char *key, size_t size) {
  search s = {0};
  if (object.type == LG_OBJECT && key) {
    s = find(lg_container_of(object), key, size);
    if (s.number == LG_NO_NUMBER) return object;
  }
  lg_status status = lg_container_begin(&object, LG_OBJECT, lg_null());
  if (status == LG_OK && !key) status = LG_E_ARGUMENT;
  if (status == LG_OK && !drop(lg_container_of(object), &s)) status = LG_E_MEMORY;
  return status ? lg_container_fail(object, lg_undefined(), status) : object;
}

lg_value lg_object_set(lg_value object, const char *key, lg_value value) {
  return lg_object_set_n(object, key, key ? strlen(key) : 0, value);
}

/* Sets a key, and takes `value` over. */
static lg_status put(lg_container *c, const char *key, size_t size, lg_value value) {
  search s = find(c, key, size);
  if (s.number == LG_NO_NUMBER) return add(c, &s, value);
  lg_value *slot = lg_array_open(c->block.memory, &c->array, 2 * s.number + 1, 1);
  lg_value old = slot ? *slot : value;
  if (slot) *slot = value;
  lg_release(old);
  return slot ? LG_OK : LG_E_MEMORY;
}

lg_value lg_object_set_n(lg_value object, const char *key, size_t size, lg_value value) {
  if (lg_is_undefined(value)) return lg_object_remove_n(object, key, size);
  lg_status status = lg_container_begin(&object, LG_OBJECT, value);
  if (status == LG_OK && !key) status = LG_E_ARGUMENT;
  if (status) return lg_container_fail(object, value, status);
  status = put(lg_container_of(object), key, size, value);
  return status ? lg_container_fail(object, lg_undefined(), status) : object;
}
