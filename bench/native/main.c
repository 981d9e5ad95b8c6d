/*
** liblagoon beside Qt's and GObject's property bindings: all shapes, rounds interleaved, medians.
** Says what it takes when it is given something else.
*/
#define _DEFAULT_SOURCE
#include "report.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MIB ((size_t)1 << 20)
#define STACK (8 * MIB)
#define LARGE_STACK (1024 * MIB)
#define MOST_ROUNDS 101
#define MOST_UPDATES (1u << 26)
#define ROUND_NS 20e6
#define SHAPE_SECONDS 10 /* after which no round begins, once there are LEAST_ROUNDS */
#define LEAST_ROUNDS 15

static const bench_library *const LIBRARIES[] = {
#ifdef BENCH_LAGOON
    &bench_lagoon,
#endif
#ifdef BENCH_QT
    &bench_qt,
#endif
#ifdef BENCH_GOBJECT
    &bench_gobject,
#endif
    NULL};

typedef struct options {
  const char *part;
  const char *json;
  const char *only;
  const char *library;
  long count;
  long rounds;
  bool list;
} options;

typedef struct entry {
  bench_worker worker;
  uint32_t count; /* updates that fill a round */
  double times[MOST_ROUNDS];
} entry;

static void progress(const char *shape, int done, int of) {
  if (isatty(STDERR_FILENO)) {
    fputs("\r\033[K", stderr);
    if (of > 0) fprintf(stderr, "%s: round %d of %d", shape, done, of);
  } else if (of > 0 && done == 0) {
    fprintf(stderr, "%s\n", shape);
  }
}

/* Starts a worker that has made one update, on the usual stack or, where that is too small, on a
** large one. */
static void start(entry *e, bench_cell *cell, const bench_library *library,
                  const bench_shape *shape) {
  bench_round round;
  *cell = (bench_cell){0};
  for (int try = 0; try < 2; try++) {
    cell->failure = bench_start(&e->worker, library, shape, cell->deep ? LARGE_STACK : STACK);
    if (cell->failure == BENCH_OK) cell->failure = bench_run(&e->worker, 1, &round);
    if (cell->failure != BENCH_OVERFLOW || cell->deep) break;
    cell->deep = true;
  }
}

/* Finds how many updates fill a round, and warms up. */
static void calibrate(entry *e, bench_cell *cell, const bench_shape *shape) {
  bench_round round = {0};
  double ns = 0; /* of an update */
  e->count = 1;
  while (cell->failure == BENCH_OK && ns * e->count < ROUND_NS / 2 && e->count < MOST_UPDATES) {
    e->count = ns == 0 ? 1 : 2 * e->count;
    cell->failure = bench_run(&e->worker, e->count, &round);
    ns = round.ns * (shape->stores != 0 ? shape->stores : 1);
  }
  if (ns > ROUND_NS / MOST_UPDATES) e->count = (uint32_t)(ROUND_NS / ns);
  if (e->count == 0) e->count = 1;
}

static int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void summarize(bench_cell *cell, double *times, int rounds) {
  qsort(times, (size_t)rounds, sizeof *times, by_size);
  cell->median = times[rounds / 2];
  cell->spread = (times[rounds * 3 / 4] - times[rounds / 4]) / 2 / cell->median;
}

static void measure(bench_report *report, const bench_shape *shape, int rounds) {
  static entry entries[BENCH_LIBRARIES];
  bench_row *row = &report->rows[report->rows_count++];
  row->shape = shape;
  progress(shape->name, 0, rounds);
  for (size_t k = 0; k < report->libraries_count; k++) {
    start(&entries[k], &row->cells[k], report->libraries[k], shape);
    calibrate(&entries[k], &row->cells[k], shape);
  }
  int done = 0;
  time_t began = time(NULL);
  while (done < rounds && (done < LEAST_ROUNDS || time(NULL) - began < SHAPE_SECONDS)) {
    for (size_t k = 0; k < report->libraries_count; k++) {
      bench_cell *cell = &row->cells[k];
      bench_round round;
      if (cell->failure != BENCH_OK) continue;
      cell->failure = bench_run(&entries[k].worker, entries[k].count, &round);
      if (cell->failure != BENCH_OK) continue;
      entries[k].times[done] = round.ns;
      cell->calls = (double)round.calls / entries[k].count;
    }
    progress(shape->name, ++done, rounds);
  }
  for (size_t k = 0; k < report->libraries_count; k++) {
    bench_stop(&entries[k].worker);
    if (row->cells[k].failure == BENCH_OK) summarize(&row->cells[k], entries[k].times, done);
  }
  row->rounds = done;
}

