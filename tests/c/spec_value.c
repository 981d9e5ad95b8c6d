/*
** The values of scenarios. See spec_value.h.
*/
#include "spec_value.h"

#include <ctype.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- text ------------------------------------------------------------------------------------ */

static void reserve(spec_text *text, size_t size) {
  if (text->room >= size) return;
  text->room = size * 2;
  text->chars = realloc(text->chars, text->room);
  assert_non_null(text->chars);
}

void spec_add(spec_text *text, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  assert_true(length >= 0);
  reserve(text, text->size + (size_t)length + 1);
  va_start(arguments, format);
  vsnprintf(text->chars + text->size, (size_t)length + 1, format, arguments);
  va_end(arguments);
  text->size += (size_t)length;
}

void spec_clear(spec_text *text) {
  free(text->chars);
  *text = (spec_text){.chars = NULL};
}

const char *spec_chars(const spec_text *text) { return text->chars ? text->chars : ""; }

void spec_bad(const char *format, ...) {
  char message[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  print_error("a scenario that can't be: %s\n", message);
  fail();
  abort();
}

/* ---- writing --------------------------------------------------------------------------------- */

/* The shortest digits that are read as the same number. */
static void show_number(spec_text *text, double number) {
  char digits[32];
  if (isnan(number)) {
    spec_add(text, "NaN");
  } else if (isinf(number)) {
    spec_add(text, number > 0 ? "Infinity" : "-Infinity");
  } else if (number == trunc(number) && fabs(number) < 1e15) {
    spec_add(text, "%.0f", number);
  } else {
    for (int precision = 1; precision <= 17; precision++) {
      snprintf(digits, sizeof digits, "%.*g", precision, number);
      if (strtod(digits, NULL) == number) break;
    }
    spec_add(text, "%s", digits);
  }
}

static bool is_word(const char *key) {
  if (!*key) return false;
  for (; *key; key++) {
    if (!isalnum((unsigned char)*key) && *key != '_') return false;
  }
  return true;
}

static void show_list(spec_text *text, lg_value list) {
  spec_add(text, "[");
  for (lg_iterator i = lg_iterate(list); lg_next(&i);) {
    if (i.index) spec_add(text, ", ");
    spec_show(text, i.value);
  }
  spec_add(text, "]");
}

static int compare_keys(const void *a, const void *b) {
  return lg_compare(*(const lg_value *)a, *(const lg_value *)b);
}

#define MANY_KEYS 64

/* With its keys in the order of their bytes. */
static void show_object(spec_text *text, lg_value object) {
  lg_value keys[MANY_KEYS];
  size_t count = 0;
  assert_true(lg_size(object) <= MANY_KEYS);
  for (lg_iterator i = lg_iterate(object); lg_next(&i);)
    keys[count++] = i.key;
  qsort(keys, count, sizeof *keys, compare_keys);
  spec_add(text, count ? "{ " : "{");
  for (size_t i = 0; i < count; i++) {
    const char *key = lg_text(&keys[i]);
    spec_add(text, is_word(key) ? "%s%s: " : "%s'%s': ", i ? ", " : "", key);
    spec_show(text, lg_object_get(object, key));
  }
  spec_add(text, count ? " }" : "}");
}

void spec_show(spec_text *text, lg_value value) {
  switch (lg_type_of(value)) {
  case LG_UNDEFINED:
    spec_add(text, "undefined");
    break;
  case LG_NULL:
    spec_add(text, "null");
    break;
  case LG_BOOL:
    spec_add(text, lg_as_bool(value) ? "true" : "false");
    break;
  case LG_INT:
  case LG_DOUBLE:
    show_number(text, lg_as_double(value));
    break;
  case LG_STRING:
    spec_add(text, "'%s'", lg_text(&value));
    break;
  case LG_LIST:
    show_list(text, value);
    break;
  case LG_OBJECT:
    show_object(text, value);
    break;
  default:
    spec_add(text, "(type %d)", (int)lg_type_of(value));
  }
}

void spec_show_all(spec_text *text, const lg_value *values, size_t count) {
  while (count > 1 && lg_is_undefined(values[count - 1]))
    count--;
  spec_add(text, "(");
  for (size_t i = 0; i < count; i++) {
    if (i) spec_add(text, ", ");
    spec_show(text, values[i]);
  }
  spec_add(text, ")");
}

/* ---- reading --------------------------------------------------------------------------------- */

#define MANY_CHARS 128

typedef struct reader {
  lg_lagoon *lagoon;
  const char *text; /* all of it, for complaints */
  const char *rest;
  char token[MANY_CHARS]; /* the last one that `next` read */
  spec_find_fn find;
  const void *ctx;
} reader;

_Noreturn static void no_value(const reader *r) { spec_bad("no value: %s", r->text); }

static void skip_spaces(reader *r) { r->rest += strspn(r->rest, " "); }

/* Reads a token: a text in quotes, a word, or a single other character. At the end it is "". */
static const char *next(reader *r) {
  static const char word[] = "@_.-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  skip_spaces(r);
  size_t size = strspn(r->rest, word);
  if (*r->rest == '\'') {
    const char *end = strchr(r->rest + 1, '\'');
    if (!end) no_value(r);
    size = (size_t)(end - r->rest) + 1;
  } else if (!size && *r->rest) {
    size = 1;
  }
  if (size >= sizeof r->token) no_value(r);
  memcpy(r->token, r->rest, size);
  r->token[size] = 0;
  r->rest += size;
  return r->token;
}

static bool is_next(reader *r, char c) {
  skip_spaces(r);
  if (*r->rest != c) return false;
  r->rest++;
  return true;
}

/* Takes the quotes off a token. */
static const char *unquote(char *token) {
  size_t size = strlen(token);
  if (*token != '\'') return token;
  token[size - 1] = 0;
  return token + 1;
}

/* What separates the items of a list or object; false at its end. */
static bool has_more(reader *r, char end, bool is_first) {
  if (is_next(r, end)) return false;
  if (!is_first && !is_next(r, ',')) no_value(r);
  return true;
}

static lg_value read_value(reader *r);

static lg_value read_list(reader *r) {
  lg_value list = lg_list(r->lagoon);
  for (bool is_first = true; has_more(r, ']', is_first); is_first = false)
    list = lg_list_push(list, read_value(r));
  return list;
}

static lg_value read_object(reader *r) {
  lg_value object = lg_object(r->lagoon);
  for (bool is_first = true; has_more(r, '}', is_first); is_first = false) {
    char key[MANY_CHARS];
    snprintf(key, sizeof key, "%s", next(r));
    if (!is_next(r, ':')) no_value(r);
    object = lg_object_set(object, unquote(key), read_value(r));
  }
  return object;
}

static lg_value read_number(const reader *r) {
  char *end;
  double number = strtod(r->token, &end);
  if (*end || !*r->token) no_value(r);
  return spec_number(number);
}

static lg_value read_value(reader *r) {
  if (is_next(r, '[')) return read_list(r);
  if (is_next(r, '{')) return read_object(r);
  next(r);
  if (*r->token == '\'') return lg_string(r->lagoon, unquote(r->token));
  if (*r->token == '@') return lg_keep(r->find(r->token + 1, r->ctx));
  if (!strcmp(r->token, "undefined")) return lg_undefined();
  if (!strcmp(r->token, "null")) return lg_null();
  if (!strcmp(r->token, "true")) return lg_bool(true);
  if (!strcmp(r->token, "false")) return lg_bool(false);
  return read_number(r);
}

lg_value spec_read(lg_lagoon *lagoon, const char *text, spec_find_fn find, const void *ctx) {
  reader r = {.lagoon = lagoon, .text = text, .rest = text, .find = find, .ctx = ctx};
  lg_value value = read_value(&r);
  skip_spaces(&r);
  if (*r.rest) no_value(&r);
  return value;
}

lg_value spec_number(double number) {
  bool is_whole = number == trunc(number) && fabs(number) < 9007199254740992.0;
  bool is_negative_zero = number == 0 && signbit(number);
  return is_whole && !is_negative_zero ? lg_int((int64_t)number) : lg_double(number);
}

/* ---- functions ------------------------------------------------------------------------------- */

typedef struct arguments {
  lg_lagoon *lagoon;
  const lg_value *values;
  size_t count;
  double n;         /* in the name of the function; 0: none */
  const char *name; /* of the function */
  char *error;      /* SPEC_ERROR_SIZE */
} arguments;

static bool is_number(lg_value v) { return lg_type_of(v) == LG_INT || lg_type_of(v) == LG_DOUBLE; }

/* Adds, or multiplies, all numbers in a value to *result. */
static void gather(lg_value value, double *result, bool multiplies) {
  double number = lg_as_double(value);
  if (is_number(value)) *result = multiplies ? *result * number : *result + number;
  for (lg_iterator i = lg_iterate(value); lg_next(&i);)
    gather(i.value, result, multiplies);
}

static double gather_all(const arguments *a, double first, bool multiplies) {
  double result = first;
  for (size_t i = 0; i < a->count; i++)
    gather(a->values[i], &result, multiplies);
  return result;
}

static double total(const arguments *a) { return gather_all(a, 0, false); }

static lg_value first(const arguments *a) { return a->count ? a->values[0] : lg_undefined(); }

static lg_value failing(const arguments *a, bool fails) {
  double sum = total(a);
  if (fails) {
    spec_text text = {.chars = NULL};
    spec_show(&text, spec_number(sum));
    snprintf(a->error, SPEC_ERROR_SIZE, "got %s", spec_chars(&text));
    spec_clear(&text);
  }
  return spec_number(sum);
}

static lg_value above(const arguments *a) { return lg_bool(total(a) > a->n); }
static lg_value always_n(const arguments *a) { return spec_number(a->n); }
static lg_value at_most(const arguments *a) { return spec_number(fmin(a->n, total(a))); }
static lg_value below(const arguments *a) { return lg_bool(total(a) < a->n); }
static lg_value even(const arguments *a) { return lg_bool(fmod(total(a), 2) == 0); }
static lg_value fails_at(const arguments *a) { return failing(a, total(a) == a->n); }
static lg_value first_kept(const arguments *a) { return lg_keep(first(a)); }
static lg_value half(const arguments *a) { return spec_number(floor(total(a) / 2)); }
static lg_value is_n(const arguments *a) { return lg_bool(total(a) == a->n); }
static lg_value odd(const arguments *a) { return lg_bool(fmod(total(a), 2) == 1); }
static lg_value parity(const arguments *a) { return spec_number(fmod(total(a), 2)); }
static lg_value picked(const arguments *a) { return lg_keep(a->values[1]); }
static lg_value plus(const arguments *a) { return spec_number(total(a) + a->n); }
static lg_value product(const arguments *a) { return spec_number(gather_all(a, 1, true)); }
static lg_value sum(const arguments *a) { return spec_number(total(a)); }
static lg_value times(const arguments *a) { return spec_number(total(a) * a->n); }

static lg_value fails_every(const arguments *a) {
  return failing(a, fmod(total(a), a->n) == a->n - 1);
}

static lg_value nothing(const arguments *a) {
  (void)a;
  return lg_undefined();
}

static lg_value size(const arguments *a) { return lg_int((int64_t)lg_size(first(a))); }

static lg_value key(const arguments *a) { return lg_keep(lg_object_get(first(a), a->name + 1)); }

static lg_value list(const arguments *a) {
  lg_value made = lg_list(a->lagoon);
  for (size_t i = 0; i < a->count; i++)
    made = lg_list_push(made, lg_keep(a->values[i]));
  return made;
}

static lg_value join(const arguments *a) {
  spec_text text = {.chars = NULL};
  for (size_t i = 0; i < a->count; i++) {
    const char *string = lg_text(&a->values[i]);
    if (i) spec_add(&text, " ");
    if (string) {
      spec_add(&text, "%s", string);
    } else {
      spec_show(&text, a->values[i]);
    }
  }
  lg_value joined = lg_string(a->lagoon, spec_chars(&text));
  spec_clear(&text);
  return joined;
}

typedef lg_value (*function)(const arguments *a);

static const struct {
  const char *name;
  function fn;
} functions[] = {
    {"above", above},
    {"always", always_n},
    {"atMost", at_most},
    {"below", below},
    {"even", even},
    {"failsAt", fails_at},
    {"failsEvery", fails_every},
    {"first", first_kept},
    {"half", half},
    {"is", is_n},
    {"join", join},
    {"length", size},
    {"list", list},
    {"nothing", nothing},
    {"odd", odd},
    {"parity", parity},
    {"pick", picked},
    {"plus", plus},
    {"product", product},
    {"sum", sum},
    {"times", times},
};

static function find(const char *name) {
  size_t letters = strcspn(name, "0123456789");
  if (*name == '.') return key;
  for (size_t i = 0; i < COUNT(functions); i++) {
    const char *known = functions[i].name;
    if (strlen(known) == letters && !strncmp(known, name, letters)) return functions[i].fn;
  }
  spec_bad("no function %s", name);
}

lg_value spec_call(lg_lagoon *lagoon, const char *name, const lg_value *values, size_t count,
                   char error[SPEC_ERROR_SIZE]) {
  arguments a = {.lagoon = lagoon,
                 .values = values,
                 .count = count,
                 .n = strtod(name + strcspn(name, "0123456789"), NULL),
                 .name = name,
                 .error = error};
  *error = 0;
  return find(name)(&a);
}

/* ---- equalities ------------------------------------------------------------------------------ */

static bool is_alike(lg_value a, lg_value b) {
  spec_text texts[2] = {{.chars = NULL}, {.chars = NULL}};
  spec_show(&texts[0], a);
  spec_show(&texts[1], b);
  bool is_equal = !strcmp(spec_chars(&texts[0]), spec_chars(&texts[1]));
  spec_clear(&texts[0]);
  spec_clear(&texts[1]);
  return is_equal;
}

static bool is_always(lg_value a, lg_value b) {
  (void)a;
  (void)b;
  return true;
}

static bool is_never(lg_value a, lg_value b) {
  (void)a;
  (void)b;
  return false;
}

static bool has_same_parity(lg_value a, lg_value b) {
  return is_number(a) && is_number(b) && fmod(lg_as_double(a), 2) == fmod(lg_as_double(b), 2);
}

spec_equality spec_find_equality(const char *name) {
  if (!strcmp(name, "alike")) return is_alike;
  if (!strcmp(name, "always")) return is_always;
  if (!strcmp(name, "never")) return is_never;
  if (!strcmp(name, "parity")) return has_same_parity;
  if (!strcmp(name, "fails")) return NULL;
  spec_bad("no equality %s", name);
}
