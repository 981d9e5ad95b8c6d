/*
** Atoms, maps and deep maps: how they are read and written, what is an error, and that a failed
** call changes nothing. */
#include "host.h"

#include <math.h>

/* ---- values ---------------------------------------------------------------------------------- */

static void an_atom_has_the_value_that_it_was_made_with(void **state) {
  (void)state;
  lg_store *a = lg_atom(lagoon, text("a text that is too long to be within a value"));
  shows(lg_get(a), "'a text that is too long to be within a value'");
  shows(lg_peek(a), "'a text that is too long to be within a value'");
  shows(lg_get(lg_atom(lagoon, lg_undefined())), "-");
  assert_int_equal(lg_listener_count(a), 0);
  assert_ptr_equal(lg_lagoon_of(a), lagoon);
  assert_false(lg_is_mounted(a));
}

static void a_write_is_there_at_once(void **state) {
  (void)state;
  lg_store *a = atom(1);
  ok(lg_set(a, text("another text that is not within a value")));
  shows(lg_get(a), "'another text that is not within a value'");
  ok(lg_set(a, lg_undefined()));
  shows(lg_get(a), "-");
  assert_int_equal(stats().updates, 2);
}

static void an_equal_value_is_no_change(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_listen(a, on_change, "a");
  ok(set(a, 1));
  ok(lg_set(a, lg_double(1)));
  noted("");
  ok(lg_set(a, lg_double(0)));
  ok(lg_set(a, lg_double(-0.0)));
  noted("a 0<1; a -0<0");
  ok(lg_set(a, lg_double(-(double)NAN)));
  ok(lg_set(a, lg_double((double)NAN)));
  noted("a nan<-0");
  ok(lg_set(a, text("the same text, twice on the heap")));
  noted("a 'the same text, twice on the heap'<nan");
  ok(lg_set(a, text("the same text, twice on the heap")));
  noted("");
  lg_value one = object("k", 1, NULL);
  ok(lg_set(a, lg_keep(one)));
  ok(lg_set(a, lg_keep(one)));
  noted("a {k:1}<'the same text, twice on the heap'");
  ok(lg_set(a, object("k", 1, NULL)));
  noted("a {k:1}<{k:1}");
  lg_release(one);
}

/* Whether two ints are in the same ten. Notes what it was asked. */
static bool same_ten(lg_value a, lg_value b, void *ctx) {
  note("%s %s,%s", (const char *)ctx, show(a), show(b));
  return lg_as_int(a) / 10 == lg_as_int(b) / 10;
}

static bool same_ten_of_key(lg_value a, lg_value b, const char *key, void *ctx) {
  note("%s %s,%s @%s", (const char *)ctx, show(a), show(b), key);
  return lg_as_int(a) / 10 == lg_as_int(b) / 10;
}

static void a_store_can_have_its_own_equality(void **state) {
  (void)state;
  lg_store *a = atom(1);
  ok(lg_set_equal(a, same_ten, "equal"));
  lg_listen(a, on_change, "a");
  ok(set(a, 9));
  assert_int_equal(get(a), 1);
  ok(set(a, 10));
  noted("equal 1,9; equal 1,10; a 10<1");
  ok(lg_set_equal(a, NULL, NULL));
  ok(set(a, 11));
  noted("a 11<10");
}

static void a_computed_can_have_its_own_equality(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_store *c = listed("c", a, NULL);
  ok(lg_set_equal(c, same_ten, "equal"));
  lg_listen(c, on_change, "on c");
  noted("c 1; equal -,1");
  assert_int_equal(lg_type_of(lg_get(c)), LG_UNDEFINED); /* 0 of undefined and 1 are the same ten */
  ok(set(a, 12));
  noted("c 12; equal -,12; on c 12");
  ok(set(a, 13));
  noted("c 13; equal 12,13");
}

static void the_equality_of_a_source_decides_whether_a_computed_runs(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_store *c = listed("c", a, NULL);
  assert_int_equal(get(c), 1);
  ok(lg_set_equal(a, same_ten, "equal"));
  noted("c 1");
  ok(lg_notify(a));
  assert_int_equal(get(c), 1);
  noted("equal 1,1");
}

/* ---- maps ------------------------------------------------------------------------------------ */

static void a_map_is_written_key_by_key(void **state) {
  (void)state;
  lg_store *m = lg_map(lagoon);
  lg_subscribe(m, on_change, "m");
  ok(lg_set_key(m, "a", lg_int(1)));
  ok(lg_set_key(m, "b", lg_int(2)));
  ok(lg_set_key(m, "a", lg_int(3)));
  ok(lg_set_key(m, "a", lg_int(3)));
  noted("m {}; m {a:1}<{} @a; m {a:1,b:2}<{a:1} @b; m {a:3,b:2}<{a:1,b:2} @a");
  shows(lg_get_key(m, "a"), "3");
  shows(lg_get_key(m, "none"), "-");
  shows(lg_get_key(m, NULL), "-");
  ok(lg_set_key(m, "a", lg_undefined()));
  ok(lg_set_key(m, "none", lg_undefined()));
  ok(lg_set(m, object("c", 4, NULL)));
  noted("m {b:2}<{a:3,b:2} @a; m {c:4}<{b:2}");
}

static void a_map_can_begin_with_an_object(void **state) {
  (void)state;
  lg_value whole = object("a", 1, NULL);
  lg_store *m = lg_map_from(lagoon, lg_keep(whole));
  ok(lg_set_key(m, "a", lg_int(2)));
  shows(lg_get(m), "{a:2}");
  shows(whole, "{a:1}");
  lg_release(whole);
  fails_to_make(lg_map_from(lagoon, lg_int(1)), LG_E_TYPE);
  fails_to_make(lg_deep_map_from(lagoon, text("a text that has to be released by the call")),
                LG_E_TYPE);
  fails_to_make(lg_map_from(lagoon, lg_failed(LG_E_SYNTAX)), LG_E_SYNTAX);
  assert_int_equal(stats().stores, 1);
}

static void keys_of_a_map_are_no_paths(void **state) {
  (void)state;
  lg_store *m = lg_map(lagoon);
  ok(lg_set_key(m, "a.b", lg_int(1)));
  ok(lg_set_key(m, "c[0]", lg_int(2)));
  ok(lg_set_key(m, "", lg_int(3)));
  shows(lg_get(m), "{a.b:1,c[0]:2,:3}");
  shows(lg_get_key(m, "a.b"), "1");
  shows(lg_get_key(m, ""), "3");
}

