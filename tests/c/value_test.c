/*
** Values, one property at a time: what is in them, who owns them, how they compare.
*/
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "container.h"
#include "failing.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static failing f;

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

static lg_value string(const char *text) { return lg_string(f.lagoon, text); }

static void fails(lg_value value, lg_status status) {
  assert_int_equal(lg_type_of(value), LG_FAILED);
  assert_int_equal(lg_status_of(value), status);
}

static double infinity(void) { return 1e300 * 1e300; }

/* ---- scalars --------------------------------------------------------------------------------- */

static void a_value_has_16_bytes(void **state) {
  (void)state;
  assert_int_equal(sizeof(lg_value), 16);
  assert_int_equal(lg_type_of(lg_undefined()), LG_UNDEFINED);
  assert_true(lg_is_undefined(lg_undefined()));
  assert_int_equal(lg_type_of(lg_null()), LG_NULL);
  assert_true(lg_is_failed(lg_failed(LG_E_CYCLE)));
  assert_int_equal(lg_status_of(lg_failed(LG_E_CYCLE)), LG_E_CYCLE);
  assert_int_equal(lg_status_of(lg_int(3)), LG_OK);
}

static void numbers_convert(void **state) {
  (void)state;
  assert_int_equal(lg_as_int(lg_int(INT64_MIN)), INT64_MIN);
  assert_int_equal(lg_as_int(lg_double(2.9)), 2);
  assert_int_equal(lg_as_int(lg_double(-2.9)), -2);
  assert_int_equal(lg_as_int(lg_double(0x1p63)), INT64_MAX);
  assert_int_equal(lg_as_int(lg_double(infinity())), INT64_MAX);
  assert_int_equal(lg_as_int(lg_double(-0x1p63)), INT64_MIN);
  assert_int_equal(lg_as_int(lg_double(-0x1p64)), INT64_MIN);
  assert_int_equal(lg_as_int(lg_double(infinity() - infinity())), 0);
  assert_int_equal(lg_as_int(lg_bool(true)), 0);
  assert_true(lg_as_double(lg_double(1.5)) == 1.5);
  assert_true(lg_as_double(lg_int(-3)) == -3);
  assert_true(lg_as_double(lg_null()) == 0);
}

static void only_a_bool_is_true(void **state) {
  (void)state;
  assert_true(lg_as_bool(lg_bool(true)));
  assert_false(lg_as_bool(lg_bool(false)));
  assert_false(lg_as_bool(lg_int(1)));
}

/* ---- strings and bytes ----------------------------------------------------------------------- */

static void short_strings_need_no_memory(void **state) {
  (void)state;
  failing_after(&f, 0);
  lg_value v = string("13 bytes long");
  assert_int_equal(lg_size(v), 13);
  assert_string_equal(lg_text(&v), "13 bytes long");
  lg_value moved = lg_keep(v);
  lg_release(v);
  assert_string_equal(lg_text(&moved), "13 bytes long");
  lg_release(moved);
  lg_value empty = string("");
  assert_int_equal(lg_size(empty), 0);
  assert_string_equal(lg_text(&empty), "");
  fails(string("14 bytes, long"), LG_E_MEMORY);
  assert_true(failing_stop(&f));
}

static void long_strings_are_on_the_heap(void **state) {
  (void)state;
  lg_value v = string("14 bytes, long");
  assert_int_equal(f.blocks, 2);
  assert_int_equal(lg_size(v), 14);
  assert_string_equal(lg_text(&v), "14 bytes, long");
  lg_value again = lg_keep(v);
  assert_ptr_equal(lg_text(&again), lg_text(&v));
  lg_release(v);
  assert_int_equal(f.blocks, 2);
  assert_string_equal(lg_text(&again), "14 bytes, long");
  lg_release(again);
  assert_int_equal(f.blocks, 1);
}

static void a_string_may_contain_nul(void **state) {
  (void)state;
  static const char text[20] = "a\0b";
  for (size_t size = 0; size <= sizeof text; size++) {
    lg_value v = lg_string_n(f.lagoon, text, size);
    assert_int_equal(lg_size(v), size);
    assert_memory_equal(lg_text(&v), text, size);
    assert_int_equal(lg_text(&v)[size], 0);
    lg_release(v);
  }
}

static void bytes_are_as_they_were_given(void **state) {
  (void)state;
  static const unsigned char data[20] = {0xff, 0xc0, 0x80};
  for (size_t size = 0; size <= sizeof data; size++) {
    lg_value v = lg_bytes(f.lagoon, data, size);
    assert_int_equal(lg_type_of(v), LG_BYTES);
    assert_int_equal(lg_size(v), size);
    assert_memory_equal(lg_data(&v), data, size);
    assert_null(lg_text(&v));
    lg_release(v);
  }
}

