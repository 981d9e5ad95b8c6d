/*
** JSON to values and back. Jansson reads, because it keeps 64-bit integers and the order of keys
** and tells the line and column of a mistake; cJSON makes every number a double and tells neither.
** Writing takes only strings from it: it has one number of digits for all doubles of a text, so
** that 0.1 becomes 0.10000000000000001. Not here: files and streams.
**
** Jansson 2.14 has its temporary memory from malloc. When that fails in the middle of a string or
** number longer than 15 bytes, Jansson drops a character and goes on; errno tells it in most cases.
*/
#include "../include/lagoon.h"

static void tell(lg_json_error *error, const char *reason) {
  size_t size = 0;
  while (reason[size] && size < sizeof error->reason - 1) {
    error->reason[size] = reason[size];
    size++;
  }
  error->reason[size] = '\0';
}

#ifdef LG_NO_JSON

lg_value lg_json_parse(lg_lagoon *lagoon, const char *text, size_t size, lg_json_error *error) {
  (void)lagoon, (void)text, (void)size;
  if (error) {
    *error = (lg_json_error){0};
    tell(error, "built without JSON");
  }
  return lg_failed(LG_E_MISSING);
}

lg_value lg_json_text(lg_lagoon *lagoon, lg_value value, unsigned indent) {
  (void)lagoon, (void)value, (void)indent;
  return lg_failed(LG_E_MISSING);
}

#else

#include <errno.h>
#include <float.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

/* ---- reading --------------------------------------------------------------------------------- */

#define READ (JSON_DECODE_ANY | JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL)

static lg_value convert(lg_lagoon *lagoon, const json_t *json, unsigned depth);

static lg_value convert_list(lg_lagoon *lagoon, const json_t *json, unsigned depth) {
  lg_value list = lg_list(lagoon);
  size_t size = json_array_size(json);
  for (size_t i = 0; i < size && !lg_is_failed(list); i++) {
    list = lg_list_push(list, convert(lagoon, json_array_get(json, i), depth));
  }
  return list;
}

static lg_value convert_object(lg_lagoon *lagoon, json_t *json, unsigned depth) {
  lg_value object = lg_object(lagoon);
  void *i = json_object_iter(json);
  for (; i && !lg_is_failed(object); i = json_object_iter_next(json, i)) {
    lg_value value = convert(lagoon, json_object_iter_value(i), depth);
    object = lg_object_set_n(object, json_object_iter_key(i), json_object_iter_key_len(i), value);
  }
  return object;
}

/* The value of a tree that has `depth` lists and objects around it. */
static lg_value convert(lg_lagoon *lagoon, const json_t *json, unsigned depth) {
  switch (json_typeof(json)) {
  case JSON_FALSE:
  case JSON_TRUE:
    return lg_bool(json_is_true(json));
  case JSON_INTEGER:
    return lg_int(json_integer_value(json));
  case JSON_REAL:
    return lg_double(json_real_value(json));
  case JSON_STRING:
    return lg_string_n(lagoon, json_string_value(json), json_string_length(json));
  case JSON_ARRAY:
    return depth < LG_MAX_DEPTH ? convert_list(lagoon, json, depth + 1) : lg_failed(LG_E_DEPTH);
  case JSON_OBJECT:
    return depth < LG_MAX_DEPTH ? convert_object(lagoon, (json_t *)json, depth + 1)
                                : lg_failed(LG_E_DEPTH);
  case JSON_NULL:
  default:
    return lg_null();
  }
}

/* Jansson passes over a NUL in some places, and JSON has none: the place of it. */
static lg_value refuse_nul(const char *text, const char *nul, lg_json_error *error) {
  error->line = 1;
  error->column = 1;
  for (; text < nul; text++) {
    if (*text == '\n') {
      error->line++;
      error->column = 1;
    } else if (((unsigned char)*text & 0xc0) != 0x80) {
      error->column++;
    }
  }
  tell(error, "NUL outside of a string, or not written as \\u0000");
  return lg_failed(LG_E_SYNTAX);
}

