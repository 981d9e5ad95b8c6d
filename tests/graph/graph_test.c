/*
** The engine, one property at a time. Every call goes through checked.h, so the records move at
** every growth and the invariant is checked after every step.
*/
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "../../src/graph_check.h"
#include "checked.h"

static checked c;

static int set_up(void **state) {
  (void)state;
  checked_begin(&c, 0);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  checked_end(&c);
  return 0;
}

/* ---- short words for the tests --------------------------------------------------------------- */

static uint32_t source(void) { return checked_node(&c, 0); }
static uint32_t listener(void) { return checked_node(&c, LG_LISTENER); }
static uint32_t stale(uint32_t more) { return checked_node(&c, LG_COMPUTED | more); }
static void link_up(uint32_t from, uint32_t to) { checked_link(&c, from, to); }
static void notify(uint32_t n, uint32_t number) { checked_notify(&c, n, number); }
static void unchanged(uint32_t n) { checked_settle(&c, n, false); }
static void failed(uint32_t n) { checked_settle(&c, n, true); }

static void changed(uint32_t n, uint32_t number) {
  notify(n, number);
  unchanged(n);
}

static lg_record *record(uint32_t id) { return lg_record_of(&c.g, id); }
static uint32_t flags(uint32_t n) { return record(n)->node.flags; }
static bool is_stale(uint32_t n) { return flags(n) & LG_STALE; }

static void next_computes(uint32_t n) { assert_int_equal(checked_next(&c), ~(int32_t)n); }
static void next_is_done(void) { assert_int_equal(checked_next(&c), LG_DONE); }

static void next_calls(uint32_t sink, uint32_t from, uint32_t number) {
  assert_int_equal(checked_next(&c), sink);
  assert_int_equal(c.g.step.source, from);
  assert_int_equal(c.g.step.notice, number);
}

static void next_finds_cycle(uint32_t n) {
  assert_int_equal(checked_next(&c), LG_CYCLE);
  assert_int_equal(c.g.step.source, n);
}

static void pull_computes(uint32_t root, uint32_t n) {
  assert_int_equal(checked_pull(&c, root), ~(int32_t)n);
}

static void pull_is_done(uint32_t root) { assert_int_equal(checked_pull(&c, root), LG_DONE); }

static void pull_finds_cycle(uint32_t root, uint32_t n) {
  assert_int_equal(checked_pull(&c, root), LG_CYCLE);
  assert_int_equal(c.g.step.source, n);
}

/* Brings `n` and what it needs up to date, as if no value changed. */
static void refresh(uint32_t n) {
  int32_t step;
  while ((step = checked_pull(&c, n)))
    unchanged(lg_step_node(step));
}

/* A computed with up to two sources (0: none), up to date. */
static uint32_t computed_of(uint32_t first, uint32_t second) {
  uint32_t n = stale(0);
  if (first) link_up(first, n);
  if (second) link_up(second, n);
  refresh(n);
  return n;
}

static uint32_t listener_of(uint32_t n) {
  uint32_t sink = listener();
  link_up(n, sink);
  return sink;
}

static void track(uint32_t sink, uint32_t n) { checked_track(&c, sink, n); }

/* Ends a run that tracked; says which source was freed last, or 0. */
static uint32_t track_end(uint32_t sink) {
  uint32_t freed = 0;
  uint32_t answer;
  while ((answer = checked_untrack(&c, sink))) {
    assert_true(answer & LG_UNLINKED);
    if (answer & LG_SOURCE_FREED) freed = c.g.step.source;
  }
  return freed;
}

/* Runs `n`, which a step gave to the host: it reads up to three sources (0: no more). */
static void run(uint32_t n, uint32_t first, uint32_t second, uint32_t third) {
  checked_track_begin(&c, n);
  if (first) track(n, first);
  if (second) track(n, second);
  if (third) track(n, third);
  track_end(n);
}

static uint32_t dynamic(uint32_t more, uint32_t first, uint32_t second, uint32_t third) {
  uint32_t n = stale(LG_DYNAMIC | more);
  pull_computes(n, n);
  run(n, first, second, third);
  unchanged(n);
  return n;
}

/* A dynamic computed that has read up to three sources (0: no more), up to date. */
static uint32_t reader_of(uint32_t first, uint32_t second, uint32_t third) {
  return dynamic(0, first, second, third);
}

/* The same as an effect. */
static uint32_t effect_of(uint32_t first, uint32_t second, uint32_t third) {
  return dynamic(LG_EFFECT, first, second, third);
}

/* The source that `sink` reads in place `i`, counted from 0; 0 behind the last. */
static uint32_t read_of(uint32_t sink, uint32_t i) {
  uint32_t e = record(sink)->node.first_in;
  while (e && i--)
    e = record(e)->edge.next_in;
  return e ? record(e)->edge.source : 0;
}

static void reads(uint32_t sink, uint32_t first, uint32_t second, uint32_t third) {
  assert_int_equal(read_of(sink, 0), first);
  assert_int_equal(read_of(sink, 1), second);
  assert_int_equal(read_of(sink, 2), third);
  assert_int_equal(read_of(sink, 3), 0);
}

/* How many records are in use. */
static uint32_t used(void) { return c.g.end / LG_STRIDE - 1 - c.g.left; }

/* How many were ever in use. */
static uint32_t ever_used(void) { return c.g.fresh / LG_STRIDE - 1; }

/* ---- calls ----------------------------------------------------------------------------------- */

static void test_listeners_are_called_first_in_first_out(void **state) {
  (void)state;
  uint32_t a = source(), b = source();
  uint32_t first = listener_of(a), second = listener_of(a), third = listener_of(b);
  notify(b, 7);
  notify(a, 8);
  notify(b, 9);
  next_calls(third, b, 7);
  next_calls(first, a, 8);
  next_calls(second, a, 8);
  next_calls(third, b, 9);
  next_is_done();
}

static void test_a_write_in_a_listener_waits_its_turn(void **state) {
  (void)state;
  uint32_t a = source(), b = source();
  uint32_t first = listener_of(a), second = listener_of(a), third = listener_of(b);
  notify(a, 1);
  next_calls(first, a, 1);
  notify(b, 2);
  next_calls(second, a, 1);
  next_calls(third, b, 2);
  next_is_done();
}

static void test_a_sink_linked_after_the_notice_is_not_called_for_it(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t first = listener_of(a);
  notify(a, 1);
  uint32_t second = listener_of(a);
  next_calls(first, a, 1);
  next_is_done();
  notify(a, 2);
  next_calls(first, a, 2);
  next_calls(second, a, 2);
  next_is_done();
}

static void test_a_source_without_sinks_costs_nothing(void **state) {
  (void)state;
  uint32_t a = source();
  notify(a, 1);
  assert_int_equal(used(), 1);
  next_is_done();
}

static void test_two_nodes_linked_twice_are_called_twice(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t sink = listener_of(a);
  link_up(a, sink);
  notify(a, 1);
  next_calls(sink, a, 1);
  next_calls(sink, a, 1);
  next_is_done();
  assert_int_equal(checked_unlink(&c, a, sink), LG_UNLINKED);
  notify(a, 2);
  next_calls(sink, a, 2);
  next_is_done();
}

static void test_listeners_that_write_without_end_take_no_more_memory(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t sink = listener_of(a);
  notify(a, 0);
  uint32_t before = used();
  for (uint32_t i = 1; i < 1000; i++) {
    next_calls(sink, a, i - 1);
    notify(a, i);
  }
  assert_int_equal(used(), before);
  assert_int_equal(ever_used(), before);
}

/* ---- computeds ------------------------------------------------------------------------------- */

static void test_a_new_computed_is_stale(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t n = stale(0);
  link_up(a, n);
  pull_computes(n, n);
  unchanged(n);
  pull_is_done(n);
}

static void test_a_source_is_always_current(void **state) {
  (void)state;
  pull_is_done(source());
}

static void test_a_computed_runs_before_its_listeners(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t n = computed_of(a, 0);
  uint32_t sink = listener_of(n);
  notify(a, 1);
  next_computes(n);
  changed(n, 2);
  next_calls(sink, n, 2);
  next_is_done();
}

static void test_a_diamond_is_computed_once_for_each_change(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t left = computed_of(a, 0), right = computed_of(a, 0);
  uint32_t bottom = computed_of(left, right);
  uint32_t sink = listener_of(bottom);
  for (uint32_t i = 0; i < 3; i++) {
    notify(a, i);
    next_computes(left);
    changed(left, 0);
    next_computes(right);
    changed(right, 0);
    next_computes(bottom);
    changed(bottom, i);
    next_calls(sink, bottom, i);
    next_is_done();
  }
}

static void test_what_did_not_change_stops_the_update(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t top = computed_of(a, 0), bottom = computed_of(top, 0);
  listener_of(bottom);
  notify(a, 1);
  assert_true(is_stale(bottom));
  next_computes(top);
  unchanged(top);
  next_is_done();
  assert_true(is_stale(bottom));
  pull_is_done(bottom);
  assert_false(is_stale(bottom));
}

