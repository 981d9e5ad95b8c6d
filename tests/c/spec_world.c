/*
** Plays scenarios. See spec_world.h.
*/
#ifdef LG_NO_JSON

extern int spec_needs_json; /* a file must have something in it */

#else

#include "spec_world.h"

#include "host.h"
#include "spec_value.h"

#define NAME_SIZE 48
#define MANY_WORDS 16

/* So many bodies are performed in one scenario, so that each comes to its end. */
#define MANY_BODIES 150

/* So often the timers run in one tick, at most. */
#define MANY_TIMERS 10000

/* What the library complains about has no message in a trace. */
#define OF_THE_LIBRARY ""

typedef enum outcome { GO_ON, STOP, THROWN } outcome;

/* What `as` and others name: how often it was called. */
typedef struct function {
  char name[2 * NAME_SIZE];
  unsigned calls;
} function;

/* What a C function of the scenario is called with, as its `ctx`. */
typedef struct binding {
  const char *kind; /* with what its line begins */
  char name[NAME_SIZE];
  char function[NAME_SIZE];   /* of a computed; or an equality */
  size_t count;               /* of its stores */
  lg_store *from[MANY_WORDS]; /* these, if it reads them itself */
  bool returned;              /* it was mounted, and gave a function for the end */
} binding;

typedef struct named_store {
  char name[NAME_SIZE];
  lg_store *store;         /* NULL: a creator */
  lg_map_creator *creator; /* NULL: a store */
} named_store;

typedef struct named_value {
  char name[NAME_SIZE];
  lg_value value;
} named_value;

typedef struct registration {
  char name[NAME_SIZE];
  lg_listener *listener; /* NULL: unbound */
  bool is_shared;        /* others with this name may become the same listener */
} registration;

typedef struct task {
  char name[NAME_SIZE];
  unsigned generation; /* how often tasks were forgotten before */
  bool is_running;
} task;

/* A map that a creator made. */
typedef struct created_map {
  lg_store *map;
  char arguments[NAME_SIZE * MANY_WORDS]; /* behind the id, as they are written in a line */
  bool returned;
} created_map;

static struct {
  json_t *bodies;
  char *all; /* the scenario as text */
  bool is_over;
  unsigned performed; /* bodies */
  spec_text trace;
  char error[256]; /* the message of what was thrown last */
  unsigned generation;
  function functions[64];
  binding bindings[512];
  named_store stores[64];
  named_value values[16];
  registration registrations[512];
  task tasks[32];
  created_map maps[32];
  size_t function_count, binding_count, store_count, value_count;
  size_t registration_count, task_count, map_count;
} world;

/* One more in a table of the world. */
#define ADD(table, count)                                                                          \
  (assert_true(world.count < COUNT(world.table)), &world.table[world.count++])

static void copy_name(char *name, size_t size, const char *from) {
  assert_true((size_t)snprintf(name, size, "%s", from) < size);
}

/* ---- operations as text ---------------------------------------------------------------------- */

typedef struct operation operation;
typedef struct context context;

typedef struct verb {
  const char *name;
  outcome (*perform)(const operation *op, context *c);
  size_t least; /* so many words it has at least */
  enum { WORDS, THEN_VALUE, THEN_NAME } form;
} verb;

struct operation {
  const verb *verb;
  const char *text;
  char buffer[512];
  const char *words[MANY_WORDS];
  size_t count;
  const char *value;    /* the rest of the text; "" if there is none */
  const char *callback; /* behind `as` */
  bool is_new;          /* `as new` */
};

/* What a function of the scenario is called with. */
struct context {
  const lg_value *arguments;
  size_t count;
  lg_event *event; /* that can be aborted */
  lg_store *it;    /* a map that is made */
  const function *self;
  bool returns; /* a function for the end */
};

static void add_word(operation *op, const char *word) {
  if (op->count == MANY_WORDS) spec_bad("too many words: %s", op->text);
  op->words[op->count++] = word;
}

/* The words that are separated by one space each, and the value behind them. */
static void split_before_value(operation *op, char *rest, size_t words) {
  while (words-- && *rest) {
    char *end = rest + strcspn(rest, " ");
    add_word(op, rest);
    rest = end + (*end != 0);
    *end = 0;
  }
  op->value = rest + strspn(rest, " ");
}

static void split(operation *op, char *rest) {
  static const char separators[] = " (),=";
  for (char *word = strtok(rest, separators); word; word = strtok(NULL, separators))
    add_word(op, word);
}

