/*
** Shared names, snapshots, and the graph as a picture and in figures.
*/
#include "host.h"

#include <ctype.h>

/* ---- shared names ---------------------------------------------------------------------------- */

static void snapshot_is(const char *expected) {
  lg_value snapshot = lg_snapshot(lagoon);
  shows(snapshot, expected);
  lg_release(snapshot);
}

static void the_shared_stores_are_in_a_snapshot_in_their_order(void **state) {
  (void)state;
  lg_store *b = atom(2), *a = atom(1), *m = lg_map_from(lagoon, object("k", 1, NULL));
  snapshot_is("{}");
  ok(lg_share(b, "b"));
  ok(lg_share(a, "a"));
  ok(lg_share(m, "a map with a name that is not short"));
  lg_value snapshot = lg_snapshot(lagoon);
  ok(set(a, 5));
  shows(snapshot, "{b:2,a:1,a map with a name that is not short:{k:1}}");
  lg_release(snapshot);
  ok(lg_set(b, lg_undefined()));
  snapshot_is("{a:5,a map with a name that is not short:{k:1}}");
}

static void a_shared_name_can_be_changed_and_taken_away(void **state) {
  (void)state;
  lg_store *stores[4];
  const char *const names[] = {"a", "b", "c", "d"};
  for (int i = 0; i < 4; i++) {
    stores[i] = atom(i);
    ok(lg_share(stores[i], names[i]));
  }
  ok(lg_share(stores[1], NULL));
  ok(lg_share(stores[0], "z"));
  ok(lg_share(stores[2], "c"));
  lg_store_release(stores[3]);
  snapshot_is("{c:2,z:0}");
  ok(lg_share(stores[1], "d"));
  ok(lg_share(stores[1], NULL));
  ok(lg_share(stores[1], NULL));
  ok(lg_share(stores[2], NULL));
  ok(lg_share(stores[0], NULL));
  snapshot_is("{}");
}

enum { NAMES = 10000 };

static const char *nth_name(int i) {
  static char name[32];
  snprintf(name, sizeof name, "the name of store %d", i);
  return name;
}

static void thousands_of_stores_can_be_shared(void **state) {
  (void)state;
  lg_store **stores = calloc(NAMES, sizeof *stores);
  for (int i = 0; i < NAMES; i++) {
    stores[i] = atom(i);
    ok(lg_share(stores[i], nth_name(i)));
  }
  for (int i = 0; i < NAMES; i++)
    fails(lg_share(stores[(i + 1) % NAMES], nth_name(i)), LG_E_NAME);
  for (int i = 0; i < NAMES; i += 2)
    ok(lg_share(stores[i], NULL));
  for (int i = 0; i < NAMES; i += 2)
    ok(lg_share(stores[i + 1], nth_name(i)));
  lg_value snapshot = lg_snapshot(lagoon);
  assert_int_equal(lg_size(snapshot), NAMES / 2);
  for (lg_iterator i = lg_iterate(snapshot); lg_next(&i);) {
    assert_string_equal(lg_text(&i.key), nth_name((int)(2 * i.index)));
    assert_int_equal(lg_as_int(i.value), 2 * i.index + 1);
  }
  lg_release(snapshot);
  free(stores);
}

static void a_name_that_is_taken_is_refused(void **state) {
  (void)state;
  lg_store *a = atom(1), *b = atom(2);
  ok(lg_set_name(a, "first"));
  ok(lg_share(a, "count"));
  ok(lg_share(b, "other"));
  fails_with(lg_share(b, "count"), LG_E_NAME, "first: another store has this shared name");
  ok(lg_share(a, "count"));
  snapshot_is("{count:1,other:2}");
  lg_store_release(a);
  ok(lg_share(b, "count"));
}

static void what_can_not_be_shared_is_refused(void **state) {
  (void)state;
  lg_store *c = listed(NULL, atom(1), NULL);
  ok(lg_set_name(c, "total"));
  fails_with(lg_share(c, "total"), LG_E_READONLY, "total: a computed is not shared; it follows");
  ok(lg_share(c, NULL));
  assert_int_equal(lg_share(NULL, "a"), LG_E_ARGUMENT);
  assert_int_equal(lg_status_of(lg_snapshot(NULL)), LG_E_ARGUMENT);
  fails(lg_share(atom(1), "\xff"), LG_E_UTF8);
  snapshot_is("{}");
}

