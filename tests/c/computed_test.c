/*
** Computeds: when their functions run, what they depend on, and how they fail.
*/
#include "host.h"

/* ---- values ---------------------------------------------------------------------------------- */

static void a_computed_follows_its_sources(void **state) {
  (void)state;
  lg_store *a = atom(1), *b = atom(10);
  lg_store *l = listed("l", a, b);
  lg_store *t = tracked("t", a, b);
  noted("");
  assert_int_equal(get(l), 11);
  assert_int_equal(get(t), 11);
  noted("l 11; t 11");
  ok(set(a, 2));
  assert_int_equal(get(l), 12);
  assert_int_equal(get(t), 12);
  ok(set(b, 20));
  assert_int_equal(get(l), 22);
  assert_int_equal(get(t), 22);
  noted("l 12; t 12; l 22; t 22");
}

/* A read leaves it mounted for the delay. A tracked one is then computed when it is read, a listed
** one at once. */
static void a_read_mounts_a_computed_for_the_delay(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_store *l = listed(NULL, a, NULL);
  lg_store *t = tracked(NULL, a, NULL);
  get(l);
  get(t);
  assert_int_equal(lg_listener_count(a), 2);
  assert_true(lg_is_mounted(l) && lg_is_mounted(t));
  assert_int_equal(lg_next_deadline(lagoon), LG_UNMOUNT_DELAY);
  pass(LG_UNMOUNT_DELAY - 1);
  assert_int_equal(lg_listener_count(a), 2);
  pass(1);
  assert_int_equal(lg_listener_count(a), 0);
  assert_false(lg_is_mounted(l) || lg_is_mounted(t));
  assert_int_equal(lg_next_deadline(lagoon), LG_NEVER);
  assert_int_equal(stats().nodes, 0);
}

static void a_mounted_computed_runs_once_for_a_change_however_often_it_is_read(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_store *stores[] = {listed(NULL, a, NULL), tracked(NULL, a, NULL)};
  for (size_t i = 0; i < COUNT(stores); i++) {
    lg_listen(stores[i], on_change, "c");
    for (int n = 0; n < 3; n++)
      get(stores[i]);
    assert_int_equal(sum_of(stores[i])->runs, 1);
  }
  ok(set(a, 2));
  for (size_t i = 0; i < COUNT(stores); i++) {
    for (int n = 0; n < 3; n++)
      assert_int_equal(get(stores[i]), 2);
    assert_int_equal(sum_of(stores[i])->runs, 2);
  }
  noted("c 2<1; c 2<1");
}

static void an_unmounted_listed_computed_runs_again_only_if_its_sources_changed(void **state) {
  (void)state;
  lg_store *a = atom(1), *other = atom(1);
  lg_store *l = listed("l", a, NULL);
  get(l);
  pass(LG_UNMOUNT_DELAY);
  get(l);
  pass(LG_UNMOUNT_DELAY);
  ok(set(other, 2));
  get(l);
  pass(LG_UNMOUNT_DELAY);
  noted("l 1");
  ok(set(a, 2));
  assert_int_equal(get(l), 2);
  noted("l 2");
}

static void a_computed_that_was_unmounted_is_current_when_it_is_mounted_again(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_store *stores[] = {listed("l", a, NULL), tracked("t", a, NULL)};
  for (size_t i = 0; i < COUNT(stores); i++) {
    ok(set(a, 1));
    ok(lg_unlisten(lg_subscribe(stores[i], on_change, "c")));
    pass(LG_UNMOUNT_DELAY);
    ok(set(a, 2));
    lg_subscribe(stores[i], on_change, "c");
  }
  noted("l 1; c 1; l 2; c 2; l 1; c 1<2; t 1; c 1; l 2; c 2<1; t 2; c 2");
}

static void peek_does_not_depend(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_store *t = tracked("t", a, NULL);
  lg_listen(t, on_change, "on t");
  shows(lg_peek(t), "1");
  shows(lg_peek(a), "1");
  noted("t 1");
}

typedef struct peeker {
  lg_store *tracked;
  lg_store *peeked;
} peeker;

static lg_value add_peeked(lg_lagoon *l, void *ctx) {
  peeker *it = ctx;
  (void)l;
  return lg_int(lg_as_int(lg_get(it->tracked)) + lg_as_int(lg_peek(it->peeked)));
}

static void what_is_peeked_is_no_source(void **state) {
  (void)state;
  lg_store *a = atom(1), *b = atom(10);
  peeker it = {a, listed(NULL, b, NULL)};
  lg_store *t = lg_computed(lagoon, add_peeked, &it);
  lg_subscribe(t, on_change, "t");
  ok(set(b, 20));
  noted("t 11");
  ok(set(a, 2));
  noted("t 22<11");
}

static lg_value add_read(lg_lagoon *l, const lg_value *values, void *other) {
  (void)l;
  return lg_int(lg_as_int(values[0]) + lg_as_int(lg_get(other)));
}

static void what_a_listed_computed_reads_besides_is_no_source(void **state) {
  (void)state;
  lg_store *a = atom(1), *other = atom(10);
  lg_store *l = lg_computed_from(lagoon, &a, 1, add_read, other);
  lg_subscribe(l, on_change, "l");
  ok(set(other, 20));
  assert_int_equal(get(l), 11);
  ok(set(a, 2));
  noted("l 11; l 22<11");
}

/* ---- how often ------------------------------------------------------------------------------- */

static lg_value sign(lg_lagoon *l, const lg_value *values, void *ctx) {
  (void)l;
  note("%s %s", (const char *)ctx, show(values[0]));
  return lg_int(lg_as_int(values[0]) < 0 ? -1 : 1);
}

static lg_value sign_of(lg_lagoon *l, void *store) {
  lg_value value = lg_get(store);
  return sign(l, &value, "tracked sign");
}

static void an_equal_result_is_no_change(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_store *s = lg_computed_from(lagoon, &a, 1, sign, "sign");
  lg_store *ts = lg_computed(lagoon, sign_of, a);
  lg_store *below = listed("below", s, NULL);
  lg_store *below_tracked = tracked("below tracked", ts, NULL);
  lg_listen(s, on_change, "on sign");
  lg_listen(below, on_change, "on below");
  lg_listen(below_tracked, on_change, "on below tracked");
  noted("sign 1; below 1; tracked sign 1; below tracked 1");
  ok(set(a, 2));
  noted("sign 2; tracked sign 2");
  ok(set(a, -1));
  noted("sign -1; tracked sign -1; on sign -1<1; below -1; below tracked -1; on below -1<1; "
        "on below tracked -1<1");
}

static void a_diamond_runs_once_and_never_half_way(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_store *left = listed("left", a, NULL);
  lg_store *right = listed("right", a, left);
  lg_store *both = listed("both", left, right);
  lg_subscribe(both, on_change, "on both");
  noted("left 1; right 2; both 3; on both 3");
  ok(set(a, 2));
  noted("left 2; right 4; both 6; on both 6<3");
}

