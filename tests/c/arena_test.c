/*
** What everything else stands on: memories (what is counted, when the memory itself goes), arenas
** (that they lose nothing), and SipHash.
*/
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "failing.h"
#include "siphash.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- memories -------------------------------------------------------------------------------- */

static void a_memory_counts_its_bytes(void **state) {
  (void)state;
  failing f;
  failing_begin(&f);
  size_t own = f.memory->bytes;
  assert_int_equal(own, sizeof(lg_memory));
  void *block = lg_resize(f.memory, NULL, 0, 100);
  block = lg_resize(f.memory, block, 100, 40);
  assert_int_equal(f.memory->bytes, own + 40);
  assert_int_equal(f.memory->peak, own + 100);
  failing_after(&f, 0);
  assert_null(lg_resize(f.memory, block, 40, 50));
  assert_null(lg_resize(f.memory, NULL, 0, 50));
  assert_true(failing_stop(&f));
  assert_int_equal(f.memory->bytes, own + 40);
  lg_resize(f.memory, block, 40, 0);
  assert_int_equal(f.memory->bytes, own);
  assert_int_equal(f.memory->peak, own + 100);
  failing_end(&f);
}

static void a_closed_memory_goes_with_its_last_block(void **state) {
  (void)state;
  failing f;
  failing_begin(&f);
  void *a = lg_resize(f.memory, NULL, 0, 8);
  void *b = lg_resize(f.memory, NULL, 0, 8);
  lg_memory_close(f.memory);
  assert_int_equal(f.blocks, 3);
  lg_resize(f.memory, a, 8, 0);
  assert_int_equal(f.blocks, 2);
  lg_resize(f.memory, b, 8, 0);
  assert_int_equal(f.blocks, 0);
}

static void without_an_allocator_there_is_malloc(void **state) {
  (void)state;
  lg_memory *m = lg_memory_open((lg_allocator){0}, 3);
  assert_int_equal(m->seed, 3);
  char *block = lg_resize(m, NULL, 0, 10);
  memcpy(block, "some text", 10);
  block = lg_resize(m, block, 10, 100000);
  assert_string_equal(block, "some text");
  lg_resize(m, block, 100000, 0);
  lg_memory_close(m);
}

static void a_memory_may_not_open(void **state) {
  (void)state;
  failing f = {0};
  failing_after(&f, 0);
  assert_null(lg_memory_open(failing_allocator(&f), 1));
  assert_null(lg_memory_open(lg_arena(NULL, 0), 1));
  assert_null(lg_memory_of(NULL));
}

/* ---- arenas ---------------------------------------------------------------------------------- */

static max_align_t space[4096];
static lg_allocator arena;

static void *resize(void *block, size_t old_size, size_t size) {
  return arena.resize(arena.ctx, block, old_size, size);
}

/* The largest block that can be had now. */
static size_t largest(void) {
  size_t size = sizeof space;
  void *block;
  while (!(block = resize(NULL, 0, size)))
    size--;
  resize(block, size, 0);
  return size;
}

static bool is_aligned(const void *block) { return (uintptr_t)block % _Alignof(max_align_t) == 0; }

static bool is_inside(const void *block, size_t size) {
  const char *begin = (const char *)space;
  return (const char *)block >= begin && (const char *)block + size <= begin + sizeof space;
}

static void an_arena_can_be_too_small(void **state) {
  (void)state;
  for (size_t size = 0; size < 400; size++) {
    memset(space, 0xee, sizeof space);
    arena = lg_arena(space, size);
    char *block = resize(NULL, 0, 1);
    if (block) {
      *block = 1;
      assert_true(size >= 64 && (size_t)(block - (char *)space) < size);
      assert_null(resize(block, 1, size));
      resize(block, 1, 0);
    }
    assert_int_equal(((unsigned char *)space)[size], 0xee);
  }
  arena = lg_arena(NULL, 1000);
  assert_null(resize(NULL, 0, 1));
}

static void an_arena_refuses_what_does_not_fit(void **state) {
  (void)state;
  static const size_t sizes[] = {sizeof space, SIZE_MAX, SIZE_MAX - 15, SIZE_MAX / 2};
  arena = lg_arena(space, sizeof space);
  for (size_t i = 0; i < COUNT(sizes); i++) {
    assert_null(resize(NULL, 0, sizes[i]));
  }
  assert_null(resize(NULL, 0, 0));
}

static void an_arena_wastes_little(void **state) {
  (void)state;
  arena = lg_arena(space, sizeof space);
  assert_true(largest() >= sizeof space / 2);
  size_t used = 0;
  while (resize(NULL, 0, 528))
    used += 528;
  while (resize(NULL, 0, 16))
    used += 16;
  assert_true(used > sizeof space * 95 / 100);
}

