/*
** What the examples in the comments of lagoon.h take for granted: a lagoon, and these functions.
** tests/c-header.test.js puts each example into a program of its own.
*/
#ifndef EXAMPLES_PRELUDE_H
#define EXAMPLES_PRELUDE_H

#include <lagoon.h>
#include <stdio.h>

static void print_price(const lg_change *change, void *ctx) {
  (void)ctx;
  printf("It costs %d\n", (int)lg_as_int(change->value));
}

static void print_change(const lg_change *change, void *ctx) {
  (void)ctx;
  printf("It was %g and is %g\n", lg_as_double(change->old_value), lg_as_double(change->value));
}

static void start_sensor(lg_event *event, void *ctx) {
  (void)ctx;
  lg_set(event->store, lg_double(21.5));
}

static void stop_sensor(void *ctx) {
  (void)ctx;
  puts("stopped");
}

static void print_done(void *ctx) {
  (void)ctx;
  puts("done");
}

static void load_user(lg_store *map, const char *id, void *ctx) {
  (void)ctx;
  lg_set_key(map, "name", lg_string(lg_lagoon_of(map), id));
}

static void add_reading(lg_lagoon *lagoon, void *ctx) {
  (void)ctx;
  lg_store_release(lg_atom(lagoon, lg_double(20.5)));
}

#endif
