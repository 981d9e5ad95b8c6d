/*
** The invariant of the engine. See graph_check.h.
*/
#include "graph_check.h"

#include <stdlib.h>

enum { UNUSED, NODE, EDGE, NOTICE, FREE };

/* What the walk found out about one record. */
typedef struct finding {
  uint32_t newest; /* a node: the last of its notices in the queue that are not empty */
  uint8_t kind;
  bool is_sourced; /* an edge: found in the in-list of its sink */
  bool is_queued;  /* an edge: some notice waits with it */
  bool on_stack;
} finding;

typedef struct check {
  const lg_graph *g;
  finding *findings;
  const char *what; /* the first thing that does not hold */
} check;

static bool expect(check *c, bool holds, const char *what) {
  if (!holds && !c->what) c->what = what;
  return holds;
}

static const lg_node *node(const check *c, uint32_t id) { return &lg_record_of(c->g, id)->node; }
static const lg_edge *edge(const check *c, uint32_t id) { return &lg_record_of(c->g, id)->edge; }
static const lg_notice *notice(const check *c, uint32_t id) {
  return &lg_record_of(c->g, id)->notice;
}

static bool is_id(const check *c, uint32_t id) {
  return id && id < c->g->fresh && id % LG_STRIDE == 0;
}

static bool is(const check *c, uint32_t id, uint8_t kind) {
  return is_id(c, id) && c->findings[id].kind == kind;
}

/* Every record is one thing. So no list that claims its members can be circular. */
static bool claim(check *c, uint32_t id, uint8_t kind, const char *what) {
  if (!expect(c, is(c, id, UNUSED), what)) return false;
  c->findings[id].kind = kind;
  return true;
}

static void check_free_list(check *c) {
  uint32_t length = 0;
  for (uint32_t id = c->g->free; id; id = edge(c, id)->next_out) {
    if (!claim(c, id, FREE, "the free list holds what is no free record")) return;
    length++;
  }
  expect(c, length + (c->g->end - c->g->fresh) / LG_STRIDE == c->g->left,
         "left is not what is free");
}

static void claim_nodes(check *c, const uint32_t *nodes, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    if (!claim(c, nodes[i], NODE, "a node of the host is no node of the graph")) return;
    expect(c, !(node(c, nodes[i])->flags & LG_DEAD), "a node of the host was freed");
  }
}

/* Each pull is a root that waits, or runs, for what is above it. A new pull begins above a node
** that runs. */
static void check_stack(check *c) {
  uint32_t above = 0;
  for (uint32_t id = c->g->top; id; id = node(c, id)->parent) {
    if (!expect(c, is_id(c, id), "the stack leads out of the records")) return;
    uint32_t flags = node(c, id)->flags;
    if ((flags & LG_DEAD) && !claim(c, id, NODE, "a dead node on the stack is something else")) {
      return;
    }
    if (!expect(c, is(c, id, NODE), "the stack holds what is no node")) return;
    if (!expect(c, !c->findings[id].on_stack, "the stack is circular")) return;
    c->findings[id].on_stack = true;
    bool waits = flags & LG_WAITING;
    bool runs = flags & LG_RUNNING;
    expect(c, waits != runs, "a node on the stack neither waits nor runs, or both");
    if (above) {
      bool is_root = node(c, above)->flags & LG_ROOT;
      expect(c, runs == is_root, "a pull does not begin on a running node");
    }
    above = id;
  }
  if (above) expect(c, node(c, above)->flags & LG_ROOT, "the bottom of the stack is no root");
}

static void check_out_list(check *c, uint32_t n) {
  uint32_t first = node(c, n)->first_out;
  uint32_t last = 0;
  for (uint32_t e = first; e; e = edge(c, e)->next_out) {
    if (!claim(c, e, EDGE, "an out-list holds what is no edge, or one of another list")) return;
    expect(c, edge(c, e)->source == n, "an edge is not in the out-list of its source");
    expect(c, is(c, edge(c, e)->sink, NODE), "the sink of an edge is no node");
    expect(c, edge(c, e)->due <= 1, "due is neither 0 nor 1");
    if (last) expect(c, edge(c, e)->prev_out == last, "prev_out is not the edge before");
    last = e;
  }
  if (first) expect(c, edge(c, first)->prev_out == last, "prev_out of the first is not the last");
}