static void a_block_of_an_arena_keeps_its_content(void **state) {
  (void)state;
  arena = lg_arena(space, sizeof space);
  char *block = resize(NULL, 0, 5);
  memcpy(block, "text", 5);
  char *other = resize(NULL, 0, 5);
  char *same = resize(block, 5, 7);
  assert_ptr_equal(same, block);
  block = resize(block, 7, 3000);
  assert_ptr_not_equal(same, block);
  assert_string_equal(block, "text");
  assert_null(resize(block, 3000, sizeof space));
  assert_string_equal(block, "text");
  same = resize(block, 3000, 5);
  assert_ptr_equal(same, block);
  assert_string_equal(block, "text");
  resize(other, 5, 0);
}

typedef struct piece {
  unsigned char *block;
  size_t size;
} piece;

static bool is_filled(const piece *p, size_t size, unsigned char with) {
  size_t i = 0;
  while (i < size && p->block[i] == with)
    i++;
  return i == size;
}

/* Gets, resizes and frees 200 pieces at random; each is filled with its number. */
static void play(piece *pieces, size_t count) {
  for (int step = 0; step < 3000; step++) {
    size_t i = (size_t)rand() % count;
    piece *p = &pieces[i];
    size_t wanted = rand() % 4 == 0 ? 0 : (size_t)(rand() % (rand() % 8 ? 100 : 5000));
    unsigned char *moved = resize(p->block, p->size, wanted);
    if (!moved && wanted) continue;
    size_t kept = wanted < p->size ? wanted : p->size;
    *p = (piece){moved, wanted};
    if (!moved) continue;
    assert_true(is_aligned(moved) && is_inside(moved, wanted));
    assert_true(is_filled(p, kept, (unsigned char)i));
    memset(moved, (unsigned char)i, wanted);
  }
}

static void an_arena_loses_nothing(void **state) {
  (void)state;
  for (size_t round = 0; round < 40; round++) {
    piece pieces[200] = {0};
    srand((unsigned)round + 1);
    arena = lg_arena(space, sizeof space - round * 1000);
    size_t all = largest();
    play(pieces, COUNT(pieces));
    for (size_t i = 0; i < COUNT(pieces); i++) {
      assert_true(is_filled(&pieces[i], pieces[i].size, (unsigned char)i));
      resize(pieces[i].block, pieces[i].size, 0);
    }
    assert_int_equal(largest(), all);
  }
}

static void values_live_in_an_arena(void **state) {
  (void)state;
  lg_memory *m = lg_memory_open(lg_arena(space, sizeof space), 1);
  lg_lagoon *lagoon = (lg_lagoon *)&m;
  lg_value list = lg_list(lagoon);
  while (!lg_is_failed(list)) {
    list = lg_list_push(list, lg_string(lagoon, "a text that is on the heap"));
  }
  assert_int_equal(lg_status_of(list), LG_E_MEMORY);
  assert_int_equal(m->bytes, sizeof *m);
  lg_memory_close(m);
}

/* ---- SipHash --------------------------------------------------------------------------------- */

/* Python 3.11 and later hash strings in this way; with PYTHONHASHSEED=0 the key is 0. */
static void siphash_is_as_pythons(void **state) {
  (void)state;
  static const struct {
    const char *text;
    uint64_t hash;
  } known[] = {
      {"a", 0x407448d2b89b1813u},
      {"abcdefg", 0x6db12aae9070f506u},
      {"abcdefgh", 0x3f7b849c0b8e35eau},
      {"abcdefghi", 0xf89b34a3d11eb6e5u},
      {"The quick brown fox jumps over the lazy dog", 0x8df676d3d00c451eu},
  };
  for (size_t i = 0; i < COUNT(known); i++) {
    assert_true(lg_siphash(known[i].text, strlen(known[i].text), 0, 0) == known[i].hash);
  }
}

/* The first of the vectors in the standard library of Rust: the key is 00 01 .. 0f. */
static void siphash_is_as_rusts(void **state) {
  (void)state;
  uint64_t k0 = 0x0706050403020100u;
  uint64_t k1 = 0x0f0e0d0c0b0a0908u;
  assert_true(lg_siphash("", 0, k0, k1) == 0xabac0158050fc4dcu);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_memory_counts_its_bytes),
      cmocka_unit_test(a_closed_memory_goes_with_its_last_block),
      cmocka_unit_test(without_an_allocator_there_is_malloc),
      cmocka_unit_test(a_memory_may_not_open),
      cmocka_unit_test(an_arena_can_be_too_small),
      cmocka_unit_test(an_arena_refuses_what_does_not_fit),
      cmocka_unit_test(an_arena_wastes_little),
      cmocka_unit_test(a_block_of_an_arena_keeps_its_content),
      cmocka_unit_test(an_arena_loses_nothing),
      cmocka_unit_test(values_live_in_an_arena),
      cmocka_unit_test(siphash_is_as_pythons),
      cmocka_unit_test(siphash_is_as_rusts),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
