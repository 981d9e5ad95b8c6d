/*
** Plays the operations of a scenario on the lagoon of host.h, and writes down what is called. The
** operations are described in spec/README.md. What C says otherwise is translated so: a function
** that throws calls lg_fail; a call that returns a failure throws, LG_E_ABORTED left out; one
** function that listens to several stores is one listener, with lg_listen_also, unless the scenario
** unbinds it, which would end all.
*/
#ifndef SPEC_WORLD_H
#define SPEC_WORLD_H

#include <jansson.h>

/* Begins a scenario, which must live as long. */
void spec_begin(json_t *scenario);

/* Performs an operation, a string or a list. Returns its trace, whose lines end with a newline:
** good until the next call. */
const char *spec_perform(json_t *text);

/* From now on nothing leaves a trace any more; the lagoon can be freed. */
void spec_end(void);

#endif
