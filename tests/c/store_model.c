/*
** The naive model of stores. See store_model.h.
*/
#include "store_model.h"

node nodes[NODES];
int node_count;

static int64_t numbers[NODES];
static bool is_fresh; /* `numbers` are right */

/* A path of the one kind never leads anywhere in the other. */
static const char *const PATHS[][CELLS] = {
    {"a", "b", "a key that is long", "d"},
    {"x.a", "x.b", "y.z.a long way to go", "c"},
};

const char *path_of(const node *it, int cell) { return PATHS[it->kind == DEEP_MAP][cell]; }

static int64_t weigh(int cell, int64_t value) { return (cell + 1) * (value + 1); }

static int64_t number_of_object(lg_value object, unsigned cells) {
  int64_t number = 0;
  for (int which = 0; which < 2; which++) {
    for (int cell = 0; cell < CELLS; cell++) {
      lg_value part = lg_path_get(object, PATHS[which][cell]);
      bool counts = cells >> cell & 1 && lg_type_of(part) == LG_INT;
      if (counts) number += weigh(cell, lg_as_int(part));
    }
  }
  return number;
}

int64_t number_of(lg_value value, unsigned cells) {
  switch (lg_type_of(value)) {
  case LG_INT:
    return lg_as_int(value);
  case LG_LIST:
    return number_of(lg_list_get(value, 0), cells);
  case LG_OBJECT:
    return number_of_object(value, cells);
  default:
    return -1000;
  }
}

static int64_t number_of_cells(const node *it, unsigned cells) {
  int64_t number = 0;
  if (it->kind == ATOM) return it->cells[0];
  for (int cell = 0; cell < CELLS; cell++) {
    bool counts = cells >> cell & 1 && it->cells[cell] != ABSENT;
    if (counts) number += weigh(cell, it->cells[cell]);
  }
  return number;
}

static int64_t finish(const node *it, int64_t total) {
  switch (it->formula % 5) {
  case 0:
    return total;
  case 1:
    return total % 3;
  case 2:
    return total > 4;
  case 3:
    return total / 4;
  default:
    return total % 7; /* in a list */
  }
}

int64_t derive_tracked(const node *it, int64_t (*read)(int which, void *ctx), void *ctx,
                       unsigned *reads) {
  int64_t total = 0;
  *reads = 0;
  for (int i = 0; i < it->count; i++) {
    *reads |= 1u << i;
    total += read(it->sources[i], ctx);
    if (total % 3 == 1) i++;
  }
  return finish(it, total);
}

int64_t derive_listed(const node *it, int64_t sum) { return finish(it, sum); }

static int64_t read_number(int which, void *ctx) {
  (void)ctx;
  return numbers[which];
}

static int64_t work_out(const node *it) {
  int64_t sum = 0;
  unsigned reads;
  if (!is_computed(it)) return number_of_cells(it, ALL_CELLS);
  if (is_tracked(it)) return derive_tracked(it, read_number, NULL, &reads);
  for (int i = 0; i < it->count; i++)
    sum += numbers[it->sources[i]];
  return derive_listed(it, sum);
}

int64_t number_of_node(int which, unsigned cells) {
  for (int i = 0; i < node_count && !is_fresh; i++)
    numbers[i] = work_out(&nodes[i]);
  is_fresh = true;
  if (cells != ALL_CELLS && !is_computed(&nodes[which])) {
    return number_of_cells(&nodes[which], cells);
  }
  return numbers[which];
}

void model_changed(void) { is_fresh = false; }
