/* The results of a run, as a table for people and as JSON for charts. */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include "worker.h"

#include <stdio.h>

#define BENCH_LIBRARIES 3
#define BENCH_ROWS 16

typedef struct bench_cell {
  bench_failure failure;
  bool deep;     /* run on a stack of 1 GiB, because it overflowed the usual 8 MiB */
  double median; /* ns per update */
  double spread; /* half of the distance between the quartiles, as a part of the median */
  double calls;  /* of listeners in an update */
} bench_cell;

typedef struct bench_row {
  const bench_shape *shape;
  int rounds;
  bench_cell cells[BENCH_LIBRARIES];
} bench_row;

typedef struct bench_report {
  const bench_library *libraries[BENCH_LIBRARIES]; /* the first is what the others are divided by */
  size_t libraries_count;
  bench_row rows[BENCH_ROWS];
  size_t rows_count;
} bench_report;

void bench_print(const bench_report *report, FILE *file);

/* False: it could not be written. */
bool bench_write_json(const bench_report *report, const char *path);

#endif
