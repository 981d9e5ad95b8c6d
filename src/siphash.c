/*
** SipHash-1-3. See siphash.h.
*/
#include "siphash.h"

typedef struct sip {
  uint64_t v0, v1, v2, v3;
} sip;

static uint64_t rotate(uint64_t x, unsigned bits) { return x << bits | x >> (64 - bits); }

static void mix(sip *s) {
  s->v0 += s->v1;
  s->v1 = rotate(s->v1, 13) ^ s->v0;
  s->v0 = rotate(s->v0, 32);
  s->v2 += s->v3;
  s->v3 = rotate(s->v3, 16) ^ s->v2;
  s->v0 += s->v3;
  s->v3 = rotate(s->v3, 21) ^ s->v0;
  s->v2 += s->v1;
  s->v1 = rotate(s->v1, 17) ^ s->v2;
  s->v2 = rotate(s->v2, 32);
}

static void take(sip *s, uint64_t word) {
  s->v3 ^= word;
  mix(s);
  s->v0 ^= word;
}

/* Up to 8 bytes as a little-endian number. */
static uint64_t load(const unsigned char *bytes, size_t count) {
  uint64_t word = 0;
  while (count--)
    word = word << 8 | bytes[count];
  return word;
}

/* The same of all 8, in a form that compilers know. */
static uint64_t load_word(const unsigned char *b) {
  return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24 |
         (uint64_t)b[4] << 32 | (uint64_t)b[5] << 40 | (uint64_t)b[6] << 48 | (uint64_t)b[7] << 56;
}

uint64_t lg_siphash(const void *data, size_t size, uint64_t k0, uint64_t k1) {
  const unsigned char *bytes = data;
  sip s = {k0 ^ 0x736f6d6570736575u, k1 ^ 0x646f72616e646f6du, k0 ^ 0x6c7967656e657261u,
           k1 ^ 0x7465646279746573u};
  size_t rest = size % 8;
  for (const unsigned char *end = bytes + (size - rest); bytes < end; bytes += 8)
    take(&s, load_word(bytes));
  take(&s, load(bytes, rest) | (uint64_t)size << 56);
  s.v2 ^= 0xff;
  mix(&s);
  mix(&s);
  mix(&s);
  return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