/* Takes the name behind `as` off the words. */
static void take_name(operation *op) {
  size_t count = op->count;
  op->is_new = count >= 2 && !strcmp(op->words[count - 2], "new");
  size_t words = op->is_new ? 3 : 2;
  if (count < words || strcmp(op->words[count - words], "as")) spec_bad("no name: %s", op->text);
  op->callback = op->words[count - 1];
  op->count = count - words;
}

static const verb *find_verb(const char *name);

static void parse(operation *op, const char *text) {
  op->text = text;
  op->count = 0;
  op->value = "";
  op->callback = NULL;
  op->is_new = false;
  copy_name(op->buffer, sizeof op->buffer, text);
  char *rest = op->buffer + strcspn(op->buffer, " ");
  if (*rest) *rest++ = 0;
  op->verb = find_verb(op->buffer);
  if (op->verb->form == THEN_VALUE) {
    split_before_value(op, rest, op->verb->least);
  } else {
    split(op, rest);
  }
  if (op->verb->form == THEN_NAME) take_name(op);
  if (op->count < op->verb->least) spec_bad("too few words: %s", text);
}

/* ---- the trace, and errors ------------------------------------------------------------------- */

static void end_line(void) { spec_add(&world.trace, "\n"); }

static outcome throw(const char *message) {
  snprintf(world.error, sizeof world.error, "%s", message);
  return THROWN;
}

static void tell_error(void) {
  spec_add(&world.trace, *world.error ? "throws %s" : "throws", world.error);
  end_line();
}

/* What becomes of a call of the library's. */
static outcome check(lg_status status) {
  if (!status || status == LG_E_ABORTED) return GO_ON;
  return throw(status == LG_E_CALLBACK ? lg_last_error(lagoon) : OF_THE_LIBRARY);
}

/* The same for one that returns a pointer. */
static outcome check_made(const void *pointer) {
  return pointer ? GO_ON : check(lg_last_status(lagoon));
}

/* Within a function that the library called: tells it what was thrown. */
static void pass_on(outcome result) {
  if (result == THROWN) lg_fail(lagoon, world.error);
}

/* ---- what names stand for -------------------------------------------------------------------- */

static named_store *find_named(const char *name) {
  for (size_t i = 0; i < world.store_count; i++) {
    if (!strcmp(world.stores[i].name, name)) return &world.stores[i];
  }
  return NULL;
}

static lg_store *store_of(const char *name, const context *c) {
  if (!strcmp(name, "it") && c->it) return c->it;
  const named_store *found = find_named(name);
  if (!found || !found->store) spec_bad("no store %s yet", name);
  return found->store;
}

/* Gives a new store its name. */
static outcome make(const char *name, lg_store *store, lg_map_creator *creator) {
  if (!store && !creator) return check(lg_last_status(lagoon));
  named_store *named = find_named(name);
  if (!named) named = ADD(stores, store_count);
  copy_name(named->name, NAME_SIZE, name);
  named->store = store;
  named->creator = creator;
  return GO_ON;
}

static lg_value find_value(const char *name, const void *ctx) {
  const context *c = ctx;
  if (*name >= '0' && *name <= '9') {
    size_t i = strtoul(name, NULL, 10) - 1;
    return i < c->count ? c->arguments[i] : lg_undefined();
  }
  for (size_t i = 0; i < world.value_count; i++) {
    if (!strcmp(world.values[i].name, name)) return world.values[i].value;
  }
  spec_bad("no value @%s", name);
}

static lg_value value_of(const operation *op, const context *c) {
  return *op->value ? spec_read(lagoon, op->value, find_value, c) : lg_undefined();
}

static function *function_of(const char *name) {
  for (size_t i = 0; i < world.function_count; i++) {
    if (!strcmp(world.functions[i].name, name)) return &world.functions[i];
  }
  function *made = ADD(functions, function_count);
  copy_name(made->name, sizeof made->name, name);
  return made;
}

static binding *bind(const char *kind, const char *name) {
  binding *made = ADD(bindings, binding_count);
  made->kind = kind;
  copy_name(made->name, NAME_SIZE, name);
  return made;
}

/* ---- functions of the scenario --------------------------------------------------------------- */

static outcome perform(json_t *text, context *c);

/* Performs operations, from the one at `first` on, until one is left out or throws. */
static outcome perform_all(json_t *list, size_t first, context *c) {
  outcome result = GO_ON;
  for (size_t i = first; i < json_array_size(list) && result == GO_ON; i++)
    result = perform(json_array_get(list, i), c);
  return result == THROWN ? THROWN : GO_ON;
}

/* What a function of the scenario does when it is called. */
static outcome act(const char *name, context *c) {
  function *self = function_of(name);
  json_t *body = json_object_get(world.bodies, name);
  self->calls++;
  c->self = self;
  if (!body || world.performed++ >= MANY_BODIES) return GO_ON;
  return perform_all(body, 0, c);
}

