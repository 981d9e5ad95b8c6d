/* What the engine does, done stupidly: no lists in records, walks by recursion. Who is below a node
** is found by asking everybody, each time, and whoever is pulled asks all above it; the queue is an
** array that is shifted. Slow, and easy to believe. */
#ifndef MODEL_H
#define MODEL_H

#include "world.h"

typedef struct model_node {
  uint32_t kind;   /* as in graph.h */
  bool is_dirty;   /* a source changed since its last run, or there was none */
  bool on_stack;   /* it runs, or its sources are being made current */
  bool is_running; /* its function runs */
  bool is_gone;    /* freed */
  bool is_stale;   /* something above it changed since it was made current */
  bool is_again;   /* the same, on the stack: stale when it leaves that */
  uint32_t asked;  /* stale, and its sinks were queued in its place: in which round */
  uint32_t batch;  /* the last one in which a source of it changed */
  uint32_t noted;  /* what `links` was when is_read_first was found out */
  bool is_read_first;
  uint32_t *ins; /* the numbers of its edges from sources, in the order of reading */
  uint32_t in_count;
  uint32_t passed; /* how many of them were looked at or, in a run that tracks, read */
} model_node;

typedef struct model_edge {
  uint32_t number; /* counts all edges ever made: an out-list is in this order */
  uint32_t source;
  uint32_t sink;
} model_edge;

typedef struct model_call {
  uint32_t edge;
  uint32_t source;
  uint32_t sink;
  uint32_t number;
} model_call;

typedef struct model {
  model_node *nodes; /* never used again; node 0 is none */
  uint32_t node_count;
  model_edge *edges; /* in the order in which they were made */
  uint32_t edge_count;
  uint32_t edge_number;
  model_call *queue;
  uint32_t queue_length;
  model_edge *due; /* what is due in a batch; without numbers */
  uint32_t due_count;
  uint32_t batch; /* counts batches */
  uint32_t links; /* counts edges made and cut */
  uint32_t round; /* counts what makes it useful to ask again */
  bool batching;
} model;

extern const machine model_machine;

void model_begin(model *m);
void model_end(model *m);

#endif
