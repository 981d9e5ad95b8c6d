/*
** What a lagoon is made of, and the functions with which its files call each other. Not public:
** include/lagoon.h is.
**
**     error.c      what went wrong                   listen.c     listeners
**     lagoon.c     begin and end of a lagoon         effect.c     effects
**     update.c     drives the engine, graph.c        lifecycle.c  events of a store, mounting
**     store.c      atoms and maps, reads, writes     timer.c      what is due later
**     computed.c   values derived from others        track.c      which stores a run read
**
** Beside them, on the public functions: task.c, map_creator.c, snapshot.c, picture.c, post.c.
*/
#ifndef LAGOON_STATE_H
#define LAGOON_STATE_H

#include "graph.h"
#include "memory.h"
#include "pool.h"

/* What an update is made of, to be inlined wherever it is called; and what is kept out of it,
** because the rest is faster without it. See also LG_COLD. */
#if defined(__GNUC__) && !defined(__OPTIMIZE_SIZE__)
#define LG_HOT static inline __attribute__((always_inline))
#define LG_APART __attribute__((noinline))
#else
#define LG_HOT static inline
#define LG_APART
#endif

/* ---- what has a node in the graph ------------------------------------------------------------ */

typedef enum lg_kind {
  LG_ATOM,
  LG_MAP,
  LG_DEEP_MAP,
  LG_COMPUTED_STORE,
  LG_LISTENS, /* lg_listen, and all below are listeners */
  LG_LISTENS_KEYS,
  LG_RUNS_LISTED, /* lg_effect_from */
  LG_RUNS_TRACKED,
  LG_HEARS /* an event; it has no node */
} lg_kind;

/* A store, a listener or an effect begins with it. */
typedef struct lg_vertex {
  lg_lagoon *lagoon;
  uint32_t node; /* 0: nobody is linked to it */
  uint8_t kind;
} lg_vertex;

typedef struct lg_timer {
  uint64_t at;    /* in milliseconds of the lagoon's clock */
  uint64_t order; /* of those that are due at the same time */
  struct lg_timer *previous;
  struct lg_timer *next; /* NULL: not waiting */
  lg_store *store;
} lg_timer;

typedef enum lg_event_kind {
  LG_START,
  LG_STOP,
  LG_SET,
  LG_NOTIFY,
  LG_MOUNT,
  LG_EVENTS
} lg_event_kind;

typedef struct lg_destructor {
  void (*fn)(void *ctx);
  void *ctx;
  struct lg_destructor *next;
} lg_destructor;

/* What few stores have. */
typedef struct lg_extras {
  char *name;
  char *shared_name; /* NULL: the store is not shared */
  lg_store *previous_shared;
  lg_store *next_shared;
  lg_store *next_of_hash; /* another one, whose name has the same place in lg_lagoon's names */
  lg_equal_fn equal;
  void *equal_ctx;
  lg_key_equal_fn key_equal;
  void *key_equal_ctx;
  lg_listener *events[LG_EVENTS]; /* the newest first */
  bool is_mount_outer;            /* lg_on_mount came after lg_on_start: it is called before that */
  lg_destructor *destructors;
  lg_timer unmount;
} lg_extras;

struct lg_store {
  lg_vertex vertex;
  uint8_t is_active;    /* mounted: between mount and unmount */
  uint8_t is_starting;  /* in lg_on_start's functions */
  uint8_t is_stopping;  /* in lg_on_stop's functions */
  uint8_t is_gone;      /* it waits to be freed */
  uint8_t is_live;      /* its value is current, if the engine does not say that it is stale */
  uint8_t is_valid;     /* the same, and its function has not failed */
  uint8_t is_computing; /* its function runs, or its sources are read for it */
  uint8_t is_told_of;   /* somebody listens, or did, who is told its values */
  uint32_t owners;
  uint32_t listeners; /* edges to it, in the words of lagoon.h */
  lg_value value;
  uint64_t read_in;  /* the last tracking run that read it */
  lg_extras *extras; /* NULL: none */
  lg_store *previous;
  lg_store *next; /* of all stores of the lagoon */
  lg_store *next_gone;
};

