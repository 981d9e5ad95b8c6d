/*
** Lists, one property at a time; twins_test.c has the random programs.
*/
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "array.h"
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

/* The ints from `first` to below `end`. */
static lg_value range(int64_t first, int64_t end) {
  lg_value list = lg_list(f.lagoon);
  for (int64_t i = first; i < end; i++)
    list = lg_list_push(list, lg_int(i));
  return list;
}

static int64_t at(lg_value list, size_t index) { return lg_as_int(lg_list_get(list, index)); }

/* The list has the ints from `first` to below `end`. */
static void is_range(lg_value list, int64_t first, int64_t end) {
  assert_null(sound(list));
  assert_int_equal(lg_size(list), end - first);
  int64_t expected = first;
  for (lg_iterator i = lg_iterate(list); lg_next(&i); expected++) {
    assert_int_equal(lg_as_int(i.value), expected);
    assert_int_equal(at(list, i.index), expected);
  }
  assert_int_equal(expected, end);
}

/* ---- elements -------------------------------------------------------------------------------- */

static void an_empty_list_has_nothing(void **state) {
  (void)state;
  lg_value list = lg_list(f.lagoon);
  assert_int_equal(lg_type_of(list), LG_LIST);
  assert_int_equal(lg_size(list), 0);
  assert_true(lg_is_undefined(lg_list_get(list, 0)));
  lg_iterator i = lg_iterate(list);
  assert_false(lg_next(&i));
  lg_release(list);
  fails(lg_list(NULL), LG_E_ARGUMENT);
}

static void a_list_holds_what_was_pushed(void **state) {
  (void)state;
  static const int64_t sizes[] = {1, 2, 3, 31, 32, 33, 1023, 1024, 1025, 32768, 32769, 40000};
  for (size_t i = 0; i < COUNT(sizes); i++) {
    lg_value list = range(0, sizes[i]);
    is_range(list, 0, sizes[i]);
    lg_release(list);
  }
}

static void get_gives_undefined_where_nothing_is(void **state) {
  (void)state;
  lg_value list = range(0, 40);
  assert_true(lg_is_undefined(lg_list_get(list, 40)));
  assert_true(lg_is_undefined(lg_list_get(list, SIZE_MAX)));
  assert_true(lg_is_undefined(lg_list_get(list, (size_t)UINT32_MAX + 1)));
  assert_true(lg_is_undefined(lg_list_get(lg_int(1), 0)));
  lg_release(list);
}

static void pop_ends_where_push_began(void **state) {
  (void)state;
  lg_value list = range(0, 1100);
  for (size_t size = 1100; size--;) {
    list = lg_list_remove(list, size);
    assert_null(sound(list));
    assert_int_equal(lg_size(list), size);
  }
  assert_int_equal(f.blocks, 2);
  lg_release(list);
}

static void insert_and_remove_move_what_is_behind(void **state) {
  (void)state;
  static const size_t sizes[] = {1, 31, 32, 33, 64, 1030};
  for (size_t i = 0; i < COUNT(sizes); i++) {
    for (size_t index = 0; index <= sizes[i]; index += 1 + sizes[i] / 40) {
      lg_value list = range(0, (int64_t)sizes[i]);
      lg_value longer = lg_list_insert(lg_keep(list), index, lg_int(-1));
      assert_null(sound(longer));
      assert_int_equal(at(longer, index), -1);
      for (size_t k = 0; k < sizes[i]; k++)
        assert_int_equal(at(longer, k + (k >= index)), k);
      longer = lg_list_remove(longer, index);
      is_range(longer, 0, (int64_t)sizes[i]);
      is_range(list, 0, (int64_t)sizes[i]);
      lg_release(longer);
      lg_release(list);
    }
  }
}

/* ---- owners ---------------------------------------------------------------------------------- */

static void an_old_version_stays_as_it_was(void **state) {
  (void)state;
  lg_value old = range(0, 2000);
  lg_value list = lg_keep(old);
  for (size_t i = 0; i < 2000; i += 7)
    list = lg_list_set(list, i, lg_int(-1));
  list = lg_list_push(list, lg_int(-1));
  list = lg_list_insert(list, 500, lg_int(-1));
  list = lg_list_remove(list, 3);
  assert_null(sound(list));
  is_range(old, 0, 2000);
  lg_release(old);
  assert_int_equal(at(list, 0), -1);
  lg_release(list);
}