static void a_map_can_have_its_own_equality_of_keys(void **state) {
  (void)state;
  lg_store *m = lg_map_from(lagoon, object("a", 1, NULL));
  ok(lg_set_key_equal(m, same_ten_of_key, "equal"));
  lg_listen(m, on_change, "m");
  ok(lg_set_key(m, "a", lg_int(2)));
  ok(lg_set_key(m, "a", lg_int(12)));
  noted("equal 1,2 @a; equal 1,12 @a; m {a:12}<{a:1} @a");
  ok(lg_set_key(m, "a", lg_undefined()));
  noted("m {}<{a:12} @a");
  ok(lg_set(m, object("a", 5, NULL)));
  noted("m {a:5}<{}");
  ok(lg_set_equal(m, same_ten, "whole"));
  ok(lg_set(m, object("a", 6, NULL)));
  noted("whole {a:5},{a:6}");
  ok(lg_set_key_equal(m, NULL, NULL));
  ok(lg_set_key(m, "a", lg_int(7)));
  noted("m {a:7}<{a:5} @a");
}

static void a_deep_map_is_written_by_path(void **state) {
  (void)state;
  lg_store *d = lg_deep_map(lagoon);
  lg_listen(d, on_change, "d");
  ok(lg_set_key(d, "user.name", text("Ada")));
  ok(lg_set_key(d, "tags[1]", lg_int(2)));
  ok(lg_set_key(d, "user.name", text("Ada")));
  noted("d {user:{name:'Ada'}}<{} @user.name; "
        "d {user:{name:'Ada'},tags:[null,2]}<{user:{name:'Ada'}} @tags[1]");
  ok(lg_set_key(d, "tags[0]", lg_undefined()));
  ok(lg_set_key(d, "user.age", lg_undefined()));
  ok(lg_set_key(d, "user", lg_undefined()));
  noted("d {user:{name:'Ada'},tags:[2]}<{user:{name:'Ada'},tags:[null,2]} @tags[0]; "
        "d {tags:[2]}<{user:{name:'Ada'},tags:[2]} @user");
  shows(lg_get_key(d, "tags[0]"), "2");
  shows(lg_get_key(d, "tags[1]"), "-");
  shows(lg_get_key(d, "nobody.name"), "-");
  ok(lg_set(d, object("a", 1, NULL)));
  noted("d {a:1}<{tags:[2]}");
}

static void a_path_can_be_read_in_any_store(void **state) {
  (void)state;
  lg_value user = lg_path_set(lagoon, lg_undefined(), "user.name", text("Ada"));
  lg_store *a = lg_atom(lagoon, user);
  shows(lg_get_key(a, "user.name"), "'Ada'");
  ok(set(a, 1));
  shows(lg_get_key(a, "user.name"), "-");
  assert_int_equal(lg_type_of(lg_get_key(NULL, "a")), LG_FAILED);
}

static void a_value_that_was_kept_outlives_its_store_and_lagoon(void **state) {
  (void)state;
  lg_store *m = lg_map_from(lagoon, object("a", 1, NULL));
  lg_value before = lg_keep(lg_get(m));
  ok(lg_set_key(m, "a", text("a text of more than thirteen bytes")));
  lg_value after = lg_keep(lg_get(m));
  lg_store_release(m);
  ok(lg_lagoon_free(lagoon));
  lagoon = NULL;
  shows(before, "{a:1}");
  shows(after, "{a:'a text of more than thirteen bytes'}");
  lg_release(before);
  lg_release(after);
  assert_int_equal(memory.blocks, 0);
}

/* ---- names and owners ------------------------------------------------------------------------ */

static void a_name_is_copied(void **state) {
  (void)state;
  char name[] = "cart";
  lg_store *a = atom(1);
  assert_string_equal(lg_name(a), "");
  assert_string_equal(lg_name(NULL), "");
  ok(lg_set_name(a, name));
  name[0] = 'x';
  assert_string_equal(lg_name(a), "cart");
  ok(lg_set_name(a, lg_name(a)));
  assert_string_equal(lg_name(a), "cart");
  ok(lg_set_name(a, NULL));
  assert_string_equal(lg_name(a), "");
  ok(lg_set_name(a, NULL));
}

static void a_store_is_gone_when_nobody_owns_it(void **state) {
  (void)state;
  lg_store *a = atom(1);
  ok(lg_on_destroy(a, on_end, "first"));
  ok(lg_on_destroy(a, on_end, "second"));
  assert_ptr_equal(lg_store_keep(a), a);
  lg_store_release(a);
  noted("");
  lg_store_release(a);
  noted("second; first");
  assert_int_equal(stats().stores, 0);
  assert_null(lg_store_keep(NULL));
  lg_store_release(NULL);
}

static void a_store_lives_as_long_as_somebody_listens(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_store *c = listed("c", a, NULL);
  ok(lg_on_destroy(a, on_end, "a is gone"));
  ok(lg_on_destroy(c, on_end, "c is gone"));
  lg_listener *listener = lg_listen(c, on_change, "on c");
  lg_store_release(c);
  noted("c 1");
  ok(set(a, 2));
  lg_store_release(a);
  noted("c 2; on c 2<1");
  ok(lg_unlisten(listener));
  noted("");
  pass(LG_UNMOUNT_DELAY);
  noted("c is gone; a is gone");
  assert_int_equal(stats().stores, 0);
  assert_int_equal(stats().nodes, 0);
}

static void a_computed_that_was_never_mounted_gives_its_sources_back(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_store *below = listed(NULL, listed(NULL, a, NULL), NULL);
  lg_store_release(sum_of(below)->stores[0]);
  ok(lg_on_destroy(a, on_end, "a is gone"));
  lg_store_release(a);
  noted("");
  lg_store_release(below);
  noted("a is gone");
}

/* Releases the store that is its ctx, and listens to it for a moment before. */
static void release_it(const lg_change *change, void *store) {
  (void)change;
  note("release");
  lg_store_release(store);
  note("released");
}

