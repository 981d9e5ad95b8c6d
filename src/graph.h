/*
** The engine: who depends on whom, what may be stale, what runs next.
** It knows nothing of values, allocates nothing and never calls out: the host
** owns the memory, asks for the next step and says what became of it.
**
**       source            computed            sink
**     (an atom)                           (a listener)
**    +---------+  edge   +---------+  edge  +------+
**    |  node 1 |-------->|  node 2 |------->|node 3|
**    +---------+         +---------+        +------+
**      first_out --------> first_in
**                          first_out -------> first_in
**
**    An edge is in two lists: the out-list of its source, in the order in which
**    the sinks were linked, and the in-list of its sink, in the order in which
**    the sources are read.
**
**    queue:  [notice: first edge .. last edge] -> [notice ...] -> ...   first in, first out
**    stack:  root <- parent <- parent <- top              one walk of a pull,
**                                                         linked through the nodes
**
** An update is:
**    lg_graph_notify(g, 1, 0);             node 1 changed: queue its edges, mark below
**    while ((step = lg_graph_next(g)) != LG_DONE)
**      if (lg_is_compute(step)) { compute lg_step_node(step); lg_graph_settle(...); }
**      else                     call the sink `step` for g->step.source
*/
#ifndef LAGOON_GRAPH_H
#define LAGOON_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Before the few functions that make up an update: gcc inlines them wherever they are called when it
** links all files as one. */
#if defined(__GNUC__) && !defined(__clang__) && !defined(__OPTIMIZE_SIZE__)
#define LG_INLINE inline __attribute__((always_inline))
#else
#define LG_INLINE
#endif

/* So many edges are looked at to find out whether nobody can drop a dynamic node. A walk to the end of
** a long chain, from each of its nodes, would cost more than to ask them. */
#define LG_NEAR 128u

/* Before what an update seldom needs, which is kept out of it. */
#if defined(__GNUC__) && !defined(__OPTIMIZE_SIZE__)
#define LG_COLD __attribute__((noinline, cold))
#else
#define LG_COLD
#endif

/* Kinds of node. A node without a kind is a source. */
#define LG_LISTENER 1u  /* a sink: the host calls it once for each queued edge */
#define LG_COMPUTED 2u  /* made current by a compute step */
#define LG_DEFERRED 4u  /* with LG_COMPUTED: a queued edge only wakes the host, a pull computes */
#define LG_DYNAMIC 8u   /* with LG_COMPUTED: its sources are tracked, it runs only when needed */
#define LG_EFFECT 4096u /* with LG_COMPUTED and LG_DYNAMIC: needed even without a sink */
#define LG_KIND (LG_LISTENER | LG_COMPUTED | LG_DEFERRED | LG_DYNAMIC | LG_EFFECT)

/* States of a computed node. */
#define LG_CHECK 16u /* some node above may have changed */
#define LG_DIRTY 32u /* a source did change, or it was never computed */
#define LG_STALE (LG_CHECK | LG_DIRTY)
#define LG_RUNNING 64u  /* handed to the host, not settled yet */
#define LG_WAITING 128u /* on the stack: its sources are being made current */
#define LG_ROOT 256u    /* on the stack: the node the pull began with */
#define LG_AGAIN 512u   /* a source below it in the walk is stale once more */
#define LG_DEAD 1024u   /* freed while on the stack; gone when it leaves the stack */

/* May be given along with the kind: the node stays even when it has no edges, until the host takes
** this flag off, which it does while it links the node to its sources. */
#define LG_HELD 2048u

/* On a node that has, or had, a computed one among its sinks: a change of it has some to mark. */
#define LG_FEEDS 8192u

/* On a dynamic node, if the bits from 16 on are the count of links: nobody below can drop it. */
#define LG_READ_FIRST 32768u

typedef struct lg_node {
  uint32_t first_out; /* its edges to sinks */
  uint32_t first_in;  /* its edges from sources */
  uint32_t asked;     /* while stale: in which round those below were asked in its place, or 0 */
  uint32_t flags;
  uint32_t waiting; /* the newest notice of this source in the queue, or 0: see lg_notice */
  uint32_t cursor;  /* the next edge to look at in a walk; while tracking: the last edge read */
  uint32_t serial;  /* of the last batched notice that reached it; of a source: the host's */
  uint32_t parent;  /* the node below it on the stack, or above it in a mark */
} lg_node;

