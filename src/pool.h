/*
** Small blocks of a lagoon, such as stores and listeners, cut from larger ones: a list of free
** blocks for each size. Nothing is given back before the end. Debug builds take each block by
** itself, so that tools which check memory see it. */
#ifndef LAGOON_POOL_H
#define LAGOON_POOL_H

#include "memory.h"

#define LG_POOL_STEP 8u
#define LG_POOL_CLASSES 32u /* blocks of up to 256 bytes */

typedef struct lg_pool {
  lg_memory *memory;
  void *free[LG_POOL_CLASSES];
  unsigned char *fresh; /* what is left of the last chunk */
  size_t left;
  struct lg_chunk *chunks;
} lg_pool;

void lg_pool_begin(lg_pool *pool, lg_memory *memory);

/* All blocks of the pool are gone with it, but for larger ones. */
void lg_pool_end(lg_pool *pool);

/* A block with any content; NULL: no memory. */
void *lg_pool_take(lg_pool *pool, size_t size);

/* Gives a block back, with the size that it was asked for. */
void lg_pool_give(lg_pool *pool, void *block, size_t size);

#endif
