/*
** Listeners: which are called for what, in which order, and what they may do meanwhile.
*/
#include "host.h"

/* ---- listening ------------------------------------------------------------------------------- */

static void a_listener_is_called_after_each_change(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_listener *listener = lg_listen(a, on_change, "a");
  ok(set(a, 1));
  ok(set(a, 2));
  ok(lg_unlisten(listener));
  ok(set(a, 3));
  noted("a 1<0; a 2<1");
  assert_int_equal(stats().nodes, 0);
  assert_int_equal(stats().listeners, 0);
  assert_int_equal(stats().calls, 2);
}

static void subscribe_also_calls_at_once(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_subscribe(a, on_change, "a");
  ok(set(a, 1));
  noted("a 0; a 1<0");
}

static void remember_store(const lg_change *change, void *store) {
  *(lg_store **)store = change->store;
}

static void a_listener_is_told_which_store_changed(void **state) {
  (void)state;
  lg_store *told = NULL;
  lg_store *a = atom(0);
  lg_listen(a, remember_store, &told);
  ok(set(a, 1));
  assert_ptr_equal(told, a);
}

static void listeners_are_called_in_the_order_in_which_they_came(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_listen(a, on_change, "1");
  lg_listener *second = lg_listen(a, on_change, "2");
  lg_listen(a, on_change, "3");
  ok(set(a, 1));
  noted("1 1<0; 2 1<0; 3 1<0");
  assert_int_equal(lg_listener_count(a), 3);
  ok(lg_unlisten(second));
  lg_listen(a, on_change, "4");
  ok(set(a, 2));
  noted("1 2<1; 3 2<1; 4 2<1");
}

static void a_function_that_listens_twice_is_called_twice(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_listener *first = lg_listen(a, on_change, "a");
  lg_listen(a, on_change, "a");
  ok(set(a, 1));
  noted("a 1<0; a 1<0");
  ok(lg_unlisten(first));
  ok(set(a, 2));
  noted("a 2<1");
}

static void many_listeners_come_and_go(void **state) {
  (void)state;
  enum { MOST = 3000 };
  static lg_listener *listeners[MOST];
  lg_store *a = atom(0);
  for (int round = 0; round < 2; round++) {
    for (size_t i = 0; i < MOST; i++)
      listeners[i] = lg_listen(a, remember_store, NULL);
    assert_int_equal(lg_listener_count(a), MOST);
    for (size_t i = 0; i < MOST; i++)
      ok(lg_unlisten(listeners[i * 7 % MOST]));
    assert_int_equal(lg_listener_count(a), 0);
    host_check();
  }
}

/* ---- in the middle of an update -------------------------------------------------------------- */

/* A listener that ends others, which may be itself. */
typedef struct ender {
  char *name;
  lg_listener *ended[3];
} ender;

static void end_them(const lg_change *change, void *ctx) {
  ender *it = ctx;
  on_change(change, it->name);
  for (size_t i = 0; i < COUNT(it->ended); i++) {
    ok(lg_unlisten(it->ended[i]));
    it->ended[i] = NULL;
  }
}

static void a_listener_may_end_itself(void **state) {
  (void)state;
  lg_store *a = atom(0);
  ender it = {.name = "ender"};
  lg_listen(a, on_change, "before");
  it.ended[0] = lg_listen(a, end_them, &it);
  lg_listen(a, on_change, "behind");
  ok(set(a, 1));
  ok(set(a, 2));
  noted("before 1<0; ender 1<0; behind 1<0; before 2<1; behind 2<1");
}

static void a_listener_that_is_ended_while_it_waits_is_not_called(void **state) {
  (void)state;
  lg_store *a = atom(0);
  ender it = {.name = "ender"};
  it.ended[0] = lg_listen(a, on_change, "before");
  lg_listen(a, end_them, &it);
  it.ended[1] = lg_listen(a, on_change, "behind");
  lg_listen(a, on_change, "last");
  ok(set(a, 1));
  noted("before 1<0; ender 1<0; last 1<0");
}

static void all_listeners_may_leave_in_an_update(void **state) {
  (void)state;
  lg_store *a = atom(0);
  ender it = {.name = "ender"};
  it.ended[0] = lg_listen(a, end_them, &it);
  it.ended[1] = lg_listen(a, on_change, "behind");
  it.ended[2] = lg_listen(a, on_change, "last");
  ok(set(a, 1));
  ok(set(a, 2));
  noted("ender 1<0");
  assert_int_equal(lg_listener_count(a), 0);
}

