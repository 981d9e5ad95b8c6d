/*
** Random programs on the engine and on a naive model: both must make the same calls in the same
** order with the same values, and every computed must have the value that its function gives.
**
**    graph_random [graphs [seed]]      LG_GRAPHS stands in for the first, LG_SEED for the second.
**    graph_random 1 SEED               runs the one program that was reported.
*/
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "checked.h"
#include "model.h"
#include "world.h"

/* ---- the engine as a machine ----------------------------------------------------------------- */

static uint32_t engine_node(void *m, uint32_t flags) { return checked_node(m, flags); }
static void engine_free(void *m, uint32_t n) { checked_free(m, n); }
static void engine_link(void *m, uint32_t source, uint32_t sink) { checked_link(m, source, sink); }
static uint32_t engine_unlink(void *m, uint32_t source, uint32_t sink) {
  return checked_unlink(m, source, sink);
}
static void engine_track_begin(void *m, uint32_t sink) { checked_track_begin(m, sink); }
static void engine_track(void *m, uint32_t sink, uint32_t source) {
  checked_track(m, sink, source);
}
static uint32_t engine_untrack(void *m, uint32_t sink, uint32_t *source) {
  checked *c = m;
  uint32_t result = checked_untrack(c, sink);
  *source = c->g.step.source;
  return result;
}
static void engine_notify(void *m, uint32_t source, uint32_t number) {
  checked_notify(m, source, number);
}
static void engine_touch(void *m, uint32_t source) { checked_touch(m, source); }
static void engine_move(void *m) { checked_move(m, 0); }

static void engine_batch(void *m, bool begin) {
  if (begin) {
    checked_batch_begin(m);
  } else {
    checked_batch_end(m);
  }
}

/* Does a compute step. False: it failed. */
static bool engine_compute(checked *c, world *w, int32_t step) {
  if (step == LG_CYCLE) {
    world_cycle(w, c->g.step.source);
    return false;
  }
  bool ok = world_run(w, lg_step_node(step));
  checked_settle(c, lg_step_node(step), !ok);
  return ok;
}

static bool engine_pull(void *m, world *w, uint32_t root) {
  int32_t step;
  while ((step = checked_pull(m, root))) {
    if (!engine_compute(m, w, step)) return false;
    if (lg_step_node(step) == root) break;
  }
  return true;
}

static void engine_drain(void *m, world *w) {
  checked *c = m;
  int32_t step;
  while ((step = checked_next(c))) {
    if (lg_is_compute(step)) {
      engine_compute(c, w, step);
    } else {
      world_call(w, lg_step_node(step), c->g.step.source, c->g.step.notice);
    }
  }
}

static uint32_t engine_first_source(void *m, uint32_t n) {
  checked *c = m;
  uint32_t e = lg_record_of(&c->g, n)->node.first_in;
  return e ? lg_record_of(&c->g, e)->edge.source : 0;
}

static uint32_t engine_nth_sink(void *m, uint32_t n, uint32_t i) {
  checked *c = m;
  uint32_t e = lg_record_of(&c->g, n)->node.first_out;
  while (e && i--)
    e = lg_record_of(&c->g, e)->edge.next_out;
  return e ? lg_record_of(&c->g, e)->edge.sink : 0;
}

static bool engine_on_stack(void *m, uint32_t n) {
  checked *c = m;
  return lg_record_of(&c->g, n)->node.flags & (LG_WAITING | LG_RUNNING);
}

static const machine engine_machine = {.node = engine_node,
                                       .free = engine_free,
                                       .link = engine_link,
                                       .unlink = engine_unlink,
                                       .track_begin = engine_track_begin,
                                       .track = engine_track,
                                       .untrack = engine_untrack,
                                       .notify = engine_notify,
                                       .touch = engine_touch,
                                       .batch = engine_batch,
                                       .pull = engine_pull,
                                       .drain = engine_drain,
                                       .first_source = engine_first_source,
                                       .nth_sink = engine_nth_sink,
                                       .on_stack = engine_on_stack,
                                       .move = engine_move};

/* ---- one program ----------------------------------------------------------------------------- */

static uint64_t current_seed;
static const world *current_world;

static uint64_t next_seed(uint64_t seed) { /* splitmix64 */
  seed += 0x9E3779B97F4A7C15u;
  seed = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9u;
  seed = (seed ^ (seed >> 27)) * 0x94D049BB133111EBu;
  return (seed ^ (seed >> 31)) | 1;
}

/* Mostly 3 to 20 things; one graph in 500 has some hundred. */
static shape choose_shape(uint64_t seed) {
  uint32_t size = seed >> 8 & 0xFFFF;
  uint32_t factor = size % 500 == 0 ? 20 : 1;
  uint32_t manner = seed >> 40 & 7;
  return (shape){.sources = (1 + size % 5) * factor,
                 .computeds = (1 + size / 5 % 10) * factor,
                 .sinks = (1 + size / 50 % 5) * factor,
                 .is_quiet = manner < 2,
                 .has_cycles = manner == 2,
                 .has_twins = manner == 3};
}