typedef struct lg_computed_store {
  lg_store store;
  union {
    lg_compute_fn tracked;
    lg_derive_fn listed;
  } fn;
  void *ctx;
  uint64_t epoch; /* when it was computed */
  bool is_batched;
  bool is_waiting; /* for its sources, in a read from below */
  bool has_previous;
  uint8_t failure; /* of the last run, if it tracks: an lg_status */
  lg_timer unmount;
  uint32_t count;       /* of listed sources; 0: it tracks */
  uint32_t next_source; /* in a read from below */
  union {
    struct { /* if they are listed */
      struct lg_computed_store *above;
      lg_store **sources; /* in the same block */
    };
    struct { /* if it tracks */
      struct lg_running_effect *children;
      char *failure_text; /* NULL: there was no memory for it */
    };
  };
  lg_value previous[]; /* the values it was computed from; undefined before */
} lg_computed_store;

/* A batched computed has one behind its values, at the end of which it is computed. */
static inline lg_timer *lg_wake_of(const lg_computed_store *computed) {
  return (lg_timer *)(computed->previous + computed->count);
}

struct lg_listener {
  lg_vertex vertex;
  union {
    lg_listen_fn listen;
    lg_effect_fn effect;
    lg_effect_from_fn effect_from;
    lg_event_fn event;
  } fn;
  void *ctx;
  lg_listener *previous;
  lg_listener *next; /* of all listeners of the lagoon */
};

typedef struct lg_key_listener {
  lg_listener listener;
  size_t count;
  const char **keys; /* behind it, in the same block, with their texts */
  size_t size;       /* of that block */
} lg_key_listener;

typedef struct lg_tracker lg_tracker;

typedef struct lg_running_effect {
  lg_listener listener;
  lg_destructor *cleanups; /* the newest first */
  lg_tracker *tracker;     /* of the run that goes on; NULL: none */
  uint32_t running;        /* what goes on with it, so that it is not freed */
  lg_status status;        /* of the last run */
  bool is_ended;           /* it waits to be freed */
  lg_vertex *owner;        /* whose run made it; NULL: none */
  struct lg_running_effect *previous_child;
  struct lg_running_effect *next_child; /* of its owner: circular */
  struct lg_running_effect *children;   /* the oldest */
  uint32_t count;                       /* of listed sources */
  lg_store *sources[];
} lg_running_effect;

typedef struct lg_event_listener {
  lg_listener listener;
  lg_store *store;
  lg_event_kind event;
  bool is_mounted; /* its `mount` was called, its `unmount` not yet */
  bool is_ended;   /* it waits to be freed */
  void (*unmount)(void *ctx);
  lg_listener *older; /* of the same event */
  lg_listener *newer;
  struct lg_event_listener *next_ended;
} lg_event_listener;

/* ---- the lagoon ------------------------------------------------------------------------------ */

/* What a notice in the engine's queue carries. */
typedef struct lg_message {
  lg_value old_value;
  lg_value key; /* a string, or undefined; failed: see lg_emit_failure */
} lg_message;

/* A store that was written in a batch, which may give it its old value back. */
typedef struct lg_suspect {
  lg_value old_value;
  uint32_t node; /* with the place of this as its serial, until it is known */
} lg_suspect;

/* A run of a function that tracks what it reads. */
struct lg_tracker {
  lg_vertex *sink;  /* NULL: it was ended in its own run */
  lg_vertex *owner; /* of the effects that it makes: the same, but never NULL */
  uint64_t run;
};

/* A sink that is about to be linked to a store, which is mounted for that. */
typedef struct lg_join {
  lg_store *store;
  lg_vertex *sink; /* NULL: it was ended meanwhile, or somebody only reads the store */
  bool is_started; /* lg_on_start's functions were called for it */
  struct lg_join *outer;
} lg_join;

typedef struct lg_post_queue lg_post_queue;

#define LG_MESSAGE_SIZE 320

typedef struct lg_report {
  lg_status status;
  char text[LG_MESSAGE_SIZE];
} lg_report;

/* What was raised in a function of the host's that is running. */
typedef struct lg_raised {
  lg_report report;        /* LG_OK: nothing */
  uint32_t busy;           /* what lg_lagoon's was: how far within */
  struct lg_raised *outer; /* in a function further out, which goes on after that */
} lg_raised;