/* ---- restoring ------------------------------------------------------------------------------- */

static void a_snapshot_is_restored_as_one_batch(void **state) {
  (void)state;
  lg_store *a = atom(1), *b = atom(2), *m = lg_map(lagoon);
  lg_store *c = listed("c", a, b);
  ok(lg_share(a, "a"));
  ok(lg_share(b, "b"));
  ok(lg_share(m, "m"));
  lg_listen(a, on_change, "a");
  lg_listen(b, on_change, "b");
  lg_listen(m, on_change, "m");
  lg_listen(c, on_change, "on c");
  noted("c 3");
  lg_value before = lg_snapshot(lagoon);
  lg_value other = lg_object_set(object("b", 20, "a", 10, NULL), "m", object("k", 1, NULL));
  ok(lg_restore(lagoon, other, NULL));
  noted("a 10<1; c 30; b 20<2; m {k:1}<{}; on c 30<3");
  size_t unknown = 99;
  ok(lg_restore(lagoon, before, &unknown));
  assert_int_equal(unknown, 0);
  noted("a 1<10; c 3; b 2<20; m {}<{k:1}; on c 3<30");
}

static void names_that_no_store_has_are_counted(void **state) {
  (void)state;
  size_t unknown = 99;
  lg_store *a = atom(1);
  ok(lg_share(a, "a"));
  ok(lg_restore(lagoon, object("x", 1, "a", 2, "y", 3, NULL), &unknown));
  assert_int_equal(unknown, 2);
  assert_int_equal(get(a), 2);
  ok(lg_restore(lagoon, lg_object(lagoon), &unknown));
  assert_int_equal(unknown, 0);
  assert_int_equal(get(a), 2);
}

static void a_snapshot_that_does_not_fit_changes_nothing(void **state) {
  (void)state;
  size_t unknown = 99;
  lg_store *a = atom(1), *m = lg_map(lagoon);
  ok(lg_set_name(m, "cart"));
  ok(lg_share(a, "a"));
  ok(lg_share(m, "m"));
  lg_listen(a, on_change, "a");
  fails_with(lg_restore(lagoon, object("a", 2, "m", 3, NULL), &unknown), LG_E_TYPE,
             "cart: the value of a map must be an object");
  fails(lg_restore(lagoon, lg_list(lagoon), &unknown), LG_E_TYPE);
  fails(lg_restore(lagoon, text("no object, and too long for a value"), &unknown), LG_E_TYPE);
  fails(lg_restore(lagoon, lg_failed(LG_E_SYNTAX), NULL), LG_E_SYNTAX);
  assert_int_equal(lg_restore(NULL, object("a", 2, NULL), NULL), LG_E_ARGUMENT);
  noted("");
  assert_int_equal(unknown, 99);
  assert_int_equal(get(a), 1);
}

static void forbid(lg_event *event, void *ctx) {
  (void)ctx;
  event->abort = true;
}

static void what_can_not_be_restored_of_a_snapshot_is_told(void **state) {
  (void)state;
  lg_store *a = atom(1), *b = atom(2);
  ok(lg_share(a, "a"));
  ok(lg_share(b, "b"));
  lg_on_set(a, forbid, NULL);
  lg_listen(b, on_change, "b");
  fails(lg_restore(lagoon, object("a", 10, "b", 20, NULL), NULL), LG_E_ABORTED);
  noted("b 20<2");
  assert_int_equal(get(a), 1);
}

static void fail_change(const lg_change *change, void *why) {
  (void)change;
  lg_fail(lagoon, why);
}

static void what_a_listener_fails_with_the_restore_fails_with(void **state) {
  (void)state;
  lg_store *a = atom(1);
  ok(lg_share(a, "a"));
  lg_listen(a, fail_change, "not ready");
  fails_with(lg_restore(lagoon, object("a", 10, NULL), NULL), LG_E_CALLBACK, "not ready");
  assert_int_equal(get(a), 10);
}

typedef struct meddler {
  lg_store *store;
  void (*fn)(lg_store *store);
} meddler;

