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

/* An array with room for `count` items of a size: the same one, or a larger one in its place. NULL:
** no memory. */
static void *grow(lg_lagoon *lagoon, void *array, uint32_t *capacity, uint32_t count, size_t size) {
  uint32_t wanted = *capacity ? *capacity : 8;
  while (wanted < count)
    wanted *= 2;
  if (wanted == *capacity) return array;
  void *larger = lg_resize(lagoon->memory, array, *capacity * size, wanted * size);
  if (larger) *capacity = wanted;
  return larger;
}

/* The same array, which is empty, after an unusual update in a smaller place, if there is memory
** for that. */
#define MANY 4096u

static void *shrink(lg_lagoon *lagoon, void *array, uint32_t *capacity, size_t size) {
  if (*capacity <= MANY) return array;
  void *smaller = lg_resize(lagoon->memory, array, *capacity * size, MANY * size);
  if (!smaller) return array;
  *capacity = MANY;
  return smaller;
}

bool lg_reserve_messages(lg_lagoon *lagoon, uint32_t count) {
  lg_message *messages = grow(lagoon, lagoon->messages, &lagoon->message_capacity,
                              lagoon->message_count + count, sizeof *messages);
  if (messages) lagoon->messages = messages;
  return messages;
}

static bool reserve_suspect(lg_lagoon *lagoon) {
  lg_suspect *suspects = grow(lagoon, lagoon->suspects, &lagoon->suspect_capacity,
                              lagoon->suspect_count + 1, sizeof *suspects);
  if (suspects) lagoon->suspects = suspects;
  return suspects;
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
  bool has_room = lg_reserve_messages(lagoon, 1) && (!g->batching || reserve_suspect(lagoon));
  return has_room ? LG_OK : lg_error_of(lagoon, store, LG_E_MEMORY);
}

/* ---- batches that give a store its old value back -------------------------------------------- */

static lg_node *node_of(const lg_vertex *vertex) {
  return &lg_record_of(&vertex->lagoon->graph, vertex->node)->node;
}

/* The store was written, and the engine will ask whether it has changed. */
static void suspect(lg_store *store, lg_value old_value) {
  lg_lagoon *lagoon = store->vertex.lagoon;
  node_of(&store->vertex)->serial = lagoon->suspect_count;
  lagoon->suspects[lagoon->suspect_count++] =
      (lg_suspect){.old_value = lg_keep(old_value), .node = store->vertex.node};
}

/* Whether the last lg_graph_notify queued something: sinks may be queued already. */
static bool has_queued(const lg_lagoon *lagoon) {
  const lg_graph *g = &lagoon->graph;
  return g->head && lg_record_of(g, g->tail)->notice.number == lagoon->message_count;
}

void lg_queue_batched(lg_store *store, lg_value old_value, lg_value key) {
  lg_lagoon *lagoon = store->vertex.lagoon;
  bool was_stale = lg_is_stale(&store->vertex);
  lg_graph_notify(&lagoon->graph, store->vertex.node, lagoon->message_count);
  bool is_suspect = !was_stale && store->vertex.kind != LG_COMPUTED_STORE;
  if (is_suspect && lg_is_stale(&store->vertex)) suspect(store, old_value);
  if (store->is_told_of && has_queued(lagoon)) {
    lagoon->messages[lagoon->message_count++] = (lg_message){old_value, key};
  } else {
    lg_release(old_value);
    lg_release(key);
  }
}

/* The engine asks whether the store has another value than before. */
static lg_status compare(lg_store *store) {
  const lg_lagoon *lagoon = store->vertex.lagoon;
  uint32_t node = store->vertex.node;
  const lg_suspect *it = &lagoon->suspects[lg_record_of(&lagoon->graph, node)->node.serial];
  bool is_equal = lg_store_equal(store, it->old_value, store->value);
  if (!is_equal && store->vertex.node == node) lg_graph_touch(&store->vertex.lagoon->graph, node);
  return LG_OK;
}

static void drop_suspects(lg_lagoon *lagoon) {
  while (lagoon->suspect_count)
    lg_release(lagoon->suspects[--lagoon->suspect_count].old_value);
  lagoon->suspects =
      shrink(lagoon, lagoon->suspects, &lagoon->suspect_capacity, sizeof *lagoon->suspects);
}

/* Lets the engine ask for all of which it did not want to know: the batch is over. */
static void compare_all(lg_lagoon *lagoon) {
  for (uint32_t i = 0; i < lagoon->suspect_count; i++) {
    lg_vertex *vertex = lg_vertex_of(lagoon, lagoon->suspects[i].node);
    bool is_source = vertex && vertex->kind < LG_COMPUTED_STORE;
    if (is_source && node_of(vertex)->serial == i) lg_update(vertex);
  }
  drop_suspects(lagoon);
}

/* ---- the steps ------------------------------------------------------------------------------- */

lg_status lg_emit_failure(lg_store *store) {
  lg_lagoon *lagoon = store->vertex.lagoon;
  lg_status status = lg_prepare(lagoon, store);
  return status ? status : lg_emit(lagoon, store, lg_keep(store->value), lg_failed(LG_E_CALLBACK));
}

/* Computes what is no computed. */
LG_APART static lg_status compute_other(lg_vertex *vertex) {
  return vertex->kind < LG_COMPUTED_STORE ? compare((lg_store *)vertex)
                                          : lg_effect_run((lg_running_effect *)vertex);
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
  lg_status status = vertex->kind == LG_COMPUTED_STORE
                         ? lg_compute(lagoon, (lg_computed_store *)vertex)
                         : compute_other(vertex);
  lagoon->computing--;
  lg_graph_settle_fast(g, node, status != LG_OK);
  if (status && lg_may_go_better(status) && lg_vertex_of(lagoon, node) == vertex) {
    lg_record_of(g, node)->node.flags |= LG_DIRTY; /* it is to be tried again */
    lg_graph_touch(g, node);
  }
  return status;
}