static void a_tracked_diamond_runs_once_and_never_half_way(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_store *left = tracked("left", a, NULL);
  lg_store *right = tracked("right", a, left);
  lg_store *both = tracked("both", left, right);
  lg_subscribe(both, on_change, "on both");
  noted("left 1; right 2; both 3; on both 3");
  ok(set(a, 2));
  noted("left 2; right 4; both 6; on both 6<3");
}

static void the_same_store_twice_in_the_list_is_one_change(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_store *l = listed("l", a, a);
  lg_store *t = tracked("t", a, a);
  lg_listener *listeners[] = {lg_listen(l, on_change, "on l"), lg_listen(t, on_change, "on t")};
  assert_int_equal(lg_listener_count(a), 3);
  noted("l 2; t 2");
  ok(set(a, 2));
  noted("l 4; t 4; on l 4<2; on t 4<2");
  ok(lg_unlisten(listeners[0]));
  ok(lg_unlisten(listeners[1]));
  pass(LG_UNMOUNT_DELAY);
  assert_int_equal(lg_listener_count(a), 0);
}

static lg_value biggest(lg_lagoon *l, const lg_value *values, void *count) {
  int64_t most = INT64_MIN;
  (void)l;
  for (size_t i = 0; i < *(size_t *)count; i++)
    if (lg_as_int(values[i]) > most) most = lg_as_int(values[i]);
  return lg_int(most);
}

static void a_computed_can_have_many_sources(void **state) {
  (void)state;
  static lg_store *stores[1000];
  size_t count = COUNT(stores);
  for (size_t i = 0; i < count; i++)
    stores[i] = atom((int64_t)i);
  lg_store *most = lg_computed_from(lagoon, stores, count, biggest, &count);
  shows(lg_get(most), "999");
  lg_listen(most, on_change, "most");
  ok(set(stores[0], 5000));
  noted("most 5000<999");
}

/* ---- dynamic dependencies -------------------------------------------------------------------- */

typedef struct choice {
  lg_store *is_open;
  lg_store *details;
  lg_store *others;
} choice;

static lg_value choose(lg_lagoon *l, void *ctx) {
  choice *it = ctx;
  (void)l;
  lg_store *chosen = lg_as_bool(lg_get(it->is_open)) ? it->details : it->others;
  return chosen ? lg_keep(lg_get(chosen)) : lg_int(0);
}

static void a_branch_that_is_not_read_is_not_computed(void **state) {
  (void)state;
  lg_store *is_open = lg_atom(lagoon, lg_bool(true));
  lg_store *a = atom(1);
  lg_store *details = tracked("details", a, is_open);
  choice it = {is_open, details, NULL};
  lg_store *chosen = lg_computed(lagoon, choose, &it);
  lg_listener *listener = lg_subscribe(chosen, on_change, "chosen");
  noted("details 1; chosen 1");
  ok(set(a, 2));
  noted("details 2; chosen 2<1");
  ok(lg_set(is_open, lg_bool(false)));
  noted("chosen 0<2");
  assert_int_equal(lg_listener_count(details), 0);
  ok(set(a, 3));
  ok(set(a, 4));
  noted("");
  ok(lg_set(is_open, lg_bool(true)));
  noted("details 4; chosen 4<0");
  ok(lg_unlisten(listener));
}

/* One update closes the branch and breaks what is in it: it must not be computed. */
static void a_branch_that_an_update_drops_is_not_computed_in_it(void **state) {
  (void)state;
  lg_store *is_open = lg_atom(lagoon, lg_bool(true));
  lg_store *deep = tracked("deep", is_open, NULL);
  lg_store *details = tracked("details", deep, NULL);
  choice it = {is_open, details, NULL};
  lg_store *chosen = lg_computed(lagoon, choose, &it);
  lg_subscribe(chosen, on_change, "chosen");
  noted("deep 0; details 0; chosen 0");
  ok(lg_set(is_open, lg_bool(false)));
  noted("");
  pass(LG_UNMOUNT_DELAY);
  pass(LG_UNMOUNT_DELAY);
  assert_false(lg_is_mounted(details) || lg_is_mounted(deep));
}

static void a_dependency_that_was_dropped_is_unmounted_after_the_delay(void **state) {
  (void)state;
  lg_store *is_open = lg_atom(lagoon, lg_bool(true));
  lg_store *a = atom(1), *b = atom(2);
  choice it = {is_open, a, b};
  lg_store *chosen = lg_computed(lagoon, choose, &it);
  lg_on_mount(a, on_event, on_end, "a");
  lg_on_stop(a, on_event, "a stops");
  lg_listen(chosen, on_change, "chosen");
  assert_int_equal(lg_listener_count(a), 1);
  noted("a");
  ok(lg_set(is_open, lg_bool(false)));
  noted("a stops; chosen 2<1");
  assert_int_equal(lg_listener_count(a), 0);
  assert_int_equal(lg_listener_count(b), 1);
  pass(LG_UNMOUNT_DELAY);
  noted("a");
}

typedef struct reader {
  lg_store **stores;
  size_t count;
  size_t from;
} reader;

static lg_value read_some(lg_lagoon *l, void *ctx) {
  reader *it = ctx;
  int64_t total = 0;
  (void)l;
  for (size_t i = it->from; i < it->count; i++)
    total += lg_as_int(lg_get(it->stores[i]));
  return lg_int(total);
}

static void dependencies_may_change_their_number_and_order(void **state) {
  (void)state;
  lg_store *stores[40];
  for (size_t i = 0; i < COUNT(stores); i++)
    stores[i] = atom(1);
  lg_store *again = atom(0);
  stores[0] = again;
  reader it = {stores, COUNT(stores), 0};
  lg_store *t = lg_computed(lagoon, read_some, &it);
  lg_listen(t, on_change, "t");
  uint32_t seed = 1;
  for (int round = 0; round < 200; round++) {
    seed = seed * 1664525u + 1013904223u;
    it.count = 1 + (seed >> 8) % COUNT(stores);
    for (size_t i = 1; i < COUNT(stores); i++) {
      seed = seed * 1664525u + 1013904223u;
      size_t other = 1 + (seed >> 8) % (COUNT(stores) - 1);
      lg_store *swapped = stores[i];
      stores[i] = stores[other];
      stores[other] = swapped;
    }
    ok(set(again, round + 1));
    assert_int_equal(get(t), round + 1 + (int)it.count - 1);
    host_check();
    size_t listeners = 0;
    for (size_t i = 0; i < COUNT(stores); i++)
      listeners += lg_listener_count(stores[i]);
    assert_int_equal(listeners, it.count);
  }
}

static void the_same_store_may_be_read_again_and_again(void **state) {
  (void)state;
  lg_store *a = atom(1), *b = atom(1);
  lg_store *stores[] = {a, b, a, b, a, b};
  reader it = {stores, COUNT(stores), 0};
  lg_store *t = lg_computed(lagoon, read_some, &it);
  lg_subscribe(t, on_change, "t");
  assert_int_equal(lg_listener_count(a) + lg_listener_count(b), 2);
  ok(set(a, 2));
  noted("t 6; t 9<6");
}

