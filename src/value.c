/*
** Values: making them, looking into them, owning them. Comparing is in compare.c; lists and objects
** have files of their own.
*/
#include "container.h"

#include <string.h>

typedef struct pointer_block {
  lg_block block;
  void *pointer;
  void (*destroy)(void *pointer);
} pointer_block;

/* ---- blocks ---------------------------------------------------------------------------------- */

void *lg_block_new(lg_memory *memory, lg_type type, size_t size) {
  lg_block *block = lg_resize(memory, NULL, 0, size);
  if (block) *block = (lg_block){.memory = memory, .owners = 1, .type = (uint8_t)type};
  return block;
}

lg_value lg_value_of(void *block) {
  lg_value v = lg_scalar((lg_type)((lg_block *)block)->type, 0);
  v.size = LG_ON_HEAP;
  v.as.block = block;
  return v;
}

void lg_keep_block(void *block) {
  lg_block *b = block;
  if (b->owners < UINT32_MAX) b->owners++;
}

/* Ends what a block owns; returns the size of the block. */
static size_t clear(lg_block *b) {
  if (b->type == LG_POINTER) {
    pointer_block *p = (pointer_block *)b;
    if (p->destroy) p->destroy(p->pointer);
    return sizeof *p;
  }
  if (b->type == LG_LIST || b->type == LG_OBJECT) {
    lg_container_clear((lg_container *)b);
    return sizeof(lg_container);
  }
  return sizeof(lg_text_block) + ((lg_text_block *)b)->size + 1;
}

/* Frees a block, and after it those of which it was the last owner: they come here as well, while
** it is cleared, but only to wait in the memory's list of the dead. So no nesting is too deep for
** the stack. The memory itself may go with the last of them. */
static void bury(lg_block *b) {
  lg_memory *memory = b->memory;
  b->next = memory->dead;
  memory->dead = b;
  if (memory->is_releasing) return;
  do {
    b = memory->dead;
    memory->dead = b->next;
    memory->is_releasing = true;
    b->memory = memory;
    size_t size = clear(b);
    memory->is_releasing = false;
    bool is_last = !memory->dead;
    lg_resize(memory, b, size, 0);
    if (is_last) return;
  } while (true);
}

void lg_release_block(void *block) {
  lg_block *b = block;
  if (b->owners == UINT32_MAX || --b->owners) return;
  bury(b);
}

/* ---- making ---------------------------------------------------------------------------------- */

/* A string or bytes with a copy of the data. */
static lg_value make_text(lg_memory *memory, lg_type type, const void *data, size_t size) {
  lg_value v = lg_scalar(type, 0);
  char *text = (char *)&v + offsetof(lg_value, text);
  if (size <= LG_MAX_INLINE) {
    v.size = (uint8_t)size;
  } else {
    if (size > SIZE_MAX - sizeof(lg_text_block) - 1) return lg_failed(LG_E_MEMORY);
    lg_text_block *block = lg_block_new(memory, type, sizeof *block + size + 1);
    if (!block) return lg_failed(LG_E_MEMORY);
    block->size = size;
    block->text[size] = 0;
    text = block->text;
    v = lg_value_of(block);
  }
  if (size) memcpy(text, data, size);
  return v;
}

lg_value lg_string_in(lg_memory *memory, const char *text, size_t size) {
  if (!lg_is_utf8(text, size)) return lg_failed(LG_E_UTF8);
  return make_text(memory, LG_STRING, text, size);
}

lg_value lg_string(lg_lagoon *lagoon, const char *text) {
  return text ? lg_string_n(lagoon, text, strlen(text)) : lg_failed(LG_E_ARGUMENT);
}

lg_value lg_string_n(lg_lagoon *lagoon, const char *text, size_t size) {
  if (!lagoon || (!text && size)) return lg_failed(LG_E_ARGUMENT);
  return lg_string_in(lg_memory_of(lagoon), text, size);
}

lg_value lg_bytes(lg_lagoon *lagoon, const void *data, size_t size) {
  if (!lagoon || (!data && size)) return lg_failed(LG_E_ARGUMENT);
  return make_text(lg_memory_of(lagoon), LG_BYTES, data, size);
}

lg_value lg_pointer(lg_lagoon *lagoon, void *pointer, void (*destroy)(void *pointer)) {
  pointer_block *block = NULL;
  if (lagoon) block = lg_block_new(lg_memory_of(lagoon), LG_POINTER, sizeof *block);
  if (!block) {
    if (destroy) destroy(pointer);
    return lg_failed(lagoon ? LG_E_MEMORY : LG_E_ARGUMENT);
  }
  block->pointer = pointer;
  block->destroy = destroy;
  return lg_value_of(block);
}

/* ---- looking --------------------------------------------------------------------------------- */

int64_t lg_to_int(lg_value v) {
  if (v.type != LG_DOUBLE || v.as.number != v.as.number) return 0;
  if (v.as.number >= 0x1p63) return INT64_MAX;
  return v.as.number < -0x1p63 ? INT64_MIN : (int64_t)v.as.number;
}

double lg_to_double(lg_value v) { return v.type == LG_INT ? (double)v.as.integer : 0; }

void *lg_as_pointer(lg_value v) {
  return v.type == LG_POINTER ? ((pointer_block *)v.as.block)->pointer : NULL;
}

const char *lg_text(const lg_value *v) { return v && v->type == LG_STRING ? lg_bytes_of(v) : NULL; }

const void *lg_data(const lg_value *v) { return v && v->type == LG_BYTES ? lg_bytes_of(v) : NULL; }

size_t lg_size(lg_value v) {
  if (v.type == LG_STRING || v.type == LG_BYTES) return lg_bytes_size(&v);
  return v.type == LG_LIST || v.type == LG_OBJECT ? lg_container_of(v)->count : 0;
}

/* ---- UTF-8 ----------------------------------------------------------------------------------- */

/* How many of the `size` bytes at `s` make up the first character, which is not ASCII. 0: none. */
static size_t character(const unsigned char *s, size_t size) {
  unsigned lead = s[0];
  size_t count = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (lead < 0xc2 || lead > 0xf4 || count > size) return 0;
  unsigned least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  unsigned most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  if (s[1] < least || s[1] > most) return 0;
  for (size_t i = 2; i < count; i++) {
    if (s[i] >> 6 != 2) return 0;
  }
  return count;
}

bool lg_is_utf8(const char *text, size_t size) {
  for (size_t i = 0, count; i < size; i += count) {
    const unsigned char *s = (const unsigned char *)text + i;
    uint64_t word = UINT64_MAX;
    if (size - i >= sizeof word) memcpy(&word, s, sizeof word);
    bool is_ascii = !(word & 0x8080808080808080u);
    count = is_ascii ? sizeof word : *s < 0x80 ? 1 : character(s, size - i);
    if (!count) return false;
  }
  return true;
}
