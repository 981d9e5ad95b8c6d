/*
** The language of the scenarios, as far as it is about values: how they are written, what the
** functions of computeds and the equalities make of them. spec/README.md describes it.
*/
#ifndef SPEC_VALUE_H
#define SPEC_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "lagoon.h"

/* ---- text ------------------------------------------------------------------------------------ */

/* A text that grows; all zero is the empty one, whose `chars` are NULL. */
typedef struct spec_text {
  char *chars;
  size_t size;
  size_t room;
} spec_text;

void spec_add(spec_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void spec_clear(spec_text *text);

/* What spec_add put together, never NULL. */
const char *spec_chars(const spec_text *text);

/* A mistake of the scenario: ends the test. */
_Noreturn void spec_bad(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ---- values ---------------------------------------------------------------------------------- */

/* Appends a value as it is written. */
void spec_show(spec_text *text, lg_value value);

/* Appends arguments: in parentheses, without those at the end that are undefined, but for the
** first. */
void spec_show_all(spec_text *text, const lg_value *values, size_t count);

/* What `@name` stands for, borrowed. */
typedef lg_value (*spec_find_fn)(const char *name, const void *ctx);

/* The value that a text stands for, which is yours. What C can't hold is a failed value. */
lg_value spec_read(lg_lagoon *lagoon, const char *text, spec_find_fn find, const void *ctx);

/* A number: an int if it is a whole one. */
lg_value spec_number(double number);

/* ---- functions and equalities ---------------------------------------------------------------- */

#define SPEC_ERROR_SIZE 64

/* What the function of this name gives for its arguments, which is yours. If it throws, `error` is
** its message, and otherwise "". */
lg_value spec_call(lg_lagoon *lagoon, const char *name, const lg_value *values, size_t count,
                   char error[SPEC_ERROR_SIZE]);

typedef bool (*spec_equality)(lg_value a, lg_value b);

/* The equality of this name; NULL for `fails`, which throws. */
spec_equality spec_find_equality(const char *name);

#endif