static void the_last_owner_changes_in_place(void **state) {
  (void)state;
  lg_value list = range(0, 2000);
  void *block = list.as.block;
  failing_after(&f, 0);
  for (size_t i = 0; i < 2000; i++)
    list = lg_list_set(list, i, lg_int((int64_t)i + 5));
  list = lg_list_remove(list, 1999);
  list = lg_list_remove(list, 0);
  list = lg_list_insert(list, 0, lg_int(5));
  assert_false(failing_stop(&f));
  assert_ptr_equal(list.as.block, block);
  is_range(list, 5, 2004);
  lg_release(list);
}

static void versions_share_their_memory(void **state) {
  (void)state;
  lg_value list = range(0, 32000);
  size_t before = f.bytes;
  lg_value changed = lg_list_set(lg_keep(list), 15000, lg_int(-1));
  assert_true(f.bytes - before < 2000);
  lg_release(list);
  lg_release(changed);
}

static void elements_are_released_with_the_list(void **state) {
  (void)state;
  lg_value text = heap_string();
  lg_value list = lg_list(f.lagoon);
  for (int i = 0; i < 100; i++)
    list = lg_list_push(list, lg_keep(text));
  lg_value other = lg_list_set(lg_keep(list), 50, lg_int(1));
  other = lg_list_remove(other, 20);
  lg_release(text);
  lg_release(list);
  lg_value last = lg_list_get(other, 98);
  assert_string_equal(lg_text(&last), "a text that is on the heap");
  lg_release(other);
}

static void a_list_can_be_in_itself(void **state) {
  (void)state;
  lg_value list = range(0, 3);
  list = lg_list_push(list, lg_keep(list));
  list = lg_list_set(list, 0, lg_keep(list));
  assert_null(sound(list));
  assert_int_equal(lg_size(lg_list_get(list, 0)), 4);
  assert_int_equal(lg_size(lg_list_get(list, 3)), 3);
  lg_release(list);
}

/* ---- mistakes -------------------------------------------------------------------------------- */

static void a_wrong_index_is_refused(void **state) {
  (void)state;
  fails(lg_list_set(range(0, 3), 3, heap_string()), LG_E_ARGUMENT);
  fails(lg_list_set(range(0, 3), SIZE_MAX, heap_string()), LG_E_ARGUMENT);
  fails(lg_list_insert(range(0, 3), 4, heap_string()), LG_E_ARGUMENT);
  fails(lg_list_insert(range(0, 3), SIZE_MAX, heap_string()), LG_E_ARGUMENT);
  fails(lg_list_remove(range(0, 3), 3), LG_E_ARGUMENT);
  fails(lg_list_remove(lg_list(f.lagoon), 0), LG_E_ARGUMENT);
}

static void a_wrong_type_is_refused(void **state) {
  (void)state;
  fails(lg_list_push(lg_object(f.lagoon), heap_string()), LG_E_TYPE);
  fails(lg_list_set(heap_string(), 0, heap_string()), LG_E_TYPE);
  fails(lg_list_insert(lg_undefined(), 0, heap_string()), LG_E_TYPE);
  fails(lg_list_remove(heap_string(), 0), LG_E_TYPE);
  fails(lg_list_push(range(0, 3), lg_undefined()), LG_E_TYPE);
  fails(lg_list_set(range(0, 3), 0, lg_undefined()), LG_E_TYPE);
}

static void failures_are_passed_on(void **state) {
  (void)state;
  fails(lg_list_push(lg_failed(LG_E_CYCLE), heap_string()), LG_E_CYCLE);
  fails(lg_list_push(range(0, 3), lg_failed(LG_E_UTF8)), LG_E_UTF8);
  fails(lg_list_set(range(0, 3), 0, lg_failed(LG_E_UTF8)), LG_E_UTF8);
  fails(lg_list_insert(range(0, 3), 0, lg_failed(LG_E_UTF8)), LG_E_UTF8);
  fails(lg_list_remove(lg_failed(LG_E_CYCLE), 0), LG_E_CYCLE);
}

/* ---- depth ----------------------------------------------------------------------------------- */

/* Lists in lists, `depth` of them. */
static lg_value nest(int depth) {
  lg_value list = lg_list(f.lagoon);
  for (int i = 1; i < depth; i++)
    list = lg_list_push(lg_list(f.lagoon), list);
  return list;
}

