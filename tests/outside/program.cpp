// A class that keeps a count in a store and calls itself back, as a C++ program would.
#include <lagoon.h>

#include <cstdio>
#include <string>

class Cart {
public:
  Cart() : lagoon_(lg_lagoon_new(nullptr)), items_(lg_map(lagoon_)) {
    lg_listen(
        items_, [](const lg_change *change, void *ctx) { static_cast<Cart *>(ctx)->show(*change); },
        this);
  }
  Cart(const Cart &) = delete;
  Cart &operator=(const Cart &) = delete;
  ~Cart() { lg_lagoon_free(lagoon_); }

  void add(const std::string &id, int quantity) {
    auto before = lg_as_int(lg_get_key(items_, id.c_str()));
    lg_set_key(items_, id.c_str(), lg_int(before + quantity));
  }

private:
  void show(const lg_change &change) {
    std::printf("%s: %d\n", change.key, int(lg_as_int(lg_object_get(change.value, change.key))));
  }

  lg_lagoon *lagoon_;
  lg_store *items_;
};

int main() {
  Cart cart;
  cart.add("moon-lamp", 1);
  cart.add("moon-lamp", 2);
}
