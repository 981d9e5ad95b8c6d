/*
** Posts: the only way in from other threads, and that a lagoon refuses every other.
*/
#define _POSIX_C_SOURCE 200809L

#include "host.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <time.h>

/* ---- one thread ------------------------------------------------------------------------------ */

static void note_post(lg_lagoon *l, void *name) {
  assert_ptr_equal(l, lagoon);
  note("%s", (const char *)name);
}

static void posts_are_called_in_their_order(void **state) {
  (void)state;
  ok(lg_post(lagoon, note_post, "1"));
  ok(lg_post(lagoon, note_post, "2"));
  noted("");
  ok(lg_run_posts(lagoon));
  noted("1; 2");
  ok(lg_run_posts(lagoon));
  noted("");
}

static void a_full_queue_refuses_posts(void **state) {
  (void)state;
  for (int round = 0; round < 5; round++) {
    for (int i = 0; i < 8; i++)
      ok(lg_post(lagoon, note_post, "p"));
    assert_int_equal(lg_post(lagoon, note_post, "too many"), LG_E_FULL);
    assert_int_equal(lg_post(lagoon, note_post, "too many"), LG_E_FULL);
    ok(lg_run_posts(lagoon));
    noted("p; p; p; p; p; p; p; p");
    ok(lg_post(lagoon, note_post, "p")); /* so that the next round begins elsewhere */
    ok(lg_run_posts(lagoon));
    noted("p");
  }
}

static uint32_t room(uint32_t capacity) {
  lg_options options = {.post_capacity = capacity};
  lg_lagoon *other = lg_lagoon_new(&options);
  uint32_t count = 0;
  while (lg_post(other, note_post, "never") == LG_OK)
    count++;
  ok(lg_lagoon_free(other));
  return count;
}

static void the_capacity_is_rounded_up(void **state) {
  (void)state;
  assert_int_equal(room(0), 256);
  assert_int_equal(room(1), 2);
  assert_int_equal(room(2), 2);
  assert_int_equal(room(3), 4);
  assert_int_equal(room(100), 128);
  assert_int_equal(room(65536), 65536);
  noted("");
}

static void post_again(lg_lagoon *l, void *name) {
  note_post(l, name);
  ok(lg_post(l, note_post, "again"));
}

static void what_a_post_posts_waits_for_the_next_call(void **state) {
  (void)state;
  ok(lg_post(lagoon, post_again, "first"));
  ok(lg_run_posts(lagoon));
  noted("first");
  ok(lg_run_posts(lagoon));
  noted("again");
}

static void write_store(lg_lagoon *l, void *store) {
  (void)l;
  lg_store *it = store;
  ok(set(it, get(it) + 1));
}

static void a_post_may_do_anything(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_listen(a, on_change, "a");
  ok(lg_post(lagoon, write_store, a));
  ok(lg_post(lagoon, write_store, a));
  ok(lg_batch_begin(lagoon));
  ok(lg_run_posts(lagoon));
  noted("");
  ok(lg_batch_end(lagoon));
  noted("a 2<0");
}

static void try_the_impossible(lg_lagoon *l, void *name) {
  note_post(l, name);
  fails(lg_run_posts(l), LG_E_BUSY);
  fails(lg_lagoon_free(l), LG_E_BUSY);
  ok(lg_run_timers(l));
}

static void posts_are_not_run_within_posts(void **state) {
  (void)state;
  ok(lg_post(lagoon, try_the_impossible, "first"));
  ok(lg_post(lagoon, note_post, "second"));
  ok(lg_run_posts(lagoon));
  noted("first; second");
}

static void fail_post(lg_lagoon *l, void *why) { lg_fail(l, why); }

static void a_post_that_fails_only_says_so(void **state) {
  (void)state;
  lg_store *a = atom(0);
  ok(lg_post(lagoon, fail_post, "not now"));
  ok(lg_run_posts(lagoon));
  assert_string_equal(lg_last_error(lagoon), "not now");
  host_check();
  ok(set(a, 1));
  ok(lg_run_timers(lagoon));
}

static void release_store(lg_lagoon *l, void *store) {
  (void)l;
  lg_store_release(store);
  note("released");
}

static void a_store_that_a_post_releases_is_gone(void **state) {
  (void)state;
  lg_store *a = atom(0);
  ok(lg_on_destroy(a, on_end, "gone"));
  ok(lg_post(lagoon, release_store, a));
  ok(lg_run_posts(lagoon));
  noted("gone; released");
}

