/*
** Tasks: a count of what goes on elsewhere, so that a program can wait for it.
*/
#include "state.h"

lg_status lg_task_start(lg_lagoon *lagoon) {
  lg_status status = lg_check_open(lagoon);
  if (!status) lagoon->tasks++;
  return status;
}

/* Puts what waits into the order in which it came. */
static lg_destructor *reverse(lg_destructor *list) {
  lg_destructor *reversed = NULL;
  while (list) {
    lg_destructor *next = list->next;
    list->next = reversed;
    reversed = list;
    list = next;
  }
  return reversed;
}

/* Calls all that waits, also what begins to wait meanwhile, unless that goes on for ever. */
static lg_status release_waiting(lg_lagoon *lagoon) {
  if (lagoon->is_releasing_tasks) return LG_OK;
  lg_status outside = lg_call_begin(lagoon);
  uint32_t rounds = 0;
  lagoon->is_releasing_tasks = true;
  for (; lagoon->waiting && !lagoon->tasks && rounds < LG_MANY; rounds++) {
    lg_destructor *waiting = reverse(lagoon->waiting);
    lagoon->waiting = NULL;
    lg_run_destructors(lagoon, &waiting);
  }
  lagoon->is_releasing_tasks = false;
  if (rounds == LG_MANY) lg_raise(lagoon, lg_error_of(lagoon, NULL, LG_E_ENDLESS));
  lg_status status = lg_call_end(lagoon, outside);
  lg_sweep(lagoon);
  return status;
}

lg_status lg_task_end(lg_lagoon *lagoon) {
  lg_status status = lg_check_open(lagoon);
  if (status) return status;
  if (!lagoon->tasks) return lg_error(lagoon, NULL, LG_E_ARGUMENT, "no task is running");
  return --lagoon->tasks ? LG_OK : release_waiting(lagoon);
}

lg_status lg_when_tasks_done(lg_lagoon *lagoon, void (*fn)(void *ctx), void *ctx) {
  lg_status status = lg_check_open(lagoon);
  if (!status && !fn) status = lg_error_of(lagoon, NULL, LG_E_ARGUMENT);
  if (!status) status = lg_add_destructor(lagoon, &lagoon->waiting, fn, ctx);
  return status || lagoon->tasks ? status : release_waiting(lagoon);
}

size_t lg_tasks_running(const lg_lagoon *lagoon) { return lagoon ? lagoon->tasks : 0; }