static void a_store_that_is_released_in_an_update_is_gone_after_it(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_store *b = atom(1);
  ok(lg_on_destroy(b, on_end, "b is gone"));
  lg_listener *listener = lg_listen(a, release_it, b);
  lg_listen(a, on_change, "a");
  ok(set(a, 2));
  noted("release; released; a 2<1; b is gone");
  ok(lg_unlisten(listener));
}

static void a_store_may_be_released_by_its_own_listener(void **state) {
  (void)state;
  lg_store *a = atom(1);
  ok(lg_on_destroy(a, on_end, "a is gone"));
  lg_listener *listener = lg_listen(a, release_it, a);
  ok(set(a, 2));
  noted("release; released");
  ok(lg_unlisten(listener));
  noted("a is gone");
}

static void a_subscriber_may_release_a_store_at_once(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_store *b = atom(1);
  ok(lg_on_destroy(b, on_end, "b is gone"));
  lg_listener *listener = lg_subscribe(a, release_it, b);
  noted("release; released; b is gone");
  ok(lg_unlisten(listener));
}

/* Frees the lagoon, which must not be possible here. */
static void try_to_free(const char *where) {
  note("%s %d", where, lg_lagoon_free(lagoon) == LG_E_BUSY);
}

static void free_when_gone(void *ctx) { try_to_free(ctx); }

static bool free_in_equal(lg_value a, lg_value b, void *ctx) {
  (void)a;
  (void)b;
  try_to_free(ctx);
  return false;
}

static bool free_in_key_equal(lg_value a, lg_value b, const char *key, void *ctx) {
  (void)key;
  return free_in_equal(a, b, ctx);
}

static bool free_in_writer(const char *it, size_t size, void *ctx) {
  (void)it;
  (void)size;
  try_to_free(ctx);
  return false;
}

static void no_function_of_the_host_can_free_the_lagoon(void **state) {
  (void)state;
  lg_store *a = atom(1);
  ok(lg_on_destroy(a, free_when_gone, "gone"));
  lg_store_release(a);
  noted("gone 1");
  lg_store *m = lg_map(lagoon);
  ok(lg_set_equal(m, free_in_equal, "equal"));
  ok(lg_set_key_equal(m, free_in_key_equal, "key equal"));
  ok(lg_set(m, object("a", 1, NULL)));
  ok(lg_set_key(m, "a", lg_int(2)));
  noted("equal 1; key equal 1");
  fails(lg_dot(lagoon, free_in_writer, "writer"), LG_E_CALLBACK);
  noted("writer 1");
}

/* ---- batches --------------------------------------------------------------------------------- */

static void a_batch_calls_listeners_at_its_end_once(void **state) {
  (void)state;
  lg_store *a = atom(0), *b = atom(0);
  lg_listen(a, on_change, "a");
  lg_listen(b, on_change, "b");
  ok(lg_batch_begin(lagoon));
  ok(set(a, 1));
  ok(set(b, 1));
  ok(set(a, 2));
  assert_int_equal(get(a), 2);
  noted("");
  ok(lg_batch_end(lagoon));
  noted("a 2<0; b 1<0");
}

static void of_nested_batches_the_outermost_one_counts(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_listen(a, on_change, "a");
  ok(lg_batch_begin(lagoon));
  for (int i = 1; i < 4; i++) {
    ok(lg_batch_begin(lagoon));
    ok(set(a, i));
    ok(lg_batch_end(lagoon));
  }
  noted("");
  ok(lg_batch_end(lagoon));
  noted("a 3<0");
  fails_with(lg_batch_end(lagoon), LG_E_ARGUMENT, "lg_batch_end without lg_batch_begin");
  ok(set(a, 4));
  noted("a 4<3");
}

static void an_empty_batch_calls_nobody(void **state) {
  (void)state;
  lg_listen(atom(0), on_change, "a");
  ok(lg_batch_begin(lagoon));
  ok(lg_batch_end(lagoon));
  noted("");
}

static void after_a_batch_a_listener_of_a_map_is_told_no_key(void **state) {
  (void)state;
  lg_store *m = lg_map(lagoon);
  lg_listen(m, on_change, "m");
  ok(lg_batch_begin(lagoon));
  ok(lg_set_key(m, "a", lg_int(1)));
  ok(lg_set_key(m, "b", lg_int(2)));
  ok(lg_batch_end(lagoon));
  ok(lg_set_key(m, "b", lg_int(3)));
  noted("m {a:1,b:2}<{}; m {a:1,b:3}<{a:1,b:2} @b");
}

static void a_value_that_is_written_back_in_a_batch_is_delivered(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_listen(a, on_change, "a");
  ok(lg_batch_begin(lagoon));
  ok(set(a, 1));
  ok(set(a, 0));
  ok(lg_batch_end(lagoon));
  noted("a 0<0");
}

#define MANY 10000

static lg_store *sources[MANY];

static lg_value add_all(lg_lagoon *l, void *runs) {
  int64_t total = 0;
  (void)l;
  ++*(unsigned *)runs;
  for (int i = 0; i < MANY; i++)
    total += get(sources[i]);
  return lg_int(total);
}

static void a_batch_that_gives_all_stores_their_old_values_back_runs_nothing(void **state) {
  (void)state;
  unsigned runs = 0;
  for (int i = 0; i < MANY; i++)
    sources[i] = atom(i);
  lg_store *total = lg_computed(lagoon, add_all, &runs);
  lg_listen(total, on_change, "total");
  for (int is_last_other = 0; is_last_other < 2; is_last_other++) {
    ok(lg_batch_begin(lagoon));
    for (int i = 0; i < MANY; i++) {
      ok(set(sources[i], -1));
      ok(set(sources[i], i));
    }
    if (is_last_other) ok(set(sources[MANY - 1], MANY));
    ok(lg_batch_end(lagoon));
    assert_int_equal(runs, 1 + is_last_other);
  }
  noted("total 49995001<49995000");
  assert_true(lagoon->suspect_capacity < MANY);
}

static lg_store *written;

static bool write_in_equal(lg_value a, lg_value b, void *ctx) {
  (void)ctx;
  ok(set(written, lg_as_int(lg_peek(written)) + 1));
  return lg_same(a, b);
}

