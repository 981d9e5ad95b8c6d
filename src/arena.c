/*
** An allocator in one block of the caller's: the buddy system (Knowlton, "A fast storage
** allocator", 1965), without headers, because who frees says the size. Every step is bounded by
** the logarithm of the arena.
**
** The arena is counted in granules. A free piece is a power of two of them (its order) and begins
** at a multiple of its size; its buddy is the piece with which it makes up the next order:
**
**    granule   0   1   2   3   4   5   6   7   8   9
**            +-------+---+---+---------------+-------+
**            | used  |use| 3 |    4 to 7     | 8, 9  |     free: 3 of order 0, 4 of order 2,
**            +-------+---+---+---------------+-------+           8 of order 1
**
** Who asks for 3 granules gets the first 3 of a piece of 4, and the fourth stays free: nothing is
** rounded up but to a granule. For each pair of buddies there is one bit, numbered by the granule
** in the middle between them, which says whether exactly one of the two is free as a whole; so a
** freed piece knows without asking whether it can be joined with its buddy.
*/
#include "../include/lagoon.h"

#include <string.h>

#define GRANULE (_Alignof(max_align_t) > 8 ? 16u : 8u)
#define NONE UINT32_MAX

typedef struct arena {
  unsigned char *granules;
  uint32_t *bits;   /* one for each pair of buddies */
  uint32_t count;   /* of granules */
  uint32_t orders;  /* how many lists there are */
  uint32_t first[]; /* for each order, the list of free pieces */
} arena;

/* A free piece, in its own first granule. */
typedef struct piece {
  uint32_t next;
  uint32_t previous;
} piece;

static piece *piece_at(const arena *a, uint32_t granule) {
  return (piece *)(void *)(a->granules + (size_t)granule * GRANULE);
}

static void push(arena *a, uint32_t granule, uint32_t order) {
  uint32_t next = a->first[order];
  piece_at(a, granule)->next = next;
  piece_at(a, granule)->previous = NONE;
  if (next != NONE) piece_at(a, next)->previous = granule;
  a->first[order] = granule;
}

static void unlink_piece(arena *a, uint32_t granule, uint32_t order) {
  piece *it = piece_at(a, granule);
  if (it->next != NONE) piece_at(a, it->next)->previous = it->previous;
  if (it->previous == NONE) {
    a->first[order] = it->next;
  } else {
    piece_at(a, it->previous)->next = it->next;
  }
}

/* One of a pair of buddies is free now, or no more. Whether both are alike then; never if there is
** no place for the second. */
static bool toggle(arena *a, uint32_t granule, uint32_t order) {
  uint32_t middle = granule | 1u << order;
  if (middle >= a->count) return false;
  a->bits[middle / 32] ^= 1u << middle % 32;
  return !(a->bits[middle / 32] >> middle % 32 & 1);
}

static void free_piece(arena *a, uint32_t granule, uint32_t order) {
  while (toggle(a, granule, order)) {
    unlink_piece(a, granule ^ 1u << order, order);
    granule &= ~(1u << order);
    order++;
  }
  push(a, granule, order);
}

/* Frees the granules from `begin` to `end`, as the largest pieces there are. */
static void free_range(arena *a, uint32_t begin, uint32_t end) {
  while (begin < end) {
    uint32_t order = 0;
    while (!(begin >> order & 1) && (uint64_t)begin + (2ull << order) <= end)
      order++;
    free_piece(a, begin, order);
    begin += 1u << order;
  }
}

/* The first of `count` granules, or NONE. */
static uint32_t take(arena *a, uint32_t count) {
  uint32_t order = 0;
  while (order < a->orders && (1u << order < count || a->first[order] == NONE))
    order++;
  if (order == a->orders) return NONE;
  uint32_t granule = a->first[order];
  unlink_piece(a, granule, order);
  toggle(a, granule, order);
  free_range(a, granule + count, granule + (1u << order));
  return granule;
}

/* How many granules `size` bytes need; NONE if that can't be. */
static uint32_t granules_for(size_t size) {
  size_t count = size / GRANULE + (size % GRANULE > 0);
  return count < NONE ? (uint32_t)count : NONE;
}

static void *arena_resize(void *ctx, void *block, size_t old_size, size_t size) {
  arena *a = ctx;
  uint32_t old_count = granules_for(old_size);
  uint32_t count = granules_for(size);
  uint32_t old = block ? (uint32_t)((size_t)((unsigned char *)block - a->granules) / GRANULE) : 0;
  if (block && count <= old_count) {
    free_range(a, old + count, old + old_count);
    return size ? block : NULL;
  }
  uint32_t granule = size ? take(a, count) : NONE;
  if (granule == NONE) return NULL;
  void *moved = piece_at(a, granule);
  if (block) {
    memcpy(moved, block, old_size);
    free_range(a, old, old + old_count);
  }
  return moved;
}

static void *no_memory(void *ctx, void *block, size_t old_size, size_t size) {
  (void)ctx;
  (void)block;
  (void)old_size;
  (void)size;
  return NULL;
}

/* Cuts `size` bytes into lists, bits and granules. */
lg_allocator lg_arena(void *block, size_t size) {
  arena *a = block;
  uint32_t all = size / GRANULE < NONE ? (uint32_t)(size / GRANULE) : NONE - 1;
  uint32_t orders = 1;
  while (orders < 32 && all >> orders)
    orders++;
  uint32_t words = all / 32 + 1;
  uint32_t head = granules_for(sizeof *a + (orders + words) * sizeof(uint32_t));
  if (!block || head >= all) return (lg_allocator){.resize = no_memory, .ctx = NULL};
  memset(block, 0, head * (size_t)GRANULE);
  a->granules = (unsigned char *)block + head * (size_t)GRANULE;
  a->count = all - head;
  a->orders = orders;
  a->bits = a->first + orders;
  for (uint32_t i = 0; i < orders; i++) {
    a->first[i] = NONE;
  }
  free_range(a, 0, a->count);
  return (lg_allocator){.resize = arena_resize, .ctx = a};
}
