/*
** Random programs on stores. See store_program.h.
*/
#include "store_program.h"

#include "host.h"
#include "store_model.h"

enum { EARS = 12, HOOKS = 6, ACTIONS = 24, DEPTH = 3 };

static decisions source;
static bool is_traced;

static unsigned take(unsigned below) { return (unsigned)decide(&source, below); }

#define say(...)                                                                                   \
  do {                                                                                             \
    if (is_traced) fprintf(stderr, __VA_ARGS__);                                                   \
  } while (0)

/* ---- what there is --------------------------------------------------------------------------- */

/* What a body does after it heard of a number. */
typedef enum action {
  NOTHING,
  WRITES,
  WRITES_TWICE, /* in a batch */
  READS,
  LISTENS,
  UNLISTENS,
  RELEASES,
  FAILS,
  ACTIONS_THERE_ARE
} action;

typedef enum ear_kind { HEARS, HEARS_KEYS, LISTED_EFFECT, TRACKED_EFFECT } ear_kind;

/* A listener or an effect. */
typedef struct ear {
  lg_listener *listener; /* NULL: it is not there, or not yet */
  bool is_used;
  unsigned birth; /* how many there were before */
  int owner;      /* which effect made it, and ends it; -1: none */
  ear_kind kind;
  int count;
  int heard[SOURCES]; /* nodes */
  unsigned cells;     /* of the first, that it listens to */
  action action;
  unsigned parameter;
  bool is_known;         /* what it was told last */
  int64_t told[SOURCES]; /* and what that was; of an effect: what it read */
  unsigned untold;       /* bits of those of which it need not be told: a batch told of another */
  unsigned reads;        /* bits of those that an effect read */
  bool is_cut;           /* the last run of the effect had no memory: it may read others, too */
} ear;

typedef enum hook_kind { FORBIDS, SILENCES, LIVES } hook_kind;

/* Listeners of events: one that sometimes forbids a write, one that sometimes keeps all others from
** being called, or those that count how a store lives. */
typedef struct hook {
  lg_listener *listeners[3]; /* the first is NULL: it is not there */
  hook_kind kind;
  int node;
  int starts, stops, mounts, unmounts;
} hook;

static ear ears[EARS];
static unsigned births;
static int runner; /* which effect that tracks is in its body; -1: none */
static hook hooks[HOOKS];
static lg_store *ticker; /* an atom to which nobody listens */
static int64_t ticks;

static struct {
  size_t running;
  size_t waiting; /* functions, for all of them */
} tasks;

/* What holds for the step that is taken. */
static struct {
  unsigned actions; /* of bodies, so far */
  unsigned writes;  /* by bodies */
  unsigned nesting; /* calls that bodies make and that have not returned */
  bool has_batched; /* a body did */
  bool is_failing;  /* memory may */
  bool has_failed;  /* a body did */
  bool must_tell;   /* it did so in a call that the step made, not in one that a body made */
} step;

/* Since all stores were read: memory failed, or a write was kept from its listeners. Then they need
** not know what the stores hold, and are not asked. */
static bool is_uncertain;

/* ---- reading --------------------------------------------------------------------------------- */

/* A status that a call may return. */
static bool is_explained(lg_status status) {
  return status == LG_OK || (status == LG_E_CALLBACK && step.has_failed) ||
         (status == LG_E_MEMORY && step.is_failing);
}

/* Checks what a function of the host's has read, and gives its number. False: there was no memory. */
static bool has_read(int which, lg_value value, int64_t *number) {
  assert_true(is_explained(lg_status_of(value)));
  if (lg_is_failed(value)) return false;
  *number = number_of(value, ALL_CELLS);
  assert_true(step.is_failing || number_of(value, ALL_CELLS) == number_of_node(which, ALL_CELLS));
  return true;
}

/* Reads a store: if it was made current for that, its listeners were called, and what they wrote, the
** next read shows. */
static void read_store(int which, lg_value (*read)(lg_store *store)) {
  lg_value value;
  unsigned before;
  do {
    before = step.writes;
    value = read(nodes[which].store);
    assert_true(is_explained(lg_status_of(value)));
  } while (before != step.writes);
  if (lg_is_failed(value) || step.is_failing) return;
  assert_true(number_of(value, ALL_CELLS) == number_of_node(which, ALL_CELLS));
}

/* ---- writing --------------------------------------------------------------------------------- */