static void a_listener_of_a_computed_may_end_itself(void **state) {
  (void)state;
  lg_store *a = atom(0);
  ender it = {.name = "ender"};
  lg_store *c = listed("c", a, NULL);
  it.ended[0] = lg_listen(c, end_them, &it);
  lg_store_release(c);
  ok(set(a, 1));
  noted("c 0; c 1; ender 1<0");
  pass(LG_UNMOUNT_DELAY);
  assert_int_equal(stats().stores, 1);
}

static void listen_now(const lg_change *change, void *ctx) {
  on_change(change, ctx);
  if (lg_as_int(change->value) > 1) return;
  lg_listen(change->store, on_change, "listener");
  lg_subscribe(change->store, on_change, "subscriber");
}

static void a_listener_that_comes_in_an_update_is_not_called_for_it(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_listen(a, listen_now, "first");
  lg_listen(a, on_change, "second");
  ok(set(a, 1));
  noted("first 1<0; subscriber 1; second 1<0");
  ok(set(a, 2));
  noted("first 2<1; second 2<1; listener 2<1; subscriber 2<1");
}

/* ---- writes in listeners --------------------------------------------------------------------- */

static void copy_to(const lg_change *change, void *store) {
  ok(lg_set(store, lg_keep(change->value)));
}

static void what_a_listener_writes_waits_for_the_listeners_before_it(void **state) {
  (void)state;
  lg_store *a = atom(0), *b = atom(0);
  lg_listen(a, copy_to, b);
  lg_listen(b, on_change, "b");
  lg_listen(a, on_change, "a");
  ok(set(a, 1));
  noted("a 1<0; b 1<0");
}

static void count_to_three(const lg_change *change, void *ctx) {
  on_change(change, ctx);
  if (lg_as_int(change->value) < 3) ok(set(change->store, lg_as_int(change->value) + 1));
}

/* A listener is told the value that the store has when it is called. */
static void a_listener_that_writes_to_its_own_store_calls_everybody_again(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_listen(a, count_to_three, "writer");
  lg_listen(a, on_change, "a");
  ok(set(a, 1));
  noted("writer 1<0; a 2<0; writer 2<1; a 3<1; writer 3<2; a 3<2");
}

static void write_text(const lg_change *change, void *ctx) {
  char it[64];
  on_change(change, ctx);
  if (lg_size(change->value) > 60) return;
  snprintf(it, sizeof it, "%s, and more of it, and still more", lg_text(&change->value));
  ok(lg_set(change->store, text(it)));
}

static void what_a_listener_is_told_lives_as_long_as_its_call(void **state) {
  (void)state;
  lg_store *a = lg_atom(lagoon, text("a text of more than thirteen"));
  lg_listen(a, write_text, "writer");
  lg_listen(a, on_change, "a");
  ok(lg_set(a, text("another text of more bytes")));
  noted("writer 'another text of more bytes'<'a text of more than thirteen'; "
        "a 'another text of more bytes, and more of it, and still more'<"
        "'a text of more than thirteen'; "
        "writer 'another text of more bytes, and more of it, and still more'<"
        "'another text of more bytes'; "
        "a 'another text of more bytes, and more of it, and still more, and'<"
        "'another text of more bytes'; "
        "writer 'another text of more bytes, and more of it, and still more, and'<"
        "'another text of more bytes, and more of it, and still more'; "
        "a 'another text of more bytes, and more of it, and still more, and'<"
        "'another text of more bytes, and more of it, and still more'");
}

static void read_it(const lg_change *change, void *store) {
  (void)change;
  note("%s", show(lg_get(store)));
}

static void what_a_lone_listener_reads_leaves_nothing_behind(void **state) {
  (void)state;
  lg_store *a = atom(0), *c = listed(NULL, a, a);
  lg_store *b = atom(0);
  lg_store *of_b = listed(NULL, b, b);
  lg_listen(a, read_it, c);
  lg_listen(b, read_it, of_b);
  for (int i = 1; i < 4; i++) {
    ok(set(a, i));
    ok(set(b, i));
    host_check();
  }
  noted("2; 2; 4; 4; 6; 6");
}

