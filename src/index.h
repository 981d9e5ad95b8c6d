/*
** The index of an object: from the hash of a key to its number. A persistent hash trie (Bagwell,
** "Ideal hash trees", 2001) whose leaves are buckets: up to 32 entries, each a hash and a number,
** in no order. A bucket that gets full becomes a branch, in which 4 bits of the hash lead to one of
** 16 smaller buckets; so what is looked up in a large index is a short way and then one bucket. The
** index is its root; NULL is the empty one.
**
** An index of some 50 keys; the key with the number 5 has a hash that ends with 72:
**
**      level 0: the lowest 4 bits       [0 | 1 | 2 | 3 ... 15]                a branch
**                                        |   |   |
**                                        |   |  [..72: 5 | ..12: 0 | ..f2: 9]   buckets
**                                        |  [..31: 7 | ..e1: 8]
**                                       [..a0: 1]
**
** Entries whose hashes are the same in all 32 bits are told apart by the bits of their numbers, in
** branches further down, which are searched as a whole. */
#ifndef LAGOON_INDEX_H
#define LAGOON_INDEX_H

#include "trie.h"

#define LG_NO_NUMBER UINT32_MAX

/* Whether the key with this number is the wanted one. */
typedef bool (*lg_index_match_fn)(void *ctx, uint32_t number);

/* The number among those entered under `hash` for which `match` holds, or LG_NO_NUMBER. The index
** must not be empty. */
uint32_t lg_index_find(const lg_trie *root, uint32_t hash, lg_index_match_fn match, void *ctx);

/* Enters a number, which must not be there. False: no memory; then the index can only be
** released. */
bool lg_index_put(lg_memory *m, lg_trie **root, uint32_t hash, uint32_t number);

/* Takes out a number that was entered under `hash`. False: no memory, as above. */
bool lg_index_remove(lg_memory *m, lg_trie **root, uint32_t hash, uint32_t number);

#endif
