/*
** Random programs on stores, on the library and on the naive model of store_model.h at once: stores
** of every kind, computeds that list or track what they read, batches, events that forbid writes,
** listeners and effects that write, read, listen, end each other or fail, time, tasks, and an
** allocator that fails where the decisions say so. After each step
**
**    - what a read gives, wherever it is, is what the function gives from scratch;
**    - who was told of a store was told the value that it has now;
**    - each store has as many listeners as there are who read it, and starts and stops with them;
**    - no function ran twice for one write, nor a listed one twice for the same values;
**    - a call that failed says why, and the lagoon and its graph fit together (host_check).
**
** What does not hold fails the test. LG_TRACE=1 prints the program.
*/
#ifndef STORE_PROGRAM_H
#define STORE_PROGRAM_H

#include "decisions.h"

/* Runs so many steps, or as many as an input has. Begins and ends its lagoon. */
void store_program_run(decisions from, unsigned steps);

#endif
