/*
** A small host for the randomized test: things with integer values, whose functions and listeners
** do what dice say. The same program runs on the engine and on the model; both must leave one
** trace.
*/
#ifndef WORLD_H
#define WORLD_H

#include <stdbool.h>
#include <stdint.h>

/* What a world runs on: the engine (checked.h) or the model (model.h). A node is a positive number;
** the functions are those of graph.h in terms of whole updates. */
typedef struct world world;
typedef struct machine {
  uint32_t (*node)(void *m, uint32_t flags);
  void (*free)(void *m, uint32_t node);
  void (*link)(void *m, uint32_t source, uint32_t sink);
  uint32_t (*unlink)(void *m, uint32_t source, uint32_t sink);
  void (*track_begin)(void *m, uint32_t sink);
  void (*track)(void *m, uint32_t sink, uint32_t source);
  uint32_t (*untrack)(void *m, uint32_t sink, uint32_t *source); /* what lg_graph_untrack returns */
  void (*notify)(void *m, uint32_t source, uint32_t number);
  void (*touch)(void *m, uint32_t source);
  void (*batch)(void *m, bool begin);
  bool (*pull)(void *m, world *w, uint32_t node); /* false: something failed */
  void (*drain)(void *m, world *w);
  uint32_t (*first_source)(void *m, uint32_t node);         /* 0: none */
  uint32_t (*nth_sink)(void *m, uint32_t node, uint32_t i); /* counted from 0; 0: no more */
  bool (*on_stack)(void *m, uint32_t node);
  void (*move)(void *m);
} machine;

/* A tracker is a listener that reads other things when it is called. */
typedef enum kind { SOURCE, STATIC, DYNAMIC, LISTENER, TRACKER, EFFECT } kind;

/* Who needs a thing, asked of everybody below it, as bits: somebody who will read it again, or one
** who may drop it in the run that it is needed for, as a tracker, or what lost a source. */
enum { READER = 1, DROPPER = 2 };

#define DEPS 4 /* how many sources a static computed has at most */

typedef struct thing {
  kind kind;
  bool is_deferred;
  bool is_trusted; /* its last run succeeded, and it has its sources since */
  int value;
  int modulus; /* small ones make a cut-off likely */
  uint32_t salt;
  uint32_t node;  /* 0: not mounted */
  uint32_t birth; /* how often it was mounted */
  uint32_t runs;  /* in this operation */
  uint32_t needs;
  uint32_t old_needs; /* before this operation; a DROPPER if it was not to be trusted itself */
  uint32_t dep_count;
  uint32_t deps[DEPS];
} thing;

/* What kind of program it is. */
typedef struct shape {
  uint32_t sources, computeds, sinks;
  bool is_quiet;   /* functions and listeners do nothing but read */
  bool has_cycles; /* a function may read what depends on it */
  bool has_twins;  /* a function may track the same source twice in one run; then nothing is batched
                    */
} shape;

enum { COMPUTE = 1, RESULT, CALL, CYCLE, FAILED, UNLINK, UNTRACK, GOT, ON_STACK, FREED };
typedef struct entry {
  uint32_t what;
  uint32_t thing;
  uint32_t source;
  uint32_t number;
  int value;
} entry;

struct world {
  const machine *does;
  void *machine;
  shape shape;
  thing *things;
  uint32_t count;
  uint32_t *owners; /* of a node: index + 1 of its thing */
  uint32_t owner_count;
  entry *trace;
  uint32_t trace_length;
  uint32_t trace_capacity;
  uint64_t dice;
  uint32_t budget; /* how many surprises are left for this operation */
  uint32_t number; /* of notices */
  bool is_plain;   /* this operation only writes: it neither mounts, unlinks nor pulls */
  uint32_t draining;
  uint32_t computing;
  bool batching;
  bool has_pending;
};

void world_begin(world *w, const machine *does, void *m, shape s, uint64_t seed);
void world_end(world *w);

/* One random operation of the program. */
void world_step(world *w);

/* Whether the last operation of a quiet world made nothing run that nothing needs, or more than
** once. Looks only at single writes, for which nothing was mounted or pulled by the host. */
bool world_is_lazy(world *w);

/* Whether every mounted computed has the value that its function gives now, after each was pulled
** if `pull` says so. Otherwise it is asked of a quiet world, and of what is needed. */
bool world_is_right(world *w, bool pull);

/* For machines: runs the function of a node, calls a listener, tells of an error. */
bool world_run(world *w, uint32_t node);
void world_call(world *w, uint32_t sink, uint32_t source, uint32_t number);
void world_cycle(world *w, uint32_t node);

#endif