static void tell_call(const char *kind, const char *name, const context *c) {
  spec_add(&world.trace, "%s %s ", kind, name);
  if (c->count) {
    spec_show_all(&world.trace, c->arguments, c->count);
  } else {
    spec_add(&world.trace, "()");
  }
}

/* Leaves the line of a function, and does what it does. */
static outcome call(const char *kind, const char *name, context *c) {
  if (world.is_over) return GO_ON;
  tell_call(kind, name, c);
  end_line();
  return act(name, c);
}

/* The same for a function that another one returned. */
static outcome call_end(const char *kind, const char *name) {
  char full_name[2 * NAME_SIZE];
  context c = {.count = 0};
  if (world.is_over) return GO_ON;
  snprintf(full_name, sizeof full_name, "%s %s", kind, name);
  spec_add(&world.trace, "%s\n", full_name);
  return act(full_name, &c);
}

static void on_listen(const lg_change *change, void *ctx) {
  const binding *self = ctx;
  lg_value key = change->key ? lg_string(lagoon, change->key) : lg_undefined();
  lg_value arguments[] = {change->value, change->old_value, key};
  context c = {.arguments = arguments, .count = COUNT(arguments)};
  pass_on(call("call", self->name, &c));
  lg_release(key);
}

static void on_task_or_all(void *ctx) {
  const binding *self = ctx;
  context c = {.count = 0};
  pass_on(call("call", self->name, &c));
}

static void on_clean_up(void *ctx) {
  const binding *self = ctx;
  pass_on(call_end("cleanUp", self->name));
}

static void on_effect_from(lg_lagoon *l, const lg_value *values, void *ctx) {
  binding *self = ctx;
  context c = {.arguments = values, .count = self->count};
  outcome result = call("effect", self->name, &c);
  pass_on(result);
  if (result != THROWN && c.returns) ok(lg_on_cleanup(l, on_clean_up, self));
}

static void on_effect_of_none(lg_lagoon *l, void *ctx) { on_effect_from(l, NULL, ctx); }

/* Leaves the line of an event's listener, and does what that does. */
static outcome hear(binding *self, lg_event *event, context *c) {
  if (world.is_over) return GO_ON;
  uintptr_t order = (uintptr_t)*event->shared + 1;
  *event->shared = (void *)order;
  tell_call(self->kind, self->name, c);
  if (order > 1) spec_add(&world.trace, " shared %d", (int)order);
  end_line();
  return act(self->name, c);
}

static void on_write(lg_event *event, void *ctx) {
  binding *self = ctx;
  bool is_set = !strcmp(self->kind, "onSet");
  lg_value key = event->key ? lg_string(lagoon, event->key) : lg_undefined();
  lg_value arguments[] = {is_set ? event->new_value : event->old_value, key};
  context c = {.arguments = arguments, .count = COUNT(arguments), .event = event};
  pass_on(hear(self, event, &c));
  lg_release(key);
}

static void on_plain_event(lg_event *event, void *ctx) {
  binding *self = ctx;
  context c = {.count = 0};
  outcome result = hear(self, event, &c);
  pass_on(result);
  self->returned = result != THROWN && c.returns;
}

static void on_unmount(void *ctx) {
  binding *self = ctx;
  if (self->returned) pass_on(call_end("destroy", self->name));
  self->returned = false;
}

/* ---- functions of computeds, and equalities -------------------------------------------------- */

static lg_value derive(lg_lagoon *l, const lg_value *values, void *ctx) {
  const binding *self = ctx;
  char error[SPEC_ERROR_SIZE];
  context c = {.arguments = values, .count = self->count};
  lg_value result = spec_call(l, self->function, values, self->count, error);
  if (world.is_over) return result;
  tell_call("computed", self->name, &c);
  if (*error) {
    spec_add(&world.trace, " throws %s", error);
  } else {
    spec_add(&world.trace, " = ");
    spec_show(&world.trace, result);
  }
  end_line();
  pass_on(act(self->name, &c));
  if (*error) lg_fail(l, error);
  return result;
}

static lg_value derive_from_none(lg_lagoon *l, void *ctx) { return derive(l, NULL, ctx); }

/* What a tracked function reads: all its stores, but `pick` decides by the first which other one.
** Returns how many values there are; one that failed is the last. */
static size_t read_all(const binding *self, lg_value *values) {
  bool is_picking = !strcmp(self->function, "pick");
  size_t count = 0, next = 0;
  while (next < self->count) {
    lg_value value = lg_get(self->from[next]);
    values[count++] = lg_keep(value);
    if (lg_is_failed(value)) break;
    next = !is_picking ? next + 1 : count > 1 ? self->count : lg_as_bool(value) ? 1 : 2;
  }
  return count;
}