static void test_sources_are_made_current_in_order_of_reading(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t bottom = stale(0);
  uint32_t first = computed_of(a, 0), second = computed_of(a, 0);
  link_up(a, bottom);
  link_up(second, bottom);
  link_up(first, bottom);
  refresh(bottom);
  notify(a, 1);
  pull_computes(bottom, second);
  unchanged(second);
  pull_computes(bottom, first);
  unchanged(first);
  pull_computes(bottom, bottom);
  unchanged(bottom);
  pull_is_done(bottom);
  next_is_done();
}

static void test_a_pull_leaves_the_queue_alone(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t n = computed_of(a, 0);
  uint32_t sink = listener_of(n);
  notify(a, 1);
  pull_computes(n, n);
  changed(n, 2);
  pull_is_done(n);
  next_calls(sink, n, 2);
  next_is_done();
}

static void test_a_chain_of_100000_needs_no_recursion(void **state) {
  (void)state;
  enum { LENGTH = 100000 };
  static lg_record records[2 * LENGTH + 10];
  lg_graph g;
  lg_graph_init(&g, records, LG_STRIDE, LG_STRIDE * (sizeof records / sizeof *records));
  uint32_t a = lg_graph_node(&g, 0);
  uint32_t last = a;
  for (uint32_t i = 0; i < LENGTH; i++) {
    uint32_t n = lg_graph_node(&g, LG_COMPUTED);
    lg_graph_link(&g, last, n);
    last = n;
  }
  uint32_t computed = 0;
  int32_t step;
  while ((step = lg_graph_pull(&g, last))) {
    lg_graph_settle(&g, lg_step_node(step), false);
    computed++;
  }
  assert_int_equal(computed, LENGTH);
  lg_graph_notify(&g, a, 1);
  assert_true(lg_record_of(&g, last)->node.flags & LG_CHECK);
  while ((step = lg_graph_next(&g))) {
    if (lg_step_node(step) != last) lg_graph_notify(&g, lg_step_node(step), 1);
    lg_graph_settle(&g, lg_step_node(step), false);
    computed++;
  }
  assert_int_equal(computed, 2 * LENGTH);
}

static void test_a_change_that_nobody_is_called_for_only_marks(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t n = computed_of(a, 0);
  listener_of(a);
  checked_touch(&c, a);
  next_is_done();
  pull_computes(n, n);
  unchanged(n);
}

static void test_a_change_marks_every_branch_below(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t top = computed_of(a, 0);
  uint32_t left = computed_of(top, 0), below_left = computed_of(left, 0);
  uint32_t right = computed_of(top, 0), below_right = computed_of(right, 0);
  notify(a, 1);
  assert_true(is_stale(left) && is_stale(below_left) && is_stale(right) && is_stale(below_right));
  next_computes(top);
  unchanged(top);
  next_is_done();
}

static void test_a_mark_comes_back_to_each_branch_that_it_left(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t top = computed_of(a, 0);
  uint32_t left = computed_of(top, 0), right = computed_of(top, 0), last = computed_of(top, 0);
  uint32_t below[] = {computed_of(left, 0), computed_of(left, 0), computed_of(right, 0),
                      computed_of(right, 0)};
  listener_of(below[0]);
  listener_of(left);
  uint32_t both = computed_of(below[1], below[2]);
  checked_touch(&c, a);
  for (uint32_t i = 0; i < 4; i++)
    assert_true(is_stale(below[i]));
  assert_true(is_stale(left) && is_stale(right) && is_stale(last) && is_stale(both));
  refresh(last);
  assert_true(is_stale(left));
  checked_touch(&c, top); /* `last` and what is new, the others are marked */
  assert_true(is_stale(last));
}

static void test_a_source_that_gets_a_computed_sink_has_something_to_mark(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t first = listener_of(a);
  notify(a, 1);
  next_calls(first, a, 1);
  uint32_t n = computed_of(a, 0);
  notify(a, 2);
  assert_true(is_stale(n));
  next_calls(first, a, 2);
  next_computes(n);
  unchanged(n);
  next_is_done();
  checked_unlink(&c, a, n);
  notify(a, 3);
  next_calls(first, a, 3);
  next_is_done();
}

static void test_a_delivered_node_waits_for_a_source_that_is_stale(void **state) {
  (void)state;
  uint32_t a = source(), b = source();
  uint32_t first = computed_of(b, 0), second = computed_of(b, 0);
  uint32_t bottom = stale(0);
  link_up(a, bottom);
  link_up(first, bottom);
  link_up(second, bottom);
  refresh(bottom);
  checked_touch(&c, b);
  notify(a, 1);
  next_computes(first);
  unchanged(first);
  next_computes(second);
  unchanged(second);
  next_computes(bottom);
  unchanged(bottom);
  next_is_done();
  notify(a, 2); /* all are current now */
  next_computes(bottom);
  unchanged(bottom);
  next_is_done();
}

static void test_a_delivered_node_none_of_whose_sources_changed_is_not_computed(void **state) {
  (void)state;
  uint32_t a = source(), b = source();
  uint32_t top = computed_of(a, 0), bottom = computed_of(top, 0);
  uint32_t sink = listener_of(b);
  notify(a, 1);
  next_computes(top);
  changed(top, 2);
  pull_computes(bottom, bottom);
  unchanged(bottom);
  checked_touch(&c, a);
  notify(b, 3);
  pull_computes(top, top);
  unchanged(top);
  assert_true(flags(bottom) & LG_CHECK);
  next_calls(sink, b, 3); /* before it, the edge to `bottom` was delivered */
  assert_false(is_stale(bottom));
  next_is_done();
}

static void test_below_a_stale_source_a_new_sink_is_stale(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t top = computed_of(a, 0), bottom = computed_of(0, 0), last = computed_of(bottom, 0);
  checked_touch(&c, a);
  link_up(top, bottom);
  assert_true(is_stale(last));
  pull_computes(last, top);
  changed(top, 1);
  pull_computes(last, bottom);
  changed(bottom, 2);
  pull_computes(last, last);
  unchanged(last);
  next_is_done();
}

static void test_below_a_running_source_a_new_sink_is_stale(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t top = computed_of(a, 0), bottom = computed_of(0, 0);
  notify(a, 1);
  next_computes(top);
  link_up(top, bottom);
  assert_true(is_stale(bottom));
  unchanged(top);
  next_is_done();
  pull_is_done(bottom);
}

static void test_a_deferred_node_is_woken_and_computed_by_a_pull(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t n = stale(LG_DEFERRED);
  link_up(a, n);
  refresh(n);
  uint32_t sink = listener_of(n);
  notify(a, 1);
  next_calls(n, a, 1);
  next_is_done();
  assert_true(is_stale(n));
  pull_computes(n, n);
  changed(n, 2);
  next_calls(sink, n, 2);
  next_is_done();
}

static void test_a_deferred_source_is_computed_for_its_sink(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t n = stale(LG_DEFERRED);
  link_up(a, n);
  uint32_t bottom = computed_of(a, n);
  notify(a, 1);
  next_calls(n, a, 1);
  next_computes(n);
  unchanged(n);
  next_computes(bottom);
  unchanged(bottom);
  next_is_done();
}

/* ---- pulls and writes while a node runs ------------------------------------------------------ */

static void test_a_running_node_can_pull_another(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t outer = computed_of(a, 0), top = computed_of(a, 0), inner = computed_of(top, 0);
  notify(a, 1);
  next_computes(outer);
  pull_computes(inner, top);
  changed(top, 2);
  pull_computes(inner, inner);
  unchanged(inner);
  pull_is_done(inner);
  unchanged(outer);
  next_is_done();
}

static void test_a_write_to_what_a_running_node_has_read_makes_it_run_again(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t n = computed_of(a, 0), bottom = computed_of(n, 0);
  uint32_t sink = listener_of(bottom);
  notify(a, 1);
  pull_computes(bottom, n);
  notify(a, 2);
  changed(n, 3);
  assert_true(is_stale(n));
  pull_computes(bottom, bottom); /* with what there is */
  changed(bottom, 4);
  assert_true(is_stale(bottom));
  next_computes(n);
  changed(n, 5);
  next_computes(bottom);
  changed(bottom, 6);
  next_calls(sink, bottom, 4);
  next_calls(sink, bottom, 6);
  next_is_done();
  assert_false(is_stale(bottom));
}

static void test_a_node_is_stale_again_if_a_source_behind_it_is(void **state) {
  (void)state;
  uint32_t a = source(), b = source();
  uint32_t first = computed_of(b, 0), second = computed_of(a, 0);
  uint32_t bottom = computed_of(first, second), last = computed_of(bottom, 0);
  checked_touch(&c, a);
  pull_computes(last, second);
  checked_touch(&c, b); /* `bottom` waits, and has passed `first` */
  unchanged(second);
  pull_is_done(last);
  assert_true(is_stale(last));
  pull_computes(last, first);
  changed(first, 1);
  pull_computes(last, bottom);
  unchanged(bottom);
  pull_is_done(last);
  assert_false(is_stale(last));
  next_is_done();
}

