#include "report.h"

#include <math.h>
#include <string.h>
#include <time.h>

#define QUOTE(x) #x
#define TEXT(x) QUOTE(x)

static const char *failure_text(bench_failure failure) {
  switch (failure) {
  case BENCH_OK:
    return "";
  case BENCH_OVERFLOW:
    return "overflows the stack";
  case BENCH_TIMEOUT:
    return "over " TEXT(BENCH_SECONDS) " s";
  case BENCH_CRASH:
    return "crashed";
  case BENCH_WRONG:
    return "wrong result";
  case BENCH_SYSTEM:
    return "could not be started";
  }
  return "";
}

/* How many times as long as the first library. 0 when one of them has no figure. */
static double ratio(const bench_row *row, size_t library) {
  const bench_cell *first = &row->cells[0];
  const bench_cell *cell = &row->cells[library];
  if (first->failure != BENCH_OK || cell->failure != BENCH_OK) return 0;
  return cell->median / first->median;
}

/* Of the shapes that both can do on the usual stack. 0 when there is none. */
static double mean_ratio(const bench_report *report, size_t library, int *shapes) {
  double sum = 0;
  *shapes = 0;
  for (size_t i = 0; i < report->rows_count; i++) {
    const bench_row *row = &report->rows[i];
    double r = ratio(row, library);
    if (r == 0 || row->cells[0].deep || row->cells[library].deep) continue;
    sum += log(r);
    ++*shapes;
  }
  return *shapes == 0 ? 0 : exp(sum / *shapes);
}

/* The table */

static void print_head(const bench_report *report, FILE *file) {
  int least = report->rows[0].rounds, most = least;
  for (size_t i = 1; i < report->rows_count; i++) {
    int rounds = report->rows[i].rounds;
    if (rounds < least) least = rounds;
    if (rounds > most) most = rounds;
  }
  fprintf(file, "ns per update: median of ");
  if (least < most) fprintf(file, "%d to ", least);
  fprintf(file, "%d rounds, +- half of the distance between the quartiles", most);
  if (report->libraries_count > 1) {
    fprintf(file, "; x: times %s", report->libraries[0]->name);
  }
  fprintf(file, "\n%-36s", "shape");
  for (size_t k = 0; k < report->libraries_count; k++) {
    char name[64];
    const bench_library *library = report->libraries[k];
    snprintf(name, sizeof name, "%s %s", library->name, library->version());
    fprintf(file, "%26s", name);
  }
  fprintf(file, "\n");
}

static void print_cell(const bench_row *row, size_t library, FILE *file) {
  const bench_cell *cell = &row->cells[library];
  const char *star = cell->deep ? "*" : "";
  char text[64];
  if (cell->failure != BENCH_OK) {
    snprintf(text, sizeof text, "%s%s", failure_text(cell->failure), star);
  } else {
    int digits = cell->median < 100 ? 1 : 0;
    int length = snprintf(text, sizeof text, "%.*f%s +-%.0f%%", digits, cell->median, star,
                          100 * cell->spread);
    double r = ratio(row, library);
    if (library > 0 && r != 0) {
      snprintf(text + length, sizeof text - (size_t)length, " %7.*fx", r < 100 ? 2 : 0, r);
    }
  }
  fprintf(file, "%26s", text);
}

/* Who tells listeners something in between, or twice. */
static void print_calls(const bench_report *report, FILE *file) {
  for (size_t i = 0; i < report->rows_count; i++) {
    const bench_cell *first = &report->rows[i].cells[0];
    for (size_t k = 1; k < report->libraries_count; k++) {
      const bench_cell *cell = &report->rows[i].cells[k];
      if (ratio(&report->rows[i], k) == 0 || cell->calls == first->calls) continue;
      fprintf(file, "%s: an update calls listeners %.0f times in %s, %.0f times in %s\n",
              report->rows[i].shape->name, cell->calls, report->libraries[k]->name, first->calls,
              report->libraries[0]->name);
    }
  }
}