static void release_all(lg_value *values, size_t count) {
  while (count)
    lg_release(values[--count]);
}

static lg_value derive_tracked(lg_lagoon *l, void *ctx) {
  binding self = *(binding *)ctx;
  lg_value values[MANY_WORDS];
  size_t count = read_all(&self, values);
  bool has_failed = count && lg_is_failed(values[count - 1]);
  self.count = count;
  lg_value result = has_failed ? lg_keep(values[count - 1]) : derive(l, values, &self);
  release_all(values, count);
  return result;
}

static void on_tracked_effect(lg_lagoon *l, void *ctx) {
  binding *self = ctx;
  lg_value values[MANY_WORDS];
  size_t count = read_all(self, values);
  if (!count || !lg_is_failed(values[count - 1])) on_effect_from(l, values, self);
  release_all(values, count);
}

static lg_value add_one(lg_lagoon *l, const lg_value *values, void *ctx) {
  (void)l;
  (void)ctx;
  return spec_number(lg_as_double(values[0]) + 1);
}

static bool is_equal(lg_value a, lg_value b, void *ctx) {
  const binding *self = ctx;
  spec_equality equality = spec_find_equality(self->function);
  if (equality) return equality(a, b);
  lg_fail(lagoon, "not comparable");
  return false;
}

static bool is_equal_key(lg_value a, lg_value b, const char *key, void *ctx) {
  (void)key;
  return is_equal(a, b, ctx);
}

/* ---- operations: making stores --------------------------------------------------------------- */

static outcome do_atom(const operation *op, context *c) {
  return make(op->words[0], lg_atom(lagoon, value_of(op, c)), NULL);
}

static outcome do_map(const operation *op, context *c) {
  lg_store *map = *op->value ? lg_map_from(lagoon, value_of(op, c)) : lg_map(lagoon);
  return make(op->words[0], map, NULL);
}

static outcome do_deep_map(const operation *op, context *c) {
  lg_store *map = *op->value ? lg_deep_map_from(lagoon, value_of(op, c)) : lg_deep_map(lagoon);
  return make(op->words[0], map, NULL);
}

/* The stores that the words from `first` on name. */
static size_t stores_of(const operation *op, size_t first, const context *c, lg_store **stores) {
  for (size_t i = first; i < op->count; i++)
    stores[i - first] = store_of(op->words[i], c);
  return op->count - first;
}

static binding *bind_derived(const operation *op, size_t count) {
  binding *self = bind("computed", op->words[0]);
  copy_name(self->function, NAME_SIZE, op->words[1]);
  self->count = count;
  return self;
}

static outcome do_computed(const operation *op, context *c) {
  lg_store *from[MANY_WORDS];
  size_t count = stores_of(op, 2, c, from);
  binding *self = bind_derived(op, count);
  lg_store *made = count ? lg_computed_from(lagoon, from, count, derive, self)
                         : lg_computed(lagoon, derive_from_none, self);
  return make(op->words[0], made, NULL);
}

static outcome do_batched(const operation *op, context *c) {
  lg_store *from[MANY_WORDS];
  size_t count = stores_of(op, 2, c, from);
  binding *self = bind_derived(op, count);
  lg_store *made = count ? lg_batched_from(lagoon, from, count, derive, self)
                         : lg_batched(lagoon, derive_from_none, self);
  return make(op->words[0], made, NULL);
}

static outcome do_tracked(const operation *op, context *c) {
  binding *self = bind_derived(op, 0);
  self->count = stores_of(op, 2, c, self->from);
  return make(op->words[0], lg_computed(lagoon, derive_tracked, self), NULL);
}

static outcome do_chain(const operation *op, context *c) {
  lg_store *last = store_of(op->words[2], c);
  for (long left = strtol(op->words[1], NULL, 10); left > 0 && last; left--)
    last = lg_computed_from(lagoon, &last, 1, add_one, NULL);
  return make(op->words[0], last, NULL);
}

static outcome do_eq(const operation *op, context *c) {
  binding *self = bind("eq", op->words[0]);
  copy_name(self->function, NAME_SIZE, op->words[1]);
  return check(lg_set_equal(store_of(op->words[0], c), is_equal, self));
}

static outcome do_eq_key(const operation *op, context *c) {
  binding *self = bind("eqKey", op->words[0]);
  copy_name(self->function, NAME_SIZE, op->words[1]);
  return check(lg_set_key_equal(store_of(op->words[0], c), is_equal_key, self));
}

