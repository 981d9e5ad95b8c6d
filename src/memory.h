/*
** Where every block of a lagoon and of its values comes from and goes to. It counts them, and lives
** as long as one of them does: values that were kept may outlive their lagoon.
*/
#ifndef LAGOON_MEMORY_H
#define LAGOON_MEMORY_H

#include "../include/lagoon.h"

typedef struct lg_memory {
  lg_allocator allocator;
  uint64_t seed;     /* of the hashes of keys */
  size_t bytes;      /* that are handed out, this struct included */
  size_t peak;       /* the most there ever were */
  void *dead;        /* values that nobody owns any more and that wait to be freed, see value.c */
  bool is_releasing; /* they are being freed */
  bool is_closed;    /* its lagoon is gone: the last block takes it along */
} lg_memory;

/* A memory that takes its own place from `allocator`; without a `resize` it uses realloc and free.
** NULL: no memory. */
lg_memory *lg_memory_open(lg_allocator allocator, uint64_t seed);

/* The lagoon is gone; the memory goes with the last block. */
void lg_memory_close(lg_memory *memory);

/* As `resize` of an lg_allocator. When it frees the last block of a closed memory, that is gone. */
void *lg_resize(lg_memory *memory, void *block, size_t old_size, size_t size);

/* A lagoon begins with a pointer to its memory. NULL for NULL. */
static inline lg_memory *lg_memory_of(lg_lagoon *lagoon) {
  return lagoon ? *(lg_memory **)lagoon : NULL;
}

#endif
