/*
** Computeds: values derived from other stores, which are listed or tracked. While one is mounted
** the engine tells when to derive it again. */
#include "state.h"

/* ---- running the function -------------------------------------------------------------------- */

/* The function failed, or what it returned is the failure to make a value. */
LG_COLD static lg_status refuse(lg_computed_store *computed, lg_value result) {
  lg_lagoon *lagoon = computed->store.vertex.lagoon;
  lg_status status = lg_take_raised(lagoon);
  if (!status) status = lg_error_of(lagoon, &computed->store, lg_status_of(result));
  lg_release(result);
  return status;
}

/* Writes what the function returned, unless it failed. */
LG_HOT lg_status finish(lg_lagoon *lagoon, lg_computed_store *computed, lg_value result) {
  if (lagoon->raised || lg_is_failed(result)) return refuse(computed, result);
  lg_status status = lg_write(lagoon, &computed->store, result, true);
  computed->epoch = lagoon->epoch;
  return status == LG_E_ABORTED ? LG_OK : status;
}

/* ---- failures -------------------------------------------------------------------------------- */

lg_status lg_computed_failure(const lg_computed_store *computed) {
  lg_lagoon *lagoon = computed->store.vertex.lagoon;
  lg_status status = (lg_status)computed->failure;
  if (!status || computed->failure_text) {
    return status ? lg_error(lagoon, NULL, status, computed->failure_text) : LG_OK;
  }
  return lg_error_of(lagoon, &computed->store, status);
}

static void forget_failure(lg_computed_store *computed) {
  lg_delete_text(computed->store.vertex.lagoon, computed->failure_text);
  computed->failure_text = NULL;
  computed->failure = LG_OK;
  computed->store.is_valid = computed->store.is_live;
}

/* The function of one that tracks failed, for the reason that lg_last_error tells. Who reads it
** gets the failure until a source changes. */
LG_COLD static lg_status keep_failure(lg_computed_store *computed, lg_status status) {
  lg_lagoon *lagoon = computed->store.vertex.lagoon;
  if (lg_may_go_better(status)) return status;
  lg_report report = lagoon->last;
  lg_status told = lg_emit_failure(&computed->store);
  if (told) return told;
  forget_failure(computed);
  computed->failure = (uint8_t)status;
  computed->failure_text = lg_copy_text(lagoon, report.text);
  computed->store.is_valid = false;
  lagoon->last = report;
  return LG_OK;
}

/* As finish, after a failure: that it has a value again is a change, also if it is the same one. */
LG_COLD static lg_status recover(lg_computed_store *computed, lg_value result) {
  lg_lagoon *lagoon = computed->store.vertex.lagoon;
  lg_status status;
  if (lagoon->raised || lg_is_failed(result)) return refuse(computed, result);
  if (lg_store_equal(&computed->store, computed->store.value, result)) {
    lg_release(result);
    status = lg_emit_failure(&computed->store);
  } else {
    status = finish(lagoon, computed, result);
  }
  if (!status) forget_failure(computed);
  return status;
}

/* ---- running the function of one that tracks ------------------------------------------------- */

/* Tracked computeds that are read for the first time, each by the function of the next: each takes
** a part of the call stack. */
#define MOST_RUNS 2000u

LG_APART static lg_status run_tracked(lg_computed_store *computed) {
  lg_lagoon *lagoon = computed->store.vertex.lagoon;
  lg_tracker tracker;
  if (lagoon->runs_within >= MOST_RUNS) {
    return lg_error(lagoon, &computed->store, LG_E_DEPTH,
                    "more than 2,000 computeds read each other at once; read the lower ones first");
  }
  lg_end_children(computed);
  lg_track_begin(lagoon, &tracker, &computed->store.vertex);
  lagoon->runs_within++;
  lg_value result = computed->fn.tracked(lagoon, computed->ctx);
  lagoon->runs_within--;
  lg_track_end(lagoon, &tracker, NULL);
  lg_status status =
      computed->failure ? recover(computed, result) : finish(lagoon, computed, result);
  return status ? keep_failure(computed, status) : LG_OK;
}

/* ---- running a function that gets values ----------------------------------------------------- */

static void release_all(const lg_value *values, uint32_t count) {
  for (uint32_t i = 0; i < count; i++)
    lg_release(values[i]);
}

/* Runs the function with the values that are in `previous`. */
LG_HOT lg_status call_listed(lg_lagoon *lagoon, lg_computed_store *computed) {
  computed->has_previous = true;
  return finish(lagoon, computed, computed->fn.listed(lagoon, computed->previous, computed->ctx));
}

/* Whether the values are those of the last run. */
static bool is_as_before(const lg_computed_store *computed, const lg_value *values) {
  bool is_same = computed->has_previous;
  for (uint32_t i = 0; i < computed->count && is_same; i++)
    is_same = lg_store_equal(computed->sources[i], computed->previous[i], values[i]);
  return is_same;
}