static void test_a_source_linked_to_a_waiting_node_is_not_forgotten(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t top = computed_of(a, 0), other = computed_of(a, 0), bottom = computed_of(top, 0);
  checked_touch(&c, a);
  pull_computes(bottom, top);
  link_up(other, bottom);
  unchanged(top);
  pull_is_done(bottom);
  pull_computes(bottom, other);
  unchanged(other);
  pull_is_done(bottom);
  assert_false(is_stale(bottom));
}

static void test_settling_what_does_not_run_does_nothing(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t n = computed_of(a, 0), bottom = computed_of(n, 0);
  unchanged(n);
  notify(a, 1);
  pull_computes(bottom, n);
  unchanged(bottom);
  failed(bottom);
  changed(n, 2);
  unchanged(bottom);
  failed(bottom);
  assert_int_equal(c.g.top, bottom); /* it still waits */
  pull_computes(bottom, bottom);
  uint32_t other = stale(0);
  pull_computes(other, other);
  unchanged(bottom); /* it runs, but below another */
  assert_int_equal(c.g.top, other);
  unchanged(other);
  unchanged(bottom);
  checked_free(&c, other);
  next_is_done();
}

/* ---- failures and cycles --------------------------------------------------------------------- */

static void test_what_waits_for_a_failed_node_stays_stale(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t top = computed_of(a, 0), middle = computed_of(top, 0), bottom = computed_of(middle, 0);
  notify(a, 1);
  pull_computes(bottom, top);
  failed(top);
  assert_false(is_stale(top));
  assert_true(is_stale(middle) && is_stale(bottom));
  assert_int_equal(c.g.top, 0);
  next_is_done();
  notify(a, 2);
  next_computes(top);
  changed(top, 3);
  next_computes(middle);
  changed(middle, 4);
  next_computes(bottom);
  unchanged(bottom);
  next_is_done();
}

static void test_a_failed_pull_leaves_the_one_around_it_alone(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t outer = computed_of(a, 0), top = computed_of(a, 0), inner = computed_of(top, 0);
  uint32_t bottom = computed_of(outer, 0);
  checked_touch(&c, a);
  pull_computes(bottom, outer);
  pull_computes(inner, top);
  failed(top);
  changed(outer, 1);
  pull_computes(bottom, bottom);
  unchanged(bottom);
  assert_true(is_stale(inner));
  next_is_done();
}

static void test_a_node_that_fails_above_what_is_stale_again_stays_stale(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t top = computed_of(a, 0), bottom = computed_of(top, 0);
  checked_touch(&c, a);
  pull_computes(bottom, top);
  checked_touch(&c, a);
  changed(top, 1);
  pull_computes(bottom, bottom);
  failed(bottom);
  assert_true(is_stale(top) && is_stale(bottom));
  next_computes(top);
  unchanged(top);
  next_is_done();
  pull_is_done(bottom);
}

static void test_a_cycle_is_reported_and_can_be_undone(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t first = computed_of(a, 0), second = computed_of(first, 0);
  uint32_t sink = listener_of(second);
  link_up(second, first);
  notify(a, 1);
  next_finds_cycle(first);
  next_is_done();
  pull_finds_cycle(second, second);
  assert_int_equal(c.g.top, 0);
  assert_int_equal(checked_unlink(&c, second, first), LG_UNLINKED);
  pull_computes(second, first);
  changed(first, 2);
  pull_computes(second, second);
  changed(second, 3);
  next_calls(sink, second, 3);
  next_is_done();
}

static void test_a_node_that_pulls_itself_is_a_cycle(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t top = computed_of(a, 0), bottom = computed_of(top, 0);
  notify(a, 1);
  pull_computes(bottom, top);
  pull_finds_cycle(top, top);
  pull_finds_cycle(bottom, bottom);
  unchanged(top);
  pull_is_done(bottom);
  next_is_done();
}

static void test_a_mark_goes_once_around_a_cycle(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t first = computed_of(a, 0), second = computed_of(first, 0),
           third = computed_of(second, 0);
  link_up(third, first);
  link_up(third, third);
  checked_touch(&c, a);
  assert_true(is_stale(first) && is_stale(second) && is_stale(third));
}

/* ---- going away ------------------------------------------------------------------------------ */

static void test_unlinking_frees_both_ends_that_are_alone(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t first = listener_of(a), second = listener_of(a);
  assert_int_equal(checked_unlink(&c, a, first), LG_UNLINKED | LG_SINK_FREED);
  assert_int_equal(checked_unlink(&c, a, second), LG_UNLINKED | LG_SOURCE_FREED | LG_SINK_FREED);
  assert_int_equal(used(), 0);
}

static void test_unlinking_what_is_not_linked_does_nothing(void **state) {
  (void)state;
  uint32_t a = source(), b = source();
  uint32_t sink = listener_of(a);
  assert_int_equal(checked_unlink(&c, b, sink), 0);
  notify(a, 1);
  next_calls(sink, a, 1);
  next_is_done();
}

static void test_an_edge_is_found_from_either_end(void **state) {
  (void)state;
  uint32_t a = source(), b = source(), d = source();
  uint32_t sink = listener_of(a), second = listener_of(b), third = listener_of(b);
  link_up(b, sink);
  link_up(d, sink);
  assert_int_equal(checked_unlink(&c, d, second), 0);
  assert_int_equal(checked_unlink(&c, d, third), 0);
  assert_int_equal(checked_unlink(&c, b, listener_of(d)), 0);
  assert_int_equal(checked_unlink(&c, d, sink), LG_UNLINKED); /* its first */
  assert_int_equal(checked_unlink(&c, b, sink), LG_UNLINKED);
  assert_int_equal(checked_unlink(&c, a, third), 0);
  assert_int_equal(checked_unlink(&c, a, sink), LG_UNLINKED | LG_SOURCE_FREED | LG_SINK_FREED);
}

static void test_records_are_used_again(void **state) {
  (void)state;
  for (uint32_t i = 0; i < 100; i++) {
    uint32_t a = source();
    uint32_t sink = listener_of(a);
    notify(a, i);
    next_calls(sink, a, i);
    checked_unlink(&c, a, sink);
  }
  assert_int_equal(used(), 0);
  assert_true(ever_used() <= 5);
}

/* Unlinks each of three queued listeners in turn, before the first call and after it. */
static void test_an_unlinked_listener_is_not_called(void **state) {
  (void)state;
  for (uint32_t calls = 0; calls < 3; calls++) {
    for (uint32_t gone = 0; gone < 3; gone++) {
      uint32_t a = source(), b = source();
      uint32_t sinks[] = {listener_of(a), listener_of(a), listener_of(a)};
      uint32_t other = listener_of(b);
      notify(b, 0);
      notify(a, 1);
      next_calls(other, b, 0);
      for (uint32_t i = 0; i < calls; i++)
        next_calls(sinks[i], a, 1);
      checked_unlink(&c, a, sinks[gone]);
      for (uint32_t i = calls; i < 3; i++) {
        if (i != gone) next_calls(sinks[i], a, 1);
      }
      next_is_done();
      notify(a, 2);
      for (uint32_t i = 0; i < 3; i++) {
        if (i != gone) next_calls(sinks[i], a, 2);
      }
      next_is_done();
    }
  }
}

static void test_an_emptied_notice_does_not_go_on_to_newer_sinks(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t first = listener_of(a);
  notify(a, 1);
  listener_of(a);
  checked_unlink(&c, a, first);
  next_is_done();
}

static void test_a_source_can_go_while_it_is_queued(void **state) {
  (void)state;
  uint32_t a = source(), b = source();
  uint32_t first = listener_of(a), second = listener_of(a), other = listener_of(b);
  notify(a, 1);
  notify(a, 2);
  notify(b, 3);
  checked_unlink(&c, a, first);
  assert_true(checked_unlink(&c, a, second) & LG_SOURCE_FREED);
  uint32_t third = listener();
  uint32_t again = source();
  assert_int_equal(again, a); /* it has the same record */
  link_up(again, third);
  next_calls(other, b, 3);
  next_is_done();
  notify(again, 4);
  next_calls(third, again, 4);
  next_is_done();
}

static void test_a_node_can_go_while_it_runs(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t n = computed_of(a, 0);
  uint32_t sink = listener_of(a);
  notify(a, 1);
  next_computes(n);
  assert_int_equal(checked_unlink(&c, a, n), LG_UNLINKED | LG_SINK_FREED);
  assert_true(source() != n); /* its record is still in use */
  failed(n);
  assert_int_equal(source(), n);
  next_calls(sink, a, 1);
  next_is_done();
}

