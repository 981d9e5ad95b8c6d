/*
** See model.h.
*/
#include "model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/graph.h"

static void *resize(void *memory, size_t size) {
  memory = realloc(memory, size);
  if (memory || !size) return memory;
  fputs("no memory for the test\n", stderr);
  abort();
}

/* Appends to, and removes from, an array of any kind. */
#define add(array, count, ...)                                                                     \
  do {                                                                                             \
    (array) = resize((array), ((count) + 1) * sizeof *(array));                                    \
    (array)[(count)++] = (__VA_ARGS__);                                                            \
  } while (0)
#define take_out(array, count, i)                                                                  \
  (--(count), memmove((array) + (i), (array) + (i) + 1, ((count) - (i)) * sizeof *(array)))

/* ---- nodes and edges ------------------------------------------------------------------------- */

static uint32_t make(void *of, uint32_t flags) {
  model *m = of;
  add(m->nodes, m->node_count,
      (model_node){
          .kind = flags, .is_dirty = flags & LG_COMPUTED, .is_stale = flags & LG_COMPUTED});
  return m->node_count - 1;
}

static void release(void *of, uint32_t n) {
  model *m = of;
  m->nodes[n].is_gone = true;
  m->nodes[n].is_dirty = false;
  m->nodes[n].is_stale = false;
}

static const model_edge *edge(const model *m, uint32_t number) {
  const model_edge *e = m->edges;
  while (e->number != number)
    e++;
  return e;
}

static uint32_t source_of(const model *m, uint32_t n, uint32_t i) {
  return edge(m, m->nodes[n].ins[i])->source;
}

static void insert(model *m, uint32_t source, uint32_t sink, uint32_t place) {
  model_node *to = &m->nodes[sink];
  uint32_t number = m->edge_number++;
  m->links++;
  add(m->edges, m->edge_count, (model_edge){number, source, sink});
  add(to->ins, to->in_count, number);
  memmove(to->ins + place + 1, to->ins + place, (to->in_count - 1 - place) * sizeof *to->ins);
  to->ins[place] = number;
}

static uint32_t nth_sink(void *of, uint32_t n, uint32_t i) {
  model *m = of;
  for (uint32_t e = 0; e < m->edge_count; e++) {
    if (m->edges[e].source == n && !i--) return m->edges[e].sink;
  }
  return 0;
}

/* Something above `n` changed. What is below a stale node was told before; what is below one that
** is on the stack waits for that anyway. */
static void make_stale(model *m, uint32_t n) {
  model_node *it = &m->nodes[n];
  uint32_t sink;
  if (it->on_stack) {
    it->is_again = true;
  } else if (it->kind & LG_COMPUTED && !it->is_stale) {
    it->is_stale = true;
    for (uint32_t i = 0; (sink = nth_sink(m, n, i)); i++)
      make_stale(m, sink);
  }
}

/* `sink` has a new source, or has read one, that may not be current. */
static void follow(model *m, uint32_t source, uint32_t sink) {
  if (!m->nodes[source].is_stale && !m->nodes[source].on_stack) return;
  make_stale(m, sink);
  m->round++;
}

static void link_last(void *of, uint32_t source, uint32_t sink) {
  insert(of, source, sink, ((model *)of)->nodes[sink].in_count);
  follow(of, source, sink);
}

static uint32_t find_due(const model *m, uint32_t source, uint32_t sink) {
  uint32_t i = 0;
  while (i < m->due_count && (m->due[i].source != source || m->due[i].sink != sink))
    i++;
  return i;
}

static bool is_due(const model *m, uint32_t source, uint32_t sink) {
  return find_due(m, source, sink) < m->due_count;
}

/* Removes the edge in place `i` of what `sink` reads, and the calls for it. */
static void cut(model *m, uint32_t sink, uint32_t i) {
  model_node *to = &m->nodes[sink];
  uint32_t number = to->ins[i];
  uint32_t source = source_of(m, sink, i);
  m->links++;
  for (uint32_t q = m->queue_length; q--;) {
    if (m->queue[q].edge == number) take_out(m->queue, m->queue_length, q);
  }
  if (is_due(m, source, sink)) take_out(m->due, m->due_count, find_due(m, source, sink));
  take_out(m->edges, m->edge_count, (uint32_t)(edge(m, number) - m->edges));
  take_out(to->ins, to->in_count, i);
  if (i < to->passed) to->passed--;
}

static uint32_t first_source(void *of, uint32_t n) {
  model *m = of;
  return m->nodes[n].in_count ? source_of(m, n, 0) : 0;
}

