/*
** GObject: a property bound to one other by g_object_bind_property_full with a transform function,
** to several by a handler for `notify` of each. Writes go through a C setter, as in GTK's own code.
*/
#include "shape.h"

#include <glib-object.h>
#include <stdio.h>

struct bench_store {
  GObject parent;
  int value;
  bench_store *left, *right; /* what a sum adds; NULL for the others */
  gulong left_handler, right_handler;
};

typedef struct {
  GObjectClass parent;
} bench_storeClass; /* as G_DEFINE_TYPE calls it */

typedef struct listener {
  bench_tally *tally;
  bench_store *store;
  gulong handler;
  int last;
} listener;

struct bench_graph {
  bench_tally *tally;
  GPtrArray *stores;
  GPtrArray *listeners;
};

static GType bench_store_get_type(void);
G_DEFINE_TYPE(bench_store, bench_store, G_TYPE_OBJECT)

static GParamSpec *value_property;

static void set_value(bench_store *store, int value) {
  if (store->value == value) return;
  store->value = value;
  g_object_notify_by_pspec(&store->parent, value_property);
}

static void set_property(GObject *object, guint id, const GValue *value, GParamSpec *property) {
  (void)id, (void)property;
  set_value((bench_store *)object, g_value_get_int(value));
}

static void get_property(GObject *object, guint id, GValue *value, GParamSpec *property) {
  (void)id, (void)property;
  g_value_set_int(value, ((bench_store *)object)->value);
}

static void bench_store_class_init(bench_storeClass *class) {
  class->parent.set_property = set_property;
  class->parent.get_property = get_property;
  value_property =
      g_param_spec_int("value", NULL, NULL, G_MININT, G_MAXINT, 0,
                       G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_property(&class->parent, 1, value_property);
}

static void bench_store_init(bench_store *store) { (void)store; }

static bench_graph *begin(bench_tally *tally) {
  bench_graph *graph = g_new(bench_graph, 1);
  *graph = (bench_graph){tally, g_ptr_array_new(), g_ptr_array_new()};
  return graph;
}

static bench_store *atom(bench_graph *graph, int value) {
  bench_store *store = g_object_new(bench_store_get_type(), NULL);
  store->value = value;
  g_ptr_array_add(graph->stores, store);
  return store;
}

static gboolean add_constant(GBinding *binding, const GValue *from, GValue *to, gpointer constant) {
  (void)binding;
  g_value_set_int(to, g_value_get_int(from) + GPOINTER_TO_INT(constant));
  return TRUE;
}

static bench_store *plus(bench_graph *graph, bench_store *source, int constant) {
  bench_store *store = atom(graph, 0);
  g_object_bind_property_full(source, "value", store, "value", G_BINDING_SYNC_CREATE, add_constant,
                              NULL, GINT_TO_POINTER(constant), NULL);
  return store;
}

static void add_sources(GObject *source, GParamSpec *property, bench_store *store) {
  (void)source, (void)property;
  set_value(store, store->left->value + store->right->value);
}

static bench_store *sum(bench_graph *graph, bench_store *left, bench_store *right) {
  bench_store *store = atom(graph, left->value + right->value);
  store->left = left;
  store->right = right;
  store->left_handler = g_signal_connect(left, "notify::value", G_CALLBACK(add_sources), store);
  store->right_handler = g_signal_connect(right, "notify::value", G_CALLBACK(add_sources), store);
  return store;
}

static void hear(bench_store *store, GParamSpec *property, listener *to) {
  (void)property;
  bench_hear(to->tally, &to->last, store->value);
}

static void listen(bench_graph *graph, bench_store *store) {
  listener *to = g_new(listener, 1);
  *to = (listener){graph->tally, store, 0, 0};
  to->handler = g_signal_connect(store, "notify::value", G_CALLBACK(hear), to);
  g_ptr_array_add(graph->listeners, to);
}

static int64_t write(bench_graph *graph, bench_store *atom, uint32_t from, uint32_t count) {
  int64_t checksum = 0;
  for (uint32_t i = 0; i < count; i++) {
    set_value(atom, bench_value(from + i));
    checksum += graph->tally->sum;
  }
  return checksum;
}

static void end(bench_graph *graph) {
  for (guint i = graph->listeners->len; i-- > 0;) {
    listener *to = graph->listeners->pdata[i];
    g_signal_handler_disconnect(to->store, to->handler);
    g_free(to);
  }
  for (guint i = graph->stores->len; i-- > 0;) {
    bench_store *store = graph->stores->pdata[i];
    if (store->left != NULL) {
      g_signal_handler_disconnect(store->left, store->left_handler);
      g_signal_handler_disconnect(store->right, store->right_handler);
    }
    g_object_unref(store);
  }
  g_ptr_array_free(graph->listeners, TRUE);
  g_ptr_array_free(graph->stores, TRUE);
  g_free(graph);
}

static const char *version(void) {
  static char text[32];
  snprintf(text, sizeof text, "%u.%u.%u", glib_major_version, glib_minor_version,
           glib_micro_version);
  return text;
}

const bench_library bench_gobject = {"GObject", version, begin, atom, plus,
                                     sum,       listen,  write, end};