/* What Jansson has to say. It counts the characters it has read, and stops before a wrong byte. */
static lg_value refuse(const json_error_t *cause, lg_json_error *error) {
  enum json_error_code code = json_error_code(cause);
  if (code == json_error_out_of_memory || code == json_error_unknown) {
    tell(error, "no memory");
    return lg_failed(LG_E_MEMORY);
  }
  bool is_bad_byte = code == json_error_invalid_utf8;
  error->line = cause->line;
  error->column = cause->column + (is_bad_byte || !cause->column);
  tell(error, cause->text);
  if (is_bad_byte) return lg_failed(LG_E_UTF8);
  return lg_failed(code == json_error_stack_overflow ? LG_E_DEPTH : LG_E_SYNTAX);
}

lg_value lg_json_parse(lg_lagoon *lagoon, const char *text, size_t size, lg_json_error *error) {
  lg_json_error unwanted;
  if (!error) error = &unwanted;
  *error = (lg_json_error){0};
  if (!lagoon || !text) {
    tell(error, lagoon ? "no text" : "no lagoon");
    return lg_failed(LG_E_ARGUMENT);
  }
  const char *nul = memchr(text, '\0', size);
  if (nul) return refuse_nul(text, nul, error);
  json_error_t cause = {0};
  errno = 0;
  json_t *json = json_loadb(text, size, READ, &cause);
  bool is_short = errno == ENOMEM; /* which Jansson calls a mistake in the text, or passes over */
  if (!json && !is_short) return refuse(&cause, error);
  lg_value value = is_short ? lg_failed(LG_E_MEMORY) : convert(lagoon, json, 0);
  json_decref(json);
  if (lg_status_of(value) == LG_E_DEPTH) tell(error, "nested too deep");
  if (lg_status_of(value) == LG_E_MEMORY) tell(error, "no memory");
  return value;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* Room for any number as text, with its NUL. */
#define NUMBER 32

typedef struct output {
  lg_memory *memory;
  char *text;
  size_t size;
  size_t room;
  unsigned indent;
  lg_status status; /* the first failure */
} output;

/* Also a json_dump_callback_t: 0, or -1 if it fails. */
static int append(const char *text, size_t size, void *ctx) {
  output *out = ctx;
  if (!out->status && out->room - out->size <= size) {
    size_t room = out->size + size + out->size / 2 + NUMBER;
    char *bigger = lg_resize(out->memory, out->text, out->room, room);
    if (!bigger) {
      out->status = LG_E_MEMORY;
    } else {
      out->text = bigger;
      out->room = room;
    }
  }
  if (out->status) return -1;
  memcpy(out->text + out->size, text, size);
  out->size += size;
  return 0;
}

static void write_text(output *out, const char *text) { append(text, strlen(text), out); }

static void write_string(output *out, lg_value value) {
  json_t *json = json_stringn_nocheck(lg_text(&value), lg_size(value));
  if (json_dump_callback(json, append, out, JSON_ENCODE_ANY) && !out->status) {
    out->status = LG_E_MEMORY;
  }
  json_decref(json);
}

static void write_int(output *out, int64_t i) {
  char text[NUMBER];
  snprintf(text, sizeof text, "%" PRId64, i);
  write_text(out, text);
}

/* The fewest digits, at most 17, that are nearest to `d`, which is not below 0, and are read back
** as it. (JavaScript has one less for 45 powers of two, by one that is not the nearest.) Returns
** how many; *exponent is the power of ten of the first. The locale's decimal point is passed over.
** */
static int shortest_digits(double d, char digits[NUMBER], int *exponent) {
  char text[NUMBER];
  int precision = d < DBL_MIN ? 1 : 15;
  do {
    snprintf(text, sizeof text, "%.*e", precision - 1, d);
  } while (precision++ < 17 && strtod(text, NULL) != d);
  int count = 0;
  const char *c = text;
  for (; *c != 'e'; c++) {
    if (*c >= '0' && *c <= '9') digits[count++] = *c;
  }
  *exponent = atoi(c + 1);
  while (count > 1 && digits[count - 1] == '0')
    count--;
  return count;
}

static void write_zeros(output *out, int count) {
  while (count-- > 0)
    write_text(out, "0");
}

/* Writes digits of which the first has this power of ten: 12.5, or 0.05, or 500.0. */
static void write_fixed(output *out, const char *digits, int count, int exponent) {
  int whole = exponent < 0 ? 0 : exponent < count ? exponent + 1 : count;
  append(digits, (size_t)whole, out);
  write_zeros(out, exponent < 0 ? 1 : exponent + 1 - whole);
  write_text(out, ".");
  write_zeros(out, whole < count ? -exponent - 1 : 1);
  append(digits + whole, (size_t)(count - whole), out);
}

/* The same with an exponent: 5e-324, 1.25e+21. */
static void write_scientific(output *out, const char *digits, int count, int exponent) {
  append(digits, 1, out);
  if (count > 1) write_text(out, ".");
  append(digits + 1, (size_t)(count - 1), out);
  write_text(out, exponent < 0 ? "e" : "e+");
  write_int(out, exponent);
}

/* Writes as JavaScript does, but ".0" behind a whole number, which is read as a double then. */
static void write_double(output *out, double d) {
  char digits[NUMBER];
  int exponent;
  if (!isfinite(d)) {
    out->status = LG_E_TYPE;
    return;
  }
  if (signbit(d)) write_text(out, "-");
  int count = shortest_digits(signbit(d) ? -d : d, digits, &exponent);
  if (exponent > -7 && exponent < 21) {
    write_fixed(out, digits, count, exponent);
  } else {
    write_scientific(out, digits, count, exponent);
  }
}

static void write_value(output *out, lg_value value, unsigned depth);

static void write_line_break(output *out, unsigned depth) {
  if (out->indent) write_text(out, "\n");
  for (unsigned spaces = depth * out->indent; spaces; spaces--)
    write_text(out, " ");
}

static void write_container(output *out, lg_value container, unsigned depth) {
  bool is_object = lg_type_of(container) == LG_OBJECT;
  write_text(out, is_object ? "{" : "[");
  for (lg_iterator i = lg_iterate(container); !out->status && lg_next(&i);) {
    if (i.index) write_text(out, ",");
    write_line_break(out, depth + 1);
    if (is_object) {
      write_string(out, i.key);
      write_text(out, out->indent ? ": " : ":");
    }
    write_value(out, i.value, depth + 1);
  }
  if (lg_size(container)) write_line_break(out, depth);
  write_text(out, is_object ? "}" : "]");
}

static void write_value(output *out, lg_value value, unsigned depth) {
  switch (lg_type_of(value)) {
  case LG_NULL:
    write_text(out, "null");
    break;
  case LG_BOOL:
    write_text(out, lg_as_bool(value) ? "true" : "false");
    break;
  case LG_INT:
    write_int(out, lg_as_int(value));
    break;
  case LG_DOUBLE:
    write_double(out, lg_as_double(value));
    break;
  case LG_STRING:
    write_string(out, value);
    break;
  case LG_LIST:
  case LG_OBJECT:
    write_container(out, value, depth);
    break;
  case LG_FAILED:
    out->status = lg_status_of(value);
    break;
  case LG_UNDEFINED:
  case LG_BYTES:
  case LG_POINTER:
  default:
    out->status = LG_E_TYPE;
  }
}

lg_value lg_json_text(lg_lagoon *lagoon, lg_value value, unsigned indent) {
  if (!lagoon || indent > 31) return lg_failed(LG_E_ARGUMENT);
  output out = {.memory = lg_memory_of(lagoon), .indent = indent};
  write_value(&out, value, 0);
  lg_value text = out.status ? lg_failed(out.status) : lg_string_n(lagoon, out.text, out.size);
  if (out.text) lg_resize(out.memory, out.text, out.room, 0);
  return text;
}

#endif