static outcome do_let(const operation *op, context *c) {
  named_value *named = ADD(values, value_count);
  copy_name(named->name, NAME_SIZE, op->words[0]);
  named->value = value_of(op, c);
  return GO_ON;
}

/* ---- operations: map creators ---------------------------------------------------------------- */

static created_map *find_map(const lg_store *map) {
  for (size_t i = 0; i < world.map_count; i++) {
    if (world.maps[i].map == map) return &world.maps[i];
  }
  return NULL;
}

static void on_create(lg_store *map, const char *id, void *ctx) {
  const binding *self = ctx;
  created_map *created = find_map(map);
  context c = {.it = map, .count = 1};
  lg_value name = lg_string(lagoon, id);
  c.arguments = &name;
  if (!world.is_over) {
    spec_add(&world.trace, "init %s ('%s'%s)\n", self->name, id, created->arguments);
    outcome result = act(self->name, &c);
    pass_on(result);
    created->returned = result != THROWN && c.returns;
  }
  lg_release(name);
}

static void on_destroy(lg_store *map, const char *id, void *ctx) {
  const binding *self = ctx;
  created_map *created = find_map(map);
  (void)id;
  if (created->returned) pass_on(call_end("destroy", self->name));
  created->returned = false;
}

static outcome do_map_creator(const operation *op, context *c) {
  (void)c;
  binding *self = bind("init", op->words[0]);
  return make(op->words[0], NULL, lg_map_creator_new(lagoon, on_create, on_destroy, self));
}

/* A creator of C hands out the id alone: what else `create` was given is found by the map. */
static void remember(const operation *op, lg_store *map) {
  if (!map || find_map(map)) return;
  created_map *created = ADD(maps, map_count);
  created->map = map;
  size_t size = 0;
  for (size_t i = 3; i < op->count; i++) {
    size += (size_t)snprintf(created->arguments + size, sizeof created->arguments - size, ", '%s'",
                             op->words[i]);
    assert_true(size < sizeof created->arguments);
  }
}

static outcome do_create(const operation *op, context *c) {
  (void)c;
  const named_store *named = find_named(op->words[1]);
  if (!named || !named->creator) spec_bad("no creator: %s", op->text);
  lg_store *map = lg_map_creator_get(named->creator, op->words[2]);
  remember(op, map);
  return make(op->words[0], map, NULL);
}

/* ---- operations: reading and writing --------------------------------------------------------- */

static outcome do_get(const operation *op, context *c) {
  lg_value value = lg_get(store_of(op->words[0], c));
  if (lg_is_failed(value)) return check(lg_status_of(value));
  spec_add(&world.trace, "get %s = ", op->words[0]);
  spec_show(&world.trace, value);
  end_line();
  return GO_ON;
}

/* As `getKey` of JavaScript, which takes a path for a map as well. */
static outcome do_get_key(const operation *op, context *c) {
  lg_store *store = store_of(op->words[0], c);
  lg_value value = store->vertex.kind == LG_MAP ? lg_path_get(lg_get(store), op->words[1])
                                                : lg_get_key(store, op->words[1]);
  if (lg_is_failed(value)) return check(lg_status_of(value));
  spec_add(&world.trace, "getKey %s %s = ", op->words[0], op->words[1]);
  spec_show(&world.trace, value);
  end_line();
  return GO_ON;
}

static void show_store(const char *name, const lg_store *store, bool is_first) {
  spec_add(&world.trace, "%s%s = ", is_first ? "show " : ", ", name);
  spec_show(&world.trace, store->value);
  spec_add(&world.trace, " lc %zu", lg_listener_count(store));
}

static outcome do_show(const operation *op, context *c) {
  for (size_t i = 0; i < op->count; i++)
    show_store(op->words[i], store_of(op->words[i], c), !i);
  for (size_t i = 0; i < world.store_count && !op->count; i++)
    show_store(world.stores[i].name, store_of(world.stores[i].name, c), !i);
  end_line();
  return GO_ON;
}

static outcome do_same(const operation *op, context *c) {
  bool is_same = store_of(op->words[0], c) == store_of(op->words[1], c);
  spec_add(&world.trace, "same %s %s = %s\n", op->words[0], op->words[1],
           is_same ? "true" : "false");
  return GO_ON;
}

static outcome do_set(const operation *op, context *c) {
  lg_value value = value_of(op, c);
  return check(lg_set(store_of(op->words[0], c), value));
}

static outcome do_set_key(const operation *op, context *c) {
  lg_value value = value_of(op, c);
  return check(lg_set_key(store_of(op->words[0], c), op->words[1], value));
}

