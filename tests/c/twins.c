/*
** Random programs on values and their twins. See twins.h.
*/
#include "twins.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sound.h"

#define MAX_TOTAL 3000 /* values in one twin */

static size_t roll(twins *t, size_t sides) { return decide(&t->source, sides); }

/* ---- what must hold -------------------------------------------------------------------------- */

static const twins *current;

static void must(bool holds, const char *what) {
  if (holds) return;
  fprintf(stderr, "step %llu: %s\n", (unsigned long long)current->steps, what);
  abort();
}

static void check_place(const twins *t, size_t i) {
  const char *what = sound(t->values[i]);
  must(!what, what);
  must(naive_is(t->naives[i], t->values[i]), "not as its twin");
}

void twins_check(const twins *t) {
  current = t;
  for (size_t i = 0; i < TWINS; i++)
    check_place(t, i);
}

static int sign(int order) { return (order > 0) - (order < 0); }

static void compare(const twins *t, size_t i, size_t j) {
  lg_value a = t->values[i];
  lg_value b = t->values[j];
  int order = naive_compare(t->naives[i], t->naives[j]);
  must(sign(lg_compare(a, b)) == order, "lg_compare");
  must(sign(lg_compare(b, a)) == -order, "lg_compare the other way round");
  must(lg_equal(a, b) == !order, "lg_equal");
  must(order || lg_hash(a) == lg_hash(b), "equal values have other hashes");
  must(!lg_same(a, b) || !order, "the same, but not equal");
}

/* ---- values ---------------------------------------------------------------------------------- */

/* Puts a value and its twin into a place; both are taken over. */
static void place(twins *t, size_t i, lg_value value, naive *twin) {
  naive_free(t->naives[i]);
  lg_release(t->values[i]);
  t->values[i] = value;
  t->naives[i] = twin;
}

static void destroy(void *pointer) { ++*(size_t *)pointer; }

static const lg_value *numbers(void) {
  static lg_value v[16];
  static const double doubles[] = {0.0, -0.0, 1.0, 1.5, -1e300, 0x1p53, 0x1p63, -0x1p63};
  for (size_t i = 0; i < 8; i++)
    v[i] = lg_double(doubles[i]);
  v[8] = lg_double(v[7].as.number * 0x1p1000 * 0x1p1000);
  v[9] = lg_double(v[8].as.number - v[8].as.number);
  v[10] = lg_int(0);
  v[11] = lg_int(1);
  v[12] = lg_int((1LL << 53) + 1);
  v[13] = lg_int(INT64_MAX);
  v[14] = lg_int(INT64_MIN);
  v[15] = lg_int(-1);
  return v;
}

static lg_value new_scalar(twins *t) {
  static const char text[] = "one text from which all others are cut";
  size_t size = roll(t, 24);
  switch (roll(t, 10)) {
  case 0:
    return lg_null();
  case 1:
    return lg_bool(roll(t, 2));
  case 2:
  case 3:
    return numbers()[roll(t, 16)];
  case 4:
  case 5:
    return lg_string_n(t->f->lagoon, text + roll(t, 3), size);
  case 6:
    return lg_bytes(t->f->lagoon, text + roll(t, 3), size);
  case 7:
    t->pointers++;
    return lg_pointer(t->f->lagoon, &t->destroyed, destroy);
  default:
    return lg_int((int64_t)roll(t, 100));
  }
}

/* A value to put into something, and its twin: that of a place, or a new one. */
static lg_value new_part(twins *t, const naive *whole, naive **twin) {
  size_t i = roll(t, TWINS);
  bool is_taken = roll(t, 4) == 0 && t->naives[i]->type != LG_UNDEFINED &&
                  naive_total(t->naives[i]) + naive_total(whole) < MAX_TOTAL;
  lg_value part = is_taken ? lg_keep(t->values[i]) : new_scalar(t);
  *twin = is_taken ? naive_copy(t->naives[i]) : naive_of(part);
  return part;
}