static bool free_alone(model *m, uint32_t n) {
  bool is_alone = !nth_sink(m, n, 0) && !first_source(m, n);
  if (is_alone) release(m, n);
  return is_alone;
}

static uint32_t unlink_first(void *of, uint32_t source, uint32_t sink) {
  model *m = of;
  for (uint32_t i = 0; i < m->nodes[sink].in_count; i++) {
    if (source_of(m, sink, i) != source) continue;
    cut(m, sink, i);
    return LG_UNLINKED + (free_alone(m, source) ? LG_SOURCE_FREED : 0) +
           (free_alone(m, sink) ? LG_SINK_FREED : 0);
  }
  return 0;
}

/* ---- tracking -------------------------------------------------------------------------------- */

static void track_begin(void *of, uint32_t sink) { ((model *)of)->nodes[sink].passed = 0; }

static void track(void *of, uint32_t sink, uint32_t source) {
  model *m = of;
  uint32_t i = m->nodes[sink].passed;
  if (source == sink || (i && source_of(m, sink, i - 1) == source)) return;
  if (i == m->nodes[sink].in_count || source_of(m, sink, i) != source) insert(m, source, sink, i);
  m->nodes[sink].passed++;
  follow(m, source, sink);
}

static uint32_t untrack(void *of, uint32_t sink, uint32_t *source) {
  model *m = of;
  uint32_t i = m->nodes[sink].passed;
  if (i == m->nodes[sink].in_count) return 0;
  *source = source_of(m, sink, i);
  cut(m, sink, i);
  return LG_UNLINKED + (free_alone(m, *source) ? LG_SOURCE_FREED : 0);
}

/* ---- changes --------------------------------------------------------------------------------- */

/* Whether a run that tracks has not come to this edge yet: it will see the change, or drop it. */
static bool is_unread(const model *m, const model_edge *e) {
  const model_node *to = &m->nodes[e->sink];
  if (!(to->kind & LG_DYNAMIC) || !to->is_running) return false;
  for (uint32_t i = 0; i < to->passed; i++) {
    if (to->ins[i] == e->number) return false;
  }
  return true;
}

static void touch(void *of, uint32_t source) {
  model *m = of;
  for (uint32_t i = 0; i < m->edge_count; i++) {
    model_node *to = &m->nodes[m->edges[i].sink];
    bool is_told = m->edges[i].source == source && to->kind & LG_COMPUTED;
    if (!is_told || is_unread(m, &m->edges[i])) continue;
    to->is_dirty = true;
    /* It will run after its sources, or else again. */
    if (!to->on_stack || to->is_running) make_stale(m, m->edges[i].sink);
  }
}

static void notify(void *of, uint32_t source, uint32_t number) {
  model *m = of;
  touch(m, source);
  for (uint32_t i = 0; i < m->edge_count; i++) {
    uint32_t sink = m->edges[i].sink;
    if (m->edges[i].source != source) continue;
    if (m->batching) {
      m->nodes[sink].batch = m->batch;
      if (is_due(m, source, sink)) continue;
      add(m->due, m->due_count, (model_edge){.source = source, .sink = sink});
    }
    add(m->queue, m->queue_length, (model_call){m->edges[i].number, source, sink, number});
  }
}

static void batch(void *of, bool begin) {
  model *m = of;
  m->batching = begin;
  m->batch += begin;
}

/* Brings the sources of a node up to date, in order, and then the node, because `parent` (or 0)
** waits for it. False: something failed. */
static bool make_current(model *m, world *w, uint32_t n, uint32_t parent) {
  if (m->nodes[n].on_stack) {
    world_cycle(w, n);
    return false;
  }
  if (!(m->nodes[n].kind & LG_COMPUTED)) return true;
  bool ok = true;
  m->nodes[n].on_stack = true;
  m->nodes[n].passed = 0;
  while (ok && m->nodes[n].passed < m->nodes[n].in_count) {
    if ((m->nodes[n].kind & LG_DYNAMIC) && m->nodes[n].is_dirty) break;
    ok = make_current(m, w, source_of(m, n, m->nodes[n].passed++), n);
  }
  if (ok) {
    m->nodes[n].is_stale = false;
    m->nodes[n].asked = 0;
  }
  if (ok && m->nodes[n].is_dirty) {
    m->nodes[n].is_dirty = false;
    m->nodes[n].is_running = true;
    ok = world_run(w, n);
    m->nodes[n].is_running = false;
  }
  m->nodes[n].on_stack = false;
  if (m->nodes[n].is_again) {
    m->nodes[n].is_again = false;
    m->nodes[n].is_stale = true;
    m->nodes[parent].is_again = true;
  }
  return ok;
}