/* A peer may overflow its stack or take too long; liblagoon may not. */
static bool failed(const bench_report *report) {
  for (size_t i = 0; i < report->rows_count; i++) {
    for (size_t k = 0; k < report->libraries_count; k++) {
      bench_failure failure = report->rows[i].cells[k].failure;
      if (failure == BENCH_OK) continue;
      if (failure != BENCH_OVERFLOW && failure != BENCH_TIMEOUT) return true;
      if (strcmp(report->libraries[k]->name, "Lagoon") == 0) return true;
    }
  }
  return false;
}

static int compare(const options *o) {
  static bench_report report;
  while (LIBRARIES[report.libraries_count] != NULL) {
    report.libraries[report.libraries_count] = LIBRARIES[report.libraries_count];
    report.libraries_count++;
  }
  if (report.libraries_count == 0) {
    fprintf(stderr, "built without any library\n");
    return EXIT_FAILURE;
  }
  for (size_t i = 0; i < bench_shapes_count && report.rows_count < BENCH_ROWS; i++) {
    if (strstr(bench_shapes[i].name, o->part) == NULL) continue;
    measure(&report, &bench_shapes[i], (int)o->rounds);
  }
  progress("", 0, 0);
  if (report.rows_count == 0) {
    fprintf(stderr, "no shape's name contains '%s'; see --list\n", o->part);
    return EXIT_FAILURE;
  }
  bench_print(&report, stdout);
  if (o->json != NULL && !bench_write_json(&report, o->json)) {
    perror(o->json);
    return EXIT_FAILURE;
  }
  return failed(&report) ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int run_only(const options *o) {
  const bench_library *library = NULL;
  const bench_shape *shape = NULL;
  for (size_t k = 0; LIBRARIES[k] != NULL; k++) {
    if (strcmp(LIBRARIES[k]->name, o->library) == 0) library = LIBRARIES[k];
  }
  for (size_t i = 0; i < bench_shapes_count; i++) {
    if (strcmp(bench_shapes[i].name, o->only) == 0) shape = &bench_shapes[i];
  }
  if (library == NULL || shape == NULL) {
    fprintf(stderr, "no such %s; see --list\n", library == NULL ? "library" : "shape");
    return EXIT_FAILURE;
  }
  alarm(600);
  if (bench_run_here(library, shape, LARGE_STACK, (uint32_t)o->count) == BENCH_OK)
    return EXIT_SUCCESS;
  fprintf(stderr, "wrong result\n");
  return EXIT_FAILURE;
}

/* One line for each shape: the number of stores an update is divided by, and the name. */
static int list(void) {
  for (size_t k = 0; LIBRARIES[k] != NULL; k++)
    printf("library %s\n", LIBRARIES[k]->name);
  for (size_t i = 0; i < bench_shapes_count; i++) {
    printf("shape %d %s\n", bench_shapes[i].stores != 0 ? bench_shapes[i].stores : 1,
           bench_shapes[i].name);
  }
  return EXIT_SUCCESS;
}

static bool parse_number(const char *text, long most, long *number) {
  char *end;
  *number = strtol(text, &end, 10);
  return end != text && *end == 0 && *number >= 1 && *number <= most;
}

static bool parse(options *o, int count, char **words) {
  for (int i = 1; i < count; i++) {
    const char *word = words[i];
    if (strcmp(word, "--list") == 0) {
      o->list = true;
    } else if (word[0] != '-') {
      o->part = word;
    } else if (++i == count) {
      return false;
    } else if (strcmp(word, "--json") == 0) {
      o->json = words[i];
    } else if (strcmp(word, "--only") == 0) {
      o->only = words[i];
    } else if (strcmp(word, "--library") == 0) {
      o->library = words[i];
    } else if (strcmp(word, "--count") == 0) {
      if (!parse_number(words[i], MOST_UPDATES, &o->count)) return false;
    } else if (strcmp(word, "--rounds") != 0 || !parse_number(words[i], MOST_ROUNDS, &o->rounds)) {
      return false;
    }
  }
  return (o->only == NULL) == (o->library == NULL);
}

int main(int count, char **words) {
  options o = {.part = "", .count = 1, .rounds = 31};
  signal(SIGPIPE, SIG_IGN); /* a worker that has ended is seen where it is read from */
  if (!parse(&o, count, words)) {
    fprintf(stderr,
            "native [--json FILE] [--rounds 1..%d] [PART OF A SHAPE'S NAME]   compare\n"
            "native --only SHAPE --library NAME [--count UPDATES]            run, without timing\n"
            "native --list                                                   name them\n",
            MOST_ROUNDS);
    return 2;
  }
  if (o.list) return list();
  return o.only != NULL ? run_only(&o) : compare(&o);
}
