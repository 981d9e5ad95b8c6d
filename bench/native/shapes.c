/* The shapes: those of bench/shapes.js that atoms, computeds and listeners can draw, and large
** ones. */
#include "shape.h"

typedef const bench_library library;

static bench_store *atom_with_listeners(library *lib, bench_graph *graph, int listeners) {
  bench_store *atom = lib->atom(graph, 0);
  for (int i = 0; i < listeners; i++)
    lib->listen(graph, atom);
  return atom;
}

static bench_store *atom_1(library *lib, bench_graph *graph) {
  return atom_with_listeners(lib, graph, 1);
}

static bench_store *atom_100(library *lib, bench_graph *graph) {
  return atom_with_listeners(lib, graph, 100);
}

/* The graph that test/benchmark.js of Nano Stores calls `computed`. */
static bench_store *nanostores(library *lib, bench_graph *graph) {
  bench_store *entry = lib->atom(graph, 0);
  bench_store *a = lib->plus(graph, entry, 0);
  bench_store *b = lib->plus(graph, a, 1);
  bench_store *c = lib->plus(graph, a, 1);
  bench_store *d = lib->sum(graph, b, c);
  bench_store *e = lib->plus(graph, d, 1);
  bench_store *f = lib->sum(graph, d, e);
  bench_store *g = lib->sum(graph, d, e);
  bench_store *h = lib->sum(graph, f, g);
  lib->listen(graph, h);
  return entry;
}

static bench_store *chain(library *lib, bench_graph *graph, int length) {
  bench_store *atom = lib->atom(graph, 0);
  bench_store *last = atom;
  for (int i = 0; i < length; i++)
    last = lib->plus(graph, last, 1);
  lib->listen(graph, last);
  return atom;
}

static bench_store *chain_50(library *lib, bench_graph *graph) { return chain(lib, graph, 50); }

static bench_store *chain_100000(library *lib, bench_graph *graph) {
  return chain(lib, graph, 100000);
}

static bench_store *branches(library *lib, bench_graph *graph) {
  bench_store *atom = lib->atom(graph, 0);
  for (int i = 0; i < 50; i++) {
    bench_store *first = lib->plus(graph, atom, 1);
    lib->listen(graph, lib->plus(graph, first, 1));
  }
  return atom;
}

static bench_store *grid(library *lib, bench_graph *graph) {
  bench_store *atom = lib->atom(graph, 0);
  bench_store *above[10];
  bench_store *row[10];
  for (int i = 0; i < 10; i++)
    above[i] = atom;
  for (int depth = 0; depth < 10; depth++) {
    for (int i = 0; i < 10; i++)
      row[i] = lib->sum(graph, above[i], above[(i + 1) % 10]);
    for (int i = 0; i < 10; i++)
      above[i] = row[i];
  }
  for (int i = 0; i < 10; i++)
    lib->listen(graph, row[i]);
  return atom;
}

static bench_store *many(library *lib, bench_graph *graph) {
  bench_store *atom = NULL;
  for (int i = 0; i < 50000; i++) {
    atom = lib->atom(graph, 0);
    lib->listen(graph, lib->plus(graph, atom, 1));
  }
  return atom;
}

const bench_shape bench_shapes[] = {
    {"atom, 1 listener", atom_1, 1, 0, 0},
    {"atom, 100 listeners", atom_100, 100, 0, 0},
    {"computed benchmark of Nano Stores", nanostores, 8, 10, 0},
    {"chain of 50 computeds", chain_50, 1, 50, 0},
    {"50 branches of 2 computeds", branches, 50, 100, 0},
    {"10 x 10 grid", grid, 10240, 0, 0},
    {"chain of 100,000 computeds", chain_100000, 1, 100000, 0},
    /* Half of them atoms, half of them computeds with a listener each. */
    {"a store of 100,000, made and freed", many, 1, 1, 100000},
};

const size_t bench_shapes_count = sizeof bench_shapes / sizeof *bench_shapes;
