/*
** Paths: their parts, what is read and written there. data/paths.h has what js/path.js makes of the
** same paths and values.
*/
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "data/paths.h"
#include "failing.h"
#include "path.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static failing f;

static int set_up(void **state) {
  (void)state;
  failing_begin(&f);
  return 0;
}

/* Nothing may be left but what every lagoon has. */
static int tear_down(void **state) {
  (void)state;
  failing_end(&f);
  return 0;
}

/* ---- short words for the tests --------------------------------------------------------------- */

static lg_value json(const char *text) {
  return text ? lg_json_parse(f.lagoon, text, strlen(text), NULL) : lg_undefined();
}

static lg_value set(lg_value value, const char *path, lg_value part) {
  return lg_path_set(f.lagoon, value, path, part);
}

/* The value is as the JSON text says, also in the order of keys. Releases it. */
static void is(lg_value value, const char *text) {
  lg_value shown = lg_json_text(f.lagoon, value, 0);
  assert_string_equal(lg_text(&shown), text);
  lg_release(shown);
  lg_release(value);
}

static void fails(lg_value value, lg_status status) {
  assert_int_equal(lg_type_of(value), LG_FAILED);
  assert_int_equal(lg_status_of(value), status);
}

/* Sets 1 there. */
static lg_value set_one(const char *before, const char *path) {
  return set(json(before), path, lg_int(1));
}

/* ---- parts ----------------------------------------------------------------------------------- */

static void every_path_has_the_parts_it_has_in_javascript(void **state) {
  (void)state;
  for (size_t row = 0; row < COUNT(path_table); row++) {
    char parts[256] = "";
    lg_path at = lg_path_begin(path_table[row].path);
    for (int i = 0; lg_path_next(&at); i++) {
      if (i) strcat(parts, "|");
      strncat(parts, at.key, at.size);
    }
    assert_string_equal(parts, path_table[row].parts);
  }
}

static size_t index_of_part(const char *path) {
  lg_path at = lg_path_begin(path);
  assert_true(lg_path_next(&at));
  return at.index;
}

static void a_part_knows_the_number_it_stands_for(void **state) {
  (void)state;
  char number[64];
  assert_int_equal(index_of_part("0"), 0);
  assert_int_equal(index_of_part("9.x"), 9);
  assert_int_equal(index_of_part("1234567"), 1234567);
  const char *none[] = {"", "a", "1a", "a1", "-1", "+1", " 1", "1 ", "01", "00", "1e3", "0x1"};
  for (size_t i = 0; i < COUNT(none); i++) {
    assert_int_equal(index_of_part(none[i]), LG_NO_INDEX);
  }
  snprintf(number, sizeof number, "%zu", SIZE_MAX - 1);
  assert_int_equal(index_of_part(number), SIZE_MAX - 1);
  snprintf(number, sizeof number, "%zu", SIZE_MAX);
  assert_int_equal(index_of_part(number), SIZE_MAX - 1);
  assert_int_equal(index_of_part("99999999999999999999999999999999999999"), SIZE_MAX - 1);
}

static void the_last_part_stays_the_current_one(void **state) {
  (void)state;
  lg_path at = lg_path_begin("a[1]rest");
  assert_true(lg_path_next(&at));
  assert_true(lg_path_next(&at));
  for (int i = 0; i < 3; i++) {
    assert_false(lg_path_next(&at));
    assert_int_equal(at.index, 1);
    assert_memory_equal(at.key, "1", at.size);
  }
}

/* Whether what is written to one path can be seen at the other: one begins with the other. */
static bool meet(const char *one, const char *other) {
  lg_path a = lg_path_begin(one);
  lg_path b = lg_path_begin(other);
  while (lg_path_next(&a) && lg_path_next(&b)) {
    if (a.size != b.size || memcmp(a.key, b.key, a.size) != 0) return false;
  }
  return true;
}

static void two_paths_can_be_compared_step_by_step(void **state) {
  (void)state;
  assert_true(meet("a.b[0]", "a"));
  assert_true(meet("a.b[0]", "a.b[0].c"));
  assert_true(meet("a.b[0]", "a.b.0"));
  assert_false(meet("a.b[0]", "a.b[1]"));
  assert_false(meet("a.b[0]", "a.bb"));
  assert_false(meet("a.b[0]", "a."));
}