static outcome do_add(const operation *op, context *c) {
  lg_store *store = store_of(op->words[0], c);
  double value = lg_as_double(store->value) + lg_as_double(value_of(op, c));
  return check(lg_set(store, spec_number(value)));
}

/* ---- operations: listening ------------------------------------------------------------------- */

static outcome keep_listener(const operation *op, lg_listener *listener, bool is_shared) {
  if (!listener) return check(lg_last_status(lagoon));
  registration *made = ADD(registrations, registration_count);
  copy_name(made->name, NAME_SIZE, op->callback);
  made->listener = listener;
  made->is_shared = is_shared;
  return GO_ON;
}

/* Whether all that one function listens to can be one listener: nothing of it is unbound. */
static bool can_share(const operation *op) {
  char unbind[NAME_SIZE + 16];
  if (op->is_new) return false;
  snprintf(unbind, sizeof unbind, "\"unbind %s", op->callback);
  size_t size = strlen(unbind);
  for (const char *it = world.all; (it = strstr(it, unbind)); it += size) {
    if (it[size] == '"' || it[size] == ' ') return false;
  }
  return true;
}

static lg_listener *find_shared(const char *name) {
  for (size_t i = 0; i < world.registration_count; i++) {
    const registration *it = &world.registrations[i];
    if (it->is_shared && !strcmp(it->name, name)) return it->listener;
  }
  return NULL;
}

/* What lg_subscribe does for the first store, for another one. */
static outcome call_at_once(const operation *op, lg_store *store) {
  lg_value value = lg_keep(lg_peek(store));
  context c = {.arguments = &value, .count = 1};
  outcome result = call("call", op->callback, &c);
  lg_release(value);
  return result;
}

static outcome listen(const operation *op, const context *c, bool subscribes) {
  lg_store *store = store_of(op->words[0], c);
  bool is_shared = can_share(op);
  lg_listener *listener = is_shared ? find_shared(op->callback) : NULL;
  if (!listener) {
    binding *self = bind("call", op->callback);
    listener =
        subscribes ? lg_subscribe(store, on_listen, self) : lg_listen(store, on_listen, self);
    return keep_listener(op, listener, is_shared);
  }
  outcome result = check(lg_listen_also(listener, store));
  if (result == GO_ON && subscribes) result = call_at_once(op, store);
  return result == GO_ON ? keep_listener(op, listener, true) : result;
}

static outcome do_listen(const operation *op, context *c) { return listen(op, c, false); }

static outcome do_subscribe(const operation *op, context *c) { return listen(op, c, true); }

static outcome do_listen_keys(const operation *op, context *c) {
  binding *self = bind("call", op->callback);
  lg_store *store = store_of(op->words[0], c);
  return keep_listener(op, lg_listen_keys(store, op->words + 1, op->count - 1, on_listen, self),
                       false);
}

static outcome do_subscribe_keys(const operation *op, context *c) {
  binding *self = bind("call", op->callback);
  lg_store *store = store_of(op->words[0], c);
  return keep_listener(op, lg_subscribe_keys(store, op->words + 1, op->count - 1, on_listen, self),
                       false);
}

static outcome do_effect(const operation *op, context *c) {
  lg_store *from[MANY_WORDS];
  binding *self = bind("effect", op->callback);
  self->count = stores_of(op, 0, c, from);
  lg_listener *effect = self->count
                            ? lg_effect_from(lagoon, from, self->count, on_effect_from, self)
                            : lg_effect(lagoon, on_effect_of_none, self);
  return keep_listener(op, effect, false);
}

static outcome do_tracked_effect(const operation *op, context *c) {
  binding *self = bind("effect", op->callback);
  self->count = stores_of(op, 0, c, self->from);
  return keep_listener(op, lg_effect(lagoon, on_tracked_effect, self), false);
}

static outcome do_event(const operation *op, context *c) {
  lg_store *store = store_of(op->words[0], c);
  const char *kind = op->verb->name;
  binding *self = bind(kind, op->callback);
  lg_listener *listener = !strcmp(kind, "onSet")      ? lg_on_set(store, on_write, self)
                          : !strcmp(kind, "onNotify") ? lg_on_notify(store, on_write, self)
                          : !strcmp(kind, "onStart")  ? lg_on_start(store, on_plain_event, self)
                          : !strcmp(kind, "onStop")
                              ? lg_on_stop(store, on_plain_event, self)
                              : lg_on_mount(store, on_plain_event, on_unmount, self);
  return keep_listener(op, listener, false);
}