/* Runs the function with these values, which it takes over, if they are others than before. */
static lg_status derive(lg_computed_store *computed, const lg_value *values) {
  uint32_t count = computed->count;
  if (is_as_before(computed, values)) {
    release_all(values, count);
    return LG_OK;
  }
  release_all(computed->previous, count);
  for (uint32_t i = 0; i < count; i++)
    computed->previous[i] = values[i];
  return call_listed(computed->store.vertex.lagoon, computed);
}

/* Reads all sources into `values`, and goes on with them: mounting a source may have computed this
** one meanwhile, so that nothing is compared before all are read. */
static lg_status read_and_derive(lg_computed_store *computed, lg_value *values) {
  for (uint32_t i = 0; i < computed->count; i++) {
    values[i] = lg_keep(lg_read(computed->sources[i]));
    if (!lg_is_failed(values[i])) continue;
    release_all(values, i);
    return lg_status_of(values[i]);
  }
  return derive(computed, values);
}

#define FEW 4

LG_COLD static lg_status run_listed_slowly(lg_computed_store *computed) {
  lg_lagoon *lagoon = computed->store.vertex.lagoon;
  lg_value few[FEW];
  computed->epoch = lagoon->epoch; /* what its sources change in a read comes after that */
  if (computed->count <= FEW) return read_and_derive(computed, few);
  size_t size = computed->count * sizeof(lg_value);
  lg_value *values = lg_new(lagoon, size);
  lg_status status = values ? read_and_derive(computed, values) : LG_E_MEMORY;
  lg_delete(lagoon, values, size);
  return status;
}

/* Whether reading the store and comparing its values calls no function. */
LG_HOT bool is_simple(const lg_lagoon *lagoon, const lg_store *store) {
  bool is_heard = store->extras && (!store->listeners || store->extras->equal);
  return !is_heard && lg_is_current(lagoon, store);
}

LG_COLD static bool take_slowly(lg_value *previous, lg_value value) {
  lg_value last = *previous;
  if (lg_is_undefined(last) ? lg_is_undefined(value) : lg_same(last, value)) return false;
  *previous = lg_keep(value);
  lg_release(last);
  return true;
}

/* Puts the value of a source into `previous`. False: it is there already. */
LG_HOT bool take(lg_value *previous, const lg_value *value) {
  if (!lg_are_bits(*previous, *value)) return take_slowly(previous, *value);
  uint64_t last = previous->as.bits;
  previous->as.bits = value->as.bits;
  return last != value->as.bits;
}

/* Compares one source after the other, as long as that calls no function. */
LG_HOT lg_status run_listed(lg_lagoon *lagoon, lg_computed_store *computed) {
  lg_value *previous = computed->previous;
  lg_store *const *source = computed->sources;
  lg_store *const *end = source + computed->count;
  do {
    if (!is_simple(lagoon, *source)) return run_listed_slowly(computed);
    if (take(previous++, &(*source)->value)) computed->has_previous = false;
  } while (++source != end);
  if (!computed->has_previous) return call_listed(lagoon, computed);
  computed->epoch = lagoon->epoch;
  return LG_OK;
}

void lg_computed_forget(lg_computed_store *computed) {
  computed->has_previous = false;
  for (uint32_t i = 0; i < computed->count; i++)
    lg_let_go(&computed->previous[i]);
  computed->epoch = computed->store.vertex.lagoon->epoch - 1;
}

LG_INLINE lg_status lg_compute(lg_lagoon *lagoon, lg_computed_store *computed) {
  lagoon->computes++;
  computed->store.is_computing = true;
  lg_status status = computed->count ? run_listed(lagoon, computed) : run_tracked(computed);
  computed->store.is_computing = false;
  if (status && lg_may_go_better(status)) lg_computed_forget(computed);
  lg_store_check(&computed->store);
  return status;
}

/* ---- being current --------------------------------------------------------------------------- */

/* Whether `store` is a computed of which the engine knows nothing, so that a read of it reads its
** sources. */
static bool is_idle(const lg_store *store) {
  return store->vertex.kind == LG_COMPUTED_STORE && !store->is_active &&
         ((const lg_computed_store *)store)->count;
}

#define DEEP 100u

/* A long chain of computeds that are not mounted is read from below, so that it is not too long for
** the call stack. The stores on the way are linked by `above`. */
static lg_status read_from_below(lg_computed_store *computed) {
  lg_computed_store *top = computed;
  lg_status status = LG_OK;
  computed->above = NULL;
  computed->next_source = 0;
  computed->is_waiting = true;
  while (top && !status) {
    if (top->next_source == top->count) {
      lg_computed_store *done = top;
      top = done->above;
      done->is_waiting = false;
      if (top) status = lg_status_of(lg_read(&done->store));
      continue;
    }
    lg_computed_store *below = (lg_computed_store *)top->sources[top->next_source++];
    if (is_idle(&below->store) && !below->is_waiting && !below->store.is_computing) {
      below->above = top;
      below->next_source = 0;
      below->is_waiting = true;
      top = below;
    }
  }
  for (; top; top = top->above)
    top->is_waiting = false;
  return status;
}

