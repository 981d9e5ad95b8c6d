/*
** A persistent array of values that may have gaps: a radix trie over the position. Each node
** decides about 5 bits of it, the leaves about the lowest ones; the height of a node is how many
** nodes are below it on the way to a value. The array is its root; NULL is the empty one. It is as
** high as its last position needs, and has no node without slots. (The vectors of Clojure, by Rich
** Hickey, are such tries without gaps.)
**
** The positions 1, 2 and 70 (0b00010'00110) are taken:
**
**              height 1  [0 | 2]
**                         |   \
**              height 0  [1|2]  [6]
*/
#ifndef LAGOON_ARRAY_H
#define LAGOON_ARRAY_H

#include "trie.h"

/* All positions are below it. */
#ifndef LG_MAX_POSITION
#define LG_MAX_POSITION UINT32_MAX
#endif

/* The value at `position`, borrowed. NULL: none. */
const lg_value *lg_array_get(const lg_trie *root, uint32_t position);

/* The values at `count` positions from `position` on, in one leaf, for writing: either all of them
** are taken or none is and they become undefined. NULL: no memory; then the array can only be
** released. Good until the array is changed.
**
**    lg_value *slot = lg_array_open(m, &root, 70, 1);
**    if (slot) *slot = lg_int(3); */
lg_value *lg_array_open(lg_memory *m, lg_trie **root, uint32_t position, uint32_t count);

/* Makes a gap of `count` positions, which lg_array_open just opened and whose values were moved or
** need no release. */
void lg_array_close(lg_memory *m, lg_trie **root, uint32_t position, uint32_t count);

/* The first value at *position or behind it; *position becomes where it is. NULL: none. *leaf,
** which is NULL at first, is kept for the next call, and belongs to this array. */
const lg_value *lg_array_next(const lg_trie *root, const void **leaf, uint64_t *position);

#endif
