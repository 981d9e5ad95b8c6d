/*
** Two threads that measure, and a lagoon that belongs to the main thread: lg_post carries each
** reading over, and the main thread sleeps until options.wake says that some wait.
*/
#define _POSIX_C_SOURCE 200809L

#include <lagoon.h>

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define WORKER_COUNT 2
#define READING_COUNT 1000
#define POST_CAPACITY 16 /* so small that the workers meet LG_E_FULL */

/* Rung by a worker, slept by in the main thread. */
typedef struct bell {
  pthread_mutex_t mutex;
  pthread_cond_t rung;
  bool is_rung;
} bell;

static void ring(void *ctx) {
  bell *b = ctx;
  pthread_mutex_lock(&b->mutex);
  b->is_rung = true;
  pthread_cond_signal(&b->rung);
  pthread_mutex_unlock(&b->mutex);
}

static void wait_for(bell *b) {
  pthread_mutex_lock(&b->mutex);
  while (!b->is_rung)
    pthread_cond_wait(&b->rung, &b->mutex);
  b->is_rung = false;
  pthread_mutex_unlock(&b->mutex);
}

/* The stores. Only the main thread touches them. */
typedef struct meter {
  lg_lagoon *lagoon;
  lg_store *count; /* int: readings so far */
  lg_store *total; /* int: their sum */
  lg_status status;
} meter;

/* What a post hands over. It has a place of its own that stays until the threads are joined. */
typedef struct reading {
  meter *meter;
  int64_t value;
} reading;

typedef struct worker {
  pthread_t thread;
  reading readings[READING_COUNT];
} worker;

/* Posted: runs in the main thread, within lg_run_posts. */
static void add_reading(lg_lagoon *lagoon, void *ctx) {
  const reading *r = ctx;
  meter *m = r->meter;
  if (m->status != LG_OK) return;
  lg_batch_begin(lagoon); /* nobody sees the new count with the old total */
  lg_set(m->count, lg_int(lg_as_int(lg_get(m->count)) + 1));
  lg_set(m->total, lg_int(lg_as_int(lg_get(m->total)) + r->value));
  m->status = lg_batch_end(lagoon);
}

static void end_task(lg_lagoon *lagoon, void *ctx) {
  (void)ctx;
  lg_task_end(lagoon);
}

/* LG_E_FULL is no failure: the main thread is busy, so the worker gives it a moment. */
static void post(lg_lagoon *lagoon, void (*fn)(lg_lagoon *, void *), void *ctx) {
  const struct timespec moment = {.tv_nsec = 100000};
  while (lg_post(lagoon, fn, ctx) == LG_E_FULL)
    nanosleep(&moment, NULL);
}

static void *measure(void *ctx) {
  worker *w = ctx;
  lg_lagoon *lagoon = w->readings[0].meter->lagoon;
  for (int i = 0; i < READING_COUNT; i++) {
    w->readings[i].value = i + 1;
    post(lagoon, add_reading, &w->readings[i]);
  }
  post(lagoon, end_task, NULL);
  return NULL;
}

/* A task for each worker that runs; its last post ends it. */
static int start(worker *workers, meter *m) {
  for (int i = 0; i < WORKER_COUNT; i++) {
    for (int j = 0; j < READING_COUNT; j++)
      workers[i].readings[j].meter = m;
    if (pthread_create(&workers[i].thread, NULL, measure, &workers[i]) != 0) return i;
    lg_task_start(m->lagoon);
  }
  return WORKER_COUNT;
}

static lg_value round_down(lg_lagoon *lagoon, void *count) {
  (void)lagoon;
  return lg_int(lg_as_int(lg_get(count)) / 500 * 500);
}

static void print_count(const lg_change *change, void *ctx) {
  (void)ctx;
  printf("%" PRId64 " readings\n", lg_as_int(change->value));
}

int main(void) {
  static worker workers[WORKER_COUNT];
  bell b = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false};
  lg_options options = {.wake = ring, .wake_ctx = &b, .post_capacity = POST_CAPACITY};
  lg_lagoon *lagoon = lg_lagoon_new(&options);
  if (!lagoon) return fputs("no memory\n", stderr), EXIT_FAILURE;
  meter m = {lagoon, lg_atom(lagoon, lg_int(0)), lg_atom(lagoon, lg_int(0)), LG_OK};
  lg_store *milestone = lg_computed(lagoon, round_down, m.count);

  if (!m.total || !lg_subscribe(milestone, print_count, NULL)) m.status = lg_last_status(lagoon);
  int started = m.status == LG_OK ? start(workers, &m) : 0;
  while (lg_tasks_running(lagoon) > 0) {
    wait_for(&b);
    lg_run_posts(lagoon);
  }
  for (int i = 0; i < started; i++)
    pthread_join(workers[i].thread, NULL); /* before the lagoon goes: they call lg_post */

  printf("%d workers, total %" PRId64 "\n", started, lg_as_int(lg_get(m.total)));
  if (m.status != LG_OK) printf("%s: %s\n", lg_strerror(m.status), lg_last_error(lagoon));
  lg_lagoon_free(lagoon);
  return m.status == LG_OK && started == WORKER_COUNT ? EXIT_SUCCESS : EXIT_FAILURE;
}