static void drop_messages(lg_lagoon *lagoon) {
  const lg_message *it = lagoon->messages;
  for (uint32_t left = lagoon->message_count; left; left--, it++) {
    lg_release(it->old_value);
    lg_release(it->key);
  }
  lagoon->message_count = 0;
  lagoon->messages =
      shrink(lagoon, lagoon->messages, &lagoon->message_capacity, sizeof *lagoon->messages);
}

/* What the listeners of one notice are told. Its message stays until the outermost update ends; the
** value is kept, because a listener may write another one. */
typedef struct telling {
  lg_change change;
  lg_value key;    /* change.key may be inside of it */
  int64_t number;  /* of the notice; -1: none so far */
  uint64_t writes; /* how many there were when the value was taken */
} telling;

/* Whether the listeners are called for a notice of lg_emit_failure. As long as the store fails,
** they fail with it. A batch calls them once for all that it changed. */
LG_COLD static bool is_for_listeners(lg_store *source, lg_value old_value) {
  lg_lagoon *lagoon = source->vertex.lagoon;
  lg_status status = lg_computed_failure((lg_computed_store *)source);
  if (status) lg_raise(lagoon, status);
  return !status && lagoon->graph.batching && !lg_same(source->value, old_value);
}

/* False: they are not to be called. */
LG_HOT bool tell_of(telling *it, lg_store *source, uint32_t number) {
  const lg_message *message = &source->vertex.lagoon->messages[number];
  it->change.key = NULL;
  if (!lg_is_undefined(message->key)) {
    if (lg_is_failed(message->key) && !is_for_listeners(source, message->old_value)) return false;
    it->key = message->key;
    it->change.key = lg_text(&it->key);
  }
  it->number = number;
  it->writes = UINT64_MAX;
  it->change.store = source;
  it->change.old_value = message->old_value;
  return true;
}

/* Makes it tell of the notice that is delivered now, and the value that the source has now: a
** listener before may have written to it. False: nobody is to be told. */
LG_HOT bool tell(telling *it, lg_lagoon *lagoon) {
  uint32_t number = lagoon->graph.step.notice;
  uint64_t writes = lagoon->epoch + lagoon->silent_writes;
  if (it->number != number &&
      !tell_of(it, (lg_store *)lg_vertex_of(lagoon, lagoon->graph.step.source), number)) {
    return false;
  }
  if (it->writes == writes) return true;
  lg_value last = it->change.value;
  it->writes = writes;
  it->change.value = lg_keep(it->change.store->value);
  lg_release(last);
  return true;
}

/* What a sink that is no plain listener does. */
LG_APART static void deliver_other(lg_lagoon *lagoon, lg_vertex *sink, telling *it) {
  lg_status status = LG_OK;
  if (sink->kind == LG_COMPUTED_STORE) {
    lg_computed_wake((lg_computed_store *)sink);
  } else if (tell(it, lagoon)) {
    status = sink->kind == LG_LISTENS_KEYS
                 ? lg_call_key_listener((lg_key_listener *)sink, &it->change)
                 : lg_effect_run((lg_running_effect *)sink);
  }
  if (status) lg_raise(lagoon, status);
}

/* Does what the engine asks for with a positive step. */
LG_HOT void deliver(lg_lagoon *lagoon, int32_t step, telling *it) {
  lg_vertex *sink = lg_vertex_of(lagoon, (uint32_t)step);
  if (sink->kind != LG_LISTENS) {
    deliver_other(lagoon, sink, it);
  } else if (tell(it, lagoon)) {
    lg_listener *listener = (lg_listener *)sink;
    lagoon->calls++;
    listener->fn.listen(&it->change, listener->ctx);
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
      do {
        deliver(lagoon, step, &it);
      } while (!lagoon->raised && (step = (int32_t)lg_graph_next_fast(&lagoon->graph)));
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
  lg_sweep(lagoon);
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
  lg_sweep(lagoon);
  if (status) lagoon->last = lagoon->thrown;
  return status;
}

LG_APART static lg_status tell_all(lg_store *store, lg_value old_value, lg_value key) {
  lg_lagoon *lagoon = store->vertex.lagoon;
  lg_queue(lagoon, store, old_value, key);
  return lg_settle(lagoon);
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
  compare_all(lagoon);
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
  return lg_follow(lagoon, status);
}

/* ---- begin and end --------------------------------------------------------------------------- */

/* The first record is not used: no id is 0. */
void lg_updates_begin(lg_lagoon *lagoon) {
  lg_graph_init(&lagoon->graph, NULL, LG_STRIDE, LG_STRIDE);
  lagoon->graph.compares = true;
}

void lg_updates_end(lg_lagoon *lagoon) {
  lg_graph *g = &lagoon->graph;
  drop_messages(lagoon);
  drop_suspects(lagoon);
  lg_resize(lagoon->memory, lagoon->messages, lagoon->message_capacity * sizeof *lagoon->messages,
            0);
  lg_resize(lagoon->memory, lagoon->suspects, lagoon->suspect_capacity * sizeof *lagoon->suspects,
            0);
  if (g->records) {
    lg_resize(lagoon->memory, g->records, g->end / LG_STRIDE * sizeof *g->records, 0);
  }
}