static void a_run_within_a_run_does_not_hide_what_was_read(void **state) {
  (void)state;
  lg_store *a = atom(1), *b = atom(2);
  lg_store *inner = tracked(NULL, a, b);
  lg_store *stores[] = {a, inner, a, b, inner, b};
  reader it = {stores, COUNT(stores), 0};
  lg_store *outer = lg_computed(lagoon, read_some, &it);
  lg_subscribe(outer, on_change, "outer");
  assert_int_equal(lg_listener_count(a), 2);
  assert_int_equal(lg_listener_count(b), 2);
  assert_int_equal(lg_listener_count(inner), 1);
  ok(set(b, 5));
  noted("outer 12; outer 24<12");
  assert_int_equal(lg_listener_count(a), 2);
}

static void a_computed_may_need_no_stores(void **state) {
  (void)state;
  reader it = {NULL, 0, 0};
  lg_store *t = lg_computed(lagoon, read_some, &it);
  lg_listener *listener = lg_subscribe(t, on_change, "t");
  ok(set(atom(1), 2));
  noted("t 0");
  ok(lg_unlisten(listener));
  pass(LG_UNMOUNT_DELAY);
  assert_int_equal(stats().nodes, 0);
}

/* ---- computeds that make and write ----------------------------------------------------------- */

static lg_value write_text(lg_lagoon *l, const lg_value *values, void *log) {
  (void)l;
  note("computes %s", show(values[0]));
  lg_set(log, values[0]);
  return values[0];
}

static void a_computed_may_write_to_other_stores(void **state) {
  (void)state;
  lg_store *a = atom(1), *log = atom(0);
  lg_listen(log, on_change, "log");
  lg_store *l = lg_computed_from(lagoon, &a, 1, write_text, log);
  shows(lg_get(l), "1");
  noted("computes 1; log 1<0");
  lg_listen(l, on_change, "l");
  ok(set(a, 2));
  noted("computes 2; log 2<1; l 2<1");
}

static lg_value raise_to_five(lg_lagoon *l, const lg_value *values, void *source) {
  int64_t value = lg_as_int(values[0]);
  (void)l;
  if (value < 5) set(source, value + 1);
  return lg_int(value);
}

static lg_value raise_tracked(lg_lagoon *l, void *source) {
  lg_value value = lg_get(source);
  return raise_to_five(l, &value, source);
}

static void a_computed_that_writes_to_its_own_source_ends_up_current(void **state) {
  (void)state;
  for (int is_tracked = 0; is_tracked < 2; is_tracked++) {
    lg_store *a = atom(1);
    lg_store *c = is_tracked ? lg_computed(lagoon, raise_tracked, a)
                             : lg_computed_from(lagoon, &a, 1, raise_to_five, a);
    lg_listener *listener = lg_listen(c, on_change, "c");
    host_check();
    assert_int_equal(get(c), 5);
    assert_int_equal(get(a), 5);
    ok(set(a, 2));
    assert_int_equal(get(a), 5);
    assert_int_equal(get(c), 5);
    host_check();
    ok(lg_unlisten(listener));
  }
}

/* What it returns is a store of its own for each value. */
static lg_value make_store(lg_lagoon *l, const lg_value *values, void *ctx) {
  lg_store *made = lg_atom(l, values[0]);
  (void)ctx;
  lg_listen(made, on_change, "made");
  lg_set(made, lg_int(lg_as_int(values[0]) * 2));
  lg_value result = lg_keep(lg_get(made));
  lg_store_release(made);
  return result;
}

static void a_computed_may_make_stores_and_listen(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_store *l = lg_computed_from(lagoon, &a, 1, make_store, NULL);
  lg_subscribe(l, on_change, "l");
  ok(set(a, 2));
  noted("made 2<1; l 2; made 4<2; l 4<2");
}

/* ---- failures -------------------------------------------------------------------------------- */

static void a_computed_that_fails_keeps_its_value_and_recovers(void **state) {
  (void)state;
  for (int is_tracked = 0; is_tracked < 2; is_tracked++) {
    lg_store *a = atom(1);
    lg_store *c = is_tracked ? tracked("c", a, NULL) : listed("c", a, NULL);
    lg_listener *listeners[] = {lg_listen(a, on_change, "a"), lg_listen(c, on_change, "on c"),
                                lg_listen(a, on_change, "a again")};
    noted("c 1");
    sum_of(c)->fails = true;
    fails_with(set(a, 2), LG_E_CALLBACK, "can't add");
    noted("a 2<1; c fails; a again 2<1");
    assert_int_equal(get(a), 2);
    if (is_tracked) {
      fails_with(lg_status_of(lg_get(c)), LG_E_CALLBACK, "can't add");
    } else {
      assert_int_equal(get(c), 1);
    }
    sum_of(c)->fails = false;
    ok(set(a, 3));
    noted("a 3<2; c 3; a again 3<2; on c 3<1");
    for (int i = 0; i < 3; i++)
      ok(lg_unlisten(listeners[i]));
  }
}

static void a_computed_that_fails_does_not_stop_its_siblings(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_store *bad = listed("bad", a, NULL), *good = listed("good", a, NULL);
  lg_listen(bad, on_change, "on bad");
  lg_listen(good, on_change, "on good");
  sum_of(bad)->fails = true;
  noted("bad 1; good 1");
  fails(set(a, 2), LG_E_CALLBACK);
  noted("bad fails; good 2; on good 2<1");
}

static void what_is_below_a_computed_that_fails_goes_on_with_its_value(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_store *bad = listed(NULL, a, NULL);
  lg_store *below = listed("below", bad, NULL);
  lg_store *beside = listed("beside", bad, a);
  lg_listen(below, on_change, "on below");
  lg_listen(beside, on_change, "on beside");
  noted("below 1; beside 2");
  sum_of(bad)->fails = true;
  fails(set(a, 2), LG_E_CALLBACK);
  noted("beside 3; on beside 3<2");
  assert_int_equal(get(below), 1);
  sum_of(bad)->fails = false;
  ok(set(a, 3));
  noted("beside 6; below 3; on beside 6<3; on below 3<1");
}

static void a_read_of_a_computed_that_fails_gives_the_failure(void **state) {
  (void)state;
  for (int is_tracked = 0; is_tracked < 2; is_tracked++) {
    lg_store *a = atom(1);
    lg_store *c = is_tracked ? tracked(NULL, a, NULL) : listed(NULL, a, NULL);
    sum_of(c)->fails = true;
    assert_int_equal(lg_status_of(lg_get(c)), LG_E_CALLBACK);
    fails_with(lg_last_status(lagoon), LG_E_CALLBACK, "can't add");
    host_check();
    sum_of(c)->fails = false;
    ok(set(a, 2));
    assert_int_equal(get(c), 2);
  }
}

