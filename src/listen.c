/*
** Listeners: functions that are called after a store, or some keys of a map, changed.
*/
#include "state.h"

#include <string.h>

#include "path.h"

/* ---- begin and end --------------------------------------------------------------------------- */

lg_listener *lg_listener_begin(lg_lagoon *lagoon, lg_kind kind, size_t size, void *ctx) {
  lg_listener *listener = lg_new(lagoon, size);
  if (!listener) return NULL;
  listener->vertex = (lg_vertex){.lagoon = lagoon, .kind = (uint8_t)kind};
  listener->ctx = ctx;
  listener->next = lagoon->listeners;
  if (listener->next) listener->next->previous = listener;
  lagoon->listeners = listener;
  return listener;
}

static size_t size_of(const lg_listener *listener) {
  switch (listener->vertex.kind) {
  case LG_LISTENS_KEYS:
    return ((const lg_key_listener *)listener)->size;
  case LG_RUNS_LISTED:
  case LG_RUNS_TRACKED:
    return lg_effect_size(((const lg_running_effect *)listener)->count);
  case LG_HEARS:
    return sizeof(lg_event_listener);
  default:
    return sizeof *listener;
  }
}

void lg_listener_end(lg_listener *listener) {
  lg_lagoon *lagoon = listener->vertex.lagoon;
  for (lg_join *it = lagoon->joins; it; it = it->outer) {
    if (it->sink == &listener->vertex) it->sink = NULL;
  }
  *(listener->previous ? &listener->previous->next : &lagoon->listeners) = listener->next;
  if (listener->next) listener->next->previous = listener->previous;
  lg_delete(lagoon, listener, size_of(listener));
}

static void end_any(lg_listener *listener) {
  switch (listener->vertex.kind) {
  case LG_HEARS:
    lg_event_listener_end((lg_event_listener *)listener);
    break;
  case LG_RUNS_LISTED:
  case LG_RUNS_TRACKED:
    lg_effect_end((lg_running_effect *)listener);
    break;
  default:
    while (lg_unlink_first(&listener->vertex)) {
    }
    lg_listener_end(listener);
  }
}

lg_status lg_unlisten(lg_listener *listener) {
  if (!listener) return LG_OK;
  lg_lagoon *lagoon = listener->vertex.lagoon;
  lg_status status = lg_check(lagoon);
  if (status || lagoon->is_closing) return status;
  lg_status outside = lg_call_begin(lagoon);
  end_any(listener);
  status = lg_call_end(lagoon, outside);
  lg_sweep(lagoon);
  return status;
}

/* ---- calls ----------------------------------------------------------------------------------- */

/* Whether two versions of an object differ at a path. */
static bool differs(lg_value a, lg_value b, const char *path) {
  return !lg_same(lg_path_get(a, path), lg_path_get(b, path));
}

static bool differs_in_key(lg_store *store, const lg_change *change, const char *key) {
  if (store->vertex.kind != LG_MAP) return differs(change->old_value, change->value, key);
  lg_value old_value = lg_object_get(change->old_value, key);
  lg_value value = lg_object_get(change->value, key);
  lg_extras *extras = store->extras;
  bool is_asked = extras && extras->key_equal;
  return !(is_asked ? lg_ask_key_equal(store, old_value, value, key) : lg_same(old_value, value));
}

static bool has_any(const lg_key_listener *listener, const lg_change *change) {
  if (lg_is_undefined(change->old_value)) return listener->count > 0;
  for (size_t i = 0; i < listener->count; i++) {
    if (differs_in_key(change->store, change, listener->keys[i])) return true;
  }
  return false;
}

static bool has_key(const lg_key_listener *listener, const char *key, size_t size) {
  for (size_t i = 0; i < listener->count; i++) {
    if (!strncmp(listener->keys[i], key, size) && !listener->keys[i][size]) return true;
  }
  return false;
}

/* Whether a change concerns the keys of a listener: the same rule as in js/listen-keys.js. */
static bool concerns(const lg_key_listener *listener, const lg_change *change) {
  const char *key = change->key;
  if (!key) return has_any(listener, change);
  if (has_key(listener, key, strlen(key))) return true;
  size_t first = strcspn(key, ".[");
  if (key[first] && has_key(listener, key, first)) return true;
  if (change->store->vertex.kind == LG_MAP) return false;
  return has_any(listener, change);
}

lg_status lg_call_key_listener(lg_key_listener *listener, const lg_change *change) {
  return concerns(listener, change) ? lg_call_listener(&listener->listener, change) : LG_OK;
}

/* ---- listening ------------------------------------------------------------------------------- */

