/*
** The hash trie with buckets. See index.h for the picture.
*/
#include "index.h"

#define BITS 4u
#define HASH_LEVELS (32 / BITS)
#define MAX_LEVELS (2 * HASH_LEVELS + 1)

static bool is_bucket(const lg_trie *t) { return t->kind == LG_TRIE_BUCKET; }

/* Which slot of a branch at `level` is the way to an entry. */
static uint32_t slot_of(uint32_t hash, uint32_t number, uint32_t level) {
  uint32_t bits = level < HASH_LEVELS ? hash : number;
  return bits >> level % HASH_LEVELS * BITS & ((1u << BITS) - 1);
}

/* Asks for the entries in a bucket, or in all buckets below a branch. */
static uint32_t search(const lg_trie *t, uint32_t hash, lg_index_match_fn match, void *ctx) {
  uint32_t found = LG_NO_NUMBER;
  for (uint32_t i = 0; i < t->count && found == LG_NO_NUMBER; i++) {
    if (!is_bucket(t)) {
      found = search(lg_trie_children(t)[i], hash, match, ctx);
    } else if (lg_trie_entries(t)[i].hash == hash && match(ctx, lg_trie_entries(t)[i].number)) {
      found = lg_trie_entries(t)[i].number;
    }
  }
  return found;
}

uint32_t lg_index_find(const lg_trie *root, uint32_t hash, lg_index_match_fn match, void *ctx) {
  const lg_trie *t = root;
  for (uint32_t level = 0; level < HASH_LEVELS && !is_bucket(t); level++) {
    uint32_t slot = slot_of(hash, 0, level);
    if (!lg_trie_has(t, slot)) return LG_NO_NUMBER;
    t = *lg_trie_child(t, slot);
  }
  return search(t, hash, match, ctx);
}

/* ---- changes --------------------------------------------------------------------------------- */

/* Puts an entry into a bucket that is not full. */
static bool append(lg_memory *m, lg_trie **t, lg_entry e) {
  if (!lg_trie_own(m, t, 1)) return false;
  uint32_t rank = (*t)->count;
  lg_trie_open(*t, rank, 1);
  lg_trie_entries(*t)[rank] = e;
  return true;
}

/* The child of *t, which is made if there is none. *t becomes one that only this index owns. */
static lg_trie **descend(lg_memory *m, lg_trie **t, uint32_t slot) {
  bool is_new = !lg_trie_has(*t, slot);
  if (!lg_trie_own(m, t, is_new)) return NULL;
  if (is_new) {
    lg_trie *bucket = lg_trie_new(m, LG_TRIE_BUCKET, 2);
    if (!bucket) return NULL;
    lg_trie_adopt(*t, slot, bucket);
  }
  return lg_trie_child(*t, slot);
}

/* Makes a branch of a full bucket. */
static bool split(lg_memory *m, lg_trie **t, uint32_t level) {
  lg_trie *branch = lg_trie_new(m, LG_TRIE_BRANCH, 1u << BITS);
  if (!branch) return false;
  for (uint32_t i = 0; i < LG_TRIE_SLOTS; i++) {
    lg_entry e = lg_trie_entries(*t)[i];
    lg_trie **child = descend(m, &branch, slot_of(e.hash, e.number, level));
    if (!child || !append(m, child, e)) {
      lg_trie_release(m, branch);
      return false;
    }
  }
  lg_trie_release(m, *t);
  *t = branch;
  return true;
}

bool lg_index_put(lg_memory *m, lg_trie **root, uint32_t hash, uint32_t number) {
  lg_trie **t = root;
  if (!*t && !(*t = lg_trie_new(m, LG_TRIE_BUCKET, 2))) return false;
  for (uint32_t level = 0; t; level++) {
    if (is_bucket(*t) && (*t)->count < LG_TRIE_SLOTS) return append(m, t, (lg_entry){hash, number});
    if (is_bucket(*t) && !split(m, t, level)) return false;
    t = descend(m, t, slot_of(hash, number, level));
  }
  return false;
}

/* Takes the entry with this number out of a bucket; the last one takes its place. */
static void take_out(lg_memory *m, lg_trie **t, uint32_t number) {
  lg_entry *e = lg_trie_entries(*t);
  uint32_t last = (*t)->count - 1u;
  while (e->number != number)
    e++;
  *e = lg_trie_entries(*t)[last];
  lg_trie_close(m, t, last, 1);
}

/* Puts in the place of a branch with one child, if that is a bucket, the bucket. */
static void pull_up(lg_memory *m, lg_trie **t) {
  lg_trie *branch = *t;
  lg_trie *child = *lg_trie_children(branch);
  if (branch->count > 1 || !is_bucket(child)) return;
  child->owners++;
  *t = child;
  lg_trie_release(m, branch);
}

bool lg_index_remove(lg_memory *m, lg_trie **root, uint32_t hash, uint32_t number) {
  lg_trie **path[MAX_LEVELS];
  uint32_t level = 0;
  path[0] = root;
  while (lg_trie_own(m, path[level], 0)) {
    lg_trie *t = *path[level];
    if (!is_bucket(t)) {
      path[level + 1] = lg_trie_child(t, slot_of(hash, number, level));
      level++;
      continue;
    }
    take_out(m, path[level], number);
    while (level--) {
      if (!(*path[level + 1])->count) {
        lg_trie_release(m, *path[level + 1]);
        lg_trie_close(m, path[level], slot_of(hash, number, level), 1);
      }
      pull_up(m, path[level]);
    }
    if (!(*root)->count) {
      lg_trie_release(m, *root);
      *root = NULL;
    }
    return true;
  }
  return false;
}
