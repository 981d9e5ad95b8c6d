/*
** Effects: when they run, when their clean-ups do, and how they end.
*/
#include "host.h"

/* An effect that reads stores and leaves clean-ups, as it is told. */
typedef struct plan {
  const char *name;
  size_t count;
  lg_store *stores[4];
  void *cleanups[3]; /* names */
  bool fails;
  void (*then)(struct plan *it);
  lg_listener *self;
  lg_listener *other;
  lg_store *written;
} plan;

static void follow(lg_lagoon *l, plan *it, const lg_value *values) {
  char line[128];
  int length = snprintf(line, sizeof line, "%s", it->name);
  for (size_t i = 0; i < it->count; i++)
    length += snprintf(line + length, sizeof line - (size_t)length, " %s", show(values[i]));
  note("%s", line);
  for (size_t i = 0; i < COUNT(it->cleanups); i++)
    if (it->cleanups[i]) ok(lg_on_cleanup(l, on_end, it->cleanups[i]));
  if (it->then) it->then(it);
  if (it->fails) lg_fail(l, "the effect failed");
}

static void run_tracked(lg_lagoon *l, void *ctx) {
  plan *it = ctx;
  lg_value values[4];
  for (size_t i = 0; i < it->count; i++)
    values[i] = lg_get(it->stores[i]);
  follow(l, it, values);
}

static void run_listed(lg_lagoon *l, const lg_value *values, void *ctx) { follow(l, ctx, values); }

static lg_listener *start(plan *it, bool is_listed) {
  return is_listed ? lg_effect_from(lagoon, it->stores, it->count, run_listed, it)
                   : lg_effect(lagoon, run_tracked, it);
}

/* Tests that are the same for both kinds of effects. */
#define EACH(is_listed) for (int is_listed = 0; is_listed < 2; is_listed++)

static void an_effect_runs_at_once_and_after_each_change(void **state) {
  (void)state;
  EACH(is_listed) {
    plan it = {.name = "run", .count = 1, .stores = {atom(1)}};
    lg_listener *effect = start(&it, is_listed);
    noted("run 1");
    ok(set(it.stores[0], 2));
    ok(set(it.stores[0], 2));
    noted("run 2");
    assert_int_equal(lg_listener_count(it.stores[0]), 1);
    ok(lg_unlisten(effect));
    ok(set(it.stores[0], 3));
    noted("");
    assert_int_equal(lg_listener_count(it.stores[0]), 0);
    assert_int_equal(stats().nodes, 0);
    assert_int_equal(stats().listeners, 0);
  }
}

static void an_effect_gets_the_values_of_all_its_stores(void **state) {
  (void)state;
  EACH(is_listed) {
    lg_store *a = atom(1), *m = lg_map(lagoon), *c = listed(NULL, a, a);
    plan it = {.name = "run", .count = 3, .stores = {a, m, c}};
    lg_listener *effect = start(&it, is_listed);
    ok(lg_set_key(m, "k", lg_int(1)));
    noted("run 1 {} 2; run 1 {k:1} 2");
    ok(lg_unlisten(effect));
    pass(LG_UNMOUNT_DELAY);
    assert_int_equal(lg_listener_count(a), 0);
  }
}

static void an_effect_can_have_many_stores(void **state) {
  (void)state;
  lg_store *stores[20];
  for (size_t i = 0; i < COUNT(stores); i++)
    stores[i] = atom((int64_t)i);
  plan it = {.name = "run", .count = 0};
  lg_listener *effect = lg_effect_from(lagoon, stores, COUNT(stores), run_listed, &it);
  it.count = 3;
  ok(set(stores[19], 1));
  noted("run; run 0 1 2");
  ok(lg_unlisten(effect));
}

/* A listed one is called for each of its stores, as in JavaScript; a tracked one once. */
static void an_effect_on_a_store_and_on_what_is_derived_from_it(void **state) {
  (void)state;
  EACH(is_listed) {
    lg_store *a = atom(1), *c = listed(NULL, a, a);
    plan it = {.name = "run", .count = 2, .stores = {a, c}};
    lg_listener *effect = start(&it, is_listed);
    ok(set(a, 2));
    noted(is_listed ? "run 1 2; run 2 4; run 2 4" : "run 1 2; run 2 4");
    ok(lg_batch_begin(lagoon));
    ok(set(a, 3));
    ok(lg_batch_end(lagoon));
    noted(is_listed ? "run 3 6; run 3 6" : "run 3 6");
    ok(lg_unlisten(effect));
  }
}

