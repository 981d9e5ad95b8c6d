/*
** Values done stupidly. See naive.h.
*/
#include "naive.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void *grown(void *block, size_t size) {
  void *moved = realloc(block, size ? size : 1);
  if (!moved) abort();
  return moved;
}

naive *naive_new(lg_type type) {
  naive *n = grown(NULL, sizeof *n);
  *n = (naive){.type = type};
  return n;
}

static naive *new_text(lg_type type, const void *data, size_t size) {
  naive *n = naive_new(type);
  n->text = grown(NULL, size);
  n->size = size;
  if (size) memcpy(n->text, data, size);
  return n;
}

/* The same as a value that is no list or object, but its text is the value's own. */
static naive view(const lg_value *v) {
  naive n = {.type = lg_type_of(*v), .size = lg_size(*v), .pointer = lg_as_pointer(*v)};
  const char *text = n.type == LG_STRING ? lg_text(v) : lg_data(v);
  n.text = (char *)(uintptr_t)text;
  n.is_double = n.type == LG_DOUBLE;
  if (n.type == LG_BOOL) n.integer = lg_as_bool(*v);
  if (n.type == LG_INT) n.integer = lg_as_int(*v);
  if (n.is_double) n.number = lg_as_double(*v);
  return n;
}

naive *naive_of(lg_value scalar) {
  naive n = view(&scalar);
  return naive_copy(&n);
}

naive *naive_copy(const naive *n) {
  naive *copy = n->text ? new_text(n->type, n->text, n->size) : naive_new(n->type);
  copy->is_double = n->is_double;
  copy->integer = n->integer;
  copy->number = n->number;
  copy->pointer = n->pointer;
  copy->count = n->count;
  if (n->items) copy->items = grown(NULL, n->count * sizeof *n->items);
  if (n->keys) copy->keys = grown(NULL, n->count * sizeof *n->keys);
  for (size_t i = 0; i < n->count; i++) {
    copy->items[i] = naive_copy(n->items[i]);
    if (n->keys) copy->keys[i] = naive_copy(n->keys[i]);
  }
  return copy;
}

void naive_free(naive *n) {
  for (size_t i = 0; i < n->count; i++) {
    naive_free(n->items[i]);
    if (n->keys) naive_free(n->keys[i]);
  }
  free(n->items);
  free(n->keys);
  free(n->text);
  free(n);
}

size_t naive_total(const naive *n) {
  size_t total = 1;
  for (size_t i = 0; i < n->count; i++)
    total += naive_total(n->items[i]);
  return total;
}

size_t naive_depth(const naive *n) {
  size_t deepest = 0;
  for (size_t i = 0; i < n->count; i++) {
    size_t depth = naive_depth(n->items[i]);
    if (depth > deepest) deepest = depth;
  }
  return n->type == LG_LIST || n->type == LG_OBJECT ? deepest + 1 : 0;
}

/* ---- lists ----------------------------------------------------------------------------------- */

static void insert(naive ***items, size_t count, size_t index, naive *item) {
  *items = grown(*items, (count + 1) * sizeof **items);
  for (size_t i = count; i > index; i--)
    (*items)[i] = (*items)[i - 1];
  (*items)[index] = item;
}

static void take_out(naive **items, size_t count, size_t index) {
  naive_free(items[index]);
  for (size_t i = index; i + 1 < count; i++)
    items[i] = items[i + 1];
}

void naive_insert(naive *list, size_t index, naive *item) {
  insert(&list->items, list->count, index, item);
  list->count++;
}

void naive_remove(naive *list, size_t index) {
  take_out(list->items, list->count, index);
  list->count--;
}

/* ---- objects --------------------------------------------------------------------------------- */

size_t naive_find(const naive *object, const char *key, size_t size) {
  size_t i = 0;
  while (i < object->count &&
         (object->keys[i]->size != size || memcmp(object->keys[i]->text, key, size)))
    i++;
  return i;
}

void naive_put(naive *object, const char *key, size_t size, naive *item) {
  size_t i = naive_find(object, key, size);
  if (i < object->count) {
    naive_free(object->items[i]);
    object->items[i] = item;
    return;
  }
  insert(&object->keys, object->count, i, new_text(LG_STRING, key, size));
  naive_insert(object, i, item);
}

void naive_drop(naive *object, const char *key, size_t size) {
  size_t i = naive_find(object, key, size);
  if (i == object->count) return;
  take_out(object->keys, object->count, i);
  naive_remove(object, i);
}

/* ---- comparing ------------------------------------------------------------------------------- */