static void other_types_have_no_text(void **state) {
  (void)state;
  lg_value v = lg_int(3);
  lg_value s = string("a");
  assert_null(lg_text(&v));
  assert_null(lg_data(&v));
  assert_null(lg_text(NULL));
  assert_null(lg_data(NULL));
  assert_null(lg_data(&s));
  assert_int_equal(lg_size(v), 0);
}

static void wrong_texts_are_refused(void **state) {
  (void)state;
  fails(lg_string(f.lagoon, NULL), LG_E_ARGUMENT);
  fails(lg_string_n(f.lagoon, NULL, 1), LG_E_ARGUMENT);
  fails(lg_bytes(f.lagoon, NULL, 1), LG_E_ARGUMENT);
  fails(lg_string(NULL, "a"), LG_E_ARGUMENT);
  fails(lg_string_n(NULL, "a", 1), LG_E_ARGUMENT);
  fails(lg_bytes(NULL, "a", 1), LG_E_ARGUMENT);
  fails(lg_bytes(f.lagoon, "a", SIZE_MAX), LG_E_MEMORY);
  fails(string("\xff"), LG_E_UTF8);
  assert_int_equal(lg_size(lg_string_n(f.lagoon, NULL, 0)), 0);
  assert_int_equal(lg_type_of(lg_bytes(f.lagoon, NULL, 0)), LG_BYTES);
}

/* ---- UTF-8 ----------------------------------------------------------------------------------- */

/* The bytes of a character, as RFC 3629 has them; how many. */
static size_t encode(uint32_t c, char *bytes) {
  if (c < 0x80) {
    bytes[0] = (char)c;
    return 1;
  }
  size_t count = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  for (size_t i = count; --i; c >>= 6)
    bytes[i] = (char)(0x80 | (c & 0x3f));
  bytes[0] = (char)(0xf00 >> count | c);
  return count;
}

static void all_characters_are_utf8(void **state) {
  (void)state;
  char bytes[4];
  for (uint32_t c = 0; c < 0x110000; c++) {
    size_t count = encode(c, bytes);
    bool is_surrogate = c >= 0xd800 && c < 0xe000;
    assert_int_equal(lg_is_utf8(bytes, count), !is_surrogate);
    assert_false(count > 1 && lg_is_utf8(bytes, count - 1));
    assert_false(count > 1 && lg_is_utf8(bytes + 1, count - 1));
  }
}

/* Each sequence of up to 3 bytes is UTF-8 only if a row of characters makes it up. */
static void nothing_else_is_utf8(void **state) {
  (void)state;
  static bool is_good[1 << 24];
  char bytes[4];
  uint32_t good = 0;
  for (uint32_t c = 0x800; c < 0x10000; c++) {
    encode(c, bytes);
    uint32_t i = (uint32_t)(uint8_t)bytes[0] << 16 | (uint32_t)(uint8_t)bytes[1] << 8;
    is_good[i | (uint8_t)bytes[2]] = c < 0xd800 || c >= 0xe000;
  }
  for (uint32_t i = 0; i < 1 << 24; i++) {
    bytes[0] = (char)(i >> 16);
    bytes[1] = (char)(i >> 8);
    bytes[2] = (char)i;
    bool is_head = lg_is_utf8(bytes, 1) && lg_is_utf8(bytes + 1, 2);
    bool is_tail = lg_is_utf8(bytes, 2) && lg_is_utf8(bytes + 2, 1);
    bool expected = is_good[i] || is_head || is_tail;
    good += expected;
    if (lg_is_utf8(bytes, 3) != expected) fail_msg("%06x", i);
  }
  assert_int_equal(good, 128 * 128 * 128 + 2 * 128 * 1920 + 61440);
}

static void characters_of_4_bytes_end_at_10ffff(void **state) {
  (void)state;
  assert_true(lg_is_utf8("\xf4\x8f\xbf\xbf", 4));
  assert_false(lg_is_utf8("\xf4\x90\x80\x80", 4));
  assert_false(lg_is_utf8("\xf5\x80\x80\x80", 4));
  assert_false(lg_is_utf8("\xf0\x8f\xbf\xbf", 4));
  assert_false(lg_is_utf8("\xf0\x90\x80\x40", 4));
  assert_false(lg_is_utf8("\xf0\x90\x80\xc0", 4));
}