static void posts_that_wait_are_dropped_with_the_lagoon(void **state) {
  (void)state;
  ok(lg_post(lagoon, note_post, "never"));
  host_free();
  noted("");
}

static void what_is_no_post_is_refused(void **state) {
  (void)state;
  assert_int_equal(lg_post(NULL, note_post, NULL), LG_E_ARGUMENT);
  assert_int_equal(lg_post(lagoon, NULL, NULL), LG_E_ARGUMENT);
  assert_int_equal(lg_run_posts(NULL), LG_E_ARGUMENT);
}

static void note_wake(void *name) { note("%s", (const char *)name); }

static void the_first_post_that_waits_wakes_the_host(void **state) {
  (void)state;
  host_renew((lg_options){.wake = note_wake, .wake_ctx = "wake", .post_capacity = 4});
  ok(lg_post(lagoon, note_post, "1"));
  ok(lg_post(lagoon, note_post, "2"));
  noted("wake");
  ok(lg_run_posts(lagoon));
  ok(lg_post(lagoon, post_again, "3"));
  noted("1; 2; wake");
  ok(lg_run_posts(lagoon));
  noted("3; wake");
  ok(lg_run_posts(lagoon));
  noted("again");
}

/* ---- several threads ------------------------------------------------------------------------- */

enum { PRODUCERS = 4, POSTS = 100000, PATIENCE = 60 /* seconds, after which something hangs */ };

typedef struct producer {
  pthread_t thread;
  lg_lagoon *lagoon;
  size_t count;
  size_t full; /* how often the queue was */
} producer;

static sem_t awake;
static size_t received[PRODUCERS];
static size_t total;
static bool is_out_of_order;

static void wake_consumer(void *ctx) { sem_post(ctx); }

/* A post carries who sent it and its number. */
static void receive(lg_lagoon *l, void *ctx) {
  uintptr_t packed = (uintptr_t)ctx;
  size_t from = packed % PRODUCERS;
  (void)l;
  is_out_of_order |= received[from] != packed / PRODUCERS;
  received[from]++;
  total++;
}

static void *produce(void *ctx) {
  producer *it = ctx;
  static atomic_size_t next;
  size_t me = atomic_fetch_add(&next, 1) % PRODUCERS;
  for (size_t i = 0; i < it->count;) {
    if (lg_post(it->lagoon, receive, (void *)(uintptr_t)(i * PRODUCERS + me)) == LG_OK) {
      i++;
    } else {
      it->full++;
      sched_yield();
    }
  }
  return NULL;
}

/* Waits to be woken. False if that does not happen. */
static bool sleep_until_awake(void) {
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += PATIENCE;
  return !sem_timedwait(&awake, &until);
}

static void consume(uint32_t capacity, size_t count) {
  producer producers[PRODUCERS];
  memset(received, 0, sizeof received);
  total = 0;
  is_out_of_order = false;
  assert_int_equal(sem_init(&awake, 0, 0), 0);
  host_renew((lg_options){.wake = wake_consumer, .wake_ctx = &awake, .post_capacity = capacity});
  for (size_t i = 0; i < PRODUCERS; i++) {
    producers[i] = (producer){.lagoon = lagoon, .count = count};
    assert_int_equal(pthread_create(&producers[i].thread, NULL, produce, &producers[i]), 0);
  }
  /* It only looks when it was woken: a wake-up that is lost leaves it asleep */
  bool is_lost = false;
  while (total < PRODUCERS * count && !is_lost) {
    is_lost = !sleep_until_awake();
    ok(lg_run_posts(lagoon));
  }
  assert_false(is_lost);
  for (size_t i = 0; i < PRODUCERS; i++)
    assert_int_equal(pthread_join(producers[i].thread, NULL), 0);
  assert_int_equal(total, PRODUCERS * count);
  assert_false(is_out_of_order);
  for (size_t i = 0; i < PRODUCERS; i++)
    assert_int_equal(received[i], count);
  sem_destroy(&awake);
}

static void four_threads_post_into_a_large_queue(void **state) {
  (void)state;
  consume(65536, POSTS);
}

static void four_threads_post_into_a_small_queue(void **state) {
  (void)state;
  consume(16, POSTS);
}

static void four_threads_post_into_the_smallest_queue(void **state) {
  (void)state;
  consume(2, POSTS / 10);
}

/* ---- lagoons of other threads ---------------------------------------------------------------- */

#ifdef NDEBUG
#define OTHER LG_OK /* such builds do not look */
#else
#define OTHER LG_E_THREAD
#endif

