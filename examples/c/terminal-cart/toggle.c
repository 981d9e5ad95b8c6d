#include "toggle.h"

#include "screen.h"

#include <inttypes.h>
#include <stdio.h>

#define COLUMNS 13

static void mark_dirty(const lg_change *change, void *ctx) {
  toggle *t = ctx;
  (void)change;
  t->is_dirty = true;
}

lg_status toggle_start(toggle *t, stores *s) {
  *t = (toggle){.stores = s, .is_dirty = true};
  lg_listener *listener = lg_listen(s->cart_count, mark_dirty, t);
  if (!listener) return lg_last_status(s->lagoon);
  return lg_listen_also(listener, s->is_cart_open);
}

void toggle_draw(toggle *t) {
  char text[32];
  if (!t->is_dirty) return;
  t->is_dirty = false;
  t->window = screen_window(t->window, 1, COLUMNS, 0, COLS - COLUMNS);
  bool is_open = lg_as_bool(lg_get(t->stores->is_cart_open));
  int64_t count = lg_as_int(lg_get(t->stores->cart_count));
  int width = snprintf(text, sizeof text, "[ Cart %" PRId64 " ]", count);
  screen_put(t->window, 0, COLUMNS - width - 1, width, is_open ? BUTTON : ACCENT, text);
  wnoutrefresh(t->window);
}

lg_status toggle_key(toggle *t, int key) {
  if (key != 'c') return LG_OK;
  return set_cart_open(t->stores, !lg_as_bool(lg_get(t->stores->is_cart_open)));
}