static void check_in_list(check *c, uint32_t n) {
  uint32_t last = 0;
  bool has_cursor = !node(c, n)->cursor;
  for (uint32_t e = node(c, n)->first_in; e; e = edge(c, e)->next_in) {
    if (!expect(c, is(c, e, EDGE), "an in-list holds what is no edge")) return;
    if (!expect(c, !c->findings[e].is_sourced, "an edge is in two in-lists")) return;
    c->findings[e].is_sourced = true;
    expect(c, edge(c, e)->sink == n, "an edge is not in the in-list of its sink");
    if (node(c, n)->flags & LG_COMPUTED) {
      bool feeds = node(c, edge(c, e)->source)->flags & LG_FEEDS;
      expect(c, feeds, "a source does not know that it feeds a computed node");
    }
    if (last) expect(c, edge(c, e)->prev_in == last, "prev_in is not the edge before");
    has_cursor |= node(c, n)->cursor == e;
    last = e;
  }
  uint32_t first = node(c, n)->first_in;
  if (first) expect(c, edge(c, first)->prev_in == last, "prev_in of the first is not the last");
  bool is_walked = c->findings[n].on_stack && node(c, n)->flags & (LG_WAITING | LG_DYNAMIC);
  expect(c, has_cursor || !is_walked, "a cursor is not in the in-list");
}

static void check_flags(check *c, uint32_t n) {
  const lg_node *it = node(c, n);
  uint32_t kind = it->flags & LG_KIND;
  uint32_t state = it->flags & ~(LG_KIND | LG_HELD | LG_FEEDS | LG_READ_FIRST) & 0xffff;
  uint32_t stack_state = LG_RUNNING | LG_WAITING | LG_ROOT | LG_AGAIN | LG_DEAD;
  expect(c, state < LG_DEAD * 2, "a node has a flag that is none");
  if (kind & LG_COMPUTED) {
    expect(c, !(kind & LG_LISTENER), "a node is both a listener and computed");
    expect(c, !(kind & LG_EFFECT) || kind & LG_DYNAMIC, "an effect is not dynamic");
  } else {
    expect(c, kind <= LG_LISTENER, "a node is deferred or dynamic, but not computed");
    bool may_be_stale = c->g->compares && !kind;
    expect(c, !state || may_be_stale, "a node has a state, but is not computed");
    expect(c, kind ? !it->first_out : !it->first_in, "a listener has sinks, or a source sources");
  }
  if (!c->findings[n].on_stack) expect(c, !(state & stack_state), "a flag of the stack is left");
  if (it->asked && !(it->flags & LG_DEAD)) {
    expect(c, kind & LG_DYNAMIC, "a node that is not dynamic was passed over");
    expect(c, it->flags & LG_STALE, "a node was passed over that is not stale");
  }
  if (it->flags & LG_DEAD) {
    expect(c, !it->first_in && !it->first_out, "a dead node has edges");
    expect(c, !(it->flags & LG_STALE), "a dead node is stale");
  } else if (it->flags & LG_WAITING) {
    expect(c, it->flags & LG_STALE, "a node waits, but is not stale");
  }
}

/* One below `n` that reads it first, or that is not dynamic. */
static uint32_t first_reader(const check *c, uint32_t n) {
  for (uint32_t e = node(c, n)->first_out; e; e = edge(c, e)->next_out) {
    uint32_t sink = edge(c, e)->sink;
    uint32_t flags = node(c, sink)->flags;
    bool reads = edge(c, node(c, sink)->first_in)->source == n;
    if (!(flags & LG_DYNAMIC) || (reads && !(flags & (LG_EFFECT | LG_DEFERRED)))) return sink;
  }
  return 0;
}

/* What is noted of a dynamic node, as long as no links came or went, is so. It may be noted as read
** first by nobody because it is far from its end. */
static void check_note(check *c, uint32_t n) {
  uint32_t flags = node(c, n)->flags;
  if (!(flags & LG_DYNAMIC) || flags >> 16 != c->g->links) return;
  for (uint32_t i = 0; n && node(c, n)->flags & LG_DYNAMIC; i++)
    n = i < c->g->end ? first_reader(c, n) : 0;
  expect(c, n || !(flags & LG_READ_FIRST), "a note of who reads a node first is wrong");
}

/* The notices of a source are in the order of the queue. `q` is the next of them. */
static void check_circle(check *c, uint32_t source, uint32_t q) {
  uint32_t older = c->findings[source].newest;
  if (!older) older = node(c, source)->waiting;
  if (!expect(c, is_id(c, older), "a source with a notice does not know of it")) return;
  expect(c, notice(c, older)->newer == q, "the circle of the notices of a source is broken");
  c->findings[source].newest = q;
}

static void check_queue(check *c) {
  const lg_graph *g = c->g;
  uint32_t last = 0;
  for (uint32_t q = g->head; q; q = notice(c, q)->next) {
    if (!claim(c, q, NOTICE, "the queue holds what is no notice")) return;
    last = q;
    uint32_t e = notice(c, q)->first;
    if (!e) continue;
    uint32_t source = notice(c, q)->source;
    if (!expect(c, is(c, source, NODE), "the source of a notice is no node")) return;
    check_circle(c, source, q);
    for (;; e = edge(c, e)->next_out) {
      if (!expect(c, is(c, e, EDGE), "a notice does not lead from its first to its last")) return;
      expect(c, edge(c, e)->source == source, "a notice has an edge of another source");
      c->findings[e].is_queued = true;
      if (e == notice(c, q)->last) break;
    }
  }
  if (last) expect(c, g->tail == last, "tail is not the last notice");
}