static void a_line_break_is_a_character_like_others(void **state) {
  (void)state;
  is(set_one("{}", "a\n[0].b\r\n"), "{\"a\\n\":[{\"b\\r\\n\":1}]}");
}

/* ---- reading and writing --------------------------------------------------------------------- */

static void values_are_read_as_in_javascript(void **state) {
  (void)state;
  for (size_t row = 0; row < COUNT(value_table); row++) {
    lg_value value = json(value_table[row].value);
    lg_value got = json(value_table[row].got);
    assert_true(lg_equal(lg_path_get(value, value_table[row].path), got));
    lg_release(got);
    lg_release(value);
  }
}

static void check_change(size_t row, lg_value part, const char *expected) {
  const char *text = value_table[row].value;
  lg_value before = json(text);
  is(set(lg_keep(before), value_table[row].path, part), expected);
  is(lg_keep(before), text);
  is(set(before, value_table[row].path, part), expected);
}

static void values_are_written_as_in_javascript(void **state) {
  (void)state;
  for (size_t row = 0; row < COUNT(value_table); row++) {
    check_change(row, lg_int(9), value_table[row].set);
    check_change(row, lg_undefined(), value_table[row].removed);
  }
}

static void what_has_no_parts_is_undefined_within(void **state) {
  (void)state;
  lg_value value = json("{\"text\":\"abc\",\"number\":1,\"none\":null,\"list\":[1]}");
  const char *paths[] = {"text[0]", "text.length", "number.x", "none.x",           "list.length",
                         "list.01", "list[-1]",    "toString", "none.x[3][4].y.z", "x.y"};
  for (size_t i = 0; i < COUNT(paths); i++) {
    assert_true(lg_is_undefined(lg_path_get(value, paths[i])));
  }
  assert_true(lg_is_undefined(lg_path_get(value, NULL)));
  assert_true(lg_is_undefined(lg_path_get(lg_undefined(), "a")));
  assert_true(lg_is_undefined(lg_path_get(lg_int(1), "")));
  lg_release(value);
}

static void null_is_missing(void **state) {
  (void)state;
  is(set_one("{\"a\":null}", "a.b"), "{\"a\":{\"b\":1}}");
  is(set_one("{\"a\":null}", "a[1]"), "{\"a\":[null,1]}");
  is(set_one("{}", "a[1][1]"), "{\"a\":[null,[null,1]]}");
  is(set_one("{\"a\":[null]}", "a[0].b"), "{\"a\":[{\"b\":1}]}");
  is(set(lg_undefined(), "0", lg_int(1)), "{\"0\":1}");
}

static void a_number_with_a_leading_zero_is_a_key(void **state) {
  (void)state;
  is(set_one("{}", "a[01]"), "{\"a\":{\"01\":1}}");
  fails(set_one("{\"a\":[1,2]}", "a[01]"), LG_E_TYPE);
}

static void a_list_has_no_keys(void **state) {
  (void)state;
  fails(set_one("[1]", "a"), LG_E_TYPE);
  fails(set_one("[1]", ""), LG_E_TYPE);
  fails(set_one("[1]", "[0]"), LG_E_TYPE);
  fails(set_one("{\"a\":[1]}", "a.b"), LG_E_TYPE);
  fails(set_one("{\"a\":[1]}", "a.b.c.d[1]"), LG_E_TYPE);
  fails(set(json("{\"a\":[1]}"), "a.b", lg_undefined()), LG_E_TYPE);
}

static void what_has_no_parts_does_not_give_way(void **state) {
  (void)state;
  const char *values[] = {"1", "\"text\"", "\"a text that is on the heap\"", "true", "0.5"};
  for (size_t i = 0; i < COUNT(values); i++) {
    fails(set_one(values[i], "a"), LG_E_TYPE);
    fails(set(set(lg_object(f.lagoon), "a", json(values[i])), "a.b", lg_int(1)), LG_E_TYPE);
    fails(set(set(lg_object(f.lagoon), "a", json(values[i])), "a[0]", lg_undefined()), LG_E_TYPE);
    fails(set(set(lg_object(f.lagoon), "a", json(values[i])), "a.b[1].c", lg_int(1)), LG_E_TYPE);
  }
}

