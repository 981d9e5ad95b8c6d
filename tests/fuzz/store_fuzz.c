/*
** Lets the input decide what is done with stores, and compares with a naive model: see
** tests/c/store_program.h. An input is a row of decisions, a byte for each.
*/
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>

#include "../c/store_program.h"

int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *count, char ***arguments) {
  (void)count;
  (void)arguments;
  return setenv("CMOCKA_TEST_ABORT", "1", 1); /* what does not hold ends the program */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  store_program_run(decisions_bytes(data, size), 400);
  return 0;
}
