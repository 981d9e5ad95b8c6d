/*
** The scenarios of spec/, which the JavaScript package plays as well: each step must leave the
** trace that stands beside it. A test is a file: those that are given as arguments, otherwise all
** of spec/. spec/README.md describes the format. */
#ifdef LG_NO_JSON

int main(void) { return 0; } /* nothing to read them with */

#else

#include <glob.h>

#include "host.h"
#include "spec_value.h"
#include "spec_world.h"

#define MANY_FILES 100

typedef struct spec_file {
  const char *name;
  char title[160];
  json_t *root;
  json_t *scenarios;
} spec_file;

static spec_file files[MANY_FILES];
static struct CMUnitTest tests[MANY_FILES];
static size_t file_count;

static struct {
  const char *file;
  const char *scenario;
  size_t step; /* counts from 1; 0: the stores are made */
} place;

/* ---- one scenario ---------------------------------------------------------------------------- */

/* Why C can't play a scenario; NULL: it can. */
static const char *why_not(json_t *scenario) {
  return json_string_value(json_object_get(json_object_get(scenario, "not"), "c"));
}

/* The operation of a step: it stands first in a list, or by its name in an object. */
static json_t *operation_of(json_t *step) {
  return json_is_array(step) ? json_array_get(step, 0) : json_object_get(step, "do");
}

/* The trace that a step must leave. */
static void expect(spec_text *lines, json_t *step) {
  json_t *list = json_is_array(step) ? step : json_object_get(step, "lagoon");
  for (size_t i = json_is_array(step); i < json_array_size(list); i++)
    spec_add(lines, "%s\n", json_string_value(json_array_get(list, i)));
}

static void print_lines(const char *title, const char *lines) {
  print_error("  %s\n", title);
  for (const char *end; *lines; lines = end + 1) {
    end = strchr(lines, '\n');
    print_error("    %.*s\n", (int)(end - lines), lines);
  }
}

static void print_place(void) {
  print_error("%s: \"%s\", step %zu", place.file, place.scenario, place.step);
}

static void report(json_t *operation, const char *expected, const char *got) {
  char *text = json_dumps(operation, JSON_ENCODE_ANY | JSON_COMPACT);
  print_place();
  print_error(", %s\n", text);
  print_lines("must leave", expected);
  print_lines("but leaves", got);
  free(text);
}

/* Performs an operation, which must leave this trace. */
static bool plays(json_t *operation, const spec_text *expected) {
  const char *got = spec_perform(operation);
  bool is_right = !strcmp(got, spec_chars(expected));
  if (!is_right) report(operation, spec_chars(expected), got);
  host_check();
  return is_right;
}

static bool plays_step(json_t *step) {
  spec_text expected = {.chars = NULL};
  expect(&expected, step);
  bool is_right = plays(operation_of(step), &expected);
  spec_clear(&expected);
  return is_right;
}

static bool plays_all(json_t *scenario) {
  const spec_text none = {.chars = NULL};
  json_t *stores = json_object_get(scenario, "stores");
  json_t *steps = json_object_get(scenario, "steps");
  bool is_right = true;
  for (size_t i = 0; i < json_array_size(stores) && is_right; i++)
    is_right = plays(json_array_get(stores, i), &none);
  for (size_t i = 0; i < json_array_size(steps) && is_right; i++) {
    place.step = i + 1;
    is_right = plays_step(json_array_get(steps, i));
  }
  return is_right;
}

static bool plays_scenario(json_t *scenario) {
  place.scenario = json_string_value(json_object_get(scenario, "name"));
  place.step = 0;
  host_begin(NULL);
  spec_begin(scenario);
  bool is_right = plays_all(scenario);
  spec_end();
  host_end(NULL);
  return is_right;
}

/* ---- files ----------------------------------------------------------------------------------- */

static void plays_file(void **state) {
  const spec_file *file = *state;
  size_t failures = 0;
  assert_true(json_array_size(file->scenarios) > 0);
  place.file = file->name;
  for (size_t i = 0; i < json_array_size(file->scenarios); i++) {
    json_t *scenario = json_array_get(file->scenarios, i);
    if (!why_not(scenario)) failures += !plays_scenario(scenario);
  }
  place.file = NULL;
  if (failures) fail_msg("%zu scenarios leave another trace", failures);
}

/* Says where a test was left: an assertion of host.c knows no scenario. */
static int end_file(void **state) {
  (void)state;
  if (place.file) {
    print_place();
    print_error(": stopped here\n");
  }
  place.file = NULL;
  return 0;
}

static void make_title(spec_file *file) {
  size_t count = json_array_size(file->scenarios), left_out = 0;
  for (size_t i = 0; i < count; i++)
    left_out += why_not(json_array_get(file->scenarios, i)) != NULL;
  int size =
      snprintf(file->title, sizeof file->title, "%s: %zu scenarios", file->name, count - left_out);
  if (left_out) {
    snprintf(file->title + size, sizeof file->title - (size_t)size, ", %zu not in C", left_out);
  }
}

/* One that can't be read has no scenarios, and its test fails. */
static void read_file(spec_file *file, const char *path) {
  json_error_t error;
  file->name = path;
  file->root = json_load_file(path, 0, &error);
  if (!file->root) print_error("%s:%d: %s\n", path, error.line, error.text);
  file->scenarios = json_object_get(file->root, "scenarios");
  make_title(file);
}

/* Adds the test of a file. */
static void add_file(const char *path) {
  assert_true(file_count < MANY_FILES);
  spec_file *file = &files[file_count];
  read_file(file, path);
  tests[file_count++] = (struct CMUnitTest){.name = file->title,
                                            .test_func = plays_file,
                                            .teardown_func = end_file,
                                            .initial_state = file};
}

int main(int count, char **paths) {
  glob_t found = {.gl_pathc = 0};
  for (int i = 1; i < count; i++)
    add_file(paths[i]);
  if (count == 1) glob("spec/*.json", 0, NULL, &found);
  for (size_t i = 0; i < found.gl_pathc; i++)
    add_file(found.gl_pathv[i]);
  if (!file_count) print_error("spec/*.json: no such file; run it where the folder spec is\n");
  int failures = file_count ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
  while (file_count)
    json_decref(files[--file_count].root);
  globfree(&found);
  return failures;
}

#endif
