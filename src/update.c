/*
** Drives the engine: gives its nodes their stores and listeners, tells it what changed, and does
** what it says is next. Who depends on whom and what is stale, only graph.c knows.
*/
#include "state.h"

#include <string.h>

/* ---- memory ---------------------------------------------------------------------------------- */

#define FIRST_RECORDS 48u /* less than 2 KiB, which an arena gives as one block */
#define MOST_RECORDS (0x7fffffffu / LG_STRIDE) /* steps are signed */

static bool grow_records(lg_lagoon *lagoon, size_t count) {
  lg_graph *g = &lagoon->graph;
  size_t old_count = g->records ? g->end / LG_STRIDE : 0;
  lg_record *records =
      lg_resize(lagoon->memory, g->records, old_count * sizeof *records, count * sizeof *records);
  if (!records) return false;
  lg_graph_move(g, records, (uint32_t)count * LG_STRIDE);
  return true;
}

lg_status lg_reserve(lg_lagoon *lagoon, uint32_t count) {
  lg_graph *g = &lagoon->graph;
  while (!lg_graph_room(g, count)) {
    size_t records = g->records ? g->end / LG_STRIDE * 2 : FIRST_RECORDS;
    if (records > MOST_RECORDS || !grow_records(lagoon, records)) {
      return lg_error_of(lagoon, NULL, LG_E_MEMORY);
    }
  }
  return LG_OK;
}

bool lg_reserve_messages(lg_lagoon *lagoon, uint32_t count) {
  uint32_t capacity = lagoon->message_capacity;
  if (capacity - lagoon->message_count >= count) return true;
  if (!capacity) capacity = 8;
  while (capacity - lagoon->message_count < count)
    capacity *= 2;
  lg_message *messages =
      lg_resize(lagoon->memory, lagoon->messages, lagoon->message_capacity * sizeof *messages,
                capacity * sizeof *messages);
  if (!messages) return false;
  lagoon->messages = messages;
  lagoon->message_capacity = capacity;
  return true;
}

/* ---- nodes and edges ------------------------------------------------------------------------- */

void lg_make_node(lg_vertex *vertex, uint32_t kind) {
  lg_lagoon *lagoon = vertex->lagoon;
  vertex->node = lg_graph_node(&lagoon->graph, kind);
  lg_record_of(&lagoon->graph, vertex->node)->host = vertex;
}

static void forget(lg_vertex *vertex) {
  lg_record_of(&vertex->lagoon->graph, vertex->node)->host = NULL;
  vertex->node = 0;
}

lg_status lg_link(lg_store *source, lg_vertex *sink) {
  lg_lagoon *lagoon = sink->lagoon;
  lg_status status = lg_reserve(lagoon, 3);
  if (status) return status;
  if (!source->vertex.node) lg_make_node(&source->vertex, 0);
  if (!sink->node) lg_make_node(sink, LG_LISTENER);
  lg_graph_link(&lagoon->graph, source->vertex.node, sink->node);
  if (sink->kind != LG_COMPUTED_STORE) source->is_told_of = true;
  source->listeners++;
  return LG_OK;
}

void lg_unlinked(lg_store *source, lg_vertex *sink, uint32_t answer) {
  if (answer & LG_SOURCE_FREED) forget(&source->vertex);
  if (answer & LG_SINK_FREED) forget(sink);
  if (!--source->listeners) lg_after_last(source);
}

lg_store *lg_unlink_first(lg_vertex *sink) {
  lg_lagoon *lagoon = sink->lagoon;
  uint32_t edge = sink->node ? lg_record_of(&lagoon->graph, sink->node)->node.first_in : 0;
  if (!edge) return NULL;
  uint32_t node = lg_record_of(&lagoon->graph, edge)->edge.source;
  lg_store *source = (lg_store *)lg_vertex_of(lagoon, node);
  lg_unlinked(source, sink, lg_graph_unlink(&lagoon->graph, node, sink->node));
  return source;
}