static void in_a_batch_an_effect_runs_once(void **state) {
  (void)state;
  EACH(is_listed) {
    lg_store *a = atom(1), *b = atom(1);
    plan it = {.name = "run", .count = 2, .stores = {a, b}};
    lg_listener *effect = start(&it, is_listed);
    ok(lg_batch_begin(lagoon));
    ok(set(a, 2));
    ok(set(b, 2));
    noted("run 1 1");
    ok(lg_batch_end(lagoon));
    noted("run 2 2");
    ok(lg_unlisten(effect));
  }
}

static void an_effect_that_is_made_in_a_batch_runs_at_once(void **state) {
  (void)state;
  EACH(is_listed) {
    lg_store *a = atom(1);
    plan it = {.name = "run", .count = 1, .stores = {a}};
    ok(lg_batch_begin(lagoon));
    ok(set(a, 2));
    lg_listener *effect = start(&it, is_listed);
    noted("run 2");
    ok(set(a, 3));
    ok(lg_batch_end(lagoon));
    noted("run 3");
    ok(lg_unlisten(effect));
  }
}

static void a_tracked_effect_follows_what_it_reads(void **state) {
  (void)state;
  lg_store *a = atom(1), *b = atom(10);
  plan it = {.name = "run", .count = 1, .stores = {a, b}};
  lg_listener *effect = start(&it, false);
  ok(set(b, 11));
  it.count = 2;
  ok(set(a, 2));
  ok(set(b, 12));
  noted("run 1; run 2 11; run 2 12");
  it.count = 0;
  ok(set(b, 13));
  ok(set(a, 3));
  noted("run");
  assert_int_equal(lg_listener_count(a) + lg_listener_count(b), 0);
  ok(lg_unlisten(effect));
}

static void a_tracked_effect_below_a_computed_that_does_not_change_does_not_run(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_store *zero = atom(0);
  lg_store *c = tracked("c", zero, NULL);
  lg_store *d = tracked("d", a, NULL);
  ok(lg_set_equal(d, NULL, NULL));
  plan it = {.name = "run", .count = 1, .stores = {c}};
  lg_listener *effect = start(&it, false);
  noted("c 0; run 0");
  ok(lg_notify(zero));
  noted("c 0");
  ok(lg_unlisten(effect));
  lg_store_release(d);
}

/* ---- clean-ups ------------------------------------------------------------------------------- */

static void a_clean_up_comes_before_the_next_run_and_at_the_end(void **state) {
  (void)state;
  EACH(is_listed) {
    plan it = {.name = "run", .count = 1, .stores = {atom(1)}, .cleanups = {"first", "second"}};
    lg_listener *effect = start(&it, is_listed);
    ok(set(it.stores[0], 2));
    noted("run 1; second; first; run 2");
    it.cleanups[0] = it.cleanups[1] = NULL;
    ok(set(it.stores[0], 3));
    noted("second; first; run 3");
    ok(lg_unlisten(effect));
    noted("");
  }
}

static void the_clean_up_is_called_when_the_effect_ends(void **state) {
  (void)state;
  EACH(is_listed) {
    plan it = {.name = "run", .count = 1, .stores = {atom(1)}, .cleanups = {"clean"}};
    lg_listener *effect = start(&it, is_listed);
    ok(lg_unlisten(effect));
    noted("run 1; clean");
  }
}

static void clean_ups_are_called_when_the_lagoon_ends(void **state) {
  (void)state;
  plan one = {.name = "one", .count = 1, .stores = {atom(1)}, .cleanups = {"clean one"}};
  plan two = {.name = "two", .count = 1, .stores = {atom(1)}, .cleanups = {"clean two"}};
  start(&one, false);
  start(&two, true);
  noted("one 1; two 1");
  host_free();
  noted("clean two; clean one");
}

static void a_clean_up_can_be_given_only_within_an_effect(void **state) {
  (void)state;
  fails_with(lg_on_cleanup(lagoon, on_end, NULL), LG_E_ARGUMENT,
             "lg_on_cleanup outside of an effect");
  fails(lg_on_cleanup(lagoon, NULL, NULL), LG_E_ARGUMENT);
  assert_int_equal(lg_on_cleanup(NULL, on_end, NULL), LG_E_ARGUMENT);
}

static lg_value clean_in_computed(lg_lagoon *l, void *store) {
  note("computed %d", lg_on_cleanup(l, on_end, "never") == LG_E_ARGUMENT);
  return lg_keep(lg_get(store));
}

