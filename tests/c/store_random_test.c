/*
** Random programs on stores, beside a model that computes everything anew whenever it is asked.
** LG_SEED says where to begin, LG_PROGRAMS how many.
*/
#include "host.h"

enum { ATOMS = 6, STORES = 30, LISTENERS = 12, STEPS = 150, MOST_SOURCES = 6 };

typedef enum kind { ATOM, LISTED, TRACKED, BATCHED, BATCHED_TRACKED } kind;

/* A store and what it is in the model. */
typedef struct thing {
  lg_store *store;
  kind kind;
  int64_t value; /* of an atom */
  int count;
  int sources[MOST_SOURCES];
  bool is_late; /* it or one above is batched, so that its listeners are told later */
} thing;

/* A listener or an effect, and what it was told last. */
typedef struct ear {
  lg_listener *listener; /* NULL: free */
  int heard;             /* the store; of an effect, the first that it reads */
  int second;            /* of an effect: it reads that if the first is odd */
  bool is_effect;
  bool is_told;
  int64_t told;
  int written; /* an atom that it writes to; 0: none */
} ear;

static thing things[STORES];
static int thing_count;
static ear ears[LISTENERS];
static uint64_t seed;
static int writes_left;     /* of listeners in this step */
static bool has_writers;    /* some listener writes */
static bool has_failed;     /* memory did, so that listeners may have missed something */
static unsigned wrong_told; /* values that were not those of the model */

static uint32_t pick(uint32_t below) {
  seed = seed * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(seed >> 33) % below;
}

/* ---- the model ------------------------------------------------------------------------------- */

static int64_t expected(int which);

/* The rule by which a computed reads its sources: which one is next depends on what it read. */
static int64_t derive(const thing *it, int64_t (*read)(int which)) {
  int64_t total = 0;
  bool is_dynamic = it->kind == TRACKED || it->kind == BATCHED_TRACKED;
  for (int i = 0; i < it->count; i++) {
    total += read(it->sources[i]);
    if (is_dynamic && total % 3 == 1) i++;
  }
  return total % 7;
}

static int64_t expected(int which) {
  const thing *it = &things[which];
  return it->kind == ATOM ? it->value : derive(it, expected);
}

/* ---- the stores ------------------------------------------------------------------------------ */

static lg_status failed_read;

static int64_t read_store(int which) {
  lg_value value = lg_get(things[which].store);
  if (lg_is_failed(value)) failed_read = lg_status_of(value);
  return lg_as_int(value);
}

static lg_value compute_tracked(lg_lagoon *l, void *ctx) {
  (void)l;
  failed_read = LG_OK;
  int64_t result = derive(ctx, read_store);
  return failed_read ? lg_failed(failed_read) : lg_int(result);
}

static const lg_value *listed_values;
static const thing *listed_thing;

static int64_t read_listed(int which) {
  for (int i = 0; i < listed_thing->count; i++)
    if (listed_thing->sources[i] == which) return lg_as_int(listed_values[i]);
  return 0;
}

static lg_value compute_listed(lg_lagoon *l, const lg_value *values, void *ctx) {
  (void)l;
  listed_values = values;
  listed_thing = ctx;
  return lg_int(derive(ctx, read_listed));
}

static void write_atom(int which, int64_t value) {
  int64_t before = things[which].value;
  things[which].value = value; /* before: listeners compare with it */
  if (lg_set(things[which].store, lg_int(value)) == LG_E_MEMORY &&
      lg_as_int(lg_peek(things[which].store)) == before) {
    things[which].value = before;
  }
}

static void hear(ear *it, int64_t value, bool is_first) {
  bool is_strict = !has_writers && !has_failed && !things[it->heard].is_late;
  if (is_first && lagoon->batches) is_strict = false; /* it is told what was told last */
  if (is_strict && !it->is_effect && value != expected(it->heard)) wrong_told++;
  it->is_told = true;
  it->told = value;
  if (it->written && writes_left > 0) {
    writes_left--;
    write_atom(it->written, value % 4);
  }
}

static void on_told(const lg_change *change, void *ctx) {
  hear(ctx, lg_as_int(change->value), lg_is_undefined(change->old_value));
}

static int64_t sum_of_effect(const ear *it, int64_t (*read)(int which)) {
  int64_t total = read(it->heard);
  if (total % 2) total += read(it->second);
  return total;
}

static void run_effect(lg_lagoon *l, void *ctx) {
  ear *it = ctx;
  (void)l;
  failed_read = LG_OK;
  int64_t total = sum_of_effect(it, read_store);
  if (!failed_read) hear(it, total, false);
}

/* ---- steps ----------------------------------------------------------------------------------- */

static void make_thing(void) {
  if (thing_count == STORES) return;
  thing *it = &things[thing_count];
  *it = (thing){.kind = thing_count < ATOMS ? ATOM : (kind)(1 + pick(8) % 5 % 4)};
  if (it->kind == ATOM) {
    it->value = pick(4);
    it->store = lg_atom(lagoon, lg_int(it->value));
  } else {
    lg_store *sources[MOST_SOURCES];
    it->count = 1 + (int)pick(MOST_SOURCES);
    it->is_late = it->kind == BATCHED || it->kind == BATCHED_TRACKED;
    for (int i = 0; i < it->count; i++) {
      it->sources[i] = (int)pick((uint32_t)thing_count);
      sources[i] = things[it->sources[i]].store;
      it->is_late |= things[it->sources[i]].is_late;
    }
    size_t count = (size_t)it->count;
    it->store = it->kind == LISTED    ? lg_computed_from(lagoon, sources, count, compute_listed, it)
                : it->kind == BATCHED ? lg_batched_from(lagoon, sources, count, compute_listed, it)
                : it->kind == TRACKED ? lg_computed(lagoon, compute_tracked, it)
                                      : lg_batched(lagoon, compute_tracked, it);
  }
  if (it->store) thing_count++;
}

