/*
** The invariant of the engine, for tests and debug builds of native hosts: walks a whole graph and
** checks every field against every other. It allocates, so it is no part of the engine itself.
*/
#ifndef LAGOON_GRAPH_CHECK_H
#define LAGOON_GRAPH_CHECK_H

#include "graph.h"

/* Whether `g` is sound; if not, *what says in words what does not hold. `nodes` are the `count`
** nodes that the host holds: all that were made and not reported as freed. The records of `g` must
** begin at 1. May be called between any two calls of the engine; changes nothing.
**
**    const char *what;
**    if (!lg_graph_check(&g, nodes, count, &what)) panic(what); */
bool lg_graph_check(const lg_graph *g, const uint32_t *nodes, uint32_t count, const char **what);

#endif
