# Lagoon. `make help` lists what there is to do here.

PORT ?= 4321
PREFIX ?= /usr/local
DESTDIR ?=

# The set-up puts a Node there when the machine's own is too old (see scripts/setup.sh).
export PATH := $(CURDIR)/.node/bin:$(PATH)
export ASTRO_TELEMETRY_DISABLED := 1

WASM_CFLAGS := --target=wasm32 -std=c11 -Oz -mbulk-memory -nostdlib -ffreestanding -DLG_ADDRESSES \
	-fvisibility=hidden -flto -Wall -Wextra -Wpedantic -Wshadow -Werror
WASM_LDFLAGS := --no-entry -z stack-size=0 --global-base=16 --lto-O3 --gc-sections --strip-all

C_FILES := $(wildcard src/*.[ch] tests/graph/*.[ch])
SHOP := examples/storefront
SHOP_FILES = $(shell find $(SHOP)/src $(SHOP)/public $(SHOP)/astro.config.js -type f)
JS_FILES = $(filter-out %.test.js %.test-d.ts,$(wildcard js/*.js js/*.d.ts))

.PHONY: all run test lint format size bench clean install help clang-format test-graph \
	test-graph-sanitized test-graph-valgrind

all: js/engine.js ## build the engine into js/, which can then be imported in place

help: ## list these targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

run: js/engine.js $(SHOP)/dist/.built ## build the storefront and serve it on PORT (4321)
	@node scripts/serve.js $(PORT)

test: ## run every check and test; ends with `N passed, N failed`
	@sh scripts/setup.sh test
	@$(MAKE) --no-print-directory js/engine.js $(SHOP)/dist/.built
	@node tests/run.js

lint: setup-test ## check formatting and style, change nothing
	npx prettier --check --log-level warn .
	npx eslint .
	clang-format --dry-run -Werror $(C_FILES)

format: setup-test ## format everything
	npx prettier --write --log-level warn .
	clang-format -i $(C_FILES)

size: js/engine.js ## print what a page pays for Lagoon, side by side with Nano Stores
	@node scripts/size.js

bench: js/engine.js ## measure updates side by side with Nano Stores; SHAPE=... for one
	@NODE_ENV=production node bench/run.js $(SHAPE)

install: js/engine.js ## put the npm package into PREFIX/lib/node_modules, below DESTDIR
	@mkdir -p build '$(DESTDIR)$(PREFIX)/lib/node_modules/lagoon'
	rm -rf build/lagoon-*.tgz '$(DESTDIR)$(PREFIX)/lib/node_modules/lagoon'/*
	cd js && npm pack --silent --pack-destination ../build
	tar -xzf build/lagoon-*.tgz --strip-components 1 -C '$(DESTDIR)$(PREFIX)/lib/node_modules/lagoon'

# The engine's own tests: plain, with every sanitizer, under valgrind. LG_GRAPHS says how many random
# graphs, LG_SEED where to begin: always at the same place here, so that a change is what turns it red.
export LG_SEED ?= 1
C_FLAGS := -std=c11 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -g
ENGINE := src/graph.c src/graph_check.c tests/graph/checked.c
GRAPH_TEST := tests/graph/graph_test.c $(ENGINE)
GRAPH_RANDOM := tests/graph/graph_random.c tests/graph/world.c tests/graph/model.c $(ENGINE)
SANITIZE := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all

clang-format:
	clang-format --dry-run -Werror $(C_FILES)

test-graph:
	@mkdir -p build
	clang $(C_FLAGS) -fsyntax-only $(GRAPH_TEST) $(GRAPH_RANDOM)
	gcc $(C_FLAGS) -O2 $(GRAPH_TEST) -o build/graph_test -lcmocka
	gcc $(C_FLAGS) -O2 $(GRAPH_RANDOM) -o build/graph_random
	build/graph_test
	build/graph_random

test-graph-sanitized:
	@mkdir -p build
	gcc $(C_FLAGS) $(SANITIZE) $(GRAPH_TEST) -o build/graph_test_san -lcmocka
	gcc $(C_FLAGS) $(SANITIZE) $(GRAPH_RANDOM) -o build/graph_random_san
	build/graph_test_san
	build/graph_random_san

test-graph-valgrind: test-graph
	valgrind -q --error-exitcode=1 --leak-check=full build/graph_test
	LG_GRAPHS=1000 valgrind -q --error-exitcode=1 --leak-check=full build/graph_random

clean: ## remove what was built; node_modules and .node stay
	rm -rf build js/engine.js $(SHOP)/dist $(SHOP)/.astro

setup-%:
	@sh scripts/setup.sh $*

node_modules/.package-lock.json: package.json package-lock.json js/package.json $(SHOP)/package.json
	@sh scripts/setup.sh build

build/graph.wasm: src/graph.c src/graph.h src/wasm.c Makefile | node_modules/.package-lock.json
	@sh scripts/setup.sh build
	@mkdir -p build
	clang $(WASM_CFLAGS) -c src/wasm.c -o build/wasm.o
	clang $(WASM_CFLAGS) -c src/graph.c -o build/graph.o
	wasm-ld $(WASM_LDFLAGS) build/wasm.o build/graph.o -o build/linked.wasm
	wasm-opt -Oz --converge --enable-bulk-memory --strip-producers build/linked.wasm -o $@

js/engine.js: build/graph.wasm scripts/embed.js
	node scripts/embed.js build/graph.wasm > $@.part
	@mv $@.part $@

$(SHOP)/dist/.built: $(SHOP_FILES) $(JS_FILES) js/engine.js node_modules/.package-lock.json
	cd $(SHOP) && npx astro build
	@touch $@
