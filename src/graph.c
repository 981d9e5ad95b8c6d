/*
** The engine. The algorithm is mark and pull, as in alien-signals and Preact Signals, with a
** first-in-first-out queue of edges in front, which gives the order of calls that Nano Stores has.
** Not here: values, names, callbacks, memory. See graph.h for the picture.
*/
#include "graph.h"

#define record(id) lg_record_of(g, id)
#define node(id) (&record(id)->node)
#define edge(id) (&record(id)->edge)
#define notice(id) (&record(id)->notice)

/* ---- memory ---------------------------------------------------------------------------------- */

void lg_graph_init(lg_graph *g, lg_record *records, uint32_t first, uint32_t end) {
  *g = (lg_graph){.fresh = first, .end = first, .round = 1};
  lg_graph_move(g, records, end);
}

void lg_graph_move(lg_graph *g, lg_record *records, uint32_t end) {
  g->records = records;
  g->left += (end - g->end) / LG_STRIDE;
  g->end = end;
}

bool lg_graph_room(const lg_graph *g, uint32_t count) { return g->left >= count; }

static inline uint32_t allocate(lg_graph *g) {
  uint32_t id = g->free;
  g->left--;
  if (id) {
    g->free = edge(id)->next_out;
  } else {
    id = g->fresh;
    g->fresh += LG_STRIDE;
#ifndef LG_ADDRESSES
    record(id)->host = NULL;
#endif
  }
  return id;
}

static inline void release(lg_graph *g, uint32_t id) {
  edge(id)->next_out = g->free;
  g->free = id;
  g->left++;
}

