/*
** Stores: what all kinds have in common, and how atoms and maps are read and written.
*/
#include "state.h"

#include <string.h>

#include "path.h"

/* ---- begin and end --------------------------------------------------------------------------- */

void lg_store_begin(lg_store *store, lg_lagoon *lagoon, lg_kind kind, lg_value value) {
  store->vertex = (lg_vertex){.lagoon = lagoon, .kind = (uint8_t)kind};
  store->value = value;
  store->owners = 1;
  store->is_live = store->is_valid = kind != LG_COMPUTED_STORE;
  store->next = lagoon->stores;
  if (store->next) store->next->previous = store;
  lagoon->stores = store;
}

static size_t size_of(const lg_store *store) {
  const lg_computed_store *computed = (const lg_computed_store *)store;
  return store->vertex.kind == LG_COMPUTED_STORE
             ? lg_computed_size(computed->count, computed->is_batched)
             : sizeof *store;
}

static void end_extras(lg_store *store) {
  lg_extras *extras = store->extras;
  lg_lagoon *lagoon = store->vertex.lagoon;
  for (int kind = 0; kind < LG_EVENTS; kind++) {
    while (extras->events[kind])
      lg_event_listener_end((lg_event_listener *)extras->events[kind]);
  }
  if (!lagoon->is_closing) lg_timer_stop(&extras->unmount);
  lg_unshare(store);
  lg_status outside = lg_call_begin(lagoon);
  lg_run_destructors(lagoon, &extras->destructors);
  lg_call_end(lagoon, outside);
  lg_delete_text(lagoon, extras->name);
  lg_delete(lagoon, extras, sizeof *extras);
  lagoon->extras_count--;
}

void lg_store_clear(lg_store *store) {
  lg_let_go(&store->value);
  if (store->vertex.kind == LG_COMPUTED_STORE) lg_computed_forget((lg_computed_store *)store);
}

/* Frees a store that was taken out of the list. */
LG_HOT void finish(lg_lagoon *lagoon, lg_store *store) {
  store->is_gone = true; /* also for its own functions, which can't bring it back */
  if (store->vertex.kind == LG_COMPUTED_STORE) lg_computed_end((lg_computed_store *)store);
  if (store->extras) end_extras(store);
  lg_release(store->value);
  lg_delete(lagoon, store, size_of(store));
}

static void end_store(lg_store *store) {
  lg_lagoon *lagoon = store->vertex.lagoon;
  *(store->previous ? &store->previous->next : &lagoon->stores) = store->next;
  if (store->next) store->next->previous = store->previous;
  finish(lagoon, store);
}

void lg_stores_end(lg_lagoon *lagoon) {
  while (lagoon->stores) {
    lg_store *store = lagoon->stores;
    lagoon->stores = store->next;
    finish(lagoon, store);
  }
}

void lg_store_drop(lg_store *store) {
  lg_lagoon *lagoon = store->vertex.lagoon;
  if (store->is_gone) return;
  store->is_gone = true;
  store->next_gone = lagoon->gone;
  lagoon->gone = store;
}

void lg_sweep_slowly(lg_lagoon *lagoon) {
  if (lagoon->busy || lagoon->is_closing) return;
  while (lagoon->gone) {
    lg_store *store = lagoon->gone;
    lagoon->gone = store->next_gone;
    store->is_gone = false;
    /* A function that ran meanwhile may have listened to it */
    if (!lg_is_needed(store)) end_store(store);
  }
}

lg_store *lg_store_keep(lg_store *store) {
  if (store) store->owners++;
  return store;
}

void lg_store_release(lg_store *store) {
  if (!store || lg_check(store->vertex.lagoon)) return;
  lg_lagoon *lagoon = store->vertex.lagoon;
  store->owners--;
  lg_store_check(store);
  lg_sweep(lagoon);
}

/* ---- checks ---------------------------------------------------------------------------------- */

lg_status lg_check_store(lg_store *store) {
  return store ? lg_check_open(store->vertex.lagoon) : LG_E_ARGUMENT;
}