static void a_failure_is_told_again_at_each_read(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_store *c = tracked(NULL, a, NULL), *below = tracked(NULL, c, NULL);
  sum_of(c)->fails = true;
  for (int i = 0; i < 3; i++) {
    fails_with(lg_status_of(lg_get(i ? below : c)), LG_E_CALLBACK, "can't add");
    fails_with(lg_status_of(lg_peek(c)), LG_E_CALLBACK, "can't add");
    fails(lg_set(c, lg_int(1)), LG_E_READONLY);
  }
  assert_int_equal(sum_of(c)->runs, 1);
  assert_int_equal(sum_of(below)->runs, 0);
  lg_store *l = listed("l", below, a);
  assert_int_equal(lg_status_of(lg_get(l)), LG_E_CALLBACK);
  sum_of(c)->fails = false;
  ok(set(a, 2));
  assert_int_equal(get(l), 4);
  noted("l 4");
}

/* Without memory for its text, only the status is told, with the name of the store. */
static void a_failure_needs_no_memory(void **state) {
  (void)state;
  lg_store *a = atom(1), *c = tracked(NULL, a, NULL);
  ok(lg_set_name(c, "sum"));
  assert_non_null(lg_keep_mount(c));
  ok(set(a, 2));
  sum_of(c)->fails = true;
  failing_after(&memory, 0);
  lg_status status = set(a, 3);
  assert_true(failing_stop(&memory));
  fails_with(status, LG_E_CALLBACK, "sum: a function of the host's failed");
  fails_with(lg_status_of(lg_get(c)), LG_E_CALLBACK, "sum: a function of the host's failed");
  sum_of(c)->fails = false;
  ok(set(a, 2));
  assert_int_equal(get(c), 2);
}

static void what_reads_a_failure_runs_again_when_there_is_none(void **state) {
  (void)state;
  lg_store *a = atom(1), *c = tracked(NULL, a, NULL);
  lg_store *below = tracked("below", c, NULL);
  lg_listen(c, on_change, "on c");
  lg_listen(below, on_change, "on below");
  noted("below 1");
  sum_of(c)->fails = true;
  fails_with(set(a, 2), LG_E_CALLBACK, "can't add");
  sum_of(c)->fails = false;
  ok(lg_notify(a));
  noted("on c 2<1; below 2; on below 2<1");
  sum_of(c)->fails = true;
  fails_with(set(a, 1), LG_E_CALLBACK, "can't add");
  sum_of(c)->fails = false;
  ok(set(a, 2));
  noted("below 2");
  assert_int_equal(get(below), 2);
}

static void a_batched_store_that_tracks_keeps_its_failure(void **state) {
  (void)state;
  lg_store *a = atom(1);
  sum it = {.count = 1, .stores = {a}};
  lg_store *late = lg_batched(lagoon, add_tracked, &it);
  lg_listen(late, on_change, "late");
  it.fails = true;
  ok(set(a, 2));
  fails_with(lg_run_timers(lagoon), LG_E_CALLBACK, "can't add");
  fails_with(lg_status_of(lg_get(late)), LG_E_CALLBACK, "can't add");
  fails_to_make(lg_listen(late, on_change, "too late"), LG_E_CALLBACK);
  assert_int_equal(it.runs, 2);
  it.fails = false;
  ok(set(a, 3));
  assert_non_null(lg_listen(late, on_change, "again"));
  noted("late 3<1");
  pass(0);
  noted("");
}

static void a_failure_goes_when_its_store_does(void **state) {
  (void)state;
  lg_store *a = atom(1), *c = tracked(NULL, a, NULL);
  sum_of(c)->fails = true;
  fails(lg_status_of(lg_get(c)), LG_E_CALLBACK);
  pass(LG_UNMOUNT_DELAY);
  assert_int_equal(lg_listener_count(a), 0);
  sum_of(c)->fails = false;
  assert_int_equal(get(c), 1);
  sum_of(c)->fails = true;
  fails(set(a, 2) ? lg_last_status(lagoon) : lg_status_of(lg_get(c)), LG_E_CALLBACK);
  lg_store_release(c);
  pass(LG_UNMOUNT_DELAY);
  assert_int_equal(stats().stores, 1);
}

static lg_value fail_with_syntax(lg_lagoon *l, const lg_value *values, void *ctx) {
  (void)l;
  (void)ctx;
  return lg_as_int(values[0]) ? lg_failed(LG_E_SYNTAX) : lg_int(0);
}

static void a_failed_value_is_the_failure_of_the_computed(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_store *c = lg_computed_from(lagoon, &a, 1, fail_with_syntax, NULL);
  ok(lg_set_name(c, "deep"));
  lg_listen(c, on_change, "c");
  fails_with(set(a, 1), LG_E_SYNTAX, "deep: the text can't be read");
  assert_int_equal(get(c), 0);
  lg_store *below = tracked(NULL, c, NULL);
  assert_int_equal(get(below), 0);
  ok(set(a, 0));
}

static void a_computed_that_fails_when_it_is_mounted_can_be_listened_to_again(void **state) {
  (void)state;
  for (int is_tracked = 0; is_tracked < 2; is_tracked++) {
    lg_store *a = atom(1);
    lg_store *c = is_tracked ? tracked(NULL, a, NULL) : listed(NULL, a, NULL);
    sum_of(c)->fails = true;
    fails_to_make(lg_listen(c, on_change, "c"), LG_E_CALLBACK);
    assert_int_equal(lg_listener_count(c), 0);
    host_check();
    sum_of(c)->fails = false;
    if (is_tracked) {
      fails_to_make(lg_listen(c, on_change, "c"), LG_E_CALLBACK);
      ok(set(a, 1));
      ok(set(a, 0));
    }
    lg_listener *listener = lg_subscribe(c, on_change, "c");
    assert_non_null(listener);
    ok(set(a, 2));
    noted(is_tracked ? "c 0; c 2<0" : "c -; c 2");
    ok(lg_unlisten(listener));
    pass(LG_UNMOUNT_DELAY);
    assert_int_equal(lg_listener_count(a), 0);
  }
}

static lg_value fail_with_result(lg_lagoon *l, const lg_value *values, void *ctx) {
  (void)values;
  (void)ctx;
  lg_fail(l, NULL);
  return lg_string(l, "a result that nobody will see and that is long");
}

static void what_a_failing_computed_returned_is_released(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_store *c = lg_computed_from(lagoon, &a, 1, fail_with_result, NULL);
  assert_int_equal(lg_status_of(lg_get(c)), LG_E_CALLBACK);
  assert_string_equal(lg_last_error(lagoon), "failed");
}

static void a_computed_of_one_that_fails_fails_with_it(void **state) {
  (void)state;
  lg_store *a = atom(1), *b = atom(1);
  lg_store *bad = listed(NULL, a, NULL);
  lg_store *l = listed(NULL, b, bad);
  lg_store *t = tracked(NULL, b, bad);
  sum_of(bad)->fails = true;
  assert_int_equal(lg_status_of(lg_get(l)), LG_E_CALLBACK);
  pass(LG_UNMOUNT_DELAY);
  ok(set(a, 2));
  assert_int_equal(lg_status_of(lg_get(t)), LG_E_CALLBACK);
  host_check();
  sum_of(bad)->fails = false;
  ok(set(a, 3));
  assert_int_equal(get(l), 4);
  assert_int_equal(get(t), 4);
}

