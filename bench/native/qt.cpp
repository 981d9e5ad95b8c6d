// Qt 6: QProperty with bindings that track what they read, and change handlers without
// std::function.
#include "shape.h"

#include <QtCore/QProperty>
#include <QtCore/QtGlobal>
#include <memory>
#include <vector>

struct bench_store {
  explicit bench_store(int initial) : value(initial) {}
  template <typename Functor> explicit bench_store(Functor binding) : value(binding) {}
  QProperty<int> value;
};

namespace {

struct Hear {
  bench_tally *tally;
  const QProperty<int> *value;
  int last;
  void operator()() { bench_hear(tally, &last, value->valueBypassingBindings()); }
};

using Listener = QPropertyChangeHandler<Hear>;

} // namespace

struct bench_graph {
  bench_tally *tally;
  std::vector<std::unique_ptr<bench_store>> stores;
  std::vector<std::unique_ptr<Listener>> listeners;

  template <typename Initial> bench_store *add(Initial initial) {
    stores.push_back(std::make_unique<bench_store>(initial));
    return stores.back().get();
  }
};

namespace {

bench_graph *begin(bench_tally *tally) { return new bench_graph{tally, {}, {}}; }

bench_store *atom(bench_graph *graph, int value) { return graph->add(value); }

bench_store *plus(bench_graph *graph, bench_store *source, int constant) {
  return graph->add([source, constant] { return source->value.value() + constant; });
}

bench_store *sum(bench_graph *graph, bench_store *left, bench_store *right) {
  return graph->add([left, right] { return left->value.value() + right->value.value(); });
}

void listen(bench_graph *graph, bench_store *store) {
  graph->listeners.push_back(
      std::make_unique<Listener>(store->value, Hear{graph->tally, &store->value, 0}));
}

int64_t write(bench_graph *graph, bench_store *atom, uint32_t from, uint32_t count) {
  int64_t checksum = 0;
  for (uint32_t i = 0; i < count; i++) {
    atom->value.setValue(bench_value(from + i));
    checksum += graph->tally->sum;
  }
  return checksum;
}

void end(bench_graph *graph) {
  while (!graph->listeners.empty())
    graph->listeners.pop_back();
  while (!graph->stores.empty())
    graph->stores.pop_back();
  delete graph;
}

} // namespace

const bench_library bench_qt = {"Qt", qVersion, begin, atom, plus, sum, listen, write, end};