static void clean_in_listener(const lg_change *change, void *ctx) {
  (void)change;
  (void)ctx;
  note("listener %d", lg_on_cleanup(lagoon, on_end, "never") == LG_E_ARGUMENT);
}

static void clean_in_event(lg_event *event, void *name) {
  (void)event;
  note("%s %d", (const char *)name, lg_on_cleanup(lagoon, on_end, "never") == LG_E_ARGUMENT);
}

static void write_it(plan *it) { ok(set(it->written, lg_as_int(lg_peek(it->written)) + 1)); }

static void what_an_effect_causes_is_not_the_effect(void **state) {
  (void)state;
  EACH(is_listed) {
    lg_store *a = atom(1), *log = atom(0);
    lg_store *c = lg_computed(lagoon, clean_in_computed, a);
    lg_listen(log, clean_in_listener, NULL);
    lg_on_mount(a, clean_in_event, NULL, "mount");
    lg_on_set(log, clean_in_event, "set");
    plan it = {.name = "run", .count = 1, .stores = {c}, .then = write_it, .written = log};
    lg_listener *effect = start(&it, is_listed);
    noted("computed 1; mount 1; run 1; set 1; listener 1");
    ok(lg_unlisten(effect));
    pass(LG_UNMOUNT_DELAY);
    pass(LG_UNMOUNT_DELAY);
  }
}

static void read_in_subscriber(const lg_change *change, void *other) {
  (void)change;
  note("other %s", show(lg_get(other)));
}

static void subscribe_in_effect(plan *it) {
  it->other = lg_subscribe(it->written, read_in_subscriber, it->stores[1]);
  assert_non_null(it->other);
}

static void what_a_subscriber_reads_is_not_read_by_the_effect(void **state) {
  (void)state;
  plan it = {.name = "run", .count = 1, .stores = {atom(1), atom(2)}, .then = subscribe_in_effect};
  it.written = atom(3);
  lg_listener *effect = start(&it, false);
  noted("run 1; other 2");
  ok(set(it.stores[1], 4));
  ok(set(it.written, 4));
  noted("other 4");
  ok(lg_unlisten(it.other));
  ok(lg_unlisten(effect));
}

/* ---- ending ---------------------------------------------------------------------------------- */

static void end_self(plan *it) {
  if (!it->self) return;
  note("ends");
  ok(lg_unlisten(it->self));
  it->self = NULL;
}

static void an_effect_may_end_itself_in_its_run(void **state) {
  (void)state;
  EACH(is_listed) {
    plan it = {.name = "run", .count = 1, .stores = {atom(1)}, .cleanups = {"clean"}};
    it.then = end_self;
    it.self = start(&it, is_listed);
    ok(set(it.stores[0], 2));
    noted("run 1; clean; run 2; ends; clean");
    assert_int_equal(lg_listener_count(it.stores[0]), 0);
    assert_int_equal(stats().listeners, 0);
    ok(set(it.stores[0], 3));
    noted("");
  }
}

static void read_after_end(plan *it) {
  end_self(it);
  assert_int_equal(get(it->written), 5);
  if (!it->self) ok(lg_on_cleanup(lagoon, on_end, "late clean"));
}

static void an_effect_that_ended_itself_may_go_on(void **state) {
  (void)state;
  EACH(is_listed) {
    plan it = {.name = "run", .count = 1, .stores = {atom(1)}};
    it.written = atom(5);
    it.self = start(&it, is_listed);
    it.then = read_after_end;
    ok(set(it.stores[0], 2));
    noted("run 1; run 2; ends; late clean");
    assert_int_equal(lg_listener_count(it.written), 0);
    assert_int_equal(stats().listeners, 0);
  }
}

static void end_in_cleanup(void *ctx) {
  plan *it = ctx;
  note("clean");
  if (!it->self) return;
  lg_listener *self = it->self;
  it->self = NULL;
  ok(lg_unlisten(self));
}

static void clean_with_end(plan *it) { ok(lg_on_cleanup(lagoon, end_in_cleanup, it)); }

static void an_effect_may_end_itself_in_its_clean_up(void **state) {
  (void)state;
  EACH(is_listed) {
    plan it = {.name = "run", .count = 1, .stores = {atom(1)}, .then = clean_with_end};
    it.self = start(&it, is_listed);
    ok(set(it.stores[0], 2));
    noted("run 1; clean");
    assert_int_equal(stats().listeners, 0);
    assert_int_equal(lg_listener_count(it.stores[0]), 0);
  }
}

