/*
** Effects: functions that run again whenever a store they use changed, and their clean-ups.
*/
#include "state.h"

size_t lg_effect_size(uint32_t count) {
  return sizeof(lg_running_effect) + count * sizeof(lg_store *);
}

static void free_effect(lg_running_effect *effect);

/* ---- effects in effects ---------------------------------------------------------------------- */

/* An effect that is made in the run of a computed or effect that tracks belongs to that: it ends
** before the next run, and with it. */
static lg_running_effect **children_of(lg_vertex *owner) {
  return owner->kind == LG_COMPUTED_STORE ? &((lg_computed_store *)owner)->children
                                          : &((lg_running_effect *)owner)->children;
}

static void join_owner(lg_running_effect *effect) {
  const lg_tracker *tracker = effect->listener.vertex.lagoon->tracker;
  if (!tracker) return;
  lg_running_effect **first = children_of(tracker->owner);
  if (!*first) *first = effect->previous_child = effect;
  effect->owner = tracker->owner;
  effect->next_child = *first;
  effect->previous_child = (*first)->previous_child;
  effect->previous_child->next_child = effect;
  (*first)->previous_child = effect;
}

static void leave_owner(lg_running_effect *effect) {
  if (!effect->owner) return;
  lg_running_effect **first = children_of(effect->owner);
  effect->owner = NULL;
  effect->previous_child->next_child = effect->next_child;
  effect->next_child->previous_child = effect->previous_child;
  if (*first == effect) *first = effect->next_child == effect ? NULL : effect->next_child;
}

/* Ends all, the oldest first. None is freed before release_all: a function that this calls may hand
** one to lg_unlisten. Returns the first of them, who have no owner any more, in a list with an
** end. */
static lg_running_effect *end_all(lg_running_effect **children) {
  lg_running_effect *first = *children;
  if (!first) return NULL;
  *children = NULL;
  first->previous_child->next_child = NULL;
  for (lg_running_effect *it = first; it; it = it->next_child) {
    it->owner = NULL;
    it->running++;
  }
  for (lg_running_effect *it = first; it; it = it->next_child)
    lg_effect_end(it);
  return first;
}

static void let_go(lg_running_effect *effect) {
  if (!--effect->running && effect->is_ended) free_effect(effect);
}

static void release_all(lg_running_effect *ended) {
  while (ended) {
    lg_running_effect *next = ended->next_child;
    let_go(ended);
    ended = next;
  }
}

void lg_end_children(lg_computed_store *computed) { release_all(end_all(&computed->children)); }

/* Before the next run, and at the end. */
static void tidy(lg_running_effect *effect) {
  lg_running_effect *ended = end_all(&effect->children);
  lg_run_destructors(effect->listener.vertex.lagoon, &effect->cleanups);
  release_all(ended);
}

static bool is_active(const lg_vertex *vertex) {
  const lg_graph *g = &vertex->lagoon->graph;
  return !vertex->node || lg_record_of(g, vertex->node)->node.flags & (LG_RUNNING | LG_WAITING);
}

/* Makes the owners of an effect current, the outermost first: their runs may have to end it. */
static lg_status update_owner(const lg_running_effect *effect) {
  lg_vertex *owner = effect->owner;
  if (!owner) return LG_OK;
  if (owner->kind == LG_COMPUTED_STORE) return is_active(owner) ? LG_OK : lg_update(owner);
  lg_running_effect *outer = (lg_running_effect *)owner;
  outer->running++;
  lg_status status = update_owner(outer);
  if (!status && !outer->is_ended && !is_active(owner)) status = lg_update(owner);
  let_go(outer);
  return status;
}

/* ---- running --------------------------------------------------------------------------------- */

static void run_tracked(lg_running_effect *effect) {
  lg_lagoon *lagoon = effect->listener.vertex.lagoon;
  lg_tracker tracker;
  lg_tracker *outer = lagoon->tracker;
  effect->tracker = &tracker;
  lg_track_begin(lagoon, &tracker, &effect->listener.vertex);
  effect->listener.fn.effect(lagoon, effect->listener.ctx);
  lg_track_end(lagoon, &tracker, outer);
  effect->tracker = NULL;
}

#define FEW 8

static void run_listed(lg_running_effect *effect) {
  lg_lagoon *lagoon = effect->listener.vertex.lagoon;
  uint32_t count = effect->count;
  size_t size = count * sizeof(lg_value);
  lg_tracker *outer = lagoon->tracker;
  lg_value few[FEW];
  lg_value *values = count <= FEW ? few : lg_new(lagoon, size);
  lg_status status = values ? LG_OK : LG_E_MEMORY;
  uint32_t read = 0;
  lagoon->tracker = NULL;
  lagoon->computing++; /* nobody is called who could make the values old */
  for (; read < count && !status; read++) {
    values[read] = lg_keep(lg_read(effect->sources[read]));
    status = lg_status_of(values[read]);
  }
  lagoon->computing--;
  if (!status) effect->listener.fn.effect_from(lagoon, values, effect->listener.ctx);
  while (read--)
    lg_release(values[read]);
  if (values && values != few) lg_delete(lagoon, values, size);
  lagoon->tracker = outer;
  if (status) lg_raise(lagoon, status);
}