static lg_value write_and_fail(lg_lagoon *l, const lg_value *values, void *log) {
  lg_set(log, values[0]);
  if (lg_as_int(values[0]) > 1) lg_fail(l, "after the write");
  return values[0];
}

static void what_a_computed_wrote_before_it_failed_is_delivered(void **state) {
  (void)state;
  lg_store *a = atom(1), *log = atom(0);
  lg_listen(log, on_change, "log");
  lg_store *bad = lg_computed_from(lagoon, &a, 1, write_text, log);
  lg_store *below = listed(NULL, bad, NULL);
  sum_of(below)->fails = true;
  assert_int_equal(lg_status_of(lg_get(below)), LG_E_CALLBACK);
  noted("computes 1; log 1<0");
  lg_store *b = atom(2);
  bad = lg_computed_from(lagoon, &b, 1, write_and_fail, log);
  fails_to_make(lg_listen(bad, on_change, "bad"), LG_E_CALLBACK);
  noted("log 2<1");
}

static void what_it_wrote_before_it_failed_in_a_read_is_delivered(void **state) {
  (void)state;
  lg_store *a = atom(1), *log = atom(0);
  lg_listen(log, on_change, "log");
  lg_store *late = lg_batched_from(lagoon, &a, 1, write_and_fail, log);
  lg_listen(late, on_change, "late");
  ok(set(a, 2));
  noted("log 1<0");
  assert_int_equal(lg_status_of(lg_get(late)), LG_E_CALLBACK);
  assert_string_equal(lg_last_error(lagoon), "after the write");
  noted("log 2<1");
}

/* ---- reads in the middle --------------------------------------------------------------------- */

static void read_both(const lg_change *change, void *ctx) {
  lg_store **stores = ctx;
  (void)change;
  note("%d %d", (int)get(stores[1]), (int)get(stores[0]));
}

static void a_computed_that_is_read_in_an_update_is_current(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_store *stores[2];
  stores[0] = listed(NULL, a, a);
  stores[1] = tracked(NULL, stores[0], stores[0]);
  lg_listen(a, read_both, stores);
  lg_listen(stores[1], on_change, "four");
  ok(set(a, 2));
  noted("8 4; four 8<4");
  assert_int_equal(sum_of(stores[0])->runs, 2);
}

static void a_computed_that_is_read_in_a_batch_is_current(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_store *l = listed(NULL, a, a), *t = tracked(NULL, a, l);
  lg_listen(l, on_change, "l");
  lg_listen(t, on_change, "t");
  ok(lg_batch_begin(lagoon));
  ok(set(a, 2));
  assert_int_equal(get(l), 4);
  assert_int_equal(get(t), 6);
  ok(set(a, 3));
  assert_int_equal(get(t), 9);
  noted("");
  ok(lg_batch_end(lagoon));
  noted("l 6<2; t 9<3");
}

static lg_value begin_and_end(lg_lagoon *l, const lg_value *values, void *late) {
  (void)l;
  note("begins");
  lg_get(late);
  note("ends");
  return values[0];
}

static void no_listener_is_called_while_a_computed_is_half_way(void **state) {
  (void)state;
  lg_store *a = atom(1), *other = atom(1);
  lg_store *late = lg_batched_from(lagoon, &a, 1, add_listed, &(sum){.count = 1});
  lg_listen(late, on_change, "late");
  lg_store *l = lg_computed_from(lagoon, &other, 1, begin_and_end, late);
  lg_listen(l, on_change, "l");
  noted("begins; ends");
  ok(set(a, 2));
  ok(set(other, 2));
  noted("begins; ends; late 2<1; l 2<1");
}

/* ---- batched --------------------------------------------------------------------------------- */

static void a_batched_store_runs_once_for_many_changes(void **state) {
  (void)state;
  lg_store *a = atom(1), *b = atom(1);
  lg_store *const list[] = {a, b};
  sum it = {.name = "late", .count = 2, .stores = {a, b}};
  lg_store *stores[] = {lg_batched_from(lagoon, list, 2, add_listed, &it),
                        lg_batched(lagoon, add_tracked, &it)};
  for (int i = 0; i < 2; i++) {
    lg_listener *listener = lg_subscribe(stores[i], on_change, "on late");
    noted(i ? "late 5; on late 5" : "late 2; on late 2");
    assert_int_equal(lg_next_deadline(lagoon), LG_NEVER);
    ok(set(a, 5));
    ok(set(b, 2));
    ok(set(a, 3));
    noted("");
    assert_int_equal(lg_next_deadline(lagoon), the_time);
    ok(lg_run_timers(lagoon));
    noted(i ? "late 5" : "late 5; on late 5<2"); /* only a listed one compares */
    ok(set(a, 4));
    shows(lg_get(stores[i]), "6");
    noted("late 6; on late 6<5");
    pass(0);
    noted("");
    ok(lg_unlisten(listener));
    ok(set(a, 3));
    pass(LG_UNMOUNT_DELAY);
    noted("late 5");
  }
}

static void a_computed_below_a_batched_store_waits_with_it(void **state) {
  (void)state;
  lg_store *a = atom(1);
  sum it = {.count = 1, .stores = {a}};
  lg_store *late = lg_batched(lagoon, add_tracked, &it);
  lg_store *text_of = listed("text", late, NULL);
  lg_listen(text_of, on_change, "on text");
  ok(set(a, 2));
  ok(set(a, 3));
  noted("text 1");
  pass(0);
  noted("text 3; on text 3<1");
}

static void batched_stores_that_depend_on_one_another_follow_in_turn(void **state) {
  (void)state;
  lg_store *a = atom(1);
  sum it = {.count = 1, .stores = {a}};
  lg_store *first = lg_batched_from(lagoon, &a, 1, add_listed, &it);
  lg_store *second = lg_batched_from(lagoon, &first, 1, add_listed, &it);
  lg_listen(first, on_change, "first");
  lg_listen(second, on_change, "second");
  ok(set(a, 2));
  pass(0);
  noted("first 2<1");
  pass(0);
  noted("second 2<1");
}

static void a_batched_store_that_waits_can_be_unmounted(void **state) {
  (void)state;
  lg_store *a = atom(1);
  sum it = {.count = 1, .stores = {a}};
  lg_store *late = lg_batched_from(lagoon, &a, 1, add_listed, &it);
  lg_listener *listener = lg_listen(late, on_change, "late");
  ok(set(a, 2));
  ok(lg_unlisten(listener));
  pass(LG_UNMOUNT_DELAY);
  assert_int_equal(lg_listener_count(a), 0);
  ok(set(a, 3));
  pass(LG_UNMOUNT_DELAY);
  assert_int_equal(it.runs, 2);
  lg_store_release(late);
  assert_int_equal(lg_next_deadline(lagoon), LG_NEVER);
}

static void a_batched_store_that_waits_may_be_released(void **state) {
  (void)state;
  lg_store *a = atom(1);
  sum it = {.count = 1, .stores = {a}};
  lg_store *late = lg_batched_from(lagoon, &a, 1, add_listed, &it);
  ok(lg_on_destroy(late, on_end, "late is gone"));
  shows(lg_get(late), "1");
  ok(set(a, 2));
  lg_store_release(late);
  assert_int_equal(lg_next_deadline(lagoon), 0);
  pass(LG_UNMOUNT_DELAY);
  noted("late is gone");
  assert_int_equal(lg_next_deadline(lagoon), LG_NEVER);
}