/* An edge is due if a notice waits with it or with another one between the same nodes. */
static void check_due(check *c, uint32_t e) {
  if (!edge(c, e)->due) return;
  for (uint32_t i = node(c, edge(c, e)->sink)->first_in; i; i = edge(c, i)->next_in) {
    bool is_same = edge(c, i)->source == edge(c, e)->source;
    if (is_same && edge(c, i)->due && c->findings[i].is_queued) return;
  }
  expect(c, false, "an edge is due, but not in the queue");
}

/* Below a node that is not current, all are stale. A node on the stack is not current yet; it is to
** be stale afterwards (LG_AGAIN) if that holds of a source that it has passed. */
static void check_stale(check *c, uint32_t n) {
  const lg_node *it = node(c, n);
  if (!(it->flags & LG_COMPUTED)) return;
  bool is_tracking = (it->flags & LG_RUNNING) && (it->flags & LG_DYNAMIC);
  bool has_passed = !is_tracking || it->cursor;
  for (uint32_t e = it->first_in; e; e = edge(c, e)->next_in) {
    const lg_node *source = node(c, edge(c, e)->source);
    if (c->findings[n].on_stack && e == it->cursor) has_passed = false;
    if (!(source->flags & (LG_STALE | LG_RUNNING | LG_WAITING))) continue;
    if (!c->findings[n].on_stack) {
      expect(c, it->flags & LG_STALE, "a node is current, but one of its sources is not");
    } else if (has_passed && (it->flags & LG_RUNNING)) {
      expect(c, it->flags & (LG_STALE | LG_AGAIN),
             "a node runs with a stale source and forgets it");
    } else if (has_passed && !(c->findings[edge(c, e)->source].on_stack && source->parent == n)) {
      expect(c, it->flags & LG_AGAIN, "a node waits with a stale source behind it and forgets it");
    }
  }
}

/* Those below a node that was passed over know of it, have no use for it, or will be asked. */
static void check_asked(check *c, uint32_t n) {
  if (node(c, n)->asked != c->g->round) return;
  for (uint32_t e = node(c, n)->first_out; e; e = edge(c, e)->next_out) {
    const lg_node *sink = node(c, edge(c, e)->sink);
    if (c->findings[e].is_queued || c->findings[edge(c, e)->sink].on_stack) continue;
    bool is_needed = !(sink->flags & LG_DYNAMIC) || sink->flags & LG_EFFECT;
    bool is_asked = sink->asked == c->g->round || sink->flags & LG_DEFERRED || !sink->first_out;
    expect(c, !is_needed && is_asked, "a node was passed over and one below it not asked");
  }
}

static void check_all(check *c, const uint32_t *nodes, uint32_t count) {
  const lg_graph *g = c->g;
  check_free_list(c);
  claim_nodes(c, nodes, count);
  check_stack(c);
  for (uint32_t id = LG_STRIDE; id < g->fresh && !c->what; id += LG_STRIDE) {
    if (is(c, id, NODE)) check_out_list(c, id);
  }
  for (uint32_t id = LG_STRIDE; id < g->fresh && !c->what; id += LG_STRIDE) {
    if (is(c, id, NODE)) check_in_list(c, id);
    if (is(c, id, NODE)) check_flags(c, id);
  }
  if (!c->what) check_queue(c);
  for (uint32_t id = LG_STRIDE; id < g->fresh && !c->what; id += LG_STRIDE) {
    const finding *it = &c->findings[id];
    expect(c, it->kind != UNUSED, "a record is lost");
    if (it->kind == NODE) expect(c, node(c, id)->waiting == it->newest, "waiting is wrong");
    if (it->kind == NODE) check_stale(c, id);
    if (it->kind == NODE) check_note(c, id);
    if (it->kind == NODE) check_asked(c, id);
    if (it->kind == EDGE) expect(c, it->is_sourced, "an edge is in no in-list");
    if (it->kind == EDGE) check_due(c, id);
  }
}

bool lg_graph_check(const lg_graph *g, const uint32_t *nodes, uint32_t count, const char **what) {
  check c = {.g = g};
  if (expect(&c, g->fresh && g->fresh <= g->end, "fresh is behind the end")) {
    c.findings = calloc(g->fresh, sizeof(finding));
    if (expect(&c, c.findings, "no memory for the check")) check_all(&c, nodes, count);
    free(c.findings);
  }
  *what = c.what;
  return !c.what;
}