/* It is asked for the write, and whether the batch has changed the store. */
static void what_the_equality_of_a_store_writes_at_the_end_of_a_batch_is_delivered(void **state) {
  (void)state;
  lg_store *a = atom(1), *below = tracked(NULL, a, NULL);
  written = atom(0);
  lg_listen(written, on_change, "written");
  assert_int_equal(get(below), 1); /* nobody needs it any more */
  ok(lg_set_equal(a, write_in_equal, NULL));
  ok(lg_batch_begin(lagoon));
  ok(set(a, 2));
  ok(lg_batch_end(lagoon));
  noted("written 1<0; written 2<1");
  assert_int_equal(get(below), 2);
}

static void a_batch_may_drop_a_store_that_it_has_written(void **state) {
  (void)state;
  lg_store *a = lg_atom(lagoon, text("a text that is longer than a value"));
  lg_store *below = tracked(NULL, a, NULL);
  lg_listener *listener = lg_keep_mount(below);
  ok(lg_batch_begin(lagoon));
  ok(lg_set(a, text("another text that is longer than a value")));
  ok(lg_unlisten(listener));
  the_time += LG_UNMOUNT_DELAY;
  ok(lg_run_timers(lagoon));
  lg_store_release(below);
  lg_store_release(a);
  assert_int_equal(stats().stores, 0);
  lg_store *b = atom(1), *next = tracked(NULL, b, NULL);
  assert_non_null(lg_listen(next, on_change, "next"));
  ok(set(b, 2));
  ok(lg_batch_end(lagoon));
  noted("next 2<1");
}

static void a_listener_that_comes_in_a_batch_is_called_for_what_is_written_after(void **state) {
  (void)state;
  lg_store *a = atom(0);
  ok(lg_batch_begin(lagoon));
  ok(set(a, 1));
  lg_listen(a, on_change, "early");
  ok(set(a, 2));
  lg_subscribe(a, on_change, "late");
  ok(lg_batch_end(lagoon));
  noted("late 2; early 2<1");
}

static void a_listener_that_leaves_in_a_batch_is_not_called(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_listener *listener = lg_listen(a, on_change, "a");
  ok(lg_batch_begin(lagoon));
  ok(set(a, 1));
  ok(lg_unlisten(listener));
  ok(lg_batch_end(lagoon));
  noted("");
}

static void a_batch_can_be_long(void **state) {
  (void)state;
  lg_store *a = atom(0);
  lg_store *c = listed(NULL, a, NULL);
  lg_listen(a, on_change, "a");
  lg_listen(c, on_change, "c");
  ok(lg_batch_begin(lagoon));
  for (int i = 1; i <= 5000; i++)
    ok(set(a, i));
  ok(lg_batch_end(lagoon));
  noted("a 5000<0; c 5000<0");
}

static void a_lagoon_can_be_freed_with_an_open_batch(void **state) {
  (void)state;
  lg_store *a = lg_atom(lagoon, text("a text that is long enough for the heap"));
  lg_listen(a, on_change, "a");
  ok(lg_batch_begin(lagoon));
  ok(lg_set(a, text("and this one, too, is too long for a value")));
  host_free();
}

/* ---- notify ---------------------------------------------------------------------------------- */

static void notify_calls_the_listeners_without_a_write(void **state) {
  (void)state;
  int target = 1;
  lg_store *a = lg_atom(lagoon, lg_pointer(lagoon, &target, NULL));
  lg_store *m = lg_map(lagoon);
  lg_store *c = listed("c", m, NULL);
  ok(lg_notify(a));
  lg_listen(m, on_change, "m");
  lg_listen(c, on_change, "on c");
  noted("c 0");
  ok(lg_notify(m));
  ok(lg_notify(c));
  noted("m {}; on c 0");
}

/* ---- errors ---------------------------------------------------------------------------------- */

static void null_is_an_argument_that_is_refused(void **state) {
  (void)state;
  assert_int_equal(lg_set(NULL, text("a text that is too long for a value")), LG_E_ARGUMENT);
  assert_int_equal(lg_set_key(NULL, "a", lg_int(1)), LG_E_ARGUMENT);
  assert_int_equal(lg_notify(NULL), LG_E_ARGUMENT);
  assert_int_equal(lg_status_of(lg_get(NULL)), LG_E_ARGUMENT);
  assert_int_equal(lg_status_of(lg_peek(NULL)), LG_E_ARGUMENT);
  assert_int_equal(lg_set_name(NULL, "a"), LG_E_ARGUMENT);
  assert_int_equal(lg_set_equal(NULL, NULL, NULL), LG_E_ARGUMENT);
  assert_int_equal(lg_set_key_equal(NULL, NULL, NULL), LG_E_ARGUMENT);
  assert_int_equal(lg_on_destroy(NULL, on_end, NULL), LG_E_ARGUMENT);
  assert_int_equal(lg_batch_begin(NULL), LG_E_ARGUMENT);
  assert_int_equal(lg_batch_end(NULL), LG_E_ARGUMENT);
  assert_int_equal(lg_lagoon_claim(NULL), LG_E_ARGUMENT);
  assert_int_equal(lg_last_status(NULL), LG_E_ARGUMENT);
  assert_string_equal(lg_last_error(NULL), "");
  assert_int_equal(lg_listener_count(NULL), 0);
  assert_false(lg_is_mounted(NULL));
  assert_null(lg_lagoon_of(NULL));
  assert_null(lg_atom(NULL, text("a text that is too long for a value")));
  assert_null(lg_map(NULL));
  assert_null(lg_deep_map(NULL));
  assert_null(lg_map_from(NULL, object("a", 1, NULL)));
  assert_null(lg_computed(NULL, add_tracked, NULL));
  assert_null(lg_batched(NULL, add_tracked, NULL));
  ok(lg_lagoon_free(NULL));
  lg_fail(NULL, "nobody");
  assert_string_equal(lg_last_error(lagoon), "");
  ok(lg_last_status(lagoon));
}