static void batch_in_listener(const lg_change *change, void *store) {
  (void)change;
  note("begins");
  ok(lg_batch_begin(lagoon));
  ok(set(store, 1));
  ok(set(store, 2));
  ok(lg_batch_end(lagoon));
  note("ends");
}

static void a_batch_in_a_listener_is_through_when_it_returns(void **state) {
  (void)state;
  lg_store *a = atom(0), *b = atom(0), *m = lg_map(lagoon);
  lg_listen(a, batch_in_listener, b);
  lg_listen(a, on_change, "a");
  lg_listen(b, on_change, "b");
  ok(set(a, 1));
  noted("begins; a 1<0; b 2<0; ends");
  lg_listen(m, batch_in_listener, b);
  lg_listen(m, on_change, "m");
  ok(set(b, 0));
  ok(lg_set_key(m, "k", lg_int(1)));
  noted("b 0<2; begins; m {k:1}<{} @k; b 2<0; ends");
}

static void updates_within_updates_come_to_an_end(void **state) {
  (void)state;
  enum { DEEP = 1000 };
  static lg_store *stores[DEEP];
  for (size_t i = 0; i < DEEP; i++)
    stores[i] = atom(0);
  for (size_t i = 0; i + 1 < DEEP; i++)
    lg_listen(stores[i], copy_to, stores[i + 1]);
  ok(set(stores[0], 1));
  assert_int_equal(get(stores[DEEP - 1]), 1);
}

/* ---- failures -------------------------------------------------------------------------------- */

static void fail_with(const lg_change *change, void *why) {
  on_change(change, why);
  lg_fail(lagoon, why);
}

static void a_listener_that_fails_does_not_stop_the_others(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_listen(a, on_change, "first");
  lg_listen(a, fail_with, "one");
  lg_listen(a, on_change, "second");
  fails_with(set(a, 1), LG_E_CALLBACK, "one");
  noted("first 1<0; one 1<0; second 1<0");
  assert_int_equal(get(a), 1);
}

static void of_several_failures_the_last_one_is_told(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_listener *listeners[] = {lg_listen(a, fail_with, "one"), lg_listen(a, fail_with, "two")};
  fails_with(set(a, 1), LG_E_CALLBACK, "two");
  noted("one 1<0; two 1<0");
  ok(lg_unlisten(listeners[0]));
  ok(lg_unlisten(listeners[1]));
  ok(set(a, 2));
}

static void set_wrongly(const lg_change *change, void *map) {
  on_change(change, "wrong");
  assert_int_equal(lg_set(map, lg_int(1)), LG_E_TYPE);
}

static void what_a_listener_does_wrong_without_failing_is_its_own_matter(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_listen(a, fail_with, "why");
  lg_listen(a, set_wrongly, lg_map(lagoon));
  fails_with(set(a, 1), LG_E_CALLBACK, "why");
  noted("why 1<0; wrong 1<0");
}

static void the_failure_of_a_listener_that_a_listener_caused_is_that_of_the_write(void **state) {
  (void)state;
  lg_store *a = atom(0), *b = atom(0);
  lg_listen(a, copy_to, b);
  lg_listen(b, fail_with, "b");
  fails_with(set(a, 1), LG_E_CALLBACK, "b");
  noted("b 1<0");
  ok(lg_batch_begin(lagoon));
  ok(set(a, 2));
  fails_with(lg_batch_end(lagoon), LG_E_CALLBACK, "b");
  noted("b 2<1");
}

static void end_batch_wrongly(const lg_change *change, void *store) {
  (void)change;
  ok(lg_batch_begin(lagoon));
  ok(set(store, 1));
  fails_with(lg_batch_end(lagoon), LG_E_CALLBACK, "inner");
}

static void a_failure_of_an_inner_batch_leaves_the_outer_failure_alone(void **state) {
  (void)state;
  lg_store *a = atom(0), *b = atom(0);
  lg_store *bad = lg_computed_from(lagoon, &a, 1, add_listed, &(sum){.count = 1});
  lg_listen(bad, on_change, "bad");
  lg_listen(a, fail_with, "outer");
  lg_listen(a, end_batch_wrongly, b);
  lg_listen(b, fail_with, "inner");
  fails_with(set(a, 1), LG_E_CALLBACK, "outer");
  noted("outer 1<0; bad 1<0; inner 1<0");
}