static bool is_hooked(int which, hook_kind wanted) {
  for (int i = 0; i < HOOKS; i++) {
    if (hooks[i].listeners[0] && hooks[i].node == which && hooks[i].kind == wanted) return true;
  }
  return false;
}

static bool is_forbidden(int64_t number) { return number % 4 == 3; }
static bool is_silenced(int64_t number) { return number % 4 == 2; }

static int64_t cell_of(lg_value value, const node *it, int cell) {
  lg_value part = it->kind == ATOM ? value : lg_path_get(value, path_of(it, cell));
  return lg_type_of(part) == LG_INT ? lg_as_int(part) : ABSENT;
}

/* The model takes over what the store holds. */
static void follow_store(node *it) {
  for (int cell = 0; cell < (it->kind == ATOM ? 1 : CELLS); cell++)
    it->cells[cell] = cell_of(it->store->value, it, cell);
  model_changed();
}

static lg_value object_of_cells(const node *it) {
  lg_value object = lg_object(lagoon);
  for (int cell = 0; cell < CELLS; cell++) {
    if (it->cells[cell] == ABSENT) continue;
    object = lg_path_set(lagoon, object, path_of(it, cell), lg_int(it->cells[cell]));
  }
  return object;
}

static lg_value value_of_cell(int64_t cell) {
  return cell == ABSENT ? lg_undefined() : lg_int(cell);
}

static lg_status set_store(const node *it, int cell) {
  if (it->kind == ATOM) return lg_set(it->store, lg_int(it->cells[0]));
  if (cell == CELLS) return lg_set(it->store, object_of_cells(it));
  return lg_set_key(it->store, path_of(it, cell), value_of_cell(it->cells[cell]));
}

/* What the model holds after the write that `what` stands for. Returns which cell it was: CELLS for
** all of them. */
static int change_cells(node *it, unsigned what) {
  int cell = (int)(what / 8 % (CELLS + 1));
  if (it->kind == ATOM) {
    it->cells[0] = what % 8;
  } else if (cell < CELLS) {
    it->cells[cell] = (int64_t)(what % 5) - 1;
  } else {
    for (int i = 0; i < CELLS; i++)
      it->cells[i] = (what >> i) % 5 - 1;
  }
  model_changed();
  return cell;
}

static bool can_write(int which) { return nodes[which].store && !is_computed(&nodes[which]); }

static lg_status write_store(int which, unsigned what) {
  node *it = &nodes[which];
  node before = *it;
  int64_t old_number = number_of_node(which, ALL_CELLS);
  int cell = change_cells(it, what);
  bool forbidden = is_hooked(which, FORBIDS) && is_forbidden(number_of_node(which, ALL_CELLS));
  say("  n%d is set to %d, cell %d%s\n", which, (int)number_of_node(which, ALL_CELLS), cell,
      forbidden ? ", which is forbidden" : "");
  node wanted = *it;
  if (forbidden) *it = before;
  model_changed();
  if (is_hooked(which, SILENCES) && is_silenced(old_number)) is_uncertain = true;
  say("    from %s\n", show(it->store->value));
  lg_status status = set_store(&wanted, cell);
  /* A write of which nobody is told is seen at a read after the next one */
  assert_true(lg_set(ticker, lg_int(++ticks)) == LG_OK);
  if (step.is_failing) {
    if (it->store) follow_store(it); /* a listener may have released it */
  } else {
    assert_true(forbidden ? status == LG_E_ABORTED : is_explained(status));
  }
  return status;
}

/* ---- what bodies do -------------------------------------------------------------------------- */

static void make_ear(unsigned kind, int which, action does, unsigned parameter);
static void end_ear(int which);
static void forget_children(int owner);
static void release_node(int which);

static void write_from_body(int which, unsigned what) {
  if (!can_write(which)) return;
  step.writes++;
  lg_status status = write_store(which, what);
  assert_true(is_explained(status) || status == LG_E_ABORTED);
}

/* `number` is what the body heard. */
static void perform(action does, unsigned parameter, int64_t number) {
  int which = (int)(parameter % (unsigned)node_count);
  if (does == NOTHING || ++step.actions > ACTIONS) return;
  say("  a body: action %d of n%d\n", (int)does, which);
  step.nesting++;
  switch (does) {
  case WRITES_TWICE:
    step.has_batched = true;
    assert_true(lg_batch_begin(lagoon) == LG_OK);
    write_from_body(which, parameter / 2);
    write_from_body((int)((parameter / 3) % (unsigned)node_count), (unsigned)number);
    lg_batch_end(lagoon);
    break;
  case WRITES:
    write_from_body(which, parameter / 2 + (unsigned)number);
    break;
  case READS:
    if (nodes[which].store) read_store(which, lg_peek);
    break;
  case LISTENS:
    make_ear(parameter / 16, which, NOTHING, 0);
    break;
  case UNLISTENS:
    end_ear((int)(parameter % EARS));
    break;
  case RELEASES:
    release_node(which);
    break;
  default:
    lg_fail(lagoon, "a body");
    step.has_failed = true;
    step.must_tell |= step.nesting == 1;
  }
  step.nesting--;
}