/* Calls a new listener for the first time. What it reads is not read by the computed or effect that
** made it. */
static lg_status call_first(lg_store *store, lg_listener *listener) {
  lg_lagoon *lagoon = store->vertex.lagoon;
  lg_tracker *tracker = lagoon->tracker;
  lg_change change = {.store = store, .value = lg_keep(store->value)};
  lagoon->tracker = NULL;
  lg_status status = lg_call_listener(listener, &change);
  lagoon->tracker = tracker;
  lg_release(change.value);
  return status;
}

/* Links a new listener, and calls it at once if `subscribes`. Frees it on failure. */
static lg_listener *start(lg_store *store, lg_listener *listener, lg_listen_fn fn,
                          bool subscribes) {
  lg_lagoon *lagoon = store->vertex.lagoon;
  if (!listener) return NULL;
  listener->fn.listen = fn;
  bool has_value = store->is_live || !store->is_active; /* when it is attached */
  lg_status status = subscribes && !has_value ? lg_status_of(lg_peek(store)) : LG_OK;
  if (!status) status = lg_attach(store, &listener->vertex);
  if (!status && subscribes) status = call_first(store, listener);
  if (status) {
    lg_report report = lagoon->last;
    lg_unlisten(listener);
    lagoon->last = report;
  }
  lg_sweep(lagoon);
  return status ? NULL : listener;
}

static bool check_listen(lg_store *store, lg_listen_fn fn) {
  lg_status status = lg_check_store(store);
  if (!status && !fn) status = lg_error(store->vertex.lagoon, store, LG_E_ARGUMENT, "no listener");
  return !status;
}

static lg_listener *listen(lg_store *store, lg_listen_fn fn, void *ctx, bool subscribes) {
  if (!check_listen(store, fn)) return NULL;
  lg_listener *listener =
      lg_listener_begin(store->vertex.lagoon, LG_LISTENS, sizeof *listener, ctx);
  return start(store, listener, fn, subscribes);
}

lg_listener *lg_listen(lg_store *store, lg_listen_fn fn, void *ctx) {
  return listen(store, fn, ctx, false);
}

lg_listener *lg_subscribe(lg_store *store, lg_listen_fn fn, void *ctx) {
  return listen(store, fn, ctx, true);
}

static void copy_keys(lg_key_listener *listener, const char *const *keys) {
  char *text = (char *)(listener->keys + listener->count);
  for (size_t i = 0; i < listener->count; i++) {
    size_t size = strlen(keys[i]) + 1;
    listener->keys[i] = memcpy(text, keys[i], size);
    text += size;
  }
}

static lg_listener *listen_keys(lg_store *store, const char *const *keys, size_t count,
                                lg_listen_fn fn, void *ctx, bool subscribes) {
  if (!check_listen(store, fn)) return NULL;
  size_t size = sizeof(lg_key_listener) + count * sizeof *keys;
  for (size_t i = 0; i < count; i++) {
    if (!keys || !keys[i]) {
      lg_error(store->vertex.lagoon, store, LG_E_ARGUMENT, "a key is NULL");
      return NULL;
    }
    size += strlen(keys[i]) + 1;
  }
  lg_key_listener *listener =
      (lg_key_listener *)lg_listener_begin(store->vertex.lagoon, LG_LISTENS_KEYS, size, ctx);
  if (!listener) return NULL;
  listener->count = count;
  listener->size = size;
  listener->keys = (const char **)(listener + 1);
  copy_keys(listener, keys);
  return start(store, &listener->listener, fn, subscribes);
}

lg_listener *lg_listen_keys(lg_store *store, const char *const *keys, size_t count, lg_listen_fn fn,
                            void *ctx) {
  return listen_keys(store, keys, count, fn, ctx, false);
}

lg_listener *lg_subscribe_keys(lg_store *store, const char *const *keys, size_t count,
                               lg_listen_fn fn, void *ctx) {
  return listen_keys(store, keys, count, fn, ctx, true);
}

lg_status lg_listen_also(lg_listener *listener, lg_store *store) {
  lg_status status = listener ? lg_check_store(store) : LG_E_ARGUMENT;
  if (status) return status;
  lg_lagoon *lagoon = store->vertex.lagoon;
  if (listener->vertex.lagoon != lagoon) return lg_error_of(lagoon, store, LG_E_FOREIGN);
  if (listener->vertex.kind != LG_LISTENS) {
    return lg_error(lagoon, store, LG_E_ARGUMENT, "not a listener of lg_listen");
  }
  return lg_attach(store, &listener->vertex);
}
