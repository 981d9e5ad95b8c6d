/*
** Random programs on stores: see store_program.h. LG_SEED says where to begin, LG_PROGRAMS how many.
*/
#include "host.h"
#include "store_program.h"

enum { STEPS = 150 };

static uint64_t program; /* that runs */

static int tell_program(void **state) {
  (void)state;
  print_message("the last program was %llu\n", (unsigned long long)program);
  return 0;
}

static void random_programs_do_what_the_model_says(void **state) {
  (void)state;
  uint64_t first = setting("LG_SEED", 1);
  uint64_t count = setting("LG_PROGRAMS", 1000);
  for (program = first; program < first + count; program++)
    store_program_run(decisions_random(program), STEPS);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(random_programs_do_what_the_model_says, tell_program),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
