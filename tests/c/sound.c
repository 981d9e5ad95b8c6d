/*
** The invariant of lists and objects. See sound.h.
*/
#include "sound.h"

#include "../../src/container.h"
#include "../../src/index.h"

#define CHECK(condition, what)                                                                     \
  if (!(condition)) return what

/* What a walk over an array or an index counts. */
typedef struct walk {
  const lg_container *c;
  uint64_t end; /* behind the last position */
  uint32_t slots;
  uint32_t entries;
} walk;

static const char *check_counts(const lg_trie *t) {
  CHECK(t->owners > 0, "a node without owners");
  CHECK(t->used, "a node without slots");
  CHECK(t->count == lg_popcount(t->used), "another count than slots");
  CHECK(t->count <= t->capacity, "more slots than there is room for");
  CHECK(t->capacity <= LG_TRIE_SLOTS, "room for too many slots");
  return NULL;
}

/* ---- arrays ---------------------------------------------------------------------------------- */

static const char *check_value(const walk *w, lg_value v) {
  CHECK(!lg_is_undefined(v) && !lg_is_failed(v), "undefined or failed in a container");
  if (v.type != LG_LIST && v.type != LG_OBJECT) return NULL;
  CHECK(lg_container_of(v)->block.depth < w->c->block.depth, "depth is not above an element's");
  return sound(v);
}

static const char *check_leaf(walk *w, const lg_trie *t, uint64_t base) {
  bool is_object = w->c->block.type == LG_OBJECT;
  CHECK(!is_object || !((t->used ^ t->used >> 1) & 0x55555555u), "a key without value");
  for (uint32_t slot = 0; slot < LG_TRIE_SLOTS; slot++) {
    if (!lg_trie_has(t, slot)) continue;
    lg_value *v = lg_trie_value(t, slot);
    const char *what = check_value(w, *v);
    if (what) return what;
    CHECK(!is_object || slot % 2 || v->type == LG_STRING, "a key is a string");
    w->slots++;
    w->end = base + slot + 1;
  }
  return NULL;
}

static const char *check_array(walk *w, const lg_trie *t, uint32_t height, uint64_t base) {
  const char *what = check_counts(t);
  if (what) return what;
  CHECK(t->height == height, "a wrong height");
  CHECK(t->kind == (height ? LG_TRIE_BRANCH : LG_TRIE_LEAF), "a node of another kind");
  if (!height) return check_leaf(w, t, base);
  for (uint32_t slot = 0; slot < LG_TRIE_SLOTS && !what; slot++) {
    if (!lg_trie_has(t, slot)) continue;
    uint64_t begin = base + ((uint64_t)slot << LG_TRIE_BITS * height);
    what = check_array(w, *lg_trie_child(t, slot), height - 1, begin);
  }
  return what;
}

/* ---- indexes --------------------------------------------------------------------------------- */

/* Which slot leads to an entry: 8 times 4 bits of the hash, then bits of the number. */
static uint32_t way_to(lg_entry e, uint32_t level) {
  uint32_t bits = level < 8 ? e.hash : e.number;
  return bits >> level % 8 * 4 & 15;
}

/* `path` are the slots of the `level` branches above. */
static const char *check_bucket(walk *w, const lg_trie *t, uint32_t level, const uint32_t *path) {
  CHECK(!(t->used & (t->used + 1)), "a bucket with a gap");
  for (uint32_t i = 0; i < t->count; i++) {
    lg_entry e = lg_trie_entries(t)[i];
    for (uint32_t k = 0; k < level; k++) {
      CHECK(way_to(e, k) == path[k], "an entry in the wrong bucket");
    }
    CHECK(lg_array_get(w->c->array, 2 * e.number), "an entry without key");
    w->entries++;
  }
  return NULL;
}

static const char *check_index(walk *w, const lg_trie *t, uint32_t level, uint32_t *path) {
  const char *what = check_counts(t);
  if (what) return what;
  CHECK(t->kind != LG_TRIE_LEAF && !t->height, "a node of an array in an index");
  if (t->kind == LG_TRIE_BUCKET) return check_bucket(w, t, level, path);
  CHECK(level < 16, "an index that is too high");
  CHECK(t->used < 1 << 16, "a branch has up to 16 children");
  bool is_right = t->count > 1 || (*lg_trie_children(t))->kind == LG_TRIE_BRANCH;
  CHECK(is_right, "a bucket that is to be higher up");
  for (uint32_t slot = 0; slot < 16 && !what; slot++) {
    path[level] = slot;
    if (lg_trie_has(t, slot)) what = check_index(w, *lg_trie_child(t, slot), level + 1, path);
  }
  return what;
}

/* ---- both ------------------------------------------------------------------------------------ */

static const char *check_list(const walk *w) {
  CHECK(w->slots == w->c->count, "another count than elements");
  CHECK(w->end == w->c->count, "a gap in a list");
  CHECK(!w->c->index && !w->c->next, "a list with fields of an object");
  return NULL;
}

static const char *check_object(walk *w) {
  const lg_container *c = w->c;
  uint32_t path[16];
  CHECK(w->slots == 2 * (uint64_t)c->count, "another count than keys");
  CHECK(w->end <= 2 * (uint64_t)c->next, "a key behind the last number");
  CHECK(c->count || !c->next, "an empty object that counts on");
  if (!c->index) {
    CHECK(c->count <= 8 && c->next <= 16, "a large object without index");
    return NULL;
  }
  const char *what = check_index(w, c->index, 0, path);
  if (what) return what;
  CHECK(w->entries == c->count, "another count than entries");
  return NULL;
}

const char *sound(lg_value v) {
  if (v.type != LG_LIST && v.type != LG_OBJECT) return NULL;
  walk w = {.c = lg_container_of(v)};
  CHECK(v.size == LG_ON_HEAP && w.c->block.type == v.type, "a block of another type");
  CHECK(w.c->block.owners > 0, "a block without owners");
  CHECK(w.c->block.depth > 0, "no depth");
  if (w.c->array) {
    CHECK(!w.c->array->height || w.c->array->used != 1, "a root that is too high");
    const char *what = check_array(&w, w.c->array, w.c->array->height, 0);
    if (what) return what;
  }
  return v.type == LG_LIST ? check_list(&w) : check_object(&w);
}
