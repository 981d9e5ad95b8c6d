/*
** The graph as a picture, and in figures.
*/
#include "state.h"

#include <string.h>

/* Calls `visit` for each vertex that has a node. */
static bool each_vertex(const lg_lagoon *lagoon, bool (*visit)(const lg_vertex *vertex, void *ctx),
                        void *ctx) {
  for (uint32_t node = LG_STRIDE; node < lagoon->graph.fresh; node += LG_STRIDE) {
    const lg_vertex *vertex = lg_vertex_of(lagoon, node);
    if (vertex && !visit(vertex, ctx)) return false;
  }
  return true;
}

/* ---- Graphviz -------------------------------------------------------------------------------- */

typedef struct writer {
  const lg_lagoon *lagoon;
  lg_write_fn write;
  void *ctx;
} writer;

static bool put(const writer *w, const char *text) { return w->write(text, strlen(text), w->ctx); }

static bool put_number(const writer *w, uint32_t number) {
  char digits[11];
  size_t i = sizeof digits - 1;
  digits[i] = 0;
  do {
    digits[--i] = (char)('0' + number % 10);
    number /= 10;
  } while (number);
  return put(w, digits + i);
}

/* In quotes: a backslash before quotes and backslashes. */
static bool put_escaped(const writer *w, const char *text) {
  while (*text) {
    size_t plain = strcspn(text, "\"\\");
    if (plain && !w->write(text, plain, w->ctx)) return false;
    text += plain;
    if (*text && (!w->write("\\", 1, w->ctx) || !w->write(text++, 1, w->ctx))) return false;
  }
  return true;
}

static const char *const KINDS[] = {
    [LG_ATOM] = "atom",          [LG_MAP] = "map",
    [LG_DEEP_MAP] = "deep map",  [LG_COMPUTED_STORE] = "computed",
    [LG_LISTENS] = "listener",   [LG_LISTENS_KEYS] = "listener",
    [LG_RUNS_LISTED] = "effect", [LG_RUNS_TRACKED] = "effect",
};

static bool is_store(const lg_vertex *vertex) { return vertex->kind <= LG_COMPUTED_STORE; }

static const char *kind_of(const lg_vertex *vertex) {
  bool is_batched =
      vertex->kind == LG_COMPUTED_STORE && ((const lg_computed_store *)vertex)->is_batched;
  return is_batched ? "batched" : KINDS[vertex->kind];
}

static bool put_node(const lg_vertex *vertex, void *ctx) {
  const writer *w = ctx;
  const char *name = is_store(vertex) ? lg_name((const lg_store *)vertex) : "";
  bool ok = put(w, "  n") && put_number(w, vertex->node / LG_STRIDE) && put(w, " [label=\"");
  if (ok && *name) ok = put_escaped(w, name) && put(w, "\\n");
  if (ok) ok = put(w, kind_of(vertex)) && put(w, "\"");
  if (ok && !is_store(vertex)) ok = put(w, ", shape=ellipse");
  if (ok && lg_is_stale(vertex)) ok = put(w, ", style=dashed");
  return ok && put(w, "];\n");
}

static bool put_edges(const lg_vertex *vertex, void *ctx) {
  const writer *w = ctx;
  const lg_graph *g = &w->lagoon->graph;
  bool ok = true;
  for (uint32_t edge = lg_record_of(g, vertex->node)->node.first_in; ok && edge;
       edge = lg_record_of(g, edge)->edge.next_in) {
    ok = put(w, "  n") && put_number(w, lg_record_of(g, edge)->edge.source / LG_STRIDE) &&
         put(w, " -> n") && put_number(w, vertex->node / LG_STRIDE) && put(w, ";\n");
  }
  return ok;
}

lg_status lg_dot(lg_lagoon *lagoon, lg_write_fn write, void *ctx) {
  lg_status status = lg_check(lagoon);
  if (!status && !write) status = lg_error_of(lagoon, NULL, LG_E_ARGUMENT);
  if (status) return status;
  writer w = {lagoon, write, ctx};
  lg_status outside = lg_call_begin(lagoon);
  bool ok = put(&w, "digraph lagoon {\n  rankdir=LR;\n  node [shape=box, fontname=sans];\n") &&
            each_vertex(lagoon, put_node, &w) && each_vertex(lagoon, put_edges, &w) &&
            put(&w, "}\n");
  lg_call_end(lagoon, outside);
  return ok ? LG_OK : lg_error(lagoon, NULL, LG_E_CALLBACK, "the writer stopped");
}

/* ---- figures --------------------------------------------------------------------------------- */

static bool count(const lg_vertex *vertex, void *ctx) {
  lg_stats *stats = ctx;
  const lg_graph *g = &vertex->lagoon->graph;
  stats->nodes++;
  for (uint32_t edge = lg_record_of(g, vertex->node)->node.first_in; edge;
       edge = lg_record_of(g, edge)->edge.next_in)
    stats->edges++;
  return true;
}

lg_status lg_get_stats(const lg_lagoon *lagoon, lg_stats *stats) {
  lg_status status = stats ? lg_check(lagoon) : LG_E_ARGUMENT;
  if (status) return status;
  *stats = (lg_stats){.bytes = lagoon->memory->bytes,
                      .peak = lagoon->memory->peak,
                      .updates = lagoon->epoch,
                      .computes = lagoon->computes,
                      .calls = lagoon->calls};
  for (const lg_store *it = lagoon->stores; it; it = it->next)
    stats->stores++;
  for (const lg_listener *it = lagoon->listeners; it; it = it->next)
    stats->listeners++;
  each_vertex(lagoon, count, stats);
  return LG_OK;
}
