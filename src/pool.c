/*
** See pool.h.
*/
#include "pool.h"

#include <string.h>

/* Chunks grow with what is in use, so that a small lagoon stays small. */
#define FIRST_CHUNK 512u
#define MOST_CHUNK 16384u

typedef struct lg_chunk {
  struct lg_chunk *next;
  size_t size;
} lg_chunk;

#define HEADER ((sizeof(lg_chunk) + LG_POOL_STEP - 1) / LG_POOL_STEP * LG_POOL_STEP)

void lg_pool_begin(lg_pool *pool, lg_memory *memory) {
  memset(pool, 0, sizeof *pool);
  pool->memory = memory;
}

void lg_pool_end(lg_pool *pool) {
  while (pool->chunks) {
    lg_chunk *chunk = pool->chunks;
    pool->chunks = chunk->next;
    lg_resize(pool->memory, chunk, chunk->size, 0);
  }
}

#ifdef NDEBUG

static size_t class_of(size_t size) { return (size - 1) / LG_POOL_STEP; }

/* A new chunk; what is left of the last one is lost. */
static bool grow(lg_pool *pool) {
  size_t size = pool->chunks ? pool->chunks->size * 2 : FIRST_CHUNK;
  if (size > MOST_CHUNK) size = MOST_CHUNK;
  lg_chunk *chunk = lg_resize(pool->memory, NULL, 0, size);
  if (!chunk) return false;
  *chunk = (lg_chunk){pool->chunks, size};
  pool->chunks = chunk;
  pool->fresh = (unsigned char *)chunk + HEADER;
  pool->left = size - HEADER;
  return true;
}

void *lg_pool_take(lg_pool *pool, size_t size) {
  size_t class = class_of(size);
  if (class >= LG_POOL_CLASSES) return lg_resize(pool->memory, NULL, 0, size);
  void *block = pool->free[class];
  if (block) {
    memcpy(&pool->free[class], block, sizeof block);
    return block;
  }
  size = (class + 1) * LG_POOL_STEP;
  if (pool->left < size && !grow(pool)) return NULL;
  block = pool->fresh;
  pool->fresh += size;
  pool->left -= size;
  return block;
}

void lg_pool_give(lg_pool *pool, void *block, size_t size) {
  size_t class = class_of(size);
  if (class >= LG_POOL_CLASSES) {
    lg_resize(pool->memory, block, size, 0);
    return;
  }
  memcpy(block, &pool->free[class], sizeof block);
  pool->free[class] = block;
}

#else

void *lg_pool_take(lg_pool *pool, size_t size) { return lg_resize(pool->memory, NULL, 0, size); }

void lg_pool_give(lg_pool *pool, void *block, size_t size) {
  lg_resize(pool->memory, block, size, 0);
}

#endif
