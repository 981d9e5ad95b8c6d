/*
** See world.h.
*/
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/graph.h"

/* ---- dice and trace -------------------------------------------------------------------------- */

/* A number below `end` (xorshift64*). */
static uint32_t roll(world *w, uint32_t end) {
  w->dice ^= w->dice >> 12;
  w->dice ^= w->dice << 25;
  w->dice ^= w->dice >> 27;
  return (uint32_t)((w->dice * 0x2545F4914F6CDD1Du) >> 33) % end;
}

static bool chance(world *w, uint32_t percent) { return roll(w, 100) < percent; }

static void *resize(void *memory, size_t size) {
  memory = realloc(memory, size);
  if (memory) return memory;
  fputs("no memory for the test\n", stderr);
  abort();
}

static void trace(world *w, entry e) {
  if (w->trace_length == w->trace_capacity) {
    w->trace_capacity = w->trace_capacity * 2 + 64;
    w->trace = resize(w->trace, w->trace_capacity * sizeof(entry));
  }
  w->trace[w->trace_length++] = e;
}

/* ---- nodes and their things ------------------------------------------------------------------ */

/* The index of the thing that has the node. */
static uint32_t owner(const world *w, uint32_t node) {
  if (node < w->owner_count && w->owners[node]) return w->owners[node] - 1;
  fputs("a step for a node that was freed\n", stderr);
  abort();
}

static void own(world *w, uint32_t node, uint32_t i) {
  if (node >= w->owner_count) {
    uint32_t count = node * 2 + 16;
    w->owners = resize(w->owners, count * sizeof(uint32_t));
    memset(w->owners + w->owner_count, 0, (count - w->owner_count) * sizeof(uint32_t));
    w->owner_count = count;
  }
  w->owners[node] = i + 1;
  w->things[i].node = node;
  w->things[i].birth++;
  w->things[i].is_trusted = false;
}

static void forget(world *w, uint32_t node) {
  uint32_t i = owner(w, node);
  trace(w, (entry){.what = FREED, .thing = i});
  w->things[i].node = 0;
  w->owners[node] = 0;
}

static bool is_computed(const thing *it) {
  return it->kind == STATIC || it->kind == DYNAMIC || it->kind == EFFECT;
}

static void mount(world *w, uint32_t i) {
  static const uint32_t kinds[] = {[STATIC] = LG_COMPUTED,
                                   [DYNAMIC] = LG_COMPUTED | LG_DYNAMIC,
                                   [LISTENER] = LG_LISTENER,
                                   [TRACKER] = LG_LISTENER,
                                   [EFFECT] = LG_COMPUTED | LG_DYNAMIC | LG_EFFECT};
  thing *it = &w->things[i];
  if (it->node) return;
  w->is_plain = false;
  own(w, w->does->node(w->machine, kinds[it->kind] | (it->is_deferred ? LG_DEFERRED : 0)), i);
  if (it->kind != STATIC) return;
  it->dep_count = 0;
  for (uint32_t left = 1 + roll(w, DEPS); left; left--) {
    uint32_t dep = roll(w, i);
    mount(w, dep);
    it->deps[it->dep_count++] = dep;
    w->does->link(w->machine, w->things[dep].node, it->node);
  }
}

static void disconnect(world *w, uint32_t source, uint32_t sink) {
  thing *from = &w->things[owner(w, source)];
  thing *to = &w->things[owner(w, sink)];
  /* A run may have tracked it again; which edge goes first is the engine's business. */
  bool is_tracked = to->kind != STATIC && to->kind != LISTENER;
  uint32_t result;
  w->is_plain = false;
  do {
    result = w->does->unlink(w->machine, source, sink);
    trace(w, (entry){UNLINK, (uint32_t)(to - w->things), (uint32_t)(from - w->things), result, 0});
  } while (is_tracked && result == LG_UNLINKED);
  to->is_trusted = false;
  for (uint32_t d = 0; d < to->dep_count; d++) {
    if (&w->things[to->deps[d]] == from) {
      to->dep_count--;
      memmove(to->deps + d, to->deps + d + 1, (to->dep_count - d) * sizeof(*to->deps));
      break;
    }
  }
  if (result & LG_SOURCE_FREED) forget(w, source);
  if (result & LG_SINK_FREED) forget(w, sink);
}

