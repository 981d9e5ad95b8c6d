/*
** What the tests of stores have in common: a lagoon whose clock stands still, whose allocator finds
** mistakes, and a trace of what was called, which tests compare as text. After each comparison, and
** at the end, all of the lagoon is checked against itself.
**
**    lg_store *a = lg_atom(lagoon, lg_int(1));
**    lg_listen(a, on_change, "a");
**    ok(lg_set(a, lg_int(2)));
**    noted("a 2<1");
*/
#ifndef HOST_H
#define HOST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "failing.h"
#include "state.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define TEST(name) cmocka_unit_test_setup_teardown(name, host_begin, host_end)

extern lg_lagoon *lagoon;
extern failing memory;    /* where it gets its memory */
extern uint64_t the_time; /* what its clock shows */

/* Before and after each test. At the end the lagoon is freed, if there still is one. */
int host_begin(void **state);
int host_end(void **state);

/* The lagoon that host_begin makes, with other options; the allocator and clock are the test's. */
void host_renew(lg_options options);

/* Frees the lagoon within a test; no block may be left. */
void host_free(void);

/* The clock of the lagoon: the_time. */
uint64_t host_clock(void *ctx);

/* ---- the trace ------------------------------------------------------------------------------- */

/* Puts a line into the trace. */
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The trace since the last time is this; its lines are separated by "; ". After host_free, too. */
#define noted(expected) host_noted(expected, __FILE__, __LINE__)
void host_noted(const char *expected, const char *file, int line);

/* A value as text, good until the eighth next call: 1, 1.5, 'text', [1,2], {a:1}, -, null, true. */
const char *show(lg_value value);

/* The value is this, as text. */
#define shows(value, expected) assert_string_equal(show(value), expected)

/* The call worked; or failed, and lg_last_error tells the same. */
#define ok(call) assert_int_equal(call, LG_OK)
#define fails(call, status) host_fails(call, status, NULL, __FILE__, __LINE__)
#define fails_with(call, status, text) host_fails(call, status, text, __FILE__, __LINE__)
void host_fails(lg_status status, lg_status expected, const char *text, const char *file, int line);

/* The pointer is NULL, and lg_last_error tells why. */
#define fails_to_make(pointer, status)                                                             \
  host_fails((pointer) ? LG_OK : lg_last_status(lagoon), status, NULL, __FILE__, __LINE__)

/* Nothing of the lagoon is half done, and all of it fits together. Not within an update. */
void host_check(void);

/* ---- functions for stores; ctx is the name under which they note ----------------------------- */

void on_change(const lg_change *change, void *name); /* name new<old @key */
void on_event(lg_event *event, void *name);          /* name new<old @key, as far as there */
void on_end(void *name);                             /* name */
void on_effect(lg_lagoon *l, void *name);            /* name */

/* ---- values and stores ----------------------------------------------------------------------- */

/* An object of ints: object("a", 1, "b", 2, NULL). */
lg_value object(const char *key, ...);
lg_value text(const char *text);

lg_store *atom(int64_t value);
lg_status set(lg_store *store, int64_t value);

/* The value is an int. */
int64_t get(lg_store *store);

/* Adds up what its sources hold, and notes "name sum" unless the name is NULL. */
typedef struct sum {
  const char *name;
  size_t count;
  lg_store *stores[4];
  bool fails; /* it calls lg_fail instead */
  unsigned runs;
} sum;

lg_value add_listed(lg_lagoon *l, const lg_value *values, void *sum);
lg_value add_tracked(lg_lagoon *l, void *sum);

/* Computeds that do so. `b` may be NULL. sum_of gives what a store that they made adds up. */
lg_store *listed(const char *name, lg_store *a, lg_store *b);
lg_store *tracked(const char *name, lg_store *a, lg_store *b);
sum *sum_of(lg_store *store);

/* ---- time ------------------------------------------------------------------------------------ */

/* Lets time go by, then runs the timers. */
void pass(uint64_t milliseconds);

lg_stats stats(void);

#endif
