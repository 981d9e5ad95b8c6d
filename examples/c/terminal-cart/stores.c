#include "stores.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const product all_products[PRODUCT_COUNT] = {
    {"astronaut-figurine", "Astronaut Figurine", "/images/astronaut-figurine.svg",
     "Hand-painted beech, 14\u00a0cm tall. Waves at everyone.", 2400},
    {"moon-lamp", "Moon Lamp", "/images/moon-lamp.svg", "Warm light for the far side of the desk.",
     3900},
    {"rocket-bookend", "Rocket Bookend", "/images/rocket-bookend.svg",
     "Two kilos of steel. Keeps your paperbacks on the pad.", 3250},
    {"saturn-mobile", "Saturn Mobile", "/images/saturn-mobile.svg",
     "Felt and brass. Turns slowly, like the real one.", 2850},
    {"star-map", "Star Map", "/images/star-map.svg",
     "The sky over your town, printed on 50\u00a0×\u00a070\u00a0cm cotton.", 1800},
    {"moon-rover-kit", "Moon Rover Kit", "/images/moon-rover-kit.svg",
     "86 parts, no glue. Rolls over any carpet.", 4600},
};

int64_t number_of(lg_value item, const char *key) { return lg_as_int(lg_object_get(item, key)); }

static lg_value count_items(lg_lagoon *lagoon, void *ctx) {
  stores *s = ctx;
  int64_t count = 0;
  (void)lagoon;
  for (lg_iterator i = lg_iterate(lg_get(s->cart_items)); lg_next(&i);)
    count += number_of(i.value, "quantity");
  return lg_int(count);
}

static lg_value add_prices(lg_lagoon *lagoon, void *ctx) {
  stores *s = ctx;
  int64_t total = 0;
  (void)lagoon;
  for (lg_iterator i = lg_iterate(lg_get(s->cart_items)); lg_next(&i);)
    total += number_of(i.value, "price") * number_of(i.value, "quantity");
  return lg_int(total);
}

/* So many of a product, as the cart holds them. It is the caller's. */
static lg_value make_item(lg_lagoon *lagoon, const product *p, int64_t quantity) {
  lg_value item = lg_object(lagoon);
  item = lg_object_set(item, "id", lg_string(lagoon, p->id));
  item = lg_object_set(item, "name", lg_string(lagoon, p->name));
  item = lg_object_set(item, "imageSrc", lg_string(lagoon, p->image));
  item = lg_object_set(item, "price", lg_int(p->price));
  return lg_object_set(item, "quantity", lg_int(quantity));
}

static const product *find_product(const char *id) {
  for (size_t i = 0; i < PRODUCT_COUNT; i++)
    if (strcmp(all_products[i].id, id) == 0) return &all_products[i];
  return NULL;
}

/* Whether it is what this shop puts into a cart. */
static bool is_cart_item(lg_lagoon *lagoon, const char *id, lg_value item) {
  const product *p = find_product(id);
  int64_t quantity = number_of(item, "quantity");
  if (!p || quantity < 1 || quantity > MAX_QUANTITY) return false;
  lg_value expected = make_item(lagoon, p, quantity);
  bool is_equal = lg_equal(item, expected);
  lg_release(expected);
  return is_equal;
}

/* Guards the cart: what comes from a file is written only if all of it is right. */
static void check_items(lg_event *event, void *ctx) {
  (void)ctx;
  for (lg_iterator i = lg_iterate(event->new_value); lg_next(&i);)
    if (!is_cart_item(lg_lagoon_of(event->store), lg_text(&i.key), i.value)) event->abort = true;
}

lg_status stores_make(stores *s, lg_lagoon *lagoon) {
  s->lagoon = lagoon;
  s->is_cart_open = lg_atom(lagoon, lg_bool(false));
  s->is_cart_focused = lg_atom(lagoon, lg_bool(false));
  s->cart_items = lg_map(lagoon);
  s->cart_count = lg_computed(lagoon, count_items, s);
  s->cart_total = lg_computed(lagoon, add_prices, s);
  s->cart_message = lg_atom(lagoon, lg_string(lagoon, ""));
  bool is_made = s->is_cart_open && s->is_cart_focused && s->cart_items && s->cart_count &&
                 s->cart_total && s->cart_message && lg_on_set(s->cart_items, check_items, NULL);
  if (!is_made) return lagoon ? lg_last_status(lagoon) : LG_E_MEMORY;
  return lg_share(s->cart_items, "cartItems");
}

lg_status say(stores *s, const char *text) {
  return lg_set(s->cart_message, lg_string(s->lagoon, text));
}

/* Ends a batch; tells the first failure of what was written in it and what followed from it. */
static lg_status end_batch(stores *s, lg_status written) {
  lg_status followed = lg_batch_end(s->lagoon);
  return written != LG_OK ? written : followed;
}

lg_status set_cart_open(stores *s, bool is_open) {
  lg_batch_begin(s->lagoon);
  lg_status status = lg_set(s->is_cart_open, lg_bool(is_open));
  if (status == LG_OK && !is_open) status = lg_set(s->is_cart_focused, lg_bool(false));
  return end_batch(s, status);
}

lg_status add_cart_item(stores *s, const product *p) {
  char text[120];
  int64_t quantity = number_of(lg_get_key(s->cart_items, p->id), "quantity");
  if (quantity < MAX_QUANTITY) quantity++;
  snprintf(text, sizeof text, "%s added to your cart. Quantity: %" PRId64, p->name, quantity);

  lg_batch_begin(s->lagoon);
  lg_status status = lg_set(s->is_cart_open, lg_bool(true));
  if (status == LG_OK) status = lg_set_key(s->cart_items, p->id, make_item(s->lagoon, p, quantity));
  if (status == LG_OK) status = say(s, text);
  return end_batch(s, status);
}

lg_status set_quantity(stores *s, const char *id, int64_t quantity) {
  char text[120];
  lg_value item =
      lg_keep(lg_get_key(s->cart_items, id)); /* lg_get_key lends; lg_object_set takes */
  lg_value name = lg_object_get(item, "name");
  if (lg_is_undefined(item) || quantity < 1 || quantity > MAX_QUANTITY) {
    lg_release(item);
    return LG_OK;
  }
  snprintf(text, sizeof text, "%s, quantity: %" PRId64, lg_text(&name), quantity);

  lg_batch_begin(s->lagoon);
  item = lg_object_set(item, "quantity", lg_int(quantity));
  lg_status status = lg_set_key(s->cart_items, id, item);
  if (status == LG_OK) status = say(s, text);
  return end_batch(s, status);
}

lg_status remove_cart_item(stores *s, const char *id) {
  char text[120];
  lg_value item = lg_get_key(s->cart_items, id);
  lg_value name = lg_object_get(item, "name");
  if (lg_is_undefined(item)) return LG_OK;
  snprintf(text, sizeof text, "%s removed from your cart", lg_text(&name));

  lg_batch_begin(s->lagoon);
  lg_status status = lg_set_key(s->cart_items, id, lg_undefined());
  if (status == LG_OK) status = say(s, text);
  return end_batch(s, status);
}
