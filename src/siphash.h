/*
** SipHash-1-3: a hash that can't be made to collide by who doesn't know the key. By Jean-Philippe
** Aumasson and Daniel J. Bernstein ("SipHash: a fast short-input PRF", 2012); one round per word
** and three at the end, as Rust, Ruby and Perl use it for their hash tables.
*/
#ifndef LAGOON_SIPHASH_H
#define LAGOON_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

/* The hash of `size` bytes under the key (k0, k1); the same on every machine. */
uint64_t lg_siphash(const void *data, size_t size, uint64_t k0, uint64_t k1);

#endif