/* Whether a body is told exactly what the model says: nothing else was written meanwhile. */
static bool is_exact(int which) {
  return !step.is_failing && !is_uncertain && !step.writes && !nodes[which].is_late;
}

static void on_told(const lg_change *change, void *ctx) {
  ear *it = ctx;
  bool is_first = lg_is_undefined(change->old_value);
  int64_t number = number_of(change->value, it->cells);
  for (int i = 0; i < it->count; i++) {
    /* In a batch it is called once for all of its stores */
    it->untold |= lagoon->batches ? 1u << i : 0;
    if (nodes[it->heard[i]].store != change->store) continue;
    it->told[i] = number;
    it->untold &= ~(1u << i);
    bool is_behind = is_first && (lagoon->batches || lagoon->draining); /* of lg_subscribe */
    if (is_exact(it->heard[i]) && !is_behind)
      assert_true(number == number_of_node(it->heard[i], it->cells));
  }
  say("  e%d is told %d: %s < %s @%s\n", (int)(it - ears), (int)number, show(change->value),
      show(change->old_value), change->key ? change->key : "");
  perform(it->action, it->parameter, number);
}

static void on_values(lg_lagoon *l, const lg_value *values, void *ctx) {
  ear *it = ctx;
  int64_t total = 0;
  (void)l;
  for (int i = 0; i < it->count; i++) {
    it->told[i] = number_of(values[i], ALL_CELLS);
    if (!step.is_failing) assert_true(it->told[i] == number_of_node(it->heard[i], ALL_CELLS));
    total += it->told[i];
  }
  it->reads = (1u << it->count) - 1;
  it->is_known = true;
  say("  e%d is told %d\n", (int)(it - ears), (int)total);
  perform(it->action, it->parameter, total);
}

/* Reads the first, and the others as long as the numbers are odd. */
static void on_effect_of_reads(lg_lagoon *l, void *ctx) {
  ear *it = ctx;
  int64_t total = 0;
  (void)l;
  forget_children((int)(it - ears));
  it->reads = 0;
  it->is_known = false;
  it->is_cut = true;
  for (int i = 0; i < it->count && (!i || total % 2); i++) {
    lg_value value = lg_get(nodes[it->heard[i]].store);
    if (!has_read(it->heard[i], value, &it->told[i])) return;
    it->reads |= 1u << i;
    total += it->told[i];
    say("  e%d reads n%d: %d\n", (int)(it - ears), it->heard[i], (int)it->told[i]);
  }
  it->is_known = true;
  it->is_cut = false;
  say("  e%d read %d\n", (int)(it - ears), (int)total);
  runner = (int)(it - ears);
  perform(it->action, it->parameter, total);
  runner = -1;
}

/* ---- stores ---------------------------------------------------------------------------------- */

/* What functions that read within lg_computed are given. */
typedef struct reading {
  bool failed;
} reading;

static int64_t read_source(int which, void *ctx) {
  reading *it = ctx;
  int64_t number = 0;
  if (!it->failed) it->failed = !has_read(which, lg_get(nodes[which].store), &number);
  return number;
}

static lg_value result_of(const node *it, int64_t number) {
  return it->formula % 5 == 4 ? lg_list_push(lg_list(lagoon), lg_int(number)) : lg_int(number);
}

static lg_value on_tracked(lg_lagoon *l, void *ctx) {
  node *it = ctx;
  reading r = {.failed = false};
  (void)l;
  it->runs++;
  int64_t number = derive_tracked(it, read_source, &r, &it->reads);
  it->has_previous = !r.failed;
  return r.failed ? lg_failed(LG_E_MEMORY) : result_of(it, number);
}

static void forget_previous(node *it) {
  for (int i = 0; i < it->count && it->has_previous; i++)
    lg_release(it->previous[i]);
  it->has_previous = false;
}

