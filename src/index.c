/*
** The hash array mapped trie. See index.h for the picture.
*/
#include "index.h"

#define HASH_LEVELS ((31 / LG_TRIE_BITS) + 1)
#define MAX_LEVELS (2 * HASH_LEVELS)

/* Which slot of a node at `level` is the way to an entry. */
static uint32_t slot_of(uint32_t hash, uint32_t number, uint32_t level) {
  uint32_t bits = level < HASH_LEVELS ? hash : number;
  return bits >> level % HASH_LEVELS * LG_TRIE_BITS & (LG_TRIE_SLOTS - 1);
}

static bool is_child(const lg_trie *t, uint32_t slot) { return t->children >> slot & 1; }

/* Asks for all entries in and below a node. */
static uint32_t search(const lg_trie *t, lg_index_match_fn match, void *ctx) {
  const lg_slot *s = lg_trie_slots(t);
  uint32_t found = LG_NO_NUMBER;
  for (uint32_t slot = 0; slot < LG_TRIE_SLOTS && found == LG_NO_NUMBER; slot++) {
    if (!lg_trie_has(t, slot)) continue;
    if (is_child(t, slot)) {
      found = search(s->child, match, ctx);
    } else if (match(ctx, s->entry.number)) {
      found = s->entry.number;
    }
    s++;
  }
  return found;
}

uint32_t lg_index_find(const lg_trie *root, uint32_t hash, lg_index_match_fn match, void *ctx) {
  const lg_trie *t = root;
  for (uint32_t level = 0; level < HASH_LEVELS; level++) {
    uint32_t slot = slot_of(hash, 0, level);
    if (!lg_trie_has(t, slot)) return LG_NO_NUMBER;
    const lg_slot *s = lg_trie_slot(t, slot);
    if (!is_child(t, slot)) {
      bool is_found = s->entry.hash == hash && match(ctx, s->entry.number);
      return is_found ? s->entry.number : LG_NO_NUMBER;
    }
    t = s->child;
  }
  return search(t, match, ctx);
}

/* Makes a slot that holds an entry one that holds a node with that entry. */
static bool push_down(lg_memory *m, lg_trie *t, uint32_t slot, uint32_t level) {
  lg_slot *s = lg_trie_slot(t, slot);
  lg_trie *child = lg_trie_new(m, false, 2);
  if (!child) return false;
  lg_trie_open(child, slot_of(s->entry.hash, s->entry.number, level + 1), 1);
  *lg_trie_slots(child) = *s;
  s->child = child;
  t->children |= 1u << slot;
  return true;
}

bool lg_index_put(lg_memory *m, lg_trie **root, uint32_t hash, uint32_t number) {
  lg_trie **t = root;
  if (!*t && !(*t = lg_trie_new(m, false, 2))) return false;
  for (uint32_t level = 0;; level++) {
    uint32_t slot = slot_of(hash, number, level);
    bool is_free = !lg_trie_has(*t, slot);
    if (!lg_trie_own(m, t, is_free)) return false;
    if (is_free) {
      lg_trie_open(*t, slot, 1);
      lg_trie_slot(*t, slot)->entry.hash = hash;
      lg_trie_slot(*t, slot)->entry.number = number;
      return true;
    }
    if (!is_child(*t, slot) && !push_down(m, *t, slot, level)) return false;
    t = &lg_trie_slot(*t, slot)->child;
  }
}

static bool has_one_entry(const lg_trie *t) { return !t->children && !(t->used & (t->used - 1)); }

/* Makes a slot that holds a node with nothing but one entry one that holds the entry. */
static void pull_up(lg_memory *m, lg_trie *t, uint32_t slot) {
  lg_slot *s = lg_trie_slot(t, slot);
  lg_trie *child = s->child;
  *s = *lg_trie_slots(child);
  t->children &= ~(1u << slot);
  lg_trie_release(m, child);
}

bool lg_index_remove(lg_memory *m, lg_trie **root, uint32_t hash, uint32_t number) {
  lg_trie **path[MAX_LEVELS];
  uint32_t level = 0;
  path[0] = root;
  while (lg_trie_own(m, path[level], 0)) {
    lg_trie **t = path[level];
    uint32_t slot = slot_of(hash, number, level);
    if (is_child(*t, slot)) {
      path[++level] = &lg_trie_slot(*t, slot)->child;
      continue;
    }
    lg_trie_close(m, t, slot, 1);
    for (; level && has_one_entry(*path[level]); level--) {
      pull_up(m, *path[level - 1], slot_of(hash, number, level - 1));
    }
    if (!(*root)->used) {
      lg_trie_release(m, *root);
      *root = NULL;
    }
    return true;
  }
  return false;
}