static void meddle(lg_event *event, void *ctx) {
  meddler *it = ctx;
  (void)event;
  if (it->store) it->fn(it->store);
  it->store = NULL;
}

static void unshare(lg_store *store) { ok(lg_share(store, NULL)); }
static void rename_it(lg_store *store) { ok(lg_share(store, "renamed")); }

/* What a function of lg_on_set does to the stores that are still to be restored. */
static void functions_may_meddle_with_a_restore(void **state) {
  (void)state;
  void (*const fns[])(lg_store * store) = {unshare, rename_it, lg_store_release};
  for (int target = 0; target < 3; target++) {
    for (size_t i = 0; i < COUNT(fns); i++) {
      lg_store *stores[] = {atom(1), atom(1), atom(1)};
      ok(lg_share(stores[0], "a"));
      ok(lg_share(stores[1], "b"));
      ok(lg_share(stores[2], "c"));
      meddler it = {stores[target], fns[i]};
      lg_listener *listener = lg_on_set(stores[0], meddle, &it);
      ok(lg_restore(lagoon, object("a", 2, "b", 3, "c", 4, NULL), NULL));
      host_check();
      bool is_released = fns[i] == lg_store_release;
      if (!is_released || target) {
        ok(lg_unlisten(listener));
        assert_int_equal(get(stores[0]), 2);
      }
      /* The others are restored all the same */
      for (int other = 1; other < 3; other++) {
        if (other != target) assert_int_equal(get(stores[other]), 2 + other);
      }
      for (int k = 0; k < 3; k++) {
        if (!is_released || k != target) lg_store_release(stores[k]);
      }
      assert_int_equal(stats().stores, 0);
    }
  }
}

static void restore_again(const lg_change *change, void *ctx) {
  on_change(change, ctx);
  if (lg_as_int(change->value) == 2) ok(lg_restore(lagoon, object("a", 3, "b", 4, NULL), NULL));
}

static void a_snapshot_may_be_restored_in_a_listener(void **state) {
  (void)state;
  lg_store *a = atom(1), *b = atom(1);
  ok(lg_share(a, "a"));
  ok(lg_share(b, "b"));
  lg_listen(a, restore_again, "a");
  lg_listen(b, on_change, "b");
  ok(lg_restore(lagoon, object("a", 2, "b", 2, NULL), NULL));
  noted("a 2<1; b 4<1; a 3<2");
}

static void a_snapshot_travels_between_lagoons(void **state) {
  (void)state;
  lg_lagoon *other = lg_lagoon_new(NULL);
  lg_store *here = lg_atom(lagoon, text("a text of more than thirteen bytes"));
  lg_store *there = lg_atom(other, lg_int(1));
  ok(lg_share(here, "a"));
  ok(lg_share(there, "a"));
  ok(lg_restore(other, lg_snapshot(lagoon), NULL));
  shows(lg_get(there), "'a text of more than thirteen bytes'");
  ok(lg_lagoon_free(other));
}

/* ---- the picture ----------------------------------------------------------------------------- */

static char picture[1 << 18];
static size_t picture_size;
static size_t picture_limit;

static bool write_picture(const char *it, size_t size, void *ctx) {
  (void)ctx;
  assert_true(picture_size + size < sizeof picture);
  if (picture_size + size > picture_limit) return false;
  memcpy(picture + picture_size, it, size);
  picture_size += size;
  picture[picture_size] = 0;
  return true;
}

static const char *draw(void) {
  picture_size = 0;
  picture_limit = sizeof picture;
  ok(lg_dot(lagoon, write_picture, NULL));
  return picture;
}

/* ---- a small reader of the language of Graphviz: names, quoted strings, lists of attributes ---- */

static const char *at;

static void skip_space(void) {
  while (isspace((unsigned char)*at))
    at++;
}

static bool take(const char *word) {
  skip_space();
  size_t size = strlen(word);
  if (strncmp(at, word, size)) return false;
  at += size;
  return true;
}

/* A name, a number or a string in quotes. */
static bool take_id(void) {
  skip_space();
  const char *begin = at;
  if (*at == '"') {
    for (at++; *at != '"'; at++) {
      if (*at == '\\') at++;
      if (!*at) return false;
    }
    at++;
    return true;
  }
  while (isalnum((unsigned char)*at) || *at == '_' || *at == '.')
    at++;
  return at > begin;
}

