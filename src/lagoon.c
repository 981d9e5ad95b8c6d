/*
** The begin and the end of a lagoon, and the memory of its parts.
*/
#define _POSIX_C_SOURCE 200809L

#include "state.h"

#include <string.h>

#ifndef LG_NO_LIBC
#include <time.h>
#endif

/* ---- memory ---------------------------------------------------------------------------------- */

void *lg_new(lg_lagoon *lagoon, size_t size) {
  void *block = lg_pool_take(&lagoon->pool, size);
  if (block) {
    memset(block, 0, size);
  } else {
    lg_error_of(lagoon, NULL, LG_E_MEMORY);
  }
  return block;
}

void lg_delete(lg_lagoon *lagoon, void *block, size_t size) {
  if (block) lg_pool_give(&lagoon->pool, block, size);
}

char *lg_copy_text(lg_lagoon *lagoon, const char *text) {
  size_t size = strlen(text) + 1;
  char *copy = lg_new(lagoon, size);
  if (copy) memcpy(copy, text, size);
  return copy;
}

void lg_delete_text(lg_lagoon *lagoon, char *text) {
  if (text) lg_delete(lagoon, text, strlen(text) + 1);
}

lg_status lg_add_destructor(lg_lagoon *lagoon, lg_destructor **list, void (*fn)(void *ctx),
                            void *ctx) {
  lg_destructor *destructor = lg_new(lagoon, sizeof *destructor);
  if (!destructor) return LG_E_MEMORY;
  *destructor = (lg_destructor){.fn = fn, .ctx = ctx, .next = *list};
  *list = destructor;
  return LG_OK;
}

void lg_run_destructors(lg_lagoon *lagoon, lg_destructor **list) {
  lg_destructor *destructor = *list;
  lg_tracker *tracker = lagoon->tracker;
  lagoon->tracker = NULL;
  *list = NULL; /* what is added meanwhile is for the next time */
  while (destructor) {
    lg_destructor *next = destructor->next;
    void (*fn)(void *ctx) = destructor->fn;
    void *ctx = destructor->ctx;
    lg_delete(lagoon, destructor, sizeof *destructor);
    fn(ctx);
    destructor = next;
  }
  lagoon->tracker = tracker;
}

/* ---- clocks ---------------------------------------------------------------------------------- */

#ifdef LG_NO_LIBC

static uint64_t default_clock(void *ctx) {
  (void)ctx;
  return 0;
}

static uint64_t make_seed(const void *address) { return (uint64_t)(uintptr_t)address; }

#else

static struct timespec read_clock(void) {
  struct timespec now;
#ifdef CLOCK_MONOTONIC
  clock_gettime(CLOCK_MONOTONIC, &now);
#else
  timespec_get(&now, TIME_UTC);
#endif
  return now;
}

static uint64_t default_clock(void *ctx) {
  (void)ctx;
  struct timespec now = read_clock();
  return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

static uint64_t make_seed(const void *address) {
  struct timespec now = read_clock();
  return ((uint64_t)now.tv_sec << 32) ^ (uint64_t)now.tv_nsec ^ (uint64_t)(uintptr_t)address;
}

#endif

/* ---- begin and end --------------------------------------------------------------------------- */

#define DEFAULT_POSTS 256u
#define MOST_POSTS 65536u

lg_lagoon *lg_lagoon_new(const lg_options *options) {
  lg_options chosen = {.post_capacity = 0};
  if (options) chosen = *options;
  if (!chosen.clock) chosen.clock = default_clock;
  if (!chosen.post_capacity) chosen.post_capacity = DEFAULT_POSTS;
  if (chosen.post_capacity > MOST_POSTS) return NULL;
  if (!chosen.hash_seed) chosen.hash_seed = make_seed(&chosen);
  lg_memory *memory = lg_memory_open(chosen.allocator, chosen.hash_seed);
  if (!memory) return NULL;
  lg_lagoon *lagoon = lg_resize(memory, NULL, 0, sizeof *lagoon);
  if (lagoon) {
    memset(lagoon, 0, sizeof *lagoon);
    lagoon->memory = memory;
    lg_pool_begin(&lagoon->pool, memory);
    lagoon->options = chosen;
    lagoon->posts = lg_posts_begin(memory, chosen.post_capacity);
    lg_lagoon_claim(lagoon);
    lg_timers_begin(lagoon);
    lg_updates_begin(lagoon);
    if (lagoon->posts) return lagoon;
    lg_resize(memory, lagoon, sizeof *lagoon, 0);
  }
  lg_memory_close(memory);
  return NULL;
}

/* Calls all functions of the host's that have to know of the end. */
static void say_goodbye(lg_lagoon *lagoon) {
  for (lg_listener *it = lagoon->listeners; it; it = it->next) {
    bool is_effect = it->vertex.kind == LG_RUNS_LISTED || it->vertex.kind == LG_RUNS_TRACKED;
    if (is_effect) lg_run_destructors(lagoon, &((lg_running_effect *)it)->cleanups);
  }
  bool has_extras = lagoon->extras_count > 0;
  for (lg_store *it = lagoon->stores; it && has_extras; it = it->next) {
    if (it->is_active) lg_call_unmounts(it);
  }
  for (lg_store *it = lagoon->stores; it && has_extras; it = it->next) {
    if (it->extras) lg_run_destructors(lagoon, &it->extras->destructors);
  }
  /* The last owner of a pointer calls its `destroy`, while all stores are there to say that the
  ** lagoon is busy */
  for (lg_store *it = lagoon->stores; it; it = it->next)
    lg_store_clear(it);
}

lg_status lg_lagoon_free(lg_lagoon *lagoon) {
  if (!lagoon) return LG_OK;
  lg_status status = lg_check_open(lagoon);
  if (!status && (lagoon->busy || lagoon->is_posting)) {
    status = lg_error_of(lagoon, NULL, LG_E_BUSY);
  }
  if (status) return status;
  lagoon->is_closing = true;
  say_goodbye(lagoon);
  lg_stores_end(lagoon);
  while (lagoon->listeners)
    lg_listener_end(lagoon->listeners);
  while (lagoon->waiting) {
    lg_destructor *waiting = lagoon->waiting;
    lagoon->waiting = waiting->next;
    lg_delete(lagoon, waiting, sizeof *waiting);
  }
  lg_map_creators_end(lagoon);
  lg_updates_end(lagoon);
  lg_memory *memory = lagoon->memory;
  lg_posts_end(memory, lagoon->posts);
  lg_pool_end(&lagoon->pool);
  lg_resize(memory, lagoon, sizeof *lagoon, 0);
  lg_memory_close(memory);
  return LG_OK;
}

const char *lg_version(void) { return LG_VERSION; }