static lg_value on_listed(lg_lagoon *l, const lg_value *values, void *ctx) {
  node *it = ctx;
  int64_t total = 0;
  bool is_same = it->has_previous;
  (void)l;
  it->runs++;
  for (int i = 0; i < it->count; i++) {
    int64_t number = number_of(values[i], ALL_CELLS);
    assert_true(step.is_failing || number == number_of_node(it->sources[i], ALL_CELLS));
    is_same = is_same && lg_same(it->previous[i], values[i]);
    total += number;
  }
  assert_true(!is_same);
  forget_previous(it);
  it->has_previous = !step.is_failing;
  for (int i = 0; i < it->count && it->has_previous; i++)
    it->previous[i] = lg_keep(values[i]);
  return result_of(it, derive_listed(it, total));
}

static void on_gone(void *ctx) {
  node *it = ctx;
  say("  n%d is gone\n", (int)(it - nodes));
  it->store = NULL;
  if (is_tracked(it)) {
    for (int i = 0; i < it->count; i++)
      lg_store_release(nodes[it->sources[i]].store);
  } else if (is_computed(it)) {
    forget_previous(it);
  }
}

/* Draws the sources of a computed. */
static void choose_sources(node *it) {
  it->count = 1 + (int)take(SOURCES);
  for (int i = 0; i < it->count; i++) {
    int from = (int)take((unsigned)node_count);
    while (from && !nodes[from].store)
      from--;
    it->sources[i] = from;
    it->is_late |= nodes[from].is_late;
  }
  it->is_late |= it->kind >= BATCHED_LISTED;
  it->formula = take(5);
}

static lg_store *make_computed(node *it) {
  lg_store *from[SOURCES];
  size_t count = (size_t)it->count;
  for (int i = 0; i < it->count; i++)
    from[i] = nodes[it->sources[i]].store;
  switch (it->kind) {
  case LISTED:
    return lg_computed_from(lagoon, from, count, on_listed, it);
  case BATCHED_LISTED:
    return lg_batched_from(lagoon, from, count, on_listed, it);
  case TRACKED:
    return lg_computed(lagoon, on_tracked, it);
  default:
    return lg_batched(lagoon, on_tracked, it);
  }
}

static lg_store *make_store(node *it) {
  if (is_computed(it)) return make_computed(it);
  change_cells(it, 8 * CELLS + take(8));
  if (it->kind == ATOM) return lg_atom(lagoon, lg_int(it->cells[0]));
  return it->kind == MAP ? lg_map_from(lagoon, object_of_cells(it))
                         : lg_deep_map_from(lagoon, object_of_cells(it));
}

/* A node of this kind, unless memory fails. The first node is an atom that stays. */
static void make_node(kind made) {
  node *it = &nodes[node_count];
  if (node_count == NODES) return;
  *it = (node){.kind = made, .is_owned = true, .cells = {0}};
  if (is_computed(it)) choose_sources(it);
  it->store = make_store(it);
  assert_true(it->store || step.is_failing);
  if (!it->store) return;
  if (lg_on_destroy(it->store, on_gone, it)) {
    assert_true(step.is_failing);
    lg_store_release(it->store);
    return;
  }
  for (int i = 0; i < it->count && is_tracked(it); i++)
    lg_store_keep(nodes[it->sources[i]].store);
  say("n%d is made: kind %d of n%d n%d n%d (%d)\n", node_count, (int)made, it->sources[0],
      it->sources[1], it->sources[2], it->count);
  node_count++;
  model_changed();
}

static void release_node(int which) {
  node *it = &nodes[which];
  if (!which || !it->store || !it->is_owned) return;
  say("  n%d is released\n", which);
  it->is_owned = false;
  lg_store_release(it->store);
}

/* ---- listeners and effects ------------------------------------------------------------------- */

static lg_listener *begin_ear(ear *it, bool subscribes) {
  lg_store *stores[SOURCES];
  const char *keys[CELLS];
  size_t count = 0;
  for (int i = 0; i < it->count; i++)
    stores[i] = nodes[it->heard[i]].store;
  switch (it->kind) {
  case HEARS:
    return subscribes ? lg_subscribe(stores[0], on_told, it) : lg_listen(stores[0], on_told, it);
  case HEARS_KEYS:
    for (int cell = 0; cell < CELLS; cell++)
      if (it->cells >> cell & 1) keys[count++] = path_of(&nodes[it->heard[0]], cell);
    return subscribes ? lg_subscribe_keys(stores[0], keys, count, on_told, it)
                      : lg_listen_keys(stores[0], keys, count, on_told, it);
  case LISTED_EFFECT:
    return lg_effect_from(lagoon, stores, (size_t)it->count, on_values, it);
  default:
    return lg_effect(lagoon, on_effect_of_reads, it);
  }
}