static void test_a_node_can_go_while_it_waits(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t top = computed_of(a, 0), bottom = computed_of(top, 0);
  uint32_t sink = listener_of(a);
  notify(a, 1);
  pull_computes(bottom, top);
  assert_int_equal(checked_unlink(&c, top, bottom), LG_UNLINKED | LG_SINK_FREED);
  changed(top, 2);
  pull_is_done(bottom);
  assert_int_equal(source(), bottom);
  next_calls(sink, a, 1);
  next_is_done();
}

static void test_a_waiting_node_does_not_go_to_an_unlinked_source(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t first = computed_of(a, 0), second = computed_of(a, 0), third = computed_of(a, 0);
  uint32_t bottom = stale(0);
  link_up(first, bottom);
  link_up(second, bottom);
  link_up(third, bottom);
  refresh(bottom);
  checked_touch(&c, a);
  pull_computes(bottom, first);
  checked_unlink(&c, second, bottom);
  checked_unlink(&c, first, bottom);
  unchanged(first);
  pull_computes(bottom, third);
  unchanged(third);
  pull_is_done(bottom);
}

static void test_a_node_without_edges_is_freed_by_hand(void **state) {
  (void)state;
  uint32_t n = stale(0);
  checked_free(&c, n);
  assert_int_equal(used(), 0);
  uint32_t again = stale(0);
  pull_computes(again, again);
  checked_free(&c, again); /* while it runs */
  unchanged(again);
  assert_int_equal(used(), 0);
}

static void test_a_held_node_stays_without_edges(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t n = stale(LG_HELD);
  link_up(a, n);
  assert_int_equal(checked_unlink(&c, a, n), LG_UNLINKED | LG_SOURCE_FREED);
  a = source();
  link_up(a, n);
  record(n)->node.flags &= ~LG_HELD;
  assert_int_equal(checked_unlink(&c, a, n), LG_UNLINKED | LG_SOURCE_FREED | LG_SINK_FREED);
}

/* Links 100,000 nodes to one, as its sources or its sinks, and takes them away from the first or
** the last on. With a walk along the long list it would take ten seconds. */
static void unlink_many(bool are_sources, bool is_reverse) {
  enum { COUNT = 100000 };
  static lg_record records[2 * COUNT + 10];
  lg_graph g;
  clock_t start = clock();
  lg_graph_init(&g, records, LG_STRIDE, LG_STRIDE * (sizeof records / sizeof *records));
  uint32_t one = lg_graph_node(&g, are_sources ? LG_LISTENER : 0);
  uint32_t first = one + LG_STRIDE;
  for (uint32_t i = 0; i < COUNT; i++)
    lg_graph_node(&g, are_sources ? 0 : LG_LISTENER);
  for (uint32_t i = 0; i < COUNT; i++) {
    uint32_t n = first + i * LG_STRIDE;
    lg_graph_link(&g, are_sources ? n : one, are_sources ? one : n);
  }
  for (uint32_t i = 0; i < COUNT; i++) {
    uint32_t n = first + (is_reverse ? COUNT - 1 - i : i) * LG_STRIDE;
    assert_true(lg_graph_unlink(&g, are_sources ? n : one, are_sources ? one : n));
  }
  assert_true(lg_graph_room(&g, 2 * COUNT + 9)); /* all of them */
  assert_true((clock() - start) / CLOCKS_PER_SEC < 5);
}

static void test_many_sources_can_be_unlinked_in_any_order(void **state) {
  (void)state;
  unlink_many(true, false);
  unlink_many(true, true);
}

static void test_many_sinks_can_be_unlinked_in_any_order(void **state) {
  (void)state;
  unlink_many(false, false);
  unlink_many(false, true);
}

/* ---- dynamic dependencies -------------------------------------------------------------------- */

static void test_the_same_reads_cost_no_new_records(void **state) {
  (void)state;
  uint32_t a = source(), b = source();
  uint32_t n = effect_of(a, b, 0);
  notify(a, 1);
  next_computes(n);
  uint32_t before = used();
  checked_track_begin(&c, n);
  track(n, a);
  track(n, a);
  track(n, b);
  track_end(n);
  assert_int_equal(used(), before);
  reads(n, a, b, 0);
  unchanged(n);
  next_is_done();
}

static void test_reads_are_added_dropped_and_reordered(void **state) {
  (void)state;
  uint32_t a = source(), b = source(), d = source();
  listener_of(a);
  listener_of(b);
  uint32_t n = reader_of(a, b, 0);
  reads(n, a, b, 0);
  checked_touch(&c, a);
  pull_computes(n, n);
  checked_track_begin(&c, n);
  track(n, a);
  track(n, d); /* between two that stay */
  track(n, b);
  assert_int_equal(track_end(n), 0);
  unchanged(n);
  reads(n, a, d, b);
  checked_touch(&c, a);
  pull_computes(n, n);
  checked_track_begin(&c, n);
  track(n, b);
  track(n, a);
  assert_int_equal(track_end(n), d);
  unchanged(n);
  reads(n, b, a, 0);
  checked_touch(&c, a);
  pull_computes(n, n);
  checked_track_begin(&c, n);
  assert_int_equal(track_end(n), 0);
  unchanged(n);
  reads(n, 0, 0, 0);
}

static void test_sources_are_dropped_one_by_one(void **state) {
  (void)state;
  uint32_t a = source(), b = source(), d = source();
  uint32_t n = reader_of(a, b, d);
  listener_of(b);
  checked_touch(&c, a);
  pull_computes(n, n);
  checked_track_begin(&c, n);
  assert_int_equal(checked_untrack(&c, n), LG_UNLINKED | LG_SOURCE_FREED);
  assert_int_equal(c.g.step.source, a);
  assert_int_equal(checked_untrack(&c, n), LG_UNLINKED);
  assert_int_equal(c.g.step.source, b);
  assert_int_equal(checked_untrack(&c, n), LG_UNLINKED | LG_SOURCE_FREED);
  assert_int_equal(c.g.step.source, d);
  assert_int_equal(checked_untrack(&c, n), 0);
  unchanged(n);
  next_is_done();
  assert_int_equal(flags(n) & LG_KIND, LG_COMPUTED | LG_DYNAMIC); /* it is still there */
}

static void test_a_track_says_whether_it_made_an_edge(void **state) {
  (void)state;
  uint32_t a = source(), b = source();
  uint32_t n = reader_of(a, 0, 0);
  listener_of(b);
  checked_touch(&c, a);
  pull_computes(n, n);
  checked_track_begin(&c, n);
  assert_false(checked_track(&c, n, a));
  assert_false(checked_track(&c, n, a));
  assert_true(checked_track(&c, n, b));
  assert_false(checked_track(&c, n, n));
  track_end(n);
  unchanged(n);
}

static void test_a_dropped_source_is_not_delivered(void **state) {
  (void)state;
  uint32_t a = source(), b = source();
  uint32_t effect = listener();
  checked_track_begin(&c, effect);
  track(effect, a);
  track(effect, b);
  track_end(effect);
  notify(a, 1);
  notify(b, 2);
  next_calls(effect, a, 1);
  checked_track_begin(&c, effect);
  track(effect, a);
  assert_int_equal(track_end(effect), b);
  next_is_done();
}

static void test_sources_behind_one_that_changed_are_not_computed(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t gate = computed_of(a, 0), costly = computed_of(a, 0);
  uint32_t n = reader_of(gate, costly, 0);
  checked_touch(&c, a);
  pull_computes(n, gate);
  changed(gate, 1);
  pull_computes(n, n);
  checked_track_begin(&c, n);
  track(n, gate);
  track_end(n);
  unchanged(n);
  next_is_done();
  assert_true(is_stale(costly));
  assert_false(is_stale(n));
}

static void test_sources_are_checked_as_long_as_none_changed(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t first = computed_of(a, 0), second = computed_of(a, 0);
  uint32_t n = reader_of(first, second, 0);
  checked_touch(&c, a);
  pull_computes(n, first);
  unchanged(first);
  pull_computes(n, second);
  unchanged(second);
  pull_is_done(n);
}

static void test_a_source_that_is_pulled_when_it_is_read_does_not_cause_another_run(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t top = computed_of(a, 0);
  uint32_t n = reader_of(a, top, 0);
  uint32_t sink = listener_of(n);
  uint32_t effect = listener_of(top);
  notify(a, 1);
  next_computes(top); /* its edge is older */
  unchanged(top);
  next_computes(n);
  checked_track_begin(&c, n);
  track(n, a);
  checked_touch(&c, a); /* top and n are stale again */
  track(n, a);
  pull_computes(top, top);
  changed(top, 2); /* n has not read it yet */
  track(n, top);
  track_end(n);
  changed(n, 3);
  next_computes(n); /* for `a`, which it had read */
  unchanged(n);
  next_calls(effect, top, 2);
  next_calls(sink, n, 3);
  next_is_done();

  notify(a, 4);
  pull_computes(n, n);
  checked_track_begin(&c, n);
  track(n, a);
  pull_computes(top, top);
  changed(top, 5);
  track(n, top);
  track_end(n);
  unchanged(n);
  assert_false(is_stale(n));
  next_calls(effect, top, 5);
  next_is_done();
}

