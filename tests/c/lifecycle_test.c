/*
** Events of a store, mounting and its delay, timers, tasks and map creators.
*/
#include "host.h"

static void ignore_change(const lg_change *change, void *ctx) {
  (void)change;
  (void)ctx;
}

/* Listens to a store and leaves again. */
static void visit(lg_store *store) {
  lg_listener *listener = lg_listen(store, on_change, "visitor");
  assert_non_null(listener);
  ok(lg_unlisten(listener));
}

/* ---- what is the same for all events --------------------------------------------------------- */

typedef lg_listener *(*on_fn)(lg_store *store, lg_event_fn fn, void *ctx);

static lg_listener *on_mount(lg_store *store, lg_event_fn fn, void *ctx) {
  return lg_on_mount(store, fn, NULL, ctx);
}

static const on_fn EVENTS[] = {on_mount, lg_on_start, lg_on_stop, lg_on_set, lg_on_notify};

/* Makes each event happen once. */
static lg_status use(lg_store *store) {
  lg_listener *listener = lg_listen(store, ignore_change, NULL);
  lg_status status = listener ? LG_OK : lg_last_status(lagoon);
  lg_status set_status = LG_OK;
  if (listener) {
    set_status = set(store, lg_as_int(lg_peek(store)) + 1);
    lg_status end_status = lg_unlisten(listener);
    if (!set_status) set_status = end_status;
  }
  the_time += LG_UNMOUNT_DELAY;
  lg_status timer_status = lg_run_timers(lagoon);
  if (!status) status = set_status;
  return status ? status : timer_status;
}

static void note_name(lg_event *event, void *name) {
  note("%s", (const char *)name);
  if (!*event->shared) *event->shared = event;
  assert_ptr_equal(*event->shared, event);
}

static void the_newest_listener_is_called_first_and_all_share_a_pointer(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(EVENTS); i++) {
    lg_store *a = atom(0);
    EVENTS[i](a, note_name, "1");
    EVENTS[i](a, note_name, "2");
    EVENTS[i](a, note_name, "3");
    lg_listener *listener = lg_listen(a, ignore_change, NULL);
    ok(set(a, 1));
    ok(lg_unlisten(listener));
    pass(LG_UNMOUNT_DELAY);
    noted("3; 2; 1");
  }
}

static void a_listener_of_an_event_can_be_ended(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(EVENTS); i++) {
    lg_store *a = atom(0);
    lg_listener *ended[] = {EVENTS[i](a, note_name, "1"), EVENTS[i](a, note_name, "2"),
                            EVENTS[i](a, note_name, "3")};
    ok(lg_unlisten(ended[1]));
    ok(lg_unlisten(ended[0]));
    lg_listener *listener = lg_listen(a, ignore_change, NULL);
    ok(set(a, 1));
    ok(lg_unlisten(listener));
    pass(LG_UNMOUNT_DELAY);
    noted("3");
    ok(lg_unlisten(ended[2]));
    assert_int_equal(stats().listeners, 0);
  }
}

/* A listener of an event that ends listeners, which may be itself. */
typedef struct ender {
  const char *name;
  lg_listener *ended[2];
} ender;

static void end_them(lg_event *event, void *ctx) {
  ender *it = ctx;
  (void)event;
  note("%s", it->name);
  for (size_t i = 0; i < COUNT(it->ended); i++) {
    ok(lg_unlisten(it->ended[i]));
    it->ended[i] = NULL;
  }
}

static void a_listener_of_an_event_may_end_itself_and_others(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(EVENTS); i++) {
    lg_store *a = atom(0);
    ender it = {.name = "ender"};
    EVENTS[i](a, note_name, "oldest");
    it.ended[0] = EVENTS[i](a, note_name, "older");
    it.ended[1] = EVENTS[i](a, end_them, &it);
    EVENTS[i](a, note_name, "newest");
    ok(use(a));
    noted("newest; ender; oldest");
    ok(use(a));
    noted("newest; oldest");
  }
}

static void fail_event(lg_event *event, void *why) { lg_fail(lg_lagoon_of(event->store), why); }

static void what_a_listener_of_an_event_fails_with_comes_out(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(EVENTS); i++) {
    lg_store *a = atom(0);
    EVENTS[i](a, note_name, "other");
    lg_listener *bad = EVENTS[i](a, fail_event, "the event failed");
    fails_with(use(a), LG_E_CALLBACK, "the event failed");
    noted("other");
    ok(lg_unlisten(bad));
    ok(use(a));
    noted("other");
  }
}

static void add_listener(lg_event *event, void *ctx) {
  (void)ctx;
  note("adder");
  lg_on_notify(event->store, note_name, "added notify");
  lg_on_set(event->store, note_name, "added set");
}

static void a_listener_of_an_event_may_add_others(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_listener *adder = lg_on_set(a, add_listener, NULL);
  ok(set(a, 1));
  noted("adder; added notify");
  ok(lg_unlisten(adder));
  ok(set(a, 2));
  noted("added set; added notify");
}

static void release_store(lg_event *event, void *ctx) {
  (void)ctx;
  note("released");
  lg_store_release(event->store);
}

static void a_store_may_be_released_in_its_events(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(EVENTS); i++) {
    lg_store *a = atom(0);
    ok(lg_on_destroy(a, on_end, "gone"));
    EVENTS[i](a, release_store, NULL);
    lg_listener *listener = lg_listen(a, ignore_change, NULL);
    ok(set(a, 1));
    ok(lg_unlisten(listener));
    pass(LG_UNMOUNT_DELAY);
    noted("released; gone");
  }
}

static void the_listeners_of_events_go_with_their_store(void **state) {
  (void)state;
  lg_store *a = atom(0);
  for (size_t i = 0; i < COUNT(EVENTS); i++)
    EVENTS[i](a, note_name, "never");
  assert_int_equal(stats().listeners, COUNT(EVENTS));
  lg_store_release(a);
  assert_int_equal(stats().listeners, 0);
  assert_int_equal(stats().stores, 0);
}

static void events_of_several_kinds_on_one_store(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_on_start(a, on_event, "start");
  lg_on_mount(a, on_event, on_end, "mount");
  lg_on_stop(a, on_event, "stop");
  lg_on_set(a, on_event, "set");
  lg_on_notify(a, on_event, "notify");
  lg_listener *listener = lg_listen(a, ignore_change, NULL);
  ok(set(a, 1));
  ok(lg_unlisten(listener));
  pass(LG_UNMOUNT_DELAY);
  noted("mount; start; set 1; notify<0; stop; mount");
}

static void the_event_that_was_added_last_is_called_first(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_on_mount(a, on_event, NULL, "mount");
  lg_on_start(a, on_event, "start");
  visit(a);
  noted("start; mount");
}

static void what_is_no_event_is_refused(void **state) {
  (void)state;
  lg_store *a = atom(0);
  for (size_t i = 0; i < COUNT(EVENTS); i++) {
    fails_to_make(EVENTS[i](a, NULL, NULL), LG_E_ARGUMENT);
    assert_null(EVENTS[i](NULL, on_event, NULL));
  }
  assert_null(lg_keep_mount(NULL));
  assert_int_equal(stats().listeners, 0);
}

/* ---- start and stop -------------------------------------------------------------------------- */

static void start_is_before_the_first_listener_and_stop_after_the_last(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_on_start(a, on_event, "start");
  lg_on_stop(a, on_event, "stop");
  lg_listener *listeners[] = {lg_listen(a, ignore_change, NULL), lg_listen(a, ignore_change, NULL)};
  noted("start");
  ok(lg_unlisten(listeners[0]));
  noted("");
  ok(lg_unlisten(listeners[1]));
  noted("stop");
  visit(a);
  noted("start; stop");
}