#define MOST_SOURCES 65535u

lg_status lg_check_sources(lg_lagoon *lagoon, lg_store *const *stores, size_t count, bool has_fn) {
  lg_status status = lg_check_open(lagoon);
  if (status) return status;
  if (!stores || !has_fn) return lg_error_of(lagoon, NULL, LG_E_ARGUMENT);
  if (!count || count > MOST_SOURCES) {
    return lg_error(lagoon, NULL, LG_E_ARGUMENT, "1 to 65,535 stores can be listed");
  }
  for (size_t i = 0; i < count; i++) {
    if (!stores[i]) return lg_error(lagoon, NULL, LG_E_ARGUMENT, "a store in the list is NULL");
    if (stores[i]->vertex.lagoon != lagoon) return lg_error_of(lagoon, stores[i], LG_E_FOREIGN);
  }
  return LG_OK;
}

/* ---- kinds ----------------------------------------------------------------------------------- */

/* What a store of a kind can't hold. */
static lg_status check_value(lg_lagoon *lagoon, const lg_store *store, lg_kind kind,
                             lg_value value) {
  if (lg_is_failed(value)) return lg_error_of(lagoon, store, lg_status_of(value));
  if (kind != LG_ATOM && lg_type_of(value) != LG_OBJECT) {
    return lg_error(lagoon, store, LG_E_TYPE, "the value of a map must be an object");
  }
  return LG_OK;
}

static lg_store *make(lg_lagoon *lagoon, lg_kind kind, lg_value initial) {
  lg_store *store = NULL;
  if (!lg_check_open(lagoon) && !check_value(lagoon, NULL, kind, initial)) {
    store = lg_new(lagoon, sizeof *store);
  }
  if (store) {
    lg_store_begin(store, lagoon, kind, initial);
  } else {
    lg_release(initial);
  }
  return store;
}

lg_store *lg_atom(lg_lagoon *lagoon, lg_value initial) { return make(lagoon, LG_ATOM, initial); }

lg_store *lg_map(lg_lagoon *lagoon) { return make(lagoon, LG_MAP, lg_object(lagoon)); }

lg_store *lg_map_from(lg_lagoon *lagoon, lg_value object) { return make(lagoon, LG_MAP, object); }

lg_store *lg_deep_map(lg_lagoon *lagoon) { return make(lagoon, LG_DEEP_MAP, lg_object(lagoon)); }

lg_store *lg_deep_map_from(lg_lagoon *lagoon, lg_value object) {
  return make(lagoon, LG_DEEP_MAP, object);
}

/* ---- reads ----------------------------------------------------------------------------------- */

lg_value lg_read_slowly(lg_store *store) {
  bool is_computed = store->vertex.kind == LG_COMPUTED_STORE;
  lg_status status = LG_OK;
  if (is_computed) status = lg_make_current((lg_computed_store *)store);
  if (status || store->listeners) {
    /* no event */
  } else if (store->is_active) {
    status = lg_visit(store);
  } else {
    status = lg_before_listen(store);
    if (!status) status = lg_leave(store);
  }
  return status ? lg_failed(status) : store->value;
}

lg_value lg_peek(lg_store *store) {
  lg_status status = store ? lg_check(store->vertex.lagoon) : LG_E_ARGUMENT;
  if (status) return lg_failed(status);
  lg_tracker *tracker = store->vertex.lagoon->tracker;
  store->vertex.lagoon->tracker = NULL;
  lg_value value = lg_read(store);
  store->vertex.lagoon->tracker = tracker;
  return value;
}

lg_value lg_get(lg_store *store) {
  lg_status status = store ? lg_check(store->vertex.lagoon) : LG_E_ARGUMENT;
  if (status) return lg_failed(status);
  return store->vertex.lagoon->tracker ? lg_track(store) : lg_read(store);
}

