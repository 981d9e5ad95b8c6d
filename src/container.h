/*
** What lists and objects have in common: an array with the elements, their count, how deep they
** are nested, and the walk over them.
**
**    a list:      position 0, 1, 2 ...    the elements
**    an object:   position 2n, 2n + 1     the key with the number n, and its value
**
** The keys of an object are numbered in the order in which they were set first; one that is removed
** leaves a gap.
*/
#ifndef LAGOON_CONTAINER_H
#define LAGOON_CONTAINER_H

#include "array.h"
#include "value.h"

typedef struct lg_container {
  lg_block block;
  lg_trie *array;
  lg_trie *index; /* of an object: see object.c */
  uint32_t count; /* of elements or keys */
  uint32_t next;  /* of an object: the number of the next new key */
} lg_container;

/* An empty one. */
lg_value lg_container_new(lg_lagoon *lagoon, lg_type type);

/* The list or object in a value of that type. */
static inline lg_container *lg_container_of(lg_value v) { return v.as.block; }

/* Whether `part` may be put into *container, and if so, makes *container one that nobody else owns
** and that may be nested as deep as `part` needs. LG_E_TYPE: it is not of this type. Takes nothing
** over: what is not OK is for lg_container_fail. */
lg_status lg_container_begin(lg_value *container, lg_type type, lg_value part);

/* Releases both; returns `status` as a value. */
lg_value lg_container_fail(lg_value container, lg_value part, lg_status status);

/* Releases what a container that is being freed owns. */
void lg_container_clear(lg_container *c);

#endif
