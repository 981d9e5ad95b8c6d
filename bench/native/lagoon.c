/* liblagoon: computeds with listed sources, numbers as lg_int. */
#include "shape.h"

#include <lagoon.h>
#include <stdlib.h>

typedef struct listener {
  bench_tally *tally;
  lg_listener *handle;
  int last;
} listener;

struct bench_graph {
  lg_lagoon *lagoon;
  bench_tally *tally;
  lg_store **stores;
  listener **listeners;
  size_t stores_count, listeners_count;
};

/* No memory, or a refusal: there is nothing to measure. */
static void *must(void *pointer) {
  if (pointer == NULL) abort();
  return pointer;
}

/* Room for one more: lists double at powers of two. */
static void *room(void *list, size_t count) {
  if ((count & (count - 1)) != 0) return list;
  return must(realloc(list, (count == 0 ? 1 : 2 * count) * sizeof(void *)));
}

static bench_store *add(bench_graph *graph, lg_store *store) {
  graph->stores = room(graph->stores, graph->stores_count);
  graph->stores[graph->stores_count++] = must(store);
  return (bench_store *)store;
}

static bench_graph *begin(bench_tally *tally) {
  bench_graph *graph = must(malloc(sizeof *graph));
  *graph = (bench_graph){.lagoon = must(lg_lagoon_new(NULL)), .tally = tally};
  return graph;
}

static bench_store *atom(bench_graph *graph, int value) {
  return add(graph, lg_atom(graph->lagoon, lg_int(value)));
}

static lg_value add_constant(lg_lagoon *lagoon, const lg_value *values, void *constant) {
  (void)lagoon;
  return lg_int(lg_as_int(values[0]) + (intptr_t)constant);
}

static bench_store *plus(bench_graph *graph, bench_store *source, int constant) {
  lg_store *sources[] = {(lg_store *)source};
  return add(graph,
             lg_computed_from(graph->lagoon, sources, 1, add_constant, (void *)(intptr_t)constant));
}

static lg_value add_sources(lg_lagoon *lagoon, const lg_value *values, void *ctx) {
  (void)lagoon, (void)ctx;
  return lg_int(lg_as_int(values[0]) + lg_as_int(values[1]));
}

static bench_store *sum(bench_graph *graph, bench_store *left, bench_store *right) {
  lg_store *sources[] = {(lg_store *)left, (lg_store *)right};
  return add(graph, lg_computed_from(graph->lagoon, sources, 2, add_sources, NULL));
}

static void hear(const lg_change *change, void *ctx) {
  listener *to = ctx;
  bench_hear(to->tally, &to->last, (int)lg_as_int(change->value));
}

static void listen(bench_graph *graph, bench_store *store) {
  listener *to = must(malloc(sizeof *to));
  *to = (listener){.tally = graph->tally};
  to->handle = must(lg_listen((lg_store *)store, hear, to));
  graph->listeners = room(graph->listeners, graph->listeners_count);
  graph->listeners[graph->listeners_count++] = to;
}

static int64_t write(bench_graph *graph, bench_store *atom, uint32_t from, uint32_t count) {
  int64_t checksum = 0;
  for (uint32_t i = 0; i < count; i++) {
    if (lg_set((lg_store *)atom, lg_int(bench_value(from + i))) != LG_OK) abort();
    checksum += graph->tally->sum;
  }
  return checksum;
}

static void end(bench_graph *graph) {
  while (graph->listeners_count > 0) {
    listener *to = graph->listeners[--graph->listeners_count];
    lg_unlisten(to->handle);
    free(to);
  }
  while (graph->stores_count > 0)
    lg_store_release(graph->stores[--graph->stores_count]);
  if (lg_lagoon_free(graph->lagoon) != LG_OK) abort();
  free(graph->listeners);
  free(graph->stores);
  free(graph);
}

const bench_library bench_lagoon = {"Lagoon", lg_version, begin, atom, plus,
                                    sum,      listen,     write, end};
