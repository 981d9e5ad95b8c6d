/*
** Events of a store, and what mounting it means.
*/
#include "state.h"

/* ---- calling the listeners of an event ------------------------------------------------------- */

/* While a walk over the listeners of an event goes on, none is freed. */
static lg_status walk_begin(lg_store *store) {
  lg_lagoon *lagoon = store->vertex.lagoon;
  store->owners++;
  lagoon->event_walks++;
  return lg_call_begin(lagoon);
}

static lg_status walk_end(lg_store *store, lg_status outside) {
  lg_lagoon *lagoon = store->vertex.lagoon;
  if (!--lagoon->event_walks) lg_free_ended(lagoon);
  store->owners--;
  lg_store_check(store);
  return lg_call_end(lagoon, outside);
}

/* Events that cause each other, one within the other. */
#define MOST_WALKS 1000u

lg_status lg_call_event(lg_store *store, lg_event_kind kind, lg_event *event) {
  lg_lagoon *lagoon = store->vertex.lagoon;
  if (!store->extras || !store->extras->events[kind]) return LG_OK;
  if (lagoon->event_walks > MOST_WALKS) {
    lg_raise(lagoon, lg_error_of(lagoon, store, LG_E_ENDLESS));
    return LG_E_ENDLESS;
  }
  void *shared = NULL;
  event->store = store;
  event->shared = &shared;
  lg_tracker *tracker = lagoon->tracker;
  lagoon->tracker = NULL;
  lg_status outside = walk_begin(store);
  for (lg_listener *it = store->extras->events[kind]; it; it = ((lg_event_listener *)it)->older) {
    lg_event_listener *listener = (lg_event_listener *)it;
    if (listener->is_ended) continue;
    listener->is_mounted = kind == LG_MOUNT;
    if (it->fn.event) it->fn.event(event, it->ctx);
  }
  lagoon->tracker = tracker;
  lg_status status = walk_end(store, outside);
  /* Whatever its caller makes of that: not one of them shall go on */
  if (status == LG_E_ENDLESS && lagoon->busy) lg_raise(lagoon, status);
  return status;
}

void lg_call_unmounts(lg_store *store) {
  if (!store->extras) return;
  for (lg_listener *it = store->extras->events[LG_MOUNT]; it;
       it = ((lg_event_listener *)it)->older) {
    lg_event_listener *listener = (lg_event_listener *)it;
    if (!listener->is_mounted) continue;
    listener->is_mounted = false;
    if (listener->unmount) listener->unmount(it->ctx);
  }
}

/* ---- mounting -------------------------------------------------------------------------------- */

static bool can_mount(const lg_store *store) {
  return store->vertex.kind == LG_COMPUTED_STORE ||
         (store->extras && store->extras->events[LG_MOUNT]);
}

/* Whether its own lg_on_mount read a tracked computed, which was mounted for that. */
static bool was_read_in_mount(const lg_store *store) {
  return !((const lg_computed_store *)store)->count && store->is_live;
}

static lg_status mount(lg_store *store) {
  if (store->listeners || store->is_active || !can_mount(store)) return LG_OK;
  lg_event event = {.key = NULL};
  store->is_active = true;
  lg_status status = lg_call_event(store, LG_MOUNT, &event);
  if (!status && store->vertex.kind == LG_COMPUTED_STORE && !was_read_in_mount(store)) {
    status = lg_computed_mount((lg_computed_store *)store);
  }
  return status;
}

static lg_status call_start(lg_store *store) {
  if (store->listeners || store->is_starting || !store->extras) return LG_OK;
  lg_event event = {.key = NULL};
  store->is_starting = true;
  lg_status status = lg_call_event(store, LG_START, &event);
  store->is_starting = false;
  return status;
}

/* A tracked computed is computed only when needed: from now on it is. A batched one waits, unless
** it failed. */
static lg_status make_needed(lg_store *store) {
  lg_computed_store *computed = (lg_computed_store *)store;
  if (store->vertex.kind != LG_COMPUTED_STORE || computed->count || !store->is_live) return LG_OK;
  bool has_time = computed->is_batched && !computed->failure;
  return has_time || store->is_computing ? LG_OK : lg_make_current(computed);
}

/* Whether somebody further out is about to listen: for both together, the events come once. */
static bool is_awaited(const lg_store *store) {
  const lg_join *it = store->extras ? store->vertex.lagoon->joins : NULL;
  while (it && !(it->store == store && it->is_started))
    it = it->outer;
  return it;
}

