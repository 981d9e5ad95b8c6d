/*
** What went wrong: the last failure of a lagoon, with the store's name.
*/
#include "state.h"

#include <string.h>

#if !defined(NDEBUG) && !defined(LG_NO_LIBC)
_Thread_local char lg_this_thread;
#endif

const char *lg_strerror(lg_status status) {
  static const char *const texts[] = {
      [LG_OK] = "no error",
      [LG_E_ARGUMENT] = "an argument is NULL or out of range",
      [LG_E_TYPE] = "a value has a type that can't be used there",
      [LG_E_READONLY] = "a computed can't be set; set the stores that it depends on",
      [LG_E_FOREIGN] = "the store belongs to another lagoon",
      [LG_E_CYCLE] = "the computed depends on itself; let its function read other stores",
      [LG_E_ENDLESS] = "its listeners write without end; let them stop at some value",
      [LG_E_ABORTED] = "a listener of lg_on_set did not allow the write",
      [LG_E_MEMORY] = "no memory",
      [LG_E_SYNTAX] = "the text can't be read",
      [LG_E_UTF8] = "the text is not UTF-8",
      [LG_E_DEPTH] = "lists and objects are nested too deep",
      [LG_E_NAME] = "another store has this shared name",
      [LG_E_FULL] = "too many posts wait; try again later",
      [LG_E_BUSY] = "this can't be done while an update runs or the lagoon is freed",
      [LG_E_THREAD] = "the lagoon belongs to another thread; use lg_post",
      [LG_E_CALLBACK] = "a function of the host's failed",
      [LG_E_MISSING] = "the library was built without JSON",
  };
  if ((unsigned)status >= sizeof texts / sizeof *texts) return "unknown status";
  return texts[status];
}

/* Appends as much of a text as fits, without cutting a character of UTF-8 in two. */
static size_t append(char *buffer, size_t length, const char *text) {
  size_t size = strlen(text);
  size_t room = LG_MESSAGE_SIZE - 1 - length;
  if (size > room) {
    size = room;
    while (size && ((unsigned char)text[size] & 0xc0u) == 0x80u)
      size--;
  }
  memmove(buffer + length, text, size);
  buffer[length + size] = 0;
  return length + size;
}

lg_status lg_error(lg_lagoon *lagoon, const lg_store *store, lg_status status, const char *text) {
  char message[LG_MESSAGE_SIZE] = "";
  size_t length = 0;
  if (store && *lg_name(store)) {
    length = append(message, length, lg_name(store));
    length = append(message, length, ": ");
  }
  append(message, length, text);
  memcpy(lagoon->last.text, message, sizeof message);
  lagoon->last.status = status;
  return status;
}

lg_status lg_error_of(lg_lagoon *lagoon, const lg_store *store, lg_status status) {
  return lg_error(lagoon, store, status, lg_strerror(status));
}

lg_status lg_lagoon_claim(lg_lagoon *lagoon) {
  if (!lagoon) return LG_E_ARGUMENT;
  lagoon->thread = LG_THIS_THREAD;
  return LG_OK;
}

const char *lg_last_error(const lg_lagoon *lagoon) { return lagoon ? lagoon->last.text : ""; }

lg_status lg_last_status(const lg_lagoon *lagoon) {
  return lagoon ? lagoon->last.status : LG_E_ARGUMENT;
}

void lg_fail(lg_lagoon *lagoon, const char *text) {
  if (lg_check(lagoon)) return;
  lg_error(lagoon, NULL, LG_E_CALLBACK, text ? text : "failed");
  if (lagoon->busy) lg_raise(lagoon, LG_E_CALLBACK);
}

/* Puts aside what was raised further out. Without memory for it, only its status is told later. */
static void keep_outer(lg_lagoon *lagoon) {
  lg_raised *it = &lagoon->innermost;
  lg_raised *outer = lg_resize(lagoon->memory, NULL, 0, sizeof *outer);
  if (!outer) return;
  *outer = *it;
  it->outer = outer;
}

static void go_out(lg_lagoon *lagoon) {
  lg_raised *it = &lagoon->innermost;
  lg_raised *outer = it->outer;
  it->report.status = LG_OK;
  if (!outer) return;
  *it = *outer;
  lg_resize(lagoon->memory, outer, sizeof *outer, 0);
}

void lg_raise(lg_lagoon *lagoon, lg_status status) {
  lg_raised *it = &lagoon->innermost;
  if (it->report.status && it->busy != lagoon->busy) keep_outer(lagoon);
  it->busy = lagoon->busy;
  it->report = lagoon->last;
  it->report.status = status;
  lagoon->raised = status;
}

lg_status lg_take_raised(lg_lagoon *lagoon) {
  const lg_raised *it = &lagoon->innermost;
  lg_status status = lagoon->raised;
  lagoon->raised = LG_OK;
  if (!status) return LG_OK;
  if (it->report.status && it->busy == lagoon->busy) {
    lagoon->last = it->report;
    go_out(lagoon);
  } else {
    lg_error_of(lagoon, NULL, status);
  }
  return status;
}

void lg_throw(lg_lagoon *lagoon, lg_status status) {
  lagoon->thrown = lagoon->last;
  lagoon->thrown.status = status;
}
