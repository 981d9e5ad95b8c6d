/*
** Every allocation fails: in each call in turn, which then fails with LG_E_MEMORY, leaves all as it
** was, and works when it is repeated; and in a whole program, which goes on without heeding.
*/
#include "host.h"

/* ---- a program that uses everything ---------------------------------------------------------- */

#define MANY 12

static const char LONG[] = "a text that is longer than what fits into a value";

static struct world {
  lg_store *a, *b, *text, *map, *map_from, *deep, *deep_from;
  lg_store *many[MANY];
  lg_store *listed, *tracked, *late, *late_tracked, *of_many, *unmounted, *on_text;
  sum of_listed, of_tracked, of_late, of_late_tracked, of_unmounted;
  lg_listener *listeners[24];
  lg_listener *more[200];
  lg_map_creator *creator;
  lg_store *user;
  lg_value snapshot;
  int64_t number; /* counts attempts, so that each writes something new */
  unsigned calls; /* of functions of the program's */
} w;

static void on_quiet(const lg_change *change, void *ctx) {
  (void)change;
  (void)ctx;
  w.calls++;
}

/* Is called before the call that fails, which it can't know, and so is not counted. */
static void on_quiet_event(lg_event *event, void *ctx) {
  (void)event;
  (void)ctx;
}

static void on_quiet_end(void *ctx) {
  (void)ctx;
  w.calls++;
}

static bool never_equal(lg_value a, lg_value b, void *ctx) {
  (void)ctx;
  return lg_same(a, b);
}

static bool never_equal_key(lg_value a, lg_value b, const char *key, void *ctx) {
  (void)key;
  return never_equal(a, b, ctx);
}

static lg_value add_many(lg_lagoon *l, const lg_value *values, void *ctx) {
  int64_t total = 0;
  (void)l;
  (void)ctx;
  for (int i = 0; i < MANY; i++)
    total += lg_as_int(values[i]);
  return lg_int(total);
}

static lg_value copy_text(lg_lagoon *l, const lg_value *values, void *ctx) {
  (void)ctx;
  return lg_string_n(l, lg_text(&values[0]), lg_size(values[0]));
}

/* An effect that fails if it gets no clean-up. */
static void run_tracked(lg_lagoon *l, void *ctx) {
  (void)ctx;
  w.calls++;
  lg_get(w.tracked);
  lg_get(w.b);
  if (lg_on_cleanup(l, on_quiet_end, NULL)) lg_fail(l, "no clean-up");
}

static void run_listed(lg_lagoon *l, const lg_value *values, void *ctx) {
  (void)values;
  (void)ctx;
  w.calls++;
  if (lg_on_cleanup(l, on_quiet_end, NULL)) lg_fail(l, "no clean-up");
}

static void run_listed_of_none(lg_lagoon *l, void *ctx) { run_listed(l, NULL, ctx); }

static void mount_user(lg_store *map, const char *id, void *ctx) {
  (void)ctx;
  w.calls++;
  if (lg_set_key(map, "name", lg_string(lagoon, id))) lg_fail(lagoon, "no name");
}

static void unmount_user(lg_store *map, const char *id, void *ctx) {
  (void)map;
  (void)id;
  (void)ctx;
  w.calls++;
}

/* LG_OK, or why there is no such thing. */
static lg_status made(const void *pointer) { return pointer ? LG_OK : lg_last_status(lagoon); }

#define MAKE(name, place, call)                                                                    \
  static lg_status name(void) { return made(place = call); }
#define CALL(name, call)                                                                           \
  static lg_status name(void) { return call; }

static lg_value three(void) {
  lg_value it = lg_object(lagoon);
  it = lg_object_set(it, "one", lg_int(1));
  it = lg_object_set(it, "two", lg_string(lagoon, LONG));
  return lg_object_set(it, "list", lg_list_push(lg_list(lagoon), lg_int(3)));
}

