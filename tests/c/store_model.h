/*
** The naive side of store_fuzz.c: what each store holds, worked out from scratch. A value is taken
** for a number, so that both sides can be compared: an int is itself, a list its first element, an
** object the sum of what is at a few paths.
*/
#ifndef STORE_MODEL_H
#define STORE_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "lagoon.h"

enum { NODES = 24, SOURCES = 3, CELLS = 4 };

#define ALL_CELLS 15u
#define ABSENT (-1)

typedef enum kind { ATOM, MAP, DEEP_MAP, LISTED, TRACKED, BATCHED_LISTED, BATCHED_TRACKED } kind;

/* A store, and what it is in the model. Its sources are nodes with smaller numbers. */
typedef struct node {
  lg_store *store; /* NULL: gone */
  kind kind;
  bool is_owned;        /* the program has not released it */
  bool is_late;         /* it is batched, or one above may be */
  int64_t cells[CELLS]; /* of a map: what is at its paths; of an atom: the first one is its value */
  unsigned formula;
  int count;
  int sources[SOURCES];
  unsigned runs;              /* of its function, in this step */
  bool has_previous;          /* it ran, and had memory */
  lg_value previous[SOURCES]; /* what it was derived from, if it is listed */
  unsigned reads;             /* bits of the sources that its last run read, if it is tracked */
} node;

extern node nodes[NODES];
extern int node_count;

/* The paths of the cells of a map, or a deep map. */
const char *path_of(const node *it, int cell);

static inline bool is_tracked(const node *it) {
  return it->kind == TRACKED || it->kind == BATCHED_TRACKED;
}

static inline bool is_computed(const node *it) { return it->kind >= LISTED; }

/* The number for a value, as far as it lies in some cells. */
int64_t number_of(lg_value value, unsigned cells);

/* The same for a node; the cells matter for maps only. */
int64_t number_of_node(int which, unsigned cells);

/* To be called after cells were written. */
void model_changed(void);

/* What a tracked function makes of its sources: which one it reads next depends on what it read.
** `read` gives the number of a source; *reads gets the bits of those it was called for. */
int64_t derive_tracked(const node *it, int64_t (*read)(int which, void *ctx), void *ctx,
                       unsigned *reads);

/* What a listed function makes of the sum of its sources. */
int64_t derive_listed(const node *it, int64_t sum);

#endif