static void make(twins *t, size_t i) {
  lg_value value;
  switch (roll(t, 5)) {
  case 0:
    value = new_scalar(t);
    place(t, i, value, naive_of(value));
    break;
  case 1:
  case 2:
    place(t, i, lg_list(t->f->lagoon), naive_new(LG_LIST));
    break;
  default:
    place(t, i, lg_object(t->f->lagoon), naive_new(LG_OBJECT));
    break;
  }
}

/* ---- changes --------------------------------------------------------------------------------- */

/* What a change was expected to return. `twin` is that of the part. */
static lg_status expected(const twins *t, const naive *whole, const naive *twin, lg_type type) {
  if (whole->type != type) return LG_E_TYPE;
  if (naive_depth(twin) >= t->max_depth) return LG_E_DEPTH;
  return LG_OK;
}

/* Puts the result of a change into a place, if it is what was expected; if it ran out of memory,
** undefined. Returns whether it went well; if so, the naive twin is to be changed as well. */
static bool settle(twins *t, size_t i, lg_value result, lg_status status) {
  bool has_failed = failing_stop(t->f);
  t->values[i] = result;
  if (lg_is_failed(result)) {
    bool is_right = lg_status_of(result) == (has_failed ? LG_E_MEMORY : status);
    must(is_right || (has_failed && lg_status_of(result) == status), "failed in another way");
    t->failures += has_failed;
    place(t, i, lg_undefined(), naive_new(LG_UNDEFINED));
    return false;
  }
  must(status == LG_OK, "it should have failed");
  must(!has_failed, "it went well without memory");
  return true;
}

/* One change in four has only some memory. */
static void perhaps_fail(twins *t) {
  if (roll(t, 4) == 0) failing_after(t->f, roll(t, 4));
}

static void change_list(twins *t, size_t i) {
  naive *whole = t->naives[i];
  naive *twin;
  lg_value part = new_part(t, whole, &twin);
  size_t index = roll(t, whole->count + 1);
  size_t what = roll(t, 5);
  lg_status status = expected(t, whole, twin, LG_LIST);
  bool is_full = status == LG_OK && whole->count == t->max_position;
  bool is_behind = index == whole->count;
  lg_value list = t->values[i];
  perhaps_fail(t);
  if (what < 3) {
    if (what == 0) index = whole->count;
    if (is_full) status = LG_E_MEMORY;
    list = what == 0 ? lg_list_push(list, part) : lg_list_insert(list, index, part);
    if (settle(t, i, list, status)) naive_insert(whole, index, naive_copy(twin));
  } else if (what == 3) {
    if (status == LG_OK && is_behind) status = LG_E_ARGUMENT;
    if (settle(t, i, lg_list_set(list, index, part), status)) {
      naive_remove(whole, index);
      naive_insert(whole, index, naive_copy(twin));
    }
  } else {
    lg_release(part);
    status = whole->type != LG_LIST ? LG_E_TYPE : is_behind ? LG_E_ARGUMENT : LG_OK;
    if (settle(t, i, lg_list_remove(list, index), status)) naive_remove(whole, index);
  }
  naive_free(twin);
}

/* A key of few or of many; some are long, one is empty. */
static size_t new_key(twins *t, char *key) {
  static const size_t ranges[] = {3, 9, 20, 300};
  size_t number = roll(t, ranges[roll(t, 4)]);
  if (!number) return 0;
  const char *form = number % 3 ? "%zu" : "a key too long for a value %zu";
  return (size_t)snprintf(key, 64, form, number);
}