static void an_effect_that_is_ended_in_the_clean_up_of_its_end(void **state) {
  (void)state;
  EACH(is_listed) {
    plan it = {.name = "run", .count = 1, .stores = {atom(1)}, .then = clean_with_end};
    lg_listener *effect = it.self = start(&it, is_listed);
    ok(lg_unlisten(effect));
    noted("run 1; clean");
    assert_int_equal(stats().listeners, 0);
  }
}

static void end_other(const lg_change *change, void *listener) {
  on_change(change, "listener");
  if (*(lg_listener **)listener) ok(lg_unlisten(*(lg_listener **)listener));
  *(lg_listener **)listener = NULL;
}

static void an_effect_can_end_in_a_listener_before_its_turn(void **state) {
  (void)state;
  EACH(is_listed) {
    plan it = {.name = "run", .count = 1, .stores = {atom(1)}, .cleanups = {"clean"}};
    lg_listener *listener = lg_listen(it.stores[0], end_other, &it.self);
    it.self = start(&it, is_listed);
    ok(set(it.stores[0], 2));
    noted("run 1; listener 2<1; clean");
    ok(lg_unlisten(listener));
  }
}

/* ---- effects in effects ---------------------------------------------------------------------- */

static plan inner_plan;

static void end_inner(void *ctx) {
  plan *it = ctx;
  ok(lg_unlisten(it->other));
}

static void make_inner(plan *it) {
  it->other = start(&inner_plan, false);
  assert_non_null(it->other);
  ok(lg_on_cleanup(lagoon, end_inner, it));
}

static void an_effect_may_make_effects(void **state) {
  (void)state;
  EACH(is_listed) {
    lg_store *a = atom(1), *b = atom(10);
    inner_plan = (plan){.name = "inner", .count = 1, .stores = {b}, .cleanups = {"clean inner"}};
    plan it = {.name = "outer", .count = 1, .stores = {a}, .then = make_inner};
    lg_listener *effect = start(&it, is_listed);
    noted("outer 1; inner 10");
    ok(set(b, 11));
    noted("clean inner; inner 11");
    ok(set(a, 2));
    noted("clean inner; outer 2; inner 11");
    assert_int_equal(lg_listener_count(b), 1);
    ok(lg_unlisten(effect));
    noted("clean inner");
    assert_int_equal(stats().listeners, 0);
  }
}

static lg_listener *twins[2];

static void end_twin(void *name) {
  note("clean %s", (const char *)name);
  ok(lg_unlisten(twins[*(const char *)name == 'a']));
}

static void run_twin(lg_lagoon *l, void *name) {
  note("%s", (const char *)name);
  ok(lg_on_cleanup(l, end_twin, name));
}

static void make_twins(plan *it) {
  (void)it;
  twins[0] = lg_effect(lagoon, run_twin, "a");
  twins[1] = lg_effect(lagoon, run_twin, "b");
}

static void effects_that_end_with_an_effect_may_end_each_other(void **state) {
  (void)state;
  plan it = {.name = "outer", .count = 1, .stores = {atom(1)}, .then = make_twins};
  lg_listener *effect = start(&it, false);
  noted("outer 1; a; b");
  ok(set(it.stores[0], 2));
  noted("clean a; clean b; outer 2; a; b");
  ok(lg_unlisten(twins[1]));
  noted("clean b; clean a");
  ok(lg_unlisten(effect));
  noted("");
  assert_int_equal(stats().listeners, 0);
}

static void make_inner_only(plan *it) {
  it->other = start(&inner_plan, false);
  if (!it->other) note("none: %s", lg_last_error(lagoon));
}

static void end_outer(plan *it) {
  lg_listener *other = it->other;
  it->other = NULL;
  if (other) ok(lg_unlisten(other));
}

static void an_effect_may_end_the_one_that_makes_it(void **state) {
  (void)state;
  plan it = {.name = "outer", .count = 1, .stores = {atom(1)}, .cleanups = {"clean outer"}};
  inner_plan = (plan){.name = "inner", .cleanups = {"clean inner"}, .then = end_outer};
  inner_plan.other = start(&it, false);
  it.then = make_inner_only;
  noted("outer 1");
  ok(set(it.stores[0], 2));
  noted("clean outer; outer 2; inner; clean inner; clean outer; "
        "none: the effect was ended in its first run");
  assert_int_equal(stats().listeners, 0);
}

static void end_and_make(plan *it) {
  end_self(it);
  make_inner_only(it);
}