static void a_read_starts_and_stops_a_store(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_on_start(a, on_event, "start");
  lg_on_stop(a, on_event, "stop");
  assert_int_equal(get(a), 0);
  assert_int_equal(lg_as_int(lg_peek(a)), 0);
  noted("start; stop; start; stop");
}

static void use_store(lg_event *event, void *inner) {
  note("start");
  ok(set(event->store, get(event->store) + 1));
  lg_listen(event->store, on_change, inner);
}

static void start_may_read_write_and_listen(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_on_start(a, use_store, "inner");
  lg_subscribe(a, on_change, "outer");
  ok(set(a, 5));
  noted("start; outer 1; inner 5<1; outer 5<1");
}

static void fail_stop(lg_event *event, void *ctx) {
  note("%s", (const char *)ctx);
  lg_fail(lg_lagoon_of(event->store), "can't stop");
}

static void a_stop_that_fails_in_a_read_is_a_failure_of_the_read(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_on_stop(a, fail_stop, "stop");
  lg_value value = lg_get(a);
  noted("stop");
  assert_int_equal(lg_status_of(value), LG_E_CALLBACK);
  assert_string_equal(lg_last_error(lagoon), "can't stop");
}

static void a_start_that_fails_makes_no_listener(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_on_start(a, fail_stop, "start");
  fails_to_make(lg_listen(a, ignore_change, NULL), LG_E_CALLBACK);
  assert_int_equal(lg_listener_count(a), 0);
  assert_int_equal(lg_status_of(lg_get(a)), LG_E_CALLBACK);
  noted("start; start");
}

/* ---- mount ----------------------------------------------------------------------------------- */

static void set_to_nine(lg_event *event, void *ctx) {
  (void)ctx;
  note("mount");
  ok(set(event->store, 9));
}

static void mount_gives_the_first_listener_its_value(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_on_mount(a, set_to_nine, on_end, "unmount");
  assert_false(lg_is_mounted(a));
  lg_listener *listener = lg_subscribe(a, on_change, "a");
  assert_true(lg_is_mounted(a));
  noted("mount; a 9");
  ok(lg_unlisten(listener));
  assert_true(lg_is_mounted(a));
  pass(LG_UNMOUNT_DELAY - 1);
  noted("");
  assert_int_equal(lg_next_deadline(lagoon), LG_UNMOUNT_DELAY);
  pass(1);
  noted("unmount");
  assert_false(lg_is_mounted(a));
}

static void a_read_mounts_for_the_delay(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_on_mount(a, set_to_nine, on_end, "unmount");
  assert_int_equal(get(a), 9);
  assert_int_equal(get(a), 9);
  noted("mount");
  pass(LG_UNMOUNT_DELAY);
  noted("unmount");
}

static void a_store_stays_mounted_if_a_listener_comes_within_the_delay(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_on_mount(a, on_event, on_end, "a");
  visit(a);
  pass(LG_UNMOUNT_DELAY - 1);
  lg_listener *listener = lg_listen(a, ignore_change, NULL);
  pass(LG_UNMOUNT_DELAY * 2);
  noted("a");
  ok(lg_unlisten(listener));
  pass(LG_UNMOUNT_DELAY - 1);
  noted("");
  pass(1);
  noted("a");
}

/* The header: LG_UNMOUNT_DELAY after it lost the last one. */
static void the_delay_begins_anew_with_each_last_listener(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_on_mount(a, on_event, on_end, "a");
  visit(a);
  pass(LG_UNMOUNT_DELAY / 2);
  visit(a);
  pass(LG_UNMOUNT_DELAY / 2);
  noted("a");
  pass(LG_UNMOUNT_DELAY / 2);
  noted("a");
}

static void several_mounts_end_in_the_order_of_their_beginnings(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_on_mount(a, on_event, on_end, "1");
  lg_on_mount(a, on_event, NULL, "2");
  lg_on_mount(a, on_event, on_end, "3");
  lg_on_mount(a, NULL, on_end, "only unmount");
  visit(a);
  pass(LG_UNMOUNT_DELAY);
  noted("3; 2; 1; only unmount; 3; 1");
}

static void mount_waits_for_the_next_time_if_the_store_is_mounted(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_listener *listener = lg_listen(a, ignore_change, NULL);
  lg_on_mount(a, on_event, on_end, "mount");
  lg_listener *second = lg_listen(a, ignore_change, NULL);
  noted("");
  ok(lg_unlisten(listener));
  ok(lg_unlisten(second));
  pass(LG_UNMOUNT_DELAY);
  visit(a);
  noted("mount");
}

static void mount_may_read_write_and_listen(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_on_mount(a, use_store, NULL, "inner");
  lg_subscribe(a, on_change, "outer");
  ok(set(a, 5));
  noted("start; outer 1; inner 5<1; outer 5<1");
}

static void a_mount_that_is_ended_while_mounted_is_unmounted_at_once(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_listener *mount = lg_on_mount(a, on_event, on_end, "a");
  visit(a);
  ok(lg_unlisten(mount));
  noted("a; a");
  pass(LG_UNMOUNT_DELAY);
  noted("");
  visit(a);
  assert_false(lg_is_mounted(a));
}

static void a_store_whose_last_mount_was_ended_is_gone_when_nobody_needs_it(void **state) {
  (void)state;
  lg_store *a = atom(0), *b = atom(0);
  lg_listener *mount = lg_on_mount(a, on_event, on_end, "a");
  lg_listener *listener = lg_listen(a, ignore_change, NULL);
  ok(lg_on_destroy(a, on_end, "a is gone"));
  ok(lg_unlisten(mount));
  ok(lg_unlisten(listener));
  lg_store_release(a);
  noted("a; a; a is gone");
  mount = lg_on_mount(b, on_event, on_end, "b");
  visit(b);
  ok(lg_on_destroy(b, on_end, "b is gone"));
  lg_store_release(b);
  ok(lg_unlisten(mount));
  noted("b; b; b is gone");
}

static lg_listener *ended_by_unmount;

static void end_in_unmount(void *name) {
  note("%s", (const char *)name);
  if (ended_by_unmount) ok(lg_unlisten(ended_by_unmount));
  ended_by_unmount = NULL;
}

static void unmount_may_end_listeners_of_mount(void **state) {
  (void)state;
  lg_store *a = atom(0);
  ended_by_unmount = lg_on_mount(a, on_event, end_in_unmount, "a");
  lg_on_mount(a, on_event, on_end, "b");
  visit(a);
  pass(LG_UNMOUNT_DELAY);
  noted("b; a; b; a");
  ended_by_unmount = lg_on_mount(a, on_event, on_end, "c");
  lg_on_mount(a, on_event, end_in_unmount, "d");
  visit(a);
  pass(LG_UNMOUNT_DELAY);
  noted("d; c; b; d; c; b");
}

static lg_store *listened_in_unmount;

static void listen_in_unmount(void *name) {
  note("%s", (const char *)name);
  lg_listen(listened_in_unmount, on_change, "late");
}

