/*
** What is behind the values that need memory: blocks that count their owners. See lagoon.h, group
** lg_value, for what values are.
**
**      lg_value          lg_block                        a string or bytes:
**    +----------+      +--------------------------+     +-------+------+--------------+---+
**    | type     |  +-->| memory                   |     | block | size | text ...     | 0 |
**    | size 255 |  |   | owners, type, depth      |     +-------+------+--------------+---+
**    | block    |--+   +--------------------------+
**    +----------+      | what the type needs      |     lists and objects: see container.h
**                      +--------------------------+
*/
#ifndef LAGOON_VALUE_H
#define LAGOON_VALUE_H

#include "memory.h"

/* Where every block begins. */
typedef struct lg_block {
  union {
    lg_memory *memory;
    struct lg_block *next; /* of one that waits to be freed */
  };
  uint32_t owners; /* UINT32_MAX: so many that it stays for ever */
  uint16_t depth;  /* of a list or object: at least how deep it is nested, itself included */
  uint8_t type;
} lg_block;

/* That of a string or bytes. */
typedef struct lg_text_block {
  lg_block block;
  size_t size;
  char text[]; /* and a NUL */
} lg_text_block;

/* The bytes of a string or bytes, and how many there are. */
static inline const char *lg_bytes_of(const lg_value *v) {
  if (v->size == LG_ON_HEAP) return ((lg_text_block *)v->as.block)->text;
  return (const char *)v + offsetof(lg_value, text);
}
static inline size_t lg_bytes_size(const lg_value *v) {
  return v->size == LG_ON_HEAP ? ((lg_text_block *)v->as.block)->size : v->size;
}

/* A block with one owner, of `size` bytes, of which the lg_block is filled in. NULL: no memory. */
void *lg_block_new(lg_memory *memory, lg_type type, size_t size);

/* A value that takes over `block`. */
lg_value lg_value_of(void *block);

/* As lg_string_n, from a memory. */
lg_value lg_string_in(lg_memory *memory, const char *text, size_t size);

/* Whether `size` bytes are UTF-8: the shortest form of each character, no surrogates. */
bool lg_is_utf8(const char *text, size_t size);

#endif