void lg_free_node(lg_vertex *vertex) {
  uint32_t node = vertex->node;
  if (!node) return;
  forget(vertex);
  lg_graph_free(&vertex->lagoon->graph, node);
}

/* ---- the update ------------------------------------------------------------------------------ */

lg_status lg_prepare_slowly(lg_store *store) {
  lg_lagoon *lagoon = store->vertex.lagoon;
  lg_graph *g = &lagoon->graph;
  if (!store->vertex.node) return LG_OK;
  if (lagoon->draining && lagoon->follow_ups > LG_MANY + g->end / LG_STRIDE) {
    lg_error_of(lagoon, store, LG_E_ENDLESS);
    if (lagoon->busy)
      lg_raise(lagoon, LG_E_ENDLESS); /* a listener may ignore what lg_set returns */
    return LG_E_ENDLESS;
  }
  if (!lg_graph_room(g, 1) || g->batching) {
    lg_status status = lg_reserve(lagoon, lg_graph_cost(g, store->vertex.node));
    if (status) return status;
  }
  return lg_reserve_messages(lagoon, 1) ? LG_OK : lg_error_of(lagoon, store, LG_E_MEMORY);
}

/* Computes what the engine says, and tells it how that went. */
LG_HOT lg_status compute(lg_lagoon *lagoon, int32_t step) {
  lg_graph *g = &lagoon->graph;
  uint32_t node = lg_step_node(step);
  lg_vertex *vertex = lg_vertex_of(lagoon, node);
  if (step == LG_CYCLE) {
    return lg_error_of(lagoon, (lg_store *)lg_vertex_of(lagoon, g->step.source), LG_E_CYCLE);
  }
  lagoon->computing++;
  lg_status status = vertex->kind == LG_COMPUTED_STORE ? lg_compute((lg_computed_store *)vertex)
                                                       : lg_effect_run((lg_running_effect *)vertex);
  lagoon->computing--;
  lg_graph_settle_fast(g, node, status != LG_OK);
  if (status && lg_may_go_better(status) && lg_vertex_of(lagoon, node) == vertex) {
    lg_record_of(g, node)->node.flags |= LG_DIRTY; /* it is to be tried again */
    lg_graph_touch(g, node);
  }
  return status;
}

/* After an unusual update; if there is no memory for the smaller block, the large one stays. */
#define MANY_MESSAGES 4096u

static void give_back_messages(lg_lagoon *lagoon) {
  lg_message *messages =
      lg_resize(lagoon->memory, lagoon->messages, lagoon->message_capacity * sizeof *messages,
                MANY_MESSAGES * sizeof *messages);
  if (!messages) return;
  lagoon->messages = messages;
  lagoon->message_capacity = MANY_MESSAGES;
}

static void drop_messages(lg_lagoon *lagoon) {
  while (lagoon->message_count) {
    lg_message message = lagoon->messages[--lagoon->message_count];
    lg_release(message.old_value);
    lg_release(message.key);
  }
  if (lagoon->message_capacity > MANY_MESSAGES) give_back_messages(lagoon);
}

/* What the listeners of one notice are told. Its message stays until the outermost update ends; the
** value is kept, because a listener may write another one. */
typedef struct telling {
  lg_change change;
  lg_value key;    /* change.key may be inside of it */
  int64_t number;  /* of the notice; -1: none so far */
  uint64_t writes; /* how many there were when the value was taken */
} telling;

static void tell_of(telling *it, lg_store *source, uint32_t number) {
  const lg_message *message = &source->vertex.lagoon->messages[number];
  it->number = number;
  it->writes = UINT64_MAX;
  it->key = message->key;
  it->change.store = source;
  it->change.old_value = message->old_value;
  it->change.key = lg_is_undefined(it->key) ? NULL : lg_text(&it->key);
}

