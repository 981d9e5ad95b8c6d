#include "flyout.h"

#include "screen.h"

#include <inttypes.h>
#include <stdio.h>

static void mark_dirty(const lg_change *change, void *ctx) {
  flyout *f = ctx;
  (void)change;
  f->is_dirty = true;
}

/* What the open cart shows is listened to only meanwhile: a closed one keeps no total up to date.
** */
static lg_status listen_to_contents(flyout *f) {
  stores *s = f->stores;
  f->contents = lg_listen(s->cart_items, mark_dirty, f);
  if (!f->contents) return lg_last_status(s->lagoon);
  lg_status status = lg_listen_also(f->contents, s->cart_total);
  if (status == LG_OK) status = lg_listen_also(f->contents, s->is_cart_focused);
  if (status == LG_OK) status = lg_listen_also(f->contents, f->chosen);
  return status;
}

static void open_or_close(const lg_change *change, void *ctx) {
  flyout *f = ctx;
  f->is_dirty = true;
  if (lg_as_bool(change->value)) {
    lg_status status = listen_to_contents(f);
    if (status != LG_OK) lg_fail(f->stores->lagoon, lg_strerror(status));
  } else {
    lg_unlisten(f->contents);
    f->contents = NULL;
  }
}

lg_status flyout_start(flyout *f, stores *s) {
  *f = (flyout){.stores = s, .chosen = lg_atom(s->lagoon, lg_int(0)), .is_dirty = true};
  return lg_subscribe(s->is_cart_open, open_or_close, f) ? LG_OK : lg_last_status(s->lagoon);
}

static int last_line(flyout *f) { return (int)lg_size(lg_get(f->stores->cart_items)) - 1; }

/* The line the cursor is on: the last one, if those below it were removed. -1 in an empty cart. */
static int chosen_line(flyout *f) {
  int chosen = (int)lg_as_int(lg_get(f->chosen)), last = last_line(f);
  return chosen < last ? chosen : last;
}

static void draw_item(flyout *f, lg_value item, int y, bool has_cursor) {
  char text[48];
  int end = FLYOUT_COLUMNS - 2;
  bool is_focused = lg_as_bool(lg_get(f->stores->is_cart_focused));
  style look = has_cursor && is_focused ? CURSOR : STRONG;
  lg_value name = lg_object_get(item, "name");
  int64_t quantity = number_of(item, "quantity");

  for (int x = 1; x <= end && look == CURSOR; x++)
    screen_put(f->window, y, x, 1, CURSOR, " ");
  screen_put(f->window, y, 2, end - 4, look, lg_text(&name));
  screen_put_price(f->window, y, end, look == CURSOR ? CURSOR : MONEY,
                   number_of(item, "price") * quantity);
  snprintf(text, sizeof text, "Quantity: %" PRId64, quantity);
  screen_put(f->window, y + 1, 2, end - 4, QUIET, text);
}

void flyout_draw(flyout *f) {
  if (!f->is_dirty || !f->contents) return;
  f->is_dirty = false;
  f->window = screen_window(f->window, MAIN_ROWS, FLYOUT_COLUMNS, MAIN_TOP, COLS - FLYOUT_COLUMNS);
  if (!f->window) return;
  screen_frame(f->window, "Your cart", lg_as_bool(lg_get(f->stores->is_cart_focused)));

  lg_value items = lg_get(f->stores->cart_items);
  int bottom = MAIN_ROWS - 2; /* where the total is */
  int chosen = chosen_line(f);
  int rows = bottom - 1 < 3 * (int)lg_size(items) ? 2 : 3;
  if (chosen < 0) screen_put(f->window, 2, 2, FLYOUT_COLUMNS - 4, PLAIN, "Your cart is empty!");
  for (lg_iterator i = lg_iterate(items); lg_next(&i);)
    draw_item(f, i.value, 1 + (int)i.index * rows, (int)i.index == chosen);
  if (chosen >= 0) {
    screen_put(f->window, bottom, 2, FLYOUT_COLUMNS, STRONG, "Total");
    screen_put_price(f->window, bottom, FLYOUT_COLUMNS - 2, MONEY,
                     lg_as_int(lg_get(f->stores->cart_total)));
  }
  wnoutrefresh(f->window);
}

/* Changes the chosen line's quantity; removes it if there is nothing to add. */
static lg_status change_line(flyout *f, int64_t added) {
  lg_iterator line = lg_iterate(lg_get(f->stores->cart_items));
  int chosen = chosen_line(f);
  if (chosen < 0) return LG_OK;
  while (lg_next(&line) && (int)line.index < chosen)
    continue;
  lg_value id = lg_keep(line.key); /* the write may release the object that it was borrowed from */
  int64_t quantity = number_of(line.value, "quantity") + added;
  lg_status status = added ? set_quantity(f->stores, lg_text(&id), quantity)
                           : remove_cart_item(f->stores, lg_text(&id));
  lg_release(id);
  return status;
}

lg_status flyout_key(flyout *f, int key) {
  int chosen = chosen_line(f);
  bool is_focused = lg_as_bool(lg_get(f->stores->is_cart_focused));
  if (!f->contents) return LG_OK;
  if (key == KEY_ESCAPE) return set_cart_open(f->stores, false);
  if (key == '\t') return lg_set(f->stores->is_cart_focused, lg_bool(!is_focused));
  if (!is_focused) return LG_OK;
  switch (key) {
  case KEY_UP:
    return chosen > 0 ? lg_set(f->chosen, lg_int(chosen - 1)) : LG_OK;
  case KEY_DOWN:
    return chosen < last_line(f) ? lg_set(f->chosen, lg_int(chosen + 1)) : LG_OK;
  case '+':
  case KEY_RIGHT:
    return change_line(f, 1);
  case '-':
  case KEY_LEFT:
    return change_line(f, -1);
  case 'x':
  case KEY_DC:
    return change_line(f, 0);
  default:
    return LG_OK;
  }
}
