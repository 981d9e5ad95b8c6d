/*
** The sparse persistent array. See array.h for the picture.
*/
#include "array.h"

#define MASK (LG_TRIE_SLOTS - 1)
#define MAX_HEIGHT ((31 / LG_TRIE_BITS) + 1)

static uint32_t slot_of(uint32_t height, uint32_t position) {
  return position >> LG_TRIE_BITS * height & MASK;
}

/* Whether `position` is beyond what a root of this height can reach. */
static bool is_beyond(const lg_trie *root, uint64_t position) {
  return position >> LG_TRIE_BITS * root->height >> LG_TRIE_BITS;
}

const lg_value *lg_array_get(const lg_trie *root, uint32_t position) {
  if (!root || is_beyond(root, position)) return NULL;
  for (const lg_trie *t = root;;) {
    uint32_t slot = slot_of(t->height, position);
    if (!lg_trie_has(t, slot)) return NULL;
    if (!t->height) return lg_trie_value(t, slot);
    t = *lg_trie_child(t, slot);
  }
}

/* An empty node. */
static lg_trie *new_node(lg_memory *m, uint32_t height) {
  lg_trie *t = lg_trie_new(m, height ? LG_TRIE_BRANCH : LG_TRIE_LEAF, 2);
  if (t) t->height = (uint8_t)height;
  return t;
}

static uint32_t height_for(uint32_t position) {
  uint32_t height = 0;
  while (position >>= LG_TRIE_BITS)
    height++;
  return height;
}

/* Makes *root high enough for `position`. */
static bool grow(lg_memory *m, lg_trie **root, uint32_t position) {
  if (!*root) return (*root = new_node(m, height_for(position)));
  while (is_beyond(*root, position)) {
    lg_trie *top = new_node(m, (*root)->height + 1u);
    if (!top) return false;
    lg_trie_adopt(top, 0, *root);
    *root = top;
  }
  return true;
}

/* The child of *t, which is made if there is none; *t becomes one that only this array owns. */
static lg_trie **descend(lg_memory *m, lg_trie **t, uint32_t slot) {
  bool is_new = !lg_trie_has(*t, slot);
  if (!lg_trie_own(m, t, is_new)) return NULL;
  if (is_new) {
    lg_trie *child = new_node(m, (*t)->height - 1u);
    if (!child) return NULL;
    lg_trie_adopt(*t, slot, child);
  }
  return lg_trie_child(*t, slot);
}

lg_value *lg_array_open(lg_memory *m, lg_trie **root, uint32_t position, uint32_t count) {
  if (!grow(m, root, position)) return NULL;
  lg_trie **t = root;
  while (t && (*t)->height) {
    t = descend(m, t, slot_of((*t)->height, position));
  }
  uint32_t slot = slot_of(0, position);
  bool is_new = t && !lg_trie_has(*t, slot);
  if (!t || !lg_trie_own(m, t, is_new ? count : 0)) return NULL;
  if (is_new) lg_trie_open(*t, slot, count);
  return lg_trie_value(*t, slot);
}

/* Makes *root only as high as its last position needs. */
static void shrink(lg_memory *m, lg_trie **root) {
  while ((*root)->height && (*root)->used == 1) {
    lg_trie *top = *root;
    *root = *lg_trie_children(top);
    (*root)->owners++;
    lg_trie_release(m, top);
  }
}

/* Nobody else owns the nodes on the way, because they were opened. */
void lg_array_close(lg_memory *m, lg_trie **root, uint32_t position, uint32_t count) {
  lg_trie **path[MAX_HEIGHT];
  uint32_t height = (*root)->height;
  for (path[height] = root; height; height--) {
    path[height - 1] = lg_trie_child(*path[height], slot_of(height, position));
  }
  lg_trie_close(m, path[0], slot_of(0, position), count);
  while (!(*path[height])->count) {
    lg_trie_release(m, *path[height]);
    *path[height] = NULL;
    if (path[height] == root) return;
    height++;
    lg_trie_close(m, path[height], slot_of(height, position), 1);
  }
  shrink(m, root);
}

/* The leaf of the first value at *position or behind it. */
static const lg_trie *seek(const lg_trie *root, uint64_t *position) {
  while (root && !is_beyond(root, *position)) {
    for (const lg_trie *t = root;;) {
      uint32_t shift = LG_TRIE_BITS * t->height;
      uint32_t slot = *position >> shift & MASK;
      uint32_t ahead = t->used >> slot;
      if (!ahead) { /* go on behind this node */
        *position = ((*position >> shift >> LG_TRIE_BITS) + 1) << shift << LG_TRIE_BITS;
        break;
      }
      uint32_t gap = lg_popcount((ahead & -ahead) - 1);
      if (gap) *position = ((*position >> shift) + gap) << shift;
      if (!t->height) return t;
      t = *lg_trie_child(t, slot + gap);
    }
  }
  return NULL;
}

const lg_value *lg_array_next(const lg_trie *root, const void **leaf, uint64_t *position) {
  const lg_trie *t = *leaf;
  uint32_t slot = *position & MASK;
  if (!t || !slot || !lg_trie_has(t, slot)) {
    t = *leaf = seek(root, position);
    if (!t) return NULL;
    slot = *position & MASK;
  }
  return lg_trie_value(t, slot);
}
