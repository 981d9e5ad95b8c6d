#define _DEFAULT_SOURCE
#include "worker.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define GUARD ((size_t)1 << 20) /* below the stack: who touches it has overflowed the stack */
#define OVERFLOWED 3            /* exit code */

typedef struct reply {
  uint64_t ns;
  uint64_t calls;
  int64_t checksum;
} reply;

typedef struct job {
  const bench_library *library;
  const bench_shape *shape;
  int commands;
  int replies;
  uint32_t count; /* for bench_run_here */
  bench_tally tally;
  bench_graph *graph;
  bench_store *atom;
} job;

static char *stack_bottom; /* its guard begins here */

/* Of this thread's own work: what else the machine does counts less than by the wall's clock. */
static uint64_t now(void) {
  struct timespec at;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
  return (uint64_t)at.tv_sec * 1000000000u + (uint64_t)at.tv_nsec;
}

static void build(job *j) {
  j->graph = j->library->begin(&j->tally);
  if (j->graph == NULL) _exit(EXIT_FAILURE);
  j->atom = j->shape->build(j->library, j->graph);
}

static int64_t update(job *j, uint32_t from, uint32_t count) {
  if (j->shape->stores == 0) return j->library->write(j->graph, j->atom, from, count);
  int64_t checksum = 0;
  for (uint32_t i = 0; i < count; i++) {
    j->tally.sum = 0;
    build(j);
    checksum += j->library->write(j->graph, j->atom, from + i, 1);
    j->library->end(j->graph);
  }
  return checksum;
}

static int64_t expected(const bench_shape *shape, uint32_t from, uint32_t count) {
  int64_t sum = 0;
  for (uint32_t i = 0; i < count; i++)
    sum += bench_value(from + i);
  return sum * shape->slope + (int64_t)count * shape->offset;
}

/* The child */

static void on_fault(int number, siginfo_t *info, void *context) {
  (void)number, (void)context;
  char *at = info->si_addr;
  _exit(at >= stack_bottom && at < stack_bottom + GUARD ? OVERFLOWED : EXIT_FAILURE);
}

/* A fault is handled on a stack of its own, of the thread that calls this. */
static void catch_faults(void) {
  static char spare[1 << 16];
  stack_t stack = {.ss_sp = spare, .ss_size = sizeof spare};
  struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigaltstack(&stack, NULL);
  sigemptyset(&action.sa_mask);
  sigaction(SIGSEGV, &action, NULL);
  sigaction(SIGBUS, &action, NULL);
}

static bool send_all(int file, const void *bytes, size_t size) {
  return write(file, bytes, size) == (ssize_t)size; /* less than PIPE_BUF: never in parts */
}

static void *serve(void *data) {
  job *j = data;
  uint32_t next = 1;
  uint32_t count = 0;
  catch_faults();
  alarm(BENCH_SECONDS);
  if (j->shape->stores == 0) build(j);
  do {
    alarm(BENCH_SECONDS);
    uint64_t calls = j->tally.calls;
    uint64_t began = now();
    int64_t checksum = update(j, next, count);
    reply r = {now() - began, j->tally.calls - calls, checksum};
    next += count;
    alarm(0);
    if (!send_all(j->replies, &r, sizeof r)) break;
  } while (read(j->commands, &count, sizeof count) == (ssize_t)sizeof count);
  return NULL;
}

static void *run_here(void *data) {
  job *j = data;
  if (j->shape->stores == 0) build(j);
  if (update(j, 1, j->count) != expected(j->shape, 1, j->count)) return j;
  return NULL;
}

/* Calls `run` in a thread with a stack of so many bytes. False when it returned something or there
** is no such stack. */
static bool on_stack(size_t stack, void *(*run)(void *), job *j) {
  pthread_attr_t attributes;
  pthread_t thread;
  void *result = NULL;
  stack_bottom = mmap(NULL, GUARD + stack, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (stack_bottom == MAP_FAILED) return false;
  if (mprotect(stack_bottom, GUARD, PROT_NONE) != 0) return false;
  pthread_attr_init(&attributes);
  pthread_attr_setstack(&attributes, stack_bottom + GUARD, stack);
  if (pthread_create(&thread, &attributes, run, j) != 0) return false;
  pthread_join(thread, &result);
  return result == NULL;
}

/* The parent */

static bench_failure reap(bench_worker *worker) {
  int status = 0;
  kill(worker->pid, SIGKILL);
  waitpid(worker->pid, &status, 0);
  close(worker->to);
  close(worker->from);
  worker->pid = 0;
  if (WIFEXITED(status) && WEXITSTATUS(status) == OVERFLOWED) return BENCH_OVERFLOW;
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) return BENCH_TIMEOUT;
  return BENCH_CRASH;
}

static bench_failure receive(bench_worker *worker, reply *r) {
  struct pollfd wait = {.fd = worker->from, .events = POLLIN};
  int ready = poll(&wait, 1, (BENCH_SECONDS + 10) * 1000); /* its own alarm comes first */
  if (ready == 1 && read(worker->from, r, sizeof *r) == (ssize_t)sizeof *r) return BENCH_OK;
  /* The pipe closes a moment before the process has ended: let it say how. */
  siginfo_t info;
  if (ready == 1) waitid(P_PID, (id_t)worker->pid, &info, WEXITED | WNOWAIT);
  bench_failure failure = reap(worker);
  return ready == 0 ? BENCH_TIMEOUT : failure;
}

bench_failure bench_start(bench_worker *worker, const bench_library *library,
                          const bench_shape *shape, size_t stack) {
  int to[2], from[2];
  reply ready;
  if (pipe(to) != 0) return BENCH_SYSTEM;
  if (pipe(from) != 0) return close(to[0]), close(to[1]), BENCH_SYSTEM;
  pid_t pid = fork();
  if (pid == 0) {
    job j = {.library = library, .shape = shape, .commands = to[0], .replies = from[1]};
    close(to[1]);
    close(from[0]);
    _exit(on_stack(stack, serve, &j) ? EXIT_SUCCESS : EXIT_FAILURE);
  }
  close(to[0]);
  close(from[1]);
  *worker = (bench_worker){shape, pid, to[1], from[0], 1};
  if (pid < 0) return close(to[1]), close(from[0]), worker->pid = 0, BENCH_SYSTEM;
  return receive(worker, &ready);
}

bench_failure bench_run(bench_worker *worker, uint32_t count, bench_round *round) {
  reply r;
  const bench_shape *shape = worker->shape;
  if (!send_all(worker->to, &count, sizeof count)) return reap(worker);
  bench_failure failure = receive(worker, &r);
  if (failure != BENCH_OK) return failure;
  if (r.checksum != expected(shape, worker->next, count)) return reap(worker), BENCH_WRONG;
  worker->next += count;
  round->ns = (double)r.ns / count / (shape->stores != 0 ? shape->stores : 1);
  round->calls = r.calls;
  return BENCH_OK;
}

void bench_stop(bench_worker *worker) {
  if (worker->pid != 0) reap(worker);
}

bench_failure bench_run_here(const bench_library *library, const bench_shape *shape, size_t stack,
                             uint32_t count) {
  job j = {.library = library, .shape = shape, .count = count};
  return on_stack(stack, run_here, &j) ? BENCH_OK : BENCH_WRONG;
}
