/*
** Lists: a container whose array has no gaps.
*/
#include "container.h"

#include <string.h>

lg_value lg_list(lg_lagoon *lagoon) { return lg_container_new(lagoon, LG_LIST); }

lg_value lg_list_get(lg_value list, size_t index) {
  if (list.type != LG_LIST || index >= lg_container_of(list)->count) return lg_undefined();
  return *lg_array_get(lg_container_of(list)->array, (uint32_t)index);
}

/* As lg_container_begin, for an element that is to be put at `index`, which must be below `end`. */
static lg_status begin(lg_value *list, size_t index, size_t end, lg_value value) {
  lg_status status = lg_container_begin(list, LG_LIST, value);
  if (status == LG_OK && index >= end) status = LG_E_ARGUMENT;
  if (status == LG_OK && lg_is_undefined(value)) status = LG_E_TYPE;
  return status;
}

lg_value lg_list_set(lg_value list, size_t index, lg_value value) {
  lg_status status = begin(&list, index, lg_size(list), value);
  if (status) return lg_container_fail(list, value, status);
  lg_container *c = lg_container_of(list);
  lg_value *slot = lg_array_open(c->block.memory, &c->array, (uint32_t)index, 1);
  if (!slot) return lg_container_fail(list, value, LG_E_MEMORY);
  lg_value old = *slot;
  *slot = value;
  lg_release(old);
  return list;
}

/* Those elements from `index` on, but before `end`, that are in one leaf, for writing; *count is
** how many. NULL: no memory. */
static lg_value *open_run(lg_container *c, uint32_t index, uint32_t end, uint32_t *count) {
  uint32_t room = LG_TRIE_SLOTS - index % LG_TRIE_SLOTS;
  *count = end - index < room ? end - index : room;
  return lg_array_open(c->block.memory, &c->array, index, *count);
}

/* Puts *value at `index`, and what is there and behind it one further; *value becomes what comes
** behind the last. */
static bool shift_in(lg_container *c, uint32_t index, lg_value *value) {
  uint32_t count;
  for (; index < c->count; index += count) {
    lg_value *run = open_run(c, index, c->count, &count);
    if (!run) return false;
    lg_value last = run[count - 1];
    memmove(run + 1, run, (count - 1) * sizeof *run);
    run[0] = *value;
    *value = last;
  }
  return true;
}

lg_value lg_list_insert(lg_value list, size_t index, lg_value value) {
  lg_status status = begin(&list, index, lg_size(list) + 1, value);
  if (status) return lg_container_fail(list, value, status);
  lg_container *c = lg_container_of(list);
  lg_value *slot = NULL;
  if (c->count < LG_MAX_POSITION && shift_in(c, (uint32_t)index, &value)) {
    slot = lg_array_open(c->block.memory, &c->array, c->count, 1);
  }
  if (!slot) return lg_container_fail(list, value, LG_E_MEMORY);
  *slot = value;
  c->count++;
  return list;
}

lg_value lg_list_push(lg_value list, lg_value value) {
  return lg_list_insert(list, lg_size(list), value);
}

/* Takes out the element at `index` into *value, which is undefined so far. What is behind it gets
** one nearer, the last run first. */
static bool shift_out(lg_container *c, uint32_t index, lg_value *value) {
  uint32_t end = c->count;
  while (end > index) {
    uint32_t begin_of_leaf = (end - 1) / LG_TRIE_SLOTS * LG_TRIE_SLOTS;
    uint32_t first = begin_of_leaf > index ? begin_of_leaf : index;
    uint32_t count;
    lg_value *run = open_run(c, first, end, &count);
    if (!run) return false;
    lg_value out = run[0];
    memmove(run, run + 1, (count - 1) * sizeof *run);
    run[count - 1] = *value;
    *value = out;
    end = first;
  }
  lg_array_close(c->block.memory, &c->array, --c->count, 1);
  return true;
}

lg_value lg_list_remove(lg_value list, size_t index) {
  lg_value value = lg_undefined();
  lg_status status = begin(&list, index, lg_size(list), lg_null());
  if (status == LG_OK && !shift_out(lg_container_of(list), (uint32_t)index, &value)) {
    status = LG_E_MEMORY;
  }
  if (status) return lg_container_fail(list, value, status);
  lg_release(value);
  return list;
}