lg_status lg_join_begin(lg_join *join) {
  lg_store *store = join->store;
  bool is_mount_outer = store->extras && store->extras->is_mount_outer;
  join->outer = store->vertex.lagoon->joins;
  store->vertex.lagoon->joins = join;
  lg_status status = is_mount_outer ? mount(store) : LG_OK;
  if (!status && !is_awaited(store)) status = call_start(store);
  join->is_started = !status;
  if (!status && !is_mount_outer) status = mount(store);
  return status ? status : make_needed(store);
}

void lg_join_end(const lg_join *join) { join->store->vertex.lagoon->joins = join->outer; }

static lg_timer *unmount_timer(lg_store *store) {
  if (store->vertex.kind == LG_COMPUTED_STORE) return &((lg_computed_store *)store)->unmount;
  return store->extras ? &store->extras->unmount : NULL;
}

static lg_status call_stop(lg_store *store) {
  lg_event event = {.key = NULL};
  if (store->is_stopping) return LG_OK; /* one of them reads the store */
  store->is_stopping = true;
  lg_status status = lg_call_event(store, LG_STOP, &event);
  store->is_stopping = false;
  return status;
}

lg_status lg_visit(lg_store *store) {
  if (is_awaited(store)) return LG_OK;
  lg_status status = call_start(store);
  return status || store->listeners ? status : call_stop(store);
}

/* What comes when nobody listens any more, or when somebody who was to listen did not. */
static void end_listen(lg_store *store, bool was_started) {
  lg_lagoon *lagoon = store->vertex.lagoon;
  lg_timer *timer = unmount_timer(store);
  lg_status status = was_started && !is_awaited(store) ? call_stop(store) : LG_OK;
  if (status) lg_raise(lagoon, status);
  if (timer && can_mount(store)) {
    timer->store = store;
    lg_timer_start(lagoon, &lagoon->unmounts, timer, LG_UNMOUNT_DELAY);
  }
  lg_store_check(store);
}

void lg_after_last(lg_store *store) { end_listen(store, true); }

/* Whether the mount of a computed has failed: nobody further out is still at it. */
static bool is_half_mounted(const lg_store *store) {
  const lg_join *it = store->vertex.lagoon->joins;
  if (store->vertex.kind != LG_COMPUTED_STORE || store->is_live || !store->is_active) return false;
  while (it && it->store != store)
    it = it->outer;
  return !it;
}

#define MOST_MOUNTS 10u

/* Somebody came while the store was being mounted, which failed, perhaps with a listener of a source:
** for those who came it is mounted all the same, as far as there is memory. */
static void mount_for_others(lg_store *store) {
  for (uint32_t i = 0; i < MOST_MOUNTS && store->listeners && is_half_mounted(store); i++) {
    while (lg_unlink_first(&store->vertex)) {
    }
    lg_computed_mount((lg_computed_store *)store);
  }
}

void lg_give_up(lg_store *store, bool was_started) {
  lg_lagoon *lagoon = store->vertex.lagoon;
  lg_report report = lagoon->last;
  store->owners++;
  lg_status outside = lg_call_begin(lagoon);
  if (!store->listeners && is_half_mounted(store)) lg_unmount(store); /* as it was before */
  mount_for_others(store);
  if (!store->listeners) end_listen(store, was_started);
  lg_call_end(lagoon, outside);
  store->owners--;
  lg_store_check(store);
  lagoon->last = report;
}

lg_status lg_before_listen(lg_store *store) {
  lg_join join = {.store = store};
  lg_status status = lg_join_begin(&join);
  lg_join_end(&join);
  if (status) lg_give_up(store, join.is_started);
  return status;
}

/* Links one more sink to a store, with all events. */
static lg_status attach_slowly(lg_store *store, lg_vertex *sink) {
  lg_lagoon *lagoon = store->vertex.lagoon;
  lg_tracker *tracker = lagoon->tracker;
  lg_join join = {.store = store, .sink = sink};
  lagoon->tracker = NULL;
  lg_status status = lg_join_begin(&join);
  lg_join_end(&join);
  if (!status && join.sink) {
    status = lg_link(store, sink);
  } else if (!status) {
    status = lg_error(lagoon, store, LG_E_ARGUMENT, "the listener was ended meanwhile");
  }
  if (status) lg_give_up(store, join.is_started);
  lagoon->tracker = tracker;
  return status;
}

lg_status lg_attach(lg_store *store, lg_vertex *sink) {
  bool has_events = store->extras || store->vertex.kind == LG_COMPUTED_STORE;
  if (has_events) return attach_slowly(store, sink);
  lg_status status = lg_link(store, sink);
  if (status) lg_store_check(store);
  return status;
}

lg_status lg_leave(lg_store *store) {
  if (store->listeners) return LG_OK; /* somebody came meanwhile, and stays */
  lg_status outside = lg_call_begin(store->vertex.lagoon);
  lg_after_last(store);
  return lg_call_end(store->vertex.lagoon, outside);
}