struct lg_lagoon {
  lg_memory *memory; /* the first one: see lg_memory_of */
  lg_pool pool;
  lg_graph graph;
  lg_message *messages; /* by number of notice */
  uint32_t message_count;
  uint32_t message_capacity;
  lg_suspect *suspects; /* of the batch that is open */
  uint32_t suspect_count;
  uint32_t suspect_capacity;
  uint32_t draining;
  uint32_t computing;
  uint32_t batches;
  bool is_ending_batch;      /* the listeners of the outermost one are called */
  uint32_t busy;             /* functions of the host's that are running */
  uint64_t follow_ups;       /* writes since the outermost drain began */
  uint64_t epoch;            /* counts changes */
  uint64_t silent_writes;    /* counts those that lg_on_notify aborted */
  uint64_t runs;             /* counts tracking runs */
  uint32_t depth;            /* of computeds that read or mount their sources */
  uint32_t runs_within;      /* tracked runs, one within the other */
  lg_tracker *tracker;       /* NULL: reads are not tracked */
  lg_running_effect *effect; /* that runs now */
  uint32_t effect_depth;     /* what `busy` was when its run began */
  bool is_closing;
  lg_status raised; /* by lg_fail, in the function that runs now */
  lg_raised innermost;
  lg_report last;
  lg_report thrown; /* what the outermost update will return */
  lg_report missed; /* the first write that failed in the batch that is open */
  lg_store *stores;
  size_t extras_count; /* how many of them have extras */
  lg_store *gone;      /* those that wait to be freed */
  lg_listener *listeners;
  lg_event_listener *ended; /* which a walk may still be at */
  uint32_t event_walks;
  lg_join *joins; /* the innermost */
  size_t tasks;
  bool is_releasing_tasks;
  lg_destructor *waiting; /* for all tasks */
  lg_store *first_shared; /* in the order in which they were shared */
  lg_store *last_shared;
  lg_store **shared_names;  /* the same stores by the hash of their name */
  uint32_t shared_capacity; /* a power of two, or 0 */
  uint32_t shared_count;
  lg_timer unmounts; /* both are heads of circular lists, by time */
  lg_timer wakes;
  uint64_t timer_order;
  lg_map_creator *creators;
  lg_options options;
  lg_post_queue *posts;
  bool is_posting; /* functions that were posted are running */
  const void *thread;
  uint64_t computes;
  uint64_t calls;
};

/* ---- error.c --------------------------------------------------------------------------------- */

/* Sets what lg_last_error says: the store's name, if `store` is not NULL, and `text`. Returns
** `status`. */
lg_status lg_error(lg_lagoon *lagoon, const lg_store *store, lg_status status, const char *text);

/* The same for a status that a value carries. */
lg_status lg_error_of(lg_lagoon *lagoon, const lg_store *store, lg_status status);

/* A variable of which each thread has its own: its address tells threads apart. */
#if !defined(NDEBUG) && !defined(LG_NO_LIBC)
extern _Thread_local char lg_this_thread;
#define LG_THIS_THREAD ((const void *)&lg_this_thread)
#else
#define LG_THIS_THREAD NULL
#endif

/* LG_OK, or why the lagoon can't be used now: NULL, or another thread's. */
static inline lg_status lg_check(const lg_lagoon *lagoon) {
  if (!lagoon) return LG_E_ARGUMENT;
  if (lagoon->memory->is_releasing) return LG_E_BUSY; /* in the `destroy` of an lg_pointer */
  return lagoon->thread == LG_THIS_THREAD ? LG_OK : LG_E_THREAD;
}

/* The same for what would change a store, which a closing lagoon refuses. */
static inline lg_status lg_check_open(lg_lagoon *lagoon) {
  lg_status status = lg_check(lagoon);
  if (!status && lagoon->is_closing) status = lg_error_of(lagoon, NULL, LG_E_BUSY);
  return status;
}

/* The function that runs now fails, for the reason that was just given to lg_error. Whatever it
** ignores later, that is told. */
void lg_raise(lg_lagoon *lagoon, lg_status status);

/* What was raised and not taken yet, of which lg_last_error tells again. */
lg_status lg_take_raised(lg_lagoon *lagoon);

/* Before a function of the host's is called, and after it. Between them lg_fail can be used:
** `begin` returns what was raised further out, which `end` puts back; it returns what was raised
** between them. */
LG_HOT lg_status lg_call_begin(lg_lagoon *lagoon) {
  lg_status raised_outside = lagoon->raised;
  lagoon->raised = LG_OK;
  lagoon->busy++;
  return raised_outside;
}

LG_HOT lg_status lg_call_end(lg_lagoon *lagoon, lg_status raised_outside) {
  lg_status raised = lagoon->raised ? lg_take_raised(lagoon) : LG_OK;
  lagoon->raised = raised_outside;
  lagoon->busy--;
  return raised;
}

