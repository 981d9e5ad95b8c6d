/*
** JSON: what is read, what is refused and where, what is written, and what becomes of a failing
** allocation.
*/
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "failing.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static failing f;
static lg_json_error error;

static int set_up(void **state) {
  (void)state;
  failing_begin(&f);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  failing_end(&f);
  return 0;
}

static lg_value parse_n(const char *text, size_t size) {
  memset(&error, 0xff, sizeof error);
  return lg_json_parse(f.lagoon, text, size, &error);
}

static lg_value parse(const char *text) { return parse_n(text, strlen(text)); }

static void fails(lg_value value, lg_status status) {
  assert_int_equal(lg_type_of(value), LG_FAILED);
  assert_int_equal(lg_status_of(value), status);
}

#ifdef LG_NO_JSON

static void it_says_that_it_was_built_without(void **state) {
  (void)state;
  fails(parse("1"), LG_E_MISSING);
  assert_int_equal(error.line, 0);
  assert_string_equal(error.reason, "built without JSON");
  fails(lg_json_parse(f.lagoon, "1", 1, NULL), LG_E_MISSING);
  fails(lg_json_text(f.lagoon, lg_int(1), 0), LG_E_MISSING);
}

int main(void) {
  const struct CMUnitTest tests[] = {TEST(it_says_that_it_was_built_without)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

#include <errno.h>
#include <jansson.h>
#include <locale.h>

#include "data/doubles.h"

/* The text that the value is written as. Releases it. */
static void is(lg_value value, const char *text) {
  lg_value shown = lg_json_text(f.lagoon, value, 0);
  assert_string_equal(lg_text(&shown), text);
  lg_release(shown);
  lg_release(value);
}

static void is_string(const char *json, const char *text, size_t size) {
  lg_value value = parse(json);
  assert_int_equal(lg_type_of(value), LG_STRING);
  assert_int_equal(lg_size(value), size);
  assert_memory_equal(lg_text(&value), text, size + 1);
  lg_release(value);
}

/* ---- reading --------------------------------------------------------------------------------- */

static void every_type_is_read(void **state) {
  (void)state;
  assert_int_equal(lg_type_of(parse("null")), LG_NULL);
  assert_true(lg_as_bool(parse("true")));
  assert_int_equal(lg_type_of(parse("false")), LG_BOOL);
  assert_int_equal(lg_as_int(parse(" 12 ")), 12);
  assert_int_equal(lg_type_of(parse("1.5")), LG_DOUBLE);
  is_string("\"text\"", "text", 4);
  is(parse("[]"), "[]");
  is(parse("{}"), "{}");
  is(parse("\t[\r\n1 , {\"a\" : [ ] } ] "), "[1,{\"a\":[]}]");
}

static void a_text_that_is_right_leaves_no_error(void **state) {
  (void)state;
  parse("1");
  assert_int_equal(error.line, 0);
  assert_int_equal(error.column, 0);
  assert_string_equal(error.reason, "");
  assert_int_equal(lg_as_int(lg_json_parse(f.lagoon, "1", 1, NULL)), 1);
}

static void only_size_bytes_are_read(void **state) {
  (void)state;
  assert_int_equal(lg_as_int(parse_n("123", 2)), 12);
  fails(parse_n("123", 0), LG_E_SYNTAX);
  fails(parse_n("[1]", 2), LG_E_SYNTAX);
}

static void numbers_keep_their_type_and_all_bits(void **state) {
  (void)state;
  assert_int_equal(lg_as_int(parse("9223372036854775807")), INT64_MAX);
  assert_true(lg_as_int(parse("-9223372036854775808")) == INT64_MIN);
  assert_int_equal(lg_type_of(parse("-0")), LG_INT);
  const char *doubles[] = {"1.0",   "1e0", "-0.0", "1E+2", "0e5", "123456789012345678901.0",
                           "1e-400"};
  for (size_t i = 0; i < COUNT(doubles); i++) {
    lg_value value = parse(doubles[i]);
    assert_int_equal(lg_type_of(value), LG_DOUBLE);
    assert_true(lg_as_double(value) == strtod(doubles[i], NULL));
  }
}

static void escapes_are_decoded(void **state) {
  (void)state;
  is_string("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t", 8);
  is_string("\"\\u0041\\u00e9\\u20AC\"", "A\xc3\xa9\xe2\x82\xac", 6);
  is_string("\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80", 4);
  is_string("\"a\\u0000b\"", "a\0b", 3);
  is_string("\"\xc3\xa9\xf0\x9f\x98\x80\x7f\"", "\xc3\xa9\xf0\x9f\x98\x80\x7f", 7);
  is_string("\"\\u0000 in a string that is on the heap\"", "\0 in a string that is on the heap",
            33);
}

static void keys_keep_their_order(void **state) {
  (void)state;
  is(parse("{\"b\":1,\"a\":2,\"10\":3,\"2\":4,\"\":5,\"\\u00e9\":6}"),
     "{\"b\":1,\"a\":2,\"10\":3,\"2\":4,\"\":5,\"\xc3\xa9\":6}");
  char text[16384] = "{";
  size_t size = 1;
  for (int i = 0; i < 1000; i++) {
    size += (size_t)sprintf(text + size, "%s\"%d\":%d", i ? "," : "", i * 7919 % 1000, i);
  }
  strcpy(text + size, "}");
  is(parse(text), text);
}

/* ---- refusing -------------------------------------------------------------------------------- */

typedef struct mistake {
  const char *text;
  int line, column;
} mistake;

/* What RFC 8259 does not allow, and what this reader does not. The column is that of the last
** character that was read. */
static const mistake mistakes[] = {
    {"", 1, 1},
    {" ", 1, 1},
    {"\n\n", 3, 1},
    {"[", 1, 1},
    {"[\n\n", 3, 1},
    {"]", 1, 1},
    {"[1,]", 1, 4},
    {"[,1]", 1, 2},
    {"[1 2]", 1, 4},
    {"[1,\n 2 3]", 2, 4},
    {"[1}", 1, 3},
    {"{\"a\"}", 1, 5},
    {"{\"a\":}", 1, 6},
    {"{\"a\":1,}", 1, 8},
    {"{a:1}", 1, 2},
    {"{1:1}", 1, 2},
    {"{'a':1}", 1, 2},
    {"{\"a\":1 \"b\":2}", 1, 10},
    {"[1] x", 1, 5},
    {"1 2", 1, 3},
    {"\xc3\xa9", 1, 1},
    {"\"\xc3\xa9\xc3\xa9\" x", 1, 6},
    {"nul", 1, 3},
    {"True", 1, 4},
    {"NaN", 1, 3},
    {"-Infinity", 1, 1},
    {"undefined", 1, 9},
    {"01", 1, 1},
    {"-01", 1, 2},
    {"1.", 1, 2},
    {".5", 1, 1},
    {"1e", 1, 2},
    {"1e+", 1, 3},
    {"+1", 1, 1},
    {"-", 1, 1},
    {"0x1", 1, 2},
    {"9223372036854775808", 1, 19},
    {"-9223372036854775809", 1, 20},
    {"123456789012345678901234567890", 1, 30},
    {"1e999", 1, 5},
    {"\"abc", 1, 4},
    {"\"a\nb\"", 1, 2},
    {"\"\t\"", 1, 1},
    {"\"\x01\"", 1, 1},
    {"\"\\x\"", 1, 3},
    {"\"\\u12g4\"", 1, 6},
    {"\"\\ud800\"", 1, 8},
    {"\"\\udc00\"", 1, 8},
    {"\"\\ud800\\u0041\"", 1, 14},
    {"'a'", 1, 1},
    {"/* a */ 1", 1, 1},
    {"1 // a", 1, 3},
    {"\xef\xbb\xbf{}", 1, 1},
    {"\f1", 1, 1},
    {"\xc2\xa0", 1, 1},
    {"{\"a\":1,\"a\":2}", 1, 10},
    {"{\"a\":{},\n \"a\":2}", 2, 4},
    {"{\"a\\u0000b\":1}", 1, 11},
};

static void mistakes_are_refused_with_their_place(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(mistakes); i++) {
    fails(parse(mistakes[i].text), LG_E_SYNTAX);
    if (error.line != mistakes[i].line || error.column != mistakes[i].column) {
      fail_msg("%s: %d:%d %s", mistakes[i].text, error.line, error.column, error.reason);
    }
    assert_true(strlen(error.reason) > 5);
    fails(lg_json_parse(f.lagoon, mistakes[i].text, strlen(mistakes[i].text), NULL), LG_E_SYNTAX);
  }
}

static void reasons_are_in_english(void **state) {
  (void)state;
  parse("{\"key\": 1, \"key\": 2}");
  assert_string_equal(error.reason, "duplicate object key near '\"key\"'");
  parse("[9223372036854775808]");
  assert_string_equal(error.reason, "too big integer near '9223372036854775808'");
  parse("{\"\\u0000\": 1}");
  assert_non_null(strstr(error.reason, "NUL byte in object key not supported"));
}

static void a_nul_has_no_place_outside_of_a_string(void **state) {
  (void)state;
  static const struct {
    const char *text;
    size_t size;
    int line, column;
  } texts[] = {{"\0", 1, 1, 1},
               {"1\0", 2, 1, 2},
               {"[1\0]", 4, 1, 3},
               {"\"a\0b\"", 5, 1, 3},
               {"[1,\n\"\xc3\xa9\"\0]", 9, 2, 4},
               {"{}\n\0", 4, 2, 1}};
  for (size_t i = 0; i < COUNT(texts); i++) {
    fails(parse_n(texts[i].text, texts[i].size), LG_E_SYNTAX);
    assert_int_equal(error.line, texts[i].line);
    assert_int_equal(error.column, texts[i].column);
  }
}

static void text_that_is_not_utf8_is_refused(void **state) {
  (void)state;
  static const mistake texts[] = {{"\"\xff\"", 1, 2},
                                  {"\"ab\xc3(\"", 1, 4},
                                  {"\"\xc0\x80\"", 1, 2},
                                  {"[\n\"\xed\xa0\x80\"]", 2, 2},
                                  {"\"\xf4\x90\x80\x80\"", 1, 2},
                                  {"\xff", 1, 1},
                                  {"{\"\xc3\xa9\x80\":1}", 1, 4},
                                  {"\"\xe2\x82", 1, 2}};
  for (size_t i = 0; i < COUNT(texts); i++) {
    fails(parse(texts[i].text), LG_E_UTF8);
    assert_int_equal(error.line, texts[i].line);
    assert_int_equal(error.column, texts[i].column);
  }
}

static void arguments_are_checked(void **state) {
  (void)state;
  fails(parse_n(NULL, 0), LG_E_ARGUMENT);
  assert_string_equal(error.reason, "no text");
  fails(lg_json_parse(NULL, "1", 1, &error), LG_E_ARGUMENT);
  assert_string_equal(error.reason, "no lagoon");
  assert_int_equal(error.line, 0);
  fails(lg_json_text(NULL, lg_int(1), 0), LG_E_ARGUMENT);
  fails(lg_json_text(f.lagoon, lg_int(1), 32), LG_E_ARGUMENT);
  fails(lg_json_text(f.lagoon, lg_failed(LG_E_UTF8), 0), LG_E_UTF8);
}

/* ---- depth ----------------------------------------------------------------------------------- */

/* `count` times `open`, then as often `close`. */
static char *nested(size_t count, const char *open, const char *middle, const char *close) {
  char *text = malloc(count * (strlen(open) + strlen(close)) + strlen(middle) + 1);
  if (!text) abort();
  char *end = text;
  for (size_t i = 0; i < count; i++)
    end += sprintf(end, "%s", open);
  end += sprintf(end, "%s", middle);
  for (size_t i = 0; i < count; i++)
    end += sprintf(end, "%s", close);
  return text;
}

static void is_read_if_not_too_deep(char *text, size_t depth) {
  lg_value value = parse(text);
  if (depth <= LG_MAX_DEPTH) {
    is(value, text);
  } else {
    fails(value, LG_E_DEPTH);
    assert_true(strlen(error.reason) > 5);
  }
  free(text);
}

static void values_can_be_nested_to_the_limit(void **state) {
  (void)state;
  size_t depths[] = {1, LG_MAX_DEPTH - 1, LG_MAX_DEPTH, LG_MAX_DEPTH + 1, 2047, 2049, 100000};
  for (size_t i = 0; i < COUNT(depths); i++) {
    size_t depth = depths[i];
    is_read_if_not_too_deep(nested(depth, "[", "", "]"), depth);
    is_read_if_not_too_deep(nested(depth, "[", "{}", "]"), depth + 1);
    is_read_if_not_too_deep(nested(depth, "{\"a\":", "1", "}"), depth);
    is_read_if_not_too_deep(nested(depth / 2, "[{\"a\":", "[]", "}]"), depth / 2 * 2 + 1);
  }
}

static void open_brackets_without_end_are_refused(void **state) {
  (void)state;
  char *text = nested(1000000, "[", "", "");
  fails(parse(text), LG_E_DEPTH);
  assert_int_equal(error.line, 1);
  assert_in_range(error.column, 2000, 2100);
  free(text);
  text = nested(1000, "[", "", "");
  fails(parse(text), LG_E_SYNTAX);
  free(text);
}

/* ---- writing --------------------------------------------------------------------------------- */

static void every_type_is_written(void **state) {
  (void)state;
  is(lg_null(), "null");
  is(lg_bool(true), "true");
  is(lg_bool(false), "false");
  is(lg_int(INT64_MIN), "-9223372036854775808");
  is(lg_int(INT64_MAX), "9223372036854775807");
  is(lg_string(f.lagoon, ""), "\"\"");
  is(lg_list(f.lagoon), "[]");
  is(lg_object(f.lagoon), "{}");
}

static void what_json_has_not_is_refused(void **state) {
  (void)state;
  lg_value not_json[] = {lg_undefined(),
                         lg_bytes(f.lagoon, "ab", 2),
                         lg_bytes(f.lagoon, "bytes that are on the heap", 26),
                         lg_pointer(f.lagoon, &error, NULL),
                         lg_double(strtod("nan", NULL)),
                         lg_double(strtod("inf", NULL)),
                         lg_double(strtod("-inf", NULL))};
  for (size_t i = 0; i < COUNT(not_json); i++) {
    fails(lg_json_text(f.lagoon, not_json[i], 0), LG_E_TYPE);
    if (lg_is_undefined(not_json[i])) continue;
    lg_value list = lg_list_push(parse("[1, \"a\", {}]"), not_json[i]);
    fails(lg_json_text(f.lagoon, list, 2), LG_E_TYPE);
    lg_value object = lg_object_set(parse("{\"a\": 1}"), "b", list);
    fails(lg_json_text(f.lagoon, object, 2), LG_E_TYPE);
    lg_release(object);
  }
}

static void strings_are_escaped(void **state) {
  (void)state;
  is(lg_string_n(f.lagoon, "\"\\/\b\f\n\r\t\0\x1f\x7f", 11),
     "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001F\x7f\"");
  is(lg_string(f.lagoon, "\xc3\xa9\xe2\x80\xa8\xf0\x9f\x98\x80"),
     "\"\xc3\xa9\xe2\x80\xa8\xf0\x9f\x98\x80\"");
  is(lg_object_set_n(lg_object(f.lagoon), "a\0\"", 3, lg_int(1)), "{\"a\\u0000\\\"\":1}");
}

static void text_is_indented_as_in_javascript(void **state) {
  (void)state;
  lg_value value = parse("{\"a\":[1,[],{}],\"b\":{\"c\":\"d\"}}");
  lg_value text = lg_json_text(f.lagoon, value, 2);
  assert_string_equal(lg_text(&text), "{\n"
                                      "  \"a\": [\n"
                                      "    1,\n"
                                      "    [],\n"
                                      "    {}\n"
                                      "  ],\n"
                                      "  \"b\": {\n"
                                      "    \"c\": \"d\"\n"
                                      "  }\n"
                                      "}");
  lg_value wide = lg_json_text(f.lagoon, value, 31);
  assert_true(lg_size(wide) > lg_size(text));
  lg_value again = lg_json_parse(f.lagoon, lg_text(&wide), lg_size(wide), NULL);
  assert_true(lg_equal(again, value));
  lg_release(again);
  lg_release(wide);
  lg_release(text);
  lg_release(value);
}

/* ---- doubles --------------------------------------------------------------------------------- */

static void doubles_are_written_as_in_javascript(void **state) {
  (void)state;
  for (size_t row = 0; row < COUNT(double_table); row++) {
    char text[32];
    strcpy(text, double_table[row]);
    if (!strpbrk(text, ".e")) strcat(text, ".0");
    is(lg_double(strtod(text, NULL)), text);
  }
}

static void a_double_stays_the_double_it_is(void **state) {
  (void)state;
  is(lg_double(0.0), "0.0");
  is(lg_double(-0.0), "-0.0");
  is(lg_double(-1.5), "-1.5");
  is(lg_double(1.0 / (UINT64_C(1) << 44)), "5.6843418860808015e-14");
  uint64_t bits = 1;
  for (int i = 0; i < 4000; i++) {
    bits = bits * 6364136223846793005u + 1442695040888963407u;
    lg_value d = lg_scalar(LG_DOUBLE, i % 4 ? bits : bits >> 12);
    if ((bits >> 52 & 0x7ff) == 0x7ff) continue;
    lg_value text = lg_json_text(f.lagoon, d, 0);
    lg_value again = parse(lg_text(&text));
    assert_int_equal(lg_type_of(again), LG_DOUBLE);
    assert_true(again.as.bits == d.as.bits);
    lg_release(text);
  }
}

static void numbers_do_not_depend_on_the_locale(void **state) {
  (void)state;
  const char *names[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "nl_NL.UTF-8"};
  const char *name = NULL;
  for (size_t i = 0; i < COUNT(names) && !name; i++)
    name = setlocale(LC_NUMERIC, names[i]);
  if (!name) skip();
  is(parse("[1.5, 0.1, 1e-7]"), "[1.5,0.1,1e-7]");
  setlocale(LC_NUMERIC, "C");
}

/* ---- no memory ------------------------------------------------------------------------------- */

static const char sample[] =
    "{\"name\": \"a text that is on the heap\", \"list\": [1, 2.5, null, true, [], [[]], \"b\"],"
    " \"a key that is on the heap\": {\"x\": {\"y\": {\"z\": [{}]}}}, \"\": \"\\u0000\"}";

static void each_allocation_can_fail_in_reading(void **state) {
  (void)state;
  for (size_t n = 0;; n++) {
    failing_after(&f, n);
    lg_value value = parse(sample);
    if (!failing_stop(&f)) {
      assert_true(n > 10);
      lg_release(value);
      return;
    }
    fails(value, LG_E_MEMORY);
    assert_int_equal(error.line, 0);
    assert_string_equal(error.reason, "no memory");
  }
}

static void each_allocation_can_fail_in_writing(void **state) {
  (void)state;
  lg_value value = parse(sample);
  for (size_t n = 0;; n++) {
    failing_after(&f, n);
    lg_value text = lg_json_text(f.lagoon, value, 4);
    if (!failing_stop(&f)) {
      assert_true(n > 3);
      lg_release(text);
      break;
    }
    fails(text, LG_E_MEMORY);
  }
  lg_release(value);
}

/* Jansson's allocations: how many succeed before all others fail, and how many are not freed. */
static size_t jansson_left;
static size_t jansson_blocks;
static bool jansson_failed;
static int jansson_errno; /* C does not say that malloc sets it */

static void *jansson_malloc(size_t size) {
  if (!jansson_left) {
    jansson_failed = true;
    errno = jansson_errno;
    return NULL;
  }
  jansson_left--;
  jansson_blocks++;
  return malloc(size);
}

static void jansson_free(void *block) {
  if (block) jansson_blocks--;
  free(block);
}

static void jansson_fails_after(size_t count) {
  jansson_left = count;
  jansson_failed = false;
  jansson_errno = ENOMEM;
}

/* Its tokens are short: when Jansson has no memory for a longer one it goes on all the same. */
static const char short_tokens[] =
    "{\"name\": \"short\", \"list\": [1, 2.5, null, true, [], [[]], \"b\"], \"\": \"\\u0000\","
    " \"x\": {\"y\": {\"z\": [{}]}}, \"1\": 1, \"2\": 2, \"3\": 3, \"4\": 4, \"5\": 5, \"6\": 6}";

static void each_allocation_of_janssons_can_fail_in_reading(void **state) {
  (void)state;
  json_set_alloc_funcs(jansson_malloc, jansson_free);
  for (size_t n = 0;; n++) {
    jansson_fails_after(n);
    lg_value value = parse(short_tokens);
    assert_int_equal(jansson_blocks, 0);
    if (!jansson_failed) {
      assert_true(n > 20);
      lg_release(value);
      break;
    }
    fails(value, LG_E_MEMORY);
    assert_int_equal(error.line, 0);
  }
  json_set_alloc_funcs(malloc, free);
}

static void a_malloc_that_does_not_set_errno_is_noticed_too(void **state) {
  (void)state;
  json_set_alloc_funcs(jansson_malloc, jansson_free);
  for (size_t n = 0; n < 3; n++) {
    jansson_fails_after(n);
    jansson_errno = 0;
    fails(parse("[[[1]]]"), LG_E_MEMORY);
    assert_string_equal(error.reason, "no memory");
  }
  json_set_alloc_funcs(malloc, free);
}

static void each_allocation_of_janssons_can_fail_in_writing(void **state) {
  (void)state;
  lg_value value = parse(sample);
  json_set_alloc_funcs(jansson_malloc, jansson_free);
  for (size_t n = 0;; n++) {
    jansson_fails_after(n);
    lg_value text = lg_json_text(f.lagoon, value, 0);
    assert_int_equal(jansson_blocks, 0);
    if (!jansson_failed) {
      assert_true(n > 3);
      lg_release(text);
      break;
    }
    fails(text, LG_E_MEMORY);
  }
  json_set_alloc_funcs(malloc, free);
  lg_release(value);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(every_type_is_read),
      TEST(a_text_that_is_right_leaves_no_error),
      TEST(only_size_bytes_are_read),
      TEST(numbers_keep_their_type_and_all_bits),
      TEST(escapes_are_decoded),
      TEST(keys_keep_their_order),
      TEST(mistakes_are_refused_with_their_place),
      TEST(reasons_are_in_english),
      TEST(a_nul_has_no_place_outside_of_a_string),
      TEST(text_that_is_not_utf8_is_refused),
      TEST(arguments_are_checked),
      TEST(values_can_be_nested_to_the_limit),
      TEST(open_brackets_without_end_are_refused),
      TEST(every_type_is_written),
      TEST(what_json_has_not_is_refused),
      TEST(strings_are_escaped),
      TEST(text_is_indented_as_in_javascript),
      TEST(doubles_are_written_as_in_javascript),
      TEST(a_double_stays_the_double_it_is),
      TEST(numbers_do_not_depend_on_the_locale),
      TEST(each_allocation_can_fail_in_reading),
      TEST(each_allocation_can_fail_in_writing),
      TEST(each_allocation_of_janssons_can_fail_in_reading),
      TEST(each_allocation_of_janssons_can_fail_in_writing),
      TEST(a_malloc_that_does_not_set_errno_is_noticed_too),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
