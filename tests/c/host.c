/*
** What the tests of stores have in common. See host.h.
*/
#include "host.h"

#include "graph_check.h"

lg_lagoon *lagoon;
failing memory;
uint64_t the_time;

static char trace[16384];
static size_t trace_length;
static sum sums[256];
static size_t sum_count;

/* ---- begin and end --------------------------------------------------------------------------- */

uint64_t host_clock(void *ctx) {
  (void)ctx;
  return the_time;
}

static void make(lg_options options) {
  memory = (failing){0};
  options.allocator = failing_allocator(&memory);
  options.clock = host_clock;
  options.hash_seed = 1;
  lagoon = lg_lagoon_new(&options);
  assert_non_null(lagoon);
}

int host_begin(void **state) {
  (void)state;
  the_time = 0;
  trace_length = 0;
  trace[0] = 0;
  memset(sums, 0, sizeof sums);
  sum_count = 0;
  make((lg_options){.post_capacity = 8});
  return 0;
}

int host_end(void **state) {
  (void)state;
  if (lagoon) {
    host_check();
    host_free();
  }
  return 0;
}

void host_renew(lg_options options) {
  host_free();
  make(options);
}

void host_free(void) {
  ok(lg_lagoon_free(lagoon));
  lagoon = NULL;
  assert_int_equal(memory.blocks, 0);
}

/* ---- the trace ------------------------------------------------------------------------------- */

void note(const char *format, ...) {
  va_list arguments;
  size_t room = sizeof trace - trace_length;
  if (trace_length) trace_length += (size_t)snprintf(trace + trace_length, room, "; ");
  room = sizeof trace - trace_length;
  va_start(arguments, format);
  trace_length += (size_t)vsnprintf(trace + trace_length, room, format, arguments);
  va_end(arguments);
  assert_true(trace_length < sizeof trace - 3);
}

void host_noted(const char *expected, const char *file, int line) {
  _assert_string_equal(trace, expected, file, line);
  trace_length = 0;
  trace[0] = 0;
  if (lagoon) host_check();
}