static void what_has_no_function_or_key_is_refused(void **state) {
  (void)state;
  lg_store *m = lg_map(lagoon);
  lg_store *const none[] = {NULL};
  lg_store *const one[] = {m};
  fails(lg_set_key(m, NULL, text("a text that is too long for a value")), LG_E_ARGUMENT);
  fails(lg_on_destroy(m, NULL, NULL), LG_E_ARGUMENT);
  fails_to_make(lg_computed(lagoon, NULL, NULL), LG_E_ARGUMENT);
  fails_to_make(lg_batched(lagoon, NULL, NULL), LG_E_ARGUMENT);
  fails_to_make(lg_computed_from(lagoon, one, 1, NULL, NULL), LG_E_ARGUMENT);
  fails_to_make(lg_computed_from(lagoon, NULL, 1, add_listed, NULL), LG_E_ARGUMENT);
  fails_to_make(lg_computed_from(lagoon, none, 1, add_listed, NULL), LG_E_ARGUMENT);
  fails_to_make(lg_computed_from(lagoon, one, 0, add_listed, NULL), LG_E_ARGUMENT);
  fails_to_make(lg_computed_from(lagoon, one, 65536, add_listed, NULL), LG_E_ARGUMENT);
  fails_to_make(lg_batched_from(lagoon, none, 1, add_listed, NULL), LG_E_ARGUMENT);
  shows(lg_get(m), "{}");
  assert_int_equal(stats().stores, 1);
}

static void a_write_of_a_wrong_type_changes_nothing(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_store *m = lg_map_from(lagoon, object("a", 1, NULL));
  lg_store *d = lg_deep_map_from(lagoon, object("a", 1, NULL));
  lg_store *c = listed(NULL, a, NULL);
  ok(lg_set_name(a, "count"));
  ok(lg_set_name(m, "cart"));
  lg_listen(m, on_change, "m");
  lg_listen(d, on_change, "d");
  fails_with(lg_set(m, lg_int(1)), LG_E_TYPE, "cart: the value of a map must be an object");
  fails_with(lg_set_key(a, "a", text("a text that is too long for a value")), LG_E_TYPE,
             "count: an atom has no keys; use lg_map");
  fails(lg_set(d, lg_list(lagoon)), LG_E_TYPE);
  fails(lg_set_key(d, "a.b", lg_int(1)), LG_E_TYPE);
  fails(lg_set_key_equal(a, same_ten_of_key, NULL), LG_E_TYPE);
  fails(lg_set_key_equal(c, same_ten_of_key, NULL), LG_E_TYPE);
  fails(lg_set_key(m, "\xff", lg_int(1)), LG_E_UTF8);
  noted("");
  shows(lg_get(a), "1");
  shows(lg_get(m), "{a:1}");
  shows(lg_get(d), "{a:1}");
}

static void a_computed_can_not_be_written(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_store *stores[] = {listed(NULL, a, NULL), tracked(NULL, a, NULL)};
  for (size_t i = 0; i < COUNT(stores); i++) {
    ok(lg_set_name(stores[i], "total"));
    lg_listen(stores[i], on_change, "c");
    fails_with(lg_set(stores[i], text("a text that is too long for a value")), LG_E_READONLY,
               "total: a computed can't be set; set the stores that it depends on");
    fails(lg_set_key(stores[i], "a", lg_int(1)), LG_E_READONLY);
    shows(lg_get(stores[i]), "1");
  }
  noted("");
}

static void a_store_of_another_lagoon_is_refused(void **state) {
  (void)state;
  lg_lagoon *other = lg_lagoon_new(NULL);
  lg_store *here = atom(1);
  lg_store *there = lg_atom(other, lg_int(2));
  lg_store *const both[] = {here, there};
  ok(lg_set_name(there, "there"));
  lg_listener *listener = lg_listen(there, on_change, "there");
  assert_null(lg_computed_from(lagoon, both, 2, add_listed, NULL));
  fails_with(lg_last_status(lagoon), LG_E_FOREIGN, "there: the store belongs to another lagoon");
  fails_to_make(lg_batched_from(lagoon, both, 2, add_listed, NULL), LG_E_FOREIGN);
  fails_to_make(lg_effect_from(lagoon, both, 2, NULL, NULL), LG_E_ARGUMENT);
  assert_int_equal(lg_listen_also(listener, here), LG_E_FOREIGN);
  assert_int_equal(lg_listener_count(here), 0);
  assert_int_equal(lg_listener_count(there), 1);
  ok(lg_lagoon_free(other));
}

static void a_failed_value_makes_the_call_fail_with_its_status(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_store *m = lg_map(lagoon);
  lg_store *d = lg_deep_map(lagoon);
  lg_listen(a, on_change, "a");
  lg_listen(m, on_change, "m");
  fails(lg_set(a, lg_failed(LG_E_SYNTAX)), LG_E_SYNTAX);
  fails(lg_set(a, lg_string(lagoon, NULL)), LG_E_ARGUMENT);
  fails(lg_set(m, lg_object_set(lg_int(1), "a", lg_int(1))), LG_E_TYPE);
  fails(lg_set_key(m, "a", lg_string(lagoon, "\xff")), LG_E_UTF8);
  fails(lg_set_key(d, "a", lg_failed(LG_E_DEPTH)), LG_E_DEPTH);
  fails_to_make(lg_atom(lagoon, lg_failed(LG_E_MEMORY)), LG_E_MEMORY);
  fails(lg_set(a, lg_failed(LG_OK)), LG_E_ARGUMENT);
  fails(lg_set_key(m, "a", lg_failed(LG_OK)), LG_E_ARGUMENT);
  fails_to_make(lg_atom(lagoon, lg_failed(LG_OK)), LG_E_ARGUMENT);
  shows(lg_get(a), "1");
  shows(lg_get(m), "{}");
  noted("");
}

static void the_last_error_is_that_of_the_last_failed_call(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_store *m = lg_map(lagoon);
  fails(lg_set(m, lg_int(1)), LG_E_TYPE);
  ok(set(a, 2));
  assert_int_equal(lg_last_status(lagoon), LG_E_TYPE);
  fails(lg_set_key(a, "a", lg_int(1)), LG_E_TYPE);
  lg_fail(lagoon, "outside");
  assert_string_equal(lg_last_error(lagoon), "outside");
  assert_int_equal(lg_last_status(lagoon), LG_E_CALLBACK);
  lg_fail(lagoon, NULL);
  assert_string_equal(lg_last_error(lagoon), "failed");
  ok(set(a, 3));
  ok(lg_run_timers(lagoon));
}