MAKE(make_a, w.a, lg_atom(lagoon, lg_int(1)))
MAKE(make_b, w.b, lg_atom(lagoon, lg_int(2)))
MAKE(make_text, w.text, lg_atom(lagoon, lg_string(lagoon, LONG)))
MAKE(make_map, w.map, lg_map(lagoon))
MAKE(make_map_from, w.map_from, lg_map_from(lagoon, three()))
MAKE(make_deep, w.deep, lg_deep_map(lagoon))
MAKE(make_deep_from, w.deep_from, lg_deep_map_from(lagoon, three()))

static lg_status make_many(void) {
  for (int i = 0; i < MANY; i++) {
    if (!w.many[i]) w.many[i] = lg_atom(lagoon, lg_int(i));
    if (!w.many[i]) return lg_last_status(lagoon);
  }
  return LG_OK;
}

static lg_status make_listed(void) {
  lg_store *const list[] = {w.a, w.b};
  w.of_listed = (sum){.count = 2};
  return made(w.listed = lg_computed_from(lagoon, list, 2, add_listed, &w.of_listed));
}

static lg_status make_tracked(void) {
  w.of_tracked = (sum){.count = 3, .stores = {w.listed, w.a, w.b}};
  return made(w.tracked = lg_computed(lagoon, add_tracked, &w.of_tracked));
}

static lg_status make_late(void) {
  w.of_late = (sum){.count = 1};
  return made(w.late = lg_batched_from(lagoon, &w.listed, 1, add_listed, &w.of_late));
}

static lg_status make_late_tracked(void) {
  w.of_late_tracked = (sum){.count = 2, .stores = {w.late, w.b}};
  return made(w.late_tracked = lg_batched(lagoon, add_tracked, &w.of_late_tracked));
}

MAKE(make_of_many, w.of_many, lg_computed_from(lagoon, w.many, MANY, add_many, NULL))
MAKE(make_on_text, w.on_text, lg_computed_from(lagoon, &w.text, 1, copy_text, NULL))

static lg_status make_unmounted(void) {
  w.of_unmounted = (sum){.count = 2, .stores = {w.tracked, w.of_many}};
  return made(w.unmounted = lg_computed(lagoon, add_tracked, &w.of_unmounted));
}

CALL(name_a, lg_set_name(w.a, "the name of a store, which is copied"))
CALL(name_map, lg_set_name(w.map, "map"))
CALL(equal_text, lg_set_equal(w.text, never_equal, NULL))
CALL(equal_keys, lg_set_key_equal(w.map_from, never_equal_key, NULL))
CALL(destroy_b, lg_on_destroy(w.b, on_quiet_end, NULL))

static const char *const KEYS[] = {"one", "a key that is longer than what fits into a value"};

MAKE(hear_mount, w.listeners[0], lg_on_mount(w.map, on_quiet_event, on_quiet_end, NULL))
MAKE(hear_start, w.listeners[1], lg_on_start(w.map, on_quiet_event, NULL))
MAKE(hear_stop, w.listeners[2], lg_on_stop(w.map, on_quiet_event, NULL))
MAKE(hear_set, w.listeners[3], lg_on_set(w.map, on_quiet_event, NULL))
MAKE(hear_notify, w.listeners[4], lg_on_notify(w.map, on_quiet_event, NULL))
MAKE(hear_mount_of_a, w.listeners[5], lg_on_mount(w.a, on_quiet_event, on_quiet_end, NULL))
MAKE(listen_a, w.listeners[6], lg_listen(w.a, on_quiet, NULL))
MAKE(subscribe_tracked, w.listeners[7], lg_subscribe(w.tracked, on_quiet, NULL))
MAKE(listen_listed, w.listeners[8], lg_listen(w.listed, on_quiet, NULL))
MAKE(listen_keys, w.listeners[9], lg_listen_keys(w.map, KEYS, 2, on_quiet, NULL))
MAKE(subscribe_keys, w.listeners[10], lg_subscribe_keys(w.deep, KEYS, 2, on_quiet, NULL))
MAKE(listen_late, w.listeners[11], lg_listen(w.late_tracked, on_quiet, NULL))
MAKE(keep_text, w.listeners[12], lg_keep_mount(w.text))
MAKE(listen_of_many, w.listeners[13], lg_listen(w.of_many, on_quiet, NULL))
MAKE(effect_tracked, w.listeners[14], lg_effect(lagoon, run_tracked, NULL))
MAKE(effect_listed, w.listeners[15], lg_effect_from(lagoon, w.many, MANY, run_listed, NULL))
MAKE(listen_on_text, w.listeners[16], lg_listen(w.on_text, on_quiet, NULL))
CALL(listen_also, lg_listen_also(w.listeners[6], w.map))