static void a_subscriber_that_fails_at_once_is_not_there(void **state) {
  (void)state;
  lg_store *a = atom(0);
  fails_to_make(lg_subscribe(a, fail_with, "at once"), LG_E_CALLBACK);
  assert_string_equal(lg_last_error(lagoon), "at once");
  assert_int_equal(lg_listener_count(a), 0);
  ok(set(a, 1));
  noted("at once 0");
}

static void fail_outside(const lg_change *change, void *ctx) {
  (void)change;
  (void)ctx;
  lg_fail(lagoon, "a text that is longer than two hundred bytes, of which two hundred are copied, "
                  "so that whoever reads it sees what went wrong, as far as it fits into the place "
                  "that there is for it in the lagoon, which does not allocate for errors");
}

static void the_text_of_a_failure_is_copied(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_listen(a, fail_outside, NULL);
  fails(set(a, 1), LG_E_CALLBACK);
  assert_true(strlen(lg_last_error(lagoon)) >= 200);
  assert_memory_equal(lg_last_error(lagoon), "a text that is longer than two hundred", 38);
}

static void what_can_not_be_listened_to_is_refused(void **state) {
  (void)state;
  lg_store *a = atom(0);
  const char *keys[] = {"a", NULL};
  ok(lg_set_name(a, "count"));
  assert_null(lg_listen(NULL, on_change, NULL));
  assert_null(lg_subscribe(NULL, on_change, NULL));
  assert_null(lg_listen_keys(NULL, keys, 1, on_change, NULL));
  fails_to_make(lg_listen(a, NULL, NULL), LG_E_ARGUMENT);
  fails_to_make(lg_subscribe(a, NULL, NULL), LG_E_ARGUMENT);
  fails_to_make(lg_listen_keys(a, keys, 2, on_change, NULL), LG_E_ARGUMENT);
  fails_to_make(lg_listen_keys(a, NULL, 1, on_change, NULL), LG_E_ARGUMENT);
  fails_to_make(lg_subscribe_keys(a, keys, 1, NULL, NULL), LG_E_ARGUMENT);
  assert_string_equal(lg_last_error(lagoon), "count: no listener");
  ok(lg_unlisten(NULL));
  assert_int_equal(lg_listener_count(a), 0);
  assert_int_equal(stats().listeners, 0);
}

static void fail_at_last(const lg_change *change, void *ctx) {
  (void)change;
  (void)ctx;
  lg_fail(lagoon, "the last failure");
}

/* Fails, and ignores what fails in it later. */
static void fail_within(const lg_change *change, void *ctx) {
  (void)ctx;
  lg_fail(lagoon, "the second failure");
  fails_to_make(lg_subscribe(change->store, fail_at_last, NULL), LG_E_CALLBACK);
  assert_string_equal(lg_last_error(lagoon), "the last failure");
}

static void fail_and_go_on(const lg_change *change, void *inner) {
  lg_fail(lagoon, "the first failure");
  fails(lg_set_key(change->store, "k", lg_int(1)), LG_E_TYPE);
  if (!inner) return;
  fails_to_make(lg_subscribe(inner, fail_within, NULL), LG_E_CALLBACK);
  assert_string_equal(lg_last_error(lagoon), "the second failure");
}

static void what_a_function_fails_with_is_told_whatever_it_ignores_later(void **state) {
  (void)state;
  lg_store *a = atom(0);
  fails_to_make(lg_subscribe(a, fail_and_go_on, atom(0)), LG_E_CALLBACK);
  assert_string_equal(lg_last_error(lagoon), "the first failure");
  lg_listen(a, fail_and_go_on, NULL);
  fails_with(set(a, 1), LG_E_CALLBACK, "the first failure");
}

static void fail_and_set(const lg_change *change, void *inner) {
  (void)change;
  lg_fail(lagoon, "the first failure");
  set(inner, get(inner) + 1);
}

static void without_memory_a_failure_keeps_its_status(void **state) {
  (void)state;
  lg_store *a = atom(0), *b = atom(0);
  unsigned lost = 0; /* texts */
  lg_listen(b, fail_at_last, NULL);
  for (size_t n = 0;; n++) {
    failing_after(&memory, n);
    lg_listener *listener = lg_subscribe(a, fail_and_set, b);
    bool has_failed = failing_stop(&memory);
    assert_null(listener);
    if (!has_failed) break;
    lost += !strcmp(lg_last_error(lagoon), "a function of the host's failed");
  }
  assert_true(lost > 0);
  assert_string_equal(lg_last_error(lagoon), "the first failure");
}