static void make_ear(void) {
  ear *it = &ears[pick(LISTENERS)];
  if (it->listener) {
    lg_unlisten(it->listener);
    it->listener = NULL;
    return;
  }
  *it = (ear){.heard = (int)pick((uint32_t)thing_count), .is_effect = !pick(3)};
  it->second = it->is_effect ? (int)pick((uint32_t)thing_count) : it->heard;
  if (has_writers && !it->is_effect && !pick(3)) it->written = 1 + (int)pick(ATOMS - 1);
  lg_store *store = things[it->heard].store;
  it->listener = it->is_effect ? lg_effect(lagoon, run_effect, it)
                 : pick(2)     ? lg_subscribe(store, on_told, it)
                               : lg_listen(store, on_told, it);
}

/* A read that makes a batched store current, or what got no memory before, calls listeners. What
** they write, the next read shows. */
static lg_value read_at_last(int which) {
  lg_value value;
  int before;
  do {
    before = writes_left;
    value = pick(2) ? lg_get(things[which].store) : lg_peek(things[which].store);
  } while (before != writes_left);
  return value;
}

static void check_read(void) {
  int which = (int)pick((uint32_t)thing_count);
  lg_value value = read_at_last(which);
  if (lg_status_of(value) == LG_E_MEMORY) return;
  assert_int_equal(lg_as_int(value), expected(which));
}

static void step(int depth) {
  switch (pick(10)) {
  case 0:
    make_thing();
    break;
  case 1:
  case 2:
    make_ear();
    break;
  case 3:
  case 4:
    check_read();
    break;
  case 5:
    if (depth > 2 || lg_batch_begin(lagoon)) break;
    for (uint32_t i = pick(5); i; i--)
      step(depth + 1);
    lg_batch_end(lagoon);
    break;
  case 6:
    the_time += pick(3) * 500;
    if (!depth) lg_run_timers(lagoon);
    break;
  default:
    write_atom((int)pick(ATOMS), pick(4));
  }
}

/* Everybody was told the last value; everything reads as the model says. */
static void check_all(void) {
  assert_int_equal(wrong_told, 0);
  for (int i = 0; i < LISTENERS; i++) {
    const ear *it = &ears[i];
    if (!it->listener || !it->is_told || has_failed) continue;
    bool is_late = things[it->heard].is_late || things[it->second].is_late;
    if (is_late) continue;
    if (!it->is_effect) assert_int_equal(it->told, expected(it->heard));
    if (it->is_effect) assert_int_equal(it->told, sum_of_effect(it, expected));
  }
  host_check();
}

static void read_all(void) {
  for (int i = 0; i < thing_count; i++) {
    lg_value value = read_at_last(i);
    assert_false(lg_is_failed(value));
    assert_int_equal(lg_as_int(value), expected(i));
  }
}

static void begin_program(uint64_t number) {
  seed = number * 0x9e3779b97f4a7c15u + 1;
  has_writers = pick(2);
  has_failed = false;
  wrong_told = 0;
  thing_count = 0;
  memset(ears, 0, sizeof ears);
  for (int i = 0; i < ATOMS + 4; i++)
    make_thing();
}

static uint64_t program; /* that runs */

static int tell_program(void **state) {
  print_message("the last program was %llu\n", (unsigned long long)program);
  return host_end(state);
}

static uint64_t setting(const char *name, uint64_t otherwise) {
  const char *it = getenv(name);
  return it ? strtoull(it, NULL, 10) : otherwise;
}

static void run_programs(void (*run)(void)) {
  uint64_t first = setting("LG_SEED", 1);
  uint64_t count = setting("LG_PROGRAMS", 300);
  for (program = first; program < first + count; program++) {
    host_renew((lg_options){.post_capacity = 2});
    begin_program(program);
    run();
  }
}

static void run_program(void) {
  for (int i = 0; i < STEPS; i++) {
    writes_left = 4;
    step(0);
    check_all();
  }
  read_all();
}

/* In some steps memory ends somewhere. Afterwards everything reads as it should, and once all
** sources have changed everybody hears of it again. */
static void run_program_with_failures(void) {
  for (int i = 0; i < STEPS; i++) {
    writes_left = 4;
    if (!pick(4)) {
      failing_after(&memory, pick(6));
      step(0);
      has_failed |= failing_stop(&memory);
      host_check();
    } else {
      step(0);
      host_check();
    }
  }
  read_all();
}

static void random_programs_do_what_the_model_says(void **state) {
  (void)state;
  run_programs(run_program);
}

static void random_programs_that_run_out_of_memory_read_what_the_model_says(void **state) {
  (void)state;
  run_programs(run_program_with_failures);
}

int main(void) {
#define PROGRAMS(name) cmocka_unit_test_setup_teardown(name, host_begin, tell_program)
  const struct CMUnitTest tests[] = {
      PROGRAMS(random_programs_do_what_the_model_says),
      PROGRAMS(random_programs_that_run_out_of_memory_read_what_the_model_says),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