/* Lets a listener listen to a second store as well, unless its first call released that. */
static void listen_to_second(ear *it) {
  lg_store *second = nodes[it->heard[1]].store;
  unsigned birth = it->birth;
  if (it->kind != HEARS || it->count < 2) return;
  lg_status status = second ? lg_listen_also(it->listener, second) : LG_OK;
  if (!it->listener || it->birth != birth) return; /* it was ended, or its place taken */
  assert_true(is_explained(status));
  if (status || !second) it->count = 1;
}

/* An effect that tracks what it reads does not own that, so that the program does it for it. */
static void keep_all(const ear *it) {
  for (int i = 0; i < it->count && it->kind == TRACKED_EFFECT; i++)
    lg_store_keep(nodes[it->heard[i]].store);
}

static void release_all(const ear *it) {
  ear ended = *it; /* its place may be taken meanwhile */
  for (int i = 0; i < ended.count && ended.kind == TRACKED_EFFECT; i++)
    lg_store_release(nodes[ended.heard[i]].store);
}

static ear *free_ear(void) {
  for (int i = 0; i < EARS; i++)
    if (!ears[i].is_used) return &ears[i];
  return NULL;
}

static void choose_heard(ear *it, int which) {
  it->heard[0] = which;
  it->count = 1;
  if (it->kind == HEARS_KEYS) return;
  for (int i = (int)take(SOURCES); i > 0; i--) {
    int more = (int)take((unsigned)node_count);
    if (nodes[more].store && it->kind != HEARS) it->heard[it->count++] = more;
    if (nodes[more].store && it->kind == HEARS && more != which && it->count == 1) {
      it->heard[it->count++] = more;
    }
  }
}

static void make_ear(unsigned what, int which, action does, unsigned parameter) {
  ear *it = free_ear();
  if (!it || !nodes[which].store) return;
  bool has_keys = nodes[which].kind == MAP || nodes[which].kind == DEEP_MAP;
  *it = (ear){.is_used = true, .kind = (ear_kind)(what % 4), .cells = ALL_CELLS, .birth = births++};
  if (it->kind == HEARS_KEYS && !has_keys) it->kind = HEARS;
  if (it->kind == HEARS_KEYS) it->cells = what / 8 % (ALL_CELLS + 1);
  choose_heard(it, which);
  it->action = does;
  it->parameter = parameter;
  it->owner = it->kind >= LISTED_EFFECT ? runner : -1;
  say("  e%d begins: kind %d of n%d n%d (%d), cells %x, action %d\n", (int)(it - ears),
      (int)it->kind, which, it->heard[1], it->count, it->cells, (int)does);
  keep_all(it);
  step.nesting++;
  lg_listener *listener = begin_ear(it, what / 4 % 2);
  step.nesting--;
  assert_true(listener || step.is_failing || lg_last_status(lagoon) == LG_E_CALLBACK);
  it->listener = listener;
  it->is_used = listener;
  if (listener) {
    listen_to_second(it);
  } else {
    forget_children((int)(it - ears));
    release_all(it);
  }
  if (!listener || it->kind <= HEARS_KEYS) it->is_known = false;
}

static void end_ear(int which) {
  ear *it = &ears[which];
  lg_listener *listener = it->listener;
  if (!listener) return;
  say("  e%d ends\n", which);
  it->listener = NULL;
  forget_children(which);
  assert_true(is_explained(lg_unlisten(listener)));
  it->is_used = false;
  release_all(it);
}

/* What an effect made in its last run has ended with it. */
static void forget_children(int owner) {
  for (int i = 0; i < EARS; i++) {
    ear *it = &ears[i];
    if (!it->listener || it->owner != owner) continue;
    say("  e%d has ended\n", i);
    it->listener = NULL;
    it->is_used = false;
    release_all(it);
  }
}

/* ---- events ---------------------------------------------------------------------------------- */

static void on_write(lg_event *event, void *ctx) {
  const hook *it = ctx;
  if (it->kind == FORBIDS) {
    event->abort = is_forbidden(number_of(event->new_value, ALL_CELLS));
  } else {
    event->abort = is_silenced(number_of(event->old_value, ALL_CELLS));
  }
}

static void on_start(lg_event *event, void *ctx) {
  (void)event;
  ((hook *)ctx)->starts++;
}