/* Int and double have one. */
static int rank_of(const naive *n) { return n->type == LG_INT ? LG_DOUBLE : (int)n->type; }

static int order(bool is_below, bool is_above) { return is_above - is_below; }

static int compare_doubles(double a, double b) {
  if (isnan(a) || isnan(b)) return order(!isnan(a), !isnan(b));
  if (a == b) return order(signbit(a) && !signbit(b), !signbit(a) && signbit(b));
  return order(a < b, b < a);
}

/* Exact, without a type that holds both: valgrind has no long double of full precision. */
static int compare_mixed(int64_t a, double b) {
  if (isnan(b) || b >= 0x1p63) return -1;
  if (b < -0x1p63) return 1;
  int64_t whole = (int64_t)b;
  double rest = b - (double)whole;
  if (a != whole) return order(a < whole, whole < a);
  return order(rest > 0, rest < 0 || (a == 0 && rest == 0 && signbit(b)));
}

static int compare_numbers(const naive *a, const naive *b) {
  if (a->is_double && b->is_double) return compare_doubles(a->number, b->number);
  if (a->is_double) return -compare_mixed(b->integer, a->number);
  if (b->is_double) return compare_mixed(a->integer, b->number);
  return order(a->integer < b->integer, b->integer < a->integer);
}

static int compare_texts(const naive *a, const naive *b) {
  for (size_t i = 0; i < a->size && i < b->size; i++) {
    if (a->text[i] == b->text[i]) continue;
    return (unsigned char)a->text[i] < (unsigned char)b->text[i] ? -1 : 1;
  }
  return order(a->size<b->size, a->size> b->size);
}

/* The place of the key that comes behind `key`, or first if that is NULL; `count`: there is none.
** */
static size_t next_key(const naive *object, const naive *key) {
  size_t next = object->count;
  for (size_t i = 0; i < object->count; i++) {
    if (key && compare_texts(object->keys[i], key) <= 0) continue;
    if (next == object->count || compare_texts(object->keys[i], object->keys[next]) < 0) next = i;
  }
  return next;
}

static int compare_objects(const naive *a, const naive *b) {
  size_t i = next_key(a, NULL);
  size_t j = next_key(b, NULL);
  while (i < a->count && j < b->count) {
    int keys = compare_texts(a->keys[i], b->keys[j]);
    if (keys) return keys;
    int items = naive_compare(a->items[i], b->items[j]);
    if (items) return items;
    i = next_key(a, a->keys[i]);
    j = next_key(b, b->keys[j]);
  }
  return order(j < b->count, i < a->count);
}

static int compare_lists(const naive *a, const naive *b) {
  for (size_t i = 0; i < a->count && i < b->count; i++) {
    int items = naive_compare(a->items[i], b->items[i]);
    if (items) return items;
  }
  return order(a->count<b->count, a->count> b->count);
}

int naive_compare(const naive *a, const naive *b) {
  if (rank_of(a) != rank_of(b)) return order(rank_of(a) < rank_of(b), rank_of(a) > rank_of(b));
  if (a->type == LG_STRING || a->type == LG_BYTES) return compare_texts(a, b);
  if (a->type == LG_LIST) return compare_lists(a, b);
  if (a->type == LG_OBJECT) return compare_objects(a, b);
  if (a->type == LG_POINTER) return order(a->pointer<b->pointer, a->pointer> b->pointer);
  return compare_numbers(a, b);
}

/* ---- the real thing -------------------------------------------------------------------------- */

static bool is_scalar(const naive *n, lg_value v) {
  naive other = view(&v);
  return naive_compare(n, &other) == 0;
}

/* Looks everywhere twice: by a walk, and by index or key. */
bool naive_is(const naive *n, lg_value v) {
  if (lg_type_of(v) != n->type) return false;
  if (n->type != LG_LIST && n->type != LG_OBJECT) return is_scalar(n, v);
  if (lg_size(v) != n->count) return false;
  size_t count = 0;
  for (lg_iterator i = lg_iterate(v); lg_next(&i); count++) {
    if (count == n->count || i.index != count) return false;
    if (!naive_is(n->items[count], i.value)) return false;
    if (n->keys && !is_scalar(n->keys[count], i.key)) return false;
    if (!n->keys && !lg_is_undefined(i.key)) return false;
    lg_value again = n->keys ? lg_object_get_n(v, n->keys[count]->text, n->keys[count]->size)
                             : lg_list_get(v, count);
    if (lg_type_of(again) != lg_type_of(i.value) || !lg_same(again, i.value)) return false;
  }
  return count == n->count;
}