void lg_unmount(lg_store *store) {
  if (!store->is_active || store->listeners) return;
  lg_status outside = walk_begin(store);
  lg_call_unmounts(store);
  if (store->listeners) {
    /* They came meanwhile, so that it is mounted again */
    lg_event event = {.key = NULL};
    lg_status raised = lg_call_event(store, LG_MOUNT, &event);
    if (raised) lg_raise(store->vertex.lagoon, raised);
  } else {
    store->is_active = false;
    if (store->vertex.kind == LG_COMPUTED_STORE) lg_computed_unmount((lg_computed_store *)store);
  }
  lg_status status = walk_end(store, outside);
  if (status) lg_raise(store->vertex.lagoon, status);
}

bool lg_is_mounted(const lg_store *store) {
  return store && (can_mount(store) ? store->is_active : store->listeners > 0);
}

/* ---- listeners of events --------------------------------------------------------------------- */

static lg_listener *on(lg_store *store, lg_event_kind kind, lg_event_fn fn,
                       void (*unmount)(void *ctx), void *ctx) {
  if (lg_check_store(store) || !lg_extras_of(store)) return NULL;
  lg_lagoon *lagoon = store->vertex.lagoon;
  if (!fn && !unmount) {
    lg_error(lagoon, store, LG_E_ARGUMENT, "no function");
    return NULL;
  }
  lg_event_listener *listener =
      (lg_event_listener *)lg_listener_begin(lagoon, LG_HEARS, sizeof *listener, ctx);
  if (!listener) return NULL;
  lg_extras *extras = store->extras;
  if (!extras->events[kind] && (kind == LG_MOUNT || kind == LG_START)) {
    extras->is_mount_outer = kind == LG_MOUNT && store->vertex.kind != LG_COMPUTED_STORE;
  }
  listener->listener.fn.event = fn;
  listener->store = store;
  listener->event = kind;
  listener->unmount = unmount;
  listener->older = extras->events[kind];
  if (listener->older) ((lg_event_listener *)listener->older)->newer = &listener->listener;
  extras->events[kind] = &listener->listener;
  return &listener->listener;
}

lg_listener *lg_on_mount(lg_store *store, lg_event_fn mount_fn, void (*unmount)(void *ctx),
                         void *ctx) {
  return on(store, LG_MOUNT, mount_fn, unmount, ctx);
}

lg_listener *lg_on_start(lg_store *store, lg_event_fn fn, void *ctx) {
  return on(store, LG_START, fn, NULL, ctx);
}

lg_listener *lg_on_stop(lg_store *store, lg_event_fn fn, void *ctx) {
  return on(store, LG_STOP, fn, NULL, ctx);
}

lg_listener *lg_on_set(lg_store *store, lg_event_fn fn, void *ctx) {
  return on(store, LG_SET, fn, NULL, ctx);
}

lg_listener *lg_on_notify(lg_store *store, lg_event_fn fn, void *ctx) {
  return on(store, LG_NOTIFY, fn, NULL, ctx);
}

static void free_event_listener(lg_event_listener *listener) {
  lg_store *store = listener->store;
  lg_event_listener *newer = (lg_event_listener *)listener->newer;
  *(newer ? &newer->older : &store->extras->events[listener->event]) = listener->older;
  if (listener->older) ((lg_event_listener *)listener->older)->newer = listener->newer;
  lg_listener_end(&listener->listener);
  if (can_mount(store)) return;
  store->is_active = false; /* nobody is left who would be told of its end */
  lg_store_check(store);
}

void lg_event_listener_end(lg_event_listener *listener) {
  lg_lagoon *lagoon = listener->listener.vertex.lagoon;
  if (listener->is_ended) return;
  bool was_mounted = listener->is_mounted;
  listener->is_ended = true;
  listener->is_mounted = false;
  listener->next_ended = lagoon->ended;
  lagoon->ended = listener;
  lagoon->event_walks++;
  if (was_mounted && listener->unmount) listener->unmount(listener->listener.ctx);
  if (!--lagoon->event_walks) lg_free_ended(lagoon);
}

void lg_free_ended(lg_lagoon *lagoon) {
  while (lagoon->ended) {
    lg_event_listener *listener = lagoon->ended;
    lagoon->ended = listener->next_ended;
    free_event_listener(listener);
  }
}

static void do_nothing(const lg_change *change, void *ctx) {
  (void)change;
  (void)ctx;
}

lg_listener *lg_keep_mount(lg_store *store) { return lg_listen(store, do_nothing, NULL); }