static bool take_attributes(void) {
  if (!take("[")) return true;
  while (!take("]")) {
    if (!take_id() || !take("=") || !take_id()) return false;
    take(",");
  }
  return true;
}

/* How many nodes and edges the picture has; fails if Graphviz could not read it. */
static void read_picture(const char *text_of_it, size_t *nodes, size_t *edges) {
  at = text_of_it;
  *nodes = *edges = 0;
  assert_true(take("digraph") && take_id() && take("{"));
  while (!take("}")) {
    skip_space();
    bool is_default = !strncmp(at, "node ", 5);
    assert_true(take_id());
    if (take("=")) {
      assert_true(take_id());
    } else if (take("->")) {
      assert_true(take_id());
      ++*edges;
    } else if (!is_default) {
      ++*nodes;
    }
    assert_true(take_attributes());
    assert_true(take(";"));
  }
  skip_space();
  assert_int_equal(*at, 0);
}

static void ignore_values(lg_lagoon *l, const lg_value *values, void *ctx) {
  (void)l;
  (void)values;
  (void)ctx;
}

static void the_picture_shows_what_is_mounted(void **state) {
  (void)state;
  size_t nodes, edges;
  read_picture(draw(), &nodes, &edges);
  assert_int_equal(nodes + edges, 0);
  lg_store *a = atom(1), *m = lg_map(lagoon), *d = lg_deep_map(lagoon);
  lg_store *l = listed(NULL, a, m), *t = tracked(NULL, l, a);
  sum it = {.count = 1};
  lg_store *late = lg_batched_from(lagoon, &d, 1, add_listed, &it);
  const char *key = "k";
  ok(lg_set_name(a, "count"));
  lg_listen(t, on_change, NULL);
  lg_listen(late, on_change, NULL);
  lg_listen_keys(m, &key, 1, on_change, NULL);
  lg_effect(lagoon, on_effect, "effect");
  lg_effect_from(lagoon, &t, 1, ignore_values, NULL);
  read_picture(draw(), &nodes, &edges);
  lg_stats it_is = stats();
  assert_int_equal(nodes, it_is.nodes);
  assert_int_equal(edges, it_is.edges);
  assert_int_equal(edges, 9);
  static const char *const parts[] = {"\"count\\natom\"",
                                      "\"map\"",
                                      "\"deep map\"",
                                      "\"computed\"",
                                      "\"batched\"",
                                      "\"listener\", shape=ellipse",
                                      "\"effect\", shape=ellipse"};
  for (size_t i = 0; i < COUNT(parts); i++)
    assert_non_null(strstr(picture, parts[i]));
  assert_null(strstr(picture, "dashed"));
  ok(lg_set_key(d, "k", lg_int(1)));
  assert_non_null(strstr(draw(), "dashed"));
  pass(0);
  assert_null(strstr(draw(), "dashed"));
}

static void names_with_all_characters_can_be_drawn(void **state) {
  (void)state;
  static const char *const names[] = {
      "\"",      "\\", "\\\"", "ends in a backslash\\", "a\nb", "\n", "];}", "<b>html</b>",
      "\\N \\G", "\t", "é 漢", "\"]; evil [label=\"",   "\x7f", " ",  "\\n",
  };
  size_t nodes, edges;
  for (size_t i = 0; i < COUNT(names); i++) {
    lg_store *a = atom(1);
    ok(lg_set_name(a, names[i]));
    lg_listen(a, on_change, NULL);
  }
  read_picture(draw(), &nodes, &edges);
  assert_int_equal(nodes, 2 * COUNT(names));
  assert_int_equal(edges, COUNT(names));
  assert_null(strstr(picture, "; evil [label=\"\\n"));
}

static void a_large_graph_can_be_drawn(void **state) {
  (void)state;
  size_t nodes, edges;
  lg_store *a = atom(1);
  for (int i = 0; i < 1200; i++)
    lg_listen(a, on_change, NULL);
  read_picture(draw(), &nodes, &edges);
  assert_int_equal(nodes, 1201);
  assert_int_equal(edges, 1200);
}

