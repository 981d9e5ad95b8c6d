/*
** Where a random program takes its decisions from. See decisions.h.
*/
#include "decisions.h"

#include <stdlib.h>

decisions decisions_random(uint64_t seed) { return (decisions){.state = seed * 2 + 1}; }

decisions decisions_bytes(const uint8_t *bytes, size_t size) {
  return (decisions){.bytes = bytes, .size = size};
}

static uint64_t next_random(uint64_t *state) { /* SplitMix64 */
  uint64_t x = *state += 0x9e3779b97f4a7c15u;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
  x = (x ^ x >> 27) * 0x94d049bb133111ebu;
  return x ^ x >> 31;
}

size_t decide(decisions *d, size_t sides) {
  if (d->state) return (size_t)(next_random(&d->state) % sides);
  size_t number = 0;
  for (size_t reach = 1; reach < sides && d->size; reach *= 256, d->size--)
    number = number * 256 + *d->bytes++;
  return number % sides;
}

uint64_t setting(const char *name, uint64_t otherwise) {
  const char *text = getenv(name);
  return text ? strtoull(text, NULL, 0) : otherwise;
}