static void an_index_far_behind_the_end_is_refused(void **state) {
  (void)state;
  lg_value list = set_one("[]", "1000000");
  assert_int_equal(lg_size(list), 1000001);
  list = set(list, "1000001", lg_int(2));
  assert_int_equal(lg_as_int(lg_path_get(list, "1000001")), 2);
  fails(set(list, "1000003", lg_int(3)), LG_E_ARGUMENT);
  fails(set_one("[]", "1000001"), LG_E_ARGUMENT);
  fails(set_one("{}", "a[1000001]"), LG_E_ARGUMENT);
  fails(set_one("{}", "a[1000001].b"), LG_E_ARGUMENT);
  fails(set_one("[]", "18446744073709551615"), LG_E_ARGUMENT);
  fails(set_one("[]", "99999999999999999999999"), LG_E_ARGUMENT);
  is(set(json("[1]"), "99999999999999999999999", lg_undefined()), "[1]");
  is(set_one("{}", "99999999999999999999999"), "{\"99999999999999999999999\":1}");
}

static void failed_values_and_null_are_passed_on(void **state) {
  (void)state;
  lg_value text = lg_string(f.lagoon, "a text that is on the heap");
  fails(set(lg_failed(LG_E_UTF8), "a", lg_keep(text)), LG_E_UTF8);
  fails(set(json("{}"), "a", lg_failed(LG_E_DEPTH)), LG_E_DEPTH);
  fails(set(json("{\"a\":[]}"), NULL, lg_keep(text)), LG_E_ARGUMENT);
  fails(lg_path_set(NULL, json("{\"a\":[]}"), "a", lg_keep(text)), LG_E_ARGUMENT);
  fails(set(json("{}"), "a.\xff.b", lg_keep(text)), LG_E_UTF8);
  fails(set(json("{}"), "a.\xff", text), LG_E_UTF8);
}

/* "a.a.a" with so many parts. */
static char *long_path(size_t parts, const char *part) {
  char *path = malloc(parts * (strlen(part) + 1) + 1);
  char *end = path;
  for (size_t i = 0; i < parts; i++) {
    end += sprintf(end, "%s%s", i ? "." : "", part);
  }
  return path;
}

static void a_path_can_be_as_long_as_values_are_deep(void **state) {
  (void)state;
  const char *parts[] = {"a", "0", ""};
  for (size_t i = 0; i < COUNT(parts); i++) {
    char *path = long_path(LG_MAX_DEPTH, parts[i]);
    lg_value value = set_one("{}", path);
    assert_int_equal(lg_as_int(lg_path_get(value, path)), 1);
    value = set(value, path, lg_int(2));
    assert_int_equal(lg_as_int(lg_path_get(value, path)), 2);
    fails(set(lg_keep(value), path, lg_object(f.lagoon)), LG_E_DEPTH);
    free(path);
    path = long_path(LG_MAX_DEPTH + 1, parts[i]);
    assert_true(lg_is_undefined(lg_path_get(value, path)));
    fails(set_one("{}", path), LG_E_DEPTH);
    fails(set(value, path, lg_undefined()), LG_E_DEPTH);
    free(path);
  }
}

static void a_hostile_path_takes_no_more_than_one_pass(void **state) {
  (void)state;
  size_t size = 1 << 20;
  const char *pieces[] = {"[", "[1", "[1]", "].", "a[0]b", "9", "[[0]]."};
  for (size_t i = 0; i < COUNT(pieces); i++) {
    char *path = calloc(1, size + 8);
    for (size_t end = 0; end < size; end += strlen(pieces[i])) {
      memcpy(path + end, pieces[i], strlen(pieces[i]));
    }
    size_t parts = 0;
    for (lg_path at = lg_path_begin(path); lg_path_next(&at);)
      parts++;
    assert_true(parts >= 1);
    lg_value value = set_one("{}", path);
    assert_true(lg_is_failed(value) == (parts > LG_MAX_DEPTH));
    lg_release(value);
    free(path);
  }
}

/* ---- owners and memory ----------------------------------------------------------------------- */

static const char shared_text[] =
    "{\"a\":{\"b\":[1,{\"c\":\"a text that is on the heap\"}],\"d\":[]},\"e\":{\"f\":null}}";

static const char *const changes[] = {"a.b[1].c", "a.b[0]",   "a.b[4].x[1]",
                                      "a.new",    "x.y[0].z", "e.f.g"};