/* As lg_call_end, for what is a part of a function that runs further out, if there is one: what was
** raised is raised there. */
static inline void lg_call_end_within(lg_lagoon *lagoon, lg_status raised_outside) {
  lg_status raised = lg_call_end(lagoon, raised_outside);
  if (raised && lagoon->busy) lg_raise(lagoon, raised);
}

/* Keeps the last error for the end of the update. */
void lg_throw(lg_lagoon *lagoon, lg_status status);

/* ---- lagoon.c -------------------------------------------------------------------------------- */

/* A zeroed block, or NULL with an error. */
void *lg_new(lg_lagoon *lagoon, size_t size);
void lg_delete(lg_lagoon *lagoon, void *block, size_t size);

/* A copy of a text that ends with NUL. */
char *lg_copy_text(lg_lagoon *lagoon, const char *text);
void lg_delete_text(lg_lagoon *lagoon, char *text);

/* Calls and frees a list of destructors; what they read is not tracked. */
void lg_run_destructors(lg_lagoon *lagoon, lg_destructor **list);
lg_status lg_add_destructor(lg_lagoon *lagoon, lg_destructor **list, void (*fn)(void *ctx),
                            void *ctx);

/* ---- update.c -------------------------------------------------------------------------------- */

/* Makes room for `count` records in the graph. */
lg_status lg_reserve(lg_lagoon *lagoon, uint32_t count);

/* Makes room for what `count` more notices carry. False: no memory. */
bool lg_reserve_messages(lg_lagoon *lagoon, uint32_t count);

/* A node of a kind for `vertex`, which has none. Takes one record. */
void lg_make_node(lg_vertex *vertex, uint32_t kind);

/* Links two vertices, and makes the nodes that they lack: a source and a listener. Counts the
** listener. */
lg_status lg_link(lg_store *source, lg_vertex *sink);

/* Unlinks `sink` from its first source, and returns that: NULL if it has none. */
lg_store *lg_unlink_first(lg_vertex *sink);

/* Takes one listener away from a store that `sink` was linked to, and tells what the engine freed.
** */
void lg_unlinked(lg_store *source, lg_vertex *sink, uint32_t answer);

/* Takes the node away from a vertex that has no edges. */
void lg_free_node(lg_vertex *vertex);

/* More writes by listeners within one update, beyond one per node, and it counts as endless. */
#define LG_MANY 1000000u

/* Makes room for a write to `store` to reach its listeners. */
lg_status lg_prepare_slowly(lg_store *store);

/* Whether there is room for any write outside of a batch. */
LG_HOT bool lg_has_room(const lg_lagoon *lagoon) {
  const lg_graph *g = &lagoon->graph;
  return lg_graph_room(g, 1) && !g->batching && lagoon->message_count < lagoon->message_capacity;
}

LG_HOT lg_status lg_prepare(lg_lagoon *lagoon, lg_store *store) {
  bool is_easy = lg_has_room(lagoon) && lagoon->follow_ups < LG_MANY;
  return is_easy ? LG_OK : lg_prepare_slowly(store);
}

/* Whether an update goes on further out that will call whom a write queues. */
LG_HOT bool lg_is_nested(const lg_lagoon *lagoon) {
  return lagoon->computing || lagoon->draining || lagoon->batches;
}

/* What a node stands for. */
LG_HOT lg_vertex *lg_vertex_of(const lg_lagoon *lagoon, uint32_t node) {
  return lg_record_of(&lagoon->graph, node)->host;
}

/* What is linked to a store with a node, if it is one sink only: NULL otherwise. */
LG_HOT const lg_vertex *lg_lone_sink(const lg_store *store) {
  const lg_graph *g = &store->vertex.lagoon->graph;
  const lg_edge *edge = &lg_record_of(g, lg_record_of(g, store->vertex.node)->node.first_out)->edge;
  return edge->next_out ? NULL : lg_vertex_of(store->vertex.lagoon, edge->sink);
}

/* As lg_queue, in a batch. */
void lg_queue_batched(lg_store *store, lg_value old_value, lg_value key);

