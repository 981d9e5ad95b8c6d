/*
** Where a random program takes its decisions from: a generator, or bytes, as a fuzzer has them.
*/
#ifndef DECISIONS_H
#define DECISIONS_H

#include <stddef.h>
#include <stdint.h>

typedef struct decisions {
  const uint8_t *bytes;
  size_t size;
  uint64_t state; /* of the generator; 0: behind the last byte, all decisions are 0 */
} decisions;

/* Decisions made by SplitMix64 from a seed. */
decisions decisions_random(uint64_t seed);

/* Decisions made by an input: a byte or two for each. */
decisions decisions_bytes(const uint8_t *bytes, size_t size);

/* A number below `sides`. */
size_t decide(decisions *d, size_t sides);

/* A setting of a test: the number that is in the environment, or `otherwise`. */
uint64_t setting(const char *name, uint64_t otherwise);

#endif
