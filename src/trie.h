/*
** The nodes that lists and objects are made of: a node has up to 32 slots, of which only those in
** use take room, and counts its owners. What the slots are for is said in array.h and index.h.
**
** A branch in which the slots 1, 4 and 5 are in use:
**
**    +--------+----------+-------+----------+--------+--------+--------+- - - - -+
**    | owners | used     | count | capacity | slot 1 | slot 4 | slot 5 |  spare  |
**    |    1   | 0b110010 |   3   |     4    |    |   |    |   |    |   |         |
**    +--------+----------+-------+----------+----|---+----|---+----|---+- - - - -+
**                                                v        v        v
**                                              other nodes, one for each slot
**
** The rank of a slot, how many in use are before it, is a count of bits: that of slot 5 is 2
** (Bagwell, "Ideal hash trees", 2001).
**
** Path copying: a node of which nobody else is an owner is changed in place. Any other is copied
** first, and the copy and the original then share what is below them:
**
**     before                 after slot 5 of A was changed by one of its two owners
**
**     A (2 owners)           A (1)     A' (1)
**     |                       \       /
**     B (1)                     B (2)
*/
#ifndef LAGOON_TRIE_H
#define LAGOON_TRIE_H

#include "memory.h"

#define LG_TRIE_BITS 5u
#define LG_TRIE_SLOTS (1u << LG_TRIE_BITS)

/* What a slot holds. */
typedef enum lg_trie_kind {
  LG_TRIE_BRANCH, /* a node below, which this one owns */
  LG_TRIE_LEAF,   /* an lg_value, which it owns */
  LG_TRIE_BUCKET  /* an entry of an index */
} lg_trie_kind;

typedef struct lg_trie {
  _Alignas(lg_value) uint32_t owners;
  uint32_t used;    /* bitmap of the slots in use */
  uint8_t count;    /* how many there are */
  uint8_t capacity; /* how many there is room for */
  uint8_t kind;
  uint8_t height; /* of a node of an array; 0 in a new node */
} lg_trie;

typedef struct lg_entry {
  uint32_t hash;
  uint32_t number;
} lg_entry;

/* How many bits are set. Compilers know this form and use the machine's instruction. */
static inline uint32_t lg_popcount(uint32_t bits) {
  bits -= bits >> 1 & 0x55555555u;
  bits = (bits & 0x33333333u) + (bits >> 2 & 0x33333333u);
  bits = (bits + (bits >> 4)) & 0x0f0f0f0fu;
  return bits * 0x01010101u >> 24;
}

static inline bool lg_trie_has(const lg_trie *t, uint32_t slot) { return t->used >> slot & 1; }

static inline uint32_t lg_trie_rank(const lg_trie *t, uint32_t slot) {
  uint32_t all = (1u << slot) - 1;
  uint32_t below = t->used & all;
  return below == all ? slot : lg_popcount(below); /* most nodes of most tries are full */
}

/* The slots of a node, by rank. */
static inline lg_trie **lg_trie_children(const lg_trie *t) { return (lg_trie **)(t + 1); }
static inline lg_value *lg_trie_values(const lg_trie *t) { return (lg_value *)(t + 1); }
static inline lg_entry *lg_trie_entries(const lg_trie *t) { return (lg_entry *)(t + 1); }

/* What is in a slot that is in use. */
static inline lg_trie **lg_trie_child(const lg_trie *t, uint32_t slot) {
  return lg_trie_children(t) + lg_trie_rank(t, slot);
}
static inline lg_value *lg_trie_value(const lg_trie *t, uint32_t slot) {
  return lg_trie_values(t) + lg_trie_rank(t, slot);
}

/* A node with room for at least `capacity` slots, none of them in use, and one owner. NULL: no
** memory. */
lg_trie *lg_trie_new(lg_memory *m, lg_trie_kind kind, uint32_t capacity);

/* Makes a copy of *t if it has other owners, otherwise room for `more` slots. */
bool lg_trie_make_own(lg_memory *m, lg_trie **t, uint32_t more);

/* Sees to it that nobody else owns *t, and that there is room for `more` slots: *t may become a
** copy, or move. False: no memory; then *t is as it was. */
static inline bool lg_trie_own(lg_memory *m, lg_trie **t, uint32_t more) {
  bool is_ready = (*t)->owners == 1 && (*t)->count + more <= (*t)->capacity;
  return is_ready || lg_trie_make_own(m, t, more);
}

/* Takes into use `count` slots from `slot` on, which are neither in use nor around one that is;
** there must be room. All their bytes become 0. */
void lg_trie_open(lg_trie *t, uint32_t slot, uint32_t count);

/* Puts `child` into a slot of a branch that is not in use; there must be room. */
static inline void lg_trie_adopt(lg_trie *t, uint32_t slot, lg_trie *child) {
  lg_trie_open(t, slot, 1);
  *lg_trie_child(t, slot) = child;
}

/* Ends the use of `count` slots from `slot` on, whose contents are the caller's business. *t, which
** nobody else must own, may move to a smaller place. */
void lg_trie_close(lg_memory *m, lg_trie **t, uint32_t slot, uint32_t count);

/* Frees a node without owners, and what it owned. */
void lg_trie_free(lg_memory *m, lg_trie *t);

/* One owner less; the last one frees it. NULL: nothing. */
static inline void lg_trie_release(lg_memory *m, lg_trie *t) {
  if (t && !--t->owners) lg_trie_free(m, t);
}

#endif
