/*
** The terminal: taking it over and giving it back, keys and signals, windows, text and colours.
** It knows no store.
*/
#ifndef SCREEN_H
#define SCREEN_H

#include <ncurses.h>
#include <stdint.h>

/* Who has which part of the screen:
**
**     row 0         brand, toggle
**     MAIN_TOP ...  products | flyout (FLYOUT_COLUMNS wide, while the cart is open)
**     last two      message, help */
#define MAIN_TOP 1
#define MAIN_ROWS (LINES - MAIN_TOP - 2)
#define FLYOUT_COLUMNS 34
#define MINIMUM_ROWS 18
#define MINIMUM_COLUMNS 72

#define KEY_NONE (-1)  /* the time is over */
#define KEY_ENDED (-2) /* a signal asks the program to end, or the terminal is gone */
#define KEY_ESCAPE 27

typedef enum style { PLAIN, QUIET, STRONG, ACCENT, MONEY, BUTTON, CURSOR } style;

/* Takes the terminal over. NULL, or why that can't be done; then nothing was changed. */
const char *screen_open(void);

/* Gives the terminal back, as it was, and frees all windows. */
void screen_close(void);

/* Ends the program by the signal that asked for it, if one did. */
void screen_obey_signal(void);

/* Waits for a key for so many milliseconds (UINT64_MAX: for ever). A key of curses, KEY_RESIZE
** among them, or one of the above. */
int screen_key(uint64_t delay);

/* An empty window at this place: `old`, or a new one instead of it. NULL: no memory. */
WINDOW *screen_window(WINDOW *old, int rows, int columns, int y, int x);

void screen_frame(WINDOW *window, const char *title, bool is_focused);

/* Writes at most `width` columns of a text. Returns how many it has written. A NULL window: 0. */
int screen_put(WINDOW *window, int y, int x, int width, style look, const char *text);

/* Writes so many cents in euros; the last digit is left of column `end`. */
void screen_put_price(WINDOW *window, int y, int end, style look, int64_t cents);

#endif