static void print_entry(const char *whose, const entry *e) {
  static const char *names[] = {"",       "compute", "result", "call",     "cycle", "failed",
                                "unlink", "untrack", "got",    "on stack", "freed"};
  fprintf(stderr, "  %-6s %-8s %3" PRIu32 " source %3" PRIu32 " number %" PRIu32 " value %d\n",
          whose, names[e->what], e->thing, e->source, e->number, e->value);
}

/* What the engine did in the operation it is at, and how to see it again. */
static void explain(void) {
  for (uint32_t i = 0; i < current_world->trace_length; i++) {
    print_entry("engine", &current_world->trace[i]);
  }
  fprintf(stderr, "run it again with: graph_random 1 %" PRIu64 "\n", current_seed);
}

static bool is_same(const entry *a, const entry *b) {
  return a->what == b->what && a->thing == b->thing && a->source == b->source &&
         a->number == b->number && a->value == b->value;
}

/* Compares what the two did, and forgets it. */
static bool compare(world *a, world *b) {
  uint32_t i = 0;
  uint32_t length = a->trace_length < b->trace_length ? a->trace_length : b->trace_length;
  while (i < length && is_same(&a->trace[i], &b->trace[i]))
    i++;
  bool is_equal = i == a->trace_length && i == b->trace_length && a->dice == b->dice;
  if (!is_equal) {
    fputs("engine and model differ\n", stderr);
    for (uint32_t k = 0; k < i; k++)
      print_entry("both", &a->trace[k]);
    if (i < a->trace_length) print_entry("engine", &a->trace[i]);
    if (i < b->trace_length) print_entry("model", &b->trace[i]);
  }
  a->trace_length = b->trace_length = 0;
  for (uint32_t t = 0; is_equal && t < a->count; t++) {
    is_equal = a->things[t].value == b->things[t].value;
    if (!is_equal) fprintf(stderr, "engine and model have other values of thing %" PRIu32 "\n", t);
  }
  return is_equal;
}

static uint64_t checks;

static bool run_program(uint64_t seed) {
  checked c;
  model m;
  world a, b;
  shape s = choose_shape(seed);
  current_seed = seed;
  current_world = &a;
  checked_begin(&c, seed >> 4 & 7);
  model_begin(&m);
  world_begin(&a, &engine_machine, &c, s, next_seed(seed));
  world_begin(&b, &model_machine, &m, s, next_seed(seed));
  uint32_t steps = 15 + (seed >> 32 & 31);
  if (a.count > 50) steps *= 5;
  bool ok = true;
  for (uint32_t i = 1; ok && i <= steps; i++) {
    world_step(&a);
    world_step(&b);
    ok = compare(&a, &b);
    if (ok && s.is_quiet && !(ok = world_is_right(&a, false))) {
      fputs("a computed has not the value that its function gives\n", stderr);
    }
    if (ok && s.is_quiet && !(ok = world_is_lazy(&a))) {
      fputs("a function ran that nothing needed, or twice\n", stderr);
    }
    if (ok && i == steps && !(ok = world_is_right(&a, true) && world_is_right(&b, true))) {
      fputs("a computed has not, after a pull, the value that its function gives\n", stderr);
    }
    ok = ok && compare(&a, &b);
  }
  if (!ok) explain();
  checks += c.checks;
  world_end(&a);
  world_end(&b);
  checked_end(&c);
  model_end(&m);
  return ok;
}

/* ---- all of them ----------------------------------------------------------------------------- */

static uint64_t argument(int argc, char **argv, int i, const char *name, uint64_t otherwise) {
  const char *text = argc > i ? argv[i] : getenv(name);
  return text ? strtoull(text, NULL, 0) : otherwise;
}

int main(int argc, char **argv) {
  uint64_t graphs = argument(argc, argv, 1, "LG_GRAPHS", 100000);
  uint64_t seed = argument(argc, argv, 2, "LG_SEED", (uint64_t)time(NULL) << 20 | 1);
  checked_explain = explain;
  printf("%" PRIu64 " random graphs from seed %" PRIu64 "\n", graphs, seed);
  fflush(stdout);
  time_t start = time(NULL), told = start + 1;
  for (uint64_t i = 0; i < graphs; i++, seed = next_seed(seed)) {
    if (!run_program(seed)) return 1;
    if (time(NULL) > told) {
      told = time(NULL);
      fprintf(stderr, "\r%" PRIu64 " of %" PRIu64 " ", i + 1, graphs);
    }
  }
  if (told > start + 1) fputs("\n", stderr);
  printf("engine and model agree; the invariant held %" PRIu64 " times\n", checks);
  return 0;
}