static lg_status listen_more(void) {
  for (size_t i = 0; i < COUNT(w.more); i++) {
    if (!w.more[i]) w.more[i] = lg_listen(i % 2 ? w.b : w.map_from, on_quiet, NULL);
    if (!w.more[i]) return lg_last_status(lagoon);
  }
  return LG_OK;
}

static lg_status unlisten_more(void) {
  for (size_t i = 0; i < COUNT(w.more); i++) {
    ok(lg_unlisten(w.more[i]));
    w.more[i] = NULL;
  }
  return LG_OK;
}

CALL(read_unmounted, lg_status_of(lg_get(w.unmounted)))
CALL(read_of_many, lg_status_of(lg_get(w.of_many)))
CALL(read_map, lg_status_of(lg_get(w.map)))
CALL(read_key, lg_status_of(lg_get_key(w.deep, "one")))
CALL(set_a, lg_set(w.a, lg_int(++w.number)))
CALL(set_b, lg_set(w.b, lg_int(++w.number)))
CALL(set_one_of_many, lg_set(w.many[3], lg_int(++w.number)))

static lg_status set_text(void) {
  char it[64];
  snprintf(it, sizeof it, "a text that is longer than a value: %d", (int)++w.number);
  return lg_set(w.text, lg_string(lagoon, it));
}

CALL(set_map, lg_set(w.map, three()))
CALL(set_key, lg_set_key(w.map, KEYS[1], lg_string(lagoon, LONG)))
CALL(set_key_again, lg_set_key(w.map, "one", lg_int(++w.number)))
CALL(remove_key, lg_set_key(w.map_from, "two", lg_undefined()))
CALL(set_path, lg_set_key(w.deep, "one.list[3].x", lg_string(lagoon, LONG)))
CALL(set_path_again, lg_set_key(w.deep_from, "list[0]", lg_int(++w.number)))
CALL(notify_map, lg_notify(w.map))
CALL(begin_batch, lg_batch_begin(lagoon))

/* It tells of the writes in it that failed before they were repeated. */
static lg_status end_batch(void) {
  lg_status status = lg_batch_end(lagoon);
  return status == LG_E_MEMORY ? LG_OK : status;
}

static lg_status write_batch(void) {
  begin_batch();
  set_a();
  set_map();
  set_one_of_many();
  set_key_again();
  set_b();
  return lg_batch_end(lagoon);
}

MAKE(make_creator, w.creator, lg_map_creator_new(lagoon, mount_user, unmount_user, NULL))
MAKE(get_user, w.user, lg_map_creator_get(w.creator, "an id that is longer than a value"))
MAKE(listen_user, w.listeners[17], lg_listen(w.user, on_quiet, NULL))

CALL(share_a, lg_share(w.a, "a shared name that is longer than a value"))
CALL(share_map, lg_share(w.map, "map"))
CALL(share_text, lg_share(w.text, "text"))
CALL(share_b, lg_share(w.b, "b"))

/* More than there is room for messages. */
static lg_status share_many(void) {
  for (int i = 0; i < MANY; i++) {
    char name[] = {'m', (char)('a' + i), 0};
    lg_status status = lg_share(w.many[i], name);
    if (status) return status;
  }
  return LG_OK;
}