static void unmount_may_listen_again(void **state) {
  (void)state;
  lg_store *a = listened_in_unmount = atom(0);
  lg_on_mount(a, on_event, listen_in_unmount, "a");
  visit(a);
  pass(LG_UNMOUNT_DELAY);
  noted("a; a; a");
  assert_true(lg_is_mounted(a));
  ok(set(a, 1));
  noted("late 1<0");
  lg_store *c = listened_in_unmount = listed("c", a, NULL);
  lg_on_mount(c, on_event, listen_in_unmount, "on c");
  visit(c);
  pass(LG_UNMOUNT_DELAY);
  ok(set(a, 2));
  assert_int_equal(get(c), 2);
  noted("on c; c 1; on c; on c; late 2<1; c 2; late 2<1");
}

static void fail_when_unmounted(void *ctx) {
  (void)ctx;
  lg_fail(lagoon, "can't unmount");
}

static void an_unmount_that_fails_is_told_by_the_timers(void **state) {
  (void)state;
  lg_store *a = atom(0), *b = atom(0);
  lg_on_mount(a, NULL, fail_when_unmounted, NULL);
  lg_on_mount(b, on_event, on_end, "b");
  visit(a);
  visit(b);
  the_time += LG_UNMOUNT_DELAY;
  fails_with(lg_run_timers(lagoon), LG_E_CALLBACK, "can't unmount");
  noted("b; b");
  assert_false(lg_is_mounted(a));
}

static void a_mount_that_fails_makes_no_listener(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_listener *bad = lg_on_mount(a, fail_event, on_end, "can't mount");
  fails_with(lg_listen(a, ignore_change, NULL) ? LG_OK : LG_E_CALLBACK, LG_E_CALLBACK,
             "can't mount");
  assert_int_equal(lg_listener_count(a), 0);
  host_check();
  pass(LG_UNMOUNT_DELAY);
  noted("can't mount");
  ok(lg_unlisten(bad));
  assert_int_equal(get(a), 0);
}

static void a_computed_is_mounted_above_its_sources_and_unmounted_before_them(void **state) {
  (void)state;
  for (int is_tracked = 0; is_tracked < 2; is_tracked++) {
    lg_store *a = atom(1);
    lg_store *c = is_tracked ? tracked(NULL, a, NULL) : listed(NULL, a, NULL);
    lg_on_mount(a, on_event, on_end, "source");
    lg_on_mount(c, on_event, on_end, "computed");
    visit(c);
    pass(LG_UNMOUNT_DELAY);
    pass(LG_UNMOUNT_DELAY);
    noted("computed; source; computed; source");
  }
}

static void listen_in_mount(lg_event *event, void *name) {
  lg_listen(event->store, on_change, name);
}

static void a_computed_may_be_listened_to_in_its_own_mount(void **state) {
  (void)state;
  for (int is_tracked = 0; is_tracked < 2; is_tracked++) {
    lg_store *a = atom(1);
    lg_store *c = is_tracked ? tracked(NULL, a, NULL) : listed(NULL, a, NULL);
    lg_on_mount(c, listen_in_mount, NULL, "inner");
    lg_listener *listener = lg_listen(c, on_change, "outer");
    noted("inner 1");
    ok(set(a, 2));
    noted("inner 2<1; outer 2<1");
    assert_int_equal(lg_listener_count(c), 2);
    ok(lg_unlisten(listener));
  }
}

static void read_in_mount(lg_event *event, void *ctx) {
  (void)ctx;
  note("mount reads %s", show(lg_get(event->store)));
}

static void a_computed_may_be_read_in_its_own_mount(void **state) {
  (void)state;
  for (int is_tracked = 0; is_tracked < 2; is_tracked++) {
    lg_store *a = atom(1);
    lg_store *c = is_tracked ? tracked(NULL, a, NULL) : listed(NULL, a, NULL);
    lg_on_mount(c, read_in_mount, NULL, NULL);
    lg_subscribe(c, on_change, "c");
    noted("mount reads 1; c 1");
  }
}

static void write_source(lg_event *event, void *source) {
  (void)event;
  ok(set(source, get(source) + 1));
}

static void what_a_mount_writes_reaches_the_computed(void **state) {
  (void)state;
  for (int is_tracked = 0; is_tracked < 2; is_tracked++) {
    lg_store *a = atom(1), *b = atom(10);
    lg_store *c = is_tracked ? tracked(NULL, a, b) : listed(NULL, a, b);
    lg_on_mount(b, write_source, NULL, a);
    lg_subscribe(c, on_change, "c");
    noted("c 12");
    assert_int_equal(get(c), 12);
  }
}

static void the_value_of_a_source_is_there_before_a_computed_is_derived(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_on_mount(a, set_to_nine, NULL, NULL);
  lg_store *c = listed("c", a, NULL), *t = tracked("t", a, NULL);
  assert_int_equal(get(c), 9);
  pass(LG_UNMOUNT_DELAY);
  pass(LG_UNMOUNT_DELAY);
  ok(set(a, 0));
  assert_int_equal(get(t), 9);
  noted("mount; c 9; mount; t 9");
}

static void keep_mount_keeps_a_store_mounted(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_on_mount(a, on_event, on_end, "a");
  lg_listener *keeper = lg_keep_mount(a);
  assert_non_null(keeper);
  ok(set(a, 1));
  pass(LG_UNMOUNT_DELAY * 3);
  noted("a");
  assert_true(lg_is_mounted(a));
  ok(lg_unlisten(keeper));
  pass(LG_UNMOUNT_DELAY);
  noted("a");
}

static void a_store_without_mount_is_mounted_while_it_has_listeners(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_listener *listener = lg_listen(a, ignore_change, NULL);
  assert_true(lg_is_mounted(a));
  ok(lg_unlisten(listener));
  assert_false(lg_is_mounted(a));
  assert_int_equal(lg_next_deadline(lagoon), LG_NEVER);
}

static void what_is_mounted_is_unmounted_when_the_lagoon_ends(void **state) {
  (void)state;
  lg_store *a = atom(0), *b = atom(0), *never = atom(0);
  lg_on_mount(a, on_event, on_end, "a");
  lg_on_mount(b, on_event, NULL, "b");
  lg_on_mount(never, on_event, on_end, "never");
  lg_listen(a, ignore_change, NULL);
  lg_listen(b, ignore_change, NULL);
  ok(lg_on_destroy(a, on_end, "a is gone"));
  noted("a; b");
  host_free();
  noted("a; a is gone");
}

/* ---- set and notify -------------------------------------------------------------------------- */

static void set_is_before_the_write_also_of_an_equal_value(void **state) {
  (void)state;
  lg_store *a = atom(1), *m = lg_map(lagoon), *d = lg_deep_map(lagoon);
  lg_on_set(a, on_event, "a");
  lg_on_set(m, on_event, "m");
  lg_on_set(d, on_event, "d");
  ok(set(a, 1));
  ok(lg_set_key(m, "k", lg_int(1)));
  ok(lg_set_key(m, "k", lg_int(1)));
  ok(lg_set_key(m, "k", lg_undefined()));
  ok(lg_set(m, object("k", 3, NULL)));
  ok(lg_set_key(d, "k.l", lg_int(1)));
  noted("a 1; m {k:1} @k; m {k:1} @k; m {} @k; m {k:3}; d {k:{l:1}} @k.l");
}

static void forbid(lg_event *event, void *key) {
  bool is_meant = key ? event->key && !strcmp(event->key, key)
                      : lg_as_int(event->new_value) < 0 || lg_as_int(event->old_value) > 10;
  if (is_meant) event->abort = true;
}

