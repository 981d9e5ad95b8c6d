/*
** One function through which all memory goes, so that it can be counted, and the default allocator.
** Not here: an allocator for programs without malloc, which is arena.c.
*/
#include "memory.h"

#ifndef LG_NO_LIBC
#include <stdlib.h>

static void *libc_resize(void *ctx, void *block, size_t old_size, size_t size) {
  (void)ctx;
  (void)old_size;
  if (size) return realloc(block, size);
  free(block);
  return NULL;
}
#endif

lg_memory *lg_memory_open(lg_allocator allocator, uint64_t seed) {
#ifndef LG_NO_LIBC
  if (!allocator.resize) allocator.resize = libc_resize;
#else
  if (!allocator.resize) return NULL;
#endif
  lg_memory *memory = allocator.resize(allocator.ctx, NULL, 0, sizeof *memory);
  if (!memory) return NULL;
  *memory = (lg_memory){
      .allocator = allocator, .seed = seed, .bytes = sizeof *memory, .peak = sizeof *memory};
  return memory;
}

/* Gives back the memory itself if nobody needs it any more. */
static void leave(lg_memory *memory) {
  if (memory->is_closed && memory->bytes == sizeof *memory) {
    memory->allocator.resize(memory->allocator.ctx, memory, sizeof *memory, 0);
  }
}

void lg_memory_close(lg_memory *memory) {
  memory->is_closed = true;
  leave(memory);
}

void *lg_resize(lg_memory *memory, void *block, size_t old_size, size_t size) {
  void *moved = memory->allocator.resize(memory->allocator.ctx, block, old_size, size);
  if (size && !moved) return NULL;
  memory->bytes += size - old_size;
  if (memory->bytes > memory->peak) memory->peak = memory->bytes;
  if (!size) leave(memory);
  return moved;
}
