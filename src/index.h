/*
** The index of an object: from the hash of a key to its number. A persistent hash array mapped
** trie (Bagwell, "Ideal hash trees", 2001): a slot of a node holds either an entry, which is a hash
** and a number, or a node in which the next 5 bits of the hash decide. Entries whose hashes are the
** same in all 32 bits are told apart by the bits of their numbers, in nodes further down, which are
** searched as a whole. The index is its root; NULL is the empty one.
**
** The hashes 0b00001'00010, 0b00011'00010 and 0b00000'00111 have the numbers 0, 1, 2:
**
**      level 0 (lowest bits)   [2 | 7: number 2]
**                               |
**      level 1                 [1: number 0 | 3: number 1]
*/
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
