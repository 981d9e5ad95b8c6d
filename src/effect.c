/*
** Effects: functions that run again whenever a store they use changed, and their clean-ups.
*/
#include "state.h"

size_t lg_effect_size(uint32_t count) {
  return sizeof(lg_running_effect) + count * sizeof(lg_store *);
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
  lg_run_destructors(lagoon, &effect->cleanups);
  uint32_t outer_depth = lagoon->effect_depth;
  lagoon->effect = effect;
  lagoon->effect_depth = lagoon->busy;
  if (effect->is_ended) {
    /* by its own clean-up */
  } else if (effect->count) {
    run_listed(effect);
  } else {
    run_tracked(effect);
  }
  lagoon->effect = outer;
  lagoon->effect_depth = outer_depth;
  effect->running--;
  if (effect->is_ended) lg_run_destructors(lagoon, &effect->cleanups);
  lg_status status = lg_call_end(lagoon, outside);
  effect->status = status;
  if (effect->is_ended && !effect->running) free_effect(effect);
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
  lg_run_destructors(vertex->lagoon, &effect->cleanups);
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
  if (!status) status = run_first(effect);
  if (status) {
    lg_report report = lagoon->last;
    lg_status outside = lg_call_begin(lagoon);
    lg_effect_end(effect);
    lg_call_end(lagoon, outside);
    lagoon->last = report;
  }
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
