/*
** Tracking: which stores the function of a computed or effect reads while it runs.
*/
#include "state.h"

void lg_track_begin(lg_lagoon *lagoon, lg_tracker *tracker, lg_vertex *sink) {
  *tracker = (lg_tracker){.sink = sink, .owner = sink, .run = ++lagoon->runs};
  lagoon->tracker = tracker;
  lg_graph_track_begin(&lagoon->graph, sink->node);
}

void lg_track_end(lg_lagoon *lagoon, lg_tracker *tracker, lg_tracker *outer) {
  lg_graph *g = &lagoon->graph;
  uint32_t answer;
  lagoon->tracker = NULL;
  /* Without memory it can't be known what was read. The functions of lg_on_stop may end the sink */
  while (lagoon->raised != LG_E_MEMORY && tracker->sink &&
         (answer = lg_graph_untrack(g, tracker->sink->node))) {
    lg_unlinked((lg_store *)lg_vertex_of(lagoon, g->step.source), tracker->sink, answer);
  }
  lagoon->tracker = outer;
}

/* Whether the run has read the store: asked if another run, which began later, did. */
static bool was_read(const lg_lagoon *lagoon, const lg_vertex *sink, uint32_t source) {
  const lg_graph *g = &lagoon->graph;
  uint32_t last = lg_record_of(g, sink->node)->node.cursor;
  uint32_t edge = last ? lg_record_of(g, sink->node)->node.first_in : 0;
  while (edge && lg_record_of(g, edge)->edge.source != source)
    edge = edge == last ? 0 : lg_record_of(g, edge)->edge.next_in;
  return edge;
}

static bool is_known(const lg_lagoon *lagoon, const lg_tracker *tracker, const lg_store *store) {
  if (!tracker->sink || store->read_in == tracker->run) return true;
  return store->read_in > tracker->run && store->vertex.node &&
         was_read(lagoon, tracker->sink, store->vertex.node);
}

/* Links a store that is mounted to the sink, behind what that has read so far. */
static lg_status depend(lg_tracker *tracker, lg_store *store) {
  lg_lagoon *lagoon = store->vertex.lagoon;
  lg_status status = lg_reserve(lagoon, 2);
  if (status) return status;
  if (!store->vertex.node) lg_make_node(&store->vertex, 0);
  bool is_source = store->vertex.kind != LG_COMPUTED_STORE;
  if (is_source && lg_is_stale(&store->vertex)) lg_update(&store->vertex); /* see lg_suspect */
  if (lg_graph_track(&lagoon->graph, tracker->sink->node, store->vertex.node)) store->listeners++;
  store->read_in = tracker->run;
  return LG_OK;
}

/* Mounts a store and makes it current, also if its function fails: it may recover. */
static lg_status read_new(lg_tracker *tracker, lg_store *store) {
  bool is_computed = store->vertex.kind == LG_COMPUTED_STORE;
  lg_join join = {.store = store};
  lg_status status = lg_join_begin(&join);
  bool has_failed = status;
  if (!status && is_computed) status = lg_make_current((lg_computed_store *)store);
  lg_join_end(&join);
  /* What is being mounted, and calls somebody by that who reads it, is not live yet */
  bool is_there = !is_computed || store->is_live || (!has_failed && store->is_active);
  if (tracker->sink && is_there && status != LG_E_MEMORY) {
    lg_status linked = depend(tracker, store);
    if (linked) status = linked;
  }
  if (has_failed) {
    lg_give_up(store, join.is_started);
  } else if (!store->listeners) {
    lg_after_last(store);
  }
  return status;
}

lg_value lg_track(lg_store *store) {
  lg_lagoon *lagoon = store->vertex.lagoon;
  lg_tracker *tracker = lagoon->tracker;
  lg_status status;
  lagoon->tracker = NULL;
  if (is_known(lagoon, tracker, store)) {
    status = lg_status_of(lg_read(store));
  } else {
    status = read_new(tracker, store);
  }
  lagoon->tracker = tracker;
  if (!status) return store->value;
  lg_raise(lagoon, status);
  return lg_failed(status);
}