static void nesting_has_a_limit(void **state) {
  (void)state;
  lg_value deepest = nest(LG_MAX_DEPTH);
  assert_null(sound(deepest));
  fails(lg_list_push(range(0, 3), lg_keep(deepest)), LG_E_DEPTH);
  fails(lg_list_set(range(0, 3), 0, lg_keep(deepest)), LG_E_DEPTH);
  fails(lg_object_set(lg_object(f.lagoon), "a", lg_keep(deepest)), LG_E_DEPTH);
  deepest = lg_list_push(deepest, lg_int(1));
  assert_int_equal(lg_size(deepest), 2);
  lg_release(deepest);
}

static void what_is_not_deep_any_more_is_no_limit(void **state) {
  (void)state;
  lg_value list = lg_list_push(nest(LG_MAX_DEPTH), nest(3));
  fails(lg_list_push(range(0, 3), lg_keep(list)), LG_E_DEPTH);
  list = lg_list_remove(list, 0);
  list = lg_list_push(lg_list(f.lagoon), list);
  for (int i = 5; i < LG_MAX_DEPTH; i++)
    list = lg_list_push(lg_list(f.lagoon), list);
  assert_null(sound(list));
  fails(lg_list_push(range(0, 3), list), LG_E_DEPTH);
}

static void the_deepest_element_counts(void **state) {
  (void)state;
  lg_value was_deep = lg_list_push(nest(200), lg_int(1));
  was_deep = lg_list_remove(was_deep, 0);
  lg_value list = lg_list_push(lg_list_push(lg_list(f.lagoon), nest(5)), was_deep);
  for (int i = 6; i < LG_MAX_DEPTH; i++)
    list = lg_list_push(lg_list(f.lagoon), list);
  assert_null(sound(list));
  fails(lg_list_push(lg_list(f.lagoon), list), LG_E_DEPTH);
}

static void history_can_be_wrapped_for_ever(void **state) {
  (void)state;
  lg_value now = lg_object_set(lg_object(f.lagoon), "previous", lg_null());
  for (int i = 0; i < 100000; i++) {
    lg_value before = lg_object_remove(now, "previous");
    before = lg_object_set(before, "number", lg_int(i));
    now = lg_object_set(lg_object(f.lagoon), "previous", before);
    if (lg_is_failed(now)) fail_msg("%d: %d", i, lg_status_of(now));
  }
  assert_null(sound(now));
  lg_release(now);
}

/* Two lists on each level, both with both lists of the level below. */
static void a_lattice_is_measured_in_time(void **state) {
  (void)state;
  lg_value a = lg_list(f.lagoon);
  lg_value b = lg_list(f.lagoon);
  for (int i = 1; i < LG_MAX_DEPTH; i++) {
    lg_value c = lg_list_push(lg_list_push(lg_list(f.lagoon), lg_keep(a)), lg_keep(b));
    b = lg_list_push(lg_list_push(lg_list(f.lagoon), a), b);
    a = c;
  }
  fails(lg_list_push(lg_list(f.lagoon), a), LG_E_DEPTH);
  lg_release(b);
}

/* ---- the walk -------------------------------------------------------------------------------- */

static void a_walk_begins_and_ends_with_undefined(void **state) {
  (void)state;
  lg_value list = range(7, 9);
  lg_iterator i = lg_iterate(list);
  assert_true(lg_is_undefined(i.value));
  assert_true(lg_next(&i));
  assert_int_equal(i.index, 0);
  assert_true(lg_is_undefined(i.key));
  assert_int_equal(lg_as_int(i.value), 7);
  assert_true(lg_next(&i));
  assert_int_equal(i.index, 1);
  assert_false(lg_next(&i));
  assert_true(lg_is_undefined(i.value));
  assert_false(lg_next(&i));
  assert_false(lg_next(NULL));
  lg_iterator none = lg_iterate(lg_int(3));
  assert_false(lg_next(&none));
  lg_release(list);
}

/* ---- arrays ---------------------------------------------------------------------------------- */

