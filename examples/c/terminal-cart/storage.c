#include "storage.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define MAX_SIZE 65536 /* in bytes: far more than six products need */
#define MAX_PATH_SIZE 4096

static bool refuse(stores *s, const char *reason) {
  char text[240];
  snprintf(text, sizeof text, "Not loaded, will not be saved: %s", reason);
  lg_set(s->cart_items, lg_object(s->lagoon));
  say(s, text);
  return false;
}

static bool parse(stores *s, const char *text, size_t size) {
  char reason[200];
  lg_json_error error = {0};
  size_t unknown = 0;
  lg_value snapshot = lg_json_parse(s->lagoon, text, size, &error);
  if (lg_is_failed(snapshot)) {
    if (error.line == 0) return refuse(s, lg_strerror(lg_status_of(snapshot)));
    snprintf(reason, sizeof reason, "%d:%d: %s", error.line, error.column, error.reason);
    return refuse(s, reason);
  }
  lg_status status = lg_restore(s->lagoon, snapshot, &unknown);
  if (status == LG_E_TYPE || status == LG_E_ABORTED || unknown > 0)
    return refuse(s, "this is no cart of this shop");
  return status == LG_OK ? true : refuse(s, lg_strerror(status));
}

bool storage_load(stores *s, const char *path) {
  static char text[MAX_SIZE + 1];
  FILE *file = fopen(path, "rb");
  if (!file) return errno == ENOENT ? true : refuse(s, strerror(errno));
  size_t size = fread(text, 1, sizeof text, file);
  bool is_read = !ferror(file);
  int why = errno;
  fclose(file);
  if (!is_read) return refuse(s, strerror(why));
  if (size > MAX_SIZE) return refuse(s, "the file is too large for a cart");
  return parse(s, text, size);
}

/* Writes a new file first, so that the old one is whole until it is replaced. */
static bool replace(const char *path, const char *text, size_t size) {
  char part[MAX_PATH_SIZE];
  int length = snprintf(part, sizeof part, "%s.part", path);
  errno = ENAMETOOLONG;
  FILE *file = length < MAX_PATH_SIZE ? fopen(part, "wb") : NULL;
  if (!file) return false;
  bool is_written = fwrite(text, 1, size, file) == size;
  is_written = fclose(file) == 0 && is_written;
  if (is_written && rename(part, path) == 0) return true;
  int why = errno;
  remove(part);
  errno = why;
  return false;
}

bool storage_save(stores *s, const char *path) {
  lg_value snapshot = lg_snapshot(s->lagoon);
  lg_value text = lg_json_text(s->lagoon, snapshot, 2);
  bool is_saved = false;
  if (lg_is_failed(text)) {
    fprintf(stderr, "%s: not saved: %s\n", path, lg_strerror(lg_status_of(text)));
  } else {
    is_saved = replace(path, lg_text(&text), lg_size(text));
    if (!is_saved) fprintf(stderr, "%s: not saved: %s\n", path, strerror(errno));
  }
  lg_release(text);
  lg_release(snapshot);
  return is_saved;
}