/* Takes the node away from its sources, and from its sinks too if `all`. */
static void unmount(world *w, uint32_t i, bool all) {
  uint32_t node = w->things[i].node;
  uint32_t other;
  if (!node) return;
  while (w->things[i].node && (other = w->does->first_source(w->machine, node))) {
    disconnect(w, other, node);
  }
  while (all && w->things[i].node && (other = w->does->nth_sink(w->machine, node, 0))) {
    disconnect(w, node, other);
  }
  if (w->things[i].node && !w->does->nth_sink(w->machine, node, 0)) {
    w->does->free(w->machine, node);
    forget(w, node);
  }
}

/* ---- updates, as js/core.js does them -------------------------------------------------------- */

static void drain(world *w) {
  if (w->computing) return;
  w->draining++;
  w->does->drain(w->machine, w);
  w->draining--;
  w->has_pending = false;
}

static void emit(world *w, uint32_t i) {
  if (!w->things[i].node) return;
  w->does->notify(w->machine, w->things[i].node, ++w->number);
  w->has_pending = true;
  if (!w->draining && !w->batching) drain(w);
}

/* False: the value could not be made current. */
static bool update(world *w, uint32_t i) {
  thing *it = &w->things[i];
  if (!it->node || !is_computed(it)) return true;
  if (!w->computing) w->is_plain = false;
  bool ok = w->does->pull(w->machine, w, it->node);
  if (!w->draining && !w->batching && w->has_pending) drain(w);
  return ok;
}

static void get(world *w, uint32_t i) {
  bool ok = update(w, i);
  trace(w, (entry){GOT, i, 0, ok, w->things[i].value});
}

/* ---- functions ------------------------------------------------------------------------------- */

static uint32_t mix(uint32_t a, uint32_t b) {
  a = (a ^ b) * 0x9E3779B1u;
  return a ^ a >> 15;
}

static int static_value(const world *w, const thing *it) {
  uint32_t sum = it->salt;
  for (uint32_t d = 0; d < it->dep_count; d++)
    sum = mix(sum, (uint32_t)w->things[it->deps[d]].value);
  return (int)(sum % (uint32_t)it->modulus);
}

/* What a run of a dynamic function has read so far. */
typedef struct reading {
  uint32_t reader;
  uint32_t birth;
  uint32_t sum;
  uint32_t count;
  uint32_t things[8];
  bool failed;
} reading;

#define READS 8

static bool is_alive(const world *w, const reading *r) {
  return w->things[r->reader].node && w->things[r->reader].birth == r->birth;
}

/* The next thing that it reads, or false at the end. What it read so far decides. */
static bool next_read(const world *w, const reading *r, uint32_t *i) {
  uint32_t stores = w->shape.sources + w->shape.computeds;
  uint32_t end = w->shape.has_cycles || r->reader >= stores ? stores : r->reader;
  if (r->count == READS || (r->count && (r->sum >> 5) % 3 == 0)) return false;
  *i = mix(r->sum, r->count) % end;
  return true;
}

static void track(world *w, reading *r, uint32_t i) {
  for (uint32_t k = 0; k < r->count; k++) {
    if (r->things[k] == i && !w->shape.has_twins) return;
  }
  mount(w, i);
  w->does->track(w->machine, w->things[r->reader].node, w->things[i].node);
}

static void read(world *w, reading *r, uint32_t i) {
  mount(w, i);
  bool ok = update(w, i);
  if (is_alive(w, r)) track(w, r, i);
  r->things[r->count++] = i;
  r->sum = mix(r->sum, (uint32_t)(ok ? w->things[i].value : -1));
  if (!ok) r->failed = true;
}

static void read_all(world *w, reading *r) {
  thing *it = &w->things[r->reader];
  uint32_t node = it->node;
  uint32_t i;
  w->does->track_begin(w->machine, node);
  while (next_read(w, r, &i)) {
    read(w, r, i);
    if (r->failed && it->salt & 1) break; /* the others go on without */
  }
  uint32_t source, answer;
  while (is_alive(w, r) && (answer = w->does->untrack(w->machine, node, &source))) {
    trace(w, (entry){UNTRACK, r->reader, owner(w, source), answer, 0});
    if (answer & LG_SOURCE_FREED) forget(w, source);
  }
}

static reading begin_reading(const world *w, uint32_t i) {
  return (reading){.reader = i, .birth = w->things[i].birth, .sum = w->things[i].salt};
}

static int dynamic_value(const world *w, uint32_t i) {
  reading r = begin_reading(w, i);
  uint32_t t;
  while (next_read(w, &r, &t)) {
    r.things[r.count++] = t;
    r.sum = mix(r.sum, (uint32_t)w->things[t].value);
  }
  return (int)(r.sum % (uint32_t)w->things[i].modulus);
}