static size_t put(char *buffer, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static size_t put(char *buffer, size_t size, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(buffer, size, format, arguments);
  va_end(arguments);
  return length < 0 ? 0 : (size_t)length < size ? (size_t)length : size - 1;
}

static size_t show_in(char *buffer, size_t size, lg_value value) {
  size_t length = 0;
  lg_type type = lg_type_of(value);
  switch (type) {
  case LG_UNDEFINED:
    return put(buffer, size, "-");
  case LG_NULL:
    return put(buffer, size, "null");
  case LG_BOOL:
    return put(buffer, size, lg_as_bool(value) ? "true" : "false");
  case LG_INT:
    return put(buffer, size, "%lld", (long long)lg_as_int(value));
  case LG_DOUBLE:
    return put(buffer, size, "%g", lg_as_double(value));
  case LG_STRING:
    return put(buffer, size, "'%s'", lg_text(&value));
  case LG_FAILED:
    return put(buffer, size, "failed %d", (int)lg_status_of(value));
  case LG_LIST:
  case LG_OBJECT:
    length = put(buffer, size, type == LG_LIST ? "[" : "{");
    for (lg_iterator i = lg_iterate(value); lg_next(&i);) {
      if (i.index) length += put(buffer + length, size - length, ",");
      if (type == LG_OBJECT) length += put(buffer + length, size - length, "%s:", lg_text(&i.key));
      length += show_in(buffer + length, size - length, i.value);
    }
    return length + put(buffer + length, size - length, type == LG_LIST ? "]" : "}");
  default:
    return put(buffer, size, "type %d", (int)type);
  }
}

const char *show(lg_value value) {
  static char buffers[8][1024];
  static unsigned next;
  char *buffer = buffers[next++ % 8];
  show_in(buffer, sizeof buffers[0], value);
  return buffer;
}

void host_fails(lg_status status, lg_status expected, const char *expected_text, const char *file,
                int line) {
  _assert_int_equal((unsigned)status, (unsigned)expected, file, line);
  _assert_int_equal((unsigned)lg_last_status(lagoon), (unsigned)expected, file, line);
  if (expected_text) _assert_string_equal(lg_last_error(lagoon), expected_text, file, line);
  _assert_true(*lg_last_error(lagoon) != 0, "a failure says why", file, line);
}

/* ---- the invariant of a lagoon --------------------------------------------------------------- */

static uint32_t count_edges(uint32_t first, bool is_in) {
  uint32_t count = 0;
  for (uint32_t e = first; e; count++) {
    const lg_edge *it = &lg_record_of(&lagoon->graph, e)->edge;
    e = is_in ? it->next_in : it->next_out;
  }
  return count;
}

static void check_nothing_is_half_done(void) {
  assert_int_equal(lagoon->draining, 0);
  assert_int_equal(lagoon->computing, 0);
  assert_int_equal(lagoon->busy, 0);
  assert_int_equal(lagoon->depth, 0);
  assert_int_equal(lagoon->event_walks, 0);
  assert_int_equal(lagoon->raised, LG_OK);
  assert_int_equal(lagoon->innermost.report.status, LG_OK);
  assert_null(lagoon->tracker);
  assert_null(lagoon->effect);
  assert_null(lagoon->ended);
  if (!lagoon->batches) {
    assert_int_equal(lagoon->message_count, 0);
    assert_int_equal(lagoon->suspect_count, 0);
    assert_int_equal(lagoon->graph.head, 0);
    assert_false(lagoon->graph.batching);
  }
  assert_int_equal(lagoon->graph.top, 0);
  assert_int_equal(lagoon->memory->bytes, memory.bytes);
}

/* Whether the graph has the sources of a listed computed, in their order. */
static void check_sources(const lg_computed_store *computed) {
  const lg_graph *g = &lagoon->graph;
  uint32_t edge = lg_record_of(g, computed->store.vertex.node)->node.first_in;
  for (uint32_t i = 0; i < computed->count; i++) {
    assert_true(edge);
    assert_ptr_equal(lg_vertex_of(lagoon, lg_record_of(g, edge)->edge.source),
                     computed->sources[i]);
    edge = lg_record_of(g, edge)->edge.next_in;
  }
  if (computed->count) assert_false(edge);
}

static uint32_t check_vertex(const lg_vertex *vertex, uint32_t *nodes, uint32_t count) {
  assert_ptr_equal(vertex->lagoon, lagoon);
  if (!vertex->node) return count;
  assert_ptr_equal(lg_vertex_of(lagoon, vertex->node), vertex);
  nodes[count] = vertex->node;
  return count + 1;
}

static void check_timer(const lg_timer *timer) {
  assert_true(!timer->next == !timer->previous);
  if (!timer->next) return;
  assert_ptr_equal(timer->next->previous, timer);
  assert_ptr_equal(timer->previous->next, timer);
}

static void check_store(const lg_store *store) {
  uint32_t node = store->vertex.node;
  uint32_t sinks =
      node ? count_edges(lg_record_of(&lagoon->graph, node)->node.first_out, false) : 0;
  assert_int_equal(store->listeners, sinks);
  assert_false(store->is_starting);
  assert_true(store->owners || store->listeners || store->is_active || store->is_gone);
  assert_int_not_equal(lg_type_of(store->value), LG_FAILED);
  if (store->extras) check_timer(&store->extras->unmount);
  if (store->vertex.kind != LG_COMPUTED_STORE) return;
  const lg_computed_store *computed = (const lg_computed_store *)store;
  assert_int_equal(store->is_valid, store->is_live && !computed->failure);
  if (!store->is_live) assert_int_equal(computed->failure, LG_OK);
  assert_false(store->is_computing);
  assert_false(computed->is_waiting);
  if (computed->is_batched) check_timer(lg_wake_of(computed));
  check_timer(&computed->unmount);
  if (store->is_live) {
    assert_true(store->vertex.node);
    check_sources(computed);
  }
}

/* Computeds that lost all listeners are to be unmounted, so that they wait for it. */
static void check_unmounts(const lg_store *store) {
  if (!store->is_active || store->listeners) return;
  const lg_timer *timer = store->vertex.kind == LG_COMPUTED_STORE
                              ? &((const lg_computed_store *)store)->unmount
                              : &store->extras->unmount;
  assert_non_null(timer->next);
}

void host_check(void) {
  uint32_t count = 0;
  const char *what = "";
  check_nothing_is_half_done();
  uint32_t *nodes = calloc(lagoon->graph.fresh + 1, sizeof *nodes);
  assert_non_null(nodes);
  for (const lg_store *it = lagoon->stores; it; it = it->next) {
    count = check_vertex(&it->vertex, nodes, count);
    check_store(it);
    check_unmounts(it);
  }
  for (const lg_listener *it = lagoon->listeners; it; it = it->next)
    count = check_vertex(&it->vertex, nodes, count);
  bool is_sound = !lagoon->graph.records || lg_graph_check(&lagoon->graph, nodes, count, &what);
  free(nodes);
  if (!is_sound) fail_msg("%s", what);
}

/* ---- functions for stores -------------------------------------------------------------------- */

void on_change(const lg_change *change, void *name) {
  bool is_first = lg_is_undefined(change->old_value);
  note("%s %s%s%s%s%s", (const char *)name, show(change->value), is_first ? "" : "<",
       is_first ? "" : show(change->old_value), change->key ? " @" : "",
       change->key ? change->key : "");
}

void on_event(lg_event *event, void *name) {
  bool has_new = !lg_is_undefined(event->new_value);
  bool has_old = !lg_is_undefined(event->old_value);
  note("%s%s%s%s%s%s%s", (const char *)name, has_new ? " " : "",
       has_new ? show(event->new_value) : "", has_old ? "<" : "",
       has_old ? show(event->old_value) : "", event->key ? " @" : "", event->key ? event->key : "");
}

void on_end(void *name) { note("%s", (const char *)name); }

void on_effect(lg_lagoon *l, void *name) {
  (void)l;
  note("%s", (const char *)name);
}

/* ---- values and stores ----------------------------------------------------------------------- */

lg_value object(const char *key, ...) {
  lg_value made = lg_object(lagoon);
  va_list arguments;
  va_start(arguments, key);
  for (; key; key = va_arg(arguments, const char *))
    made = lg_object_set(made, key, lg_int(va_arg(arguments, int)));
  va_end(arguments);
  return made;
}

lg_value text(const char *it) { return lg_string(lagoon, it); }

lg_store *atom(int64_t value) {
  lg_store *store = lg_atom(lagoon, lg_int(value));
  assert_non_null(store);
  return store;
}

lg_status set(lg_store *store, int64_t value) { return lg_set(store, lg_int(value)); }

int64_t get(lg_store *store) {
  lg_value value = lg_get(store);
  assert_int_equal(lg_type_of(value), LG_INT);
  return lg_as_int(value);
}

static lg_value finish(lg_lagoon *l, sum *it, int64_t total) {
  it->runs++;
  if (it->fails) {
    lg_fail(l, "can't add");
    if (it->name) note("%s fails", it->name);
  } else if (it->name) {
    note("%s %lld", it->name, (long long)total);
  }
  return lg_int(total);
}

lg_value add_listed(lg_lagoon *l, const lg_value *values, void *ctx) {
  sum *it = ctx;
  int64_t total = 0;
  for (size_t i = 0; i < it->count; i++)
    total += lg_as_int(values[i]);
  return finish(l, it, total);
}

lg_value add_tracked(lg_lagoon *l, void *ctx) {
  sum *it = ctx;
  int64_t total = 0;
  for (size_t i = 0; i < it->count; i++) {
    lg_value value = lg_get(it->stores[i]);
    if (lg_is_failed(value)) return value;
    total += lg_as_int(value);
  }
  return finish(l, it, total);
}

static sum *new_sum(const char *name, lg_store *a, lg_store *b) {
  assert_true(sum_count < COUNT(sums));
  sum *it = &sums[sum_count++];
  *it = (sum){.name = name, .count = b ? 2 : 1, .stores = {a, b}};
  return it;
}

lg_store *listed(const char *name, lg_store *a, lg_store *b) {
  sum *it = new_sum(name, a, b);
  lg_store *store = lg_computed_from(lagoon, it->stores, it->count, add_listed, it);
  assert_non_null(store);
  return store;
}

lg_store *tracked(const char *name, lg_store *a, lg_store *b) {
  lg_store *store = lg_computed(lagoon, add_tracked, new_sum(name, a, b));
  assert_non_null(store);
  return store;
}

sum *sum_of(lg_store *store) { return ((lg_computed_store *)store)->ctx; }

/* ---- time ------------------------------------------------------------------------------------ */

void pass(uint64_t milliseconds) {
  the_time += milliseconds;
  ok(lg_run_timers(lagoon));
}

lg_stats stats(void) {
  lg_stats it;
  ok(lg_get_stats(lagoon, &it));
  return it;
}