static void a_mistake_is_found_wherever_it_is(void **state) {
  (void)state;
  char text[40];
  for (size_t i = 0; i < sizeof text; i++) {
    memset(text, 'a', sizeof text);
    assert_true(lg_is_utf8(text, sizeof text));
    text[i] = (char)0x80;
    assert_false(lg_is_utf8(text, sizeof text));
    assert_true(lg_is_utf8(text, i));
  }
}

/* ---- pointers -------------------------------------------------------------------------------- */

static void count_up(void *pointer) { ++*(int *)pointer; }

static void a_pointer_is_destroyed_once(void **state) {
  (void)state;
  int destroyed = 0;
  lg_value v = lg_pointer(f.lagoon, &destroyed, count_up);
  assert_ptr_equal(lg_as_pointer(v), &destroyed);
  assert_null(lg_as_pointer(lg_int(1)));
  lg_keep(v);
  lg_release(v);
  assert_int_equal(destroyed, 0);
  lg_release(v);
  assert_int_equal(destroyed, 1);
  lg_release(lg_pointer(f.lagoon, &destroyed, NULL));
  assert_int_equal(destroyed, 1);
}

static void a_pointer_without_memory_is_destroyed_at_once(void **state) {
  (void)state;
  int destroyed = 0;
  failing_after(&f, 0);
  fails(lg_pointer(f.lagoon, &destroyed, count_up), LG_E_MEMORY);
  assert_int_equal(destroyed, 1);
  fails(lg_pointer(f.lagoon, &destroyed, NULL), LG_E_MEMORY);
  assert_true(failing_stop(&f));
  fails(lg_pointer(NULL, &destroyed, count_up), LG_E_ARGUMENT);
  assert_int_equal(destroyed, 2);
}

/* ---- owners ---------------------------------------------------------------------------------- */

static void scalars_have_no_owners(void **state) {
  (void)state;
  lg_release(lg_int(1));
  lg_release(lg_keep(lg_undefined()));
  lg_release(lg_failed(LG_E_MEMORY));
  assert_int_equal(f.blocks, 1);
}

static void too_many_owners_are_for_ever(void **state) {
  (void)state;
  lg_value v = string("a text that is on the heap");
  lg_block *block = v.as.block;
  block->owners = UINT32_MAX - 1;
  lg_keep(v);
  lg_keep(v);
  lg_release(v);
  lg_release(v);
  assert_int_equal(block->owners, UINT32_MAX);
  block->owners = 1;
  lg_release(v);
}

static void values_outlive_their_memory(void **state) {
  (void)state;
  failing other;
  failing_begin(&other);
  lg_value inner = lg_list_push(lg_list(other.lagoon), lg_int(1));
  lg_value list = lg_list_push(lg_list(other.lagoon), inner);
  lg_memory_close(other.memory);
  list = lg_list_push(list, lg_int(2));
  list = lg_list_push(list, lg_list_push(lg_keep(lg_list_get(list, 0)), lg_int(3)));
  assert_int_equal(lg_size(list), 3);
  lg_release(list);
  assert_int_equal(other.blocks, 0);
}

static void values_of_several_memories_mix(void **state) {
  (void)state;
  failing other;
  failing_begin(&other);
  lg_value list = lg_list(f.lagoon);
  for (int i = 0; i < 50; i++) {
    list = lg_list_push(lg_list(i % 2 ? f.lagoon : other.lagoon), list);
  }
  lg_memory_close(other.memory);
  lg_release(list);
  assert_int_equal(other.blocks, 0);
}

/* A chain of pointers, each of which owns the next: freeing it must not need more stack. */
static void release_value(void *pointer) { lg_release(lg_value_of(pointer)); }

static void a_chain_of_pointers_is_freed_without_recursion(void **state) {
  (void)state;
  lg_value v = lg_list(f.lagoon);
  for (int i = 0; i < 100000; i++) {
    v = lg_pointer(f.lagoon, v.as.block, release_value);
  }
  lg_release(v);
  assert_int_equal(f.blocks, 1);
}

/* ---- comparing ------------------------------------------------------------------------------- */

/* The first is below the second. */
static void is_below(lg_value a, lg_value b) {
  assert_true(lg_compare(a, b) < 0);
  assert_true(lg_compare(b, a) > 0);
  assert_false(lg_equal(a, b) || lg_equal(b, a));
  assert_false(lg_same(a, b) || lg_same(b, a));
}

static void are_equal(lg_value a, lg_value b) {
  assert_int_equal(lg_compare(a, b), 0);
  assert_int_equal(lg_compare(b, a), 0);
  assert_true(lg_equal(a, b) && lg_equal(b, a));
  assert_true(lg_hash(a) == lg_hash(b));
}

