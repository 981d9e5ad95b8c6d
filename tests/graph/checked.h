/*
** The engine with a memory that moves whenever it grows, and the invariant checked after each step.
** Each function is the one of graph.h with the same name; a violation ends the program.
*/
#ifndef CHECKED_H
#define CHECKED_H

#include "../../src/graph.h"

typedef struct checked {
  lg_graph g;
  lg_record *records;
  uint32_t *nodes; /* those that are not freed */
  uint32_t count;
  uint32_t capacity;
  uint32_t growth;  /* how many records more than it needs it takes each time */
  uint64_t checks;  /* how often the invariant was checked */
  uint64_t settles; /* which take turns between lg_graph_settle and lg_graph_settle_fast */
  uint64_t nexts;   /* the same, between lg_graph_next and lg_graph_next_fast */
} checked;

/* What the program is at when the invariant does not hold: printed with it. May be NULL. */
extern void (*checked_explain)(void);

void checked_begin(checked *c, uint32_t growth);
void checked_end(checked *c);

/* Moves the records to another address, with room for `count` more, and poisons the old ones. */
void checked_move(checked *c, uint32_t count);

/* Ends the program if the invariant does not hold. */
void checked_check(checked *c);

uint32_t checked_node(checked *c, uint32_t kind);
void checked_free(checked *c, uint32_t node);
void checked_link(checked *c, uint32_t source, uint32_t sink);
uint32_t checked_unlink(checked *c, uint32_t source, uint32_t sink);
void checked_track_begin(checked *c, uint32_t sink);
bool checked_track(checked *c, uint32_t sink, uint32_t source);
uint32_t checked_untrack(checked *c, uint32_t sink);
void checked_notify(checked *c, uint32_t source, uint32_t number);
void checked_touch(checked *c, uint32_t source);

/* With room for all dynamic nodes to be asked. */
int32_t checked_next(checked *c);
int32_t checked_pull(checked *c, uint32_t node);
void checked_settle(checked *c, uint32_t node, bool failed);
void checked_batch_begin(checked *c);
void checked_batch_end(checked *c);

#endif