static void a_batched_store_that_fails_tells_it_to_the_timers(void **state) {
  (void)state;
  lg_store *a = atom(1);
  sum it = {.count = 1, .stores = {a}};
  lg_store *late = lg_batched_from(lagoon, &a, 1, add_listed, &it);
  lg_listen(late, on_change, "late");
  it.fails = true;
  ok(set(a, 2));
  fails_with(lg_run_timers(lagoon), LG_E_CALLBACK, "can't add");
  it.fails = false;
  ok(set(a, 3));
  pass(0);
  noted("late 3<1");
}

/* ---- long chains ----------------------------------------------------------------------------- */

#define LONG 100000

/* A chain of computeds, of which each counts its runs in the same sum. */
static lg_store *chain(lg_store *source, sum *counter, size_t length) {
  lg_store *last = source;
  for (size_t i = 0; i < length; i++) {
    lg_store *next = lg_computed_from(lagoon, &last, 1, add_listed, counter);
    assert_non_null(next);
    if (i) lg_store_release(last);
    last = next;
  }
  return last;
}

static void a_long_chain_can_be_mounted_updated_unmounted_and_freed(void **state) {
  (void)state;
  sum counter = {.count = 1};
  lg_store *a = atom(1);
  lg_store *last = chain(a, &counter, LONG);
  lg_listener *listener = lg_subscribe(last, on_change, "last");
  noted("last 1");
  assert_int_equal(counter.runs, LONG);
  ok(set(a, 2));
  noted("last 2<1");
  assert_int_equal(counter.runs, 2 * LONG);
  ok(lg_batch_begin(lagoon));
  ok(set(a, 3));
  assert_int_equal(get(last), 3);
  ok(lg_batch_end(lagoon));
  noted("last 3<2");
  assert_int_equal(stats().nodes, LONG + 2);
  ok(lg_unlisten(listener));
  lg_store_release(last);
  for (size_t i = 0; i < LONG; i++) {
    the_time += LG_UNMOUNT_DELAY;
    ok(lg_run_timers(lagoon));
  }
  assert_int_equal(stats().stores, 1);
  assert_int_equal(stats().nodes, 0);
  assert_int_equal(counter.runs, 3 * LONG);
}

static void a_long_chain_can_be_read_without_listeners(void **state) {
  (void)state;
  sum counter = {.count = 1};
  lg_store *a = atom(1);
  lg_store *last = chain(a, &counter, LONG);
  assert_int_equal(get(last), 1);
  assert_int_equal(counter.runs, LONG);
  ok(set(a, 2));
  assert_int_equal(get(last), 2);
  assert_int_equal(counter.runs, 2 * LONG);
}

static void a_long_chain_can_be_freed_without_being_mounted(void **state) {
  (void)state;
  sum counter = {.count = 1};
  lg_store *a = atom(1);
  lg_store *last = chain(a, &counter, LONG);
  lg_store_release(last);
  assert_int_equal(stats().stores, 1);
  assert_int_equal(counter.runs, 0);
}

static void a_long_chain_below_a_computed_that_fails(void **state) {
  (void)state;
  sum counter = {.count = 1};
  lg_store *a = atom(1);
  lg_store *bad = listed(NULL, a, NULL);
  lg_store *last = chain(bad, &counter, 1000);
  sum_of(bad)->fails = true;
  assert_int_equal(lg_status_of(lg_get(last)), LG_E_CALLBACK);
  fails(lg_last_status(lagoon), LG_E_CALLBACK);
  host_check();
  sum_of(bad)->fails = false;
  ok(set(a, 2));
  assert_int_equal(get(last), 2);
  host_check();
}

static void a_long_chain_of_tracked_ones_is_updated(void **state) {
  (void)state;
  enum { TRACKED = 20000 };
  static sum its[TRACKED];
  lg_store *a = atom(1);
  lg_store *last = a;
  for (size_t i = 0; i < TRACKED; i++) {
    its[i] = (sum){.count = 1, .stores = {last}};
    last = lg_computed(lagoon, add_tracked, &its[i]);
    assert_int_equal(get(last), 1);
  }
  lg_listen(last, on_change, "last");
  ok(set(a, 2));
  noted("last 2<1");
  for (size_t i = 0; i < TRACKED; i++)
    assert_int_equal(its[i].runs, 2);
}

/* Both sides of each diamond are read from below, though each is met twice. */
static void a_long_ladder_of_diamonds_is_read_in_linear_time(void **state) {
  (void)state;
  enum { STEPS = 2000 };
  sum one = {.count = 1}, two = {.count = 2};
  lg_store *top = atom(0);
  for (int i = 0; i < STEPS; i++) {
    lg_store *sides[] = {lg_computed_from(lagoon, &top, 1, add_listed, &one),
                         lg_computed_from(lagoon, &top, 1, add_listed, &one)};
    top = lg_computed_from(lagoon, sides, 2, add_listed, &two);
  }
  assert_int_equal(get(top), 0);
  assert_int_equal(one.runs, 2 * STEPS);
  assert_int_equal(two.runs, STEPS);
}

/* ---- more than a few sources ----------------------------------------------------------------- */

/* Seven stores, all 1, and what is computed of them. */
static lg_store *wide(lg_store **sources, sum *it) {
  lg_store *all[7];
  *it = (sum){.name = "wide", .count = 7};
  for (size_t i = 0; i < COUNT(all); i++)
    all[i] = atom(1);
  *sources = all[6];
  return lg_computed_from(lagoon, all, COUNT(all), add_listed, it);
}

static void a_wide_computed_is_as_others(void **state) {
  (void)state;
  sum it;
  lg_store *last;
  lg_store *c = wide(&last, &it);
  assert_int_equal(get(c), 7);
  noted("wide 7");
  lg_listen(c, on_change, "c");
  it.fails = true;
  fails_with(set(last, 2), LG_E_CALLBACK, "can't add");
  assert_int_equal(get(c), 7);
  it.fails = false;
  ok(set(last, 3));
  noted("wide fails; wide 9; c 9<7");
  ok(lg_notify(last));
  noted("");
  assert_int_equal(it.runs, 3);
}

static lg_value fail_wide(lg_lagoon *l, const lg_value *values, void *ctx) {
  (void)l;
  (void)ctx;
  return lg_as_int(values[5]) ? lg_failed(LG_E_DEPTH) : lg_int(1);
}

static void forbid(lg_event *event, void *ctx) {
  (void)ctx;
  event->abort = lg_as_int(event->new_value) > 10;
}