static void change_object(twins *t, size_t i) {
  char key[64];
  naive *whole = t->naives[i];
  naive *twin;
  lg_value part = new_part(t, whole, &twin);
  size_t size = new_key(t, key);
  bool is_removal = roll(t, 3) == 0;
  lg_status status = expected(t, whole, twin, LG_OBJECT);
  lg_value object = t->values[i];
  if (is_removal) {
    lg_release(part);
    status = whole->type == LG_OBJECT ? LG_OK : LG_E_TYPE;
    perhaps_fail(t);
    if (settle(t, i, lg_object_remove_n(object, key, size), status)) naive_drop(whole, key, size);
  } else {
    bool is_new = naive_find(whole, key, size) == whole->count;
    if (status == LG_OK && is_new && whole->count == t->max_position / 2) status = LG_E_MEMORY;
    perhaps_fail(t);
    if (settle(t, i, lg_object_set_n(object, key, size, part), status)) {
      naive_put(whole, key, size, naive_copy(twin));
    }
  }
  naive_free(twin);
}

static void change(twins *t, size_t i) {
  lg_type type = t->naives[i]->type;
  bool is_list = type == LG_LIST || (type != LG_OBJECT && roll(t, 2));
  if (is_list) {
    change_list(t, i);
  } else {
    change_object(t, i);
  }
}

/* The same kind of change many times. */
static void change_much(twins *t, size_t i) {
  size_t count = roll(t, roll(t, 4) ? 60 : 1200);
  bool is_list = t->naives[i]->type == LG_LIST;
  bool is_growing = roll(t, 2);
  if (!is_list && t->naives[i]->type != LG_OBJECT) return;
  size_t limit = is_list ? t->max_position : t->max_position / 2;
  if (limit > MAX_TOTAL) limit = MAX_TOTAL;
  for (size_t n = 0; n < count; n++) {
    naive *whole = t->naives[i];
    size_t left = whole->count;
    if (is_growing ? left >= limit : !left) break;
    if (is_list && is_growing) {
      t->values[i] = lg_list_push(t->values[i], lg_int((int64_t)n));
      naive_insert(whole, left, naive_of(lg_int((int64_t)n)));
    } else if (is_list) {
      t->values[i] = lg_list_remove(t->values[i], left - 1);
      naive_remove(whole, left - 1);
    } else if (is_growing) {
      char key[64];
      size_t size = (size_t)snprintf(key, 64, "%zu", n);
      t->values[i] = lg_object_set_n(t->values[i], key, size, lg_int((int64_t)n));
      naive_put(whole, key, size, naive_of(lg_int((int64_t)n)));
    } else {
      const naive *key = whole->keys[n * 7 % left];
      t->values[i] = lg_object_remove_n(t->values[i], key->text, key->size);
      naive_drop(whole, key->text, key->size);
    }
    if (whole->count > t->largest) t->largest = whole->count;
  }
}

/* ---- programs -------------------------------------------------------------------------------- */

void twins_begin(twins *t, failing *f, decisions source) {
  *t = (twins){.f = f, .source = source, .max_depth = LG_MAX_DEPTH, .max_position = SIZE_MAX};
  for (size_t i = 0; i < TWINS; i++)
    t->naives[i] = naive_new(LG_UNDEFINED);
}

void twins_end(twins *t) {
  current = t;
  for (size_t i = 0; i < TWINS; i++)
    place(t, i, lg_undefined(), naive_new(LG_UNDEFINED));
  for (size_t i = 0; i < TWINS; i++)
    naive_free(t->naives[i]);
  must(t->pointers == t->destroyed, "a pointer was not destroyed once");
}

void twins_step(twins *t) {
  current = t;
  t->steps++;
  size_t i = roll(t, TWINS);
  size_t j = roll(t, TWINS);
  size_t what = roll(t, 32);
  bool is_container = t->naives[i]->type == LG_LIST || t->naives[i]->type == LG_OBJECT;
  if (what == 0 || (!is_container && roll(t, 4))) {
    make(t, i);
  } else if (what < 6) {
    if (i != j) place(t, j, lg_keep(t->values[i]), naive_copy(t->naives[i]));
  } else if (what < 10) {
    compare(t, i, j);
  } else if (what == 10) {
    change_much(t, i);
  } else {
    change(t, i);
  }
  if (t->naives[i]->count < 100 || t->steps % 8 == 0) check_place(t, i);
  if (t->steps % 256 == 0) twins_check(t);
}