static void an_effect_that_ended_itself_takes_what_it_makes_then_with_it(void **state) {
  (void)state;
  plan it = {.name = "outer", .count = 1, .stores = {atom(1)}};
  inner_plan = (plan){.name = "inner", .cleanups = {"clean inner"}};
  it.self = start(&it, false);
  it.then = end_and_make;
  ok(set(it.stores[0], 2));
  noted("outer 1; outer 2; ends; inner; clean inner");
  assert_int_equal(stats().listeners, 0);
}

static void a_lagoon_may_end_with_effects_in_effects(void **state) {
  (void)state;
  plan it = {.name = "outer", .cleanups = {"clean outer"}, .then = make_inner_only};
  inner_plan = (plan){.name = "inner", .cleanups = {"clean inner"}};
  assert_non_null(start(&it, false));
  host_free();
  noted("outer; inner; clean inner; clean outer");
}

#define MANY 300

static struct {
  lg_store *stores[2];
  unsigned depth;
  unsigned runs;
} nest;

static void run_nested(lg_lagoon *l, void *ctx) {
  (void)ctx;
  nest.runs++;
  lg_get(nest.stores[nest.depth > 0]);
  if (++nest.depth < MANY) assert_non_null(lg_effect(l, run_nested, NULL));
  nest.depth--;
}

/* Each depends on the second store, but the outermost one on the first, which changes later. */
static void many_effects_in_effects_run_from_the_outermost_one(void **state) {
  (void)state;
  memset(&nest, 0, sizeof nest);
  nest.stores[0] = atom(1);
  nest.stores[1] = atom(1);
  lg_listener *effect = lg_effect(lagoon, run_nested, NULL);
  assert_int_equal(nest.runs, MANY);
  ok(lg_batch_begin(lagoon));
  ok(set(nest.stores[1], 2));
  ok(set(nest.stores[0], 2));
  ok(lg_batch_end(lagoon));
  assert_int_equal(nest.runs, 2 * MANY);
  assert_int_equal(stats().listeners, MANY);
  ok(lg_unlisten(effect));
  assert_int_equal(stats().listeners, 0);
}

#define VERY_MANY 100000

static lg_store *dropped[VERY_MANY];

static void read_many(lg_lagoon *l, void *is_on) {
  (void)l;
  if (!get(is_on)) return;
  for (int i = 0; i < VERY_MANY; i++)
    lg_get(dropped[i]);
}

/* Each of them waits to be told: that no one has to be looked for among all is seen by the time
** that this takes. */
static void an_effect_may_drop_very_many_stores_that_a_batch_has_written(void **state) {
  (void)state;
  lg_store *is_on = atom(1);
  for (int i = 0; i < VERY_MANY; i++)
    dropped[i] = atom(0);
  assert_non_null(lg_effect(lagoon, read_many, is_on));
  assert_int_equal(stats().edges, VERY_MANY + 1);
  ok(lg_batch_begin(lagoon));
  ok(set(is_on, 0));
  for (int i = 0; i < VERY_MANY; i++)
    ok(set(dropped[i], 1));
  ok(lg_batch_end(lagoon));
  assert_int_equal(stats().edges, 1);
}

static lg_value make_effect(lg_lagoon *l, void *ctx) {
  plan *it = ctx;
  lg_value value = lg_get(it->stores[0]);
  make_inner_only(it);
  if (it->fails) lg_fail(l, "the computed failed");
  return value;
}

static void an_effect_that_a_computed_makes_ends_with_its_run(void **state) {
  (void)state;
  plan it = {.stores = {atom(1)}};
  inner_plan = (plan){.name = "inner", .cleanups = {"clean inner"}};
  lg_store *computed = lg_computed(lagoon, make_effect, &it);
  assert_int_equal(get(computed), 1);
  it.fails = true;
  ok(set(it.stores[0], 2));
  noted("inner");
  fails_with(lg_status_of(lg_get(computed)), LG_E_CALLBACK, "the computed failed");
  noted("clean inner; inner");
  pass(LG_UNMOUNT_DELAY);
  noted("clean inner");
  assert_int_equal(stats().listeners, 0);
}

static void an_inner_effect_does_not_make_the_outer_one_depend(void **state) {
  (void)state;
  lg_store *a = atom(1), *b = atom(10), *c = atom(100);
  inner_plan = (plan){.name = "inner", .count = 1, .stores = {b}};
  plan it = {.name = "outer", .count = 2, .stores = {a, c}, .then = make_inner};
  lg_listener *effect = start(&it, false);
  noted("outer 1 100; inner 10");
  assert_int_equal(lg_listener_count(b), 1);
  ok(set(c, 101));
  noted("outer 1 101; inner 10");
  ok(lg_unlisten(effect));
}

