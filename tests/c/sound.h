/*
** The invariant of lists and objects: walks over every node of one and checks every field against
** every other.
*/
#ifndef SOUND_H
#define SOUND_H

#include "../../include/lagoon.h"

/* NULL if `v` is sound, and all that is in it; otherwise what does not hold. */
const char *sound(lg_value v);

#endif
