/*
** What other threads may do: leave a function for the lagoon's thread. The queue is Dmitry Vyukov's
** bounded one for many producers: a ring of cells, each with the turn in which it can be used.
*/
#include "state.h"

#include <stdatomic.h>
#include <string.h>

typedef struct cell {
  atomic_size_t turn; /* position: free for it; position + 1: filled */
  void (*fn)(lg_lagoon *lagoon, void *ctx);
  void *ctx;
} cell;

struct lg_post_queue {
  size_t mask;
  atomic_size_t tail;   /* where the next post goes */
  size_t head;          /* of the lagoon's thread */
  atomic_bool is_awake; /* the host was told, and has not looked yet */
  cell cells[];
};

static size_t size_of(size_t capacity) { return sizeof(lg_post_queue) + capacity * sizeof(cell); }

lg_post_queue *lg_posts_begin(lg_memory *memory, uint32_t capacity) {
  size_t rounded = 2;
  while (rounded < capacity)
    rounded *= 2;
  lg_post_queue *posts = lg_resize(memory, NULL, 0, size_of(rounded));
  if (!posts) return NULL;
  memset(posts, 0, size_of(rounded));
  posts->mask = rounded - 1;
  for (size_t i = 0; i < rounded; i++)
    atomic_init(&posts->cells[i].turn, i);
  return posts;
}

void lg_posts_end(lg_memory *memory, lg_post_queue *posts) {
  lg_resize(memory, posts, size_of(posts->mask + 1), 0);
}

/* Takes a position for a post. False: all cells are filled. */
static bool claim(lg_post_queue *posts, size_t *position) {
  *position = atomic_load_explicit(&posts->tail, memory_order_relaxed);
  for (;;) {
    cell *it = &posts->cells[*position & posts->mask];
    size_t turn = atomic_load_explicit(&it->turn, memory_order_acquire);
    if (turn == *position) {
      if (atomic_compare_exchange_weak_explicit(&posts->tail, position, *position + 1,
                                                memory_order_relaxed, memory_order_relaxed)) {
        return true;
      }
    } else if (turn - *position > SIZE_MAX / 2) {
      return false; /* the post of the round before is still there */
    } else {
      *position = atomic_load_explicit(&posts->tail, memory_order_relaxed);
    }
  }
}

lg_status lg_post(lg_lagoon *lagoon, void (*fn)(lg_lagoon *lagoon, void *ctx), void *ctx) {
  size_t position;
  if (!lagoon || !fn) return LG_E_ARGUMENT;
  lg_post_queue *posts = lagoon->posts;
  if (!claim(posts, &position)) return LG_E_FULL;
  cell *it = &posts->cells[position & posts->mask];
  it->fn = fn;
  it->ctx = ctx;
  atomic_store_explicit(&it->turn, position + 1, memory_order_release);
  bool is_awake = atomic_exchange(&posts->is_awake, true);
  if (!is_awake && lagoon->options.wake) lagoon->options.wake(lagoon->options.wake_ctx);
  return LG_OK;
}

lg_status lg_run_posts(lg_lagoon *lagoon) {
  lg_status status = lg_check_open(lagoon);
  if (status) return status;
  if (lagoon->busy || lagoon->is_posting) return lg_error_of(lagoon, NULL, LG_E_BUSY);
  lg_post_queue *posts = lagoon->posts;
  lagoon->is_posting = true;
  /* Before the first look: who posts behind it wakes the host again */
  atomic_exchange(&posts->is_awake, false);
  size_t end = atomic_load(&posts->tail);
  while (posts->head != end) {
    cell *it = &posts->cells[posts->head & posts->mask];
    if (atomic_load_explicit(&it->turn, memory_order_acquire) != posts->head + 1) break;
    void (*fn)(lg_lagoon * lagoon, void *ctx) = it->fn;
    void *ctx = it->ctx;
    atomic_store_explicit(&it->turn, posts->head + posts->mask + 1, memory_order_release);
    posts->head++;
    fn(lagoon, ctx);
  }
  lagoon->is_posting = false;
  return LG_OK;
}
