/*
** The shop's stores, and all that can be done with them. Each part of the screen knows this file,
** and none knows another part: they agree because they look at the same stores.
*/
#ifndef STORES_H
#define STORES_H

#include <lagoon.h>

typedef struct product {
  const char *id, *name, *image, *description;
  int64_t price; /* in cents */
} product;

#define PRODUCT_COUNT 6
#define MAX_QUANTITY 99

extern const product all_products[PRODUCT_COUNT];

typedef struct stores {
  lg_lagoon *lagoon;
  lg_store *is_cart_open;    /* bool */
  lg_store *is_cart_focused; /* bool: whether keys go to the cart, which is open then */
  lg_store *cart_items;      /* map: id -> {id, name, imageSrc, price, quantity} */
  lg_store *cart_count;      /* int: pieces in the cart */
  lg_store *cart_total;      /* int: cents */
  lg_store *cart_message;    /* string: the last thing that happened to the cart */
} stores;

/* Makes the stores; they go with the lagoon. */
lg_status stores_make(stores *s, lg_lagoon *lagoon);

lg_status set_cart_open(stores *s, bool is_open);

/* One more of it, up to MAX_QUANTITY; opens the cart. */
lg_status add_cart_item(stores *s, const product *p);

/* These do nothing for an id that isn't in the cart, or for a quantity out of range. */
lg_status set_quantity(stores *s, const char *id, int64_t quantity);
lg_status remove_cart_item(stores *s, const char *id);

/* Sets the message. */
lg_status say(stores *s, const char *text);

/* The number under a key of an item of the cart. */
int64_t number_of(lg_value item, const char *key);

#endif