static void set_can_forbid_a_write(void **state) {
  (void)state;
  lg_store *a = atom(1), *m = lg_map(lagoon), *d = lg_deep_map(lagoon);
  lg_listen(a, on_change, "a");
  lg_listener *listener = lg_on_set(a, forbid, NULL);
  lg_on_set(a, on_event, "set");
  lg_on_set(m, forbid, "k");
  lg_on_set(d, forbid, "k.l");
  ok(lg_set_name(a, "count"));
  fails_with(set(a, -1), LG_E_ABORTED, "count: a listener of lg_on_set did not allow the write");
  assert_int_equal(get(a), 1);
  ok(set(a, 2));
  ok(lg_unlisten(listener));
  ok(set(a, -1));
  noted("set -1; set 2; a 2<1; set -1; a -1<2");
  fails(lg_set_key(m, "k", text("a text that is longer than thirteen bytes")), LG_E_ABORTED);
  ok(lg_set_key(m, "other", lg_int(1)));
  fails(lg_set_key(d, "k.l", lg_int(1)), LG_E_ABORTED);
  shows(lg_get(m), "{other:1}");
  shows(lg_get(d), "{}");
}

static void limit(lg_event *event, void *ctx) {
  (void)ctx;
  if (lg_as_int(event->new_value) <= 10) return;
  event->abort = true;
  ok(set(event->store, 10));
}

static void set_may_write_another_value_in_its_place(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_listen(a, on_change, "a");
  lg_on_set(a, limit, NULL);
  fails(set(a, 99), LG_E_ABORTED);
  noted("a 10<1");
}

static void a_key_that_can_not_be_set_is_refused_with_events(void **state) {
  (void)state;
  lg_store *m = lg_map(lagoon);
  lg_on_set(m, on_event, "m");
  fails(lg_set_key(m, "\xff", lg_int(1)), LG_E_UTF8);
  noted("");
}

static void set_of_a_computed_is_called_for_each_result(void **state) {
  (void)state;
  for (int is_tracked = 0; is_tracked < 2; is_tracked++) {
    lg_store *a = atom(1);
    lg_store *c = is_tracked ? tracked(NULL, a, a) : listed(NULL, a, a);
    lg_on_set(c, on_event, "set");
    lg_on_set(c, forbid, NULL);
    lg_listen(c, on_change, "c");
    ok(set(a, 2));
    ok(set(a, -1));
    noted("set 2; set 4; c 4<2; set -2");
    assert_int_equal(get(c), 4);
  }
}

static void notify_is_after_the_write_and_before_the_listeners(void **state) {
  (void)state;
  lg_store *a = atom(1), *m = lg_map(lagoon);
  lg_listen(a, on_change, "a");
  lg_on_notify(a, on_event, "notify");
  lg_on_notify(m, on_event, "m");
  ok(set(a, 2));
  ok(set(a, 2));
  noted("notify<1; a 2<1");
  ok(lg_notify(a));
  noted("notify; a 2");
  ok(lg_set_key(m, "k", lg_int(1)));
  ok(lg_set(m, object("k", 2, NULL)));
  noted("m<{} @k; m<{k:1}");
}

static void notify_is_called_at_once_in_a_batch(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_on_notify(a, on_event, "notify");
  lg_listen(a, on_change, "a");
  ok(lg_batch_begin(lagoon));
  ok(set(a, 2));
  ok(set(a, 3));
  noted("notify<1; notify<2");
  ok(lg_batch_end(lagoon));
  noted("a 3<1");
}

static void notify_can_leave_the_listeners_out(void **state) {
  (void)state;
  lg_store *a = atom(20);
  lg_listen(a, on_change, "a");
  lg_store *c = listed("c", a, NULL);
  lg_listen(c, on_change, "on c");
  lg_listener *listener = lg_on_notify(a, forbid, NULL);
  ok(set(a, 1));
  assert_int_equal(get(a), 1);
  noted("c 20");
  assert_int_equal(get(c), 1);
  noted("c 1; on c 1<20");
  ok(lg_unlisten(listener));
  ok(set(a, 2));
  noted("a 2<1; c 2; on c 2<1");
  lg_store *m = lg_map(lagoon);
  lg_on_notify(m, forbid, "k");
  ok(lg_set_key(m, "k", lg_int(1)));
  lg_listen(m, on_change, "m");
  ok(lg_set_key(m, "k", lg_int(2)));
  noted("");
}

static void notify_that_fails_is_a_failure_of_the_write(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_on_notify(a, fail_event, "can't notify");
  fails_with(set(a, 2), LG_E_CALLBACK, "can't notify");
  assert_int_equal(get(a), 2);
  lg_listen(a, on_change, "a");
  fails_with(set(a, 3), LG_E_CALLBACK, "can't notify");
  noted("a 3<2");
  lg_on_notify(a, forbid, NULL);
  ok(lg_set_equal(a, NULL, NULL));
  fails_with(lg_notify(a), LG_E_CALLBACK, "can't notify");
  noted("a 3");
}

static void set_again(lg_event *event, void *ctx) {
  (void)ctx;
  int64_t value = lg_as_int(lg_peek(event->store));
  note("notify %d", (int)value);
  if (value < 3) ok(set(event->store, value + 1));
}

static void notify_may_write(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_on_notify(a, set_again, NULL);
  lg_listen(a, on_change, "a");
  ok(set(a, 1));
  assert_int_equal(get(a), 3);
  noted("notify 1; notify 2; notify 3; a 3<2; a 3<1; a 3<0");
}

static void listen_in_notify(lg_event *event, void *name) {
  lg_listen(event->store, on_change, name);
}

static void a_listener_that_comes_in_notify_is_called(void **state) {
  (void)state;
  lg_store *m = lg_map(lagoon);
  lg_listener *listener = lg_on_notify(m, listen_in_notify, "m");
  ok(lg_set_key(m, "k", lg_int(1)));
  ok(lg_unlisten(listener));
  ok(lg_set_key(m, "k", lg_int(2)));
  noted("m {k:1}<{} @k; m {k:2}<{k:1} @k");
}

/* ---- timers ---------------------------------------------------------------------------------- */

static void timers_run_in_the_order_of_their_time(void **state) {
  (void)state;
  lg_store *stores[3];
  const char *const names[] = {"1", "2", "3"};
  for (int i = 0; i < 3; i++) {
    stores[i] = atom(0);
    lg_on_mount(stores[i], NULL, on_end, (char *)(uintptr_t)names[i]);
    visit(stores[i]);
    the_time += 10;
  }
  assert_int_equal(lg_next_deadline(lagoon), LG_UNMOUNT_DELAY);
  assert_int_equal(lg_now(lagoon), 30);
  the_time = LG_UNMOUNT_DELAY + 10;
  ok(lg_run_timers(lagoon));
  noted("1; 2");
  assert_int_equal(lg_next_deadline(lagoon), LG_UNMOUNT_DELAY + 20);
  pass(LG_UNMOUNT_DELAY);
  noted("3");
}

static void what_is_batched_and_what_is_unmounted_run_by_time(void **state) {
  (void)state;
  lg_store *a = atom(0), *b = atom(1);
  sum it = {.name = "late", .count = 1, .stores = {b}};
  lg_store *late = lg_batched_from(lagoon, &b, 1, add_listed, &it);
  lg_on_mount(a, NULL, on_end, "unmount");
  lg_listen(late, ignore_change, NULL);
  visit(a);
  the_time = LG_UNMOUNT_DELAY;
  ok(set(b, 2));
  ok(lg_run_timers(lagoon));
  noted("late 1; unmount; late 2");
  visit(a);
  the_time += LG_UNMOUNT_DELAY / 2;
  ok(set(b, 3));
  the_time += LG_UNMOUNT_DELAY;
  ok(lg_run_timers(lagoon));
  noted("late 3; unmount");
}