/* Queues the sinks of a store that has some. Takes both values over. */
LG_HOT void lg_queue(lg_lagoon *lagoon, lg_store *store, lg_value old_value, lg_value key) {
  if (lagoon->graph.batching) {
    lg_queue_batched(store, old_value, key);
    return;
  }
  lg_graph_notify(&lagoon->graph, store->vertex.node, lagoon->message_count);
  if (store->is_told_of) {
    lagoon->messages[lagoon->message_count++] = (lg_message){old_value, key};
  } else {
    lg_release(old_value);
    lg_release(key);
  }
}

/* The same for a store with sinks, when nothing goes on further out. */
lg_status lg_emit_now(lg_store *store, lg_value old_value, lg_value key);

/* The store changed, for which lg_prepare has made room. Takes both values over; `key` is a string,
** or undefined. */
LG_HOT lg_status lg_emit(lg_lagoon *lagoon, lg_store *store, lg_value old_value, lg_value key) {
  lagoon->epoch++;
  if (!store->listeners) {
    lg_release(old_value);
    lg_release(key);
    return LG_OK;
  }
  if (!lg_is_nested(lagoon)) return lg_emit_now(store, old_value, key);
  lagoon->follow_ups++;
  lg_queue(lagoon, store, old_value, key);
  return LG_OK;
}

/* A computed has failed, or gives the same value again after that: a change for who tracks it,
** while listeners are told of values only. */
lg_status lg_emit_failure(lg_store *store);

/* Calls whom the queue names, unless that goes on further out. */
lg_status lg_settle(lg_lagoon *lagoon);

/* What comes after a read, which made some computeds current: calls whom that queued, unless it
** goes on further out. `status` is what the read returned; returns the last failure. */
lg_status lg_follow(lg_lagoon *lagoon, lg_status status);

/* An empty graph; and its end. */
void lg_updates_begin(lg_lagoon *lagoon);
void lg_updates_end(lg_lagoon *lagoon);

/* Makes a computed or effect with a node current. */
lg_status lg_update(lg_vertex *vertex);

/* Whether the engine takes the node for stale. */
LG_HOT bool lg_is_stale(const lg_vertex *vertex) {
  return vertex->node && lg_record_of(&vertex->lagoon->graph, vertex->node)->node.flags & LG_STALE;
}

/* ---- store.c --------------------------------------------------------------------------------- */

/* LG_OK, or why the store or its lagoon can't be used for what changes it. */
lg_status lg_check_store(lg_store *store);

/* Whether the stores of a list, and the function for them, can be used in this lagoon. */
lg_status lg_check_sources(lg_lagoon *lagoon, lg_store *const *stores, size_t count, bool has_fn);

/* Puts a new store into its lagoon. */
void lg_store_begin(lg_store *store, lg_lagoon *lagoon, lg_kind kind, lg_value value);

/* The store's extras, which it gets if it has none. NULL: no memory. */
lg_extras *lg_extras_of(lg_store *store);

/* Whether both are of one type that has its content in its bits: numbers, bools, nothing. */
LG_HOT bool lg_are_bits(lg_value a, lg_value b) { return a.type == b.type && a.type <= LG_DOUBLE; }

/* As lg_same, at once for what has its content in its bits. */
LG_HOT bool lg_is_same(lg_value a, lg_value b) {
  return lg_are_bits(a, b) ? a.as.bits == b.as.bits : lg_same(a, b);
}

/* Asks the function of lg_set_equal, or of lg_set_key_equal, which there is. */
bool lg_ask_equal(const lg_store *store, lg_value a, lg_value b);
bool lg_ask_key_equal(const lg_store *map, lg_value a, lg_value b, const char *key);

/* Whether writing `b` over `a` changes nothing. */
LG_HOT bool lg_store_equal(const lg_store *store, lg_value a, lg_value b) {
  return store->extras && store->extras->equal ? lg_ask_equal(store, a, b) : lg_is_same(a, b);
}

/* Writes a value, which it takes over, if the events allow it and it differs. */
lg_status lg_write_slowly(lg_store *store, lg_value value);

/* Puts another value into a store without events, and takes both values over. */
LG_HOT lg_status lg_put(lg_lagoon *lagoon, lg_store *store, lg_value old_value, lg_value value) {
  lg_status status = store->listeners ? lg_prepare(lagoon, store) : LG_OK;
  if (status) {
    lg_release(value);
    return status;
  }
  store->value = value;
  return lg_emit(lagoon, store, old_value, lg_undefined());
}

