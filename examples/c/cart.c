/*
** The shop's cart in the terminal: what a web page does with islands, done with lines of text.
** Commands come from the standard input: `printf 'add moon-lamp\nquit\n' | cart`.
*/
#include <lagoon.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct product {
  const char *id, *name;
  int64_t price; /* in cents */
} product;

static const product products[] = {
    {"astronaut-figurine", "Astronaut Figurine", 2400},
    {"moon-lamp", "Moon Lamp", 3900},
    {"rocket-bookend", "Rocket Bookend", 3250},
    {"saturn-mobile", "Saturn Mobile", 2850},
    {"star-map", "Star Map", 1800},
    {"moon-rover-kit", "Moon Rover Kit", 4600},
};
#define PRODUCT_COUNT (sizeof products / sizeof *products)

typedef struct cart {
  lg_lagoon *lagoon;
  lg_store *is_open; /* bool */
  lg_store *items;   /* map: id -> {name, price, quantity} */
  lg_store *count;   /* int: pieces */
  lg_store *total;   /* int: cents */
} cart;

static int64_t number_of(lg_value item, const char *key) {
  return lg_as_int(lg_object_get(item, key));
}

/* What a computed reads with lg_get is what it depends on: no list of stores to keep in step. */
static lg_value count_items(lg_lagoon *lagoon, void *items) {
  int64_t count = 0;
  (void)lagoon;
  for (lg_iterator i = lg_iterate(lg_get(items)); lg_next(&i);)
    count += number_of(i.value, "quantity");
  return lg_int(count);
}

static lg_value add_prices(lg_lagoon *lagoon, void *items) {
  int64_t total = 0;
  (void)lagoon;
  for (lg_iterator i = lg_iterate(lg_get(items)); lg_next(&i);)
    total += number_of(i.value, "price") * number_of(i.value, "quantity");
  return lg_int(total);
}

/* A listener is told what changed. lg_subscribe also calls it at once, with nothing before. */
static void print_count(const lg_change *change, void *ctx) {
  (void)ctx;
  printf("Cart %" PRId64 "\n", lg_as_int(change->value));
}

static void print_line(const char *text, int64_t cents) {
  printf("  %-26s %4" PRId64 ".%02" PRId64 " euros\n", text, cents / 100, cents % 100);
}

/* An effect runs again when a store changed that it read. While the cart is closed that is only
** is_open: nothing is added up for a flyout that nobody sees. */
static void print_flyout(lg_lagoon *lagoon, void *ctx) {
  cart *c = ctx;
  (void)lagoon;
  if (!lg_as_bool(lg_get(c->is_open))) return;
  lg_value items = lg_get(c->items);
  if (lg_size(items) == 0) puts("  Your cart is empty!");
  for (lg_iterator i = lg_iterate(items); lg_next(&i);) {
    char text[64];
    lg_value name = lg_object_get(i.value, "name");
    int64_t quantity = number_of(i.value, "quantity");
    snprintf(text, sizeof text, "%s, quantity: %" PRId64, lg_text(&name), quantity);
    print_line(text, number_of(i.value, "price") * quantity);
  }
  if (lg_size(items) > 0) print_line("Total", lg_as_int(lg_get(c->total)));
}

static lg_status add_item(cart *c, const product *p) {
  lg_value item = lg_keep(lg_get_key(c->items, p->id)); /* lg_get lends; what we build on is ours */
  if (lg_is_undefined(item)) {
    item = lg_object_set(lg_object(c->lagoon), "name", lg_string(c->lagoon, p->name));
    item = lg_object_set(item, "price", lg_int(p->price));
  }
  item = lg_object_set(item, "quantity", lg_int(number_of(item, "quantity") + 1));
  return lg_set_key(c->items, p->id, item); /* fails too if anything above did */
}

static const product *find_product(const char *id) {
  for (size_t i = 0; i < PRODUCT_COUNT; i++)
    if (strcmp(products[i].id, id) == 0) return &products[i];
  printf("There is no product \"%s\". Try: list\n", id);
  return NULL;
}

static lg_status run(cart *c, const char *command, const char *id) {
  const product *p = NULL;
  if (strcmp(command, "open") == 0) return lg_set(c->is_open, lg_bool(true));
  if (strcmp(command, "close") == 0) return lg_set(c->is_open, lg_bool(false));
  if (strcmp(command, "add") == 0) {
    p = find_product(id);
    return p ? add_item(c, p) : LG_OK;
  }
  if (strcmp(command, "remove") == 0) {
    p = find_product(id);
    return p ? lg_set_key(c->items, p->id, lg_undefined()) : LG_OK;
  }
  if (strcmp(command, "list") == 0) {
    for (p = products; p < products + PRODUCT_COUNT; p++)
      print_line(p->id, p->price);
    return LG_OK;
  }
  puts("Commands: list, add ID, remove ID, open, close, quit");
  return LG_OK;
}

int main(void) {
  lg_lagoon *lagoon = lg_lagoon_new(NULL);
  if (!lagoon) return fputs("no memory\n", stderr), EXIT_FAILURE;
  cart c = {lagoon, lg_atom(lagoon, lg_bool(false)), lg_map(lagoon), NULL, NULL};
  c.count = lg_computed(lagoon, count_items, c.items);
  c.total = lg_computed(lagoon, add_prices, c.items);
  bool is_ready = c.is_open && c.items && c.count && c.total &&
                  lg_subscribe(c.count, print_count, NULL) && lg_effect(lagoon, print_flyout, &c);
  lg_status status = is_ready ? LG_OK : lg_last_status(lagoon);

  char line[80];
  while (status == LG_OK && fgets(line, sizeof line, stdin)) {
    char command[80] = "", id[80] = "";
    if (sscanf(line, "%79s %79s", command, id) < 1) continue;
    if (strcmp(command, "quit") == 0) break;
    status = run(&c, command, id);
  }
  if (status != LG_OK) fprintf(stderr, "%s: %s\n", lg_strerror(status), lg_last_error(lagoon));
  lg_lagoon_free(lagoon); /* takes all stores and listeners along */
  return status == LG_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
