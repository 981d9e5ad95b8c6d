/*
** Values done stupidly: every one is a tree of its own, a list is a pointer to pointers, an object
** two such lists. Nothing is shared, every copy is deep. Slow, and easy to believe.
*/
#ifndef NAIVE_H
#define NAIVE_H

#include "../../include/lagoon.h"

typedef struct naive {
  lg_type type;
  bool is_double;
  int64_t integer; /* of an int or a bool */
  double number;   /* of a double */
  void *pointer;
  char *text; /* of a string or bytes */
  size_t size;
  struct naive **keys; /* of an object */
  struct naive **items;
  size_t count;
} naive;

/* The same as a value that is no list or object. */
naive *naive_of(lg_value scalar);

/* An empty list or object. */
naive *naive_new(lg_type type);

naive *naive_copy(const naive *n);
void naive_free(naive *n);

/* How many values there are in it, itself included. */
size_t naive_total(const naive *n);

/* How deep it is nested: 0 for what is no list or object. */
size_t naive_depth(const naive *n);

/* Lists; `item` is taken over. */
void naive_insert(naive *list, size_t index, naive *item);
void naive_remove(naive *list, size_t index);

/* Objects. The place of a key; `count` if it is not there. */
size_t naive_find(const naive *object, const char *key, size_t size);
void naive_put(naive *object, const char *key, size_t size, naive *item);
void naive_drop(naive *object, const char *key, size_t size);

/* As lg_compare, but only -1, 0 or 1. */
int naive_compare(const naive *a, const naive *b);

/* Whether a value is just like it, also in the types of numbers and in the order of keys. */
bool naive_is(const naive *n, lg_value v);

#endif