static void a_writer_can_stop_anywhere(void **state) {
  (void)state;
  lg_store *a = atom(1);
  lg_store *l = lg_batched_from(lagoon, &a, 1, add_listed, &(sum){.count = 1});
  ok(lg_set_name(a, "a \"name\" \\"));
  lg_listen(l, on_change, NULL);
  ok(set(a, 2));
  size_t whole = strlen(draw());
  for (size_t limit = 0; limit < whole; limit++) {
    picture_size = 0;
    picture_limit = limit;
    fails_with(lg_dot(lagoon, write_picture, NULL), LG_E_CALLBACK, "the writer stopped");
  }
  picture_size = 0;
  picture_limit = whole;
  ok(lg_dot(lagoon, write_picture, NULL));
  fails(lg_dot(lagoon, NULL, NULL), LG_E_ARGUMENT);
  assert_int_equal(lg_dot(NULL, write_picture, NULL), LG_E_ARGUMENT);
}

/* ---- figures --------------------------------------------------------------------------------- */

static void the_figures_count(void **state) {
  (void)state;
  lg_stats before = stats();
  assert_int_equal(before.stores + before.nodes + before.edges + before.listeners, 0);
  assert_int_equal(before.bytes, memory.bytes);
  lg_store *a = atom(1);
  lg_store *c = listed(NULL, a, NULL);
  lg_on_start(a, on_event, "start");
  lg_listen(c, on_change, "c");
  ok(set(a, 2));
  ok(set(a, 2));
  lg_stats it = stats();
  assert_int_equal(it.stores, 2);
  assert_int_equal(it.nodes, 3);
  assert_int_equal(it.edges, 2);
  assert_int_equal(it.listeners, 2);
  assert_int_equal(it.computes, 2);
  assert_int_equal(it.calls, 1);
  assert_int_equal(it.bytes, memory.bytes);
  assert_true(it.peak >= it.bytes && it.bytes > before.bytes);
  assert_int_equal(lg_get_stats(lagoon, NULL), LG_E_ARGUMENT);
  assert_int_equal(lg_get_stats(NULL, &it), LG_E_ARGUMENT);
  noted("start; c 2<1");
}

static void a_store_that_a_snapshot_does_not_name_stays(void **state) {
  (void)state;
  lg_store *a = atom(1), *b = atom(2);
  ok(lg_share(a, "a"));
  ok(lg_share(b, "b"));
  lg_listen(a, on_change, "a");
  ok(lg_restore(lagoon, object("b", 3, NULL), NULL));
  assert_int_equal(get(a), 1);
  assert_int_equal(get(b), 3);
  noted("");
}

static void forbid_with(lg_event *event, void *why) { lg_fail(lg_lagoon_of(event->store), why); }

static void of_several_failures_of_a_restore_the_first_is_told(void **state) {
  (void)state;
  lg_store *a = atom(1), *b = atom(2);
  ok(lg_share(a, "a"));
  ok(lg_share(b, "b"));
  lg_on_set(a, forbid_with, "first");
  lg_on_set(b, forbid_with, "second");
  fails_with(lg_restore(lagoon, object("b", 3, "a", 4, NULL), NULL), LG_E_CALLBACK, "first");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(the_shared_stores_are_in_a_snapshot_in_their_order),
      TEST(a_shared_name_can_be_changed_and_taken_away),
      TEST(thousands_of_stores_can_be_shared),
      TEST(a_name_that_is_taken_is_refused),
      TEST(what_can_not_be_shared_is_refused),
      TEST(a_snapshot_is_restored_as_one_batch),
      TEST(names_that_no_store_has_are_counted),
      TEST(a_snapshot_that_does_not_fit_changes_nothing),
      TEST(what_can_not_be_restored_of_a_snapshot_is_told),
      TEST(what_a_listener_fails_with_the_restore_fails_with),
      TEST(functions_may_meddle_with_a_restore),
      TEST(a_snapshot_may_be_restored_in_a_listener),
      TEST(a_snapshot_travels_between_lagoons),
      TEST(the_picture_shows_what_is_mounted),
      TEST(names_with_all_characters_can_be_drawn),
      TEST(a_large_graph_can_be_drawn),
      TEST(a_writer_can_stop_anywhere),
      TEST(the_figures_count),
      TEST(a_store_that_a_snapshot_does_not_name_stays),
      TEST(of_several_failures_of_a_restore_the_first_is_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