/* The same for a computed with listeners: what its function returned is no write of its own, and is
** told by the update around it. */
LG_HOT lg_status lg_put_derived(lg_lagoon *lagoon, lg_store *store, lg_value old_value,
                                lg_value value) {
  lg_status status = lg_has_room(lagoon) ? LG_OK : lg_prepare_slowly(store);
  if (status) {
    lg_release(value);
    return status;
  }
  store->value = value;
  lagoon->epoch++;
  lg_queue(lagoon, store, old_value, lg_undefined());
  return LG_OK;
}

LG_HOT lg_status lg_write(lg_lagoon *lagoon, lg_store *store, lg_value value, bool is_derived) {
  lg_value old_value = value;
  if (store->extras || !lg_are_bits(store->value, value)) return lg_write_slowly(store, value);
  old_value.as.bits = store->value.as.bits;
  if (old_value.as.bits == value.as.bits) return LG_OK;
  return is_derived && store->listeners ? lg_put_derived(lagoon, store, old_value, value)
                                        : lg_put(lagoon, store, old_value, value);
}

/* Whether its value is current, so that nothing has to be computed for a read. */
LG_HOT bool lg_is_current(const lg_lagoon *lagoon, const lg_store *store) {
  const lg_graph *g = &lagoon->graph;
  uint32_t node = store->vertex.node;
  bool is_busy = node && lg_record_of(g, node)->node.flags & (LG_STALE | LG_RUNNING);
  return store->is_valid && !is_busy;
}

/* The current value, without tracking; mounts a store without listeners for a moment. Borrowed. */
lg_value lg_read_slowly(lg_store *store);

LG_HOT lg_value lg_read(lg_store *store) {
  bool is_heard = !store->listeners && store->extras; /* by its events, as far as it has some */
  if (is_heard || !lg_is_current(store->vertex.lagoon, store)) return lg_read_slowly(store);
  if (store->vertex.kind == LG_COMPUTED_STORE) {
    ((lg_computed_store *)store)->epoch = store->vertex.lagoon->epoch;
  }
  return store->value;
}

/* Whether the store may not be freed. */
static inline bool lg_is_needed(const lg_store *store) {
  return store->owners || store->listeners || store->is_active || store->is_computing;
}

/* Lets the store be freed if nobody needs it. */
void lg_store_drop(lg_store *store);

static inline void lg_store_check(lg_store *store) {
  if (!lg_is_needed(store)) lg_store_drop(store);
}

/* Frees all that waits for it, unless a function of the host's is running. */
void lg_sweep_slowly(lg_lagoon *lagoon);

static inline void lg_sweep(lg_lagoon *lagoon) {
  if (lagoon->gone) lg_sweep_slowly(lagoon);
}

/* Releases a value that has a block, so that undefined is left. */
static inline void lg_let_go(lg_value *value) {
  lg_value last = *value;
  if (last.size != LG_ON_HEAP) return;
  *value = lg_undefined();
  lg_release(last);
}

/* Releases the blocks of the values that a store holds. */
void lg_store_clear(lg_store *store);

/* Frees all stores of a lagoon that is closing, with all they have; destructors that came late are
** called. */
void lg_stores_end(lg_lagoon *lagoon);

/* Whether a run that failed with it is to be tried again at the next read, though no source
** changed. */
static inline bool lg_may_go_better(lg_status status) {
  return status == LG_E_MEMORY || status == LG_E_DEPTH;
}

/* ---- computed.c ------------------------------------------------------------------------------ */

/* Runs the function, and writes what it returns; between lg_call_begin and lg_call_end, with nothing
** raised. */
lg_status lg_compute(lg_lagoon *lagoon, lg_computed_store *computed);

/* Releases the values that it was computed from, so that it is computed again, whatever its sources
** hold. */
void lg_computed_forget(lg_computed_store *computed);

/* Why it has no value, though it is current: LG_OK, or the failure of its last run, which
** lg_last_error tells again. */
lg_status lg_computed_failure(const lg_computed_store *computed);

/* Makes it current, mounted or not. */
lg_status lg_make_current(lg_computed_store *computed);

/* Links it to its sources, and makes it current; and the opposite. */
lg_status lg_computed_mount(lg_computed_store *computed);
void lg_computed_unmount(lg_computed_store *computed);

/* A source of a batched computed changed. */
void lg_computed_wake(lg_computed_store *computed);

/* How many bytes it takes. */
size_t lg_computed_size(uint32_t count, bool is_batched);

/* Frees what only a computed has. */
void lg_computed_end(lg_computed_store *computed);