static void on_stop(lg_event *event, void *ctx) {
  (void)event;
  ((hook *)ctx)->stops++;
}

static void on_mount(lg_event *event, void *ctx) {
  (void)event;
  ((hook *)ctx)->mounts++;
}

static void on_unmount(void *ctx) { ((hook *)ctx)->unmounts++; }

static void end_hook(hook *it) {
  for (int i = 0; i < 3; i++) {
    if (it->listeners[i] && nodes[it->node].store) assert_true(!lg_unlisten(it->listeners[i]));
    it->listeners[i] = NULL;
  }
}

/* The events of a store that lives can be counted only from its beginning. */
static bool can_hook(int which, hook_kind wanted) {
  const node *it = &nodes[which];
  if (!it->store) return false;
  if (wanted != LIVES) return !is_computed(it);
  return !lg_listener_count(it->store) && !lg_is_mounted(it->store) && !is_hooked(which, LIVES);
}

static void make_hook(hook *it, int which, hook_kind wanted) {
  lg_store *store = nodes[which].store;
  if (!can_hook(which, wanted)) return;
  say("  n%d gets hook %d\n", which, (int)wanted);
  *it = (hook){.kind = wanted, .node = which};
  if (wanted == LIVES) {
    it->listeners[0] = lg_on_start(store, on_start, it);
    it->listeners[1] = lg_on_stop(store, on_stop, it);
    it->listeners[2] = lg_on_mount(store, on_mount, on_unmount, it);
  } else {
    it->listeners[0] =
        wanted == FORBIDS ? lg_on_set(store, on_write, it) : lg_on_notify(store, on_write, it);
  }
  bool is_whole = it->listeners[0] && (wanted != LIVES || (it->listeners[1] && it->listeners[2]));
  assert_true(is_whole || step.is_failing);
  if (!is_whole) end_hook(it);
}

static void change_hook(void) {
  hook *it = &hooks[take(HOOKS)];
  if (it->listeners[0]) {
    end_hook(it);
  } else {
    unsigned wanted = take(3);
    make_hook(it, (int)take((unsigned)node_count), (hook_kind)wanted);
  }
}

/* ---- tasks ----------------------------------------------------------------------------------- */

static void on_tasks_done(void *ctx) {
  (void)ctx;
  say("  all tasks are done\n");
  assert_int_equal(tasks.running, 0);
  tasks.waiting--;
  step.nesting++;
  write_from_body(0, (unsigned)tasks.waiting);
  step.nesting--;
}

static void wait_for_tasks(void) {
  size_t waiting = tasks.waiting++;
  lg_status status = lg_when_tasks_done(lagoon, on_tasks_done, NULL);
  assert_true(is_explained(status));
  if (status == LG_E_MEMORY) tasks.waiting = waiting;
}

/* Somebody waits for the tasks, one more begins, or one ends. */
static void change_tasks(void) {
  unsigned what = take(3);
  say("of %zu tasks, for which %zu wait: %u\n", tasks.running, tasks.waiting, what);
  if (!what) {
    wait_for_tasks();
  } else if (what == 1) {
    tasks.running++;
    assert_int_equal(lg_task_start(lagoon), LG_OK);
  } else if (tasks.running) {
    tasks.running--;
    assert_true(is_explained(lg_task_end(lagoon)));
  }
  assert_int_equal(lg_tasks_running(lagoon), tasks.running);
  assert_true(tasks.running || !tasks.waiting);
}

/* ---- steps ----------------------------------------------------------------------------------- */

static int any_node(void) {
  int which = (int)take((unsigned)node_count);
  while (!nodes[which].store)
    which--;
  return which;
}

static void take_step(int depth);

static void perform_batch(int depth) {
  unsigned count = take(6);
  if (depth == DEPTH) return;
  say("a batch begins\n");
  assert_true(lg_batch_begin(lagoon) == LG_OK);
  while (count--)
    take_step(depth + 1);
  lg_status status = lg_batch_end(lagoon);
  say("a batch ends\n");
  assert_true(is_explained(status) || status == LG_E_ABORTED);
  if (!lagoon->batches && step.must_tell && !step.is_failing) assert_true(status != LG_OK);
}

static void run_time(int depth) {
  static const uint64_t times[] = {0, 1, 500, 1000};
  if (depth) return;
  the_time += times[take(4)];
  say("the time is %d\n", (int)the_time);
  assert_true(is_explained(lg_run_timers(lagoon)));
}

static void notify_store(int which) {
  if (is_hooked(which, SILENCES)) is_uncertain = true;
  say("n%d is notified\n", which);
  assert_true(is_explained(lg_notify(nodes[which].store)));
}