uint32_t lg_graph_node(lg_graph *g, uint32_t kind) {
  uint32_t n = allocate(g);
  node(n)->first_out = 0;
  node(n)->first_in = 0;
  node(n)->asked = 0;
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

/* A node whose sinks may have to be marked: one that is computed, has computed sinks, and is neither
** stale (then they are marked) nor on the stack (then they wait for it, and its links there are in
** use). */
static inline bool is_clean(const lg_node *n) {
  uint32_t busy = LG_STALE | LG_RUNNING | LG_WAITING;
  return (n->flags & (LG_COMPUTED | LG_FEEDS | busy)) == (LG_COMPUTED | LG_FEEDS);
}

/* Whether all below it are marked: it is stale, and not on the stack. */
static inline bool is_marked(const lg_node *n) {
  return n->flags & LG_STALE && !(n->flags & (LG_RUNNING | LG_WAITING));
}

/* Whether the sink of edge `e` tracks and has not read it in this run. */
static bool is_unread(const lg_graph *g, uint32_t e) {
  const lg_node *to = node(edge(e)->sink);
  if (~to->flags & (LG_DYNAMIC | LG_RUNNING)) return false;
  uint32_t i = to->cursor ? edge(to->cursor)->next_in : to->first_in;
  while (i && i != e)
    i = edge(i)->next_in;
  return i;
}

/* Sets `state` on the sinks of the edge `e` and of those behind it in its out-list, and LG_CHECK on
** all below them, so that below a stale node all is stale. What is dirty has a source that changed:
** not one that is to read the new value, or to drop the edge. Each node that it goes down from knows
** the one above it, and the edge to go on with. */
static void mark(lg_graph *g, uint32_t e, uint32_t state) {
  uint32_t above = 0;
  for (;;) {
    while (!e) {
      if (!above) return;
      e = node(above)->cursor;
      above = node(above)->parent;
    }
    uint32_t n = edge(e)->sink;
    lg_node *it = node(n);
    uint32_t is = above ? LG_CHECK : state;
    uint32_t next = edge(e)->next_out;
    if (it->flags & LG_COMPUTED && (is == LG_CHECK || !is_unread(g, e))) {
      bool clean = is_clean(it);
      it->flags |= is;
      if (clean) {
        if (next) {
          it->cursor = next;
          it->parent = above;
          above = n;
        } else if (!above) {
          state = LG_CHECK; /* nothing is left to do above it */
        }
        next = it->first_out;
      } else if (is == LG_CHECK && it->flags & LG_WAITING) {
        it->flags |= LG_AGAIN; /* it may be past the source */
      }
    }
    e = next;
  }
}

/* ---- edges ----------------------------------------------------------------------------------- */

/* Links the two, in the in-list of `sink` before the edge `next`, or last if that is 0. */
static uint32_t insert(lg_graph *g, uint32_t source, uint32_t sink, uint32_t next) {
  uint32_t e = allocate(g);
  lg_edge *it = edge(e);
  lg_node *from = node(source);
  lg_node *to = node(sink);
  g->links++;
  if (to->flags & LG_COMPUTED) from->flags |= LG_FEEDS;
  *it = (lg_edge){.source = source, .sink = sink, .next_in = next, .prev_out = e, .prev_in = e};
  if (from->first_out) {
    lg_edge *first = edge(from->first_out);
    it->prev_out = first->prev_out;
    edge(first->prev_out)->next_out = e;
    first->prev_out = e;
  } else {
    from->first_out = e;
  }
  if (to->first_in) {
    lg_edge *follower = edge(next ? next : to->first_in);
    it->prev_in = follower->prev_in;
    follower->prev_in = e;
  }
  if (next == to->first_in) {
    to->first_in = e;
  } else {
    edge(it->prev_in)->next_in = e;
  }
  return e;
}

/* From now on, what is stale and was asked for may be asked for again. */
static void begin_round(lg_graph *g) {
  if (!++g->round) g->round = 1;
}

/* Below a node that is not current none is: `sink` was just linked to, or has read, `source`. */
static void follow(lg_graph *g, uint32_t source, uint32_t sink) {
  if (!(node(source)->flags & (LG_STALE | LG_RUNNING | LG_WAITING))) return;
  lg_node *to = node(sink);
  bool clean = is_clean(to);
  if (to->flags & LG_COMPUTED) to->flags |= LG_CHECK;
  if (to->flags & LG_WAITING) to->flags |= LG_AGAIN;
  if (clean) mark(g, to->first_out, LG_CHECK);
  begin_round(g);
}

void lg_graph_link(lg_graph *g, uint32_t source, uint32_t sink) {
  insert(g, source, sink, 0);
  follow(g, source, sink);
}

/* Takes edge `e` out of the notices of its source that wait, and those that are empty then out of
** their circle. */
static void cancel(lg_graph *g, uint32_t e) {
  uint32_t *newest = &node(edge(e)->source)->waiting;
  uint32_t end = *newest;
  uint32_t older = end;
  uint32_t q;
  do {
    q = notice(older)->newer;
    lg_notice *it = notice(q);
    if (it->first == e && it->last == e) {
      it->first = it->last = 0;
      notice(older)->newer = it->newer;
      if (q == end) *newest = q == older ? 0 : older;
    } else {
      if (it->first == e) it->first = edge(e)->next_out;
      if (it->last == e) it->last = edge(e)->prev_out;
      older = q;
    }
  } while (q != end);
}

/* Takes back what is due for all edges between the two: a batch queues only the first. */
static void take_back(lg_graph *g, uint32_t source, uint32_t sink) {
  uint32_t out = node(source)->first_out;
  uint32_t in = node(sink)->first_in;
  while (out && in) {
    if (edge(out)->sink == sink) edge(out)->due = 0;
    if (edge(in)->source == source) edge(in)->due = 0;
    out = edge(out)->next_out;
    in = edge(in)->next_in;
  }
}

/* Removes edge `e`. */
static void cut(lg_graph *g, uint32_t e) {
  lg_edge *it = edge(e);
  lg_node *from = node(it->source);
  lg_node *to = node(it->sink);
  uint32_t before = to->first_in == e ? 0 : it->prev_in;
  g->links++;
  if (from->waiting) cancel(g, e);
  if (it->due) take_back(g, it->source, it->sink);
  if (to->cursor == e) to->cursor = to->flags & LG_WAITING ? it->next_in : before;
  if (from->first_out == e) {
    from->first_out = it->next_out;
  } else {
    edge(it->prev_out)->next_out = it->next_out;
  }
  if (before) {
    edge(before)->next_in = it->next_in;
  } else {
    to->first_in = it->next_in;
  }
  uint32_t after = it->next_out ? it->next_out : from->first_out;
  if (after) edge(after)->prev_out = it->prev_out;
  after = it->next_in ? it->next_in : to->first_in;
  if (after) edge(after)->prev_in = it->prev_in;
  release(g, e);
}

/* Frees `n` if it has no edges, and answers whether it did. */
static bool free_alone(lg_graph *g, uint32_t n) {
  bool alone = !node(n)->first_in && !node(n)->first_out && !(node(n)->flags & LG_HELD);
  if (alone) lg_graph_free(g, n);
  return alone;
}

/* An edge between the two, looked for in the shorter of their lists. 0: there is none. */
static uint32_t find(const lg_graph *g, uint32_t source, uint32_t sink) {
  uint32_t out = node(source)->first_out;
  uint32_t in = node(sink)->first_in;
  while (out && in) {
    if (edge(in)->source == source) return in;
    if (edge(out)->sink == sink) return out;
    out = edge(out)->next_out;
    in = edge(in)->next_in;
  }
  return 0;
}

uint32_t lg_graph_unlink(lg_graph *g, uint32_t source, uint32_t sink) {
  uint32_t e = find(g, source, sink);
  if (!e) return 0;
  cut(g, e);
  return LG_UNLINKED + (free_alone(g, source) ? LG_SOURCE_FREED : 0) +
         (free_alone(g, sink) ? LG_SINK_FREED : 0);
}

void lg_graph_track_begin(lg_graph *g, uint32_t sink) { node(sink)->cursor = 0; }

bool lg_graph_track(lg_graph *g, uint32_t sink, uint32_t source) {
  uint32_t last = node(sink)->cursor;
  uint32_t next = last ? edge(last)->next_in : node(sink)->first_in;
  if (source == sink || (last && edge(last)->source == source)) return false;
  bool is_new = !next || edge(next)->source != source;
  if (is_new) next = insert(g, source, sink, next);
  node(sink)->cursor = next;
  follow(g, source, sink);
  return is_new;
}

uint32_t lg_graph_untrack(lg_graph *g, uint32_t sink) {
  uint32_t last = node(sink)->cursor;
  uint32_t e = last ? edge(last)->next_in : node(sink)->first_in;
  if (!e) return 0;
  uint32_t source = edge(e)->source;
  cut(g, e);
  g->step.source = source;
  return LG_UNLINKED + (free_alone(g, source) ? LG_SOURCE_FREED : 0);
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

void lg_graph_touch(lg_graph *g, uint32_t source) { mark(g, node(source)->first_out, LG_DIRTY); }

/* Marks the sinks of the edge `e` and of those behind it, whose source changed. Within an update most
** of them are stale already. */
static inline void touch(lg_graph *g, uint32_t e) {
  while (e && is_marked(node(edge(e)->sink))) {
    node(edge(e)->sink)->flags |= LG_DIRTY;
    e = edge(e)->next_out;
  }
  if (e) mark(g, e, LG_DIRTY);
}

/* `source` may have changed, which a step will ask the host. */
static void suspect(lg_graph *g, uint32_t source) {
  node(source)->flags |= LG_DIRTY;
  mark(g, node(source)->first_out, LG_CHECK);
}

/* Puts the notice `q` behind the newest one of its source. */
LG_COLD static void join_circle(lg_graph *g, uint32_t newest, uint32_t q) {
  notice(q)->newer = notice(newest)->newer;
  notice(newest)->newer = q;
}

/* Queues the edges of `source` from `first` to `last`. */
static inline uint32_t append(lg_graph *g, uint32_t source, uint32_t number, uint32_t first,
                              uint32_t last) {
  uint32_t q = allocate(g);
  lg_notice *it = notice(q);
  it->next = 0;
  it->source = source;
  it->number = number;
  it->first = first;
  it->last = last;
  it->newer = q;
  if (node(source)->waiting) join_circle(g, node(source)->waiting, q);
  node(source)->waiting = q;
  *(g->head ? &notice(g->tail)->next : &g->head) = q;
  g->tail = q;
  return q;
}

/* Queues the edges of `source` in a batch, which calls each sink once. */
static void append_batched(lg_graph *g, uint32_t source, uint32_t number) {
  uint32_t q = 0;
  g->serial++;
  for (uint32_t e = node(source)->first_out; e; e = edge(e)->next_out) {
    lg_node *sink = node(edge(e)->sink);
    bool is_known = edge(e)->due || sink->serial == g->serial;
    sink->serial = g->serial;
    edge(e)->due = 1;
    if (is_known) {
      q = 0;
    } else if (q) {
      notice(q)->last = e;
    } else {
      q = append(g, source, number, e, e);
    }
  }
}

LG_INLINE void lg_graph_notify(lg_graph *g, uint32_t source, uint32_t number) {
  uint32_t first = node(source)->first_out;
  if (!first) return;
  if (g->batching) {
    append_batched(g, source, number);
  } else {
    append(g, source, number, first, edge(first)->prev_out);
  }
  if (!(node(source)->flags & LG_FEEDS)) return;
  if (g->batching && g->compares && !(node(source)->flags & LG_KIND)) {
    suspect(g, source);
  } else {
    touch(g, first);
  }
}

/* Nothing is due any more to a sink, which is about to be called. */
static void clear_due(lg_graph *g, const lg_node *sink) {
  for (uint32_t i = sink->first_in; i; i = edge(i)->next_in)
    edge(i)->due = 0;
}

/* Whether the open batch has queued this sink. */
static bool is_batched(const lg_graph *g, const lg_node *sink) {
  return sink->serial - g->batch < g->serial + 1 - g->batch;
}

/* Whether the sink of edge `e`, which was taken off the queue, is to be called for it: in a batch
** once for all of its edges that are due by then. A dynamic one may have been asked, which no edge
** is due for. */
static inline bool is_to_be_called(lg_graph *g, uint32_t e) {
  const lg_node *sink = node(edge(e)->sink);
  if (edge(e)->due) {
    clear_due(g, sink);
    return true;
  }
  return !g->batching || sink->flags & LG_DYNAMIC || !is_batched(g, sink);
}

/* Takes the notice `q` away, which is the oldest one of its source. */
LG_COLD static void leave_circle(lg_graph *g, uint32_t newest, uint32_t q) {
  notice(newest)->newer = notice(q)->newer;
}

/* Takes the first edge off the queue; returns it if its sink is to be called for it. */
static inline uint32_t pop(lg_graph *g) {
  uint32_t q = g->head;
  lg_notice *it = notice(q);
  uint32_t e = it->first;
  g->step.notice = it->number;
  g->step.source = it->source;
  if (e == it->last) {
    if (e) {
      uint32_t *newest = &node(it->source)->waiting;
      if (*newest == q) {
        *newest = 0;
      } else {
        leave_circle(g, *newest, q);
      }
    }
    g->head = it->next;
    release(g, q);
  } else {
    it->first = edge(e)->next_out;
  }
  return e && is_to_be_called(g, e) ? e : 0;
}

void lg_graph_batch_begin(lg_graph *g) {
  g->batch = g->serial + 1;
  g->batching = true;
}

void lg_graph_batch_end(lg_graph *g) { g->batching = false; }

/* ---- the stack ------------------------------------------------------------------------------- */

/* Takes the top node off. */
static inline void leave(lg_graph *g) {
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
  begin_round(g);
  do {
    root = node(g->top)->flags & LG_ROOT;
    leave(g);
  } while (!root);
}

static int32_t cycle(lg_graph *g, uint32_t n) {
  g->step.source = n;
  return LG_CYCLE;
}

static inline void enter(lg_graph *g, uint32_t n, uint32_t flag) {
  node(n)->parent = g->top;
  node(n)->cursor = node(n)->first_in;
  node(n)->flags |= LG_WAITING | flag;
  g->top = n;
}

/* Hands the top node to the host. */
static inline int32_t run(lg_graph *g) {
  lg_node *it = node(g->top);
  it->flags = (it->flags & ~(LG_STALE | LG_WAITING)) | LG_RUNNING;
  it->asked = 0;
  return ~(int32_t)g->top;
}

/* Goes on with the pull on top of the stack: returns the next node to compute, or LG_DONE. */
static int32_t walk(lg_graph *g) {
  for (;;) {
    lg_node *it = node(g->top);
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
      return run(g);
    } else {
      bool root = it->flags & LG_ROOT;
      it->flags &= ~LG_CHECK;
      it->asked = 0;
      leave(g);
      if (root) return LG_DONE;
    }
  }
}

static inline int32_t begin_pull(lg_graph *g, uint32_t n) {
  if (node(n)->flags & (LG_WAITING | LG_RUNNING)) return cycle(g, n);
  if (!(node(n)->flags & LG_STALE)) return LG_DONE;
  enter(g, n, LG_ROOT);
  return walk(g);
}

/* Whether a pull is in the middle: on the stack, and not waiting for the host to settle. */
static inline bool is_walking(const lg_graph *g) {
  return g->top && !(node(g->top)->flags & LG_RUNNING);
}

int32_t lg_graph_pull(lg_graph *g, uint32_t n) {
  return is_walking(g) ? walk(g) : begin_pull(g, n);
}

void lg_graph_settle(lg_graph *g, uint32_t n, bool failed) {
  lg_node *it = node(n);
  if (g->top != n || !(it->flags & LG_RUNNING)) return;
  if (it->flags & LG_STALE) it->flags |= LG_AGAIN;
  if (failed) {
    unwind(g);
  } else {
    leave(g);
  }
}

/* Whether nothing but dynamic nodes is below the dynamic node `n`. They may have no use for it. */
static bool is_unneeded(const lg_graph *g, uint32_t n) {
  uint32_t e = node(n)->first_out;
  while (e && node(edge(e)->sink)->flags & LG_DYNAMIC)
    e = edge(e)->next_out;
  return !e;
}

/* A sink that reads the node `n` before anything else, or one that is not dynamic; 0 if there is none, or
** none among as many edges as are to be looked at. An effect may be about to end, a deferred node to
** wait. */
static uint32_t first_reader(lg_graph *g, uint32_t n) {
  for (uint32_t e = node(n)->first_out; e && g->looks; e = edge(e)->next_out) {
    uint32_t sink = edge(e)->sink;
    uint32_t kind = node(sink)->flags & (LG_DYNAMIC | LG_EFFECT | LG_DEFERRED);
    g->looks--;
    if (!(kind & LG_DYNAMIC)) return sink;
    if (kind == LG_DYNAMIC && edge(node(sink)->first_in)->source == n) return sink;
  }
  return 0;
}

/* Whether what is below the dynamic node `n` has no way to drop it: who reads it first reads it again,
** and is read first itself, down to one that is not dynamic, which is near. All on the way get the
** answer noted, with the number of links made and cut before it: the next one is the same until there
** are more. */
static bool is_read_first(lg_graph *g, uint32_t n) {
  uint32_t end = n;
  g->looks = LG_NEAR;
  while (node(end)->flags & LG_DYNAMIC && node(end)->flags >> 16 != g->links) {
    node(end)->flags = (node(end)->flags & (LG_READ_FIRST - 1)) | (uint32_t)g->links << 16;
    end = first_reader(g, end);
    if (!end) return false;
  }
  if ((node(end)->flags & (LG_DYNAMIC | LG_READ_FIRST)) == LG_DYNAMIC) return false;
  g->looks = LG_NEAR;
  for (; n != end; n = first_reader(g, n))
    node(n)->flags |= LG_READ_FIRST;
  return true;
}

/* Whether `n` was asked in `round` or later. Rounds may wrap around. */
static bool was_asked(const lg_node *n, uint32_t round) {
  return n->asked && n->asked - round < 0x80000000u;
}

/* Asks those below the stale node `n` in its place, if they alone know whether it is needed: who
** needs it will pull it. Each is asked once a round. Who was asked asks the next in the same round,
** so that this ends even if a pull fails, which begins a new one. Returns false if `n` is to be
** computed now. */
static bool ask(lg_graph *g, uint32_t n) {
  uint32_t first = node(n)->first_out;
  uint32_t round = node(g->step.source)->asked;
  if (!round) round = g->round;
  if (node(n)->flags & LG_EFFECT) return false;
  if (was_asked(node(n), round)) return true;
  if (!is_unneeded(g, n) || is_read_first(g, n)) return false;
  if (!first) return true;
  if (!lg_graph_room(g, 1)) return false;
  node(n)->asked = round;
  append(g, n, 0, first, edge(first)->prev_out);
  return true;
}

/* Whether a pull of `n` would find nothing to do but to compute it: most of what is queued. */
static inline bool is_ready(const lg_graph *g, uint32_t n) {
  uint32_t state = node(n)->flags & (LG_COMPUTED | LG_DYNAMIC | LG_DIRTY | LG_WAITING | LG_RUNNING);
  uint32_t e = node(n)->first_in;
  if (state != (LG_COMPUTED | LG_DIRTY)) return false;
  while (e && !(node(edge(e)->source)->flags & (LG_STALE | LG_WAITING | LG_RUNNING)))
    e = edge(e)->next_in;
  return !e;
}

/* Begins a pull that is ready. */
static inline int32_t begin_ready(lg_graph *g, uint32_t n) {
  lg_node *it = node(n);
  it->parent = g->top;
  it->flags = (it->flags & ~LG_STALE) | LG_ROOT | LG_RUNNING;
  g->top = n;
  return ~(int32_t)n;
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
    if (is_ready(g, n)) return begin_ready(g, n);
    if (!(node(n)->flags & LG_STALE)) continue;
    if (node(n)->flags & LG_DYNAMIC && ask(g, n)) continue;
    int32_t step = begin_pull(g, n);
    if (step) return step;
  }
  return LG_DONE;
}
