/*
** The engine's exports for the browser build, nothing else: one graph, in a memory that grows when
** an operation asks for room. js/core.js gives the exports their names; here they have one letter,
** because a bundler can't shorten them. The graph stands at the address that the Makefile gives to
** the linker, where JS reads `step` and the ends of queue and stack.
*/
#include "graph.h"

#include <stddef.h>

/* What js/core.js counts on. */
_Static_assert(offsetof(lg_graph, step) == 0 && offsetof(lg_graph, head) == 28 &&
                   offsetof(lg_graph, top) == 36,
               "SOURCE, NOTICE, QUEUE and STACK");
_Static_assert(offsetof(lg_node, first_out) == 0 && offsetof(lg_node, flags) == 12 &&
                   offsetof(lg_node, first_in) == 4 && offsetof(lg_node, cursor) == 20 &&
                   offsetof(lg_node, parent) == 28 && offsetof(lg_edge, source) == 0 &&
                   offsetof(lg_edge, next_out) == 8 && offsetof(lg_edge, sink) == 4 &&
                   offsetof(lg_edge, next_in) == 16 && sizeof(lg_record) == 32,
               "records");
_Static_assert(offsetof(lg_notice, source) == 4 && offsetof(lg_notice, number) == 8 &&
                   offsetof(lg_notice, first) == 12 && offsetof(lg_notice, last) == 16,
               "NOTICE_SOURCE, NOTICE_NUMBER, NOTICE_FIRST and NOTICE_LAST");
_Static_assert(LG_LISTENER == 1 && LG_WAITING == 128 && LG_STALE == 48 && LG_DIRTY == 32 &&
                   LG_RUNNING == 64 && LG_HELD == 2048 && LG_COMPUTED == 2 && LG_DEFERRED == 4 &&
                   LG_DYNAMIC == 8 && LG_EFFECT == 4096 && LG_FEEDS == 8192,
               "flags");

#define EXPORT(name) __attribute__((export_name(name)))

extern lg_record __heap_base[];

static lg_graph graph;

/* The Makefile defines a smaller one for the translation to JavaScript, whose memory may have any
** size. */
#ifndef PAGE
#define PAGE 65536u
#endif

/* A step tells a node to compute by a negative number, so ids stay below two to the power of 31. */
#define MOST_PAGES (0x80000000u / PAGE)

/* How many nodes are dynamic: a step may ask those below each, which takes a record, and no step may
** move the memory under the host. */
static uint32_t asks;

/* False: the host refused memory. */
static bool room(uint32_t count) {
  while (!lg_graph_room(&graph, count + asks)) {
    uint32_t pages = __builtin_wasm_memory_size(0);
    if (pages >= MOST_PAGES || __builtin_wasm_memory_grow(0, pages) + 1 == 0) return false;
    lg_graph_move(&graph, 0, pages * 2 * PAGE);
  }
  return true;
}

/* The first page is taken at the start. */
EXPORT("a") void start(void) {
  lg_graph_init(&graph, 0, (uint32_t)__heap_base, PAGE);
  graph.compares = true;
}

static bool is_dynamic(uint32_t node) { return ((lg_node *)node)->flags & LG_DYNAMIC; }

/* A node for a computed or an effect. 0: no memory. */
EXPORT("b") uint32_t make(uint32_t kind) {
  if (!room(2)) return 0;
  uint32_t node = lg_graph_node(&graph, kind);
  asks += is_dynamic(node);
  return node;
}

/* Links two nodes; makes those that are 0, the sink as a listener. A dynamic sink has read the
** source just now. Leaves source and sink in `step`. False: no memory. */
EXPORT("c") bool link_nodes(uint32_t source, uint32_t sink) {
  if (!room(3)) return false;
  graph.step.source = source = source ? source : lg_graph_node(&graph, 0);
  graph.step.notice = sink = sink ? sink : lg_graph_node(&graph, LG_LISTENER);
  if (is_dynamic(sink)) {
    lg_graph_track(&graph, sink, source);
  } else {
    lg_graph_link(&graph, source, sink);
  }
  return true;
}

EXPORT("d") uint32_t unlink_nodes(uint32_t source, uint32_t sink) {
  return lg_graph_unlink(&graph, source, sink);
}

/* False: no memory. */
EXPORT("e") bool notify(uint32_t source, uint32_t number) {
  if (!room(lg_graph_cost(&graph, source))) return false;
  lg_graph_notify(&graph, source, number);
  return true;
}

/* The node that the last step gave to the host was computed, if there is one. If its value changed
** and no call has told so, that is the notice. */
static void settle(int32_t notice) {
  if (notice >= 0 && room(1)) lg_graph_notify(&graph, graph.top, (uint32_t)notice);
  lg_graph_settle(&graph, graph.top, false);
}

/* The notice: see settle. -1: there is none. */
EXPORT("f") int32_t next(int32_t notice) {
  settle(notice);
  return lg_graph_next(&graph);
}

/* With `more`, the node that the last step gave to the host was computed. */
EXPORT("g") int32_t pull(uint32_t node, bool more, int32_t notice) {
  if (more) settle(notice);
  return lg_graph_pull(&graph, node);
}

/* The node that the last step gave to the host could not be computed. */
EXPORT("h") void fail(void) { lg_graph_settle(&graph, graph.top, true); }

EXPORT("i") void batch(bool begin) {
  if (begin) {
    lg_graph_batch_begin(&graph);
  } else {
    lg_graph_batch_end(&graph);
  }
}

EXPORT("j") void touch(uint32_t source) { lg_graph_touch(&graph, source); }

/* What a dynamic node has not read in its last run: see lg_graph_untrack. */
EXPORT("k") uint32_t untrack(uint32_t sink) { return lg_graph_untrack(&graph, sink); }

/* Frees a node without edges, which was held. */
EXPORT("l") void free_node(uint32_t node) {
  asks -= is_dynamic(node);
  lg_graph_free(&graph, node);
}