static int right_value(const world *w, uint32_t i) {
  return w->things[i].kind == STATIC ? static_value(w, &w->things[i]) : dynamic_value(w, i);
}

static void surprise(world *w, uint32_t percent);

bool world_run(world *w, uint32_t node) {
  uint32_t i = owner(w, node);
  thing *it = &w->things[i];
  reading r = begin_reading(w, i);
  trace(w, (entry){.what = COMPUTE, .thing = i});
  w->computing++;
  it->is_trusted = true;
  it->runs++;
  int value;
  if (it->kind != STATIC) {
    read_all(w, &r);
    value = (int)(r.sum % (uint32_t)it->modulus);
  } else {
    value = static_value(w, it);
  }
  surprise(w, 8);
  bool ok = !r.failed || !(it->salt & 1);
  if (!w->shape.is_quiet && w->budget && chance(w, 3)) {
    w->budget--;
    ok = false;
  }
  if (is_alive(w, &r)) {
    it->is_trusted &= ok && !r.failed;
    if (ok && value != it->value) {
      it->value = value;
      emit(w, i);
    }
  }
  trace(w, (entry){ok ? RESULT : FAILED, i, 0, 0, value});
  w->computing--;
  return ok;
}

void world_call(world *w, uint32_t sink, uint32_t source, uint32_t number) {
  uint32_t i = owner(w, sink);
  uint32_t s = owner(w, source);
  reading r = begin_reading(w, i);
  trace(w, (entry){CALL, i, s, number, w->things[s].value});
  surprise(w, 15);
  if (w->things[i].kind == TRACKER && is_alive(w, &r)) read_all(w, &r);
}

void world_cycle(world *w, uint32_t node) {
  trace(w, (entry){.what = CYCLE, .thing = owner(w, node)});
}

/* ---- the program ----------------------------------------------------------------------------- */

static void act(world *w);

static void batch(world *w) {
  bool is_outer = !w->batching;
  if (is_outer) w->does->batch(w->machine, true);
  w->batching = true;
  for (uint32_t left = 1 + roll(w, 4); left; left--)
    act(w);
  if (!is_outer) return;
  drain(w);
  w->batching = false;
  w->does->batch(w->machine, false);
}

static void listen(world *w, uint32_t i, uint32_t sink) {
  mount(w, i);
  mount(w, sink);
  w->does->link(w->machine, w->things[i].node, w->things[sink].node);
  update(w, i);
}

static void start(world *w, uint32_t i) {
  if (w->things[i].node) return;
  mount(w, i);
  if (w->things[i].kind == EFFECT) {
    update(w, i);
  } else {
    reading r = begin_reading(w, i);
    read_all(w, &r);
  }
}

/* Gives a static computed one more source. */
static void extend(world *w, uint32_t i) {
  thing *it = &w->things[i];
  /* A cycle of nodes that are all current comes to light only at the next change. */
  if (w->shape.has_cycles) return;
  if (it->kind != STATIC || !it->node || it->dep_count == DEPS) return;
  bool on_stack = w->does->on_stack(w->machine, it->node);
  trace(w, (entry){ON_STACK, i, 0, on_stack, 0});
  if (on_stack) return;
  uint32_t dep = roll(w, i);
  mount(w, dep);
  it->deps[it->dep_count++] = dep;
  w->does->link(w->machine, w->things[dep].node, it->node);
  it->is_trusted = false;
}

/* Calls nobody for a change, so what is below keeps its values until it is pulled. */
static void touch(world *w, uint32_t i) {
  if (w->shape.is_quiet || !w->things[i].node) return;
  w->things[i].value++;
  w->does->touch(w->machine, w->things[i].node);
}

static void write(world *w, uint32_t i) {
  int value = (int)roll(w, 5);
  if (value == w->things[i].value) return;
  w->things[i].value = value;
  emit(w, i);
}