CALL(take_snapshot, lg_status_of(w.snapshot = lg_snapshot(lagoon)))
CALL(restore, lg_restore(lagoon, lg_keep(w.snapshot), NULL))

static lg_status forget_snapshot(void) {
  lg_release(w.snapshot);
  w.snapshot = lg_undefined();
  return LG_OK;
}

static lg_status use_json(void) {
  static const char json[] = "{\"one\": [1, 2.5, \"a text that is long enough for the heap\"]}";
  lg_value parsed = lg_json_parse(lagoon, json, sizeof json - 1, NULL);
  if (lg_status_of(parsed) == LG_E_MISSING) return LG_OK;
  lg_value text_of = lg_is_failed(parsed) ? parsed : lg_json_text(lagoon, parsed, 2);
  if (!lg_is_failed(parsed)) lg_release(parsed);
  return lg_set(w.text, text_of);
}

CALL(start_task, lg_task_start(lagoon))
CALL(wait_for_tasks, lg_when_tasks_done(lagoon, on_quiet_end, NULL))
CALL(end_task, lg_task_end(lagoon))

static lg_status run_timers(void) {
  the_time += LG_UNMOUNT_DELAY;
  return lg_run_timers(lagoon);
}

static lg_status unlisten_all(void) {
  lg_status status = LG_OK;
  for (size_t i = 0; i < COUNT(w.listeners); i++) {
    lg_listener *listener = w.listeners[i];
    w.listeners[i] = NULL;
    lg_status failed = lg_unlisten(listener);
    if (failed) status = failed;
  }
  return status;
}

static lg_status release_some(void) {
  lg_map_creator_free(w.creator);
  w.creator = NULL;
  lg_store **const released[] = {&w.user, &w.unmounted, &w.tracked, &w.late_tracked, &w.map};
  for (size_t i = 0; i < COUNT(released); i++) {
    lg_store_release(*released[i]);
    *released[i] = NULL;
  }
  return LG_OK;
}

/* `follows`: functions of the program's allocate in it, or what they are computed from; so that the
** write may have been done when it fails. */
typedef struct step {
  const char *name;
  lg_status (*fn)(void);
  bool follows;
} step;

