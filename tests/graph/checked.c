/*
** See checked.h.
*/
#include "checked.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/graph_check.h"

#define POISON 0xA5

void (*checked_explain)(void);

static void give_up(const char *what) {
  fprintf(stderr, "the invariant does not hold: %s\n", what);
  if (checked_explain) checked_explain();
  abort();
}

void checked_check(checked *c) {
  const char *what;
  c->checks++;
  if (!lg_graph_check(&c->g, c->nodes, c->count, &what)) give_up(what);
}

void checked_begin(checked *c, uint32_t growth) {
  *c = (checked){.growth = growth};
  lg_graph_init(&c->g, NULL, LG_STRIDE, LG_STRIDE);
}

void checked_end(checked *c) {
  free(c->records);
  free(c->nodes);
}

void checked_move(checked *c, uint32_t count) {
  uint32_t old_count = c->g.end / LG_STRIDE;
  lg_record *records = malloc((old_count + count) * sizeof(lg_record));
  if (!records) give_up("no memory for the test");
  if (c->records) {
    memcpy(records, c->records, old_count * sizeof(lg_record));
    memset(c->records, POISON, old_count * sizeof(lg_record));
    free(c->records);
  }
  c->records = records;
  lg_graph_move(&c->g, records, (old_count + count) * LG_STRIDE);
}

static void make_room(checked *c, uint32_t count) {
  if (!lg_graph_room(&c->g, count)) checked_move(c, count + c->growth);
  if (!lg_graph_room(&c->g, count)) give_up("no room after a growth");
}

/* How many records are in use. */
static uint32_t used(const checked *c) { return c->g.end / LG_STRIDE - c->g.left; }

static void forget(checked *c, uint32_t node) {
  uint32_t i = 0;
  while (i < c->count && c->nodes[i] != node)
    i++;
  if (i == c->count) give_up("an unknown node was freed");
  c->nodes[i] = c->nodes[--c->count];
}

uint32_t checked_node(checked *c, uint32_t kind) {
  make_room(c, 1);
  uint32_t node = lg_graph_node(&c->g, kind);
  if (c->count == c->capacity) {
    c->capacity = c->capacity * 2 + 16;
    c->nodes = realloc(c->nodes, c->capacity * sizeof(uint32_t));
    if (!c->nodes) give_up("no memory for the test");
  }
  c->nodes[c->count++] = node;
  checked_check(c);
  return node;
}

void checked_free(checked *c, uint32_t node) {
  lg_graph_free(&c->g, node);
  forget(c, node);
  checked_check(c);
}

void checked_link(checked *c, uint32_t source, uint32_t sink) {
  make_room(c, 1);
  lg_graph_link(&c->g, source, sink);
  checked_check(c);
}

uint32_t checked_unlink(checked *c, uint32_t source, uint32_t sink) {
  uint32_t result = lg_graph_unlink(&c->g, source, sink);
  if (result & LG_SOURCE_FREED) forget(c, source);
  if (result & LG_SINK_FREED) forget(c, sink);
  checked_check(c);
  return result;
}

void checked_track_begin(checked *c, uint32_t sink) {
  lg_graph_track_begin(&c->g, sink);
  checked_check(c);
}

bool checked_track(checked *c, uint32_t sink, uint32_t source) {
  make_room(c, 1);
  uint32_t before = used(c);
  bool is_new = lg_graph_track(&c->g, sink, source);
  if (used(c) - before != is_new) give_up("track did not say whether it made an edge");
  checked_check(c);
  return is_new;
}

uint32_t checked_untrack(checked *c, uint32_t sink) {
  uint32_t result = lg_graph_untrack(&c->g, sink);
  if (result & LG_SOURCE_FREED) forget(c, c->g.step.source);
  checked_check(c);
  return result;
}

void checked_notify(checked *c, uint32_t source, uint32_t number) {
  uint32_t cost = lg_graph_cost(&c->g, source);
  make_room(c, cost);
  uint32_t before = used(c);
  lg_graph_notify(&c->g, source, number);
  if (used(c) - before > cost) give_up("a notice took more records than lg_graph_cost said");
  checked_check(c);
}

void checked_touch(checked *c, uint32_t source) {
  lg_graph_touch(&c->g, source);
  checked_check(c);
}

int32_t checked_next(checked *c) {
  uint32_t dynamic = 0;
  for (uint32_t i = 0; i < c->count; i++)
    dynamic += (lg_record_of(&c->g, c->nodes[i])->node.flags & LG_DYNAMIC) != 0;
  make_room(c, dynamic);
  uint32_t listener = c->nexts++ % 2 ? lg_graph_next_fast(&c->g) : 0;
  int32_t step = listener ? (int32_t)listener : lg_graph_next(&c->g);
  checked_check(c);
  return step;
}

int32_t checked_pull(checked *c, uint32_t node) {
  int32_t step = lg_graph_pull(&c->g, node);
  checked_check(c);
  return step;
}

void checked_settle(checked *c, uint32_t node, bool failed) {
  if (c->settles++ % 2) {
    lg_graph_settle_fast(&c->g, node, failed);
  } else {
    lg_graph_settle(&c->g, node, failed);
  }
  checked_check(c);
}

void checked_batch_begin(checked *c) {
  lg_graph_batch_begin(&c->g);
  checked_check(c);
}

void checked_batch_end(checked *c) {
  lg_graph_batch_end(&c->g);
  checked_check(c);
}