typedef struct visit {
  lg_lagoon *lagoon;
  lg_store *store;
  lg_listener *listener;
  lg_status statuses[8];
} visit;

static void *use_from_elsewhere(void *ctx) {
  visit *it = ctx;
  lg_stats figures;
  lg_status *status = it->statuses;
  *status++ = lg_set(it->store, lg_int(2));
  *status++ = lg_status_of(lg_get(it->store));
  *status++ = lg_status_of(lg_peek(it->store));
  *status++ = lg_batch_begin(it->lagoon);
  *status++ = lg_batch_end(it->lagoon);
  *status++ = lg_run_posts(it->lagoon);
  *status++ = lg_get_stats(it->lagoon, &figures);
  *status++ = lg_unlisten(it->listener);
  return NULL;
}

static void call_in_thread(void *(*fn)(void *ctx), void *ctx) {
  pthread_t thread;
  assert_int_equal(pthread_create(&thread, NULL, fn, ctx), 0);
  assert_int_equal(pthread_join(thread, NULL), 0);
}

static void another_thread_is_refused(void **state) {
  (void)state;
  visit it = {.lagoon = lagoon, .store = atom(1)};
  it.listener = lg_listen(it.store, on_change, "a");
  call_in_thread(use_from_elsewhere, &it);
  for (size_t i = 0; i < COUNT(it.statuses); i++)
    assert_int_equal(it.statuses[i], OTHER);
  if (OTHER) assert_int_equal(get(it.store), 1);
  noted(OTHER ? "" : "a 2<1");
}

static void *leave_unused(void *ctx) {
  visit *it = ctx;
  lg_status *status = it->statuses;
  *status++ = lg_lagoon_free(it->lagoon) == LG_E_THREAD ? LG_OK : LG_E_BUSY;
  *status++ = lg_next_deadline(it->lagoon) == LG_NEVER ? LG_OK : LG_E_BUSY;
  *status++ = lg_atom(it->lagoon, lg_int(1)) ? LG_E_BUSY : LG_OK;
  *status++ = lg_listen(it->store, on_change, NULL) ? LG_E_BUSY : LG_OK;
  lg_store_release(it->store);
  lg_fail(it->lagoon, "from elsewhere");
  return NULL;
}

static void another_thread_can_not_end_anything(void **state) {
  (void)state;
  if (!OTHER) return;
  visit it = {.lagoon = lagoon, .store = atom(1)};
  lg_on_mount(it.store, on_event, NULL, "mount");
  get(it.store); /* so that there is a deadline */
  call_in_thread(leave_unused, &it);
  for (size_t i = 0; i < COUNT(it.statuses); i++)
    ok(it.statuses[i]);
  noted("mount");
  assert_int_equal(stats().stores, 1);
  assert_string_equal(lg_last_error(lagoon), "");
}

static void *claim_and_use(void *ctx) {
  visit *it = ctx;
  it->statuses[0] = lg_lagoon_claim(it->lagoon);
  it->statuses[1] = lg_set(it->store, lg_int(2));
  return NULL;
}

static void a_lagoon_can_be_handed_over(void **state) {
  (void)state;
  visit it = {.lagoon = lagoon, .store = atom(1)};
  lg_listen(it.store, on_change, "a");
  call_in_thread(claim_and_use, &it);
  ok(it.statuses[0]);
  ok(it.statuses[1]);
  assert_int_equal(set(it.store, 3), OTHER);
  ok(lg_lagoon_claim(lagoon));
  ok(set(it.store, 4));
  noted(OTHER ? "a 2<1; a 4<2" : "a 2<1; a 3<2; a 4<3");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(posts_are_called_in_their_order),
      TEST(a_full_queue_refuses_posts),
      TEST(the_capacity_is_rounded_up),
      TEST(what_a_post_posts_waits_for_the_next_call),
      TEST(a_post_may_do_anything),
      TEST(posts_are_not_run_within_posts),
      TEST(a_post_that_fails_only_says_so),
      TEST(a_store_that_a_post_releases_is_gone),
      TEST(posts_that_wait_are_dropped_with_the_lagoon),
      TEST(what_is_no_post_is_refused),
      TEST(the_first_post_that_waits_wakes_the_host),
      TEST(four_threads_post_into_a_large_queue),
      TEST(four_threads_post_into_a_small_queue),
      TEST(four_threads_post_into_the_smallest_queue),
      TEST(another_thread_is_refused),
      TEST(another_thread_can_not_end_anything),
      TEST(a_lagoon_can_be_handed_over),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
