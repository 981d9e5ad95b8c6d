/*
** Random programs on values, compared with naive.h; see twins.h. LG_SEED in the environment is
** where to begin, LG_STEPS how many steps to take; under a slow tool they end after a minute.
*/
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

#include "twins.h"

#ifndef LG_MAX_POSITION
#define LG_MAX_POSITION SIZE_MAX
#endif

static void the_library_does_as_its_twin(void **state) {
  (void)state;
  uint64_t steps = setting("LG_STEPS", 300000);
  time_t end = time(NULL) + 60;
  failing memory;
  twins t;
  failing_begin(&memory);
  twins_begin(&t, &memory, decisions_random(setting("LG_SEED", 1)));
  t.max_position = LG_MAX_POSITION;
  t.max_depth = LG_MAX_DEPTH;
  while (t.steps < steps && (t.steps % 64 || time(NULL) < end))
    twins_step(&t);
  twins_check(&t);
  printf("%llu steps, %llu without memory; the largest had %zu elements\n",
         (unsigned long long)t.steps, (unsigned long long)t.failures, t.largest);
  twins_end(&t);
  failing_end(&memory);
}

#define TWINS_TESTS cmocka_unit_test(the_library_does_as_its_twin)

#ifndef LG_HASH_BITS

int main(void) {
  const struct CMUnitTest tests[] = {TWINS_TESTS};
  return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