static void a_long_name_is_cut_between_characters(void **state) {
  (void)state;
  lg_store *m = lg_map(lagoon);
  char name[LG_MESSAGE_SIZE * 2];
  for (size_t length = LG_MESSAGE_SIZE - 8; length < LG_MESSAGE_SIZE + 8; length++) {
    memset(name, 'x', length);
    strcpy(name + length, "\xc3\xa9");
    ok(lg_set_name(m, name));
    fails(lg_set(m, lg_int(1)), LG_E_TYPE);
    const char *error = lg_last_error(lagoon);
    assert_true(strlen(error) < LG_MESSAGE_SIZE);
    lg_value valid = lg_string(lagoon, error);
    assert_false(lg_is_failed(valid));
    lg_release(valid);
  }
}

static void every_status_has_a_text(void **state) {
  (void)state;
  for (int status = LG_OK; status <= LG_E_MISSING; status++) {
    assert_true(strlen(lg_strerror((lg_status)status)) > 3);
    assert_string_not_equal(lg_strerror((lg_status)status), "unknown status");
  }
  assert_string_equal(lg_strerror((lg_status)(LG_E_MISSING + 1)), "unknown status");
  assert_string_equal(lg_strerror((lg_status)-1), "unknown status");
  assert_string_equal(lg_version(), LG_VERSION);
}

/* ---- cycles ---------------------------------------------------------------------------------- */

static void a_tracked_computed_that_reads_itself_is_a_cycle(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_store *c = tracked(NULL, a, a);
  sum_of(c)->stores[1] = c;
  ok(lg_set_name(c, "loop"));
  const char *expected = "loop: the computed depends on itself; let its function read other stores";
  for (int i = 0; i < 2; i++) {
    fails(set(c, 2), LG_E_READONLY);
    fails_with(lg_status_of(lg_get(c)), LG_E_CYCLE, expected);
    host_check();
    pass(LG_UNMOUNT_DELAY / 2);
  }
  sum_of(c)->stores[1] = a;
  ok(set(a, 2));
  assert_int_equal(get(c), 4);
}

static void computeds_that_read_one_another_are_a_cycle(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_store *b = tracked(NULL, a, a);
  lg_store *c = listed(NULL, b, NULL);
  lg_store *d = tracked(NULL, c, NULL);
  ok(lg_set_name(b, "b"));
  ok(lg_set_name(c, "c"));
  ok(lg_set_name(d, "d"));
  assert_int_equal(get(d), 2);
  lg_listener *listener = lg_listen(d, on_change, "d");
  sum_of(b)->stores[1] = d;
  fails(set(a, 2), LG_E_CYCLE);
  assert_non_null(strstr(lg_last_error(lagoon), ": the computed depends on itself"));
  host_check();
  sum_of(b)->stores[1] = a;
  ok(set(a, 3));
  noted("d 6<2");
  assert_int_equal(get(d), 6);
  ok(lg_unlisten(listener));
}

static void a_cycle_that_is_read_while_nothing_is_mounted(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_store *b = tracked(NULL, a, a);
  lg_store *c = listed(NULL, b, NULL);
  sum_of(b)->stores[1] = c;
  assert_int_equal(lg_status_of(lg_get(c)), LG_E_CYCLE);
  fails(lg_last_status(lagoon), LG_E_CYCLE);
  host_check();
  fails_to_make(lg_listen(b, on_change, "b"), LG_E_CYCLE);
  host_check();
  sum_of(b)->stores[1] = a;
  ok(set(a, 2));
  assert_int_equal(get(c), 4);
  noted("");
}

/* ---- endless writers ------------------------------------------------------------------------- */

static void write_one_more(const lg_change *change, void *status) {
  lg_status failed = lg_set(change->store, lg_int(lg_as_int(change->value) + 1));
  if (failed) *(lg_status *)status = failed;
}

static void copy_to(const lg_change *change, void *store) {
  ok(lg_set(store, lg_keep(change->value)));
}

static void a_listener_that_writes_without_end_is_an_error(void **state) {
  (void)state;
  lg_status status = LG_OK;
  lg_store *a = atom(0);
  ok(lg_set_name(a, "loop"));
  lg_listener *listener = lg_listen(a, write_one_more, &status);
  lg_store *b = atom(0);
  lg_listen(b, on_change, "b");
  fails_with(set(a, 1), LG_E_ENDLESS,
             "loop: its listeners write without end; let them stop at some value");
  assert_int_equal(status, LG_E_ENDLESS);
  assert_true(get(a) > 1000000);
  ok(lg_unlisten(listener));
  lg_listen(a, copy_to, b);
  ok(set(a, 10));
  ok(set(b, 1));
  noted("b 10<0; b 1<10");
}

/* ---- the end of a lagoon --------------------------------------------------------------------- */

static lg_listener *listener_of_end;
static lg_map_creator *creator_of_end;

/* Tries all that could change something; each is refused. */
static void try_all(void *ctx) {
  lg_store *a = ctx;
  lg_store *const list[] = {a};
  note("bye");
  fails(lg_set(a, text("a text that is too long for a value")), LG_E_BUSY);
  fails(lg_set_key(a, "a", lg_int(1)), LG_E_BUSY);
  fails(lg_notify(a), LG_E_BUSY);
  fails(lg_batch_begin(lagoon), LG_E_BUSY);
  fails(lg_batch_end(lagoon), LG_E_BUSY);
  fails(lg_set_name(a, "a"), LG_E_BUSY);
  fails(lg_share(a, "a"), LG_E_BUSY);
  fails(lg_restore(lagoon, lg_object(lagoon), NULL), LG_E_BUSY);
  fails(lg_task_start(lagoon), LG_E_BUSY);
  fails(lg_task_end(lagoon), LG_E_BUSY);
  fails(lg_when_tasks_done(lagoon, on_end, NULL), LG_E_BUSY);
  fails(lg_run_timers(lagoon), LG_E_BUSY);
  fails(lg_run_posts(lagoon), LG_E_BUSY);
  fails(lg_lagoon_free(lagoon), LG_E_BUSY);
  fails(lg_on_cleanup(lagoon, on_end, NULL), LG_E_BUSY);
  fails_to_make(lg_atom(lagoon, lg_int(1)), LG_E_BUSY);
  fails_to_make(lg_map(lagoon), LG_E_BUSY);
  fails_to_make(lg_computed(lagoon, add_tracked, NULL), LG_E_BUSY);
  fails_to_make(lg_computed_from(lagoon, list, 1, add_listed, NULL), LG_E_BUSY);
  fails_to_make(lg_listen(a, on_change, NULL), LG_E_BUSY);
  fails_to_make(lg_effect(lagoon, on_effect, NULL), LG_E_BUSY);
  fails_to_make(lg_on_mount(a, on_event, NULL, NULL), LG_E_BUSY);
  fails_to_make(lg_map_creator_new(lagoon, NULL, NULL, NULL), LG_E_BUSY);
  ok(lg_unlisten(listener_of_end));
  lg_map_creator_free(creator_of_end);
  fails_to_make(lg_map_creator_get(creator_of_end, "ann"), LG_E_BUSY);
  shows(lg_get(a), "1");
  lg_store_release(a);
}