/* ---- listening to several stores ------------------------------------------------------------- */

static void a_listener_can_listen_to_several_stores(void **state) {
  (void)state;
  lg_store *a = atom(0), *b = atom(0), *c = listed(NULL, b, NULL);
  lg_listener *listener = lg_listen(a, on_change, "it");
  ok(lg_listen_also(listener, b));
  ok(lg_listen_also(listener, c));
  ok(set(a, 1));
  ok(set(b, 1));
  noted("it 1<0; it 1<0; it 1<0");
  ok(lg_batch_begin(lagoon));
  ok(set(b, 2));
  ok(set(a, 2));
  ok(lg_batch_end(lagoon));
  noted("it 2<1; it 2<1"); /* for a and b, and for c, which changed later */
  ok(lg_unlisten(listener));
  assert_int_equal(lg_listener_count(a) + lg_listener_count(c), 0);
  ok(set(a, 3));
  noted("");
}

static void listening_twice_to_one_store_calls_twice_but_once_in_a_batch(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_listener *listener = lg_listen(a, on_change, "it");
  ok(lg_listen_also(listener, a));
  assert_int_equal(lg_listener_count(a), 2);
  ok(set(a, 1));
  noted("it 1<0; it 1<0");
  ok(lg_batch_begin(lagoon));
  ok(set(a, 2));
  ok(lg_batch_end(lagoon));
  noted("it 2<1");
  ok(lg_unlisten(listener));
  assert_int_equal(lg_listener_count(a), 0);
}

static void only_a_listener_of_a_store_can_listen_also(void **state) {
  (void)state;
  const char *key = "a";
  lg_store *a = atom(0), *m = lg_map(lagoon);
  lg_listener *wrong[] = {
      lg_listen_keys(m, &key, 1, on_change, NULL),
      lg_effect(lagoon, on_effect, "effect"),
      lg_on_start(a, on_event, "start"),
  };
  for (size_t i = 0; i < COUNT(wrong); i++) {
    assert_non_null(wrong[i]);
    fails(lg_listen_also(wrong[i], a), LG_E_ARGUMENT);
  }
  assert_int_equal(lg_listen_also(NULL, a), LG_E_ARGUMENT);
  assert_int_equal(lg_listen_also(lg_listen(a, on_change, "a"), NULL), LG_E_ARGUMENT);
  noted("effect; start");
}

static void a_store_that_can_not_be_mounted_is_not_listened_to_also(void **state) {
  (void)state;
  lg_store *a = atom(0), *bad = listed(NULL, a, NULL);
  sum_of(bad)->fails = true;
  lg_listener *listener = lg_listen(a, on_change, "it");
  fails(lg_listen_also(listener, bad), LG_E_CALLBACK);
  assert_int_equal(lg_listener_count(bad), 0);
  ok(set(a, 1) == LG_E_CALLBACK ? LG_OK : LG_E_ARGUMENT);
  noted("it 1<0");
}

static void end_it(lg_event *event, void *listener) {
  (void)event;
  note("end");
  ok(lg_unlisten(listener));
}

static void a_listener_that_ends_while_a_store_is_mounted_for_it_is_not_linked(void **state) {
  (void)state;
  lg_store *a = atom(0), *b = atom(0);
  lg_listener *listener = lg_listen(a, on_change, "it");
  lg_on_mount(b, end_it, NULL, listener);
  lg_set_name(b, "b");
  fails_with(lg_listen_also(listener, b), LG_E_ARGUMENT, "b: the listener was ended meanwhile");
  noted("end");
  assert_int_equal(lg_listener_count(a) + lg_listener_count(b), 0);
  ok(set(b, 1));
  noted("");
}

/* ---- keys ------------------------------------------------------------------------------------ */

static const char *const A[] = {"a"};
static const char *const A_AND_B[] = {"a", "b"};