static bool pull(void *of, world *w, uint32_t n) {
  model *m = of;
  bool is_cycle = m->nodes[n].on_stack;
  bool ok = make_current(m, w, n, 0);
  if (!ok && !is_cycle) m->round++;
  return ok;
}

/* In a batch a sink is called once for all that is due to it. */
static bool is_covered(model *m, const model_call *call) {
  bool is_due_now = is_due(m, call->source, call->sink);
  bool was_batched = m->batching && m->nodes[call->sink].batch == m->batch;
  if (!is_due_now && was_batched && !(m->nodes[call->sink].kind & LG_DYNAMIC)) return true;
  for (uint32_t i = m->due_count; is_due_now && i--;) {
    if (m->due[i].sink == call->sink) take_out(m->due, m->due_count, i);
  }
  return false;
}

static uint32_t first_reader(model *m, uint32_t n, uint32_t *left) {
  uint32_t sink;
  for (uint32_t i = 0; *left && (sink = nth_sink(m, n, i)); i++) {
    uint32_t is = m->nodes[sink].kind;
    --*left;
    if (!(is & LG_DYNAMIC)) return sink;
    if (!(is & (LG_EFFECT | LG_DEFERRED)) && source_of(m, sink, 0) == n) return sink;
  }
  return 0;
}

/* Whether each one on the way down from a dynamic node reads the one above it first. What is known of one
** holds for those that lead to it, as long as no edge comes or goes. */
static bool is_read_first(model *m, uint32_t n, uint32_t *left) {
  model_node *it = &m->nodes[n];
  if (!n || !(it->kind & LG_DYNAMIC)) return n;
  if (it->noted == m->links) return it->is_read_first;
  it->noted = m->links;
  it->is_read_first = false;
  return it->is_read_first = is_read_first(m, first_reader(m, n, left), left);
}

/* Whether those below a dynamic node were asked in its place: they alone know if it is needed. */
static bool ask(model *m, uint32_t n, uint32_t asker) {
  uint32_t round = m->nodes[asker].asked ? m->nodes[asker].asked : m->round;
  uint32_t sink, i;
  if ((m->nodes[n].kind & (LG_DYNAMIC | LG_EFFECT)) != LG_DYNAMIC) return false;
  if (m->nodes[n].asked >= round) return true;
  for (i = 0; (sink = nth_sink(m, n, i)); i++) {
    if (!(m->nodes[sink].kind & LG_DYNAMIC)) return false;
  }
  if (!i) return true;
  uint32_t left = LG_NEAR;
  if (is_read_first(m, n, &left)) return false;
  m->nodes[n].asked = round;
  for (i = 0; i < m->edge_count; i++) {
    if (m->edges[i].source != n) continue;
    add(m->queue, m->queue_length, (model_call){m->edges[i].number, n, m->edges[i].sink, 0});
  }
  return true;
}

static void drain(void *of, world *w) {
  model *m = of;
  while (m->queue_length) {
    model_call call = m->queue[0];
    model_node *sink = &m->nodes[call.sink];
    take_out(m->queue, m->queue_length, 0);
    if (is_covered(m, &call)) continue;
    if (sink->kind & (LG_LISTENER | LG_DEFERRED)) {
      world_call(w, call.sink, call.source, call.number);
    } else if (sink->is_stale && !ask(m, call.sink, call.source)) {
      pull(m, w, call.sink);
    }
  }
}

static bool on_stack(void *of, uint32_t n) { return ((model *)of)->nodes[n].on_stack; }

static void move(void *of) { (void)of; }

const machine model_machine = {.node = make,
                               .free = release,
                               .link = link_last,
                               .unlink = unlink_first,
                               .track_begin = track_begin,
                               .track = track,
                               .untrack = untrack,
                               .notify = notify,
                               .touch = touch,
                               .batch = batch,
                               .pull = pull,
                               .drain = drain,
                               .first_source = first_source,
                               .nth_sink = nth_sink,
                               .on_stack = on_stack,
                               .move = move};

void model_begin(model *m) {
  *m = (model){.round = 1};
  make(m, 0);
}

void model_end(model *m) {
  for (uint32_t n = 0; n < m->node_count; n++)
    free(m->nodes[n].ins);
  free(m->nodes);
  free(m->edges);
  free(m->queue);
  free(m->due);
}