typedef struct lg_edge {
  uint32_t source;
  uint32_t sink;
  uint32_t next_out; /* in a free record of any kind: the next free one */
  uint32_t prev_out; /* circular: before the first is the last */
  uint32_t next_in;
  uint32_t prev_in; /* circular, too */
  uint32_t due;     /* in a batch: 1 from the notice to the call */
} lg_edge;

/* A change of a source that its sinks are still to be called for, and for which of its edges. */
typedef struct lg_notice {
  uint32_t next; /* in the queue */
  uint32_t source;
  uint32_t number; /* as given to lg_graph_notify */
  uint32_t first;  /* 0, and `last` too: none is left */
  uint32_t last;
  uint32_t newer; /* of the same source, if any edge is left: circular */
} lg_notice;

/* All three share one array of records, so that one free list serves them and nothing ever moves
** within it. An id leads to a record without a multiplication: in the browser build it is the
** address; elsewhere it counts pointers, and processors multiply by their size on the way. */
typedef struct lg_record {
  union {
    lg_node node;
    lg_edge edge;
    lg_notice notice;
  };
#ifndef LG_ADDRESSES
  void *host; /* for the host: NULL at first, then the engine leaves it alone */
#endif
} lg_record;

/* How far the ids of neighbours are apart. */
#ifdef LG_ADDRESSES
#define LG_STRIDE ((uint32_t)sizeof(lg_record))
#else
#define LG_STRIDE ((uint32_t)(sizeof(lg_record) / sizeof(void *)))
#endif

typedef struct lg_graph {
  struct {
    uint32_t source; /* of the edge that is delivered; of a cycle: the node it was found at */
    uint32_t notice; /* as given to lg_graph_notify */
  } step;
  lg_record *records;
  uint32_t fresh; /* the first record never used so far */
  uint32_t end;   /* behind the last one */
  uint32_t free;  /* list of freed ones */
  uint32_t left;  /* how many are free, those never used included */
  uint32_t head;  /* of the queue */
  uint32_t tail;
  uint32_t top;    /* of the stack */
  uint32_t serial; /* counts batched notices; it may wrap around */
  uint32_t batch;  /* what it was when the open batch began */
  uint32_t round;  /* what was asked in an earlier one may be asked again; not 0 */
  uint32_t looks;  /* how many edges are still to be looked at, of LG_NEAR */
  uint16_t links; /* counts edges made and cut; when it wraps around, a node may be asked in vain */
  bool batching;
  bool compares; /* set by a host that can say whether a batch gave a source its old value back */
} lg_graph;

/* What lg_graph_next and lg_graph_pull return: LG_DONE, a listener or deferred node to deliver
** to (positive), or a node to compute (negative). */
#define LG_DONE 0
#define LG_CYCLE (-1) /* a compute step for node 0: step.source depends on itself */
#define lg_is_compute(result) ((result) < 0)
#define lg_step_node(result) ((uint32_t)((result) < 0 ? ~(result) : (result)))

/* What lg_graph_unlink returns, added up. */
#define LG_UNLINKED 1u
#define LG_SOURCE_FREED 2u
#define LG_SINK_FREED 4u

/* The record with an id. */
#ifdef LG_ADDRESSES
#define lg_record_of(g, id) ((void)(g), (lg_record *)(id))
#else
static inline lg_record *lg_record_of(const lg_graph *g, uint32_t id) {
  return (lg_record *)((void **)g->records + id);
}
#endif

/* Empties `g` and gives it the records with the ids `first` to `end` - 1, `first` being at least 1.
** The host keeps owning them. */
void lg_graph_init(lg_graph *g, lg_record *records, uint32_t first, uint32_t end);

/* Whether `count` more records fit. Every function below that takes some says how many; the host
** asks first, and on false gives the graph more (lg_graph_move) or gives up, with the graph as it
** was. */
bool lg_graph_room(const lg_graph *g, uint32_t count);

/* Tells the graph that its records moved or became more. What was in them must have been kept. */
void lg_graph_move(lg_graph *g, lg_record *records, uint32_t end);

/* A new node of a kind: LG_LISTENER, LG_COMPUTED with what may go with it, or 0 for a source. A
** computed one is stale from the beginning. Takes one record. */
uint32_t lg_graph_node(lg_graph *g, uint32_t kind);

/* Frees a node that has no edges; lg_graph_unlink does it for the last edge's ends. */
void lg_graph_free(lg_graph *g, uint32_t node);

/* Links `source` to `sink`, last in both lists. Linking the same two again makes a second edge,
** which is delivered on its own. Below a stale source the sink is stale too, and it is not queued
** for that: the host pulls the source before, or the sink afterwards. Takes one record. */
void lg_graph_link(lg_graph *g, uint32_t source, uint32_t sink);