static void a_listener_of_keys_is_called_for_its_keys_only(void **state) {
  (void)state;
  lg_store *m = lg_map(lagoon);
  lg_listener *listener = lg_listen_keys(m, A_AND_B, 2, on_change, "keys");
  ok(lg_set_key(m, "a", lg_int(1)));
  ok(lg_set_key(m, "c", lg_int(1)));
  ok(lg_set_key(m, "b", lg_int(1)));
  ok(lg_set_key(m, "ab", lg_int(1)));
  ok(lg_set_key(m, "", lg_int(1)));
  noted("keys {a:1}<{} @a; keys {a:1,c:1,b:1}<{a:1,c:1} @b");
  ok(lg_unlisten(listener));
  ok(lg_set_key(m, "a", lg_int(2)));
  noted("");
  assert_int_equal(lg_listener_count(m), 0);
}

static void a_subscriber_of_keys_is_called_at_once(void **state) {
  (void)state;
  lg_store *m = lg_map_from(lagoon, object("a", 1, NULL));
  lg_subscribe_keys(m, A, 1, on_change, "keys");
  lg_subscribe_keys(m, NULL, 0, on_change, "none");
  ok(lg_set_key(m, "b", lg_int(2)));
  ok(lg_set_key(m, "a", lg_int(2)));
  noted("keys {a:1}; none {a:1}; keys {a:2,b:2}<{a:1,b:2} @a");
}

static void no_keys_are_never_called(void **state) {
  (void)state;
  lg_store *m = lg_map_from(lagoon, object("a", 1, NULL));
  lg_listen_keys(m, NULL, 0, on_change, "none");
  ok(lg_set_key(m, "a", lg_int(2)));
  ok(lg_set(m, object("b", 1, NULL)));
  ok(lg_notify(m));
  noted("");
}

static void keys_are_copied(void **state) {
  (void)state;
  char key[] = "first";
  const char *keys[] = {key, "second"};
  lg_store *m = lg_map(lagoon);
  lg_listen_keys(m, keys, 2, on_change, "keys");
  strcpy(key, "xxxxx");
  keys[1] = "third";
  ok(lg_set_key(m, "first", lg_int(1)));
  ok(lg_set_key(m, "xxxxx", lg_int(1)));
  ok(lg_set_key(m, "second", lg_undefined()));
  ok(lg_set_key(m, "second", lg_int(1)));
  noted("keys {first:1}<{} @first; "
        "keys {first:1,xxxxx:1,second:1}<{first:1,xxxxx:1} @second");
}

static void a_key_that_appears_or_goes_is_a_change(void **state) {
  (void)state;
  lg_store *m = lg_map(lagoon);
  lg_listen_keys(m, A, 1, on_change, "keys");
  ok(lg_set_key(m, "a", lg_int(1)));
  ok(lg_set_key(m, "a", lg_undefined()));
  noted("keys {a:1}<{} @a; keys {}<{a:1} @a");
}

static void after_set_each_key_is_compared(void **state) {
  (void)state;
  lg_store *m = lg_map_from(lagoon, object("a", 1, "b", 1, NULL));
  lg_listen_keys(m, A, 1, on_change, "keys");
  ok(lg_set(m, object("a", 1, "b", 2, NULL)));
  noted("");
  ok(lg_set(m, object("a", 2, "b", 2, NULL)));
  noted("keys {a:2,b:2}<{a:1,b:2}");
}

static bool is_near(lg_value a, lg_value b, const char *key, void *ctx) {
  (void)key;
  (void)ctx;
  return llabs(lg_as_int(a) - lg_as_int(b)) < 5;
}

static void after_set_each_key_is_compared_with_its_equality(void **state) {
  (void)state;
  lg_store *m = lg_map_from(lagoon, object("a", 1, NULL));
  ok(lg_set_key_equal(m, is_near, NULL));
  lg_listen_keys(m, A, 1, on_change, "keys");
  ok(lg_set(m, object("a", 3, NULL)));
  noted("");
  ok(lg_set(m, object("a", 9, NULL)));
  noted("keys {a:9}<{a:3}");
}

static void after_a_batch_each_key_is_compared_with_its_value_before(void **state) {
  (void)state;
  const char *b = "b";
  lg_store *m = lg_map_from(lagoon, object("a", 1, "b", 1, NULL));
  lg_listen_keys(m, A, 1, on_change, "a");
  lg_listen_keys(m, &b, 1, on_change, "b");
  ok(lg_batch_begin(lagoon));
  ok(lg_set_key(m, "a", lg_int(2)));
  ok(lg_set_key(m, "b", lg_int(2)));
  ok(lg_set_key(m, "b", lg_int(1)));
  ok(lg_batch_end(lagoon));
  noted("a {a:2,b:1}<{a:1,b:1}");
}

