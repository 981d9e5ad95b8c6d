#define _POSIX_C_SOURCE 200809L

#include "screen.h"

#include <inttypes.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

#include <termcap.h>

#define ESCAPE_DELAY 50 /* milliseconds in which the rest of a function key's sequence arrives */

static SCREEN *screen;
static WINDOW *keyboard; /* a pad: reading from it draws nothing */
static sigset_t open_mask;
static volatile sig_atomic_t end_signal;

/* ---- Keys and signals ---- */

static void on_end_signal(int number) { end_signal = number; }

/* Signals come only while screen_key waits, so they interrupt nothing and none is missed. */
static void catch_signals(void) {
  struct sigaction action = {.sa_handler = on_end_signal};
  sigset_t mask;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGHUP, &action, NULL);
  sigemptyset(&mask);
  sigaddset(&mask, SIGINT);
  sigaddset(&mask, SIGTERM);
  sigaddset(&mask, SIGHUP);
  sigaddset(&mask, SIGWINCH);
  sigaddset(&mask, SIGTSTP);
  sigprocmask(SIG_BLOCK, &mask, &open_mask);
}

int screen_key(uint64_t delay) {
  struct timespec time = {.tv_sec = (time_t)(delay / 1000),
                          .tv_nsec = (long)(delay % 1000) * 1000000};
  fd_set files;
  int key = wgetch(keyboard);
  if (key != ERR) return key;
  FD_ZERO(&files);
  FD_SET(STDIN_FILENO, &files);
  int ready =
      pselect(STDIN_FILENO + 1, &files, NULL, NULL, delay == UINT64_MAX ? NULL : &time, &open_mask);
  if (end_signal) return KEY_ENDED;
  key = wgetch(keyboard);
  if (key != ERR) return key;
  return ready > 0 ? KEY_ENDED : KEY_NONE; /* ready without a key: the end of the input */
}

void screen_obey_signal(void) {
  if (!end_signal) return;
  signal(end_signal, SIG_DFL);
  sigprocmask(SIG_SETMASK, &open_mask, NULL);
  raise(end_signal);
}

/* ---- Taking over, giving back ---- */

static void start_colours(void) {
  const char *no_color = getenv("NO_COLOR"); /* see no-color.org */
  if ((no_color && *no_color) || !has_colors()) return;
  start_color();
  use_default_colors();
  init_pair(ACCENT, COLOR_CYAN, -1);
  init_pair(MONEY, COLOR_GREEN, -1);
  init_pair(BUTTON, COLOR_BLACK, COLOR_CYAN);
}

static void leave(void) {
  endwin();
  delscreen(screen);
}

const char *screen_open(void) {
  if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) return "it needs a terminal";
  screen = newterm(NULL, stdout, stdin);
  if (!screen) return "it does not know this terminal: see the variable TERM";
  if (!tgetstr("cm", NULL)) {
    leave();
    return "it needs a terminal that can move its cursor: see the variable TERM";
  }
  catch_signals();
  cbreak();
  noecho();
  curs_set(0);
  start_colours();
  set_escdelay(ESCAPE_DELAY);
  keyboard = newpad(1, 1);
  if (!keyboard) {
    leave();
    return "there is no memory for it";
  }
  keypad(keyboard, TRUE);
  nodelay(keyboard, TRUE);
  return NULL;
}

void screen_close(void) {
  wmove(stdscr, LINES - 1, 0); /* where the shell goes on, if the terminal has but one screen */
  wclrtoeol(stdscr);
  wrefresh(stdscr);
  leave();
}

/* ---- Windows and text ---- */

WINDOW *screen_window(WINDOW *old, int rows, int columns, int y, int x) {
  bool is_there = old && getmaxy(old) == rows && getmaxx(old) == columns && getbegy(old) == y &&
                  getbegx(old) == x;
  if (old && !is_there) delwin(old);
  WINDOW *window = is_there ? old : newwin(rows, columns, y, x);
  if (!window) return NULL;
  werase(window);
  touchwin(window); /* what was drawn below it, or over it, is forgotten */
  return window;
}

static void set_style(WINDOW *window, style look) {
  static const attr_t attributes[] = {
      [PLAIN] = A_NORMAL, [QUIET] = A_DIM,     [STRONG] = A_BOLD,   [ACCENT] = A_BOLD,
      [MONEY] = A_NORMAL, [BUTTON] = A_NORMAL, [CURSOR] = A_REVERSE};
  attr_t attribute = attributes[look];
  bool is_coloured = look == ACCENT || look == MONEY || look == BUTTON;
  if (look == BUTTON && COLOR_PAIRS == 0) attribute = A_REVERSE;
  wattr_set(window, attribute, (short)(is_coloured ? look : 0), NULL);
}

void screen_frame(WINDOW *window, const char *title, bool is_focused) {
  if (!window) return;
  set_style(window, is_focused ? ACCENT : QUIET);
  box(window, 0, 0);
  screen_put(window, 0, 2, 1, PLAIN, " ");
  int width = screen_put(window, 0, 3, getmaxx(window) - 5, is_focused ? ACCENT : STRONG, title);
  screen_put(window, 0, 3 + width, 1, PLAIN, " ");
}

static int size_of_character(unsigned char first) {
  return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/* What a terminal without UTF-8 shows instead of a character. */
static chtype plain_character(const char *text) {
  if (strncmp(text, "×", strlen("×")) == 0) return 'x';
  return strncmp(text, "\u00a0", strlen("\u00a0")) == 0 ? ' ' : '?';
}

static bool is_utf8(void) { return strcmp(nl_langinfo(CODESET), "UTF-8") == 0; }

int screen_put(WINDOW *window, int y, int x, int width, style look, const char *text) {
  int columns = 0;
  if (!window) return 0;
  set_style(window, look);
  wmove(window, y, x);
  for (; *text && columns < width; columns++) {
    unsigned char first = (unsigned char)*text;
    int size = size_of_character(first);
    if (first < ' ' || first == 127) {
      waddch(window, '?');
    } else if (size == 1 || is_utf8()) {
      waddnstr(window, text, size);
    } else {
      waddch(window, plain_character(text));
    }
    text += size;
  }
  return columns;
}

void screen_put_price(WINDOW *window, int y, int end, style look, int64_t cents) {
  char text[48];
  const char *euro = is_utf8() ? "€" : "EUR ";
  int64_t thousands = cents / 100000, rest = cents / 100 % 1000, hundredths = cents % 100;
  if (thousands > 0) {
    snprintf(text, sizeof text, "%s%" PRId64 ",%03" PRId64 ".%02" PRId64, euro, thousands, rest,
             hundredths);
  } else {
    snprintf(text, sizeof text, "%s%" PRId64 ".%02" PRId64, euro, rest, hundredths);
  }
  int columns = (int)(is_utf8() ? strlen(text) - strlen(euro) + 1 : strlen(text));
  screen_put(window, y, end - columns, columns, look, text);
}
