/*
** Lists and objects built with small limits, so that the rare becomes common: hashes have one bit
** and collide, numbers of keys run out and are given anew, containers are full, nesting is deep. */
#define LG_HASH_BITS 1
#define LG_MAX_POSITION 300u
#define LG_MAX_DEPTH 5

#include "../../src/container.c"
#include "../../src/list.c"
#include "../../src/object.c"

#include "object_test.c"
#include "twins_test.c"

static void a_list_can_be_full(void **state) {
  (void)state;
  lg_value list = lg_list(f.lagoon);
  for (size_t i = 0; i < LG_MAX_POSITION; i++)
    list = lg_list_push(list, lg_int(1));
  assert_int_equal(lg_size(list), LG_MAX_POSITION);
  fails(lg_list_push(lg_keep(list), heap_string()), LG_E_MEMORY);
  fails(lg_list_insert(lg_keep(list), 0, heap_string()), LG_E_MEMORY);
  lg_release(list);
}

static void an_object_can_be_full(void **state) {
  (void)state;
  lg_value object = keys(0, LG_MAX_POSITION / 2);
  fails(lg_object_set(lg_keep(object), "one more", heap_string()), LG_E_MEMORY);
  object = lg_object_set(object, key(1), lg_int(1));
  has_keys(object, 0, LG_MAX_POSITION / 2);
  lg_release(object);
}

static void numbers_are_given_anew(void **state) {
  (void)state;
  for (size_t n = 0; n < 60; n++) {
    lg_value object = keys(0, 140);
    for (int64_t i = 0; i < 10; i++) {
      object = lg_object_remove(object, key(i));
      object = lg_object_set(object, key(i + 140), lg_int(i + 140));
    }
    object = lg_object_remove(object, key(10));
    failing_after(&f, n);
    object = lg_object_set(object, key(150), lg_int(150));
    if (failing_stop(&f)) {
      fails(object, LG_E_MEMORY);
    } else {
      has_keys(object, 11, 151);
    }
    lg_release(object);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {OBJECT_TESTS, TEST(a_list_can_be_full),
                                     TEST(an_object_can_be_full), TEST(numbers_are_given_anew),
                                     TWINS_TESTS};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