static outcome do_keep_mount(const operation *op, context *c) {
  return check_made(lg_keep_mount(store_of(op->words[0], c)));
}

static outcome do_unbind(const operation *op, context *c) {
  size_t left = op->count > 1 ? strtoul(op->words[1], NULL, 10) : 1;
  (void)c;
  for (size_t i = 0; i < world.registration_count; i++) {
    registration *it = &world.registrations[i];
    if (strcmp(it->name, op->words[0]) || --left) continue;
    lg_listener *listener = it->listener;
    it->listener = NULL;
    return check(lg_unlisten(listener));
  }
  return GO_ON;
}

/* ---- operations: time and tasks -------------------------------------------------------------- */

static outcome do_tick(const operation *op, context *c) {
  uint64_t end = the_time + strtoul(op->words[0], NULL, 10);
  (void)c;
  for (int i = 0; i < MANY_TIMERS; i++) {
    uint64_t due = lg_next_deadline(lagoon);
    if (due > end) break;
    if (due > the_time) the_time = due;
    if (check(lg_run_timers(lagoon)) == THROWN) tell_error();
  }
  the_time = end;
  return GO_ON;
}

static task *find_task(const char *name) {
  task *found = NULL; /* the last one */
  for (size_t i = 0; i < world.task_count; i++) {
    if (!strcmp(world.tasks[i].name, name)) found = &world.tasks[i];
  }
  if (!found) spec_bad("no task %s", name);
  return found;
}

static outcome start_task(const char *name) {
  task *made = ADD(tasks, task_count);
  copy_name(made->name, NAME_SIZE, name);
  made->generation = world.generation;
  made->is_running = true;
  return check(lg_task_start(lagoon));
}

/* Ends it, unless it ended before, or was forgotten. */
static outcome end_task(const char *name) {
  task *it = find_task(name);
  bool is_running = it->is_running && it->generation == world.generation;
  it->is_running = false;
  return is_running ? check(lg_task_end(lagoon)) : GO_ON;
}

static outcome do_start_task(const operation *op, context *c) {
  (void)c;
  return start_task(op->words[0]);
}

static outcome do_end_task(const operation *op, context *c) {
  (void)c;
  return end_task(op->words[0]);
}

static outcome do_task(const operation *op, context *c) {
  context none = {.count = 0};
  (void)c;
  outcome result = start_task(op->words[0]);
  if (result == GO_ON) result = call("call", op->words[0], &none);
  if (result == THROWN) {
    char message[sizeof world.error];
    copy_name(message, sizeof message, world.error);
    end_task(op->words[0]);
    throw(message);
  }
  return result;
}

static outcome do_finish(const operation *op, context *c) {
  char name[2 * NAME_SIZE];
  context none = {.count = 0};
  (void)c;
  snprintf(name, sizeof name, "finish %s", op->words[0]);
  if (act(name, &none) == THROWN) tell_error();
  return end_task(op->words[0]);
}

static outcome do_all_tasks(const operation *op, context *c) {
  (void)c;
  return check(lg_when_tasks_done(lagoon, on_task_or_all, bind("call", op->callback)));
}

/* To forget the running tasks is to end them all, and never again. */
static outcome do_clean_tasks(const operation *op, context *c) {
  outcome result = GO_ON;
  (void)op;
  (void)c;
  world.generation++;
  while (lg_tasks_running(lagoon) && result == GO_ON)
    result = check(lg_task_end(lagoon));
  return result;
}

static outcome do_clean_stores(const operation *op, context *c) {
  if (op->count) spec_bad("stores of C are not cleaned: %s", op->text);
  return do_clean_tasks(op, c);
}

/* ---- operations: for bodies ------------------------------------------------------------------ */

static outcome do_times(const operation *op, context *c) {
  return c->self->calls <= strtoul(op->words[0], NULL, 10) ? GO_ON : STOP;
}

static outcome do_if(const operation *op, context *c) {
  char error[SPEC_ERROR_SIZE];
  lg_value result = spec_call(lagoon, op->words[0], c->arguments, c->count ? 1 : 0, error);
  bool is_true = lg_as_bool(result);
  lg_release(result);
  return is_true ? GO_ON : STOP;
}

static outcome do_throw(const operation *op, context *c) {
  (void)c;
  return throw(op->text + strlen("throw "));
}

static outcome do_abort(const operation *op, context *c) {
  if (!c->event) spec_bad("nothing to abort: %s", op->text);
  c->event->abort = true;
  return GO_ON;
}

static outcome do_return(const operation *op, context *c) {
  (void)op;
  c->returns = true;
  return GO_ON;
}

/* ---- performing ------------------------------------------------------------------------------ */

