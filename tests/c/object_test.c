/*
** Objects, one property at a time; twins_test.c has the random programs. small_test.c includes this
** file to run it once more with hashes that collide.
*/
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "failing.h"
#include "sound.h"

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

/* ---- short words for the tests --------------------------------------------------------------- */

static void fails(lg_value value, lg_status status) {
  assert_int_equal(lg_type_of(value), LG_FAILED);
  assert_int_equal(lg_status_of(value), status);
}

static lg_value heap_string(void) { return lg_string(f.lagoon, "a text that is on the heap"); }

/* One key in three is too long for a value. Good until the next call. */
static const char *key(int64_t i) {
  static char text[64];
  snprintf(text, sizeof text, i % 3 ? "%lld" : "key with the number %lld", (long long)i);
  return text;
}

/* The keys of the numbers from `first` to below `end`, with these numbers. */
static lg_value keys(int64_t first, int64_t end) {
  lg_value object = lg_object(f.lagoon);
  for (int64_t i = first; i < end; i++)
    object = lg_object_set(object, key(i), lg_int(i));
  return object;
}

static int64_t at(lg_value object, const char *name) {
  return lg_as_int(lg_object_get(object, name));
}

/* The object has the keys from `first` to below `end`, in that order. */
static void has_keys(lg_value object, int64_t first, int64_t end) {
  assert_null(sound(object));
  assert_int_equal(lg_size(object), end - first);
  int64_t expected = first;
  for (lg_iterator i = lg_iterate(object); lg_next(&i); expected++) {
    assert_string_equal(lg_text(&i.key), key(expected));
    assert_int_equal(lg_as_int(i.value), expected);
    assert_int_equal(at(object, key(expected)), expected);
    assert_int_equal(i.index, expected - first);
  }
  assert_int_equal(expected, end);
  assert_true(lg_is_undefined(lg_object_get(object, key(first - 1))));
  assert_true(lg_is_undefined(lg_object_get(object, key(end))));
}

/* ---- keys ------------------------------------------------------------------------------------ */

static void an_empty_object_has_nothing(void **state) {
  (void)state;
  lg_value object = lg_object(f.lagoon);
  assert_int_equal(lg_type_of(object), LG_OBJECT);
  assert_int_equal(lg_size(object), 0);
  assert_true(lg_is_undefined(lg_object_get(object, "a")));
  lg_iterator i = lg_iterate(object);
  assert_false(lg_next(&i));
  lg_release(object);
  fails(lg_object(NULL), LG_E_ARGUMENT);
}

static void an_object_holds_what_was_set(void **state) {
  (void)state;
  static const int64_t sizes[] = {1, 2, 7, 8, 9, 15, 16, 17, 100, 140};
  for (size_t i = 0; i < COUNT(sizes); i++) {
    lg_value object = keys(0, sizes[i]);
    has_keys(object, 0, sizes[i]);
    lg_release(object);
  }
}

static void a_key_keeps_its_place(void **state) {
  (void)state;
  for (int64_t size = 3; size < 30; size++) {
    lg_value object = keys(0, size);
    object = lg_object_set(object, key(1), lg_int(-1));
    object = lg_object_set(object, key(1), lg_int(1));
    has_keys(object, 0, size);
    object = lg_object_remove(object, key(0));
    has_keys(object, 1, size);
    object = lg_object_set(object, key(size), lg_int(size));
    has_keys(object, 1, size + 1);
    lg_release(object);
  }
}

static void a_key_can_be_any_text(void **state) {
  (void)state;
  static const char odd[] = "a\0b";
  lg_value object = lg_object(f.lagoon);
  object = lg_object_set(object, "", lg_int(1));
  object = lg_object_set_n(object, odd, 3, lg_int(2));
  object = lg_object_set(object, "a", lg_int(3));
  object = lg_object_set_n(object, "abc", 2, lg_int(4));
  assert_int_equal(lg_size(object), 4);
  assert_int_equal(at(object, ""), 1);
  assert_int_equal(lg_as_int(lg_object_get_n(object, odd, 3)), 2);
  assert_int_equal(lg_as_int(lg_object_get_n(object, odd, 1)), 3);
  assert_int_equal(at(object, "ab"), 4);
  object = lg_object_remove_n(object, odd, 3);
  assert_true(lg_is_undefined(lg_object_get_n(object, odd, 3)));
  assert_int_equal(lg_size(object), 3);
  lg_release(object);
}

static void undefined_removes(void **state) {
  (void)state;
  lg_value object = keys(0, 3);
  object = lg_object_set(object, key(0), lg_undefined());
  has_keys(object, 1, 3);
  object = lg_object_set(object, "nothing", lg_undefined());
  has_keys(object, 1, 3);
  lg_release(object);
}

static void a_key_that_is_not_there_changes_nothing(void **state) {
  (void)state;
  lg_value object = keys(0, 20);
  lg_value again = lg_object_remove(lg_keep(object), "nothing");
  assert_true(lg_same(object, again));
  again = lg_object_remove(again, "\xff");
  assert_true(lg_same(object, again));
  lg_release(object);
  lg_release(again);
}

