/*
** Nodes of tries: rooms for slots, owners, copies. See trie.h for the picture.
*/
#include "trie.h"

#include <string.h>

_Static_assert(sizeof(lg_trie) % _Alignof(lg_value) == 0, "slots are behind the head");

static size_t slot_size(const lg_trie *t) {
  return t->is_leaf ? sizeof(lg_value) : sizeof(lg_slot);
}

/* The bytes of a node with room for so many slots. */
static size_t size_for(uint32_t capacity, bool is_leaf) {
  return sizeof(lg_trie) + capacity * (is_leaf ? sizeof(lg_value) : sizeof(lg_slot));
}

/* The room that is made for `count` slots. */
static uint32_t capacity_for(uint32_t count) {
  if (count <= 2) return 2;
  if (count <= 4) return 4;
  return (count + 7) / 8 * 8;
}

lg_trie *lg_trie_new(lg_memory *m, bool is_leaf, uint32_t capacity) {
  capacity = capacity_for(capacity);
  lg_trie *t = lg_resize(m, NULL, 0, size_for(capacity, is_leaf));
  if (t) *t = (lg_trie){.owners = 1, .capacity = (uint8_t)capacity, .is_leaf = is_leaf};
  return t;
}

/* ---- owners ---------------------------------------------------------------------------------- */

static bool is_child(const lg_trie *t, uint32_t slot) { return t->children >> slot & 1; }

/* One owner more for all that is in the slots. */
static void keep_slots(const lg_trie *t) {
  uint32_t count = lg_popcount(t->used);
  if (t->is_leaf) {
    for (uint32_t i = 0; i < count; i++)
      lg_keep(lg_trie_values(t)[i]);
  } else if (t->children == t->used) {
    for (uint32_t i = 0; i < count; i++)
      lg_trie_slots(t)[i].child->owners++;
  } else {
    for (uint32_t i = 0; i < LG_TRIE_SLOTS; i++)
      if (is_child(t, i)) lg_trie_slot(t, i)->child->owners++;
  }
}

/* One owner less for all that is in the slots. */
static void release_slots(lg_memory *m, const lg_trie *t) {
  uint32_t count = lg_popcount(t->used);
  if (t->is_leaf) {
    for (uint32_t i = 0; i < count; i++)
      lg_release(lg_trie_values(t)[i]);
  } else if (t->children == t->used) {
    for (uint32_t i = 0; i < count; i++)
      lg_trie_release(m, lg_trie_slots(t)[i].child);
  } else {
    for (uint32_t i = 0; i < LG_TRIE_SLOTS; i++)
      if (is_child(t, i)) lg_trie_release(m, lg_trie_slot(t, i)->child);
  }
}

void lg_trie_free(lg_memory *m, lg_trie *t) {
  release_slots(m, t);
  lg_resize(m, t, size_for(t->capacity, t->is_leaf), 0);
}

static bool copy(lg_memory *m, lg_trie **t, uint32_t count, uint32_t more) {
  lg_trie *old = *t;
  lg_trie *fresh = lg_trie_new(m, old->is_leaf, count + more);
  if (!fresh) return false;
  fresh->used = old->used;
  fresh->children = old->children;
  fresh->height = old->height;
  memcpy(fresh + 1, old + 1, count * slot_size(old));
  keep_slots(fresh);
  old->owners--;
  *t = fresh;
  return true;
}

static bool resize(lg_memory *m, lg_trie **t, uint32_t capacity) {
  bool is_leaf = (*t)->is_leaf;
  size_t old_size = size_for((*t)->capacity, is_leaf);
  lg_trie *moved = lg_resize(m, *t, old_size, size_for(capacity, is_leaf));
  if (!moved) return false;
  moved->capacity = (uint8_t)capacity;
  *t = moved;
  return true;
}

bool lg_trie_make_own(lg_memory *m, lg_trie **t, uint32_t more) {
  uint32_t count = lg_popcount((*t)->used);
  if ((*t)->owners > 1) return copy(m, t, count, more);
  return count + more <= (*t)->capacity || resize(m, t, capacity_for(count + more));
}

/* ---- slots ----------------------------------------------------------------------------------- */

static uint32_t bits_of(uint32_t slot, uint32_t count) {
  return (UINT32_MAX >> (LG_TRIE_SLOTS - count)) << slot;
}

void lg_trie_open(lg_trie *t, uint32_t slot, uint32_t count) {
  size_t size = slot_size(t);
  uint32_t rank = lg_trie_rank(t, slot);
  char *place = (char *)(t + 1) + rank * size;
  memmove(place + count * size, place, (lg_popcount(t->used) - rank) * size);
  memset(place, 0, count * size);
  t->used |= bits_of(slot, count);
}

void lg_trie_close(lg_memory *m, lg_trie **t, uint32_t slot, uint32_t count) {
  lg_trie *it = *t;
  size_t size = slot_size(it);
  uint32_t rank = lg_trie_rank(it, slot);
  char *place = (char *)(it + 1) + rank * size;
  it->used &= ~bits_of(slot, count);
  it->children &= ~bits_of(slot, count);
  uint32_t left = lg_popcount(it->used);
  memmove(place, place + count * size, (left - rank) * size);
  if (capacity_for(left) * 2 <= it->capacity) resize(m, t, capacity_for(left));
}
