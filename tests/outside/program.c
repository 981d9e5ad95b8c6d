/* A program that knows of the C library only what is installed. */
#include <lagoon.h>
#include <stdio.h>
#include <string.h>

static void print_count(const lg_change *change, void *ctx) {
  printf("%s %d\n", (const char *)ctx, (int)lg_as_int(change->value));
}

static lg_value count_items(lg_lagoon *lagoon, void *ctx) {
  int64_t count = 0;
  (void)lagoon;
  for (lg_iterator i = lg_iterate(lg_get((lg_store *)ctx)); lg_next(&i);) {
    count += lg_as_int(i.value);
  }
  return lg_int(count);
}

int main(void) {
  char label[] = "items:";
  lg_lagoon *lagoon = lg_lagoon_new(NULL);
  lg_store *items = lg_map(lagoon);
  lg_subscribe(lg_computed(lagoon, count_items, items), print_count, label);
  lg_set_key(items, "astronaut-figurine", lg_int(2));
  lg_set_key(items, "moon-lamp", lg_int(1));

  lg_value text = lg_json_text(lagoon, lg_get(items), 0);
  if (lg_status_of(text) == LG_E_MISSING) {
    puts("without JSON");
  } else {
    puts(lg_text(&text));
  }
  lg_release(text);
  puts(strcmp(lg_version(), LG_VERSION) ? "another version" : lg_version());
  return lg_lagoon_free(lagoon) != LG_OK;
}