static void write_b(void *store) { ok(set(store, get(store) + 1)); }

static void what_a_timer_starts_waits_for_the_next_call(void **state) {
  (void)state;
  lg_store *a = atom(0), *b = atom(1);
  sum it = {.name = "late", .count = 1, .stores = {b}};
  lg_store *late = lg_batched_from(lagoon, &b, 1, add_listed, &it);
  lg_listen(late, ignore_change, NULL);
  lg_on_mount(a, NULL, write_b, b);
  visit(a);
  pass(LG_UNMOUNT_DELAY);
  noted("late 1");
  assert_int_equal(lg_next_deadline(lagoon), the_time);
  pass(0);
  noted("late 2");
}

static void a_store_may_be_released_by_a_timer(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_on_mount(a, on_event, on_end, "a");
  ok(lg_on_destroy(a, on_end, "gone"));
  visit(a);
  lg_store_release(a);
  noted("a");
  assert_int_equal(stats().stores, 1);
  pass(LG_UNMOUNT_DELAY);
  noted("a; gone");
  assert_int_equal(stats().stores, 0);
}

static void the_clock_of_a_lagoon_goes_on_by_itself(void **state) {
  (void)state;
  lg_lagoon *other = lg_lagoon_new(NULL);
  uint64_t before = lg_now(other);
  assert_true(before > 0);
  while (lg_now(other) == before) {
  }
  assert_true(lg_now(other) > before);
  assert_int_equal(lg_next_deadline(other), LG_NEVER);
  ok(lg_lagoon_free(other));
  assert_int_equal(lg_now(NULL), 0);
  assert_int_equal(lg_next_deadline(NULL), LG_NEVER);
  assert_int_equal(lg_run_timers(NULL), LG_E_ARGUMENT);
}

/* ---- tasks ----------------------------------------------------------------------------------- */

static void when_no_task_runs_nobody_waits(void **state) {
  (void)state;
  ok(lg_when_tasks_done(lagoon, on_end, "done"));
  noted("done");
}

static void tasks_are_waited_for_until_the_last_has_ended(void **state) {
  (void)state;
  ok(lg_task_start(lagoon));
  ok(lg_task_start(lagoon));
  ok(lg_when_tasks_done(lagoon, on_end, "first"));
  ok(lg_when_tasks_done(lagoon, on_end, "second"));
  assert_int_equal(lg_tasks_running(lagoon), 2);
  ok(lg_task_end(lagoon));
  ok(lg_task_start(lagoon));
  ok(lg_task_end(lagoon));
  noted("");
  ok(lg_task_end(lagoon));
  noted("first; second");
  assert_int_equal(lg_tasks_running(lagoon), 0);
  fails_with(lg_task_end(lagoon), LG_E_ARGUMENT, "no task is running");
}

static void start_another(void *ctx) {
  note("%s", (const char *)ctx);
  ok(lg_task_start(lagoon));
  ok(lg_when_tasks_done(lagoon, on_end, "another"));
}

static void who_waited_may_start_another(void **state) {
  (void)state;
  ok(lg_task_start(lagoon));
  ok(lg_when_tasks_done(lagoon, start_another, "first"));
  ok(lg_task_end(lagoon));
  noted("first");
  assert_int_equal(lg_tasks_running(lagoon), 1);
  ok(lg_task_end(lagoon));
  noted("another");
}

static void fail_when_done(void *ctx) {
  (void)ctx;
  lg_fail(lagoon, "not done");
}

static void what_fails_after_the_tasks_is_told_by_their_end(void **state) {
  (void)state;
  ok(lg_task_start(lagoon));
  ok(lg_when_tasks_done(lagoon, fail_when_done, NULL));
  ok(lg_when_tasks_done(lagoon, on_end, "done"));
  fails_with(lg_task_end(lagoon), LG_E_CALLBACK, "not done");
  noted("done");
  fails_with(lg_when_tasks_done(lagoon, fail_when_done, NULL), LG_E_CALLBACK, "not done");
  fails(lg_when_tasks_done(lagoon, NULL, NULL), LG_E_ARGUMENT);
  assert_int_equal(lg_when_tasks_done(NULL, on_end, NULL), LG_E_ARGUMENT);
  assert_int_equal(lg_task_start(NULL), LG_E_ARGUMENT);
  assert_int_equal(lg_task_end(NULL), LG_E_ARGUMENT);
  assert_int_equal(lg_tasks_running(NULL), 0);
}

/* ---- map creators ---------------------------------------------------------------------------- */

static void mount_map(lg_store *map, const char *id, void *ctx) {
  note("%s %s", (const char *)ctx, id);
  ok(lg_set_key(map, "name", lg_string(lg_lagoon_of(map), id)));
}

static void unmount_map(lg_store *map, const char *id, void *ctx) {
  note("un%s %s %s", (const char *)ctx, id, show(lg_peek(map)));
}

static void a_creator_makes_a_map_with_its_id_once(void **state) {
  (void)state;
  lg_map_creator *users = lg_map_creator_new(lagoon, mount_map, unmount_map, "mount");
  lg_store *ann = lg_map_creator_get(users, "ann");
  lg_store *bob = lg_map_creator_get(users, "an id that is too long to be within a value");
  assert_ptr_equal(lg_map_creator_get(users, "ann"), ann);
  assert_ptr_not_equal(ann, bob);
  noted("");
  shows(lg_get_key(ann, "id"), "'ann'");
  noted("mount ann");
  lg_listener *listener = lg_subscribe(ann, on_change, "ann");
  noted("ann {id:'ann',name:'ann'}");
  ok(lg_unlisten(listener));
  lg_store_release(ann);
  lg_store_release(ann);
  lg_store_release(bob);
  assert_int_equal(stats().stores, 2);
  lg_map_creator_free(users);
}

static void a_map_is_kept_until_it_is_unmounted(void **state) {
  (void)state;
  lg_map_creator *users = lg_map_creator_new(lagoon, mount_map, NULL, "mount");
  lg_store *ann = lg_map_creator_get(users, "ann");
  ok(lg_on_destroy(ann, on_end, "gone"));
  visit(ann);
  assert_ptr_equal(lg_map_creator_get(users, "ann"), ann);
  lg_store_release(ann);
  lg_store_release(ann);
  noted("mount ann");
  pass(LG_UNMOUNT_DELAY);
  noted("gone");
  lg_store *again = lg_map_creator_get(users, "ann");
  shows(lg_get_key(again, "id"), "'ann'");
  noted("mount ann");
  lg_store_release(again);
  lg_map_creator_free(users);
  pass(LG_UNMOUNT_DELAY);
  assert_int_equal(stats().stores, 0);
}

static void an_unmounted_map_that_is_owned_lives_on_beside_a_new_one(void **state) {
  (void)state;
  lg_map_creator *users = lg_map_creator_new(lagoon, NULL, unmount_map, "mount");
  lg_store *old = lg_map_creator_get(users, "ann");
  visit(old);
  pass(LG_UNMOUNT_DELAY);
  noted("unmount ann {id:'ann'}");
  lg_store *fresh = lg_map_creator_get(users, "ann");
  assert_ptr_not_equal(old, fresh);
  visit(old);
  pass(LG_UNMOUNT_DELAY);
  noted("unmount ann {id:'ann'}");
  assert_ptr_equal(lg_map_creator_get(users, "ann"), fresh);
  lg_map_creator_free(users);
}