lg_value lg_get_key(lg_store *store, const char *key) {
  lg_value value = lg_get(store);
  if (lg_is_failed(value)) return value;
  return store->vertex.kind == LG_MAP ? lg_object_get(value, key) : lg_path_get(value, key);
}

/* ---- equality -------------------------------------------------------------------------------- */

bool lg_ask_equal(const lg_store *store, lg_value a, lg_value b) {
  lg_lagoon *lagoon = store->vertex.lagoon;
  lg_tracker *tracker = lagoon->tracker;
  lg_status outside = lg_call_begin(lagoon);
  lagoon->tracker = NULL;
  bool is_equal = store->extras->equal(a, b, store->extras->equal_ctx);
  lagoon->tracker = tracker;
  lg_call_end(lagoon, outside);
  return is_equal;
}

bool lg_ask_key_equal(const lg_store *map, lg_value a, lg_value b, const char *key) {
  lg_lagoon *lagoon = map->vertex.lagoon;
  lg_tracker *tracker = lagoon->tracker;
  lg_status outside = lg_call_begin(lagoon);
  lagoon->tracker = NULL;
  bool is_equal = map->extras->key_equal(a, b, key, map->extras->key_equal_ctx);
  lagoon->tracker = tracker;
  lg_call_end(lagoon, outside);
  return is_equal;
}

/* ---- writes ---------------------------------------------------------------------------------- */

/* A change, after which it is told whom it concerns. */
typedef struct change {
  lg_value old_value;
  const char *key;
  lg_value kept_key; /* a copy of it, for those that are called later */
} change;

/* Makes room for telling of a change. */
static lg_status prepare(lg_store *store, change *it) {
  lg_lagoon *lagoon = store->vertex.lagoon;
  lg_status status = lg_prepare(lagoon, store);
  bool is_told = it->key && store->vertex.node && !lagoon->batches;
  if (status || !is_told || !lg_is_undefined(it->kept_key)) return status;
  it->kept_key = lg_string(lagoon, it->key);
  return lg_is_failed(it->kept_key) ? lg_error_of(lagoon, store, LG_E_MEMORY) : LG_OK;
}

/* Tells the listeners of lg_on_notify, which may prevent that any others are told. False: there is
** no memory for the others. */
static bool tell_first(lg_store *store, change *it, bool *is_aborted, lg_status *raised) {
  lg_event event = {.old_value = it->old_value, .key = it->key};
  *raised = lg_call_event(store, LG_NOTIFY, &event);
  *is_aborted = event.abort;
  return event.abort || !prepare(store, it); /* it may have got its first listener */
}

/* Tells whom a change concerns, and takes it over. False: there is no memory for it, and nobody was
** told. */
static bool tell(lg_store *store, change *it, lg_status *status) {
  lg_status raised = LG_OK;
  if (store->extras && store->extras->events[LG_NOTIFY]) {
    bool is_aborted;
    if (!tell_first(store, it, &is_aborted, &raised)) {
      lg_release(it->kept_key);
      *status = LG_E_MEMORY;
      return false;
    }
    if (is_aborted) {
      store->vertex.lagoon->silent_writes++;
      if (store->vertex.node) lg_graph_touch(&store->vertex.lagoon->graph, store->vertex.node);
      lg_release(it->old_value);
      lg_release(it->kept_key);
      *status = raised;
      return true;
    }
  }
  lg_lagoon *lagoon = store->vertex.lagoon;
  lg_report report;
  if (raised) report = lagoon->last;
  *status = lg_emit(lagoon, store, it->old_value, it->kept_key);
  if (raised && !*status) {
    lagoon->last = report;
    *status = raised;
  }
  return true;
}

/* Puts another value into the store, and tells whom it concerns. Takes `value` over. */
static lg_status put(lg_store *store, lg_value value, const char *key) {
  change it = {.old_value = store->value, .key = key};
  lg_status status = prepare(store, &it);
  if (status) {
    lg_release(value);
    return status;
  }
  store->value = value;
  if (!tell(store, &it, &status)) {
    lg_release(store->value);
    store->value = it.old_value;
  }
  return status;
}