static void test_a_write_before_the_read_does_not_cause_another_run(void **state) {
  (void)state;
  uint32_t a = source(), b = source();
  uint32_t n = effect_of(a, b, 0);
  checked_touch(&c, a);
  pull_computes(n, n);
  checked_track_begin(&c, n);
  notify(a, 1);
  track(n, a);
  notify(b, 2);
  track(n, b);
  track_end(n);
  unchanged(n);
  assert_false(is_stale(n));
  next_is_done();
  checked_touch(&c, a);
  pull_computes(n, n);
  checked_track_begin(&c, n);
  track(n, a);
  notify(a, 3);
  track(n, b);
  track_end(n);
  unchanged(n);
  next_computes(n);
  unchanged(n);
  next_is_done();
}

static void test_a_node_that_reads_what_is_not_current_stays_stale(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t top = computed_of(a, 0), middle = computed_of(top, 0);
  uint32_t n = reader_of(a, middle, 0);
  checked_touch(&c, a);
  pull_computes(n, n);
  checked_track_begin(&c, n);
  track(n, a);
  pull_computes(middle, top);
  failed(top);
  track(n, middle);
  track_end(n);
  unchanged(n);
  assert_true(is_stale(middle) && is_stale(n));
  pull_is_done(n);
  assert_false(is_stale(middle) || is_stale(n));
}

static void test_a_node_that_reads_itself_is_not_linked_to_itself(void **state) {
  (void)state;
  uint32_t n = stale(LG_DYNAMIC);
  pull_computes(n, n);
  checked_track_begin(&c, n);
  pull_finds_cycle(n, n);
  track(n, n);
  track_end(n);
  failed(n);
  reads(n, 0, 0, 0);
}

static void test_an_edge_can_go_while_it_is_the_last_one_read(void **state) {
  (void)state;
  uint32_t a = source(), b = source(), d = source();
  uint32_t n = reader_of(a, b, d);
  checked_touch(&c, a);
  pull_computes(n, n);
  checked_track_begin(&c, n);
  track(n, a);
  track(n, b);
  checked_unlink(&c, b, n);
  track(n, d);
  track_end(n);
  unchanged(n);
  reads(n, a, d, 0);
}

static void test_a_source_that_waits_can_be_dropped(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t outer = stale(0);
  uint32_t n = stale(LG_DYNAMIC);
  link_up(outer, n);
  pull_computes(outer, outer);
  pull_computes(n, n);
  checked_track_begin(&c, n);
  track(n, a);
  assert_int_equal(track_end(n), outer);
  unchanged(n);
  unchanged(outer);
  reads(n, a, 0, 0);
  assert_int_equal(c.g.top, 0);
}

/* ---- what nothing needs ---------------------------------------------------------------------- */

static void test_a_dynamic_node_without_sinks_is_not_computed(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t n = reader_of(a, 0, 0);
  notify(a, 1);
  next_is_done();
  assert_true(is_stale(n));
  pull_computes(n, n);
  run(n, a, 0, 0);
  unchanged(n);
}

static void test_what_is_not_dynamic_needs_its_sources(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t n = reader_of(a, 0, 0);
  uint32_t computed = computed_of(n, 0);
  notify(a, 1);
  next_computes(n);
  run(n, a, 0, 0);
  changed(n, 2);
  next_computes(computed);
  unchanged(computed);
  next_is_done();
  checked_unlink(&c, n, computed);
  uint32_t sink = listener_of(n);
  notify(a, 3);
  next_computes(n);
  run(n, a, 0, 0);
  changed(n, 4);
  next_calls(sink, n, 4);
  next_is_done();
}

/* Whether its end, a listener, is near enough to see that nobody can drop the first. */
static void test_what_is_read_first_is_computed_at_once_if_that_is_seen_near_it(void **state) {
  (void)state;
  for (uint32_t length = LG_NEAR; length <= LG_NEAR + 1; length++) {
    uint32_t a = source();
    uint32_t first = reader_of(a, 0, 0), last = first;
    uint32_t nodes[LG_NEAR + 1] = {first};
    for (uint32_t i = 1; i < length; i++)
      nodes[i] = last = reader_of(last, 0, 0);
    uint32_t sink = listener_of(last);
    notify(a, 1);
    next_computes(first);
    run(first, a, 0, 0);
    unchanged(first);
    next_is_done();
    /* Those below were asked before, and the last one pulled what is above it */
    assert_int_equal(is_stale(last), length == LG_NEAR);
    checked_unlink(&c, last, sink);
    for (uint32_t i = length; i-- > 1;)
      checked_unlink(&c, nodes[i - 1], nodes[i]);
    checked_unlink(&c, a, first);
  }
}

static void test_what_an_effect_no_longer_reads_is_not_computed(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t costly = reader_of(a, 0, 0), gate = reader_of(a, 0, 0);
  uint32_t effect = effect_of(gate, costly, 0);
  notify(a, 1); /* `costly` is the first to hear of it */
  next_computes(gate);
  run(gate, a, 0, 0);
  changed(gate, 2);
  next_computes(effect);
  run(effect, gate, 0, 0);
  unchanged(effect);
  next_is_done();
  assert_true(is_stale(costly));
  assert_false(is_stale(effect));
}

static void test_an_effect_is_found_below_what_does_not_need_its_sources(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t top = reader_of(a, 0, 0), middle = reader_of(top, 0, 0);
  uint32_t idle = reader_of(middle, 0, 0);
  uint32_t effect = effect_of(middle, 0, 0), second = effect_of(middle, 0, 0);
  for (uint32_t i = 0; i < 3; i++) {
    notify(a, i);
    next_computes(top);
    run(top, a, 0, 0);
    changed(top, 0);
    next_computes(middle);
    run(middle, top, 0, 0);
    changed(middle, 0);
    next_computes(effect);
    run(effect, middle, 0, 0);
    unchanged(effect);
    next_computes(second);
    run(second, middle, 0, 0);
    unchanged(second);
    next_is_done();
    assert_true(is_stale(idle));
  }
}

static void test_an_effect_whose_sources_stay_the_same_does_not_run(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t n = reader_of(a, 0, 0), effect = effect_of(n, 0, 0);
  notify(a, 1);
  next_computes(n);
  run(n, a, 0, 0);
  unchanged(n);
  next_is_done();
  assert_false(is_stale(effect));
}

static void test_in_a_ladder_each_is_asked_once(void **state) {
  (void)state;
  enum { RUNGS = 40 };
  uint32_t a = source();
  uint32_t last = reader_of(a, 0, 0);
  for (uint32_t i = 0; i < RUNGS; i++) {
    uint32_t left = reader_of(last, 0, 0), right = reader_of(last, 0, 0);
    last = reader_of(left, reader_of(right, 0, 0), 0); /* one arm is longer */
  }
  uint32_t before = used();
  notify(a, 1);
  next_is_done();
  assert_true(is_stale(last));
  assert_int_equal(used(), before);
  assert_true(ever_used() - before <= 2 * RUNGS); /* the most that waited */
}

static void test_what_was_asked_is_asked_again_after_a_failure(void **state) {
  (void)state;
  uint32_t a = source(), b = source();
  uint32_t first = reader_of(a, 0, 0), top = reader_of(b, 0, 0), second = reader_of(top, 0, 0);
  uint32_t effect = effect_of(first, second, 0);
  checked_touch(&c, a);
  notify(b, 1);
  next_computes(first);
  failed(first);
  next_is_done();
  assert_true(is_stale(top) && is_stale(second) && is_stale(effect));
  notify(b, 2);
  next_computes(top);
  run(top, b, 0, 0);
  unchanged(top);
  next_is_done();
  assert_false(is_stale(second) || is_stale(effect));
}

static void test_what_was_asked_is_asked_again_for_a_new_sink(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t top = reader_of(a, 0, 0), bottom = reader_of(top, 0, 0);
  notify(a, 1);
  next_is_done();
  uint32_t sink = listener_of(bottom);
  next_is_done();
  notify(a, 2);
  next_computes(top);
  run(top, a, 0, 0);
  changed(top, 3);
  next_computes(bottom);
  run(bottom, top, 0, 0);
  changed(bottom, 4);
  next_calls(sink, bottom, 4);
  next_is_done();
}

static void test_asking_around_a_cycle_comes_to_an_end(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t top = reader_of(a, 0, 0), first = reader_of(top, 0, 0), second = reader_of(first, 0, 0);
  effect_of(second, 0, 0);
  link_up(second, first);
  for (uint32_t i = 0; i < 3; i++) {
    notify(a, i);
    next_computes(top);
    run(top, a, 0, 0);
    unchanged(top);
    next_finds_cycle(second);
    next_is_done();
  }
}

