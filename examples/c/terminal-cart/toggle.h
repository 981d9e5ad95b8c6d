/* The button that opens and closes the cart, and shows how much is in it. */
#ifndef TOGGLE_H
#define TOGGLE_H

#include "stores.h"

#include <ncurses.h>

typedef struct toggle {
  stores *stores;
  WINDOW *window;
  bool is_dirty;
} toggle;

lg_status toggle_start(toggle *t, stores *s);

/* Draws it, if something it shows has changed. */
void toggle_draw(toggle *t);

/* Does what the key means here; nothing for other keys. */
lg_status toggle_key(toggle *t, int key);

#endif
