#include "products.h"

#include "screen.h"

#include <stdio.h>
#include <string.h>

#define MAX_ROWS 3 /* that a product has: its name, two rows of description */
#define WIDE 46    /* columns in which there is room for words */

static void mark_dirty(const lg_change *change, void *ctx) {
  products *p = ctx;
  (void)change;
  p->is_dirty = true;
}

lg_status products_start(products *p, stores *s) {
  *p = (products){.stores = s, .chosen = lg_atom(s->lagoon, lg_int(0)), .is_dirty = true};
  lg_listener *listener = lg_listen(p->chosen, mark_dirty, p);
  if (!listener) return lg_last_status(s->lagoon);
  lg_status status = lg_listen_also(listener, s->cart_items);
  if (status == LG_OK) status = lg_listen_also(listener, s->is_cart_open);
  if (status == LG_OK) status = lg_listen_also(listener, s->is_cart_focused);
  return status;
}

/* How many bytes of the text fit into a row, if it is broken at a space. */
static int fit(const char *text, int columns) {
  int end = (int)strlen(text);
  while (end > columns) {
    do
      end--;
    while (end > 0 && text[end] != ' ');
  }
  return end;
}

static void draw_description(WINDOW *window, int y, int rows, const char *text) {
  char row[80];
  for (int columns = getmaxx(window) - 6; rows > 0 && *text; rows--, y++) {
    int size = fit(text, columns < (int)sizeof row ? columns : (int)sizeof row - 1);
    snprintf(row, sizeof row, "%.*s", size, text);
    screen_put(window, y, 4, columns, QUIET, row);
    text += size;
    if (*text == ' ') text++;
  }
}

static void draw_product(products *p, int index, int y, int rows, bool has_cursor) {
  const product *one = &all_products[index];
  int columns = getmaxx(p->window);
  bool is_focused = !lg_as_bool(lg_get(p->stores->is_cart_focused));
  style look = has_cursor && is_focused ? CURSOR : STRONG;
  int64_t quantity = number_of(lg_get_key(p->stores->cart_items, one->id), "quantity");

  for (int x = 1; x < columns - 1 && look == CURSOR; x++)
    screen_put(p->window, y, x, 1, CURSOR, " ");
  if (has_cursor) screen_put(p->window, y, 2, 1, look, ">");
  screen_put(p->window, y, 4, columns - 6, look, one->name);
  screen_put_price(p->window, y, columns - 2, look == CURSOR ? CURSOR : MONEY, one->price);
  if (quantity > 0) {
    char text[32];
    snprintf(text, sizeof text, columns < WIDE ? "x%d" : "%d in cart", (int)quantity);
    int width = (int)strlen(text);
    screen_put(p->window, y, columns - 12 - width, width, look == CURSOR ? CURSOR : ACCENT, text);
  }
  draw_description(p->window, y + 1, rows - 1, one->description);
}

void products_draw(products *p) {
  if (!p->is_dirty) return;
  p->is_dirty = false;
  bool is_cart_open = lg_as_bool(lg_get(p->stores->is_cart_open));
  int columns = is_cart_open ? COLS - FLYOUT_COLUMNS : COLS;
  p->window = screen_window(p->window, MAIN_ROWS, columns, MAIN_TOP, 0);
  if (!p->window) return;
  screen_frame(p->window, "All products", !lg_as_bool(lg_get(p->stores->is_cart_focused)));
  int rows = (MAIN_ROWS - 2) / PRODUCT_COUNT;
  if (rows > MAX_ROWS) rows = MAX_ROWS;
  for (int i = 0; i < PRODUCT_COUNT; i++)
    draw_product(p, i, 1 + i * rows, rows, i == lg_as_int(lg_get(p->chosen)));
  wnoutrefresh(p->window);
}

lg_status products_key(products *p, int key) {
  int64_t chosen = lg_as_int(lg_get(p->chosen));
  if (lg_as_bool(lg_get(p->stores->is_cart_focused))) return LG_OK;
  switch (key) {
  case KEY_UP:
    return chosen > 0 ? lg_set(p->chosen, lg_int(chosen - 1)) : LG_OK;
  case KEY_DOWN:
    return chosen < PRODUCT_COUNT - 1 ? lg_set(p->chosen, lg_int(chosen + 1)) : LG_OK;
  case ' ':
  case KEY_ENTER:
  case '\n':
  case '\r':
    return add_cart_item(p->stores, &all_products[chosen]);
  default:
    return LG_OK;
  }
}
