/*
** Paths, taken apart part by part, without memory and in one pass over the text. What is read and
** written at a path is in lagoon.h (lg_path_get, lg_path_set).
**
**     path                      parts
**     "user.tags[0]"            user, tags, 0
**     "grid[1][0]", "grid.1.0"  grid, 1, 0
**     "[0]"                     "", 0: a list at the top is reached by "0"
**     "", "a..b"                "" and a, "", b
**     "a[", "a]b", "[x]", "a[-1]"  one key each, as it is written
**     "a[1.5]"                  "a[1" and "5]"
**     "a[0]b[1]c"               a, 0, 1: what stands behind a bracket is passed over
**
** So every text is a path, with at least one part, and has the parts that js/path.js finds. There
** is one difference: a line break is a character like others. And what the parts do differs where
** the values differ: a string has no parts, no value inherits anything, "01" is a key and not an
** index, a list has no keys, null is missing, and a number or text does not give way to an object.
*/
#ifndef LAGOON_PATH_H
#define LAGOON_PATH_H

#include "../include/lagoon.h"

#define LG_NO_INDEX SIZE_MAX

/* A place in a path: the part that lg_path_next went to, and what follows. */
typedef struct lg_path {
  const char *key;  /* the text of the part, `size` bytes, not ended by NUL */
  size_t size;      /* 0 if the part is the empty key */
  size_t index;     /* the number it stands for, at most SIZE_MAX - 1; LG_NO_INDEX if for none */
  const char *rest; /* what was not read yet */
  bool has_key;     /* `rest` is behind a key: indexes may follow, before the next dot */
} lg_path;

/* Before the first part of `text`, which must live as long as the place is used. */
lg_path lg_path_begin(const char *text);

/* Goes on to the next part; false behind the last one, which then stays the current part. */
bool lg_path_next(lg_path *path);

#endif
