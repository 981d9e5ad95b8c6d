/* The cart in a file, as JSON. */
#ifndef STORAGE_H
#define STORAGE_H

#include "stores.h"

/* Fills the cart from the file; one that isn't there is an empty cart. False: the file holds
** something else, which cart_message tells, the cart is empty, and the file should be left alone.
** */
bool storage_load(stores *s, const char *path);

/* Writes all of it, or leaves the file as it was: false, with a line on stderr. */
bool storage_save(stores *s, const char *path);

#endif