static void are_same(lg_value a, lg_value b) {
  are_equal(a, b);
  assert_true(lg_same(a, b) && lg_same(b, a));
}

static void numbers_have_one_order(void **state) {
  (void)state;
  const lg_value ordered[] = {
      lg_double(-infinity()),
      lg_double(-0x1p64),
      lg_int(INT64_MIN),
      lg_int(INT64_MIN + 1),
      lg_int(-(1LL << 53) - 1),
      lg_double(-0x1p53),
      lg_double(-1.5),
      lg_int(-1),
      lg_double(-0.5),
      lg_double(-0.0),
      lg_int(0),
      lg_double(4e-320),
      lg_double(0.5),
      lg_int(1),
      lg_double(1.5),
      lg_int(2),
      lg_double(0x1p53),
      lg_int((1LL << 53) + 1),
      lg_double(0x1p53 + 2),
      lg_int(INT64_MAX - 1),
      lg_int(INT64_MAX),
      lg_double(0x1p63),
      lg_double(infinity()),
      lg_double(infinity() - infinity()),
  };
  for (size_t i = 0; i < COUNT(ordered); i++) {
    for (size_t j = 0; j < i; j++)
      is_below(ordered[j], ordered[i]);
    are_same(ordered[i], ordered[i]);
  }
}

static void an_int_is_the_same_as_its_double(void **state) {
  (void)state;
  are_same(lg_int(1), lg_double(1));
  are_same(lg_int(0), lg_double(0));
  are_same(lg_int(-7), lg_double(-7));
  are_same(lg_int(1LL << 53), lg_double(0x1p53));
  are_same(lg_int(INT64_MIN), lg_double(-0x1p63));
  is_below(lg_double(-0.0), lg_int(0));
  is_below(lg_double(-0.0), lg_double(0));
  lg_value nan = lg_double(0);
  nan.as.bits = 0xfff8000000000123u;
  assert_true(lg_same(nan, lg_double(nan.as.number)));
}

static void types_have_an_order(void **state) {
  (void)state;
  int thing;
  const lg_value ordered[] = {
      lg_undefined(),
      lg_null(),
      lg_bool(false),
      lg_bool(true),
      lg_int(5),
      string(""),
      string("a"),
      string("a text that is on the heap"),
      string("a\x7f"),
      string("b"),
      string("\xc3\xa9"),
      lg_bytes(f.lagoon, "", 0),
      lg_bytes(f.lagoon, "a", 1),
      lg_list(f.lagoon),
      lg_list_push(lg_list(f.lagoon), lg_null()),
      lg_object(f.lagoon),
      lg_object_set(lg_object(f.lagoon), "a", lg_null()),
      lg_pointer(f.lagoon, &thing, NULL),
      lg_pointer(f.lagoon, &thing + 1, NULL),
      lg_failed(LG_E_CYCLE),
      lg_failed(LG_E_MEMORY),
  };
  for (size_t i = 0; i < COUNT(ordered); i++) {
    for (size_t j = 0; j < i; j++)
      is_below(ordered[j], ordered[i]);
    are_same(ordered[i], ordered[i]);
  }
  for (size_t i = 0; i < COUNT(ordered); i++)
    lg_release(ordered[i]);
}

static void a_string_is_the_same_as_its_copy(void **state) {
  (void)state;
  lg_value a = string("a text that is on the heap");
  lg_value b = string("a text that is on the heap");
  are_same(a, b);
  assert_false(lg_same(a, lg_bytes(f.lagoon, "a", 1)));
  lg_release(a);
  lg_release(b);
}

static void lists_objects_and_pointers_have_identity(void **state) {
  (void)state;
  int thing;
  const lg_value values[] = {lg_list(f.lagoon),
                             lg_list(f.lagoon),
                             lg_object(f.lagoon),
                             lg_object(f.lagoon),
                             lg_pointer(f.lagoon, &thing, NULL),
                             lg_pointer(f.lagoon, &thing, NULL)};
  for (size_t i = 0; i < COUNT(values); i += 2) {
    are_equal(values[i], values[i + 1]);
    assert_false(lg_same(values[i], values[i + 1]));
  }
  for (size_t i = 0; i < COUNT(values); i++)
    lg_release(values[i]);
}

static lg_value numbers(size_t count, const int *items) {
  lg_value list = lg_list(f.lagoon);
  for (size_t i = 0; i < count; i++)
    list = lg_list_push(list, lg_int(items[i]));
  return list;
}