static void test_the_count_of_rounds_may_wrap_around(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t n = reader_of(a, 0, 0), effect = effect_of(n, 0, 0);
  c.g.round = UINT32_MAX;
  for (uint32_t i = 0; i < 3; i++) {
    notify(a, i);
    next_computes(n);
    failed(n);
    next_is_done();
    assert_int_equal(c.g.round, 1 + i);
    refresh(effect);
  }
}

static void test_a_deferred_node_is_woken_once_until_it_is_pulled(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t n = reader_of(a, 0, 0), deferred = dynamic(LG_DEFERRED, n, 0, 0);
  for (uint32_t i = 0; i < 2; i++) {
    notify(a, 1);
    next_calls(deferred, n, 0);
    next_is_done();
    notify(a, 2);
    next_is_done();
    pull_computes(deferred, n);
    run(n, a, 0, 0);
    unchanged(n);
    pull_is_done(deferred);
  }
}

static void test_in_a_batch_an_effect_is_asked_again_after_its_call(void **state) {
  (void)state;
  uint32_t a = source(), b = source();
  uint32_t n = reader_of(a, 0, 0), effect = effect_of(b, n, 0);
  checked_batch_begin(&c);
  notify(b, 1);
  next_computes(effect);
  checked_track_begin(&c, effect);
  track(effect, b);
  track(effect, n);
  track_end(effect);
  notify(a, 2);
  unchanged(effect);
  next_computes(n);
  run(n, a, 0, 0);
  changed(n, 3);
  next_computes(effect);
  run(effect, b, n, 0);
  unchanged(effect);
  next_is_done();
  checked_batch_end(&c);
}

static void test_what_is_dropped_while_it_waits_to_be_asked_is_not_asked(void **state) {
  (void)state;
  uint32_t a = source(), b = source();
  uint32_t n = reader_of(a, 0, 0), effect = effect_of(b, n, 0);
  checked_batch_begin(&c);
  notify(a, 1);
  notify(b, 2);
  next_computes(effect);
  run(effect, b, 0, 0);
  unchanged(effect);
  next_is_done();
  checked_batch_end(&c);
  checked_unlink(&c, a, n);
  assert_int_equal(used(), 3); /* `b`, `effect` and their edge */
}

static void test_without_room_to_ask_a_node_is_computed(void **state) {
  (void)state;
  lg_record records[9];
  lg_graph g;
  lg_graph_init(&g, records, LG_STRIDE, 9 * LG_STRIDE);
  uint32_t a = lg_graph_node(&g, 0), listener = lg_graph_node(&g, LG_LISTENER);
  uint32_t n = lg_graph_node(&g, LG_COMPUTED | LG_DYNAMIC);
  uint32_t effect = lg_graph_node(&g, LG_COMPUTED | LG_DYNAMIC | LG_EFFECT);
  lg_graph_link(&g, a, n);
  lg_graph_link(&g, n, effect);
  lg_graph_link(&g, a, listener);
  lg_graph_notify(&g, a, 1);
  assert_false(lg_graph_room(&g, 1)); /* the notice goes on to the listener */
  assert_int_equal(lg_graph_next(&g), ~(int32_t)n);
  lg_graph_settle(&g, n, false);
  assert_int_equal(lg_graph_next(&g), listener);
  assert_int_equal(lg_graph_next(&g), LG_DONE);
}

/* ---- batches --------------------------------------------------------------------------------- */

static void test_a_batch_calls_a_listener_once_for_all_that_is_due(void **state) {
  (void)state;
  uint32_t a = source(), b = source();
  uint32_t both = listener_of(a), single = listener_of(b);
  link_up(b, both);
  checked_batch_begin(&c);
  notify(a, 1);
  notify(b, 2);
  notify(a, 3);
  next_calls(both, a, 1);
  next_calls(single, b, 2);
  next_is_done();
  checked_batch_end(&c);
  notify(b, 4);
  next_calls(single, b, 4);
  next_calls(both, b, 4);
  next_is_done();
}

static void test_a_batch_calls_a_listener_again_for_what_comes_after_its_call(void **state) {
  (void)state;
  uint32_t a = source(), b = source();
  uint32_t both = listener_of(a);
  link_up(b, both);
  uint32_t last = listener_of(b);
  checked_batch_begin(&c);
  notify(a, 1);
  notify(b, 2);
  next_calls(both, a, 1);
  notify(b, 3); /* its old notice does for it */
  next_calls(both, b, 2);
  next_calls(last, b, 2);
  next_is_done();
  checked_batch_end(&c);
}

static void test_a_batch_computes_once_for_all_writes(void **state) {
  (void)state;
  uint32_t a = source(), b = source();
  uint32_t n = computed_of(a, b);
  uint32_t sink = listener_of(n);
  checked_batch_begin(&c);
  notify(a, 1);
  notify(b, 2);
  next_computes(n);
  changed(n, 3);
  next_calls(sink, n, 3);
  next_is_done();
  checked_batch_end(&c);
}

static void test_a_pull_in_a_batch_does_not_end_it(void **state) {
  (void)state;
  uint32_t a = source(), b = source();
  uint32_t n = computed_of(a, b);
  uint32_t sink = listener_of(n);
  checked_batch_begin(&c);
  notify(a, 1);
  pull_computes(n, n);
  changed(n, 2);
  notify(b, 3);
  next_computes(n);
  changed(n, 4);
  next_calls(sink, n, 2);
  next_is_done();
  checked_batch_end(&c);
}

static void test_two_nodes_linked_twice_are_called_once_in_a_batch(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t first = listener_of(a), twice = listener_of(a);
  link_up(a, twice);
  uint32_t last = listener_of(a);
  checked_batch_begin(&c);
  assert_int_equal(lg_graph_cost(&c.g, a), 5);
  notify(a, 1);
  notify(a, 2);
  next_calls(first, a, 1);
  next_calls(twice, a, 1);
  next_calls(last, a, 1);
  next_is_done();
  checked_batch_end(&c);
  assert_int_equal(lg_graph_cost(&c.g, a), 1);
}

static void test_unlinking_one_of_two_in_a_batch_takes_back_the_call(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t twice = listener_of(a);
  link_up(a, twice);
  checked_batch_begin(&c);
  notify(a, 1);
  checked_unlink(&c, a, twice);
  next_is_done();
  notify(a, 2);
  next_calls(twice, a, 2);
  next_is_done();
  checked_batch_end(&c);
}

static void test_unlinking_in_a_batch_takes_back_what_is_due_between_the_two(void **state) {
  (void)state;
  uint32_t a = source(), b = source();
  uint32_t first = listener_of(a), second = listener_of(a), both = listener_of(b);
  link_up(a, both);
  link_up(a, both);
  checked_batch_begin(&c);
  notify(a, 1);
  notify(b, 2);
  checked_unlink(&c, a, both);
  next_calls(first, a, 1);
  next_calls(second, a, 1);
  next_calls(both, b, 2);
  next_is_done();
  checked_batch_end(&c);
}

static void test_a_batch_calls_a_sink_with_more_sources_than_the_source_has_sinks(void **state) {
  (void)state;
  uint32_t a = source(), b = source(), d = source();
  uint32_t all = listener_of(a);
  link_up(b, all);
  link_up(d, all);
  checked_batch_begin(&c);
  notify(d, 1);
  checked_unlink(&c, d, all);
  notify(b, 2);
  next_calls(all, b, 2);
  next_is_done();
  checked_batch_end(&c);
}

static void test_a_run_in_a_batch_that_drops_a_queued_edge_leaves_none_due(void **state) {
  (void)state;
  uint32_t a = source(), b = source();
  listener_of(b);
  uint32_t n = effect_of(b, a, 0);
  checked_touch(&c, b);
  pull_computes(n, n);
  checked_track_begin(&c, n);
  track(n, a); /* in front of the older edge */
  track(n, b);
  track(n, a);
  track_end(n);
  unchanged(n);
  reads(n, a, b, a);
  checked_batch_begin(&c);
  notify(a, 1); /* queues the older edge only */
  pull_computes(n, n);
  checked_track_begin(&c, n);
  track(n, a);
  track_end(n);
  unchanged(n);
  notify(a, 2);
  next_computes(n);
  unchanged(n);
  next_is_done();
  checked_batch_end(&c);
}

static void test_a_batch_amid_an_update_still_calls_what_it_did_not_touch(void **state) {
  (void)state;
  uint32_t a = source(), b = source();
  uint32_t first = listener_of(a), second = listener_of(a), other = listener_of(b);
  notify(a, 1);
  next_calls(first, a, 1);
  checked_batch_begin(&c);
  notify(b, 2);
  next_calls(second, a, 1);
  next_calls(other, b, 2);
  next_is_done();
  checked_batch_end(&c);
}