static void a_value_that_is_kept_elsewhere_stays_as_it_is(void **state) {
  (void)state;
  lg_value value = json(shared_text);
  lg_value d = lg_keep(lg_path_get(value, "a.d"));
  for (size_t i = 0; i < COUNT(changes); i++) {
    lg_value changed = set(lg_keep(value), changes[i], lg_int(7));
    assert_int_equal(lg_as_int(lg_path_get(changed, changes[i])), 7);
    assert_true(lg_same(lg_path_get(changed, "a.d"), d));
    changed = set(changed, changes[i], lg_undefined());
    assert_true(lg_is_undefined(lg_path_get(changed, changes[i])) || i == 1);
    lg_release(changed);
    is(lg_keep(value), shared_text);
  }
  lg_value inner = lg_keep(lg_path_get(value, "a.b"));
  is(set(value, "a.b[0]", lg_int(7)),
     "{\"a\":{\"b\":[7,{\"c\":\"a text that is on the heap\"}],\"d\":[]},\"e\":{\"f\":null}}");
  is(inner, "[1,{\"c\":\"a text that is on the heap\"}]");
  lg_release(d);
}

static void the_only_owner_changes_without_memory(void **state) {
  (void)state;
  lg_value value = json(shared_text);
  const char *paths[] = {"a.b[1].c", "a.b[0]", "a.d", "e.f", "a"};
  failing_after(&f, 0);
  for (size_t i = 0; i < COUNT(paths); i++) {
    value = set(value, paths[i], lg_int(7));
    assert_int_equal(lg_as_int(lg_path_get(value, paths[i])), 7);
  }
  assert_false(failing_stop(&f));
  is(value, "{\"a\":7,\"e\":{\"f\":7}}");
}

static void a_value_can_be_put_into_itself(void **state) {
  (void)state;
  lg_value value = json("{\"a\":{\"b\":[1]}}");
  value = set(value, "a.b[1]", lg_keep(lg_path_get(value, "a")));
  value = set(value, "a.c", lg_keep(value));
  is(value, "{\"a\":{\"b\":[1,{\"b\":[1]}],\"c\":{\"a\":{\"b\":[1,{\"b\":[1]}]}}}}");
}

/* Returns whether the change went well with so many allocations. */
static bool change_with(size_t allocations, lg_value value, const char *path, lg_value part) {
  failing_after(&f, allocations);
  lg_value changed = set(lg_keep(value), path, part);
  bool is_short = failing_stop(&f);
  if (is_short) {
    fails(changed, LG_E_MEMORY);
  } else {
    assert_false(lg_is_failed(changed));
  }
  lg_release(changed);
  is(lg_keep(value), shared_text);
  return !is_short;
}

static void each_allocation_can_fail(void **state) {
  (void)state;
  lg_value value = json(shared_text);
  for (size_t i = 0; i < COUNT(changes); i++) {
    size_t n = 0;
    while (!change_with(n, value, changes[i], json("[{\"x\":[]}]")))
      n++;
    assert_true(n > 1);
    for (n = 0; !change_with(n, value, changes[i], lg_undefined());)
      n++;
  }
  lg_release(value);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      TEST(every_path_has_the_parts_it_has_in_javascript),
      TEST(a_part_knows_the_number_it_stands_for),
      TEST(the_last_part_stays_the_current_one),
      TEST(two_paths_can_be_compared_step_by_step),
      TEST(a_line_break_is_a_character_like_others),
      TEST(values_are_read_as_in_javascript),
      TEST(values_are_written_as_in_javascript),
      TEST(what_has_no_parts_is_undefined_within),
      TEST(null_is_missing),
      TEST(a_number_with_a_leading_zero_is_a_key),
      TEST(a_list_has_no_keys),
      TEST(what_has_no_parts_does_not_give_way),
      TEST(an_index_far_behind_the_end_is_refused),
      TEST(failed_values_and_null_are_passed_on),
      TEST(a_path_can_be_as_long_as_values_are_deep),
      TEST(a_hostile_path_takes_no_more_than_one_pass),
      TEST(a_value_that_is_kept_elsewhere_stays_as_it_is),
      TEST(the_only_owner_changes_without_memory),
      TEST(a_value_can_be_put_into_itself),
      TEST(each_allocation_can_fail),
  };
#undef TEST
#ifdef LG_NO_JSON
  (void)tests;
  puts("not run: the values in these tests are written in JSON");
  return 0;
#else
  return cmocka_run_group_tests(tests, NULL, NULL);
#endif
}
