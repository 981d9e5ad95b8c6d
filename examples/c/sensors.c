/*
** A firmware loop: no malloc, no thread, no operating system's clock. Three sensors are written
** into atoms, and are switched on only while somebody listens. Between two readings the loop sleeps
** exactly as long as the lagoon allows.
*/
#include <lagoon.h>

#include <inttypes.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#define SENSOR_COUNT 3
#define ROUND_COUNT 4
#define PERIOD 500 /* milliseconds between two rounds of readings */
#define LIMIT 300  /* tenths of a degree */

/* All the memory there is. Too little of it is no crash: a call returns LG_E_MEMORY. */
static alignas(max_align_t) unsigned char memory[16 * 1024];

/* On a board this counter is a hardware timer, and `sleep_until` stops the processor. */
static uint64_t clock_ms;
static uint64_t read_clock(void *ctx) { return *(uint64_t *)ctx; }
static void sleep_until(uint64_t when) {
  if (when > clock_ms) clock_ms = when;
}

typedef struct sensor {
  const char *name;
  int64_t readings[ROUND_COUNT]; /* what it is going to measure, in tenths of a degree */
  lg_store *store;
} sensor;

static sensor sensors[SENSOR_COUNT] = {
    {"inlet", {210, 220, 330, 250}, NULL},
    {"engine", {250, 290, 390, 300}, NULL},
    {"outlet", {230, 260, 330, 260}, NULL},
};

static void say(const char *who, const char *what) {
  printf("%4" PRIu64 " ms  %s %s\n", clock_ms, who, what);
}

static void switch_on(lg_event *event, void *ctx) {
  (void)event;
  say(((sensor *)ctx)->name, "on");
}

static void switch_off(void *ctx) { say(((sensor *)ctx)->name, "off"); }

/* Batched: computed once for all readings of a round, when the timers run. */
static lg_value average_of(lg_lagoon *lagoon, const lg_value *values, void *ctx) {
  int64_t sum = 0;
  (void)lagoon, (void)ctx;
  for (size_t i = 0; i < SENSOR_COUNT; i++)
    sum += lg_as_int(values[i]);
  return lg_int(sum / SENSOR_COUNT);
}

static lg_value is_above_limit(lg_lagoon *lagoon, void *average) {
  (void)lagoon;
  return lg_bool(lg_as_int(lg_get(average)) > LIMIT);
}

static void print_average(const lg_change *change, void *ctx) {
  int64_t tenths = lg_as_int(change->value);
  (void)ctx;
  printf("%4" PRIu64 " ms  average %" PRId64 ".%" PRId64 "\n", clock_ms, tenths / 10, tenths % 10);
}

/* Called when the answer changes, not at every new average. */
static void sound_alarm(const lg_change *change, void *ctx) {
  (void)ctx;
  say("alarm", lg_as_bool(change->value) ? "on" : "off");
}

static lg_status read_sensors(size_t round) {
  lg_status status = LG_OK;
  for (size_t i = 0; i < SENSOR_COUNT && status == LG_OK; i++)
    status = lg_set(sensors[i].store, lg_int(sensors[i].readings[round]));
  return status;
}

/* Measures for some rounds, then stops listening, and ends when nothing is left to do. A store is
** unmounted a second after its last listener: the alarm's, then the average, then the sensors. */
static lg_status loop(lg_lagoon *lagoon, lg_listener *display, lg_listener *alarm) {
  lg_status status = LG_OK;
  size_t round = 0;
  while (status == LG_OK) {
    bool is_measuring = round < ROUND_COUNT;
    uint64_t reading_due = is_measuring ? round * PERIOD : LG_NEVER;
    uint64_t lagoon_due = lg_next_deadline(lagoon);
    uint64_t due = reading_due < lagoon_due ? reading_due : lagoon_due;
    if (due == LG_NEVER) break;
    sleep_until(due);
    if (due == reading_due) status = read_sensors(round++);
    if (status == LG_OK) status = lg_run_timers(lagoon);
    if (is_measuring && round == ROUND_COUNT) {
      say("display", "closed");
      lg_unlisten(display);
      lg_unlisten(alarm);
    }
  }
  return status;
}

int main(void) {
  lg_options options = {.clock = read_clock, .clock_ctx = &clock_ms, .post_capacity = 1};
  options.allocator = lg_arena(memory, sizeof memory);
  lg_lagoon *lagoon = lg_lagoon_new(&options);
  if (!lagoon) return fputs("no memory\n", stderr), EXIT_FAILURE;

  lg_store *stores[SENSOR_COUNT];
  bool is_ready = true;
  for (size_t i = 0; i < SENSOR_COUNT; i++) {
    stores[i] = sensors[i].store = lg_atom(lagoon, lg_int(0));
    is_ready = is_ready && lg_on_mount(stores[i], switch_on, switch_off, &sensors[i]);
  }
  lg_store *average = lg_batched_from(lagoon, stores, SENSOR_COUNT, average_of, NULL);
  lg_store *is_too_hot = lg_computed(lagoon, is_above_limit, average);
  lg_listener *display = lg_listen(average, print_average, NULL);
  lg_listener *alarm = lg_listen(is_too_hot, sound_alarm, NULL);
  is_ready = is_ready && display && alarm;

  lg_status status = is_ready ? loop(lagoon, display, alarm) : lg_last_status(lagoon);
  if (status != LG_OK) printf("%s: %s\n", lg_strerror(status), lg_last_error(lagoon));
  lg_lagoon_free(lagoon);
  return status == LG_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
