/*
** An allocator that fails when it is told to, and that finds mistakes: a wrong `old_size`, a block
** that was freed before or is not one, bytes written before it, blocks that are left. A freed block
** is overwritten, and resizing always moves. Mistakes are printed and abort the program.
**
**    failing f;
**    failing_begin(&f);
**    for (size_t n = 0;; n++) {
**      failing_after(&f, n);
**      lg_value v = lg_list_push(lg_list(f.lagoon), lg_int(1));
**      bool has_failed = failing_stop(&f);
**      assert_int_equal(lg_status_of(v), has_failed ? LG_E_MEMORY : LG_OK);
**      lg_release(v);
**      if (!has_failed) break;
**    }
**    failing_end(&f);
**
** For a real lagoon, give it failing_allocator(&f) instead of calling failing_begin, and look at
** f.blocks when it is gone.
*/
#ifndef FAILING_H
#define FAILING_H

#include "../../src/memory.h"

typedef struct failing {
  lg_lagoon *lagoon; /* stands in for one wherever only its memory is needed */
  lg_memory *memory; /* behind it */
  size_t blocks;     /* that are handed out */
  size_t bytes;      /* in them */
  size_t requests;   /* for a new or a larger block, so far */
  size_t left;       /* while it is to fail: how many will be granted before */
  bool is_set;       /* it is to fail */
  bool has_failed;
} failing;

/* Opens f->memory, with the seed 1, and makes f->lagoon. */
void failing_begin(failing *f);

/* Closes it, and aborts if a block is left. */
void failing_end(failing *f);

/* Only the allocator, for a `failing` that is all zero or in use. */
lg_allocator failing_allocator(failing *f);

/* From now on `count` requests are granted, and then none. To make a block smaller fails then as
** well, but is no request. */
void failing_after(failing *f, size_t count);

/* All are granted again. Whether one was not since failing_after. */
bool failing_stop(failing *f);

#endif