static void notify_concerns_every_key(void **state) {
  (void)state;
  lg_store *m = lg_map_from(lagoon, object("a", 1, NULL));
  lg_listen_keys(m, A, 1, on_change, "keys");
  ok(lg_notify(m));
  noted("keys {a:1}");
}

static void a_key_of_a_map_may_have_dots_and_brackets(void **state) {
  (void)state;
  const char *const keys[] = {"a.b", "c[0]"};
  lg_store *m = lg_map(lagoon);
  lg_listen_keys(m, keys, 2, on_change, "keys");
  ok(lg_set_key(m, "a.b", lg_int(1)));
  ok(lg_set_key(m, "c[0]", lg_int(1)));
  ok(lg_set_key(m, "a.x", lg_int(1)));
  noted("keys {a.b:1}<{} @a.b; keys {a.b:1,c[0]:1}<{a.b:1} @c[0]");
  ok(lg_set(m, object("a.b", 1, "c[0]", 2, NULL)));
  noted("keys {a.b:1,c[0]:2}<{a.b:1,c[0]:1,a.x:1}");
}

static void a_store_of_any_kind_can_have_listeners_of_keys(void **state) {
  (void)state;
  lg_store *a = lg_atom(lagoon, object("a", 1, NULL));
  lg_listen_keys(a, A, 1, on_change, "atom");
  ok(lg_set(a, object("a", 1, "b", 1, NULL)));
  noted("");
  ok(lg_set(a, lg_int(1)));
  noted("atom 1<{a:1,b:1}");
}

/* {user: {name: 1, age: 2}, tags: [1, 2]} */
static lg_store *person(void) {
  lg_store *d = lg_deep_map(lagoon);
  ok(lg_set_key(d, "user.name", lg_int(1)));
  ok(lg_set_key(d, "user.age", lg_int(2)));
  ok(lg_set_key(d, "tags[0]", lg_int(1)));
  ok(lg_set_key(d, "tags[1]", lg_int(2)));
  return d;
}

/* Notes the name and the path only. */
static void on_path(const lg_change *change, void *name) {
  note("%s @%s", (const char *)name, change->key ? change->key : "");
}

static void a_listener_of_paths_is_called_for_its_paths_only(void **state) {
  (void)state;
  const char *const paths[] = {"user.name", "tags[1]"};
  lg_store *d = person();
  lg_listen_keys(d, paths, 2, on_path, "paths");
  ok(lg_set_key(d, "user.age", lg_int(3)));
  ok(lg_set_key(d, "tags[0]", lg_int(3)));
  noted("");
  ok(lg_set_key(d, "user.name", lg_int(3)));
  ok(lg_set_key(d, "tags[1]", lg_int(3)));
  noted("paths @user.name; paths @tags[1]");
}

static void a_write_above_a_path_concerns_it_if_what_is_there_changed(void **state) {
  (void)state;
  const char *const paths[] = {"user.name"};
  lg_store *d = person();
  lg_listen_keys(d, paths, 1, on_path, "name");
  ok(lg_set_key(d, "user", object("name", 1, "age", 9, NULL)));
  noted("");
  ok(lg_set_key(d, "user", object("name", 2, NULL)));
  ok(lg_set(d, lg_object(lagoon)));
  noted("name @user; name @");
}

static void a_write_below_a_path_concerns_it(void **state) {
  (void)state;
  const char *const first[] = {"user", "tags"};
  const char *const longer[] = {"a.b"};
  lg_store *d = person();
  lg_listen_keys(d, first, 2, on_path, "first");
  lg_listen_keys(d, longer, 1, on_path, "longer");
  ok(lg_set_key(d, "user.name", lg_int(5)));
  ok(lg_set_key(d, "tags[0]", lg_int(5)));
  ok(lg_set_key(d, "a.b.c", lg_int(5)));
  ok(lg_set_key(d, "us.er", lg_int(5)));
  noted("first @user.name; first @tags[0]; longer @a.b.c");
}

static void an_item_that_moves_up_concerns_its_new_index(void **state) {
  (void)state;
  const char *const paths[] = {"tags[1]"};
  lg_store *d = person();
  lg_listen_keys(d, paths, 1, on_path, "tag");
  ok(lg_set_key(d, "tags[0]", lg_undefined()));
  noted("tag @tags[0]");
}