/* Removes the first edge from `source` to `sink`, or if the source was tracked more than once any
** of them, and it from the notices that wait. Returns 0 if there was none, otherwise LG_UNLINKED
** with LG_SOURCE_FREED or LG_SINK_FREED for an end that was left without edges and is gone with it.
** Takes at most as many steps as the source has sinks, or the sink sources if those are fewer, and
** as the source has notices in the queue. */
uint32_t lg_graph_unlink(lg_graph *g, uint32_t source, uint32_t sink);

/* Dynamic dependencies. Between begin and the last untrack, `track` is called for every source that
** `sink` has read, in that order and after it was made current: the edges of the last run are kept
** as far as they are the same, new ones are inserted. Returns whether it made one, which takes one
** record. What was read but is not current keeps the sink stale; a node that reads itself is not
** linked. Once the sink was freed, neither may be called for it. */
void lg_graph_track_begin(lg_graph *g, uint32_t sink);
bool lg_graph_track(lg_graph *g, uint32_t sink, uint32_t source);

/* After the run, also one that failed: removes one edge that was not read, leaves its source in
** step.source, and returns what lg_graph_unlink would. 0: none is left. The sink itself is never
** freed. */
uint32_t lg_graph_untrack(lg_graph *g, uint32_t sink);

/* `source` changed: queues its edges with a number of the host's, and marks all that is below it.
** Takes as many records as lg_graph_cost says, seldom more than one. */
void lg_graph_notify(lg_graph *g, uint32_t source, uint32_t number);
uint32_t lg_graph_cost(const lg_graph *g, uint32_t source);

/* `source` changed, but nobody shall be called for it: only marks. */
void lg_graph_touch(lg_graph *g, uint32_t source);

/* The next step of the update: see LG_DONE. Not to be called while a node is running, so that no
** listener sees a graph that is half updated; the update around it will do. Listeners that write
** without end make an update without end: the host counts.
**
** A dynamic node is computed only if something needs it: an effect, a listener, a node that is not
** dynamic, a pull. One whose sinks are all dynamic is passed over, and they are asked in its place;
** that takes a record for each such node, and where there is no room, the node is computed. So one
** that is deferred is woken before it is known whether a source changed; `notice` is 0 then. It is
** not woken again until it was pulled. */
int32_t lg_graph_next(lg_graph *g);

/* The same in a few steps, if it is a call of a listener, and not the last one for its notice. 0:
** lg_graph_next has to say. */
static inline uint32_t lg_graph_next_fast(lg_graph *g) {
  if (!g->head) return 0;
  lg_notice *it = &lg_record_of(g, g->head)->notice;
  if (it->first == it->last || g->top || g->batching) return 0;
  const lg_edge *edge = &lg_record_of(g, it->first)->edge;
  if (edge->due || !(lg_record_of(g, edge->sink)->node.flags & LG_LISTENER)) return 0;
  it->first = edge->next_out;
  g->step.source = it->source;
  g->step.notice = it->number;
  return edge->sink;
}

/* The next step to make `node` current, without touching the queue. Call it until it returns
** LG_DONE, or until it returned `node` itself and that is settled. */
int32_t lg_graph_pull(lg_graph *g, uint32_t node);

/* The host computed `node`, which a step returned; if the value changed, it called lg_graph_notify
** before. With `failed`, what waits for this node is given up and stays stale. */
void lg_graph_settle(lg_graph *g, uint32_t node, bool failed);

/* The same in a few steps, if nothing happened to it while it ran. */
static inline void lg_graph_settle_fast(lg_graph *g, uint32_t node, bool failed) {
  lg_node *it = &lg_record_of(g, node)->node;
  uint32_t state = it->flags & (LG_RUNNING | LG_STALE | LG_AGAIN | LG_DEAD);
  if (failed || g->top != node || state != LG_RUNNING) {
    lg_graph_settle(g, node, failed);
  } else {
    g->top = it->parent;
    it->flags &= ~(LG_RUNNING | LG_ROOT);
  }
}

/* In a batch a listener is called once for all edges that are due when it is called.
**
** If the host compares, a source that changed in a batch is stale itself, until a step asks the host
** to compute it, or until a pull: the host touches it if its value is another than before, and
** settles it. */
void lg_graph_batch_begin(lg_graph *g);
void lg_graph_batch_end(lg_graph *g);

#endif