static void free_effect(lg_running_effect *effect) {
  leave_owner(effect);
  for (uint32_t i = 0; i < effect->count; i++) {
    effect->sources[i]->owners--;
    lg_store_check(effect->sources[i]);
  }
  lg_listener_end(&effect->listener);
}

lg_status lg_effect_run(lg_running_effect *effect) {
  lg_lagoon *lagoon = effect->listener.vertex.lagoon;
  lg_running_effect *outer = lagoon->effect;
  lg_status outside = lg_call_begin(lagoon);
  lagoon->calls++;
  effect->running++;
  lg_status outdated = effect->count ? LG_OK : update_owner(effect);
  if (outdated) {
    lg_raise(lagoon, outdated);
  } else {
    tidy(effect);
  }
  uint32_t outer_depth = lagoon->effect_depth;
  lagoon->effect = effect;
  lagoon->effect_depth = lagoon->busy;
  if (effect->is_ended || outdated) {
    /* by its own clean-up or its owner, which may have failed, too */
  } else if (effect->count) {
    run_listed(effect);
  } else {
    run_tracked(effect);
  }
  lagoon->effect = outer;
  lagoon->effect_depth = outer_depth;
  if (effect->is_ended) tidy(effect);
  lg_status status = lg_call_end(lagoon, outside);
  effect->status = status;
  let_go(effect);
  return status;
}

void lg_effect_end(lg_running_effect *effect) {
  if (effect->is_ended) return;
  lg_vertex *vertex = &effect->listener.vertex;
  effect->is_ended = true;
  if (effect->tracker) effect->tracker->sink = NULL;
  while (lg_unlink_first(vertex)) {
  }
  lg_free_node(vertex);
  tidy(effect);
  if (!effect->running) free_effect(effect);
}

lg_status lg_on_cleanup(lg_lagoon *lagoon, void (*fn)(void *ctx), void *ctx) {
  lg_status status = lg_check_open(lagoon);
  if (status) return status;
  if (!fn) return lg_error_of(lagoon, NULL, LG_E_ARGUMENT);
  if (!lagoon->effect || lagoon->effect_depth != lagoon->busy) {
    return lg_error(lagoon, NULL, LG_E_ARGUMENT, "lg_on_cleanup outside of an effect");
  }
  return lg_add_destructor(lagoon, &lagoon->effect->cleanups, fn, ctx);
}

/* ---- making ---------------------------------------------------------------------------------- */

/* The first run, after which those are called whom it made wait: what they raise is told, too. */
static lg_status run_first(lg_running_effect *effect) {
  lg_lagoon *lagoon = effect->listener.vertex.lagoon;
  if (!effect->count) return lg_update(&effect->listener.vertex);
  return lg_follow(lagoon, lg_effect_run(effect));
}

/* Ends the effect if its first run failed, or what followed from it. */
static lg_listener *start(lg_running_effect *effect, lg_status status) {
  lg_lagoon *lagoon = effect->listener.vertex.lagoon;
  effect->running++;
  if (!status) {
    join_owner(effect);
    status = run_first(effect);
  }
  if (!status && effect->is_ended) {
    status = lg_error(lagoon, NULL, LG_E_ARGUMENT, "the effect was ended in its first run");
  }
  if (status) {
    lg_report report = lagoon->last;
    lg_status outside = lg_call_begin(lagoon);
    lg_effect_end(effect);
    lg_call_end(lagoon, outside);
    lagoon->last = report;
  }
  let_go(effect);
  lg_sweep(lagoon);
  return status ? NULL : &effect->listener;
}

lg_listener *lg_effect(lg_lagoon *lagoon, lg_effect_fn fn, void *ctx) {
  if (lg_check_open(lagoon)) return NULL;
  if (!fn) {
    lg_error(lagoon, NULL, LG_E_ARGUMENT, "no function");
    return NULL;
  }
  lg_running_effect *effect =
      (lg_running_effect *)lg_listener_begin(lagoon, LG_RUNS_TRACKED, lg_effect_size(0), ctx);
  if (!effect) return NULL;
  effect->listener.fn.effect = fn;
  lg_status status = lg_reserve(lagoon, 1);
  if (!status) lg_make_node(&effect->listener.vertex, LG_COMPUTED | LG_DYNAMIC | LG_EFFECT);
  return start(effect, status);
}

lg_listener *lg_effect_from(lg_lagoon *lagoon, lg_store *const *stores, size_t count,
                            lg_effect_from_fn fn, void *ctx) {
  if (lg_check_sources(lagoon, stores, count, fn != NULL)) return NULL;
  lg_running_effect *effect = (lg_running_effect *)lg_listener_begin(
      lagoon, LG_RUNS_LISTED, lg_effect_size((uint32_t)count), ctx);
  if (!effect) return NULL;
  effect->listener.fn.effect_from = fn;
  effect->count = (uint32_t)count;
  for (size_t i = 0; i < count; i++)
    effect->sources[i] = lg_store_keep(stores[i]);
  lg_status status = LG_OK;
  for (size_t i = 0; i < count && !status; i++)
    status = lg_attach(stores[i], &effect->listener.vertex);
  return start(effect, status);
}