static void maps_outlive_their_creator(void **state) {
  (void)state;
  lg_map_creator *users = lg_map_creator_new(lagoon, mount_map, unmount_map, "mount");
  lg_store *ann = lg_map_creator_get(users, "ann");
  lg_store *bob = lg_map_creator_get(users, "bob");
  lg_store_release(lg_map_creator_get(users, "cid"));
  lg_listener *listener = lg_listen(bob, ignore_change, NULL);
  lg_store_release(bob);
  lg_map_creator_free(users);
  lg_map_creator_free(NULL);
  assert_int_equal(stats().stores, 2);
  shows(lg_get_key(ann, "name"), "'ann'");
  ok(lg_unlisten(listener));
  lg_store_release(ann);
  pass(LG_UNMOUNT_DELAY);
  noted("mount bob; mount ann; unmount ann {id:'ann',name:'ann'}; "
        "unmount bob {id:'bob',name:'bob'}");
  assert_int_equal(stats().stores, 0);
}

static lg_map_creator *creator_of_test;

static void free_creator(lg_store *map, const char *id, void *ctx) {
  (void)map;
  note("%s %s", (const char *)ctx, id);
  lg_map_creator_free(creator_of_test);
}

static void a_creator_may_be_freed_by_its_own_functions(void **state) {
  (void)state;
  for (int i = 0; i < 2; i++) {
    creator_of_test =
        lg_map_creator_new(lagoon, i ? NULL : free_creator, i ? free_creator : NULL, "f");
    lg_store *ann = lg_map_creator_get(creator_of_test, "ann");
    lg_store_release(lg_map_creator_get(creator_of_test, "bob"));
    visit(ann);
    lg_store_release(ann);
    pass(LG_UNMOUNT_DELAY);
    noted("f ann");
    assert_int_equal(stats().stores, 0);
  }
}

static void fail_to_mount(lg_store *map, const char *id, void *ctx) {
  (void)id;
  lg_fail(lg_lagoon_of(map), ctx);
}

static void what_a_creator_fails_with_the_listening_fails_with(void **state) {
  (void)state;
  lg_map_creator *users = lg_map_creator_new(lagoon, fail_to_mount, NULL, "can't load");
  lg_store *ann = lg_map_creator_get(users, "ann");
  fails_to_make(lg_listen(ann, ignore_change, NULL), LG_E_CALLBACK);
  assert_string_equal(lg_last_error(lagoon), "can't load");
  assert_int_equal(lg_listener_count(ann), 0);
  fails_to_make(lg_map_creator_get(users, NULL), LG_E_ARGUMENT);
  fails_to_make(lg_map_creator_get(users, "\xff"), LG_E_UTF8);
  assert_null(lg_map_creator_get(NULL, "ann"));
  assert_null(lg_map_creator_new(NULL, NULL, NULL, NULL));
}

static void several_creators_end_with_the_lagoon_at_the_latest(void **state) {
  (void)state;
  lg_map_creator *creators[3];
  for (int i = 0; i < 3; i++) {
    creators[i] = lg_map_creator_new(lagoon, mount_map, unmount_map, "mount");
    lg_listen(lg_map_creator_get(creators[i], "ann"), ignore_change, NULL);
  }
  lg_map_creator_free(creators[1]);
  noted("mount ann; mount ann; mount ann");
  host_free();
  noted("unmount ann {id:'ann',name:'ann'}; unmount ann {id:'ann',name:'ann'}; "
        "unmount ann {id:'ann',name:'ann'}");
}

/* ---- what ends within its end ----------------------------------------------------------------- */

static void a_mount_may_be_ended_in_the_unmount_of_its_end(void **state) {
  (void)state;
  lg_store *a = atom(0);
  ended_by_unmount = lg_on_mount(a, on_event, end_in_unmount, "a");
  visit(a);
  ok(lg_unlisten(ended_by_unmount));
  noted("a; a");
  assert_int_equal(stats().listeners, 0);
}

static void fail_second(lg_event *event, void *ctx) {
  int *count = ctx;
  note("mount %d", ++*count);
  if (*count == 2) lg_fail(lg_lagoon_of(event->store), "not again");
}

static void listen_when_unmounted(void *ctx) {
  (void)ctx;
  lg_listen(listened_in_unmount, on_change, "late");
}

static void a_mount_that_fails_within_an_unmount_is_told_by_the_timers(void **state) {
  (void)state;
  int count = 0;
  lg_store *a = listened_in_unmount = atom(0);
  lg_on_mount(a, NULL, listen_when_unmounted, NULL);
  lg_on_mount(a, fail_second, NULL, &count);
  visit(a);
  the_time += LG_UNMOUNT_DELAY;
  fails_with(lg_run_timers(lagoon), LG_E_CALLBACK, "not again");
  noted("mount 1; mount 2");
  assert_int_equal(lg_listener_count(a), 1);
}

static void stop_and_fail(lg_event *event, void *why) {
  note("stop");
  lg_fail(lg_lagoon_of(event->store), why);
}

static void of_a_mount_and_a_stop_that_fail_the_mount_is_told(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_on_mount(a, fail_event, NULL, "can't mount");
  lg_on_start(a, on_event, "start");
  lg_on_stop(a, stop_and_fail, "can't stop");
  fails_to_make(lg_listen(a, ignore_change, NULL), LG_E_CALLBACK);
  assert_string_equal(lg_last_error(lagoon), "can't mount");
  noted("start; stop");
  host_check();
}

static void what_did_not_start_does_not_stop(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_on_start(a, on_event, "start");
  lg_on_stop(a, on_event, "stop");
  lg_on_mount(a, fail_event, on_end, "unmount"); /* the newest is called first */
  fails_to_make(lg_listen(a, ignore_change, NULL), LG_E_CALLBACK);
  noted("");
  pass(LG_UNMOUNT_DELAY);
  noted("unmount");
}

static void set_flag(lg_event *event, void *flag) {
  (void)event;
  *(bool *)flag = true;
}

static void what_started_stops_when_memory_fails(void **state) {
  (void)state;
  unsigned stops = 0;
  for (size_t n = 0;; n++) {
    bool has_started = false; /* it does not if there is no memory for the listener itself */
    lg_store *t = tracked(NULL, atom(1), NULL);
    lg_on_start(t, on_event, "start");
    lg_on_start(t, set_flag, &has_started);
    lg_on_stop(t, on_event, "stop");
    failing_after(&memory, n);
    lg_listener *listener = lg_listen(t, ignore_change, NULL);
    bool has_failed = failing_stop(&memory);
    assert_int_equal(!listener, has_failed);
    if (!has_failed) break;
    noted(has_started ? "start; stop" : "");
    stops += has_started;
  }
  noted("start");
  assert_true(stops > 0);
}

static bool mount_fails;

static void fail_if_told(lg_event *event, void *ctx) {
  (void)ctx;
  note("mount");
  if (mount_fails) lg_fail(lg_lagoon_of(event->store), "can't mount");
}

static void a_tracked_source_that_could_not_be_mounted_is_mounted_at_the_next_run(void **state) {
  (void)state;
  lg_store *a = atom(1), *b = atom(2);
  lg_store *inner = tracked("inner", b, NULL), *outer = tracked("outer", a, inner);
  lg_on_mount(inner, fail_if_told, NULL, NULL);
  mount_fails = true;
  fails_to_make(lg_listen(outer, ignore_change, NULL), LG_E_CALLBACK);
  noted("mount");
  mount_fails = false;
  ok(set(a, 2));
  assert_int_equal(get(outer), 4);
  noted("mount; inner 2; outer 4");
  ok(set(b, 3));
  assert_int_equal(get(outer), 5);
  noted("inner 3; outer 5");
}