static void act(world *w) {
  uint32_t source = roll(w, w->shape.sources);
  uint32_t computed = w->shape.sources + roll(w, w->shape.computeds);
  uint32_t store = roll(w, w->shape.sources + w->shape.computeds);
  uint32_t sink = w->shape.sources + w->shape.computeds + roll(w, w->shape.sinks);
  uint32_t node, other;
  switch (roll(w, 20)) {
  case 0:
    if (!w->shape.has_twins) batch(w);
    break;
  case 1:
    if (w->things[sink].kind != LISTENER) start(w, sink);
    break;
  case 2:
    node = w->things[sink].node;
    other = node ? w->does->first_source(w->machine, node) : 0;
    if (other) disconnect(w, other, node);
    break;
  case 3:
    unmount(w, roll(w, w->count), true);
    break;
  case 4:
    node = w->things[computed].node;
    if (node && !w->does->nth_sink(w->machine, node, 0)) unmount(w, computed, false);
    break;
  case 5:
    extend(w, computed);
    break;
  case 6:
    touch(w, source);
    break;
  case 7:
    w->does->move(w->machine);
    break;
  case 8:
  case 9:
    get(w, computed);
    break;
  case 10:
  case 11:
  case 12:
    if (w->things[sink].kind == LISTENER) listen(w, store, sink);
    break;
  default:
    write(w, source);
  }
}

static void surprise(world *w, uint32_t percent) {
  if (w->shape.is_quiet || !w->budget || !chance(w, percent)) return;
  w->budget--;
  act(w);
}

static uint32_t needs_of(const world *w, uint32_t i) {
  const thing *it = &w->things[i];
  uint32_t needs = 0;
  uint32_t sink;
  if (it->kind == LISTENER) return READER;
  if (it->kind == TRACKER) return READER | DROPPER;
  if (it->kind == STATIC || it->kind == EFFECT) return it->is_trusted ? READER : DROPPER;
  for (uint32_t k = 0; (sink = w->does->nth_sink(w->machine, it->node, k)); k++) {
    const thing *to = &w->things[owner(w, sink)];
    bool is_loose = to->kind == DYNAMIC && to->needs && !to->is_trusted;
    needs |= is_loose ? DROPPER : to->needs;
  }
  return needs;
}

/* A sink stands behind its sources in a quiet world. */
static void find_needs(world *w) {
  for (uint32_t i = w->count; i--;)
    w->things[i].needs = w->things[i].node ? needs_of(w, i) : 0;
}

void world_step(world *w) {
  w->budget = w->shape.is_quiet ? 0 : 12;
  w->is_plain = w->shape.is_quiet;
  if (w->is_plain) find_needs(w);
  for (uint32_t i = 0; i < w->count; i++) {
    w->things[i].runs = 0;
    w->things[i].old_needs = w->things[i].needs | (w->things[i].is_trusted ? 0 : DROPPER);
  }
  act(w);
  w->budget = 0;
}

bool world_is_lazy(world *w) {
  bool is_dropping = false;
  find_needs(w);
  for (uint32_t i = 0; i < w->count; i++) {
    is_dropping |= w->things[i].runs && w->things[i].old_needs & DROPPER;
  }
  for (uint32_t i = 0; w->is_plain && i < w->count; i++) {
    bool is_needed = w->things[i].needs || is_dropping;
    if (w->things[i].runs > is_needed) return false;
  }
  return true;
}

bool world_is_right(world *w, bool pull) {
  for (uint32_t i = 0; pull && i < w->count; i++)
    get(w, i);
  if (!pull) find_needs(w);
  for (uint32_t i = w->shape.sources; i < w->count; i++) {
    const thing *it = &w->things[i];
    if (!it->node || !is_computed(it) || (pull && !update(w, i)) || !it->is_trusted) continue;
    if ((pull || it->needs & READER) && it->value != right_value(w, i)) return false;
  }
  return true;
}

void world_begin(world *w, const machine *does, void *m, shape s, uint64_t seed) {
  *w = (world){.does = does, .machine = m, .shape = s, .dice = seed};
  w->count = s.sources + s.computeds + s.sinks;
  w->things = resize(NULL, w->count * sizeof(thing));
  for (uint32_t i = 0; i < w->count; i++) {
    thing *it = &w->things[i];
    *it = (thing){.salt = roll(w, 1u << 30), .modulus = 1 + (int)roll(w, 6)};
    if (i < s.sources) {
      it->kind = SOURCE;
    } else if (i < s.sources + s.computeds) {
      it->kind = chance(w, 50) ? STATIC : DYNAMIC;
      it->is_deferred = !s.is_quiet && chance(w, 15);
    } else {
      it->kind = chance(w, 60) ? LISTENER : chance(w, 50) ? TRACKER : EFFECT;
    }
  }
}

void world_end(world *w) {
  free(w->things);
  free(w->owners);
  free(w->trace);
}