/* What comes before the sources of a computed are read or mounted, which reads or mounts theirs. */
static lg_status descend(lg_computed_store *computed) {
  return ++computed->store.vertex.lagoon->depth > DEEP ? read_from_below(computed) : LG_OK;
}

static void ascend(lg_computed_store *computed) { computed->store.vertex.lagoon->depth--; }

/* The listeners of a source that became current are called when this one is current, too. */
static lg_status compute_idle(lg_computed_store *computed) {
  lg_lagoon *lagoon = computed->store.vertex.lagoon;
  computed->store.owners++; /* they may release it */
  lagoon->computing++;
  lg_status outside = lg_call_begin(lagoon);
  lg_status status = descend(computed);
  if (!status) status = lg_compute(lagoon, computed);
  ascend(computed);
  lg_call_end_within(lagoon, outside);
  lagoon->computing--;
  status = lg_follow(lagoon, status);
  computed->store.owners--;
  lg_store_check(&computed->store);
  return status;
}

/* Computes it until nobody whom that called has written anything. */
static lg_status make_idle_current(lg_computed_store *computed) {
  lg_lagoon *lagoon = computed->store.vertex.lagoon;
  lg_status status = LG_OK;
  for (uint32_t i = 0; !status && computed->epoch != lagoon->epoch; i++) {
    if (i > LG_MANY) return lg_error_of(lagoon, &computed->store, LG_E_ENDLESS);
    if (computed->store.is_live) return lg_update(&computed->store.vertex); /* by one of them */
    status = compute_idle(computed);
  }
  return status;
}

/* The same for one that the engine knows. It is stale again where nobody needs one that tracks. */
static lg_status make_live_current(lg_computed_store *computed) {
  lg_lagoon *lagoon = computed->store.vertex.lagoon;
  lg_status status = lg_update(&computed->store.vertex);
  for (uint32_t i = 0; !status && lg_is_stale(&computed->store.vertex); i++) {
    if (i > LG_MANY) return lg_error_of(lagoon, &computed->store, LG_E_ENDLESS);
    status = lg_update(&computed->store.vertex);
  }
  if (!status) status = lg_computed_failure(computed);
  if (!status) computed->epoch = lagoon->epoch;
  return status;
}

lg_status lg_make_current(lg_computed_store *computed) {
  lg_lagoon *lagoon = computed->store.vertex.lagoon;
  if (computed->store.is_computing) {
    lg_raise(lagoon, lg_error_of(lagoon, &computed->store, LG_E_CYCLE));
    return LG_E_CYCLE;
  }
  if (computed->store.is_live) return make_live_current(computed);
  /* One that tracks is mounted for that; here it is read in its own lg_on_mount */
  if (!computed->count) return computed->store.is_active ? lg_computed_mount(computed) : LG_OK;
  return make_idle_current(computed);
}

/* ---- mounting -------------------------------------------------------------------------------- */

/* It is to be computed again, whatever the engine knows. */
static void outdate(lg_vertex *vertex) {
  lg_graph *g = &vertex->lagoon->graph;
  lg_record_of(g, vertex->node)->node.flags |= LG_DIRTY;
  lg_graph_touch(g, vertex->node);
}

/* Gives it its node, which stays while it is mounted, whoever listens or is read. */
static lg_status make_node(lg_computed_store *computed) {
  lg_vertex *vertex = &computed->store.vertex;
  lg_graph *g = &vertex->lagoon->graph;
  uint32_t kind = LG_COMPUTED | LG_HELD | (computed->is_batched ? LG_DEFERRED : 0) |
                  (computed->count ? 0 : LG_DYNAMIC);
  lg_status status = lg_reserve(vertex->lagoon, 1);
  if (status) return status;
  if (vertex->node) {
    /* It got a listener while it was about to be mounted, in its own lg_on_mount */
    lg_record_of(g, vertex->node)->node.flags |= kind;
    outdate(vertex);
  } else {
    lg_make_node(vertex, kind);
  }
  return LG_OK;
}

/* Whether it was computed since it got its node. */
static bool was_computed(const lg_vertex *vertex) {
  const lg_graph *g = &vertex->lagoon->graph;
  return vertex->node && !(lg_record_of(g, vertex->node)->node.flags & LG_DIRTY);
}