static void a_wide_computed_fails_as_others(void **state) {
  (void)state;
  lg_store *stores[6], *bad = listed(NULL, atom(1), NULL);
  for (size_t i = 0; i < COUNT(stores); i++)
    stores[i] = atom((int64_t)i);
  lg_store *c = lg_computed_from(lagoon, stores, COUNT(stores), fail_wide, NULL);
  assert_int_equal(lg_status_of(lg_get(c)), LG_E_DEPTH);
  sum_of(bad)->fails = true;
  stores[5] = bad;
  c = lg_computed_from(lagoon, stores, COUNT(stores), fail_wide, NULL);
  assert_int_equal(lg_status_of(lg_get(c)), LG_E_CALLBACK);
  fails_to_make(lg_listen(lg_computed_from(lagoon, (lg_store *const[]){listed(NULL, bad, NULL), c},
                                           2, fail_with_result, NULL),
                          on_change, "c"),
                LG_E_CALLBACK);
  sum it;
  lg_store *last;
  c = wide(&last, &it);
  lg_on_set(c, forbid, NULL);
  lg_listen(c, on_change, "c");
  ok(set(last, 9));
  assert_int_equal(get(c), 7);
  noted("wide 7; wide 15");
}

static lg_value make_text(lg_lagoon *l, const lg_value *values, void *ctx) {
  (void)ctx;
  return lg_string(l, lg_as_int(values[5]) ? "a text that is long enough for the heap" : "short");
}

static void a_wide_computed_may_have_a_value_on_the_heap(void **state) {
  (void)state;
  lg_store *stores[6];
  for (size_t i = 0; i < COUNT(stores); i++)
    stores[i] = lg_atom(lagoon, lg_string(lagoon, "a text that is long enough for the heap"));
  stores[5] = atom(1);
  lg_store *c = lg_computed_from(lagoon, stores, COUNT(stores), make_text, NULL);
  lg_listen(c, on_change, "c");
  ok(set(stores[5], 0));
  ok(set(stores[5], 1));
  noted("c 'short'<'a text that is long enough for the heap'; "
        "c 'a text that is long enough for the heap'<'short'");
}

/* ---- what a run reads, and what runs within it ------------------------------------------------ */

typedef struct nest {
  lg_store *first, *second;
  lg_listener *effect;
} nest;

static lg_value peek_then_get(lg_lagoon *l, void *ctx) {
  nest *it = ctx;
  (void)l;
  return lg_int(lg_as_int(lg_peek(it->second)) * 10 + lg_as_int(lg_get(it->first)));
}

static void what_a_peek_read_is_not_read(void **state) {
  (void)state;
  lg_store *a = atom(1);
  nest it = {a, tracked(NULL, a, NULL), NULL};
  lg_store *c = lg_computed(lagoon, peek_then_get, &it);
  lg_subscribe(c, on_change, "c");
  assert_int_equal(lg_listener_count(a), 2);
  ok(set(a, 2));
  noted("c 11; c 22<11");
}

static void read_first(lg_lagoon *l, void *ctx) {
  (void)l;
  lg_get(((nest *)ctx)->first);
}

static lg_value effect_then_get(lg_lagoon *l, void *ctx) {
  nest *it = ctx;
  ok(lg_unlisten(lg_effect(l, read_first, ctx)));
  return lg_keep(lg_get(it->first));
}

static void what_an_effect_within_read_is_not_read(void **state) {
  (void)state;
  nest it = {atom(1), NULL, NULL};
  lg_store *c = lg_computed(lagoon, effect_then_get, &it);
  lg_subscribe(c, on_change, "c");
  assert_int_equal(lg_listener_count(it.first), 1);
  ok(set(it.first, 2));
  noted("c 1; c 2<1");
}

/* ---- long chains of both kinds ---------------------------------------------------------------- */

static void a_long_chain_above_a_tracked_computed(void **state) {
  (void)state;
  sum counter = {.count = 1};
  lg_store *a = atom(1);
  lg_store *last = chain(tracked("t", a, NULL), &counter, 1000);
  assert_int_equal(get(last), 1);
  lg_listen(last, on_change, "last");
  ok(set(a, 2));
  noted("t 1; t 2; last 2<1");
  assert_int_equal(counter.runs, 2000);
}

static lg_value read_other(lg_lagoon *l, const lg_value *values, void *store) {
  lg_store *other = *(lg_store **)store;
  lg_value value = other ? lg_get(other) : values[0];
  if (lg_is_failed(value)) return value;
  (void)l;
  return lg_keep(value);
}

static void a_cycle_below_a_long_chain(void **state) {
  (void)state;
  sum counter = {.count = 1};
  lg_store *other = NULL;
  lg_store *a = atom(1);
  lg_store *bottom = lg_computed_from(lagoon, &a, 1, read_other, &other);
  lg_store *last = chain(bottom, &counter, 500);
  other = listed(NULL, bottom, NULL);
  assert_int_equal(lg_status_of(lg_get(last)), LG_E_CYCLE);
  host_check();
  other = NULL;
  ok(set(a, 2));
  assert_int_equal(get(last), 2);
}

/* A listed computed waits for its source, whose function reads it. */
static void a_source_that_reads_what_waits_for_it_is_a_cycle(void **state) {
  (void)state;
  lg_store *other = NULL;
  lg_store *a = atom(1);
  lg_store *source = lg_computed_from(lagoon, &a, 1, read_other, &other);
  lg_store *below = listed("below", source, NULL);
  ok(lg_set_name(source, "source"));
  lg_store *b = atom(1);
  lg_store *bottom = listed("bottom", b, below);
  lg_listen(bottom, on_change, "on bottom");
  noted("below 1; bottom 2");
  other = below;
  fails_with(set(a, 2), LG_E_CYCLE,
             "source: the computed depends on itself; let its function read other stores");
  noted("");
  other = NULL;
  ok(set(a, 3));
  noted("below 3; bottom 4; on bottom 4<2");
}

static void tracked_computeds_that_read_each_other_too_deep_are_an_error(void **state) {
  (void)state;
  enum { TOO_DEEP = 2500 };
  static sum its[TOO_DEEP];
  static lg_store *stores[TOO_DEEP];
  lg_store *last = atom(1);
  for (size_t i = 0; i < TOO_DEEP; i++) {
    its[i] = (sum){.count = 1, .stores = {last}};
    last = stores[i] = lg_computed(lagoon, add_tracked, &its[i]);
  }
  assert_int_equal(lg_status_of(lg_get(last)), LG_E_DEPTH);
  fails(lg_last_status(lagoon), LG_E_DEPTH);
  host_check();
  pass(LG_UNMOUNT_DELAY);
  for (size_t i = 0; i < TOO_DEEP; i += 1000)
    assert_int_equal(get(stores[i]), 1);
  assert_int_equal(get(last), 1);
}

/* ---- listeners that a read calls -------------------------------------------------------------- */

/* A copy of a batched store is written while an unmounted computed of both is read. */
typedef struct mirror {
  lg_store *source, *copy, *late, *both;
  lg_listener *listener;
  bool listens; /* to `both`, when it is called */
} mirror;

static void write_copy(const lg_change *change, void *ctx) {
  mirror *it = ctx;
  ok(lg_set(it->copy, lg_keep(change->value)));
  if (it->listens && !it->listener) it->listener = lg_listen(it->both, on_change, "on both");
}

