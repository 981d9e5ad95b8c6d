/*
** Lets the input decide what is done with lists, objects and strings, and compares with naive
** values: see tests/c/twins.h. Old versions are kept, and some steps run out of memory. An input is
** a row of decisions, a byte or two for each; behind its end all of them are 0.
*/
#include "../c/twins.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  failing f;
  twins t;
  failing_begin(&f);
  twins_begin(&t, &f, decisions_bytes(data, size));
  while (t.source.size && t.steps < 400)
    twins_step(&t);
  twins_check(&t);
  twins_end(&t);
  failing_end(&f);
  return 0;
}
