/* The open cart: its lines, their quantities, the total. */
#ifndef FLYOUT_H
#define FLYOUT_H

#include "stores.h"

#include <ncurses.h>

typedef struct flyout {
  stores *stores;
  lg_store *chosen;      /* int: the line the cursor is on */
  lg_listener *contents; /* of what only an open cart shows; NULL while it is closed */
  WINDOW *window;
  bool is_dirty;
} flyout;

lg_status flyout_start(flyout *f, stores *s);

/* Draws it, if it is open and something it shows has changed. */
void flyout_draw(flyout *f);

/* Does what the key means here: Tab and Escape while the cart is open, others while it has the
** keys. */
lg_status flyout_key(flyout *f, int key);

#endif