/* ---- writes ---------------------------------------------------------------------------------- */

static void count_to_three(plan *it) {
  int64_t value = get(it->written);
  if (value < 3) ok(set(it->written, value + 1));
}

static void an_effect_can_write_to_its_own_store(void **state) {
  (void)state;
  EACH(is_listed) {
    plan it = {.name = "run", .count = 1, .stores = {atom(0)}, .then = count_to_three};
    it.written = it.stores[0];
    lg_listener *effect = start(&it, is_listed);
    noted("run 0; run 1; run 2; run 3");
    ok(set(it.stores[0], 1));
    noted("run 1; run 2; run 3");
    ok(lg_unlisten(effect));
  }
}

static lg_status endless;

static void write_more(plan *it) {
  lg_status status = set(it->written, get(it->written) + 1);
  if (status) endless = status;
}

static void count_silently(lg_lagoon *l, void *ctx) {
  (void)l;
  write_more(ctx);
}

static void an_effect_that_writes_without_end_is_an_error(void **state) {
  (void)state;
  plan it = {.written = atom(0)};
  endless = LG_OK;
  lg_listener *effect = lg_effect(lagoon, count_silently, &it);
  assert_int_equal(endless, LG_E_ENDLESS);
  if (effect) ok(lg_unlisten(effect));
  host_check();
  ok(set(it.written, 1));
}

/* ---- failures -------------------------------------------------------------------------------- */

static void an_effect_whose_first_run_fails_has_ended(void **state) {
  (void)state;
  EACH(is_listed) {
    plan it = {
        .name = "run", .count = 1, .stores = {atom(1)}, .cleanups = {"clean"}, .fails = true};
    fails_to_make(start(&it, is_listed), LG_E_CALLBACK);
    assert_string_equal(lg_last_error(lagoon), "the effect failed");
    noted("run 1; clean");
    assert_int_equal(lg_listener_count(it.stores[0]), 0);
    assert_int_equal(stats().listeners, 0);
    assert_int_equal(stats().nodes, 0);
  }
}

static void fail_to_hear(const lg_change *change, void *ctx) {
  on_change(change, ctx);
  lg_fail(lagoon, "the listener failed");
}

static void write_its_store(plan *it) {
  lg_status status = set(it->written, lg_as_int(lg_peek(it->written)) + 1);
  if (it->other && status) lg_fail(lagoon, "the effect failed");
}

static void what_a_first_run_writes_may_fail_for_a_listener(void **state) {
  (void)state;
  lg_store *written = atom(0);
  lg_listen(written, fail_to_hear, "heard");
  plan it = {.name = "run", .count = 1, .stores = {atom(1)}, .then = write_its_store};
  it.written = written;
  fails_to_make(start(&it, false), LG_E_CALLBACK); /* the write could not tell: nobody was called */
  assert_string_equal(lg_last_error(lagoon), "the listener failed");
  noted("run 1; heard 1<0");
  lg_listener *effect = start(&it, true); /* it ignores what the write tells */
  assert_non_null(effect);
  noted("run 1; heard 2<1");
  ok(lg_unlisten(effect));
  it.other = effect; /* it heeds that */
  fails_to_make(start(&it, true), LG_E_CALLBACK);
  assert_string_equal(lg_last_error(lagoon), "the effect failed");
  noted("run 1; heard 3<2");
  assert_int_equal(stats().listeners, 1);
}

static void an_effect_that_can_not_be_mounted_leaves_no_listener(void **state) {
  (void)state;
  EACH(is_listed) {
    lg_store *a = atom(1), *bad = listed(NULL, atom(1), NULL);
    sum_of(bad)->fails = true;
    plan it = {.name = "run", .count = 2, .stores = {a, bad}};
    fails_to_make(start(&it, is_listed), LG_E_CALLBACK);
    assert_string_equal(lg_last_error(lagoon), "can't add");
    noted(is_listed ? "" : "run 1 failed 16");
    assert_int_equal(lg_listener_count(a), 0);
    assert_int_equal(stats().listeners, 0);
  }
}