static void run_with_cleanup(lg_lagoon *l, void *a) {
  lg_get(a);
  ok(lg_on_cleanup(l, try_all, a));
}

static void nothing_changes_while_a_lagoon_is_freed(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_store_keep(a);
  lg_store_keep(a);
  ok(lg_on_destroy(a, on_end, "a is gone"));
  lg_on_mount(a, NULL, try_all, a);
  listener_of_end = lg_listen(a, on_change, "a");
  creator_of_end = lg_map_creator_new(lagoon, NULL, NULL, NULL);
  assert_non_null(lg_map_creator_get(creator_of_end, "ann"));
  assert_non_null(lg_effect(lagoon, run_with_cleanup, a));
  host_free();
  noted("bye; bye; a is gone");
}

static void free_in_update(const lg_change *change, void *ctx) {
  (void)change;
  (void)ctx;
  fails(lg_lagoon_free(lagoon), LG_E_BUSY);
  fails(lg_run_timers(lagoon), LG_E_BUSY);
  fails(lg_run_posts(lagoon), LG_E_BUSY);
}

static void a_lagoon_is_not_freed_within_an_update(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_listen(a, free_in_update, NULL);
  lg_listen(a, on_change, "a");
  ok(set(a, 2));
  noted("a 2<1");
}

static void ignore_values(lg_lagoon *l, const lg_value *values, void *ctx) {
  (void)l;
  (void)values;
  (void)ctx;
}

static void post_nothing(lg_lagoon *l, void *ctx) {
  (void)l;
  note("%s", (const char *)ctx);
}

static void a_lagoon_with_all_kinds_of_things_is_freed_as_a_whole(void **state) {
  (void)state;
  lg_store *m = lg_map(lagoon);
  lg_store *d = lg_deep_map(lagoon);
  lg_store *l = listed(NULL, m, d);
  lg_store *t = tracked(NULL, l, m);
  lg_store *const list[] = {t, l};
  lg_listen(t, on_change, "t");
  lg_effect_from(lagoon, list, 2, ignore_values, NULL);
  lg_on_start(m, on_event, "start");
  ok(lg_share(m, "m"));
  ok(lg_task_start(lagoon));
  ok(lg_when_tasks_done(lagoon, on_end, "never"));
  ok(lg_post(lagoon, post_nothing, "never"));
  assert_non_null(lg_map_creator_get(lg_map_creator_new(lagoon, NULL, NULL, NULL), "lamp"));
  host_free();
}

static void an_option_out_of_range_makes_no_lagoon(void **state) {
  (void)state;
  lg_options options = {.post_capacity = 65537};
  assert_null(lg_lagoon_new(&options));
  options.post_capacity = 65536;
  options.allocator = lg_arena(NULL, 0);
  assert_null(lg_lagoon_new(&options));
}

static lg_listener *listener_of_test;

static void end_release_and_fail(const lg_change *change, void *ctx) {
  (void)ctx;
  ok(lg_unlisten(listener_of_test));
  lg_store_release(change->store);
  lg_fail(lagoon, "too late");
}

static void a_store_may_be_gone_when_a_write_to_it_fails(void **state) {
  (void)state;
  lg_store *a = atom(1), *m = lg_map(lagoon);
  ok(lg_on_destroy(a, on_end, "a is gone"));
  ok(lg_on_destroy(m, on_end, "m is gone"));
  listener_of_test = lg_listen(a, end_release_and_fail, NULL);
  fails_with(set(a, 2), LG_E_CALLBACK, "too late");
  listener_of_test = lg_listen(m, end_release_and_fail, NULL);
  fails_with(lg_set_key(m, "k", lg_int(1)), LG_E_CALLBACK, "too late");
  lg_store *n = atom(1);
  ok(lg_on_destroy(n, on_end, "n is gone"));
  listener_of_test = lg_listen(n, end_release_and_fail, NULL);
  fails_with(lg_notify(n), LG_E_CALLBACK, "too late");
  noted("a is gone; m is gone; n is gone");
}

static void keep_and_release(void *store) {
  note("keeps");
  lg_store_release(lg_store_keep(store));
}

static void a_store_is_not_brought_back_when_it_is_gone(void **state) {
  (void)state;
  lg_store *a = atom(1);
  ok(lg_on_destroy(a, keep_and_release, a));
  lg_store_release(a);
  noted("keeps");
  assert_int_equal(stats().stores, 0);
}

static void release_other(void *store) {
  note("releases");
  lg_store_release(store);
}

static void a_store_that_is_gone_may_take_others_along(void **state) {
  (void)state;
  lg_store *a = atom(1), *b = atom(1);
  ok(lg_on_destroy(a, release_other, b));
  ok(lg_on_destroy(b, on_end, "b is gone"));
  lg_store_release(a);
  noted("releases; b is gone");
  assert_int_equal(stats().stores, 0);
}

static void a_deep_map_can_have_its_own_equality_of_keys(void **state) {
  (void)state;
  lg_store *d = lg_deep_map_from(lagoon, object("a", 1, NULL));
  ok(lg_set_key_equal(d, same_ten_of_key, "equal"));
  ok(lg_set_key(d, "a", lg_int(2)));
  ok(lg_set_key(d, "b.c", lg_int(22)));
  shows(lg_get(d), "{a:1,b:{c:22}}");
  noted("equal 1,2 @a; equal -,22 @b.c");
}

static bool fail_in_equal(lg_value a, lg_value b, void *ctx) {
  (void)a;
  (void)b;
  lg_fail(lagoon, ctx);
  return false;
}

static void an_equality_that_fails_only_says_so(void **state) {
  (void)state;
  lg_store *a = atom(1);
  ok(lg_set_equal(a, fail_in_equal, "who knows"));
  ok(set(a, 2));
  assert_string_equal(lg_last_error(lagoon), "who knows");
  host_check();
}