static void set_wrongly(const lg_change *change, void *ctx) {
  (void)ctx;
  assert_int_equal(lg_set_key(change->store, "k", lg_int(1)), LG_E_TYPE);
}

static void what_a_notify_fails_with_is_told_whatever_listeners_do(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_on_notify(a, fail_event, "can't notify");
  lg_listen(a, set_wrongly, NULL);
  fails_with(set(a, 1), LG_E_CALLBACK, "can't notify");
}

static void a_creator_that_was_freed_makes_no_maps(void **state) {
  (void)state;
  lg_map_creator *users = lg_map_creator_new(lagoon, NULL, NULL, NULL);
  lg_store *ann = lg_map_creator_get(users, "ann");
  lg_map_creator_free(users);
  lg_map_creator_free(users); /* it is there as long as its maps are */
  assert_null(lg_map_creator_get(users, "bob"));
  lg_store_release(ann);
  assert_int_equal(stats().stores, 0);
}

/* ---- a write of which nobody is told, in an update --------------------------------------------- */

static void write_silently(const lg_change *change, void *ctx) {
  on_change(change, ctx);
  if (lg_as_int(change->value) == 1) ok(set(change->store, 50));
}

static void abort_fifty(lg_event *event, void *ctx) {
  (void)ctx;
  if (lg_as_int(lg_peek(event->store)) == 50) event->abort = true;
}

static void a_listener_is_told_the_value_of_a_silent_write(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_on_notify(a, abort_fifty, NULL);
  lg_listen(a, write_silently, "first");
  lg_listen(a, on_change, "second");
  ok(set(a, 1));
  noted("first 1<0; second 50<0");
}

/* ---- events that cause themselves ------------------------------------------------------------- */

static void set_one_more(lg_event *event, void *ctx) {
  (void)ctx;
  set(event->store, lg_as_int(lg_peek(event->store)) + 1);
}

static void events_that_cause_themselves_without_end_are_an_error(void **state) {
  (void)state;
  lg_store *a = atom(0), *b = atom(0);
  ok(lg_set_name(a, "loop"));
  lg_listener *listener = lg_on_set(a, set_one_more, NULL);
  fails_with(set(a, 1), LG_E_ENDLESS,
             "loop: its listeners write without end; let them stop at some value");
  assert_int_equal(get(a), 0);
  lg_on_notify(b, set_one_more, NULL);
  fails(set(b, 1), LG_E_ENDLESS);
  host_check();
  ok(lg_unlisten(listener));
  ok(set(a, 1));
  assert_int_equal(get(a), 1);
}

static void read_itself(lg_event *event, void *name) {
  note("%s %s", (const char *)name, show(lg_get(event->store)));
}

static void start_and_stop_may_read_their_store(void **state) {
  (void)state;
  lg_store *a = atom(1), *b = atom(2);
  lg_on_start(a, read_itself, "start");
  lg_on_stop(b, read_itself, "stop");
  visit(a);
  visit(b);
  noted("start 1; stop 2");
}

static void a_start_that_fails_within_the_delay_is_a_failure_of_the_read(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_on_mount(a, on_event, on_end, "a");
  visit(a);
  lg_on_start(a, fail_event, "can't start");
  assert_int_equal(lg_status_of(lg_get(a)), LG_E_CALLBACK);
  assert_string_equal(lg_last_error(lagoon), "can't start");
  noted("a");
}

static int waits;

static void wait_again(void *ctx) {
  note("waits");
  if (--waits > 0) ok(lg_when_tasks_done(lagoon, wait_again, ctx));
  note("goes on");
}

static void wait_for_ever(void *ctx) { ok(lg_when_tasks_done(lagoon, wait_for_ever, ctx)); }

static void who_waited_may_wait_again(void **state) {
  (void)state;
  waits = 2;
  ok(lg_task_start(lagoon));
  ok(lg_when_tasks_done(lagoon, wait_again, NULL));
  ok(lg_task_end(lagoon));
  noted("waits; goes on; waits; goes on");
  fails(lg_when_tasks_done(lagoon, wait_for_ever, NULL), LG_E_ENDLESS);
  host_check();
}

static void fail_change(const lg_change *change, void *why) {
  (void)change;
  lg_fail(lagoon, why);
}

static void of_a_notify_and_a_listener_that_fail_the_listener_is_told(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_on_notify(a, fail_event, "can't notify");
  lg_listen(a, fail_change, "can't listen");
  fails_with(set(a, 1), LG_E_CALLBACK, "can't listen");
}

static void release_other(lg_event *event, void *other) {
  event->abort = true;
  lg_store_release(other);
}

static void what_an_event_of_a_write_releases_is_gone(void **state) {
  (void)state;
  lg_store *a = atom(0), *b = atom(0);
  ok(lg_on_destroy(b, on_end, "gone"));
  lg_on_set(a, release_other, b);
  fails(set(a, 1), LG_E_ABORTED);
  noted("gone");
}

/* ---- who comes while a store is being mounted ------------------------------------------------ */

/* A sum of `first` and `second`. Mounting the first rings the bell, for which others wait. */
typedef struct party {
  lg_store *bell;
  lg_store *first;
  lg_store *second;
  lg_store *sum;
} party;

static void ring(lg_event *event, void *ctx) {
  (void)event;
  if (set(((party *)ctx)->bell, 1)) lg_fail(lagoon, "somebody failed");
}

static void begin_party(party *it) {
  *it = (party){.bell = atom(0), .first = atom(1), .second = atom(2)};
  it->sum = listed("sum", it->first, it->second);
  lg_on_mount(it->first, ring, NULL, it);
  lg_on_start(it->sum, on_event, "start");
  lg_on_stop(it->sum, on_event, "stop");
}

static void read_when_it_rings(lg_lagoon *l, void *ctx) {
  const party *it = ctx;
  (void)l;
  if (lg_as_int(lg_get(it->bell))) note("effect %s", show(lg_get(it->sum)));
}

static void an_effect_that_reads_what_is_being_mounted_depends_on_it(void **state) {
  party it;
  (void)state;
  begin_party(&it);
  lg_listener *effect = lg_effect(lagoon, read_when_it_rings, &it);
  lg_listener *listener = lg_listen(it.sum, on_change, "listener");
  noted("start; sum 3; effect 3");
  assert_int_equal(lg_listener_count(it.sum), 2);
  ok(set(it.second, 5));
  noted("sum 6; effect 6; listener 6<3");
  ok(lg_unlisten(listener));
  ok(set(it.second, 6));
  noted("sum 7; effect 7");
  ok(lg_unlisten(effect));
  noted("stop");
}

static void subscribe_when_it_rings(const lg_change *change, void *ctx) {
  const party *it = ctx;
  (void)change;
  assert_non_null(lg_subscribe(it->sum, on_change, "guest"));
}

static void fail_on_change(const lg_change *change, void *ctx) {
  (void)ctx;
  lg_fail(lg_lagoon_of(change->store), "no");
}

static void who_subscribes_while_a_store_is_being_mounted_is_told_its_value(void **state) {
  party it;
  (void)state;
  begin_party(&it);
  lg_listen(it.bell, subscribe_when_it_rings, &it);
  lg_listener *listener = lg_listen(it.sum, on_change, "listener");
  noted("start; sum 3; guest 3");
  ok(set(it.first, 5));
  noted("sum 7; guest 7<3; listener 7<3");
  ok(lg_unlisten(listener));
  noted("");
}