static void after_a_batch_each_path_is_compared(void **state) {
  (void)state;
  const char *const name[] = {"user.name"}, *const age[] = {"user.age"};
  lg_store *d = person();
  lg_listen_keys(d, name, 1, on_path, "name");
  lg_listen_keys(d, age, 1, on_path, "age");
  ok(lg_batch_begin(lagoon));
  ok(lg_set_key(d, "user.name", lg_int(7)));
  ok(lg_batch_end(lagoon));
  noted("name @");
  ok(lg_notify(d));
  noted("name @; age @");
}

static void a_listener_of_keys_that_fails_does_not_stop_the_others(void **state) {
  (void)state;
  lg_store *m = lg_map(lagoon);
  lg_listen_keys(m, A, 1, fail_with, "why");
  lg_listen(m, on_change, "m");
  fails_with(lg_set_key(m, "a", lg_int(1)), LG_E_CALLBACK, "why");
  noted("why {a:1}<{} @a; m {a:1}<{} @a");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(a_listener_is_called_after_each_change),
      TEST(subscribe_also_calls_at_once),
      TEST(a_listener_is_told_which_store_changed),
      TEST(listeners_are_called_in_the_order_in_which_they_came),
      TEST(a_function_that_listens_twice_is_called_twice),
      TEST(many_listeners_come_and_go),
      TEST(a_listener_may_end_itself),
      TEST(a_listener_that_is_ended_while_it_waits_is_not_called),
      TEST(all_listeners_may_leave_in_an_update),
      TEST(a_listener_of_a_computed_may_end_itself),
      TEST(a_listener_that_comes_in_an_update_is_not_called_for_it),
      TEST(what_a_listener_writes_waits_for_the_listeners_before_it),
      TEST(a_listener_that_writes_to_its_own_store_calls_everybody_again),
      TEST(what_a_listener_is_told_lives_as_long_as_its_call),
      TEST(what_a_lone_listener_reads_leaves_nothing_behind),
      TEST(a_batch_in_a_listener_is_through_when_it_returns),
      TEST(updates_within_updates_come_to_an_end),
      TEST(a_listener_that_fails_does_not_stop_the_others),
      TEST(of_several_failures_the_last_one_is_told),
      TEST(what_a_listener_does_wrong_without_failing_is_its_own_matter),
      TEST(the_failure_of_a_listener_that_a_listener_caused_is_that_of_the_write),
      TEST(a_failure_of_an_inner_batch_leaves_the_outer_failure_alone),
      TEST(a_subscriber_that_fails_at_once_is_not_there),
      TEST(the_text_of_a_failure_is_copied),
      TEST(what_a_function_fails_with_is_told_whatever_it_ignores_later),
      TEST(without_memory_a_failure_keeps_its_status),
      TEST(what_can_not_be_listened_to_is_refused),
      TEST(a_listener_can_listen_to_several_stores),
      TEST(listening_twice_to_one_store_calls_twice_but_once_in_a_batch),
      TEST(only_a_listener_of_a_store_can_listen_also),
      TEST(a_store_that_can_not_be_mounted_is_not_listened_to_also),
      TEST(a_listener_that_ends_while_a_store_is_mounted_for_it_is_not_linked),
      TEST(a_listener_of_keys_is_called_for_its_keys_only),
      TEST(a_subscriber_of_keys_is_called_at_once),
      TEST(no_keys_are_never_called),
      TEST(keys_are_copied),
      TEST(a_key_that_appears_or_goes_is_a_change),
      TEST(after_set_each_key_is_compared),
      TEST(after_set_each_key_is_compared_with_its_equality),
      TEST(after_a_batch_each_key_is_compared_with_its_value_before),
      TEST(notify_concerns_every_key),
      TEST(a_key_of_a_map_may_have_dots_and_brackets),
      TEST(a_store_of_any_kind_can_have_listeners_of_keys),
      TEST(a_listener_of_paths_is_called_for_its_paths_only),
      TEST(a_write_above_a_path_concerns_it_if_what_is_there_changed),
      TEST(a_write_below_a_path_concerns_it),
      TEST(an_item_that_moves_up_concerns_its_new_index),
      TEST(after_a_batch_each_path_is_compared),
      TEST(a_listener_of_keys_that_fails_does_not_stop_the_others),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