/* Whether lg_on_set allows it. */
static lg_status allow(lg_store *store, lg_value value, const char *key) {
  if (!store->extras->events[LG_SET]) return LG_OK;
  lg_event event = {.new_value = value, .key = key};
  lg_status status = lg_call_event(store, LG_SET, &event);
  if (!status && event.abort) status = lg_error_of(store->vertex.lagoon, store, LG_E_ABORTED);
  return status;
}

lg_status lg_write_slowly(lg_store *store, lg_value value) {
  lg_status status = store->extras ? allow(store, value, NULL) : LG_OK;
  if (!status && !lg_store_equal(store, store->value, value)) {
    return store->extras ? put(store, value, NULL)
                         : lg_put(store->vertex.lagoon, store, store->value, value);
  }
  lg_release(value);
  return status;
}

/* Whether `value` may be written to this store. */
static lg_status check_write(lg_store *store, lg_value value) {
  lg_status status = lg_check_store(store);
  if (!status && lg_is_failed(value)) {
    status = lg_error_of(store->vertex.lagoon, store, lg_status_of(value));
  }
  if (!status && store->vertex.kind == LG_COMPUTED_STORE) {
    status = lg_error_of(store->vertex.lagoon, store, LG_E_READONLY);
  }
  return status;
}

/* Lets the end of the open batch tell of a write that failed. The store may be gone. */
static lg_status end_write(lg_lagoon *lagoon, lg_status status) {
  if (!lagoon || status == LG_E_THREAD) return status;
  if (status && lagoon->batches && !lagoon->missed.status) lagoon->missed = lagoon->last;
  lg_sweep(lagoon);
  return status;
}

LG_COLD static lg_status set_slowly(lg_store *store, lg_value value) {
  lg_lagoon *lagoon = lg_lagoon_of(store);
  lg_status status = check_write(store, value);
  if (!status) status = check_value(lagoon, store, (lg_kind)store->vertex.kind, value);
  if (!status) return end_write(lagoon, lg_write(lagoon, store, value, false));
  lg_release(value);
  return end_write(lagoon, status);
}

/* Whether nothing speaks against the write. */
LG_HOT bool can_set(const lg_store *store, lg_value value) {
  return store && !lg_check(store->vertex.lagoon) && !store->vertex.lagoon->is_closing &&
         store->vertex.kind == LG_ATOM && !lg_is_failed(value);
}

lg_status lg_set(lg_store *store, lg_value value) {
  if (!can_set(store, value)) return set_slowly(store, value);
  lg_lagoon *lagoon = store->vertex.lagoon;
  lg_status status = lg_write(lagoon, store, value, false);
  return status || lagoon->gone ? end_write(lagoon, status) : LG_OK;
}

/* The value of the store with one key or path replaced; takes `value` over. */
static lg_value with_key(lg_store *store, const char *key, lg_value value) {
  lg_value whole = lg_keep(store->value);
  return store->vertex.kind == LG_MAP ? lg_object_set(whole, key, value)
                                      : lg_path_set(store->vertex.lagoon, whole, key, value);
}

static bool is_same_key(lg_store *store, const char *key, lg_value value) {
  lg_extras *extras = store->extras;
  lg_value old = store->vertex.kind == LG_MAP ? lg_object_get(store->value, key)
                                              : lg_path_get(store->value, key);
  if (lg_is_undefined(value) && !lg_is_undefined(old)) return false;
  bool is_asked = extras && extras->key_equal;
  return is_asked ? lg_ask_key_equal(store, old, value, key) : lg_same(old, value);
}