/* Reads all stores, after which everybody knows everything, unless somebody has written meanwhile. */
static void read_all(int depth) {
  unsigned before = step.writes;
  say("all are read\n");
  for (int i = 0; i < node_count; i++)
    if (nodes[i].store) read_store(i, lg_get);
  if (!depth && !step.is_failing && before == step.writes) is_uncertain = false;
}

/* Whether all functions ran at most once. */
static void check_runs(void) {
  for (int i = 0; i < node_count && !step.writes && !step.is_failing; i++)
    assert_true(nodes[i].runs <= 1);
}

static void set_any(int depth) {
  int which = any_node();
  unsigned what = take(256);
  if (!can_write(which)) return;
  say("n%d is set\n", which);
  lg_status status = write_store(which, what);
  if (depth || lagoon->batches) return;
  if (step.must_tell && !step.is_failing) assert_true(status == LG_E_CALLBACK);
  check_runs();
}

static void get_any(int depth) {
  int which = any_node();
  say("n%d is read\n", which);
  read_store(which, take(2) ? lg_peek : lg_get);
  if (!depth) check_runs();
}

static void listen_to_any(void) {
  int which = any_node();
  unsigned what = take(256);
  unsigned does = take(2 * ACTIONS_THERE_ARE); /* every second one does nothing */
  unsigned parameter = take(256);
  make_ear(what, which, does < ACTIONS_THERE_ARE ? (action)does : NOTHING, parameter);
}

static void take_step(int depth) {
  switch (take(18)) {
  case 0:
    make_node((kind)take(7));
    break;
  case 1:
    make_node((kind)(LISTED + take(4)));
    break;
  case 2:
  case 3:
  case 4:
    listen_to_any();
    break;
  case 5:
    end_ear((int)take(EARS));
    break;
  case 6:
  case 7:
    get_any(depth);
    break;
  case 8:
    perform_batch(depth);
    break;
  case 9:
    run_time(depth);
    break;
  case 10:
    change_hook();
    break;
  case 11:
    release_node((int)take((unsigned)node_count));
    break;
  case 12:
    read_all(depth);
    break;
  case 13:
    notify_store(any_node());
    break;
  case 14:
    change_tasks();
    break;
  default:
    set_any(depth);
  }
}

/* ---- what must hold after a step ------------------------------------------------------------- */

/* What a listener knows, or an effect read, is what the model says. */
static void check_ear(ear *it) {
  bool is_effect = it->kind >= LISTED_EFFECT;
  bool is_settled = lg_next_deadline(lagoon) > the_time; /* no batched store waits */
  for (int i = 0; i < it->count; i++) {
    bool is_asked = !is_effect || it->reads >> i & 1;
    int64_t number = number_of_node(it->heard[i], it->cells);
    if (!is_asked || (nodes[it->heard[i]].is_late && !is_settled)) continue;
    /* A batch in the middle of an update takes the call for one key for that of another, as in
    ** Nano Stores */
    bool is_mixed = step.has_batched && it->kind == HEARS_KEYS;
    bool is_sure = it->is_known && !is_uncertain && !is_mixed && !(it->untold >> i & 1);
    if (is_sure && it->told[i] != number) {
      fail_msg("e%d should know of n%d: %d", (int)(it - ears), it->heard[i], (int)number);
    }
    if (!is_effect) it->told[i] = number;
    it->untold &= ~(1u << i);
  }
  it->is_known = !is_uncertain && (it->is_known || (!is_effect && is_settled));
}

static size_t count_of_ear(const ear *it, int which) {
  size_t count = 0;
  for (int i = 0; i < it->count; i++) {
    bool is_read = it->kind != TRACKED_EFFECT || it->reads >> i & 1;
    if (it->heard[i] == which && is_read) count++;
  }
  return it->kind == TRACKED_EFFECT ? count > 0 : count;
}

static size_t count_of_computed(const node *it, int which) {
  size_t count = 0;
  if (!it->store || !lg_is_mounted(it->store)) return 0;
  for (int i = 0; i < it->count; i++) {
    bool is_read = !is_tracked(it) || it->reads >> i & 1;
    if (it->sources[i] == which && is_read) count++;
  }
  return is_tracked(it) ? count > 0 : count;
}

