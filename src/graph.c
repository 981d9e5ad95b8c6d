/*
** The engine. The algorithm is mark and pull, as in alien-signals and Preact Signals, with a
** first-in-first-out queue of edges in front, which gives the order of calls that Nano Stores has.
** Not here: values, names, callbacks, memory. See graph.h for the picture.
*/
#include "graph.h"

#ifdef LG_ADDRESSES /* the browser build: an id is the address of its record */
#define record(id) ((void)g, (lg_record *)(id))
#define STRIDE ((uint32_t)sizeof(lg_record))
#else
#define record(id) (&g->records[id])
#define STRIDE 1u
#endif

#define node(id) (&record(id)->node)
#define edge(id) (&record(id)->edge)
#define notice(id) (&record(id)->notice)

/* ---- memory ---------------------------------------------------------------------------------- */

void lg_graph_init(lg_graph *g, lg_record *records, uint32_t first, uint32_t end) {
  *g = (lg_graph){.fresh = first};
  lg_graph_move(g, records, end);
}

void lg_graph_move(lg_graph *g, lg_record *records, uint32_t end) {
  g->records = records;
  g->end = end;
}

bool lg_graph_room(const lg_graph *g, uint32_t count) {
  return (g->end - g->fresh) / STRIDE + g->spare >= count;
}

static uint32_t allocate(lg_graph *g) {
  uint32_t id = g->free;
  if (id) {
    g->free = edge(id)->next_out;
    g->spare--;
  } else {
    id = g->fresh;
    g->fresh += STRIDE;
  }
  return id;
}

static void release(lg_graph *g, uint32_t id) {
  edge(id)->next_out = g->free;
  g->free = id;
  g->spare++;
}

uint32_t lg_graph_node(lg_graph *g, uint32_t kind) {
  uint32_t n = allocate(g);
  node(n)->first_out = 0;
  node(n)->first_in = 0;
  node(n)->last_in = 0;
  node(n)->flags = kind | (kind & LG_COMPUTED ? LG_DIRTY : 0);
  node(n)->cursor = 0;
  node(n)->serial = 0;
  node(n)->waiting = 0;
  return n;
}

void lg_graph_free(lg_graph *g, uint32_t n) {
  if (node(n)->flags & (LG_RUNNING | LG_WAITING)) {
    node(n)->flags = (node(n)->flags | LG_DEAD) & ~LG_STALE;
  } else {
    release(g, n);
  }
}

/* ---- marks ----------------------------------------------------------------------------------- */

/* A node whose sinks may have to be marked: one that is computed and neither stale (then they are
** marked) nor on the stack (then they wait for it, and its links there are in use). */
static bool is_clean(const lg_node *n) {
  return (n->flags & (LG_COMPUTED | LG_STALE | LG_RUNNING | LG_WAITING)) == LG_COMPUTED;
}

/* Flags a computed node. One that waits may be past the source that is stale now. */
static void flag(lg_node *n, uint32_t state) {
  if (n->flags & LG_COMPUTED) n->flags |= state;
  if ((n->flags & LG_WAITING) && state == LG_CHECK) n->flags |= LG_AGAIN;
}

/* Sets `state` on `n` and LG_CHECK on all below it, so that below a stale node all is stale. */
static void mark(lg_graph *g, uint32_t n, uint32_t state) {
  bool descend = is_clean(node(n));
  flag(node(n), state);
  if (!descend) return;
  node(n)->cursor = node(n)->first_out;
  node(n)->parent = 0;
  while (n) {
    uint32_t e = node(n)->cursor;
    if (!e) {
      n = node(n)->parent;
      continue;
    }
    node(n)->cursor = edge(e)->next_out;
    uint32_t s = edge(e)->sink;
    if (is_clean(node(s))) {
      node(s)->cursor = node(s)->first_out;
      node(s)->parent = n;
      n = s;
    }
    flag(node(s), LG_CHECK);
  }
}

/* ---- edges ----------------------------------------------------------------------------------- */

