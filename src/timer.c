/*
** What is due later. There are only two delays, so that a list for each, to which new timers are
** appended, is in order of time by itself.
*/
#include "state.h"

static void list_begin(lg_timer *list) { list->previous = list->next = list; }

void lg_timers_begin(lg_lagoon *lagoon) {
  list_begin(&lagoon->unmounts);
  list_begin(&lagoon->wakes);
}

void lg_timer_stop(lg_timer *timer) {
  if (!timer->next) return;
  timer->previous->next = timer->next;
  timer->next->previous = timer->previous;
  timer->next = timer->previous = NULL;
}

void lg_timer_start(lg_lagoon *lagoon, lg_timer *list, lg_timer *timer, uint64_t delay) {
  lg_timer_stop(timer);
  timer->at = lg_now(lagoon) + delay;
  timer->order = ++lagoon->timer_order;
  timer->previous = list->previous;
  timer->next = list;
  list->previous->next = timer;
  list->previous = timer;
}

static bool is_before(const lg_timer *a, const lg_timer *b) {
  return a->at != b->at ? a->at < b->at : a->order < b->order;
}

/* The timer that is due first; NULL: none waits. */
static lg_timer *first(const lg_lagoon *lagoon) {
  lg_timer *unmount = lagoon->unmounts.next == &lagoon->unmounts ? NULL : lagoon->unmounts.next;
  lg_timer *wake = lagoon->wakes.next == &lagoon->wakes ? NULL : lagoon->wakes.next;
  if (!unmount || !wake) return unmount ? unmount : wake;
  return is_before(unmount, wake) ? unmount : wake;
}

uint64_t lg_next_deadline(const lg_lagoon *lagoon) {
  const lg_timer *timer = lg_check(lagoon) ? NULL : first(lagoon);
  return timer ? timer->at : LG_NEVER;
}

uint64_t lg_now(const lg_lagoon *lagoon) {
  return lagoon ? lagoon->options.clock(lagoon->options.clock_ctx) : 0;
}

/* Whether the timer is that of a batched computed, which is to be computed. */
static bool is_wake(const lg_timer *timer) {
  const lg_computed_store *computed = (const lg_computed_store *)timer->store;
  return computed->store.vertex.kind == LG_COMPUTED_STORE && computed->is_batched &&
         timer == lg_wake_of(computed);
}

static lg_status run(lg_lagoon *lagoon, lg_timer *timer) {
  lg_store *store = timer->store;
  lg_status status = LG_OK;
  lg_timer_stop(timer);
  store->owners++;
  if (is_wake(timer)) {
    status = lg_make_current((lg_computed_store *)store);
  } else {
    lg_unmount(store);
  }
  lg_status raised = lg_take_raised(lagoon);
  if (!status) status = raised;
  store->owners--;
  lg_store_check(store);
  return status;
}

lg_status lg_run_timers(lg_lagoon *lagoon) {
  lg_status status = lg_check_open(lagoon);
  if (status) return status;
  if (lagoon->busy) return lg_error_of(lagoon, NULL, LG_E_BUSY);
  uint64_t now = lg_now(lagoon);
  uint64_t last = lagoon->timer_order; /* what starts now, waits for the next call */
  lg_report report = {.status = LG_OK};
  for (lg_timer *timer; (timer = first(lagoon)) && timer->at <= now && timer->order <= last;) {
    status = run(lagoon, timer);
    if (status) report = lagoon->last;
  }
  lg_sweep(lagoon);
  if (report.status) lagoon->last = report;
  return report.status;
}
