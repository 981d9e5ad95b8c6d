/*
** Which values are the same, which are equal, their order, and their hashes. Recursion goes as deep
** as values are nested: LG_MAX_DEPTH at most.
*/
#include "container.h"
#include "siphash.h"

#include <string.h>

/* ---- order ----------------------------------------------------------------------------------- */

/* The place of a type in the order; int and double have one. */
static int rank(lg_value v) { return v.type > LG_INT ? v.type - 1 : v.type; }

static int compare_doubles(lg_value a, lg_value b) {
  double x = a.as.number;
  double y = b.as.number;
  if (x != x || y != y) return (x != x) - (y != y);
  if (x == y) return (int)(b.as.bits >> 63) - (int)(a.as.bits >> 63); /* zeros have signs */
  return x < y ? -1 : 1;
}

/* Exact, also where a double has no room for all bits of an int. */
static int compare_int_to_double(int64_t i, double d) {
  if (d != d || d >= 0x1p63) return -1;
  if (d < -0x1p63) return 1;
  int64_t whole = (int64_t)d;
  if (i != whole) return i < whole ? -1 : 1;
  double rest = d - (double)whole;
  if (rest != 0) return rest > 0 ? -1 : 1;
  return whole ? 0 : lg_double(d).as.bits != 0; /* 0 is behind -0 */
}

static int compare_numbers(lg_value a, lg_value b) {
  if (a.type == LG_DOUBLE && b.type == LG_DOUBLE) return compare_doubles(a, b);
  if (a.type == LG_DOUBLE) return -compare_int_to_double(b.as.integer, a.as.number);
  if (b.type == LG_DOUBLE) return compare_int_to_double(a.as.integer, b.as.number);
  return (a.as.integer > b.as.integer) - (a.as.integer < b.as.integer);
}

static int compare_sizes(size_t a, size_t b) { return (a > b) - (a < b); }

static int compare_bytes(lg_value a, lg_value b) {
  size_t a_size = lg_bytes_size(&a);
  size_t b_size = lg_bytes_size(&b);
  int order = memcmp(lg_bytes_of(&a), lg_bytes_of(&b), a_size < b_size ? a_size : b_size);
  return order ? order : compare_sizes(a_size, b_size);
}

static int compare_lists(lg_value a, lg_value b) {
  lg_iterator i = lg_iterate(a);
  lg_iterator j = lg_iterate(b);
  while (lg_next(&i) && lg_next(&j)) {
    int order = lg_compare(i.value, j.value);
    if (order) return order;
  }
  return compare_sizes(lg_size(a), lg_size(b));
}

static lg_value get(lg_value object, lg_value key) {
  return lg_object_get_n(object, lg_text(&key), lg_size(key));
}

/* The lowest key so far at which two objects differ, and how. */
typedef struct difference {
  lg_value key; /* undefined: none so far */
  int order;
  bool is_missing; /* one of them has not the key: the second, if `order` is below 0 */
} difference;

static bool is_below(lg_value key, const difference *d) {
  return lg_is_undefined(d->key) || compare_bytes(key, d->key) < 0;
}

/* Looks for a lower key at which `a` differs from `b`. */
static void find_difference(lg_value a, lg_value b, difference *d) {
  for (lg_iterator i = lg_iterate(a); lg_next(&i);) {
    if (!is_below(i.key, d)) continue;
    lg_value other = get(b, i.key);
    bool is_missing = lg_is_undefined(other);
    int order = is_missing ? -1 : lg_compare(i.value, other);
    if (order) *d = (difference){i.key, order, is_missing};
  }
}

/* Looks for a lower key that only `b` has. */
static void find_missing(lg_value a, lg_value b, difference *d) {
  for (lg_iterator i = lg_iterate(b); lg_next(&i);) {
    if (is_below(i.key, d) && lg_is_undefined(get(a, i.key))) *d = (difference){i.key, 1, true};
  }
}

static bool has_key_behind(lg_value object, lg_value key) {
  for (lg_iterator i = lg_iterate(object); lg_next(&i);) {
    if (compare_bytes(i.key, key) > 0) return true;
  }
  return false;
}

