/*
** Feeds paths to lg_path_set and lg_path_get, and compares with a naive model: paths are split by
** copying, values are trees that are copied before every change. An input is lines of text:
**
**    a.b[0]=5      sets 5 there; - removes, { [ n " set an object, a list, null, a text
**    !a.b[0]=5     the same while the value has another owner, which must not notice
**    #c            in the next of these, 2 allocations succeed (a: none) and then all fail
**
** Paths have 7-bit characters. Indexes have up to 3 digits, or so many that no list can be as long.
*/
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <string.h>

#include "../c/failing.h"

#define MAX_LINES 64
#define MAX_NODES 20000

static failing f;

static void must(bool holds) {
  if (!holds) __builtin_trap();
}

/* ---- the model's paths ----------------------------------------------------------------------- */

typedef struct parts {
  char *keys[4096];
  size_t count;
} parts;

static parts path;

/* The last "[12]" in a key, or NULL. */
static char *last_index(char *key) {
  for (char *open = key + strlen(key); open-- > key;) {
    size_t digits = *open == '[' ? strspn(open + 1, "0123456789") : 0;
    if (digits && open[1 + digits] == ']') return open;
  }
  return NULL;
}

static void split_key(char *key) {
  char *open = last_index(key);
  if (!open) {
    path.keys[path.count++] = strdup(key);
    return;
  }
  *open = '\0';
  split_key(key);
  path.keys[path.count++] = strndup(open + 1, strspn(open + 1, "0123456789"));
}

static void split(const char *text) {
  char *copy = strdup(text);
  for (char *key = copy, *dot; key; key = dot ? dot + 1 : NULL) {
    dot = strchr(key, '.');
    if (dot) *dot = '\0';
    split_key(key);
  }
  free(copy);
}

static void forget_parts(void) {
  while (path.count)
    free(path.keys[--path.count]);
}

/* The index that a key is, or -1. */
static long index_of(const char *key) {
  size_t digits = strspn(key, "0123456789");
  if (!digits || key[digits] || (*key == '0' && digits > 1)) return -1;
  return digits > 3 ? 1000000000 : strtol(key, NULL, 10);
}

/* ---- the model's values ---------------------------------------------------------------------- */

typedef struct node {
  lg_type type;
  int number;
  size_t count;
  char **keys; /* of an object */
  struct node **items;
} node;

static node *new_node(lg_type type, int number) {
  node *n = calloc(1, sizeof *n);
  n->type = type;
  n->number = number;
  return n;
}

static void add(node *n, const char *key, node *item) {
  n->items = realloc(n->items, (n->count + 1) * sizeof *n->items);
  n->keys = realloc(n->keys, (n->count + 1) * sizeof *n->keys);
  n->keys[n->count] = strdup(key);
  n->items[n->count++] = item;
}

static void free_node(node *n) {
  for (size_t i = 0; i < n->count; i++) {
    free(n->keys[i]);
    free_node(n->items[i]);
  }
  free(n->keys);
  free(n->items);
  free(n);
}

static void take_out(node *n, size_t place) {
  free(n->keys[place]);
  free_node(n->items[place]);
  n->count--;
  for (size_t i = place; i < n->count; i++) {
    n->keys[i] = n->keys[i + 1];
    n->items[i] = n->items[i + 1];
  }
}

static node *copy_node(const node *n) {
  node *copy = new_node(n->type, n->number);
  for (size_t i = 0; i < n->count; i++)
    add(copy, n->keys[i], copy_node(n->items[i]));
  return copy;
}

static size_t size_of(const node *n) {
  size_t size = 1;
  for (size_t i = 0; i < n->count; i++)
    size += size_of(n->items[i]);
  return size;
}

static bool has_key(const node *n, const char *key, size_t *place) {
  long index = index_of(key);
  if (n->type == LG_LIST) {
    *place = (size_t)index;
    return index >= 0 && (size_t)index < n->count;
  }
  for (*place = 0; *place < n->count; ++*place) {
    if (n->type == LG_OBJECT && strcmp(n->keys[*place], key) == 0) return true;
  }
  return false;
}

/* What is at the path; NULL: nothing. */
static const node *model_get(const node *n) {
  for (size_t i = 0; i < path.count && n; i++) {
    size_t place;
    n = has_key(n, path.keys[i], &place) ? n->items[place] : NULL;
  }
  return n;
}

/* Fills a list up to the index. False: too far. */
static bool fill(node *list, long index) {
  if (index > 1000000) return false;
  while (list->count < (size_t)index)
    add(list, "", new_node(LG_NULL, 0));
  return true;
}

/* Sets or, with NULL, removes an item; false: it can't. Takes `item` over. */
static bool put(node *n, const char *key, node *item) {
  size_t place;
  bool has = has_key(n, key, &place);
  bool is_good = n->type == LG_OBJECT || (n->type == LG_LIST && index_of(key) >= 0);
  if (is_good && !has && item && n->type == LG_LIST) is_good = fill(n, index_of(key));
  if (!is_good && item) free_node(item);
  if (!is_good) return false;
  if (has && item) {
    free_node(n->items[place]);
    n->items[place] = item;
  } else if (has) {
    take_out(n, place);
  } else if (item) {
    add(n, key, item);
  }
  return true;
}

