/*
** Random programs on lists, objects and strings, run on the library and on naive.h at once. Eight
** places hold a value and its twin; a step changes one of them, or copies, compares or forgets.
** Old versions stay in other places and must not notice anything. Some steps run out of memory.
** A difference is printed and aborts the program.
**
**    failing f;
**    failing_begin(&f);
**    twins t;
**    twins_begin(&t, &f, decisions_random(seed));
**    for (int i = 0; i < 1000; i++) twins_step(&t);
**    twins_end(&t);
**    failing_end(&f);
*/
#ifndef TWINS_H
#define TWINS_H

#include "decisions.h"
#include "failing.h"
#include "naive.h"

#define TWINS 8

typedef struct twins {
  failing *f;
  decisions source;
  lg_value values[TWINS];
  naive *naives[TWINS];
  size_t max_depth; /* what the library was built with */
  size_t max_position;
  size_t pointers;  /* that were made */
  size_t destroyed; /* of them */
  uint64_t steps;
  uint64_t failures; /* steps that ran out of memory */
  size_t largest;    /* list or object so far */
} twins;

/* All places hold undefined. */
void twins_begin(twins *t, failing *f, decisions source);

/* Releases all values. */
void twins_end(twins *t);

void twins_step(twins *t);

/* Whether every place is as its twin, and sound. Aborts if not. */
void twins_check(const twins *t);

#endif