/* ---- track.c --------------------------------------------------------------------------------- */

/* Between them, lg_get tracks for `sink`, which must have a node that is running. `end` drops the
** sources that were not read. */
void lg_track_begin(lg_lagoon *lagoon, lg_tracker *tracker, lg_vertex *sink);
void lg_track_end(lg_lagoon *lagoon, lg_tracker *tracker, lg_tracker *outer);

/* Reads a store in the current run. */
lg_value lg_track(lg_store *store);

/* ---- listen.c -------------------------------------------------------------------------------- */

/* A new listener of `size` bytes in its lagoon; NULL with an error. */
lg_listener *lg_listener_begin(lg_lagoon *lagoon, lg_kind kind, size_t size, void *ctx);
void lg_listener_end(lg_listener *listener);

/* Calls a listener, if the change concerns it. */
static inline lg_status lg_call_listener(lg_listener *listener, const lg_change *change) {
  lg_lagoon *lagoon = listener->vertex.lagoon;
  lg_status outside = lg_call_begin(lagoon);
  lagoon->calls++;
  listener->fn.listen(change, listener->ctx);
  return lg_call_end(lagoon, outside);
}

/* The same for one of lg_listen_keys. */
lg_status lg_call_key_listener(lg_key_listener *listener, const lg_change *change);

/* ---- effect.c -------------------------------------------------------------------------------- */

/* Runs the function of an effect, after its clean-ups. */
lg_status lg_effect_run(lg_running_effect *effect);

/* How many bytes one with so many listed sources takes. */
size_t lg_effect_size(uint32_t count);

/* Takes it out of the graph, ends the effects that it made, calls its clean-ups, and frees it, as
** soon as it does not run any more. */
void lg_effect_end(lg_running_effect *effect);

/* Ends the effects that the runs of a computed have made, the oldest first. */
void lg_end_children(lg_computed_store *computed);

/* ---- lifecycle.c ----------------------------------------------------------------------------- */

/* Calls the listeners of an event, and returns what they raised. `event` is prepared but for
** `store` and `shared`. */
lg_status lg_call_event(lg_store *store, lg_event_kind kind, lg_event *event);

/* The events of a read of a mounted store without listeners: as if one came and went, but for the
** time of its unmounting. */
lg_status lg_visit(lg_store *store);

/* What comes before a store is linked to one more sink: start, mount, and being current. If that
** fails, the store is as if the sink had left. */
lg_status lg_before_listen(lg_store *store);

/* The same in parts, for who goes on with a store that failed: that it is as if the sink had left is
** up to lg_give_up. What its events raise then is not told. The join, whose store and sink are set,
** lasts until lg_join_end, which is the caller's to call. */
lg_status lg_join_begin(lg_join *join);
void lg_join_end(const lg_join *join);
void lg_give_up(lg_store *store, bool was_started);

/* What comes when the last listener is gone. What its events raise stays raised. */
void lg_after_last(lg_store *store);

/* The same, and returns what was raised. */
lg_status lg_leave(lg_store *store);

/* Links a store to a sink, with all events. */
lg_status lg_attach(lg_store *store, lg_vertex *sink);

/* Calls the functions for it. What they raise stays raised. */
void lg_unmount(lg_store *store);

/* Calls the `unmount` of a store's listeners that were mounted. */
void lg_call_unmounts(lg_store *store);

void lg_event_listener_end(lg_event_listener *listener);

/* Frees the listeners of events that wait for it. */
void lg_free_ended(lg_lagoon *lagoon);

/* ---- timer.c --------------------------------------------------------------------------------- */

void lg_timers_begin(lg_lagoon *lagoon);

/* Lets a timer run out after `delay` milliseconds, counted anew if it waits already. */
void lg_timer_start(lg_lagoon *lagoon, lg_timer *list, lg_timer *timer, uint64_t delay);
void lg_timer_stop(lg_timer *timer);

/* ---- snapshot.c, map_creator.c, post.c ------------------------------------------------------- */

/* Takes the shared name away from a store that has one. */
void lg_unshare(lg_store *store);

/* Frees the creators of a lagoon whose stores are gone. */
void lg_map_creators_end(lg_lagoon *lagoon);

/* NULL: no memory. */
lg_post_queue *lg_posts_begin(lg_memory *memory, uint32_t capacity);
void lg_posts_end(lg_memory *memory, lg_post_queue *posts);

#endif