/* As if both were sorted: the lowest key at which they differ decides. Where one doesn't have it,
** the other is the lower one, if there is something behind; otherwise it is the longer one. */
static int compare_objects(lg_value a, lg_value b) {
  difference d = {lg_undefined(), 0, false};
  find_difference(a, b, &d);
  find_missing(a, b, &d);
  if (d.is_missing && !has_key_behind(d.order < 0 ? b : a, d.key)) return -d.order;
  return d.order;
}

static int compare_pointers(lg_value a, lg_value b) {
  uintptr_t x = (uintptr_t)lg_as_pointer(a);
  uintptr_t y = (uintptr_t)lg_as_pointer(b);
  return (x > y) - (x < y);
}

static bool is_same_block(lg_value a, lg_value b) {
  return a.size == LG_ON_HEAP && b.size == LG_ON_HEAP && a.as.block == b.as.block;
}

int lg_compare(lg_value a, lg_value b) {
  if (rank(a) != rank(b)) return rank(a) < rank(b) ? -1 : 1;
  if (is_same_block(a, b)) return 0;
  switch (a.type) {
  case LG_INT:
  case LG_DOUBLE:
    return compare_numbers(a, b);
  case LG_STRING:
  case LG_BYTES:
    return compare_bytes(a, b);
  case LG_LIST:
    return compare_lists(a, b);
  case LG_OBJECT:
    return compare_objects(a, b);
  case LG_POINTER:
    return compare_pointers(a, b);
  default:
    return (a.as.bits > b.as.bits) - (a.as.bits < b.as.bits);
  }
}

bool lg_same(lg_value a, lg_value b) {
  if (rank(a) != rank(b)) return false;
  bool has_identity = a.type == LG_LIST || a.type == LG_OBJECT || a.type == LG_POINTER;
  return has_identity ? is_same_block(a, b) : lg_compare(a, b) == 0;
}

bool lg_equal(lg_value a, lg_value b) {
  return rank(a) == rank(b) && lg_size(a) == lg_size(b) && lg_compare(a, b) == 0;
}

/* ---- hashes ---------------------------------------------------------------------------------- */

/* One number that depends on every bit of both: the last step of SplitMix64, by Steele, Lea and
** Flood (2014). */
static uint64_t mix(uint64_t a, uint64_t b) {
  uint64_t x = a * 0x9e3779b97f4a7c15u + b;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
  x = (x ^ x >> 27) * 0x94d049bb133111ebu;
  return x ^ x >> 31;
}

/* A double that an int is equal to has its hash. */
static uint64_t hash_number(lg_value v) {
  lg_value whole = lg_int(lg_as_int(v));
  return mix(LG_INT, compare_numbers(v, whole) == 0 ? whole.as.bits : v.as.bits);
}

static uint64_t hash_list(lg_value v) {
  uint64_t hash = LG_LIST;
  for (lg_iterator i = lg_iterate(v); lg_next(&i);) {
    hash = mix(hash, lg_hash(i.value));
  }
  return hash;
}

/* The sum, so that the order of keys does not count. */
static uint64_t hash_object(lg_value v) {
  uint64_t hash = LG_OBJECT;
  for (lg_iterator i = lg_iterate(v); lg_next(&i);) {
    hash += mix(lg_hash(i.key), lg_hash(i.value));
  }
  return mix(LG_OBJECT, hash);
}

uint64_t lg_hash(lg_value v) {
  switch (v.type) {
  case LG_INT:
  case LG_DOUBLE:
    return hash_number(v);
  case LG_STRING:
  case LG_BYTES:
    return lg_siphash(lg_bytes_of(&v), lg_bytes_size(&v), v.type, 0);
  case LG_LIST:
    return hash_list(v);
  case LG_OBJECT:
    return hash_object(v);
  case LG_POINTER:
    return mix(LG_POINTER, (uintptr_t)lg_as_pointer(v));
  default:
    return mix(v.type, v.as.bits);
  }
}