static const verb verbs[] = {
    {"abort", do_abort, 0, WORDS},
    {"add", do_add, 1, THEN_VALUE},
    {"allTasks", do_all_tasks, 0, THEN_NAME},
    {"atom", do_atom, 1, THEN_VALUE},
    {"batched", do_batched, 2, WORDS},
    {"chain", do_chain, 3, WORDS},
    {"cleanStores", do_clean_stores, 0, WORDS},
    {"cleanTasks", do_clean_tasks, 0, WORDS},
    {"cleanUp", do_return, 0, WORDS},
    {"computed", do_computed, 2, WORDS},
    {"create", do_create, 3, WORDS},
    {"deepMap", do_deep_map, 1, THEN_VALUE},
    {"destroy", do_return, 0, WORDS},
    {"effect", do_effect, 0, THEN_NAME},
    {"endTask", do_end_task, 1, WORDS},
    {"eq", do_eq, 2, WORDS},
    {"eqKey", do_eq_key, 2, WORDS},
    {"fail", do_end_task, 1, WORDS},
    {"finish", do_finish, 1, WORDS},
    {"get", do_get, 1, WORDS},
    {"getKey", do_get_key, 2, WORDS},
    {"if", do_if, 1, WORDS},
    {"keepMount", do_keep_mount, 1, WORDS},
    {"let", do_let, 1, THEN_VALUE},
    {"listen", do_listen, 1, THEN_NAME},
    {"listenKeys", do_listen_keys, 1, THEN_NAME},
    {"map", do_map, 1, THEN_VALUE},
    {"mapCreator", do_map_creator, 1, WORDS},
    {"onMount", do_event, 1, THEN_NAME},
    {"onNotify", do_event, 1, THEN_NAME},
    {"onSet", do_event, 1, THEN_NAME},
    {"onStart", do_event, 1, THEN_NAME},
    {"onStop", do_event, 1, THEN_NAME},
    {"same", do_same, 2, WORDS},
    {"set", do_set, 1, THEN_VALUE},
    {"setKey", do_set_key, 2, THEN_VALUE},
    {"show", do_show, 0, WORDS},
    {"startTask", do_start_task, 1, WORDS},
    {"subscribe", do_subscribe, 1, THEN_NAME},
    {"subscribeKeys", do_subscribe_keys, 1, THEN_NAME},
    {"task", do_task, 1, WORDS},
    {"throw", do_throw, 1, WORDS},
    {"tick", do_tick, 1, WORDS},
    {"times", do_times, 1, WORDS},
    {"tracked", do_tracked, 2, WORDS},
    {"trackedEffect", do_tracked_effect, 0, THEN_NAME},
    {"unbind", do_unbind, 1, WORDS},
};

static const verb *find_verb(const char *name) {
  for (size_t i = 0; i < COUNT(verbs); i++) {
    if (!strcmp(verbs[i].name, name)) return &verbs[i];
  }
  spec_bad("no operation: %s", name);
}

static outcome perform_batch(json_t *block, context *c) {
  char message[sizeof world.error];
  outcome result = check(lg_batch_begin(lagoon));
  if (result == GO_ON) result = perform_all(block, 1, c);
  copy_name(message, sizeof message, world.error);
  if (check(lg_batch_end(lagoon)) == THROWN) return THROWN;
  return result == THROWN ? throw(message) : GO_ON;
}

static outcome perform_block(json_t *block, context *c) {
  const char *name = json_string_value(json_array_get(block, 0));
  if (name && !strcmp(name, "batch")) return perform_batch(block, c);
  if (!name || strcmp(name, "try")) spec_bad("no block: %s", name ? name : "a list");
  if (perform_all(block, 1, c) == THROWN) tell_error();
  return GO_ON;
}

static outcome perform(json_t *text, context *c) {
  operation op;
  if (json_is_array(text)) return perform_block(text, c);
  parse(&op, json_string_value(text));
  return op.verb->perform(&op, c);
}

const char *spec_perform(json_t *text) {
  context none = {.count = 0};
  spec_clear(&world.trace);
  if (perform(text, &none) == THROWN) tell_error();
  return spec_chars(&world.trace);
}

void spec_begin(json_t *scenario) {
  memset(&world, 0, sizeof world);
  world.bodies = json_object_get(scenario, "bodies");
  world.all = json_dumps(scenario, JSON_COMPACT);
  assert_non_null(world.all);
}

void spec_end(void) {
  world.is_over = true;
  for (size_t i = 0; i < world.value_count; i++)
    lg_release(world.values[i].value);
  free(world.all);
  spec_clear(&world.trace);
}

#endif
