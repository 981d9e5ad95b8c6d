/*
** The storefront as a program for the terminal: terminal-cart [FILE]. Three parts share one lagoon:
** a toggle, a list of products, a cart. This file starts them, hands out keys, and lets each of
** them draw what has changed. The cart is kept in FILE, if one is given. */
#include "flyout.h"
#include "products.h"
#include "screen.h"
#include "storage.h"
#include "stores.h"
#include "toggle.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

/* What is around the parts: the brand, the message, the help. */
typedef struct frame {
  stores *stores;
  bool is_dirty;
} frame;

struct shop {
  stores stores;
  frame frame;
  toggle toggle;
  products products;
  flyout flyout;
};

static void mark_dirty(const lg_change *change, void *ctx) {
  frame *f = ctx;
  (void)change;
  f->is_dirty = true;
}

static lg_status frame_start(frame *f, stores *s) {
  *f = (frame){.stores = s, .is_dirty = true};
  lg_listener *listener = lg_listen(s->cart_message, mark_dirty, f);
  if (!listener) return lg_last_status(s->lagoon);
  lg_status status = lg_listen_also(listener, s->is_cart_open);
  return status == LG_OK ? lg_listen_also(listener, s->is_cart_focused) : status;
}

static void frame_draw(frame *f) {
  const char *help = "Up/Down  Enter add  c cart  q quit";
  lg_value message = lg_get(f->stores->cart_message);
  if (!f->is_dirty) return;
  f->is_dirty = false;
  if (lg_as_bool(lg_get(f->stores->is_cart_open)))
    help = "Up/Down  Enter add  Tab to the cart  c close  q quit";
  if (lg_as_bool(lg_get(f->stores->is_cart_focused)))
    help = "Up/Down  +/- quantity  x remove  Tab products  Esc close  q quit";
  screen_put(stdscr, 0, 1, COLS - 1, ACCENT, "Little Orbit");
  for (int y = LINES - 2; y < LINES; y++) {
    wmove(stdscr, y, 0);
    wclrtoeol(stdscr);
  }
  screen_put(stdscr, LINES - 2, 1, COLS - 1, PLAIN, lg_text(&message));
  screen_put(stdscr, LINES - 1, 1, COLS - 1, QUIET, help);
  wnoutrefresh(stdscr);
}

static bool is_too_small(void) { return LINES < MINIMUM_ROWS || COLS < MINIMUM_COLUMNS; }

static void begin_screen(struct shop *shop) {
  char text[80];
  werase(stdscr);
  if (is_too_small()) {
    snprintf(text, sizeof text, "Too small: %d x %d. The shop needs %d x %d.", COLS, LINES,
             MINIMUM_COLUMNS, MINIMUM_ROWS);
    screen_put(stdscr, 0, 0, COLS, PLAIN, text);
  }
  wnoutrefresh(stdscr);
  shop->frame.is_dirty = shop->toggle.is_dirty = true;
  shop->products.is_dirty = shop->flyout.is_dirty = true;
}

static void draw(struct shop *shop) {
  if (!is_too_small()) {
    frame_draw(&shop->frame);
    toggle_draw(&shop->toggle);
    products_draw(&shop->products);
    flyout_draw(&shop->flyout);
  }
  doupdate();
}

static lg_status handle_key(struct shop *shop, int key) {
  if (key == KEY_RESIZE) begin_screen(shop);
  lg_status status = toggle_key(&shop->toggle, key);
  if (status == LG_OK) status = products_key(&shop->products, key);
  if (status == LG_OK) status = flyout_key(&shop->flyout, key);
  return status;
}

/* How long to wait for a key: until the lagoon wants to do something, in milliseconds. */
static uint64_t time_left(lg_lagoon *lagoon) {
  uint64_t now = lg_now(lagoon), when = lg_next_deadline(lagoon);
  if (when == LG_NEVER) return UINT64_MAX;
  return when > now ? when - now : 0;
}

static lg_status start(struct shop *shop) {
  lg_status status = frame_start(&shop->frame, &shop->stores);
  if (status == LG_OK) status = toggle_start(&shop->toggle, &shop->stores);
  if (status == LG_OK) status = products_start(&shop->products, &shop->stores);
  if (status == LG_OK) status = flyout_start(&shop->flyout, &shop->stores);
  return status;
}

static lg_status run(struct shop *shop) {
  lg_lagoon *lagoon = shop->stores.lagoon;
  lg_status status = start(shop);
  begin_screen(shop);
  while (status == LG_OK) {
    draw(shop);
    int key = screen_key(time_left(lagoon));
    if (key == 'q' || key == KEY_ENDED) break;
    status = handle_key(shop, key);
    if (status == LG_OK) status = lg_run_timers(lagoon);
  }
  return status;
}

/* Shows the shop from beginning to end. */
static bool visit(struct shop *shop) {
  const char *trouble = screen_open();
  if (trouble) {
    fprintf(stderr, "terminal-cart: %s\n", trouble);
    return false;
  }
  lg_status status = run(shop);
  screen_close();
  if (status != LG_OK)
    fprintf(stderr, "%s: %s\n", lg_strerror(status), lg_last_error(shop->stores.lagoon));
  return status == LG_OK;
}

int main(int argc, char **argv) {
  const char *path = argc == 2 ? argv[1] : NULL;
  if (argc > 2 || (path && path[0] == '-')) {
    fputs("usage: terminal-cart [FILE]\n", stderr);
    return EXIT_FAILURE;
  }
  setlocale(LC_CTYPE, "");

  struct shop shop;
  lg_lagoon *lagoon = lg_lagoon_new(NULL);
  lg_status status = stores_make(&shop.stores, lagoon);
  bool is_good = status == LG_OK;
  if (is_good) {
    bool is_to_be_saved = path && storage_load(&shop.stores, path);
    is_good = visit(&shop);
    if (is_to_be_saved) is_good = storage_save(&shop.stores, path) && is_good;
  } else {
    fprintf(stderr, "terminal-cart: %s\n", lg_strerror(status));
  }
  lg_lagoon_free(lagoon);
  screen_obey_signal();
  return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
