/*
** What lists and objects have in common. See container.h.
*/
#include "container.h"

_Static_assert(LG_MAX_DEPTH > 0 && LG_MAX_DEPTH < UINT16_MAX, "a depth is 16 bits");

lg_value lg_container_new(lg_lagoon *lagoon, lg_type type) {
  if (!lagoon) return lg_failed(LG_E_ARGUMENT);
  lg_container *c = lg_block_new(lg_memory_of(lagoon), type, sizeof *c);
  if (!c) return lg_failed(LG_E_MEMORY);
  c->block.depth = 1;
  c->array = NULL;
  c->index = NULL;
  c->count = 0;
  c->next = 0;
  return lg_value_of(c);
}

void lg_container_clear(lg_container *c) {
  lg_trie_release(c->block.memory, c->array);
  lg_trie_release(c->block.memory, c->index);
}

lg_value lg_container_fail(lg_value container, lg_value part, lg_status status) {
  lg_release(container);
  lg_release(part);
  return lg_failed(status);
}

/* ---- depth ----------------------------------------------------------------------------------- */

/* A depth is not made smaller when the deepest element leaves, because that would take a search.
** The search takes place when the limit seems to be reached, and its result is remembered: so a
** program that again and again wraps a list around a part of its last one never gets there. */

static uint16_t depth_of(lg_value v) {
  return v.type == LG_LIST || v.type == LG_OBJECT ? lg_container_of(v)->block.depth : 0;
}

/* How deep a list or object really is nested, which becomes its depth. */
static uint16_t measure(lg_value v) {
  uint16_t deepest = 0;
  for (lg_iterator i = lg_iterate(v); lg_next(&i);) {
    if (depth_of(i.value) <= deepest) continue;
    uint16_t depth = measure(i.value);
    if (depth > deepest) deepest = depth;
  }
  return lg_container_of(v)->block.depth = (uint16_t)(deepest + 1);
}

/* ---- changes --------------------------------------------------------------------------------- */

/* Whether `part` can be an element of a container of this type. */
static lg_status check(lg_value container, lg_type type, lg_value part) {
  if (lg_is_failed(container)) return lg_status_of(container);
  if (lg_is_failed(part)) return lg_status_of(part);
  if (container.type != type) return LG_E_TYPE;
  bool is_deep = depth_of(part) >= LG_MAX_DEPTH && measure(part) >= LG_MAX_DEPTH;
  return is_deep ? LG_E_DEPTH : LG_OK;
}

/* A copy that shares the nodes; takes `c` over if there is memory for it. */
static lg_container *copy(lg_container *c) {
  lg_container *fresh = lg_block_new(c->block.memory, c->block.type, sizeof *fresh);
  if (!fresh) return NULL;
  fresh->block.depth = c->block.depth;
  fresh->array = c->array;
  fresh->index = c->index;
  fresh->count = c->count;
  fresh->next = c->next;
  if (fresh->array) fresh->array->owners++;
  if (fresh->index) fresh->index->owners++;
  lg_release_block(c);
  return fresh;
}

lg_status lg_container_begin(lg_value *container, lg_type type, lg_value part) {
  lg_status status = check(*container, type, part);
  if (status) return status;
  lg_container *c = lg_container_of(*container);
  if (c->block.owners > 1) {
    c = copy(c);
    if (!c) return LG_E_MEMORY;
    *container = lg_value_of(c);
  }
  uint16_t depth = (uint16_t)(depth_of(part) + 1);
  if (depth > c->block.depth) c->block.depth = depth;
  return LG_OK;
}

/* ---- the walk -------------------------------------------------------------------------------- */

lg_iterator lg_iterate(lg_value container) {
  return (lg_iterator){
      .key = lg_undefined(), .value = lg_undefined(), .container = container, .leaf = NULL};
}

/* Behind the last element. */
static bool end(lg_iterator *i) {
  i->key = lg_undefined();
  i->value = lg_undefined();
  i->container = lg_undefined();
  return false;
}

bool lg_next(lg_iterator *i) {
  if (!i) return false;
  bool is_object = i->container.type == LG_OBJECT;
  if (!is_object && i->container.type != LG_LIST) return end(i);
  bool is_first = !i->leaf;
  const lg_value *slot =
      lg_array_next(lg_container_of(i->container)->array, &i->leaf, &i->position);
  if (!slot) return end(i);
  if (is_object) i->key = *slot++;
  i->value = *slot;
  i->position += is_object ? 2 : 1;
  i->index = is_first ? 0 : i->index + 1;
  return true;
}
