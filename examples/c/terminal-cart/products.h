/* The list of all products, from which the cart is filled. */
#ifndef PRODUCTS_H
#define PRODUCTS_H

#include "stores.h"

#include <ncurses.h>

typedef struct products {
  stores *stores;
  lg_store *chosen; /* int: the product the cursor is on. Nobody else needs it, so it is here */
  WINDOW *window;
  bool is_dirty;
} products;

lg_status products_start(products *p, stores *s);

/* Draws it, if something it shows has changed. */
void products_draw(products *p);

/* Does what the key means here, while the cart doesn't have the keys; nothing for other keys. */
lg_status products_key(products *p, int key);

#endif
