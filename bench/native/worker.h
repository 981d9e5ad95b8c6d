/*
** A worker is a process that holds one library's graph of one shape and makes updates on command.
** So rounds of several libraries can take turns in one run, each has a heap of its own, and one
** that overflows its stack or never ends is a result, not the end of the run. */
#ifndef BENCH_WORKER_H
#define BENCH_WORKER_H

#include "shape.h"

#include <stdbool.h>
#include <sys/types.h>

#define BENCH_SECONDS 20

typedef enum bench_failure {
  BENCH_OK,
  BENCH_OVERFLOW, /* of the stack */
  BENCH_TIMEOUT,  /* building the graph, or one round, took more than BENCH_SECONDS */
  BENCH_CRASH,
  BENCH_WRONG, /* the checksum is not what arithmetic says */
  BENCH_SYSTEM /* no process, no memory */
} bench_failure;

typedef struct bench_round {
  double ns;      /* per update, or per store where the shape says so */
  uint64_t calls; /* of listeners */
} bench_round;

typedef struct bench_worker {
  const bench_shape *shape;
  pid_t pid; /* 0: not running */
  int to;
  int from;
  uint32_t next; /* number of the next write */
} bench_worker;

/* Starts a process on a stack of so many bytes and builds the graph there. The worker of a failed
** start needs no stop. */
bench_failure bench_start(bench_worker *worker, const bench_library *library,
                          const bench_shape *shape, size_t stack);

/* One round of `count` updates. After a failure the worker is stopped. */
bench_failure bench_run(bench_worker *worker, uint32_t count, bench_round *round);

void bench_stop(bench_worker *worker);

/* Makes `count` updates in this process, on a stack of so many bytes, without timing them: for
** tools that count instructions. */
bench_failure bench_run_here(const bench_library *library, const bench_shape *shape, size_t stack,
                             uint32_t count);

#endif