/* Whether what a run without memory left may still be linked. */
static bool is_countable(int which) {
  for (int i = 0; i < node_count; i++) {
    const node *it = &nodes[i];
    for (int j = 0; j < it->count && it->store && is_tracked(it) && !it->has_previous; j++)
      if (it->sources[j] == which && lg_is_mounted(it->store)) return false;
  }
  for (int i = 0; i < EARS; i++) {
    const ear *it = &ears[i];
    for (int j = 0; j < it->count && it->kind == TRACKED_EFFECT && it->is_cut; j++)
      if (it->heard[j] == which && it->is_used) return false;
  }
  return true;
}

static void check_count(int which) {
  size_t count = 0;
  for (int i = 0; i < EARS; i++)
    if (ears[i].listener) count += count_of_ear(&ears[i], which);
  for (int i = which + 1; i < node_count; i++)
    count += count_of_computed(&nodes[i], which);
  size_t told = lg_listener_count(nodes[which].store);
  if (is_countable(which) && told != count) {
    fail_msg("n%d has %d listeners, not %d", which, (int)told, (int)count);
  }
  if (lg_listener_count(nodes[which].store)) assert_true(lg_is_mounted(nodes[which].store));
}

static void check_hook(const hook *it) {
  const lg_store *store = nodes[it->node].store;
  if (!it->listeners[0] || it->kind != LIVES || !store) return;
  bool has_started = lg_listener_count(store);
  if (it->starts - it->stops != has_started || it->mounts - it->unmounts != lg_is_mounted(store)) {
    fail_msg("n%d started %d times, stopped %d, mounted %d, unmounted %d", it->node, it->starts,
             it->stops, it->mounts, it->unmounts);
  }
}

static void check_all(void) {
  host_check();
  for (int i = 0; i < EARS; i++)
    if (ears[i].listener) check_ear(&ears[i]);
  for (int i = 0; i < node_count; i++)
    if (nodes[i].store) check_count(i);
  for (int i = 0; i < HOOKS; i++)
    check_hook(&hooks[i]);
}

/* ---- a program ------------------------------------------------------------------------------- */

static void begin_step(void) {
  memset(&step, 0, sizeof step);
  for (int i = 0; i < node_count; i++)
    nodes[i].runs = 0;
}

/* A step in which memory fails after so many allocations. Nobody needs to know anything then. */
static void take_failing_step(void) {
  size_t granted = take(24);
  step.is_failing = true;
  say("%d allocations succeed\n", (int)granted);
  failing_after(&memory, granted);
  take_step(0);
  bool has_failed = failing_stop(&memory);
  for (int i = 0; i < node_count; i++) {
    node *it = &nodes[i];
    if (it->store && !is_computed(it)) follow_store(it);
    if (is_computed(it) && !is_tracked(it)) forget_previous(it);
  }
  for (int i = 0; i < EARS && has_failed; i++)
    ears[i].is_known = false;
  is_uncertain |= has_failed;
}

/* Ends all listeners: a while later nothing is mounted, and what is released then is gone. */
static void end_quietly(void) {
  begin_step();
  for (int i = 0; i < EARS; i++)
    end_ear(i);
  for (int i = 0; i < 2 * NODES; i++) {
    the_time += LG_UNMOUNT_DELAY;
    assert_true(is_explained(lg_run_timers(lagoon)));
  }
  for (int i = 0; i < node_count; i++)
    assert_true(!nodes[i].store ||
                (!lg_is_mounted(nodes[i].store) && !lg_listener_count(nodes[i].store)));
  assert_true(stats().nodes == 0 && stats().edges == 0);
  for (int i = node_count; --i > 0;)
    release_node(i);
  assert_true(stats().stores == 2);
}

static void begin_program(void) {
  host_begin(NULL);
  memset(nodes, 0, sizeof nodes);
  memset(ears, 0, sizeof ears);
  memset(hooks, 0, sizeof hooks);
  memset(&step, 0, sizeof step);
  memset(&tasks, 0, sizeof tasks);
  node_count = 0;
  is_uncertain = false;
  runner = -1;
  ticker = lg_atom(lagoon, lg_int(0));
  make_node(ATOM);
  make_node(ATOM);
}

void store_program_run(decisions from, unsigned steps) {
  source = from;
  is_traced = setting("LG_TRACE", 0);
  begin_program();
  bool ends_quietly = take(2);
  for (unsigned i = 0; i < steps && (source.size || source.state); i++) {
    begin_step();
    if (take(8) == 7) {
      take_failing_step();
    } else {
      take_step(0);
    }
    check_all();
  }
  if (ends_quietly) end_quietly();
  host_end(NULL);
}