/* Links behind the edge `after` in the in-list of `sink`, or first if that is 0. */
static uint32_t insert(lg_graph *g, uint32_t source, uint32_t sink, uint32_t after) {
  uint32_t e = allocate(g);
  uint32_t first = node(source)->first_out;
  uint32_t *place = after ? &edge(after)->next_in : &node(sink)->first_in;
  uint32_t last = e;
  if (first) {
    last = edge(first)->prev_out;
    edge(last)->next_out = e;
    edge(first)->prev_out = e;
  } else {
    node(source)->first_out = e;
  }
  edge(e)->source = source;
  edge(e)->sink = sink;
  edge(e)->next_out = 0;
  edge(e)->prev_out = last;
  edge(e)->next_in = *place;
  edge(e)->due = 0;
  *place = e;
  if (node(sink)->last_in == after) node(sink)->last_in = e;
  return e;
}

/* Below a node that is not current none is: `sink` was just linked to, or has read, `source`. */
static void follow(lg_graph *g, uint32_t source, uint32_t sink) {
  if (node(source)->flags & (LG_STALE | LG_RUNNING | LG_WAITING)) mark(g, sink, LG_CHECK);
}

void lg_graph_link(lg_graph *g, uint32_t source, uint32_t sink) {
  insert(g, source, sink, node(sink)->last_in);
  follow(g, source, sink);
}

/* Takes edge `e` out of the notices that wait. */
static void cancel(lg_graph *g, uint32_t e) {
  for (uint32_t q = g->head; q; q = notice(q)->next) {
    if (notice(q)->first == e) {
      notice(q)->first = notice(q)->last == e ? 0 : edge(e)->next_out;
      if (!notice(q)->first) node(edge(e)->source)->waiting--;
    } else if (notice(q)->last == e) {
      notice(q)->last = edge(e)->prev_out;
    }
  }
}

/* Removes edge `e`, which is behind the edge `before` in the in-list of its sink. */
static void cut(lg_graph *g, uint32_t e, uint32_t before) {
  lg_edge *it = edge(e);
  lg_node *from = node(it->source);
  lg_node *to = node(it->sink);
  if (from->waiting) cancel(g, e);
  if (it->due) {
    /* A batch queues only the first edge between two nodes, for all of them */
    for (uint32_t i = to->first_in; i; i = edge(i)->next_in) {
      if (edge(i)->source == it->source) edge(i)->due = 0;
    }
  }
  if (from->first_out == e) {
    from->first_out = it->next_out;
  } else {
    edge(it->prev_out)->next_out = it->next_out;
  }
  uint32_t after = it->next_out ? it->next_out : from->first_out;
  if (after) edge(after)->prev_out = it->prev_out;
  *(before ? &edge(before)->next_in : &to->first_in) = it->next_in;
  if (to->last_in == e) to->last_in = before;
  if (to->cursor == e) to->cursor = to->flags & LG_WAITING ? it->next_in : before;
  release(g, e);
}

/* Frees `n` if it has no edges, and answers whether it did. */
static bool free_alone(lg_graph *g, uint32_t n) {
  bool alone = !node(n)->first_in && !node(n)->first_out && !(node(n)->flags & LG_HELD);
  if (alone) lg_graph_free(g, n);
  return alone;
}

uint32_t lg_graph_unlink(lg_graph *g, uint32_t source, uint32_t sink) {
  uint32_t before = 0;
  uint32_t e = node(sink)->first_in;
  while (e && edge(e)->source != source) {
    before = e;
    e = edge(e)->next_in;
  }
  if (!e) return 0;
  cut(g, e, before);
  return LG_UNLINKED + (free_alone(g, source) ? LG_SOURCE_FREED : 0) +
         (free_alone(g, sink) ? LG_SINK_FREED : 0);
}

void lg_graph_track_begin(lg_graph *g, uint32_t sink) { node(sink)->cursor = 0; }