static mirror make_mirror(sum *of_late) {
  mirror it = {.source = atom(1), .copy = atom(1)};
  *of_late = (sum){.count = 1};
  it.late = lg_batched_from(lagoon, &it.source, 1, add_listed, of_late);
  it.both = listed("both", it.copy, it.late);
  return it;
}

static void an_unmounted_computed_is_current_though_its_read_calls_writers(void **state) {
  (void)state;
  sum of_late;
  mirror it = make_mirror(&of_late);
  lg_listen(it.late, write_copy, &it);
  for (int i = 2; i < 4; i++) {
    ok(set(it.source, i));
    assert_int_equal(get(it.both), 2 * i);
    pass(LG_UNMOUNT_DELAY);
  }
  noted("both 3; both 4; both 5; both 6");
}

static void a_computed_may_be_mounted_by_a_listener_that_its_read_calls(void **state) {
  (void)state;
  sum of_late;
  mirror it = make_mirror(&of_late);
  it.listens = true;
  lg_listen(it.late, write_copy, &it);
  ok(set(it.source, 2));
  assert_int_equal(get(it.both), 4);
  host_check();
  ok(set(it.copy, 3));
  assert_int_equal(lg_listener_count(it.both), 1);
  noted("both 3; both 4; both 5; on both 5<4");
}

static void a_tracked_one_is_current_too_for_who_reads_it_or_comes_to_listen(void **state) {
  (void)state;
  sum of_late;
  mirror it = make_mirror(&of_late);
  lg_store *tracks = tracked("tracks", it.copy, it.late);
  lg_listen(it.late, write_copy, &it);
  assert_int_equal(get(tracks), 2);
  ok(set(it.source, 2));
  assert_int_equal(get(tracks), 4);
  noted("tracks 2; tracks 3; tracks 4");
  ok(set(it.source, 3));
  lg_subscribe(tracks, on_change, "on tracks");
  noted("tracks 5; tracks 6; on tracks 6");
  host_check();
  pass(0);
  ok(lg_notify(tracks));
  noted("on tracks 6");
}

static lg_value count_on(lg_lagoon *l, void *count) {
  int64_t value = lg_as_int(lg_get(count));
  (void)l;
  if (value) set(count, value + 1);
  return lg_int(value);
}

static void one_that_is_never_current_is_an_error(void **state) {
  (void)state;
  lg_store *count = atom(1);
  lg_store *endless = lg_computed(lagoon, count_on, count);
  fails(lg_status_of(lg_get(endless)), LG_E_ENDLESS);
  host_check();
  ok(set(count, 0));
  assert_int_equal(get(endless), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(a_computed_follows_its_sources),
      TEST(a_read_mounts_a_computed_for_the_delay),
      TEST(a_mounted_computed_runs_once_for_a_change_however_often_it_is_read),
      TEST(an_unmounted_listed_computed_runs_again_only_if_its_sources_changed),
      TEST(a_computed_that_was_unmounted_is_current_when_it_is_mounted_again),
      TEST(peek_does_not_depend),
      TEST(what_is_peeked_is_no_source),
      TEST(what_a_listed_computed_reads_besides_is_no_source),
      TEST(an_equal_result_is_no_change),
      TEST(a_diamond_runs_once_and_never_half_way),
      TEST(a_tracked_diamond_runs_once_and_never_half_way),
      TEST(the_same_store_twice_in_the_list_is_one_change),
      TEST(a_computed_can_have_many_sources),
      TEST(a_branch_that_is_not_read_is_not_computed),
      TEST(a_branch_that_an_update_drops_is_not_computed_in_it),
      TEST(a_dependency_that_was_dropped_is_unmounted_after_the_delay),
      TEST(dependencies_may_change_their_number_and_order),
      TEST(the_same_store_may_be_read_again_and_again),
      TEST(a_run_within_a_run_does_not_hide_what_was_read),
      TEST(a_computed_may_need_no_stores),
      TEST(a_computed_may_write_to_other_stores),
      TEST(a_computed_that_writes_to_its_own_source_ends_up_current),
      TEST(a_computed_may_make_stores_and_listen),
      TEST(a_computed_that_fails_keeps_its_value_and_recovers),
      TEST(a_computed_that_fails_does_not_stop_its_siblings),
      TEST(what_is_below_a_computed_that_fails_goes_on_with_its_value),
      TEST(a_read_of_a_computed_that_fails_gives_the_failure),
      TEST(a_failure_is_told_again_at_each_read),
      TEST(a_failure_needs_no_memory),
      TEST(what_reads_a_failure_runs_again_when_there_is_none),
      TEST(a_batched_store_that_tracks_keeps_its_failure),
      TEST(a_failure_goes_when_its_store_does),
      TEST(a_failed_value_is_the_failure_of_the_computed),
      TEST(a_computed_that_fails_when_it_is_mounted_can_be_listened_to_again),
      TEST(what_a_failing_computed_returned_is_released),
      TEST(a_computed_of_one_that_fails_fails_with_it),
      TEST(what_a_computed_wrote_before_it_failed_is_delivered),
      TEST(what_it_wrote_before_it_failed_in_a_read_is_delivered),
      TEST(a_computed_that_is_read_in_an_update_is_current),
      TEST(a_computed_that_is_read_in_a_batch_is_current),
      TEST(no_listener_is_called_while_a_computed_is_half_way),
      TEST(a_batched_store_runs_once_for_many_changes),
      TEST(a_computed_below_a_batched_store_waits_with_it),
      TEST(batched_stores_that_depend_on_one_another_follow_in_turn),
      TEST(a_batched_store_that_waits_can_be_unmounted),
      TEST(a_batched_store_that_waits_may_be_released),
      TEST(a_batched_store_that_fails_tells_it_to_the_timers),
      TEST(a_long_chain_can_be_mounted_updated_unmounted_and_freed),
      TEST(a_long_chain_can_be_read_without_listeners),
      TEST(a_long_chain_can_be_freed_without_being_mounted),
      TEST(a_long_chain_below_a_computed_that_fails),
      TEST(a_long_chain_of_tracked_ones_is_updated),
      TEST(a_long_ladder_of_diamonds_is_read_in_linear_time),
      TEST(a_wide_computed_is_as_others),
      TEST(a_wide_computed_fails_as_others),
      TEST(a_wide_computed_may_have_a_value_on_the_heap),
      TEST(what_a_peek_read_is_not_read),
      TEST(what_an_effect_within_read_is_not_read),
      TEST(a_long_chain_above_a_tracked_computed),
      TEST(a_cycle_below_a_long_chain),
      TEST(a_source_that_reads_what_waits_for_it_is_a_cycle),
      TEST(tracked_computeds_that_read_each_other_too_deep_are_an_error),
      TEST(an_unmounted_computed_is_current_though_its_read_calls_writers),
      TEST(a_computed_may_be_mounted_by_a_listener_that_its_read_calls),
      TEST(a_tracked_one_is_current_too_for_who_reads_it_or_comes_to_listen),
      TEST(one_that_is_never_current_is_an_error),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