#define STEP(name)                                                                                 \
  { #name, name, false }
#define FOLLOWS(name)                                                                              \
  { #name, name, true }

static const step STEPS[] = {
    STEP(make_a),
    STEP(make_b),
    STEP(make_text),
    STEP(make_map),
    STEP(make_map_from),
    STEP(make_deep),
    STEP(make_deep_from),
    FOLLOWS(make_many),
    STEP(make_listed),
    STEP(make_tracked),
    STEP(make_late),
    STEP(make_late_tracked),
    STEP(make_of_many),
    STEP(make_on_text),
    STEP(make_unmounted),
    STEP(name_a),
    STEP(name_map),
    STEP(equal_text),
    STEP(equal_keys),
    STEP(destroy_b),
    STEP(set_a),
    STEP(set_text),
    STEP(set_key),
    FOLLOWS(read_unmounted),
    STEP(hear_mount),
    STEP(hear_start),
    STEP(hear_stop),
    STEP(hear_set),
    STEP(hear_notify),
    STEP(hear_mount_of_a),
    STEP(listen_a),
    FOLLOWS(subscribe_tracked),
    STEP(listen_listed),
    STEP(listen_keys),
    STEP(subscribe_keys),
    FOLLOWS(listen_late),
    STEP(keep_text),
    FOLLOWS(listen_of_many),
    FOLLOWS(read_of_many),
    FOLLOWS(set_text),
    FOLLOWS(listen_on_text),
    STEP(set_key_again),
    STEP(notify_map),
    FOLLOWS(effect_tracked),
    FOLLOWS(effect_listed),
    STEP(listen_also),
    FOLLOWS(set_a),
    FOLLOWS(set_b),
    FOLLOWS(set_one_of_many),
    FOLLOWS(listen_more),
    FOLLOWS(set_b),
    STEP(remove_key),
    STEP(set_map),
    STEP(set_key),
    STEP(set_key_again),
    STEP(set_path),
    STEP(set_path_again),
    STEP(read_map),
    STEP(read_key),
    STEP(begin_batch),
    STEP(set_a),
    STEP(set_b),
    STEP(set_one_of_many),
    STEP(set_map),
    STEP(set_key_again),
    STEP(set_text),
    STEP(set_path_again),
    FOLLOWS(end_batch),
    FOLLOWS(write_batch),
    STEP(make_creator),
    STEP(get_user),
    FOLLOWS(listen_user),
    STEP(share_a),
    STEP(share_map),
    STEP(share_text),
    STEP(share_b),
    FOLLOWS(share_many),
    STEP(take_snapshot),
    FOLLOWS(set_a),
    FOLLOWS(set_b),
    STEP(set_map),
    FOLLOWS(restore),
    STEP(forget_snapshot),
    FOLLOWS(use_json),
    STEP(start_task),
    STEP(wait_for_tasks),
    STEP(end_task),
    FOLLOWS(run_timers),
    STEP(unlisten_more),
    FOLLOWS(set_b),
    FOLLOWS(run_timers),
    STEP(unlisten_all),
    FOLLOWS(set_a),
    FOLLOWS(run_timers),
    FOLLOWS(read_unmounted),
    STEP(release_some),
    FOLLOWS(run_timers),
    FOLLOWS(run_timers),
};

/* ---- each call ------------------------------------------------------------------------------- */

/* All that can be seen of the stores and the graph, as text. */
static void describe(char *buffer, size_t size) {
  size_t length = 0;
  lg_stats it = stats();
  length += (size_t)snprintf(buffer, size,
                             "%zu stores, %zu nodes, %zu edges, %zu listeners, %d:", it.stores,
                             it.nodes, it.edges, it.listeners, (int)lg_tasks_running(lagoon));
  for (const lg_store *store = lagoon->stores; store; store = store->next) {
    length += (size_t)snprintf(buffer + length, size - length, " %s=%s/%u/%d", lg_name(store),
                               show(store->value), store->listeners, lg_is_mounted(store));
    assert_true(length < size);
  }
}

static void begin_world(lg_allocator allocator) {
  w = (struct world){0};
  the_time = 0;
  lg_options options = {.allocator = allocator, .post_capacity = 4, .hash_seed = 1};
  options.clock = host_clock;
  lagoon = lg_lagoon_new(&options);
}

/* After all sources have changed, what computeds hold is what they say: nothing is lost for good. */
static void is_consistent(void) {
  if (!w.unmounted) return;
  ok(set_a());
  ok(set_b());
  ok(set_one_of_many());
  ok(set_text());
  assert_true(lg_equal(lg_get(w.text), lg_get(w.on_text)));
  int64_t a = get(w.a), b = get(w.b), total = 0;
  assert_int_equal(get(w.listed), a + b);
  assert_int_equal(get(w.tracked), a + b + a + b);
  for (int i = 0; i < MANY; i++)
    total += get(w.many[i]);
  assert_int_equal(get(w.of_many), total);
  assert_int_equal(get(w.unmounted), 2 * (a + b) + total);
}

static void each_call_fails_and_leaves_all_as_it_was(void **state) {
  (void)state;
  static char before[16384], after[16384];
  host_free();
  memory = (failing){0};
  begin_world(failing_allocator(&memory));
  assert_non_null(lagoon);
  size_t failures = 0;
  for (size_t i = 0; i < COUNT(STEPS); i++) {
    for (size_t n = 0;; n++) {
      describe(before, sizeof before);
      unsigned calls = w.calls;
      failing_after(&memory, n);
      lg_status status = STEPS[i].fn();
      bool has_failed = failing_stop(&memory);
      host_check();
      if (!has_failed && status) fail_msg("%s returns %d", STEPS[i].name, (int)status);
      if (!status) break; /* also if it did without the memory */
      failures++;
      if (lg_last_status(lagoon) != status) fail_msg("%s tells of another failure", STEPS[i].name);
      if (STEPS[i].follows) continue;
      describe(after, sizeof after);
      if (status != LG_E_MEMORY) fail_msg("%s fails with %d", STEPS[i].name, (int)status);
      if (strcmp(before, after)) fail_msg("%s changes\n%s\n%s", STEPS[i].name, before, after);
      if (calls != w.calls) fail_msg("%s calls somebody", STEPS[i].name);
    }
    if (!lagoon->batches && i > 30) is_consistent();
    host_check();
  }
  assert_true(failures > 100);
}

/* ---- the whole program ----------------------------------------------------------------------- */

/* An allocator on top of that of failing.h, of which one request fails, or all from one on. */
typedef struct chooser {
  lg_allocator below;
  size_t requests;
  size_t first;
  bool is_once;
  size_t failures;
} chooser;

static void *choose(void *ctx, void *block, size_t old_size, size_t size) {
  chooser *it = ctx;
  if (size > old_size) {
    size_t number = it->requests++;
    if (it->is_once ? number == it->first : number >= it->first) {
      it->failures++;
      return NULL;
    }
  }
  return it->below.resize(it->below.ctx, block, old_size, size);
}

static void run_program(void) {
  for (size_t i = 0; i < COUNT(STEPS); i++)
    STEPS[i].fn();
  forget_snapshot();
}

/* Runs it with the n-th allocation failing, for all n there are. */
static void run_with_failures(bool is_once) {
  size_t n = 0;
  host_free();
  for (size_t failures = 1; failures; n++) {
    memory = (failing){0};
    chooser it = {.below = failing_allocator(&memory), .first = n, .is_once = is_once};
    begin_world((lg_allocator){.resize = choose, .ctx = &it});
    if (lagoon) {
      run_program();
      host_check();
      host_free();
    }
    assert_int_equal(memory.blocks, 0);
    failures = it.failures;
  }
  assert_true(n > 100);
}

static void a_program_goes_on_without_one_allocation(void **state) {
  (void)state;
  run_with_failures(true);
}

static void a_program_goes_on_without_memory(void **state) {
  (void)state;
  run_with_failures(false);
}

static void a_program_runs_in_an_arena_of_any_size(void **state) {
  (void)state;
  static _Alignas(max_align_t) unsigned char block[1 << 18];
  size_t ran = 0;
  host_free();
  for (size_t size = 0; size <= sizeof block; size += size < 4096 ? 64 : size / 32 / 16 * 16) {
    begin_world(lg_arena(block, size));
    if (!lagoon) continue;
    ran++;
    run_program();
    ok(lg_lagoon_free(lagoon));
    lagoon = NULL;
  }
  assert_true(ran > 50);
}

static void the_program_works(void **state) {
  (void)state;
  host_free();
  memory = (failing){0};
  begin_world(failing_allocator(&memory));
  for (size_t i = 0; i < COUNT(STEPS); i++) {
    lg_status status = STEPS[i].fn();
    if (status) fail_msg("%s returns %d: %s", STEPS[i].name, (int)status, lg_last_error(lagoon));
    host_check();
  }
}

/* ---- memory that goes in the middle ----------------------------------------------------------- */

static void listen_and_take_memory(lg_event *event, void *ctx) {
  (void)ctx;
  assert_non_null(lg_listen(event->store, on_change, "m"));
  failing_after(&memory, 0);
}

static void a_write_is_undone_if_memory_ends_in_its_notify(void **state) {
  (void)state;
  const char *key = "a key that is longer than what fits into a value";
  lg_store *m = lg_map_from(lagoon, object("k", 1, NULL));
  lg_listen(atom(1), on_change, "other"); /* so that the graph has room */
  lg_listener *notify = lg_on_notify(m, listen_and_take_memory, NULL);
  lg_status status = lg_set_key(m, key, lg_int(1));
  assert_true(failing_stop(&memory));
  fails(status, LG_E_MEMORY);
  shows(lg_get(m), "{k:1}");
  host_check();
  ok(lg_unlisten(notify));
  ok(lg_set_key(m, "k", lg_int(2)));
  noted("m {k:2}<{k:1} @k");
}

/* ---- after a failure --------------------------------------------------------------------------- */

/* A write reaches a computed that gets no memory; there is some when it is read. */
static void reads_right_after(lg_store *source, lg_store *computed, lg_value expected) {
  bool has_failed = true;
  for (size_t n = 0; has_failed; n++) {
    ok(lg_set(source, lg_int(1)));
    assert_false(lg_is_failed(lg_get(computed)));
    failing_after(&memory, n);
    lg_status status = lg_set(source, lg_int(2));
    has_failed = failing_stop(&memory);
    host_check();
    if (status) assert_int_equal(status, LG_E_MEMORY);
    if (lg_as_int(lg_get(source)) == 2) assert_true(lg_equal(lg_get(computed), expected));
    host_check();
  }
}

static lg_value long_text(lg_lagoon *l, int64_t number) {
  char it[64];
  snprintf(it, sizeof it, "the number %d in a text for the heap", (int)number);
  return lg_string(l, it);
}

static lg_value text_of_listed(lg_lagoon *l, const lg_value *values, void *ctx) {
  (void)ctx;
  return long_text(l, lg_as_int(values[0]));
}

static lg_value text_of_tracked(lg_lagoon *l, void *store) {
  return long_text(l, lg_as_int(lg_get(store)));
}

/* Depends on many more stores when the first one is 2. */
static lg_value sum_of_tracked(lg_lagoon *l, void *stores) {
  lg_store **it = stores;
  int64_t total = lg_as_int(lg_get(it[0]));
  (void)l;
  for (int i = 1; i < 200 && lg_as_int(lg_get(it[0])) == 2; i++) {
    lg_value value = lg_get(it[i]);
    if (lg_is_failed(value)) return value;
    total += lg_as_int(value);
  }
  return lg_int(total);
}

static void a_computed_that_got_no_memory_is_right_at_the_next_read(void **state) {
  (void)state;
  for (int is_mounted = 0; is_mounted < 2; is_mounted++) {
    static lg_store *many[200];
    for (int i = 0; i < 200; i++)
      many[i] = atom(1);
    lg_store *a = many[0];
    lg_store *stores[] = {
        lg_computed_from(lagoon, &a, 1, text_of_listed, NULL),
        lg_computed(lagoon, text_of_tracked, a),
        lg_computed_from(lagoon, many, MANY, add_many, NULL),
        lg_computed(lagoon, sum_of_tracked, many),
    };
    for (size_t i = 0; i < COUNT(stores); i++) {
      lg_listener *listener = is_mounted ? lg_listen(stores[i], on_quiet, NULL) : NULL;
      lg_value expected = i < 2 ? long_text(lagoon, 2) : lg_int(i == 2 ? MANY + 1 : 201);
      reads_right_after(a, stores[i], expected);
      lg_release(expected);
      ok(lg_unlisten(listener));
      pass(LG_UNMOUNT_DELAY);
    }
  }
}

/* The same when the read itself fails at first. */
static void a_read_that_got_no_memory_is_right_when_it_is_repeated(void **state) {
  (void)state;
  static lg_store *many[200];
  for (int i = 0; i < 200; i++)
    many[i] = atom(i ? 1 : 2);
  for (int kind = 0; kind < 4; kind++) {
    bool has_failed = true;
    for (size_t n = 0; has_failed; n++) {
      lg_store *store = kind == 0   ? lg_computed_from(lagoon, many, 1, text_of_listed, NULL)
                        : kind == 1 ? lg_computed(lagoon, text_of_tracked, many[0])
                        : kind == 2 ? lg_computed_from(lagoon, many, MANY, add_many, NULL)
                                    : lg_computed(lagoon, sum_of_tracked, many);
      failing_after(&memory, n);
      lg_value value = lg_get(store);
      has_failed = failing_stop(&memory);
      if (lg_is_failed(value)) assert_int_equal(lg_status_of(value), LG_E_MEMORY);
      host_check();
      value = lg_get(store);
      if (kind < 2) shows(value, "'the number 2 in a text for the heap'");
      if (kind == 2) assert_int_equal(lg_as_int(value), MANY + 1);
      if (kind == 3) assert_int_equal(lg_as_int(value), 201);
      ok(set(many[0], 3));
      ok(set(many[0], 2));
      if (kind == 2) assert_int_equal(get(store), MANY + 1);
      if (kind == 3) assert_int_equal(get(store), 201);
      host_check();
      lg_store_release(store);
      pass(LG_UNMOUNT_DELAY);
    }
  }
}

/* A computed fails, or recovers, while memory does; below it are a computed, an effect and a
** listener. */
static void a_failure_without_memory_is_right_at_the_next_read(void **state) {
  (void)state;
  lg_store *a = atom(2), *c = tracked(NULL, a, NULL), *below = tracked(NULL, c, NULL);
  lg_listen(c, on_quiet, NULL);
  lg_listen(below, on_quiet, NULL);
  bool has_failed = true;
  for (size_t n = 0; has_failed; n++) {
    has_failed = false;
    for (int fails_now = 1; fails_now >= 0; fails_now--) {
      int64_t written = 2 - fails_now;
      ok(lg_batch_begin(lagoon)); /* what is told by another call does not count */
      sum_of(c)->fails = fails_now;
      failing_after(&memory, n);
      lg_status status = set(a, written);
      has_failed |= failing_stop(&memory);
      if (status) ok(set(a, written));
      failing_after(&memory, n);
      lg_batch_end(lagoon);
      has_failed |= failing_stop(&memory);
      host_check();
      lg_status expected = fails_now ? LG_E_CALLBACK : LG_OK;
      assert_int_equal(lg_status_of(lg_get(below)), expected);
      assert_int_equal(lg_status_of(lg_get(c)), expected);
      if (!fails_now) assert_int_equal(get(below), 2);
      host_check();
    }
  }
}

static void make_effects(lg_lagoon *l, void *ctx) {
  lg_get(ctx);
  for (int i = 0; i < 20; i++) {
    if (!lg_effect(l, run_listed_of_none, NULL)) return;
  }
}

/* Whatever they lack, no effect of an effect outlives it. */
static void effects_in_an_effect_without_memory(void **state) {
  (void)state;
  lg_store *a = atom(1);
  bool has_failed = true;
  for (size_t n = 0; has_failed; n++) {
    failing_after(&memory, n);
    lg_listener *effect = lg_effect(lagoon, make_effects, a);
    set(a, lg_as_int(lg_peek(a)) + 1);
    has_failed = failing_stop(&memory);
    host_check();
    ok(lg_unlisten(effect));
    assert_int_equal(stats().listeners, 0);
    host_check();
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(the_program_works),
      TEST(each_call_fails_and_leaves_all_as_it_was),
      TEST(a_program_goes_on_without_one_allocation),
      TEST(a_program_goes_on_without_memory),
      TEST(a_program_runs_in_an_arena_of_any_size),
      TEST(a_write_is_undone_if_memory_ends_in_its_notify),
      TEST(a_computed_that_got_no_memory_is_right_at_the_next_read),
      TEST(a_read_that_got_no_memory_is_right_when_it_is_repeated),
      TEST(a_failure_without_memory_is_right_at_the_next_read),
      TEST(effects_in_an_effect_without_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