static void all_keys_can_go(void **state) {
  (void)state;
  for (int64_t size = 1; size < 140; size += 1 + size / 9) {
    lg_value object = keys(0, size);
    for (int64_t i = 0; i < size; i++) {
      object = lg_object_remove(object, key(i));
      has_keys(object, i + 1, size);
    }
    object = lg_object_set(object, key(5), lg_int(5));
    has_keys(object, 5, 6);
    lg_release(object);
  }
}

static void keys_can_come_and_go_for_ever(void **state) {
  (void)state;
  for (int64_t size = 1; size <= 64; size *= 2) {
    lg_value object = keys(0, size);
    for (int64_t i = 0; i < 500; i++) {
      object = lg_object_remove(object, key(i));
      object = lg_object_set(object, key(i + size), lg_int(i + size));
    }
    has_keys(object, 500, 500 + size);
    lg_release(object);
  }
}

/* ---- owners ---------------------------------------------------------------------------------- */

static void an_old_version_stays_as_it_was(void **state) {
  (void)state;
  for (int64_t size = 2; size <= 140; size += 6) {
    lg_value old = keys(0, size);
    lg_value object = lg_keep(old);
    for (int64_t i = 0; i < size; i += 3)
      object = lg_object_set(object, key(i), lg_int(-1));
    object = lg_object_remove(object, key(1));
    object = lg_object_set(object, "new", lg_int(1));
    assert_null(sound(object));
    has_keys(old, 0, size);
    lg_release(old);
    assert_int_equal(at(object, key(0)), -1);
    assert_int_equal(lg_size(object), size);
    lg_release(object);
  }
}

static void the_last_owner_changes_in_place(void **state) {
  (void)state;
  lg_value object = keys(0, 100);
  void *block = object.as.block;
  failing_after(&f, 0);
  for (int64_t i = 0; i < 100; i++)
    object = lg_object_set(object, key(i), lg_int(i));
  object = lg_object_remove(object, key(0));
  assert_false(failing_stop(&f));
  assert_ptr_equal(object.as.block, block);
  has_keys(object, 1, 100);
  lg_release(object);
}

static void an_object_can_be_in_itself(void **state) {
  (void)state;
  lg_value object = keys(0, 12);
  object = lg_object_set(object, "self", lg_keep(object));
  object = lg_object_set(object, key(0), lg_keep(object));
  assert_null(sound(object));
  assert_int_equal(lg_size(lg_object_get(object, "self")), 12);
  lg_release(object);
}

/* ---- mistakes -------------------------------------------------------------------------------- */

static void a_missing_key_is_refused(void **state) {
  (void)state;
  fails(lg_object_set(keys(0, 3), NULL, heap_string()), LG_E_ARGUMENT);
  fails(lg_object_set_n(keys(0, 3), NULL, 0, heap_string()), LG_E_ARGUMENT);
  fails(lg_object_set(keys(0, 3), NULL, lg_undefined()), LG_E_ARGUMENT);
  fails(lg_object_remove(keys(0, 3), NULL), LG_E_ARGUMENT);
  lg_value object = keys(0, 3);
  assert_true(lg_is_undefined(lg_object_get(object, NULL)));
  lg_release(object);
}

static void a_key_that_is_not_utf8_is_refused(void **state) {
  (void)state;
  fails(lg_object_set(keys(0, 3), "\xff", heap_string()), LG_E_UTF8);
  fails(lg_object_set(keys(0, 12), "\xff", heap_string()), LG_E_UTF8);
}

static void a_wrong_type_is_refused(void **state) {
  (void)state;
  fails(lg_object_set(lg_list(f.lagoon), "a", heap_string()), LG_E_TYPE);
  fails(lg_object_set(heap_string(), "a", lg_undefined()), LG_E_TYPE);
  fails(lg_object_remove(heap_string(), "a"), LG_E_TYPE);
  assert_true(lg_is_undefined(lg_object_get(lg_int(1), "a")));
}

static void failures_are_passed_on(void **state) {
  (void)state;
  fails(lg_object_set(lg_failed(LG_E_CYCLE), "a", heap_string()), LG_E_CYCLE);
  fails(lg_object_set(keys(0, 3), "a", lg_failed(LG_E_BUSY)), LG_E_BUSY);
  fails(lg_object_remove(lg_failed(LG_E_CYCLE), "a"), LG_E_CYCLE);
}

/* ---- the walk -------------------------------------------------------------------------------- */

static void a_walk_begins_and_ends_with_undefined(void **state) {
  (void)state;
  lg_value object = keys(1, 3);
  lg_iterator i = lg_iterate(object);
  assert_true(lg_is_undefined(i.key) && lg_is_undefined(i.value));
  assert_true(lg_next(&i) && lg_next(&i));
  assert_string_equal(lg_text(&i.key), key(2));
  assert_int_equal(lg_as_int(i.value), 2);
  assert_false(lg_next(&i));
  assert_true(lg_is_undefined(i.key) && lg_is_undefined(i.value));
  assert_false(lg_next(&i));
  lg_release(object);
}