static lg_status link_sources(lg_computed_store *computed) {
  lg_status status = descend(computed);
  for (uint32_t i = 0; i < computed->count && !status; i++)
    status = lg_attach(computed->sources[i], &computed->store.vertex);
  ascend(computed);
  return status;
}

lg_status lg_computed_mount(lg_computed_store *computed) {
  lg_vertex *vertex = &computed->store.vertex;
  lg_status status = make_node(computed);
  if (status) return status;
  if (computed->count) status = link_sources(computed);
  /* For somebody who came meanwhile, when the engine did not know of all its sources */
  if (!status && was_computed(vertex)) outdate(vertex);
  computed->store.is_live = !status;
  computed->store.is_valid = !status && !computed->failure;
  if (!status) status = lg_update(vertex);
  return status ? status : lg_computed_failure(computed);
}

void lg_computed_unmount(lg_computed_store *computed) {
  computed->store.is_live = computed->store.is_valid = false;
  if (!computed->count) {
    lg_end_children(computed);
    forget_failure(computed);
  }
  while (lg_unlink_first(&computed->store.vertex)) {
  }
  lg_free_node(&computed->store.vertex);
}

void lg_computed_wake(lg_computed_store *computed) {
  lg_lagoon *lagoon = computed->store.vertex.lagoon;
  lg_timer_start(lagoon, &lagoon->wakes, lg_wake_of(computed), 0);
}

/* ---- begin and end --------------------------------------------------------------------------- */

size_t lg_computed_size(uint32_t count, bool is_batched) {
  size_t size = sizeof(lg_computed_store) + count * (sizeof(lg_value) + sizeof(lg_store *));
  return size + (is_batched ? sizeof(lg_timer) : 0);
}

void lg_computed_end(lg_computed_store *computed) {
  release_all(computed->previous, computed->count);
  if (!computed->count) forget_failure(computed);
  if (computed->store.vertex.lagoon->is_closing) return;
  if (computed->is_batched) lg_timer_stop(lg_wake_of(computed));
  lg_timer_stop(&computed->unmount);
  for (uint32_t i = 0; i < computed->count; i++) {
    computed->sources[i]->owners--;
    lg_store_check(computed->sources[i]);
  }
}

/* A computed without its function. */
static lg_computed_store *make(lg_lagoon *lagoon, size_t count, void *ctx, bool is_batched) {
  lg_computed_store *computed = lg_new(lagoon, lg_computed_size((uint32_t)count, is_batched));
  if (!computed) return NULL;
  lg_store_begin(&computed->store, lagoon, LG_COMPUTED_STORE, lg_undefined());
  computed->ctx = ctx;
  computed->is_batched = is_batched;
  computed->epoch = lagoon->epoch - 1;
  computed->unmount.store = &computed->store;
  computed->count = (uint32_t)count;
  if (is_batched) lg_wake_of(computed)->store = &computed->store;
  return computed;
}

static lg_store *make_tracked(lg_lagoon *lagoon, lg_compute_fn fn, void *ctx, bool is_batched) {
  lg_status status = lg_check_open(lagoon);
  if (!status && !fn) status = lg_error_of(lagoon, NULL, LG_E_ARGUMENT);
  if (status) return NULL;
  lg_computed_store *computed = make(lagoon, 0, ctx, is_batched);
  if (!computed) return NULL;
  computed->fn.tracked = fn;
  return &computed->store;
}

static lg_store *make_listed(lg_lagoon *lagoon, lg_store *const *stores, size_t count,
                             lg_derive_fn fn, void *ctx, bool is_batched) {
  if (lg_check_sources(lagoon, stores, count, fn != NULL)) return NULL;
  lg_computed_store *computed = make(lagoon, count, ctx, is_batched);
  if (!computed) return NULL;
  computed->fn.listed = fn;
  computed->sources = is_batched ? (lg_store **)(lg_wake_of(computed) + 1)
                                 : (lg_store **)(computed->previous + count);
  for (size_t i = 0; i < count; i++)
    computed->sources[i] = lg_store_keep(stores[i]);
  return &computed->store;
}

lg_store *lg_computed(lg_lagoon *lagoon, lg_compute_fn fn, void *ctx) {
  return make_tracked(lagoon, fn, ctx, false);
}

lg_store *lg_batched(lg_lagoon *lagoon, lg_compute_fn fn, void *ctx) {
  return make_tracked(lagoon, fn, ctx, true);
}

lg_store *lg_computed_from(lg_lagoon *lagoon, lg_store *const *stores, size_t count,
                           lg_derive_fn fn, void *ctx) {
  return make_listed(lagoon, stores, count, fn, ctx, false);
}

lg_store *lg_batched_from(lg_lagoon *lagoon, lg_store *const *stores, size_t count, lg_derive_fn fn,
                          void *ctx) {
  return make_listed(lagoon, stores, count, fn, ctx, true);
}