static void what_a_later_run_fails_with_the_write_fails_with_and_it_goes_on(void **state) {
  (void)state;
  EACH(is_listed) {
    plan it = {.name = "run", .count = 1, .stores = {atom(1)}};
    lg_listener *effect = start(&it, is_listed);
    it.fails = true;
    fails_with(set(it.stores[0], 2), LG_E_CALLBACK, "the effect failed");
    it.fails = false;
    ok(set(it.stores[0], 3));
    noted("run 1; run 2; run 3");
    ok(lg_unlisten(effect));
  }
}

static void an_effect_on_a_computed_that_fails_goes_on(void **state) {
  (void)state;
  EACH(is_listed) {
    lg_store *a = atom(1), *c = listed(NULL, a, NULL);
    plan it = {.name = "run", .count = 2, .stores = {a, c}};
    lg_listener *effect = start(&it, is_listed);
    noted("run 1 1");
    sum_of(c)->fails = true;
    fails_with(set(a, 2), LG_E_CALLBACK, "can't add");
    noted(is_listed ? "" : "run 2 failed 16");
    sum_of(c)->fails = false;
    ok(set(a, 3));
    noted(is_listed ? "run 3 3; run 3 3" : "run 3 3");
    ok(lg_unlisten(effect));
  }
}

static void fail_in_cleanup(void *ctx) {
  (void)ctx;
  lg_fail(lagoon, "the clean-up failed");
}

static void clean_with_failure(plan *it) { ok(lg_on_cleanup(lagoon, fail_in_cleanup, it)); }

static void a_clean_up_that_fails_is_a_failure_of_what_caused_it(void **state) {
  (void)state;
  EACH(is_listed) {
    plan it = {.name = "run", .count = 1, .stores = {atom(1)}, .then = clean_with_failure};
    lg_listener *effect = start(&it, is_listed);
    fails_with(set(it.stores[0], 2), LG_E_CALLBACK, "the clean-up failed");
    noted("run 1; run 2");
    fails_with(lg_unlisten(effect), LG_E_CALLBACK, "the clean-up failed");
    assert_int_equal(stats().listeners, 0);
  }
}

static void what_is_no_effect_is_refused(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_store *const none[] = {NULL};
  assert_null(lg_effect(NULL, on_effect, NULL));
  assert_null(lg_effect_from(NULL, &a, 1, run_listed, NULL));
  fails_to_make(lg_effect(lagoon, NULL, NULL), LG_E_ARGUMENT);
  fails_to_make(lg_effect_from(lagoon, &a, 1, NULL, NULL), LG_E_ARGUMENT);
  fails_to_make(lg_effect_from(lagoon, NULL, 1, run_listed, NULL), LG_E_ARGUMENT);
  fails_to_make(lg_effect_from(lagoon, &a, 0, run_listed, NULL), LG_E_ARGUMENT);
  fails_to_make(lg_effect_from(lagoon, &a, 65536, run_listed, NULL), LG_E_ARGUMENT);
  fails_to_make(lg_effect_from(lagoon, none, 1, run_listed, NULL), LG_E_ARGUMENT);
  lg_lagoon *other = lg_lagoon_new(NULL);
  lg_store *there = lg_atom(other, lg_int(1));
  fails_to_make(lg_effect_from(lagoon, &there, 1, run_listed, NULL), LG_E_FOREIGN);
  ok(lg_lagoon_free(other));
  assert_int_equal(stats().listeners, 0);
}

static void an_effect_keeps_its_stores(void **state) {
  (void)state;
  EACH(is_listed) {
    plan it = {.name = "run", .count = 1, .stores = {atom(1)}};
    ok(lg_on_destroy(it.stores[0], on_end, "gone"));
    lg_listener *effect = start(&it, is_listed);
    lg_store_release(it.stores[0]);
    noted("run 1");
    ok(lg_unlisten(effect));
    noted("gone");
  }
}

/* ---- an effect that is ended in the middle ---------------------------------------------------- */

static void end_in_mount(lg_event *event, void *ctx) {
  plan *it = ctx;
  (void)event;
  note("mount");
  if (it->self) ok(lg_unlisten(it->self));
  it->self = NULL;
}

static void an_effect_that_is_ended_while_it_reads_listens_to_nothing(void **state) {
  (void)state;
  plan it = {.name = "run", .count = 1, .stores = {atom(1), atom(2)}};
  lg_on_mount(it.stores[1], end_in_mount, NULL, &it);
  it.self = start(&it, false);
  it.count = 2;
  ok(set(it.stores[0], 2));
  noted("run 1; mount; run 2 2");
  assert_int_equal(lg_listener_count(it.stores[0]), 0);
  assert_int_equal(lg_listener_count(it.stores[1]), 0);
  assert_int_equal(stats().listeners, 1);
  pass(LG_UNMOUNT_DELAY);
  assert_false(lg_is_mounted(it.stores[1]));
}