void lg_graph_track(lg_graph *g, uint32_t sink, uint32_t source) {
  uint32_t last = node(sink)->cursor;
  uint32_t next = last ? edge(last)->next_in : node(sink)->first_in;
  if (source == sink || (last && edge(last)->source == source)) return;
  if (!next || edge(next)->source != source) next = insert(g, source, sink, last);
  node(sink)->cursor = next;
  follow(g, source, sink);
}

uint32_t lg_graph_track_end(lg_graph *g, uint32_t sink, uint32_t *freed) {
  uint32_t last = node(sink)->cursor;
  uint32_t count = 0;
  *freed = 0;
  uint32_t e;
  while ((e = last ? edge(last)->next_in : node(sink)->first_in)) {
    uint32_t source = edge(e)->source;
    cut(g, e, last);
    if (free_alone(g, source)) {
      node(source)->serial = *freed;
      *freed = source;
      count++;
    }
  }
  return count;
}

/* ---- the queue ------------------------------------------------------------------------------- */

/* In a batch the edges whose sinks will be called for this source anyway are left out, so what is
** queued may be several runs. */
uint32_t lg_graph_cost(const lg_graph *g, uint32_t source) {
  uint32_t cost = 1;
  if (g->batching) {
    for (uint32_t e = node(source)->first_out; e; e = edge(e)->next_out)
      cost++;
  }
  return cost;
}

/* Marks the sink of edge `e`, because the source changed; not one that tracks and has not read `e`
** in this run: it is to read the new value, or to drop the edge. */
static void spread(lg_graph *g, uint32_t e) {
  uint32_t n = edge(e)->sink;
  if ((node(n)->flags & (LG_DYNAMIC | LG_RUNNING)) == (LG_DYNAMIC | LG_RUNNING)) {
    uint32_t last = node(n)->cursor;
    uint32_t i = last ? edge(last)->next_in : node(n)->first_in;
    while (i && i != e)
      i = edge(i)->next_in;
    if (i) return;
  }
  mark(g, n, LG_DIRTY);
}

void lg_graph_notify(lg_graph *g, uint32_t source, uint32_t number) {
  uint32_t q = 0;
  g->serial += g->batching;
  for (uint32_t e = node(source)->first_out; e; e = edge(e)->next_out) {
    uint32_t n = edge(e)->sink;
    spread(g, e);
    if (g->batching) {
      bool is_known = edge(e)->due || node(n)->serial == g->serial;
      node(n)->serial = g->serial;
      edge(e)->due = 1;
      if (is_known) {
        q = 0;
        continue;
      }
    }
    if (!q) {
      q = allocate(g);
      notice(q)->next = 0;
      notice(q)->source = source;
      notice(q)->number = number;
      notice(q)->first = e;
      node(source)->waiting++;
      *(g->head ? &notice(g->tail)->next : &g->head) = q;
      g->tail = q;
    }
    notice(q)->last = e;
  }
}

void lg_graph_touch(lg_graph *g, uint32_t source) {
  for (uint32_t e = node(source)->first_out; e; e = edge(e)->next_out) {
    spread(g, e);
  }
}

/* Whether the open batch has queued this sink. */
static bool is_batched(const lg_graph *g, const lg_node *sink) {
  return g->batching && sink->serial - g->batch < g->serial + 1 - g->batch;
}

/* Takes the first edge off the queue; returns it if its sink is to be called for it. In a batch a
** sink is called once for all of its edges that are due by then. */
static uint32_t pop(lg_graph *g) {
  uint32_t q = g->head;
  uint32_t e = notice(q)->first;
  uint32_t call = 0;
  g->step.source = notice(q)->source;
  g->step.notice = notice(q)->number;
  if (e) {
    lg_node *sink = node(edge(e)->sink);
    if (edge(e)->due || !is_batched(g, sink)) call = e;
    if (edge(e)->due) {
      for (uint32_t i = sink->first_in; i; i = edge(i)->next_in)
        edge(i)->due = 0;
    }
    notice(q)->first = edge(e)->next_out;
  }
  if (!e || e == notice(q)->last) {
    if (e) node(notice(q)->source)->waiting--;
    g->head = notice(q)->next;
    release(g, q);
  }
  return call;
}