static void test_unlinking_in_a_batch_keeps_what_is_due_from_others(void **state) {
  (void)state;
  uint32_t a = source(), b = source();
  uint32_t both = listener_of(a);
  link_up(b, both);
  checked_batch_begin(&c);
  notify(a, 1);
  notify(b, 2);
  checked_unlink(&c, a, both);
  next_calls(both, b, 2);
  next_is_done();
  checked_batch_end(&c);
}

static void test_a_host_that_compares_is_asked_before_what_reads_a_written_source(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t n = computed_of(a, 0), sink = listener_of(n);
  c.g.compares = true;
  checked_batch_begin(&c);
  notify(a, 1);
  notify(a, 2);
  next_computes(a);
  checked_touch(&c, a);
  unchanged(a);
  next_computes(n);
  changed(n, 3);
  next_calls(sink, n, 3);
  next_is_done();
  checked_batch_end(&c);
}

static void test_what_reads_a_source_that_is_as_before_is_not_computed(void **state) {
  (void)state;
  uint32_t a = source(), b = source();
  uint32_t n = computed_of(a, b), effect = effect_of(a, n, 0), sink = listener_of(a);
  listener_of(n);
  c.g.compares = true;
  checked_batch_begin(&c);
  notify(a, 1);
  next_computes(a);
  unchanged(a);
  next_calls(sink, a, 1); /* a listener is called for each write all the same */
  next_is_done();
  checked_batch_end(&c);
  assert_false(is_stale(n));
  assert_false(is_stale(effect));
  notify(b, 2);
  next_computes(n);
  unchanged(n);
  next_is_done();
}

static void test_a_pull_in_a_batch_asks_for_what_was_written(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t n = reader_of(a, 0, 0), effect = effect_of(n, 0, 0);
  c.g.compares = true;
  checked_batch_begin(&c);
  notify(a, 1);
  pull_computes(n, a);
  checked_touch(&c, a);
  unchanged(a);
  pull_computes(n, n);
  run(n, a, 0, 0);
  changed(n, 2);
  pull_is_done(n);
  notify(a, 3); /* once more in the batch */
  assert_true(is_stale(a));
  next_computes(effect); /* because of the change before */
  checked_track_begin(&c, effect);
  pull_computes(n, a); /* it reads `n` */
  unchanged(a);
  pull_is_done(n);
  track(effect, n);
  track_end(effect);
  unchanged(effect);
  next_is_done();
  checked_batch_end(&c);
}

static void test_what_a_batch_leaves_suspected_is_asked_for_at_the_next_pull(void **state) {
  (void)state;
  uint32_t a = source(), b = source();
  uint32_t n = reader_of(a, b, 0);
  c.g.compares = true;
  checked_batch_begin(&c);
  notify(a, 1);
  next_is_done(); /* nothing needs `n` */
  checked_batch_end(&c);
  assert_true(is_stale(a));
  notify(b, 2);
  next_is_done();
  pull_computes(n, n);
  checked_track_begin(&c, n);
  pull_computes(a, a); /* it reads `a` */
  checked_touch(&c, a);
  unchanged(a);
  pull_is_done(a);
  track(n, a);
  track(n, b);
  track_end(n);
  unchanged(n);
  pull_is_done(n);
  assert_false(is_stale(n));
}

static void test_a_suspected_source_can_go(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t n = computed_of(a, 0);
  c.g.compares = true;
  checked_batch_begin(&c);
  notify(a, 1);
  pull_computes(n, a);
  assert_int_equal(checked_unlink(&c, a, n), LG_UNLINKED + LG_SOURCE_FREED + LG_SINK_FREED);
  unchanged(a);
  next_is_done();
  checked_batch_end(&c);
  assert_int_equal(used(), 0);
}

static void test_what_a_batch_leaves_in_the_queue_is_delivered_after_it(void **state) {
  (void)state;
  uint32_t a = source(), b = source();
  uint32_t both = listener_of(a);
  link_up(b, both);
  checked_batch_begin(&c);
  notify(a, 1);
  notify(b, 2);
  checked_batch_end(&c);
  next_calls(both, a, 1);
  next_calls(both, b, 2);
  next_is_done();
}

static void test_a_batch_amid_an_update_covers_what_waited_before(void **state) {
  (void)state;
  uint32_t a = source(), b = source();
  uint32_t first = listener_of(a), both = listener_of(a);
  link_up(b, both);
  notify(a, 1);
  next_calls(first, a, 1);
  checked_batch_begin(&c);
  notify(b, 2);
  next_calls(both, b, 2);
  next_is_done();
  checked_batch_end(&c);
}

static void test_batches_leave_nothing_behind(void **state) {
  (void)state;
  uint32_t a = source(), b = source();
  uint32_t both = listener_of(a);
  link_up(b, both);
  uint32_t before = used();
  for (uint32_t i = 0; i < 100; i++) {
    checked_batch_begin(&c);
    notify(a, i);
    notify(b, i);
    next_calls(both, a, i);
    next_is_done();
    checked_batch_end(&c);
    notify(b, i);
    next_calls(both, b, i);
    next_is_done();
    assert_int_equal(used(), before);
  }
}

static void test_the_count_of_batched_notices_may_wrap_around(void **state) {
  (void)state;
  uint32_t a = source(), b = source();
  uint32_t both = listener_of(a);
  link_up(b, both);
  c.g.serial = UINT32_MAX - 1;
  for (uint32_t i = 0; i < 3; i++) {
    checked_batch_begin(&c);
    notify(a, i);
    notify(b, i);
    notify(a, i);
    next_calls(both, a, i);
    next_is_done();
    checked_batch_end(&c);
  }
}

/* ---- memory ---------------------------------------------------------------------------------- */

static void test_a_full_graph_says_so_and_stays_as_it_was(void **state) {
  (void)state;
  lg_record records[5], copy[5];
  lg_graph g;
  memset(records, 0, sizeof records);
  lg_graph_init(&g, records, LG_STRIDE, 5 * LG_STRIDE);
  assert_true(lg_graph_room(&g, 4));
  assert_false(lg_graph_room(&g, 5));
  uint32_t a = lg_graph_node(&g, 0), sink = lg_graph_node(&g, LG_LISTENER);
  lg_graph_link(&g, a, sink);
  lg_graph_notify(&g, a, 1);
  lg_graph before = g;
  memcpy(copy, records, sizeof copy);
  assert_false(lg_graph_room(&g, 1));
  assert_true(lg_graph_room(&g, 0));
  assert_memory_equal(&before, &g, sizeof g);
  assert_memory_equal(copy, records, sizeof copy);
  assert_int_equal(lg_graph_next(&g), sink);
  assert_true(lg_graph_room(&g, 1));
  assert_false(lg_graph_room(&g, 2));
}

static void test_ids_begin_where_the_host_says(void **state) {
  (void)state;
  lg_record records[8];
  lg_graph g;
  lg_graph_init(&g, records, 5 * LG_STRIDE, 8 * LG_STRIDE);
  assert_true(lg_graph_room(&g, 3));
  assert_false(lg_graph_room(&g, 4));
  assert_int_equal(lg_graph_node(&g, 0), 5 * LG_STRIDE);
  assert_int_equal(lg_graph_node(&g, 0), 6 * LG_STRIDE);
}

static void test_the_records_can_move_at_any_time(void **state) {
  (void)state;
  uint32_t a = source();
  uint32_t top = computed_of(a, 0), bottom = computed_of(top, 0);
  uint32_t sink = listener_of(bottom);
  checked_move(&c, 1);
  notify(a, 1);
  checked_move(&c, 0);
  next_computes(top);
  checked_move(&c, 10);
  changed(top, 2);
  checked_move(&c, 0);
  next_computes(bottom);
  checked_move(&c, 0);
  changed(bottom, 3);
  checked_move(&c, 0);
  next_calls(sink, bottom, 3);
  next_is_done();
}

/* ---- the invariant itself -------------------------------------------------------------------- */

/* The fields that mean nothing in this state of a record, as bits. */
static uint32_t idle_words(uint32_t id) {
  const lg_graph *g = &c.g;
  for (uint32_t i = g->free; i; i = record(i)->edge.next_out) {
    if (i == id) return 0xFFu & ~(1u << 2);
  }
  for (uint32_t i = g->head; i; i = record(i)->notice.next) {
    if (i == id) return 0xE0u | (1u << 2) | (record(i)->notice.first ? 0 : 0x1Au);
  }
  for (uint32_t i = 0; i < c.count; i++) {
    if (c.nodes[i] != id) continue;
    bool is_walked = flags(id) & (LG_WAITING | LG_DYNAMIC);
    uint32_t cursor = is_walked ? 0 : 1u << 5;
    return (1u << 6) | (flags(id) & (LG_WAITING | LG_RUNNING) ? cursor : 0xA0u);
  }
  return 0xC0u; /* an edge */
}