/* The same at the path; depth counts what is around the part that comes next. */
static bool model_set(node *n, size_t depth, node *item) {
  if (depth + 1 == path.count) return put(n, path.keys[depth], item);
  size_t place;
  bool has = has_key(n, path.keys[depth], &place);
  bool is_good = depth + 1 < LG_MAX_DEPTH;
  if (is_good && (!has || n->items[place]->type == LG_NULL)) {
    long index = index_of(path.keys[depth + 1]);
    node *made = new_node(index < 0 ? LG_OBJECT : LG_LIST, 0);
    is_good = index < 0 || fill(made, index);
    is_good = put(n, path.keys[depth], made) && is_good;
  }
  if (!is_good) {
    if (item) free_node(item);
    return false;
  }
  has_key(n, path.keys[depth], &place);
  return model_set(n->items[place], depth + 1, item);
}

/* ---- both ------------------------------------------------------------------------------------ */

static const char heap_text[] = "a text that is on the heap";

static void compare(lg_value v, const node *n) {
  must(lg_type_of(v) == n->type);
  if (n->type == LG_INT) must(lg_as_int(v) == n->number);
  if (n->type == LG_STRING) must(strcmp(lg_text(&v), heap_text) == 0);
  if (n->type != LG_LIST && n->type != LG_OBJECT) return;
  must(lg_size(v) == n->count);
  for (lg_iterator i = lg_iterate(v); lg_next(&i);) {
    if (n->type == LG_OBJECT) must(strcmp(lg_text(&i.key), n->keys[i.index]) == 0);
    compare(i.value, n->items[i.index]);
  }
}

/* What is to be set. NULL and undefined for '-'. */
static node *make_part(char c, lg_value *part) {
  switch (c) {
  case '-':
    *part = lg_undefined();
    return NULL;
  case '{':
    *part = lg_object(f.lagoon);
    return new_node(LG_OBJECT, 0);
  case '[':
    *part = lg_list(f.lagoon);
    return new_node(LG_LIST, 0);
  case '"':
    *part = lg_string(f.lagoon, heap_text);
    return new_node(LG_STRING, 0);
  case 'n':
    *part = lg_null();
    return new_node(LG_NULL, 0);
  default:
    *part = lg_int(c);
    return new_node(LG_INT, c);
  }
}

/* Deeper than the limit by what is put there. */
static bool is_too_deep(char c) { return (c == '{' || c == '[') && path.count >= LG_MAX_DEPTH; }

/* Sets `c` at the path of both. `allocations` below 0: all succeed. */
static void change(lg_value *value, node **model, const char *text, char c, bool is_shared,
                   int allocations) {
  lg_value part;
  node *changed = copy_node(*model);
  bool is_good = model_set(changed, 0, make_part(c, &part)) && !is_too_deep(c);
  bool is_kept = is_shared || !is_good || allocations >= 0;
  lg_value old = is_kept ? lg_keep(*value) : lg_undefined();
  if (allocations >= 0) failing_after(&f, (size_t)allocations);
  lg_value result = lg_path_set(f.lagoon, *value, text, part);
  bool has_failed = failing_stop(&f) && allocations >= 0;
  must(lg_is_failed(result) == (has_failed || !is_good));
  if (is_kept) compare(old, *model);
  if (lg_is_failed(result)) {
    *value = old;
    free_node(changed);
    return;
  }
  lg_release(old);
  free_node(*model);
  *value = result;
  *model = changed;
  compare(*value, *model);
}

static void check_get(lg_value value, const node *model, const char *text) {
  const node *expected = model_get(model);
  lg_value got = lg_path_get(value, text);
  must(lg_is_undefined(got) == !expected);
  if (expected) compare(got, expected);
}

/* Whether there is a number that a list may be as long as, but a slow one. */
static bool has_large_number(const char *text) {
  while (*text) {
    size_t digits = strspn(text, "0123456789");
    if (digits > 3 && digits < 8) return true;
    text += digits ? digits : 1;
  }
  return false;
}

/* Does what a line says; *allocations is for the next one. */
static void run(char *line, lg_value *value, node **model, int *allocations) {
  if (*line == '#') {
    *allocations = line[1] >= 'a' ? line[1] - 'a' : -1;
    return;
  }
  bool is_shared = *line == '!';
  char *text = line + is_shared;
  char *equals = strrchr(text, '=');
  if (!equals || !equals[1] || has_large_number(text)) return;
  char c = equals[1];
  *equals = '\0';
  split(text);
  check_get(*value, *model, text);
  change(value, model, text, c, is_shared, *allocations);
  check_get(*value, *model, text);
  *allocations = -1;
  forget_parts();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size >= sizeof path.keys / sizeof *path.keys) return 0;
  char *input = malloc(size + 1);
  for (size_t i = 0; i < size; i++)
    input[i] = (char)(data[i] & 0x7f);
  input[size] = '\0';
  failing_begin(&f);
  lg_value value = lg_object(f.lagoon);
  node *model = new_node(LG_OBJECT, 0);
  int allocations = -1;
  char *line = input;
  for (int i = 0; line && i < MAX_LINES && size_of(model) < MAX_NODES; i++) {
    char *end = strchr(line, '\n');
    if (end) *end = '\0';
    run(line, &value, &model, &allocations);
    line = end ? end + 1 : NULL;
  }
  free_node(model);
  lg_release(value);
  failing_end(&f);
  free(input);
  return 0;
}