/* Makes it tell of the notice that is delivered now, and the value that the source has now: a
** listener before may have written to it. */
LG_HOT void tell(telling *it, lg_lagoon *lagoon) {
  uint32_t number = lagoon->graph.step.notice;
  uint64_t writes = lagoon->epoch + lagoon->silent_writes;
  if (it->number != number) {
    tell_of(it, (lg_store *)lg_vertex_of(lagoon, lagoon->graph.step.source), number);
  }
  if (it->writes == writes) return;
  lg_value last = it->change.value;
  it->writes = writes;
  it->change.value = lg_keep(it->change.store->value);
  lg_release(last);
}

/* Does what the engine asks for with a positive step. */
LG_HOT void deliver(lg_lagoon *lagoon, int32_t step, telling *it) {
  lg_vertex *sink = lg_vertex_of(lagoon, (uint32_t)step);
  if (sink->kind == LG_LISTENS) {
    lg_listener *listener = (lg_listener *)sink;
    tell(it, lagoon);
    lagoon->calls++;
    listener->fn.listen(&it->change, listener->ctx);
  } else if (sink->kind == LG_LISTENS_KEYS) {
    tell(it, lagoon);
    lg_status status = lg_call_key_listener((lg_key_listener *)sink, &it->change);
    if (status) lg_raise(lagoon, status);
  } else if (sink->kind == LG_RUNS_LISTED) {
    lg_status status = lg_effect_run((lg_running_effect *)sink);
    if (status) lg_raise(lagoon, status);
  } else {
    lg_computed_wake((lg_computed_store *)sink);
  }
}

/* The next step, with room for the record that it may take. */
LG_HOT int32_t next(lg_lagoon *lagoon) {
  if (!lg_graph_room(&lagoon->graph, 1)) lg_reserve(lagoon, 1);
  return lg_graph_next(&lagoon->graph);
}

/* Does all that waits in the queue; the functions that it calls raise what failed. Returns the last
** failure. */
static lg_status drain(lg_lagoon *lagoon) {
  lg_status thrown = LG_OK;
  telling it;
  int32_t step;
  it.number = -1;
  it.change.value = lg_undefined();
  while ((step = next(lagoon))) {
    if (lg_is_compute(step)) {
      lg_status status = compute(lagoon, step);
      if (status) lg_raise(lagoon, status);
    } else {
      deliver(lagoon, step, &it);
    }
    if (lagoon->raised) {
      thrown = lg_take_raised(lagoon);
      lg_throw(lagoon, thrown);
    }
  }
  lg_release(it.change.value);
  return thrown;
}

lg_status lg_settle(lg_lagoon *lagoon) {
  lg_report outside; /* what the update further out will return is its own matter */
  bool is_outermost = !lagoon->draining;
  if (is_outermost) {
    lagoon->follow_ups = 0;
  } else {
    outside = lagoon->thrown;
  }
  lg_status raised_outside = lg_call_begin(lagoon);
  lagoon->draining++;
  lg_status thrown = drain(lagoon);
  lagoon->draining--;
  lg_call_end(lagoon, raised_outside);
  if (is_outermost) drop_messages(lagoon);
  if (lagoon->gone) lg_sweep(lagoon);
  if (thrown) lagoon->last = lagoon->thrown;
  if (!is_outermost) lagoon->thrown = outside;
  return thrown;
}

/* Calls it without the engine, in which nothing waits; then those for whom it wrote. */
LG_APART static lg_status tell_lone(lg_listener *listener, lg_store *source, lg_value old_value,
                                    lg_value key) {
  lg_lagoon *lagoon = source->vertex.lagoon;
  lg_change change = {source, lg_keep(source->value), old_value,
                      lg_is_undefined(key) ? NULL : lg_text(&key)};
  lagoon->follow_ups = 0;
  lagoon->draining++;
  lg_status status = lg_call_listener(listener, &change);
  lagoon->draining--;
  lg_release(change.value);
  lg_release(old_value);
  lg_release(key);
  if (status) lg_throw(lagoon, status);
  if (lagoon->graph.head || lagoon->message_count) {
    lg_status followed = lg_settle(lagoon);
    if (followed) status = followed;
  }
  if (lagoon->gone) lg_sweep(lagoon);
  if (status) lagoon->last = lagoon->thrown;
  return status;
}