/* A value that could be right: another kind of node, a walk that is at its end, an edge that is
** due. */
static bool is_plausible(uint32_t word, uint32_t value, uint32_t sound) {
  return (word == 3 && value == LG_COMPUTED && sound <= LG_LISTENER) || (word == 5 && value <= 1);
}

static void test_the_invariant_notices_every_broken_field(void **state) {
  (void)state;
  static const uint32_t values[] = {0, 1, 2, 3, 7, 9, 5, 15, 35, 45, 0x7FFFFFFF, UINT32_MAX};
  checked_move(&c, 64);
  memset(c.records, 0, 64 * sizeof(lg_record));
  uint32_t a = source(), b = source(), gone = source();
  uint32_t top = computed_of(a, b), bottom = computed_of(top, a);
  listener_of(bottom);
  listener_of(a);
  uint32_t last = listener_of(gone);
  notify(b, 1);
  notify(gone, 2);
  checked_unlink(&c, gone, last);
  pull_computes(bottom, top);
  uint32_t missed = 0;
  const char *what;
  for (uint32_t id = LG_STRIDE; id < c.g.fresh; id += LG_STRIDE) {
    uint32_t idle = idle_words(id);
    for (uint32_t w = 0; w < 8; w++) {
      uint32_t *word = (uint32_t *)record(id) + w;
      uint32_t sound = *word;
      for (uint32_t v = 0; v < sizeof values / sizeof *values; v++) {
        if (values[v] == sound) continue;
        *word = values[v];
        bool is_sound = lg_graph_check(&c.g, c.nodes, c.count, &what);
        if (is_sound && !(idle >> w & 1) && !is_plausible(w, values[v], sound)) {
          print_message("record %u word %u: %u for %u is not noticed\n", id, w, values[v], sound);
          missed++;
        }
        *word = sound;
      }
    }
  }
  assert_int_equal(missed, 0);
  assert_true(lg_graph_check(&c.g, c.nodes, c.count, &what));
  assert_false(lg_graph_check(&c.g, c.nodes, c.count - 1, &what)); /* a node is lost */
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      TEST(listeners_are_called_first_in_first_out),
      TEST(a_write_in_a_listener_waits_its_turn),
      TEST(a_sink_linked_after_the_notice_is_not_called_for_it),
      TEST(a_source_without_sinks_costs_nothing),
      TEST(two_nodes_linked_twice_are_called_twice),
      TEST(listeners_that_write_without_end_take_no_more_memory),
      TEST(a_new_computed_is_stale),
      TEST(a_source_is_always_current),
      TEST(a_computed_runs_before_its_listeners),
      TEST(a_diamond_is_computed_once_for_each_change),
      TEST(what_did_not_change_stops_the_update),
      TEST(sources_are_made_current_in_order_of_reading),
      TEST(a_pull_leaves_the_queue_alone),
      TEST(a_chain_of_100000_needs_no_recursion),
      TEST(a_change_that_nobody_is_called_for_only_marks),
      TEST(a_change_marks_every_branch_below),
      TEST(a_mark_comes_back_to_each_branch_that_it_left),
      TEST(a_source_that_gets_a_computed_sink_has_something_to_mark),
      TEST(a_delivered_node_waits_for_a_source_that_is_stale),
      TEST(a_delivered_node_none_of_whose_sources_changed_is_not_computed),
      TEST(below_a_stale_source_a_new_sink_is_stale),
      TEST(below_a_running_source_a_new_sink_is_stale),
      TEST(a_deferred_node_is_woken_and_computed_by_a_pull),
      TEST(a_deferred_source_is_computed_for_its_sink),
      TEST(a_running_node_can_pull_another),
      TEST(a_write_to_what_a_running_node_has_read_makes_it_run_again),
      TEST(a_node_is_stale_again_if_a_source_behind_it_is),
      TEST(a_source_linked_to_a_waiting_node_is_not_forgotten),
      TEST(settling_what_does_not_run_does_nothing),
      TEST(what_waits_for_a_failed_node_stays_stale),
      TEST(a_failed_pull_leaves_the_one_around_it_alone),
      TEST(a_node_that_fails_above_what_is_stale_again_stays_stale),
      TEST(a_cycle_is_reported_and_can_be_undone),
      TEST(a_node_that_pulls_itself_is_a_cycle),
      TEST(a_mark_goes_once_around_a_cycle),
      TEST(unlinking_frees_both_ends_that_are_alone),
      TEST(unlinking_what_is_not_linked_does_nothing),
      TEST(an_edge_is_found_from_either_end),
      TEST(records_are_used_again),
      TEST(an_unlinked_listener_is_not_called),
      TEST(an_emptied_notice_does_not_go_on_to_newer_sinks),
      TEST(a_source_can_go_while_it_is_queued),
      TEST(a_node_can_go_while_it_runs),
      TEST(a_node_can_go_while_it_waits),
      TEST(a_waiting_node_does_not_go_to_an_unlinked_source),
      TEST(a_node_without_edges_is_freed_by_hand),
      TEST(a_held_node_stays_without_edges),
      TEST(many_sources_can_be_unlinked_in_any_order),
      TEST(many_sinks_can_be_unlinked_in_any_order),
      TEST(the_same_reads_cost_no_new_records),
      TEST(reads_are_added_dropped_and_reordered),
      TEST(sources_are_dropped_one_by_one),
      TEST(a_track_says_whether_it_made_an_edge),
      TEST(a_dropped_source_is_not_delivered),
      TEST(sources_behind_one_that_changed_are_not_computed),
      TEST(sources_are_checked_as_long_as_none_changed),
      TEST(a_source_that_is_pulled_when_it_is_read_does_not_cause_another_run),
      TEST(a_write_before_the_read_does_not_cause_another_run),
      TEST(a_node_that_reads_what_is_not_current_stays_stale),
      TEST(a_node_that_reads_itself_is_not_linked_to_itself),
      TEST(an_edge_can_go_while_it_is_the_last_one_read),
      TEST(a_source_that_waits_can_be_dropped),
      TEST(a_dynamic_node_without_sinks_is_not_computed),
      TEST(what_is_not_dynamic_needs_its_sources),
      TEST(what_is_read_first_is_computed_at_once_if_that_is_seen_near_it),
      TEST(what_an_effect_no_longer_reads_is_not_computed),
      TEST(an_effect_is_found_below_what_does_not_need_its_sources),
      TEST(an_effect_whose_sources_stay_the_same_does_not_run),
      TEST(in_a_ladder_each_is_asked_once),
      TEST(what_was_asked_is_asked_again_after_a_failure),
      TEST(what_was_asked_is_asked_again_for_a_new_sink),
      TEST(asking_around_a_cycle_comes_to_an_end),
      TEST(the_count_of_rounds_may_wrap_around),
      TEST(a_deferred_node_is_woken_once_until_it_is_pulled),
      TEST(in_a_batch_an_effect_is_asked_again_after_its_call),
      TEST(what_is_dropped_while_it_waits_to_be_asked_is_not_asked),
      TEST(without_room_to_ask_a_node_is_computed),
      TEST(a_batch_calls_a_listener_once_for_all_that_is_due),
      TEST(a_batch_calls_a_listener_again_for_what_comes_after_its_call),
      TEST(a_batch_computes_once_for_all_writes),
      TEST(a_pull_in_a_batch_does_not_end_it),
      TEST(two_nodes_linked_twice_are_called_once_in_a_batch),
      TEST(unlinking_one_of_two_in_a_batch_takes_back_the_call),
      TEST(unlinking_in_a_batch_takes_back_what_is_due_between_the_two),
      TEST(a_batch_calls_a_sink_with_more_sources_than_the_source_has_sinks),
      TEST(a_run_in_a_batch_that_drops_a_queued_edge_leaves_none_due),
      TEST(a_batch_amid_an_update_still_calls_what_it_did_not_touch),
      TEST(unlinking_in_a_batch_keeps_what_is_due_from_others),
      TEST(a_host_that_compares_is_asked_before_what_reads_a_written_source),
      TEST(what_reads_a_source_that_is_as_before_is_not_computed),
      TEST(a_pull_in_a_batch_asks_for_what_was_written),
      TEST(what_a_batch_leaves_suspected_is_asked_for_at_the_next_pull),
      TEST(a_suspected_source_can_go),
      TEST(what_a_batch_leaves_in_the_queue_is_delivered_after_it),
      TEST(a_batch_amid_an_update_covers_what_waited_before),
      TEST(batches_leave_nothing_behind),
      TEST(the_count_of_batched_notices_may_wrap_around),
      TEST(a_full_graph_says_so_and_stays_as_it_was),
      TEST(ids_begin_where_the_host_says),
      TEST(the_records_can_move_at_any_time),
      TEST(the_invariant_notices_every_broken_field),
  };
#undef TEST
  return cmocka_run_group_tests(tests, NULL, NULL);
}
