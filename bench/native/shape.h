/*
** What a library does for the benchmarks, and the shapes of graph they are measured on.
** A shape is built once for every library out of the same five calls, so no two can differ.
** How rounds are timed and compared is in worker.c and main.c.
*/
#ifndef BENCH_SHAPE_H
#define BENCH_SHAPE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Each library completes these two as it likes. */
typedef struct bench_graph bench_graph;
typedef struct bench_store bench_store;

/* What the listeners of a graph were told. `sum` is the sum of what each of them was told last, so
** it is the same for a library that tells them something else in between. */
typedef struct bench_tally {
  int64_t sum;
  uint64_t calls;
} bench_tally;

/* Every listener does this. `last` is its own; it begins as 0. */
static inline void bench_hear(bench_tally *tally, int *last, int value) {
  tally->sum += value - *last;
  *last = value;
  tally->calls++;
}

/* What write number `i` writes: never what the write before it wrote, small enough for every shape
** to add up in an int. */
static inline int bench_value(uint32_t i) { return (int)(i & 0xffff); }

typedef struct bench_library {
  const char *name;
  const char *(*version)(void);
  /* NULL when there is no memory. The calls below end the process then. */
  bench_graph *(*begin)(bench_tally *tally);
  bench_store *(*atom)(bench_graph *graph, int value);
  /* A computed: `source` + `constant`. */
  bench_store *(*plus)(bench_graph *graph, bench_store *source, int constant);
  /* A computed: `left` + `right`. */
  bench_store *(*sum)(bench_graph *graph, bench_store *left, bench_store *right);
  void (*listen)(bench_graph *graph, bench_store *store);
  /* Makes `count` writes to `atom`, number `from` and those that follow. Returns the sum of
  ** tally->sum after each. */
  int64_t (*write)(bench_graph *graph, bench_store *atom, uint32_t from, uint32_t count);
  /* Removes every listener and every store, one by one, the youngest first. */
  void (*end)(bench_graph *graph);
} bench_library;

extern const bench_library bench_lagoon;
extern const bench_library bench_qt;
extern const bench_library bench_gobject;

typedef struct bench_shape {
  const char *name;
  /* Returns the atom to write to. */
  bench_store *(*build)(const bench_library *library, bench_graph *graph);
  /* tally->sum after a write of v is slope * v + offset. */
  int slope;
  int offset;
  /* 0: an update is a write. Else an update builds the graph, writes once and ends the graph, and
  ** its time is divided by this number of stores. */
  int stores;
} bench_shape;

extern const bench_shape bench_shapes[];
extern const size_t bench_shapes_count;

#ifdef __cplusplus
}
#endif
#endif