static void run_again_in_batch(plan *it) {
  int64_t value = lg_as_int(lg_peek(it->stores[0]));
  if (value == 2) {
    ok(lg_batch_begin(lagoon));
    ok(set(it->stores[0], 3));
    ok(lg_batch_end(lagoon));
    note("outer goes on");
  } else if (value == 3) {
    note("inner ends");
    ok(lg_unlisten(it->self));
  }
}

static void an_effect_may_be_ended_by_a_run_within_its_run(void **state) {
  (void)state;
  plan it = {.name = "run", .count = 1, .stores = {atom(1)}, .then = run_again_in_batch};
  it.self = start(&it, true);
  ok(set(it.stores[0], 2));
  noted("run 1; run 2; run 3; inner ends; outer goes on");
  assert_int_equal(stats().listeners, 0);
}

static void release_written(plan *it) { lg_store_release(it->written); }

static void what_the_first_run_of_an_effect_releases_is_gone(void **state) {
  (void)state;
  EACH(is_listed) {
    plan it = {.name = "run", .count = 1, .stores = {atom(1)}, .then = release_written};
    it.written = atom(2);
    ok(lg_on_destroy(it.written, on_end, "gone"));
    lg_listener *effect = start(&it, is_listed);
    noted("run 1; gone");
    ok(lg_unlisten(effect));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(an_effect_runs_at_once_and_after_each_change),
      TEST(an_effect_gets_the_values_of_all_its_stores),
      TEST(an_effect_can_have_many_stores),
      TEST(an_effect_on_a_store_and_on_what_is_derived_from_it),
      TEST(in_a_batch_an_effect_runs_once),
      TEST(an_effect_that_is_made_in_a_batch_runs_at_once),
      TEST(a_tracked_effect_follows_what_it_reads),
      TEST(a_tracked_effect_below_a_computed_that_does_not_change_does_not_run),
      TEST(a_clean_up_comes_before_the_next_run_and_at_the_end),
      TEST(the_clean_up_is_called_when_the_effect_ends),
      TEST(clean_ups_are_called_when_the_lagoon_ends),
      TEST(a_clean_up_can_be_given_only_within_an_effect),
      TEST(what_an_effect_causes_is_not_the_effect),
      TEST(what_a_subscriber_reads_is_not_read_by_the_effect),
      TEST(an_effect_may_end_itself_in_its_run),
      TEST(an_effect_that_ended_itself_may_go_on),
      TEST(an_effect_may_end_itself_in_its_clean_up),
      TEST(an_effect_that_is_ended_in_the_clean_up_of_its_end),
      TEST(an_effect_can_end_in_a_listener_before_its_turn),
      TEST(an_effect_may_make_effects),
      TEST(effects_that_end_with_an_effect_may_end_each_other),
      TEST(an_effect_may_end_the_one_that_makes_it),
      TEST(an_effect_that_ended_itself_takes_what_it_makes_then_with_it),
      TEST(a_lagoon_may_end_with_effects_in_effects),
      TEST(many_effects_in_effects_run_from_the_outermost_one),
      TEST(an_effect_may_drop_very_many_stores_that_a_batch_has_written),
      TEST(an_effect_that_a_computed_makes_ends_with_its_run),
      TEST(an_inner_effect_does_not_make_the_outer_one_depend),
      TEST(an_effect_can_write_to_its_own_store),
      TEST(an_effect_that_writes_without_end_is_an_error),
      TEST(an_effect_whose_first_run_fails_has_ended),
      TEST(what_a_first_run_writes_may_fail_for_a_listener),
      TEST(an_effect_that_can_not_be_mounted_leaves_no_listener),
      TEST(what_a_later_run_fails_with_the_write_fails_with_and_it_goes_on),
      TEST(an_effect_on_a_computed_that_fails_goes_on),
      TEST(a_clean_up_that_fails_is_a_failure_of_what_caused_it),
      TEST(what_is_no_effect_is_refused),
      TEST(an_effect_keeps_its_stores),
      TEST(an_effect_that_is_ended_while_it_reads_listens_to_nothing),
      TEST(an_effect_may_be_ended_by_a_run_within_its_run),
      TEST(what_the_first_run_of_an_effect_releases_is_gone),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