LG_APART static lg_status tell_all(lg_store *store, lg_value old_value, lg_value key) {
  lg_queue(store, old_value, key);
  return lg_settle(store->vertex.lagoon);
}

lg_status lg_emit_now(lg_store *store, lg_value old_value, lg_value key) {
  const lg_vertex *sink = lg_lone_sink(store);
  bool is_lone = sink && sink->kind == LG_LISTENS;
  return is_lone ? tell_lone((lg_listener *)sink, store, old_value, key)
                 : tell_all(store, old_value, key);
}

lg_status lg_follow(lg_lagoon *lagoon, lg_status status) {
  if (!lagoon->graph.head || lg_is_nested(lagoon)) return status;
  if (status) lg_throw(lagoon, status);
  lg_status followed = lg_settle(lagoon);
  if (followed) return followed;
  if (status) lagoon->last = lagoon->thrown;
  return status;
}

lg_status lg_update(lg_vertex *vertex) {
  lg_lagoon *lagoon = vertex->lagoon;
  lg_status status = LG_OK;
  int32_t step = 1;
  if (!lg_is_stale(vertex)) return LG_OK;
  lg_status outside = lg_call_begin(lagoon);
  while (!status && step && vertex->node) {
    step = lg_graph_pull(&lagoon->graph, vertex->node);
    if (step) status = compute(lagoon, step);
    if (step && lg_step_node(step) == vertex->node) break;
  }
  lg_call_end_within(lagoon, outside);
  return lg_follow(lagoon, status);
}

/* ---- batches --------------------------------------------------------------------------------- */

lg_status lg_batch_begin(lg_lagoon *lagoon) {
  lg_status status = lg_check_open(lagoon);
  if (status) return status;
  if (!lagoon->batches++) lg_graph_batch_begin(&lagoon->graph);
  return LG_OK;
}

/* The end of the outermost batch: its listeners are called while it is still open. */
static lg_status end_batch(lg_lagoon *lagoon) {
  lagoon->is_ending_batch = true;
  lg_status status = lagoon->computing ? LG_OK : lg_settle(lagoon);
  lagoon->is_ending_batch = false;
  lg_graph_batch_end(&lagoon->graph);
  if (lagoon->missed.status) {
    lagoon->last = lagoon->missed;
    status = lagoon->missed.status;
    lagoon->missed.status = LG_OK;
  }
  return status;
}

lg_status lg_batch_end(lg_lagoon *lagoon) {
  lg_status status = lg_check_open(lagoon);
  if (status) return status;
  if (!lagoon->batches || (lagoon->batches == 1 && lagoon->is_ending_batch)) {
    return lg_error(lagoon, NULL, LG_E_ARGUMENT, "lg_batch_end without lg_batch_begin");
  }
  if (lagoon->batches == 1) status = end_batch(lagoon);
  lagoon->batches--;
  return status;
}

/* ---- begin and end --------------------------------------------------------------------------- */

/* The first record is not used: no id is 0. */
void lg_updates_begin(lg_lagoon *lagoon) {
  lg_graph_init(&lagoon->graph, NULL, LG_STRIDE, LG_STRIDE);
}

void lg_updates_end(lg_lagoon *lagoon) {
  lg_graph *g = &lagoon->graph;
  drop_messages(lagoon);
  lg_resize(lagoon->memory, lagoon->messages, lagoon->message_capacity * sizeof *lagoon->messages,
            0);
  if (g->records) {
    lg_resize(lagoon->memory, g->records, g->end / LG_STRIDE * sizeof *g->records, 0);
  }
}