/* What lists and objects don't ask of an array: large gaps, also at its beginning. */
static void an_array_may_have_gaps(void **state) {
  (void)state;
  static const uint32_t positions[] = {70, 5, UINT32_MAX - 1, 1u << 20, 0, 1024, 1u << 31, 1023};
  static const uint32_t ordered[] = {0, 5, 70, 1023, 1024, 1u << 20, 1u << 31, UINT32_MAX - 1};
  lg_trie *root = NULL;
  for (size_t i = 0; i < COUNT(positions); i++) {
    assert_null(lg_array_get(root, positions[i]));
    *lg_array_open(f.memory, &root, positions[i], 1) = lg_int(positions[i]);
    assert_int_equal(lg_as_int(*lg_array_get(root, positions[i])), positions[i]);
    assert_null(lg_array_get(root, positions[i] ^ 2));
  }
  const void *leaf = NULL;
  uint64_t position = 0;
  for (size_t i = 0; i < COUNT(ordered); i++, position++) {
    const lg_value *v = lg_array_next(root, &leaf, &position);
    assert_int_equal(position, ordered[i]);
    assert_int_equal(lg_as_int(*v), ordered[i]);
  }
  assert_null(lg_array_next(root, &leaf, &position));
  for (size_t i = 0; i < COUNT(positions); i++) {
    assert_non_null(lg_array_open(f.memory, &root, positions[i], 1));
    lg_array_close(f.memory, &root, positions[i], 1);
    assert_null(lg_array_get(root, positions[i]));
  }
  assert_null(root);
}

/* ---- no memory ------------------------------------------------------------------------------- */

typedef lg_value (*change_fn)(lg_value list);
static lg_value push(lg_value list) { return lg_list_push(list, heap_string()); }
static lg_value set(lg_value list) { return lg_list_set(list, 700, heap_string()); }
static lg_value insert(lg_value list) { return lg_list_insert(list, 900, heap_string()); }
static lg_value take(lg_value list) { return lg_list_remove(list, 900); }
static lg_value pop(lg_value list) { return lg_list_remove(list, 1023); }

/* The n-th allocation fails, for all n; the old version must not notice. */
static void each_allocation_can_fail(void **state) {
  (void)state;
  static const change_fn changes[] = {push, set, insert, take, pop};
  lg_value list = range(0, 1024);
  for (size_t i = 0; i < COUNT(changes); i++) {
    size_t blocks = f.blocks;
    bool has_failed = true;
    size_t n = 0;
    for (; has_failed; n++) {
      failing_after(&f, n);
      lg_value changed = changes[i](lg_keep(list));
      has_failed = failing_stop(&f);
      assert_int_equal(lg_status_of(changed), has_failed ? LG_E_MEMORY : LG_OK);
      assert_null(sound(changed));
      lg_release(changed);
      assert_int_equal(f.blocks, blocks);
      is_range(list, 0, 1024);
    }
    assert_true(n > 3);
  }
  lg_release(list);
}

static void growing_can_fail_everywhere(void **state) {
  (void)state;
  for (size_t n = 0; n < 120; n++) {
    lg_value list = lg_list(f.lagoon);
    failing_after(&f, n);
    while (!lg_is_failed(list))
      list = lg_list_push(list, lg_int(1));
    assert_true(failing_stop(&f));
    fails(list, LG_E_MEMORY);
    assert_int_equal(f.blocks, 1);
  }
  failing_after(&f, 0);
  fails(lg_list(f.lagoon), LG_E_MEMORY);
  failing_stop(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(an_empty_list_has_nothing),
      TEST(a_list_holds_what_was_pushed),
      TEST(get_gives_undefined_where_nothing_is),
      TEST(pop_ends_where_push_began),
      TEST(insert_and_remove_move_what_is_behind),
      TEST(an_old_version_stays_as_it_was),
      TEST(the_last_owner_changes_in_place),
      TEST(versions_share_their_memory),
      TEST(elements_are_released_with_the_list),
      TEST(a_list_can_be_in_itself),
      TEST(a_wrong_index_is_refused),
      TEST(a_wrong_type_is_refused),
      TEST(failures_are_passed_on),
      TEST(nesting_has_a_limit),
      TEST(what_is_not_deep_any_more_is_no_limit),
      TEST(the_deepest_element_counts),
      TEST(history_can_be_wrapped_for_ever),
      TEST(a_lattice_is_measured_in_time),
      TEST(a_walk_begins_and_ends_with_undefined),
      TEST(an_array_may_have_gaps),
      TEST(each_allocation_can_fail),
      TEST(growing_can_fail_everywhere),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