/* Sets the key, as far as lg_on_set allows it. Takes `value` over. */
static lg_status write_key(lg_store *store, const char *key, lg_value value) {
  lg_lagoon *lagoon = store->vertex.lagoon;
  if (store->extras && store->extras->events[LG_SET]) {
    lg_value wanted = with_key(store, key, lg_keep(value));
    lg_status status = lg_is_failed(wanted) ? lg_error_of(lagoon, store, lg_status_of(wanted))
                                            : allow(store, wanted, key);
    lg_release(wanted);
    if (status) {
      lg_release(value);
      return status;
    }
  }
  if (is_same_key(store, key, value)) {
    lg_release(value);
    return LG_OK;
  }
  lg_value whole = with_key(store, key, value);
  if (lg_is_failed(whole)) return lg_error_of(lagoon, store, lg_status_of(whole));
  return put(store, whole, key);
}

lg_status lg_set_key(lg_store *store, const char *key, lg_value value) {
  lg_lagoon *lagoon = lg_lagoon_of(store);
  lg_status status = check_write(store, value);
  if (!status && !key) status = lg_error(store->vertex.lagoon, store, LG_E_ARGUMENT, "no key");
  if (!status && store->vertex.kind == LG_ATOM) {
    status = lg_error(store->vertex.lagoon, store, LG_E_TYPE, "an atom has no keys; use lg_map");
  }
  if (!status) return end_write(lagoon, write_key(store, key, value));
  lg_release(value);
  return end_write(lagoon, status);
}

lg_status lg_notify(lg_store *store) {
  change it = {.key = NULL};
  lg_lagoon *lagoon = lg_lagoon_of(store);
  lg_status status = lg_check_store(store);
  if (!status) status = prepare(store, &it);
  if (!status) tell(store, &it, &status);
  return end_write(lagoon, status);
}

/* ---- extras ---------------------------------------------------------------------------------- */

lg_extras *lg_extras_of(lg_store *store) {
  if (store->extras) return store->extras;
  store->extras = lg_new(store->vertex.lagoon, sizeof *store->extras);
  if (store->extras) store->vertex.lagoon->extras_count++;
  return store->extras;
}

/* LG_OK if the store can get extras, and has them now. */
static lg_status check_extras(lg_store *store) {
  lg_status status = lg_check_store(store);
  if (!status && !lg_extras_of(store)) status = LG_E_MEMORY;
  return status;
}

lg_status lg_set_equal(lg_store *store, lg_equal_fn fn, void *ctx) {
  lg_status status = check_extras(store);
  if (status) return status;
  store->extras->equal = fn;
  store->extras->equal_ctx = ctx;
  return LG_OK;
}

lg_status lg_set_key_equal(lg_store *store, lg_key_equal_fn fn, void *ctx) {
  lg_status status = check_extras(store);
  if (!status && store->vertex.kind != LG_MAP && store->vertex.kind != LG_DEEP_MAP) {
    status = lg_error(store->vertex.lagoon, store, LG_E_TYPE, "only a map has keys");
  }
  if (status) return status;
  store->extras->key_equal = fn;
  store->extras->key_equal_ctx = ctx;
  return LG_OK;
}

lg_status lg_set_name(lg_store *store, const char *name) {
  lg_status status = check_extras(store);
  char *copy = NULL;
  if (!status && name) {
    copy = lg_copy_text(store->vertex.lagoon, name);
    if (!copy) status = LG_E_MEMORY;
  }
  if (status) return status;
  lg_delete_text(store->vertex.lagoon, store->extras->name);
  store->extras->name = copy;
  return LG_OK;
}

const char *lg_name(const lg_store *store) {
  return store && store->extras && store->extras->name ? store->extras->name : "";
}

lg_status lg_on_destroy(lg_store *store, void (*fn)(void *ctx), void *ctx) {
  lg_status status = check_extras(store);
  if (!status && !fn) status = lg_error_of(store->vertex.lagoon, store, LG_E_ARGUMENT);
  if (!status) {
    status = lg_add_destructor(store->vertex.lagoon, &store->extras->destructors, fn, ctx);
  }
  return status;
}

size_t lg_listener_count(const lg_store *store) { return store ? store->listeners : 0; }

lg_lagoon *lg_lagoon_of(const lg_store *store) { return store ? store->vertex.lagoon : NULL; }
