/*
** An allocator that fails when it is told to. See failing.h.
*/
#include "failing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIVE 0x11feb10cu
#define FREED 0xdeadb10cu
#define DEAD_BYTE 0xdd

/* In front of every block. */
typedef struct head {
  size_t size;
  uint32_t mark;
} head;

#define HEAD_SIZE ((sizeof(head) + 15) / 16 * 16)

static void mistake(const char *what) {
  fprintf(stderr, "failing allocator: %s\n", what);
  abort();
}

static head *head_of(void *block, size_t old_size) {
  head *h = (head *)(void *)((char *)block - HEAD_SIZE);
  if (h->mark == FREED) mistake("a block that was freed already");
  if (h->mark != LIVE) mistake("not a block, or bytes before it were overwritten");
  if (h->size != old_size) mistake("old_size is not the size of the block");
  return h;
}

static void *take(failing *f, size_t size) {
  head *h = malloc(HEAD_SIZE + size);
  if (!h) mistake("malloc failed");
  *h = (head){.size = size, .mark = LIVE};
  f->blocks++;
  f->bytes += size;
  return (char *)h + HEAD_SIZE;
}

static void give_back(failing *f, head *h) {
  f->blocks--;
  f->bytes -= h->size;
  memset((char *)h + HEAD_SIZE, DEAD_BYTE, h->size);
  h->mark = FREED;
  free(h);
}

/* Whether a block that had `old_size` may have `size`. */
static bool is_granted(failing *f, size_t old_size, size_t size) {
  bool is_request = size > old_size;
  f->requests += is_request;
  if (!f->is_set) return true;
  if (!f->left) {
    f->has_failed |= is_request;
    return false;
  }
  f->left -= is_request;
  return true;
}

static void *resize(void *ctx, void *block, size_t old_size, size_t size) {
  failing *f = ctx;
  head *old = block ? head_of(block, old_size) : NULL;
  if (!block && old_size) mistake("old_size without a block");
  if (size && !is_granted(f, old_size, size)) return NULL;
  void *moved = size ? take(f, size) : NULL;
  if (old && size) memcpy(moved, block, size < old_size ? size : old_size);
  if (old) give_back(f, old);
  return moved;
}

lg_allocator failing_allocator(failing *f) { return (lg_allocator){.resize = resize, .ctx = f}; }

void failing_begin(failing *f) {
  *f = (failing){0};
  f->memory = lg_memory_open(failing_allocator(f), 1);
  f->lagoon = (lg_lagoon *)&f->memory;
}

void failing_end(failing *f) {
  f->is_set = false;
  if (f->memory->bytes != f->bytes) mistake("the memory counts other bytes");
  lg_memory_close(f->memory);
  if (f->blocks) mistake("blocks are left (no wonder if a test was left halfway)");
}

void failing_after(failing *f, size_t count) {
  f->is_set = true;
  f->has_failed = false;
  f->left = count;
}

bool failing_stop(failing *f) {
  bool has_failed = f->has_failed;
  f->is_set = false;
  f->has_failed = false;
  return has_failed;
}