static void lists_compare_element_by_element(void **state) {
  (void)state;
  const lg_value ordered[] = {numbers(0, NULL),          numbers(1, (int[]){1}),
                              numbers(2, (int[]){1, 1}), numbers(3, (int[]){1, 1, 9}),
                              numbers(2, (int[]){1, 2}), numbers(1, (int[]){2})};
  for (size_t i = 0; i < COUNT(ordered); i++) {
    for (size_t j = 0; j < i; j++)
      is_below(ordered[j], ordered[i]);
  }
  for (size_t i = 0; i < COUNT(ordered); i++)
    lg_release(ordered[i]);
}

/* An object from "key value key value", of single characters. */
static lg_value object(const char *text) {
  lg_value v = lg_object(f.lagoon);
  for (; *text; text += 2)
    v = lg_object_set_n(v, text, 1, lg_int(text[1]));
  return v;
}

static void objects_compare_as_if_sorted_by_key(void **state) {
  (void)state;
  const lg_value ordered[] = {
      object(""),     object("a1"),     object("c1b2a1"), object("b2a1d0"), object("a1b3"),
      object("d0a2"), object("c3a2b2"), object("b1"),     object("c0b1"),   object("d1"),
  };
  static const size_t places[] = {0, 1, 2, 3, 4, 6, 5, 7, 8, 9};
  for (size_t i = 0; i < COUNT(ordered); i++) {
    for (size_t j = 0; j < i; j++)
      is_below(ordered[places[j]], ordered[places[i]]);
  }
  lg_value turned = object("a1b2c1");
  are_equal(ordered[2], turned);
  lg_release(turned);
  for (size_t i = 0; i < COUNT(ordered); i++)
    lg_release(ordered[i]);
}

/* What looks twice at each part looks 2 to the power of the depth times at the innermost. */
static void equal_parts_are_looked_at_once(void **state) {
  (void)state;
  lg_value v = lg_object(f.lagoon);
  lg_value w = lg_object(f.lagoon);
  for (int i = 1; i < LG_MAX_DEPTH; i++) {
    v = lg_object_set(lg_object(f.lagoon), "a", v);
    w = lg_object_set(lg_object(f.lagoon), "a", w);
  }
  are_equal(v, w);
  lg_release(v);
  lg_release(w);
}

static void hashes_differ_where_values_do(void **state) {
  (void)state;
  const lg_value values[] = {
      lg_undefined(),
      lg_null(),
      lg_bool(false),
      lg_bool(true),
      lg_int(0),
      lg_double(-0.0),
      lg_int(1),
      lg_double(1.5),
      string(""),
      string("a"),
      string("b"),
      lg_bytes(f.lagoon, "a", 1),
      object(""),
      object("a1"),
      object("a2"),
      object("b1"),
      object("a1b2"),
      object("a2b1"),
      numbers(0, NULL),
      numbers(1, (int[]){1}),
      numbers(2, (int[]){1, 2}),
      numbers(2, (int[]){2, 1}),
      lg_failed(LG_E_CYCLE),
      lg_pointer(f.lagoon, &f, NULL),
  };
  for (size_t i = 0; i < COUNT(values); i++) {
    for (size_t j = 0; j < i; j++)
      assert_true(lg_hash(values[i]) != lg_hash(values[j]));
  }
  for (size_t i = 0; i < COUNT(values); i++)
    lg_release(values[i]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(a_value_has_16_bytes),
      TEST(numbers_convert),
      TEST(only_a_bool_is_true),
      TEST(short_strings_need_no_memory),
      TEST(long_strings_are_on_the_heap),
      TEST(a_string_may_contain_nul),
      TEST(bytes_are_as_they_were_given),
      TEST(other_types_have_no_text),
      TEST(wrong_texts_are_refused),
      TEST(all_characters_are_utf8),
      TEST(nothing_else_is_utf8),
      TEST(characters_of_4_bytes_end_at_10ffff),
      TEST(a_mistake_is_found_wherever_it_is),
      TEST(a_pointer_is_destroyed_once),
      TEST(a_pointer_without_memory_is_destroyed_at_once),
      TEST(scalars_have_no_owners),
      TEST(too_many_owners_are_for_ever),
      TEST(values_outlive_their_memory),
      TEST(values_of_several_memories_mix),
      TEST(a_chain_of_pointers_is_freed_without_recursion),
      TEST(numbers_have_one_order),
      TEST(an_int_is_the_same_as_its_double),
      TEST(types_have_an_order),
      TEST(a_string_is_the_same_as_its_copy),
      TEST(lists_objects_and_pointers_have_identity),
      TEST(lists_compare_element_by_element),
      TEST(objects_compare_as_if_sorted_by_key),
      TEST(equal_parts_are_looked_at_once),
      TEST(hashes_differ_where_values_do),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