static void a_mount_that_fails_goes_on_for_those_who_came_meanwhile(void **state) {
  party it;
  (void)state;
  begin_party(&it);
  lg_listen(it.bell, subscribe_when_it_rings, &it);
  lg_listen(it.bell, fail_on_change, NULL);
  fails_to_make(lg_listen(it.sum, on_change, "listener"), LG_E_CALLBACK);
  noted("start; sum 3; guest 3");
  assert_int_equal(lg_listener_count(it.sum), 1);
  ok(set(it.first, 5));
  ok(set(it.second, 6));
  noted("sum 7; guest 7<3; sum 11; guest 11<7");
}

/* `sum` is mounted with what waits for its time in `late`: that is told at once, and he who hears it
** brings others, and then goes on to write. */
typedef struct bringer {
  lg_store *late, *other, *middle, *sum;
  lg_listener *guest;
} bringer;

static lg_value read_sum(lg_lagoon *l, void *ctx) {
  (void)l;
  return lg_keep(lg_get(((bringer *)ctx)->sum));
}

static void read_guest(lg_lagoon *l, void *guest) {
  (void)l;
  note("guest %s", show(lg_get(guest)));
}

static void bring_and_write(const lg_change *change, void *ctx) {
  bringer *it = ctx;
  if (it->guest) return;
  it->guest = lg_effect(lg_lagoon_of(change->store), read_guest,
                        lg_computed(lg_lagoon_of(change->store), read_sum, it));
  ok(set(it->other, 10));
}

static void what_is_read_while_it_is_being_mounted_is_current_afterwards(void **state) {
  bringer it = {.other = atom(1)};
  lg_store *a = atom(1);
  (void)state;
  it.late = lg_batched_from(lagoon, &a, 1, add_listed, &(sum){.count = 1});
  it.middle = tracked(NULL, it.late, it.other);
  it.sum = listed("sum", it.middle, NULL);
  lg_listen(it.middle, bring_and_write, &it);
  ok(set(a, 2));
  lg_subscribe(it.sum, on_change, "listener");
  noted("sum 3; guest 3; sum 12; guest 12; listener 12");
  host_check();
  ok(set(it.other, 20));
  noted("sum 22; listener 22<12; guest 22");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(the_newest_listener_is_called_first_and_all_share_a_pointer),
      TEST(a_listener_of_an_event_can_be_ended),
      TEST(a_listener_of_an_event_may_end_itself_and_others),
      TEST(what_a_listener_of_an_event_fails_with_comes_out),
      TEST(a_listener_of_an_event_may_add_others),
      TEST(a_store_may_be_released_in_its_events),
      TEST(the_listeners_of_events_go_with_their_store),
      TEST(events_of_several_kinds_on_one_store),
      TEST(the_event_that_was_added_last_is_called_first),
      TEST(what_is_no_event_is_refused),
      TEST(start_is_before_the_first_listener_and_stop_after_the_last),
      TEST(a_read_starts_and_stops_a_store),
      TEST(start_may_read_write_and_listen),
      TEST(a_stop_that_fails_in_a_read_is_a_failure_of_the_read),
      TEST(a_start_that_fails_makes_no_listener),
      TEST(mount_gives_the_first_listener_its_value),
      TEST(a_read_mounts_for_the_delay),
      TEST(a_store_stays_mounted_if_a_listener_comes_within_the_delay),
      TEST(the_delay_begins_anew_with_each_last_listener),
      TEST(several_mounts_end_in_the_order_of_their_beginnings),
      TEST(mount_waits_for_the_next_time_if_the_store_is_mounted),
      TEST(mount_may_read_write_and_listen),
      TEST(a_mount_that_is_ended_while_mounted_is_unmounted_at_once),
      TEST(a_store_whose_last_mount_was_ended_is_gone_when_nobody_needs_it),
      TEST(unmount_may_end_listeners_of_mount),
      TEST(unmount_may_listen_again),
      TEST(an_unmount_that_fails_is_told_by_the_timers),
      TEST(a_mount_that_fails_makes_no_listener),
      TEST(a_computed_is_mounted_above_its_sources_and_unmounted_before_them),
      TEST(a_computed_may_be_listened_to_in_its_own_mount),
      TEST(a_computed_may_be_read_in_its_own_mount),
      TEST(what_a_mount_writes_reaches_the_computed),
      TEST(the_value_of_a_source_is_there_before_a_computed_is_derived),
      TEST(keep_mount_keeps_a_store_mounted),
      TEST(a_store_without_mount_is_mounted_while_it_has_listeners),
      TEST(what_is_mounted_is_unmounted_when_the_lagoon_ends),
      TEST(set_is_before_the_write_also_of_an_equal_value),
      TEST(set_can_forbid_a_write),
      TEST(set_may_write_another_value_in_its_place),
      TEST(a_key_that_can_not_be_set_is_refused_with_events),
      TEST(set_of_a_computed_is_called_for_each_result),
      TEST(notify_is_after_the_write_and_before_the_listeners),
      TEST(notify_is_called_at_once_in_a_batch),
      TEST(notify_can_leave_the_listeners_out),
      TEST(notify_that_fails_is_a_failure_of_the_write),
      TEST(notify_may_write),
      TEST(a_listener_that_comes_in_notify_is_called),
      TEST(timers_run_in_the_order_of_their_time),
      TEST(what_is_batched_and_what_is_unmounted_run_by_time),
      TEST(what_a_timer_starts_waits_for_the_next_call),
      TEST(a_store_may_be_released_by_a_timer),
      TEST(the_clock_of_a_lagoon_goes_on_by_itself),
      TEST(when_no_task_runs_nobody_waits),
      TEST(tasks_are_waited_for_until_the_last_has_ended),
      TEST(who_waited_may_start_another),
      TEST(what_fails_after_the_tasks_is_told_by_their_end),
      TEST(a_creator_makes_a_map_with_its_id_once),
      TEST(a_map_is_kept_until_it_is_unmounted),
      TEST(an_unmounted_map_that_is_owned_lives_on_beside_a_new_one),
      TEST(maps_outlive_their_creator),
      TEST(a_creator_may_be_freed_by_its_own_functions),
      TEST(what_a_creator_fails_with_the_listening_fails_with),
      TEST(several_creators_end_with_the_lagoon_at_the_latest),
      TEST(a_mount_may_be_ended_in_the_unmount_of_its_end),
      TEST(a_mount_that_fails_within_an_unmount_is_told_by_the_timers),
      TEST(of_a_mount_and_a_stop_that_fail_the_mount_is_told),
      TEST(what_did_not_start_does_not_stop),
      TEST(what_started_stops_when_memory_fails),
      TEST(a_tracked_source_that_could_not_be_mounted_is_mounted_at_the_next_run),
      TEST(what_a_notify_fails_with_is_told_whatever_listeners_do),
      TEST(a_creator_that_was_freed_makes_no_maps),
      TEST(a_listener_is_told_the_value_of_a_silent_write),
      TEST(events_that_cause_themselves_without_end_are_an_error),
      TEST(start_and_stop_may_read_their_store),
      TEST(a_start_that_fails_within_the_delay_is_a_failure_of_the_read),
      TEST(who_waited_may_wait_again),
      TEST(of_a_notify_and_a_listener_that_fail_the_listener_is_told),
      TEST(what_an_event_of_a_write_releases_is_gone),
      TEST(an_effect_that_reads_what_is_being_mounted_depends_on_it),
      TEST(who_subscribes_while_a_store_is_being_mounted_is_told_its_value),
      TEST(a_mount_that_fails_goes_on_for_those_who_came_meanwhile),
      TEST(what_is_read_while_it_is_being_mounted_is_current_afterwards),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