void lg_graph_batch_begin(lg_graph *g) {
  g->batch = g->serial + 1;
  g->batching = true;
}

void lg_graph_batch_end(lg_graph *g) { g->batching = false; }

/* ---- the stack ------------------------------------------------------------------------------- */

/* Takes the top node off. */
static void leave(lg_graph *g) {
  uint32_t n = g->top;
  lg_node *it = node(n);
  g->top = it->parent;
  if (it->flags & LG_AGAIN) {
    it->flags |= LG_CHECK;
    if (!(it->flags & LG_ROOT)) node(g->top)->flags |= LG_AGAIN;
  }
  it->flags &= ~(LG_WAITING | LG_RUNNING | LG_ROOT | LG_AGAIN);
  if (it->flags & LG_DEAD) lg_graph_free(g, n);
}

/* Gives the current pull up: what is on its part of the stack stays stale. */
static void unwind(lg_graph *g) {
  bool root;
  do {
    root = node(g->top)->flags & LG_ROOT;
    leave(g);
  } while (!root);
}

static int32_t cycle(lg_graph *g, uint32_t n) {
  g->step.source = n;
  return LG_CYCLE;
}

static void enter(lg_graph *g, uint32_t n, uint32_t flag) {
  node(n)->parent = g->top;
  node(n)->cursor = node(n)->first_in;
  node(n)->flags |= LG_WAITING | flag;
  g->top = n;
}

/* Goes on with the pull on top of the stack: returns the next node to compute, or LG_DONE. */
static int32_t walk(lg_graph *g) {
  for (;;) {
    uint32_t n = g->top;
    lg_node *it = node(n);
    uint32_t e = it->cursor;
    if (e && (it->flags & (LG_DYNAMIC | LG_DIRTY)) != (LG_DYNAMIC | LG_DIRTY)) {
      uint32_t s = edge(e)->source;
      it->cursor = edge(e)->next_in;
      if (node(s)->flags & (LG_WAITING | LG_RUNNING)) {
        unwind(g);
        return cycle(g, s);
      }
      if (node(s)->flags & LG_STALE) enter(g, s, 0);
    } else if (it->flags & LG_DIRTY) {
      it->flags = (it->flags & ~(LG_STALE | LG_WAITING)) | LG_RUNNING;
      return ~(int32_t)n;
    } else {
      bool root = it->flags & LG_ROOT;
      it->flags &= ~LG_CHECK;
      leave(g);
      if (root) return LG_DONE;
    }
  }
}

static int32_t begin_pull(lg_graph *g, uint32_t n) {
  if (node(n)->flags & (LG_WAITING | LG_RUNNING)) return cycle(g, n);
  if (!(node(n)->flags & LG_STALE)) return LG_DONE;
  enter(g, n, LG_ROOT);
  return walk(g);
}

/* Whether a pull is in the middle: on the stack, and not waiting for the host to settle. */
static bool is_walking(const lg_graph *g) { return g->top && !(node(g->top)->flags & LG_RUNNING); }

int32_t lg_graph_pull(lg_graph *g, uint32_t n) {
  return is_walking(g) ? walk(g) : begin_pull(g, n);
}

void lg_graph_settle(lg_graph *g, uint32_t n, bool failed) {
  if (g->top != n || !(node(n)->flags & LG_RUNNING)) return;
  if (node(n)->flags & LG_STALE) node(n)->flags |= LG_AGAIN;
  if (failed) {
    unwind(g);
  } else {
    leave(g);
  }
}

int32_t lg_graph_next(lg_graph *g) {
  if (is_walking(g)) {
    int32_t step = walk(g);
    if (step) return step;
  }
  while (g->head) {
    uint32_t e = pop(g);
    if (!e) continue;
    uint32_t n = edge(e)->sink;
    if (node(n)->flags & (LG_LISTENER | LG_DEFERRED)) return (int32_t)n;
    int32_t step = begin_pull(g, n);
    if (step) return step;
  }
  return LG_DONE;
}