static void the_first_write_that_failed_in_a_batch_is_told_at_its_end(void **state) {
  (void)state;
  lg_store *a = atom(1), *m = lg_map(lagoon);
  lg_listen(a, on_change, "a");
  ok(lg_set_name(m, "cart"));
  ok(lg_batch_begin(lagoon));
  ok(set(a, 2));
  fails(lg_set(m, lg_int(1)), LG_E_TYPE);
  ok(lg_batch_begin(lagoon));
  fails(lg_set_key(a, "k", lg_int(1)), LG_E_TYPE);
  fails(lg_set(a, lg_failed(LG_E_SYNTAX)), LG_E_SYNTAX);
  ok(lg_batch_end(lagoon));
  fails_with(lg_batch_end(lagoon), LG_E_TYPE, "cart: the value of a map must be an object");
  noted("a 2<1");
  ok(lg_batch_begin(lagoon));
  ok(lg_batch_end(lagoon));
}

/* ---- a batch in a computed ------------------------------------------------------------------- */

static lg_value batch_in_computed(lg_lagoon *l, const lg_value *values, void *store) {
  note("begins");
  ok(lg_batch_begin(l));
  ok(lg_set(store, values[0]));
  ok(set(store, lg_as_int(values[0]) + 1));
  ok(lg_batch_end(l));
  note("ends");
  return values[0];
}

static void a_batch_in_a_computed_calls_listeners_after_it(void **state) {
  (void)state;
  lg_store *a = atom(1), *b = atom(0);
  lg_listen(b, on_change, "b");
  lg_store *c = lg_computed_from(lagoon, &a, 1, batch_in_computed, b);
  lg_listen(c, on_change, "c");
  noted("begins; ends; b 2<0");
  ok(set(a, 5));
  noted("begins; ends; b 6<2; c 5<1");
}

static void end_a_batch(const lg_change *change, void *ctx) {
  (void)change;
  (void)ctx;
  fails(lg_batch_end(lagoon), LG_E_ARGUMENT);
  ok(lg_batch_begin(lagoon));
  ok(lg_batch_end(lagoon));
  note("listener");
}

static void a_listener_can_not_end_the_batch_that_called_it(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_listen(a, end_a_batch, NULL);
  ok(lg_batch_begin(lagoon));
  ok(set(a, 2));
  ok(lg_batch_end(lagoon));
  noted("listener");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(an_atom_has_the_value_that_it_was_made_with),
      TEST(a_write_is_there_at_once),
      TEST(an_equal_value_is_no_change),
      TEST(a_store_can_have_its_own_equality),
      TEST(a_computed_can_have_its_own_equality),
      TEST(the_equality_of_a_source_decides_whether_a_computed_runs),
      TEST(a_map_is_written_key_by_key),
      TEST(a_map_can_begin_with_an_object),
      TEST(keys_of_a_map_are_no_paths),
      TEST(a_map_can_have_its_own_equality_of_keys),
      TEST(a_deep_map_is_written_by_path),
      TEST(a_path_can_be_read_in_any_store),
      TEST(a_value_that_was_kept_outlives_its_store_and_lagoon),
      TEST(a_name_is_copied),
      TEST(a_store_is_gone_when_nobody_owns_it),
      TEST(a_store_lives_as_long_as_somebody_listens),
      TEST(a_computed_that_was_never_mounted_gives_its_sources_back),
      TEST(a_store_that_is_released_in_an_update_is_gone_after_it),
      TEST(a_store_may_be_released_by_its_own_listener),
      TEST(a_subscriber_may_release_a_store_at_once),
      TEST(no_function_of_the_host_can_free_the_lagoon),
      TEST(a_batch_calls_listeners_at_its_end_once),
      TEST(of_nested_batches_the_outermost_one_counts),
      TEST(an_empty_batch_calls_nobody),
      TEST(after_a_batch_a_listener_of_a_map_is_told_no_key),
      TEST(a_value_that_is_written_back_in_a_batch_is_delivered),
      TEST(a_batch_that_gives_all_stores_their_old_values_back_runs_nothing),
      TEST(what_the_equality_of_a_store_writes_at_the_end_of_a_batch_is_delivered),
      TEST(a_batch_may_drop_a_store_that_it_has_written),
      TEST(a_listener_that_comes_in_a_batch_is_called_for_what_is_written_after),
      TEST(a_listener_that_leaves_in_a_batch_is_not_called),
      TEST(a_batch_can_be_long),
      TEST(a_lagoon_can_be_freed_with_an_open_batch),
      TEST(notify_calls_the_listeners_without_a_write),
      TEST(null_is_an_argument_that_is_refused),
      TEST(what_has_no_function_or_key_is_refused),
      TEST(a_write_of_a_wrong_type_changes_nothing),
      TEST(a_computed_can_not_be_written),
      TEST(a_store_of_another_lagoon_is_refused),
      TEST(a_failed_value_makes_the_call_fail_with_its_status),
      TEST(the_last_error_is_that_of_the_last_failed_call),
      TEST(a_long_name_is_cut_between_characters),
      TEST(every_status_has_a_text),
      TEST(a_tracked_computed_that_reads_itself_is_a_cycle),
      TEST(computeds_that_read_one_another_are_a_cycle),
      TEST(a_cycle_that_is_read_while_nothing_is_mounted),
      TEST(a_listener_that_writes_without_end_is_an_error),
      TEST(nothing_changes_while_a_lagoon_is_freed),
      TEST(a_lagoon_is_not_freed_within_an_update),
      TEST(a_lagoon_with_all_kinds_of_things_is_freed_as_a_whole),
      TEST(an_option_out_of_range_makes_no_lagoon),
      TEST(a_store_may_be_gone_when_a_write_to_it_fails),
      TEST(a_store_is_not_brought_back_when_it_is_gone),
      TEST(a_store_that_is_gone_may_take_others_along),
      TEST(a_deep_map_can_have_its_own_equality_of_keys),
      TEST(an_equality_that_fails_only_says_so),
      TEST(the_first_write_that_failed_in_a_batch_is_told_at_its_end),
      TEST(a_batch_in_a_computed_calls_listeners_after_it),
      TEST(a_listener_can_not_end_the_batch_that_called_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
