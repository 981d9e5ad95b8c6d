/*
** Feeds texts to the JSON reader. The first byte of an input says how the value is written again
** and how many allocations succeed in a second reading and writing; the rest is the text. What is
** read must be the same after it was written and read once more, also to the byte; what is refused
** must have a place within the text; an allocation that fails must change nothing and leave
** nothing. */
#include <string.h>

#include "../c/failing.h"

static failing f;

static void must(bool holds) {
  if (!holds) __builtin_trap();
}

static lg_value parse(const char *text, size_t size) {
  return lg_json_parse(f.lagoon, text, size, NULL);
}

static int count_lines(const char *text, size_t size) {
  int lines = 1;
  for (size_t i = 0; i < size; i++)
    lines += text[i] == '\n';
  return lines;
}

static void check_refusal(const char *text, size_t size) {
  lg_json_error error;
  lg_status status = lg_status_of(lg_json_parse(f.lagoon, text, size, &error));
  must(status == LG_E_SYNTAX || status == LG_E_UTF8 || status == LG_E_DEPTH);
  must(error.reason[0] && memchr(error.reason, '\0', sizeof error.reason));
  if (status == LG_E_DEPTH && !error.line) return;
  must(error.line >= 1 && error.line <= count_lines(text, size));
  must(error.column >= 1 && (size_t)error.column <= size + 1);
}

static void check_round_trip(lg_value value, unsigned indent) {
  lg_value text = lg_json_text(f.lagoon, value, indent);
  must(lg_type_of(text) == LG_STRING);
  lg_value again = parse(lg_text(&text), lg_size(text));
  must(lg_equal(again, value) && lg_compare(again, value) == 0);
  must(lg_hash(again) == lg_hash(value));
  lg_value text_again = lg_json_text(f.lagoon, again, indent);
  must(lg_equal(text, text_again));
  lg_release(text_again);
  lg_release(again);
  lg_release(text);
}

static void check_failing(lg_value value, const char *text, size_t size, size_t allocations) {
  failing_after(&f, allocations);
  lg_value again = parse(text, size);
  bool has_failed = failing_stop(&f);
  must(has_failed ? lg_status_of(again) == LG_E_MEMORY : lg_equal(again, value));
  failing_after(&f, allocations);
  lg_value written = lg_json_text(f.lagoon, value, 0);
  has_failed = failing_stop(&f);
  must(lg_status_of(written) == (has_failed ? LG_E_MEMORY : LG_OK));
  lg_release(written);
  lg_release(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (!size) return 0;
  const char *text = (const char *)data + 1;
  failing_begin(&f);
  lg_value value = parse(text, --size);
  if (memchr(text, '\0', size)) must(lg_is_failed(value));
  if (lg_is_failed(value)) {
    check_refusal(text, size);
  } else {
    check_round_trip(value, data[0] % 8u);
    check_failing(value, text, size, data[0]);
  }
  lg_release(value);
  failing_end(&f);
  return 0;
}