void bench_print(const bench_report *report, FILE *file) {
  bool deep = false;
  print_head(report, file);
  for (size_t i = 0; i < report->rows_count; i++) {
    fprintf(file, "%-36s", report->rows[i].shape->name);
    for (size_t k = 0; k < report->libraries_count; k++) {
      print_cell(&report->rows[i], k, file);
      deep |= report->rows[i].cells[k].deep;
    }
    fprintf(file, "\n");
  }
  if (deep) {
    fprintf(file,
            "* overflows the usual stack of 8 MiB; this is with 1 GiB, and not in the mean\n");
  }
  print_calls(report, file);
  for (size_t k = 1; k < report->libraries_count; k++) {
    int shapes;
    double mean = mean_ratio(report, k, &shapes);
    if (mean == 0) continue;
    fprintf(file, "geometric mean of %d shapes: %s takes %.2f times as long as %s\n", shapes,
            report->libraries[k]->name, mean, report->libraries[0]->name);
  }
}

/* JSON */

static void cpu_model(char *text, size_t size) {
  FILE *file = fopen("/proc/cpuinfo", "r");
  char line[256];
  snprintf(text, size, "unknown");
  while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    char *colon = strchr(line, ':');
    if (strncmp(line, "model name", 10) != 0 || colon == NULL) continue;
    line[strcspn(line, "\n\"\\")] = 0;
    snprintf(text, size, "%s", colon + 2);
    break;
  }
  if (file != NULL) fclose(file);
}

typedef enum field { MEDIANS, SPREADS, CALLS, RATIOS, FAILURES, LARGE_STACKS, FIELDS } field;

static const char *const FIELD_NAMES[FIELDS] = {"medians", "spreads",  "calls",
                                                "ratios",  "failures", "largeStacks"};

/* The field of one library as JSON, or false where there is none. */
static bool field_text(const bench_row *row, size_t library, field f, char *text, size_t size) {
  const bench_cell *cell = &row->cells[library];
  double number = 0;
  switch (f) {
  case MEDIANS:
    number = cell->median;
    break;
  case SPREADS:
    number = cell->spread;
    break;
  case CALLS:
    number = cell->calls;
    break;
  case RATIOS:
    number = ratio(row, library);
    break;
  case LARGE_STACKS:
    snprintf(text, size, "true");
    return cell->deep;
  default:
    snprintf(text, size, "\"%s\"", failure_text(cell->failure));
    return cell->failure != BENCH_OK;
  }
  snprintf(text, size, "%.10g", number);
  return cell->failure == BENCH_OK && (f != RATIOS || (library > 0 && number != 0));
}

static void write_row(const bench_report *report, const bench_row *row, FILE *file) {
  fprintf(file, "    {\n      \"shape\": \"%s\",\n      \"rounds\": %d", row->shape->name,
          row->rounds);
  for (field f = MEDIANS; f < FIELDS; f++) {
    int members = 0;
    for (size_t k = 0; k < report->libraries_count; k++) {
      char text[64];
      if (!field_text(row, k, f, text, sizeof text)) continue;
      if (members++ == 0) fprintf(file, ",\n      \"%s\": {", FIELD_NAMES[f]);
      fprintf(file, "%s \"%s\": %s", members > 1 ? "," : "", report->libraries[k]->name, text);
    }
    if (members > 0) fprintf(file, " }");
  }
  fprintf(file, "\n    }");
}

bool bench_write_json(const bench_report *report, const char *path) {
  char date[16], cpu[200];
  time_t now = time(NULL);
  strftime(date, sizeof date, "%Y-%m-%d", gmtime(&now));
  cpu_model(cpu, sizeof cpu);
  FILE *file = fopen(path, "w");
  if (file == NULL) return false;
  fprintf(file, "{\n  \"date\": \"%s\",\n  \"cpu\": \"%s\",\n  \"compiler\": \"%s\",\n", date, cpu,
          BENCH_COMPILER);
  fprintf(file, "  \"libraries\": {");
  for (size_t k = 0; k < report->libraries_count; k++) {
    fprintf(file, "%s \"%s\": \"%s\"", k > 0 ? "," : "", report->libraries[k]->name,
            report->libraries[k]->version());
  }
  fprintf(file, " },\n  \"means\": {");
  const char *comma = "";
  for (size_t k = 1; k < report->libraries_count; k++) {
    int shapes;
    double mean = mean_ratio(report, k, &shapes);
    if (mean == 0) continue;
    fprintf(file, "%s \"%s\": %.10g", comma, report->libraries[k]->name, mean);
    comma = ",";
  }
  fprintf(file, " },\n  \"rows\": [\n");
  for (size_t i = 0; i < report->rows_count; i++) {
    if (i > 0) fprintf(file, ",\n");
    write_row(report, &report->rows[i], file);
  }
  fprintf(file, "\n  ]\n}\n");
  bool written = ferror(file) == 0;
  return fclose(file) == 0 && written;
}
