/*
** Reads and writes what is at a path in nested values. How a path is read: path.h.
*/
#include "path.h"

/* How far behind its end a list can be written to. */
#define MAX_FILLED 1000000u

/* ---- parts ----------------------------------------------------------------------------------- */

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static size_t count_digits(const char *text) {
  size_t count = 0;
  while (is_digit(text[count]))
    count++;
  return count;
}

/* Where the next index in brackets begins; otherwise the dot or NUL before which there is none. */
static const char *find_index(const char *text) {
  while (*text && *text != '.') {
    if (*text == '[') {
      size_t digits = count_digits(text + 1);
      if (digits && text[1 + digits] == ']') break;
      text += digits;
    }
    text++;
  }
  return text;
}

/* The number that a part stands for. As in JavaScript, "01" stands for none. */
static size_t index_of(const char *key, size_t size) {
  size_t index = 0;
  if (!size || (size > 1 && *key == '0')) return LG_NO_INDEX;
  for (size_t i = 0; i < size; i++) {
    if (!is_digit(key[i])) return LG_NO_INDEX;
    size_t digit = (size_t)(key[i] - '0');
    index = index > (SIZE_MAX - 1 - digit) / 10 ? SIZE_MAX - 1 : index * 10 + digit;
  }
  return index;
}

lg_path lg_path_begin(const char *text) {
  return (lg_path){.key = text, .index = LG_NO_INDEX, .rest = text};
}

bool lg_path_next(lg_path *path) {
  const char *end = find_index(path->rest);
  if (path->has_key && *end == '[') {
    path->key = end + 1;
    path->size = count_digits(path->key);
    path->rest = path->key + path->size + 1;
  } else {
    if (path->has_key) {
      if (!*end) return false;
      path->rest = end + 1;
      end = find_index(path->rest);
    }
    path->key = path->rest;
    path->size = (size_t)(end - path->rest);
    path->rest = end;
    path->has_key = true;
  }
  path->index = index_of(path->key, path->size);
  return true;
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool is_missing(lg_value v) { return v.type == LG_UNDEFINED || v.type == LG_NULL; }

/* What a container has at the current part of a path, borrowed. */
static lg_value look(lg_value container, const lg_path *at) {
  return lg_type_of(container) == LG_LIST ? lg_list_get(container, at->index)
                                          : lg_object_get_n(container, at->key, at->size);
}

lg_value lg_path_get(lg_value value, const char *path) {
  if (!path) return lg_undefined();
  lg_path at = lg_path_begin(path);
  while (!lg_is_undefined(value) && lg_path_next(&at))
    value = look(value, &at);
  return value;
}

/* ---- writing --------------------------------------------------------------------------------- */

static lg_value fail(lg_status status, lg_value container, lg_value part) {
  lg_release(container);
  lg_release(part);
  return lg_failed(status);
}

/* The list with nulls up to `index`, if it is shorter. Takes it over. */
static lg_value fill(lg_value list, size_t index) {
  size_t size = lg_size(list);
  if (size < index && index > MAX_FILLED) return fail(LG_E_ARGUMENT, list, lg_undefined());
  while (size++ < index && !lg_is_failed(list))
    list = lg_list_push(list, lg_null());
  return list;
}

static lg_value put_in_list(lg_value list, size_t index, lg_value part) {
  size_t size = lg_size(list);
  if (index == LG_NO_INDEX) return fail(LG_E_TYPE, list, part);
  if (lg_is_undefined(part)) return index < size ? lg_list_remove(list, index) : list;
  return index < size ? lg_list_set(list, index, part) : lg_list_push(fill(list, index), part);
}

/* The container with what it has at the current part replaced. Takes both values over. */
static lg_value put(lg_value container, const lg_path *at, lg_value part) {
  return lg_type_of(container) == LG_LIST ? put_in_list(container, at->index, part)
                                          : lg_object_set_n(container, at->key, at->size, part);
}

/* A container for the part: a list that ends before it if it is an index. */
static lg_value make(lg_lagoon *lagoon, const lg_path *at) {
  return at->index == LG_NO_INDEX ? lg_object(lagoon) : fill(lg_list(lagoon), at->index);
}

/* The container with what is at the current part and all that follow replaced. Takes both values
** over. For the time of its own change a child is replaced by null, so that it is changed in place
** if it has no other owner; a failed child makes its parents fail, which releases them. */
static lg_value change(lg_lagoon *lagoon, lg_value container, lg_path at, lg_value part,
                       unsigned depth) {
  lg_path next = at;
  if (!lg_path_next(&next)) return put(container, &at, part);
  if (depth == LG_MAX_DEPTH) return fail(LG_E_DEPTH, container, part);
  lg_value child = lg_keep(look(container, &at));
  if (is_missing(child)) child = make(lagoon, &next);
  container = put(container, &at, lg_null());
  if (lg_is_failed(container)) return fail(lg_status_of(container), child, part);
  return put(container, &at, change(lagoon, child, next, part, depth + 1));
}

lg_value lg_path_set(lg_lagoon *lagoon, lg_value value, const char *path, lg_value part) {
  if (lg_is_failed(value)) return fail(lg_status_of(value), value, part);
  if (lg_is_failed(part)) return fail(lg_status_of(part), value, part);
  if (!lagoon || !path) return fail(LG_E_ARGUMENT, value, part);
  if (is_missing(value)) value = lg_object(lagoon);
  lg_path at = lg_path_begin(path);
  lg_path_next(&at);
  return change(lagoon, value, at, part, 1);
}
