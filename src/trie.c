/*
** Nodes of tries: rooms for slots, owners, copies. See trie.h for the picture.
*/
#include "trie.h"

#include <string.h>

static size_t slot_size(lg_trie_kind kind) {
  if (kind == LG_TRIE_LEAF) return sizeof(lg_value);
  return kind == LG_TRIE_BRANCH ? sizeof(lg_trie *) : sizeof(lg_entry);
}

/* The bytes of a node with room for so many slots. */
static size_t size_for(lg_trie_kind kind, uint32_t capacity) {
  return sizeof(lg_trie) + capacity * slot_size(kind);
}

/* The room that is made for `count` slots. */
static uint32_t capacity_for(uint32_t count) {
  if (count <= 2) return 2;
  if (count <= 4) return 4;
  return (count + 7) / 8 * 8;
}

lg_trie *lg_trie_new(lg_memory *m, lg_trie_kind kind, uint32_t capacity) {
  capacity = capacity_for(capacity);
  lg_trie *t = lg_resize(m, NULL, 0, size_for(kind, capacity));
  if (t) *t = (lg_trie){.owners = 1, .capacity = (uint8_t)capacity, .kind = (uint8_t)kind};
  return t;
}

/* ---- owners ---------------------------------------------------------------------------------- */

/* One owner more for all that is in the slots. */
static void keep_slots(const lg_trie *t) {
  if (t->kind == LG_TRIE_BRANCH) {
    for (uint32_t i = 0; i < t->count; i++)
      lg_trie_children(t)[i]->owners++;
  } else if (t->kind == LG_TRIE_LEAF) {
    for (uint32_t i = 0; i < t->count; i++)
      lg_keep(lg_trie_values(t)[i]);
  }
}

void lg_trie_free(lg_memory *m, lg_trie *t) {
  if (t->kind == LG_TRIE_BRANCH) {
    for (uint32_t i = 0; i < t->count; i++)
      lg_trie_release(m, lg_trie_children(t)[i]);
  } else if (t->kind == LG_TRIE_LEAF) {
    for (uint32_t i = 0; i < t->count; i++)
      lg_release(lg_trie_values(t)[i]);
  }
  lg_resize(m, t, size_for(t->kind, t->capacity), 0);
}

static bool copy(lg_memory *m, lg_trie **t, uint32_t more) {
  lg_trie *old = *t;
  lg_trie *fresh = lg_trie_new(m, old->kind, old->count + more);
  if (!fresh) return false;
  fresh->used = old->used;
  fresh->count = old->count;
  fresh->height = old->height;
  memcpy(fresh + 1, old + 1, old->count * slot_size(old->kind));
  keep_slots(fresh);
  old->owners--;
  *t = fresh;
  return true;
}

static bool resize(lg_memory *m, lg_trie **t, uint32_t capacity) {
  lg_trie_kind kind = (*t)->kind;
  size_t old_size = size_for(kind, (*t)->capacity);
  lg_trie *moved = lg_resize(m, *t, old_size, size_for(kind, capacity));
  if (!moved) return false;
  moved->capacity = (uint8_t)capacity;
  *t = moved;
  return true;
}

bool lg_trie_make_own(lg_memory *m, lg_trie **t, uint32_t more) {
  return (*t)->owners > 1 ? copy(m, t, more) : resize(m, t, capacity_for((*t)->count + more));
}

/* ---- slots ----------------------------------------------------------------------------------- */

static uint32_t bits_of(uint32_t slot, uint32_t count) {
  return (UINT32_MAX >> (LG_TRIE_SLOTS - count)) << slot;
}

void lg_trie_open(lg_trie *t, uint32_t slot, uint32_t count) {
  size_t size = slot_size(t->kind);
  uint32_t rank = lg_trie_rank(t, slot);
  char *place = (char *)(t + 1) + rank * size;
  memmove(place + count * size, place, (t->count - rank) * size);
  memset(place, 0, count * size);
  t->used |= bits_of(slot, count);
  t->count = (uint8_t)(t->count + count);
}

void lg_trie_close(lg_memory *m, lg_trie **t, uint32_t slot, uint32_t count) {
  lg_trie *it = *t;
  size_t size = slot_size(it->kind);
  uint32_t rank = lg_trie_rank(it, slot);
  char *place = (char *)(it + 1) + rank * size;
  it->used &= ~bits_of(slot, count);
  it->count = (uint8_t)(it->count - count);
  memmove(place, place + count * size, (it->count - rank) * size);
  uint32_t capacity = capacity_for(it->count);
  if (capacity * 2 <= it->capacity) resize(m, t, capacity);
}