/* ---- no memory ------------------------------------------------------------------------------- */

typedef lg_value (*change_fn)(lg_value object);
static lg_value set_old(lg_value o) { return lg_object_set(o, key(2), heap_string()); }
static lg_value set_new(lg_value o) { return lg_object_set(o, "a key on the heap", heap_string()); }
static lg_value remove_old(lg_value o) { return lg_object_remove(o, key(2)); }

/* The n-th allocation fails, for all n; the old version must not notice. */
static void each_allocation_can_fail(void **state) {
  (void)state;
  static const change_fn changes[] = {set_old, set_new, remove_old};
  for (int64_t size = 3; size < 140; size += 1 + size / 5) {
    lg_value object = keys(0, size);
    size_t blocks = f.blocks;
    for (size_t i = 0; i < COUNT(changes); i++) {
      bool has_failed = true;
      for (size_t n = 0; has_failed; n++) {
        failing_after(&f, n);
        lg_value changed = changes[i](lg_keep(object));
        has_failed = failing_stop(&f);
        assert_int_equal(lg_status_of(changed), has_failed ? LG_E_MEMORY : LG_OK);
        assert_null(sound(changed));
        lg_release(changed);
        assert_int_equal(f.blocks, blocks);
        has_keys(object, 0, size);
      }
    }
    lg_release(object);
  }
}

static void renumbering_can_fail(void **state) {
  (void)state;
  for (size_t n = 0; n < 30; n++) {
    lg_value object = keys(0, 8);
    for (int64_t i = 0; i < 8; i++) {
      object = lg_object_remove(object, key(i));
      object = lg_object_set(object, key(i + 8), lg_int(i + 8));
    }
    object = lg_object_remove(object, key(8));
    failing_after(&f, n);
    object = lg_object_set(object, key(16), lg_int(16));
    if (failing_stop(&f)) {
      fails(object, LG_E_MEMORY);
    } else {
      assert_true(n > 3);
      has_keys(object, 9, 17);
    }
    lg_release(object);
  }
}

static void growing_can_fail_everywhere(void **state) {
  (void)state;
  for (size_t n = 0; n < 120; n++) {
    lg_value object = lg_object(f.lagoon);
    failing_after(&f, n);
    for (int64_t i = 0; !lg_is_failed(object); i++)
      object = lg_object_set(object, key(i), lg_int(i));
    failing_stop(&f);
    fails(object, LG_E_MEMORY);
    assert_int_equal(f.blocks, 1);
  }
  failing_after(&f, 0);
  fails(lg_object(f.lagoon), LG_E_MEMORY);
  failing_stop(&f);
}

#define OBJECT_TESTS                                                                               \
  TEST(an_empty_object_has_nothing), TEST(an_object_holds_what_was_set),                           \
      TEST(a_key_keeps_its_place), TEST(a_key_can_be_any_text), TEST(undefined_removes),           \
      TEST(a_key_that_is_not_there_changes_nothing), TEST(all_keys_can_go),                        \
      TEST(keys_can_come_and_go_for_ever), TEST(an_old_version_stays_as_it_was),                   \
      TEST(the_last_owner_changes_in_place), TEST(an_object_can_be_in_itself),                     \
      TEST(a_missing_key_is_refused), TEST(a_key_that_is_not_utf8_is_refused),                     \
      TEST(a_wrong_type_is_refused), TEST(failures_are_passed_on),                                 \
      TEST(a_walk_begins_and_ends_with_undefined), TEST(each_allocation_can_fail),                 \
      TEST(renumbering_can_fail), TEST(growing_can_fail_everywhere)

#ifndef LG_HASH_BITS

static void an_object_can_have_many_keys(void **state) {
  (void)state;
  lg_value object = keys(0, 20000);
  has_keys(object, 0, 20000);
  lg_value half = lg_keep(object);
  for (int64_t i = 0; i < 10000; i++)
    half = lg_object_remove(half, key(i));
  has_keys(half, 10000, 20000);
  has_keys(object, 0, 20000);
  lg_release(object);
  lg_release(half);
}

static void versions_share_their_memory(void **state) {
  (void)state;
  lg_value object = keys(0, 20000);
  size_t before = f.bytes;
  lg_value changed = lg_object_set(lg_keep(object), key(9000), lg_int(-1));
  changed = lg_object_set(changed, "new", lg_int(-1));
  changed = lg_object_remove(changed, key(3));
  assert_true(f.bytes - before < 8000);
  lg_release(object);
  lg_release(changed);
}

int main(void) {
  const struct CMUnitTest tests[] = {OBJECT_TESTS, TEST(an_object_can_have_many_keys),
                                     TEST(versions_share_their_memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
