# Lagoon. `make help` lists what there is to do here.

PORT ?= 4321
PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
MANDIR ?= $(PREFIX)/share/man
DESTDIR ?=

# The set-up puts a Node there when the machine's own is too old (see scripts/setup.sh).
export PATH := $(CURDIR)/.node/bin:$(PATH)
export ASTRO_TELEMETRY_DISABLED := 1

WASM_CFLAGS := --target=wasm32 -std=c11 -Oz -mbulk-memory -nostdlib -ffreestanding -DLG_ADDRESSES \
	-fvisibility=hidden -flto -Wall -Wextra -Wpedantic -Wshadow -Werror
WASM_LDFLAGS := --no-entry -z stack-size=0 --global-base=16 --lto-O3 --gc-sections --strip-all

C_FILES := $(wildcard include/*.h src/*.[ch] tests/graph/*.[ch] tests/c/*.[ch] tests/fuzz/*.[ch] \
	tests/outside/*.c tests/outside/*.cpp examples/c/*.[ch] examples/c/*/*.[ch] \
	bench/native/*.[ch] bench/native/*.cpp)
ENGINES := js/engine.js js/engine-node.js js/engine-no-wasm.js js/engine.wasm
STANDALONE := js/standalone.js js/standalone-no-wasm.js
PACKAGE := $(ENGINES) $(STANDALONE) js/devalue.js
SHOP := examples/storefront
SHOP_FILES = $(shell find $(SHOP)/src $(SHOP)/public $(SHOP)/astro.config.js -type f)
JS_FILES = $(filter-out %.test.js %.test-d.ts $(PACKAGE),$(wildcard js/*.js js/*.d.ts))

.PHONY: bench-requests graph-programs all run dev test lint format size bench clean help clang-format test-graph \
	test-graph-sanitized test-graph-valgrind lib man install install-c install-npm uninstall \
	uninstall-c uninstall-npm bench-native examples firmware fuzz test-c test-c-sanitized test-c-valgrind \
	test-c-tsan coverage FORCE
.DELETE_ON_ERROR:

all: $(PACKAGE) ## build the engine into js/, which can then be imported in place

help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

run: js/engine.js $(SHOP)/dist/.built ## build the storefront and serve it on PORT (4321)
	@node scripts/serve.js $(PORT)

dev: js/engine.js js/devalue.js ## serve the storefront's sources on PORT, and follow their changes
	cd $(SHOP) && npx astro dev --port $(PORT)

test: ## run every check and test; ends with `N passed, N failed`
	@sh scripts/setup.sh test
	@$(MAKE) --no-print-directory $(PACKAGE) $(SHOP)/dist/.built
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

BENCH_OPTIONS = $(if $(SHAPE),--shape '$(SHAPE)') $(if $(PEERS),--peers '$(PEERS)')

bench: $(PACKAGE) ## measure side by side with other libraries, SHAPE=... or PEERS=... for some; and what a lagoon costs a request
	@NODE_ENV=production node bench/run.js $(BENCH_OPTIONS)
	@if [ ! "$(SHAPE)$(PEERS)" ]; then \
		node bench/memory.js && node bench/browsers.js && node bench/figures.js && \
		$(MAKE) --no-print-directory bench-requests; \
	fi

bench-requests: $(PACKAGE) ## measure requests per second with and without a lagoon for each
	@sh scripts/setup.sh bench
	@node bench/requests.js

install: install-c install-npm ## install the C library, its manual, and the npm package below PREFIX

uninstall: uninstall-c uninstall-npm ## remove what install put there

NPM_HOME = $(DESTDIR)$(PREFIX)/lib/node_modules/lagoon

install-npm: $(PACKAGE)
	@mkdir -p build '$(NPM_HOME)'
	rm -rf build/lagoon-*.tgz '$(NPM_HOME)'/*
	cd js && npm pack --silent --pack-destination ../build
	tar -xzf build/lagoon-*.tgz --strip-components 1 -C '$(NPM_HOME)'

uninstall-npm:
	rm -rf '$(NPM_HOME)'

# The engine's own tests: plain, with every sanitizer, under valgrind. LG_GRAPHS says how many random
# graphs, LG_SEED where to begin: always at the same place here, so that a change is what turns it red.
export LG_SEED ?= 1
C_WARNINGS := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
C_FLAGS := -std=c11 $(C_WARNINGS) -g
ENGINE := src/graph.c src/graph_check.c tests/graph/checked.c
GRAPH_TEST := tests/graph/graph_test.c $(ENGINE)
GRAPH_RANDOM := tests/graph/graph_random.c tests/graph/world.c tests/graph/model.c $(ENGINE)
SANITIZE := -O2 -fsanitize=address,undefined -fno-sanitize-recover=all

clang-format:
	clang-format --dry-run -Werror $(C_FILES)

graph-programs:
	@mkdir -p build
	clang $(C_FLAGS) -fsyntax-only $(GRAPH_TEST) $(GRAPH_RANDOM)
	gcc $(C_FLAGS) -O2 $(GRAPH_TEST) -o build/graph_test -lcmocka
	gcc $(C_FLAGS) -O2 $(GRAPH_RANDOM) -o build/graph_random

test-graph: graph-programs
	build/graph_test
	build/graph_random

test-graph-sanitized: export LG_GRAPHS ?= 6000
test-graph-sanitized:
	@mkdir -p build
	gcc $(C_FLAGS) $(SANITIZE) $(GRAPH_TEST) -o build/graph_test_san -lcmocka
	gcc $(C_FLAGS) $(SANITIZE) $(GRAPH_RANDOM) -o build/graph_random_san
	build/graph_test_san
	build/graph_random_san

test-graph-valgrind: graph-programs
	valgrind -q --error-exitcode=1 --leak-check=full build/graph_test
	LG_GRAPHS=300 valgrind -q --error-exitcode=1 --leak-check=full build/graph_random

# ---- The C library ------------------------------------------------------------------------------
# CC, CFLAGS, CPPFLAGS and LDFLAGS are heeded. JSON=no leaves Jansson out. BUILD is where all goes.

ifeq ($(origin CC),default)
CC := gcc
endif
CFLAGS ?= -O2 -DNDEBUG
# The calls between files are inlined when all is linked; the objects can also be linked without.
LTO ?= $(if $(findstring Free Software,$(shell $(CC) --version)),-flto=2 -ffat-lto-objects)
JSON ?= yes
BUILD ?= build

VERSION := $(shell sed -n 's/^ *"version": "\(.*\)",/\1/p' js/package.json)
SONAME := liblagoon.so.$(firstword $(subst ., ,$(VERSION)))
LIB_SOURCES := $(filter-out src/wasm.c src/graph_check.c,$(wildcard src/*.c))
ifeq ($(JSON),no)
JSON_CFLAGS := -DLG_NO_JSON
else
JSON_CFLAGS = $(shell pkg-config --cflags jansson)
JSON_LIBS = $(shell pkg-config --libs jansson)
endif

LIB_STATIC := $(BUILD)/liblagoon.a
LIB_SHARED := $(BUILD)/liblagoon.so.$(VERSION)
LIB_OBJECTS := $(LIB_SOURCES:src/%.c=$(BUILD)/lib/%.o)

lib: $(LIB_STATIC) $(LIB_SHARED) ## build the C library, static and shared; JSON=no without Jansson

# Says with what the objects were made; they are made anew when that changes.
$(BUILD)/lib/flags: FORCE
	@JSON='$(JSON)' sh scripts/setup.sh lib
	@mkdir -p $(@D)
	@echo '$(CC) $(CPPFLAGS) $(CFLAGS) $(LTO) $(LDFLAGS) JSON=$(JSON)' > $@.$$$$; \
		if cmp -s $@.$$$$ $@; then rm $@.$$$$; else mv $@.$$$$ $@; fi

$(BUILD)/lib/%.o: src/%.c $(BUILD)/lib/flags Makefile
	$(CC) -std=c11 $(C_WARNINGS) -fPIC -fno-semantic-interposition $(JSON_CFLAGS) $(CPPFLAGS) \
		$(CFLAGS) $(LTO) -MMD -MP -c $< -o $@

$(LIB_STATIC): $(LIB_OBJECTS)
	rm -f $@
	$(AR) rcs $@ $^

# Exports what liblagoon.map lists; what is listed must be there.
$(LIB_SHARED): $(LIB_OBJECTS) src/liblagoon.map
	$(CC) $(CFLAGS) $(LTO) $(LDFLAGS) -shared -Wl,-soname,$(SONAME) -Wl,--version-script=src/liblagoon.map \
		-Wl,--no-undefined-version -Wl,-z,defs -Wl,-Bsymbolic-functions $(LIB_OBJECTS) -o $@ $(JSON_LIBS)
	ln -sf $(@F) $(BUILD)/$(SONAME)
	ln -sf $(@F) $(BUILD)/liblagoon.so

-include $(LIB_OBJECTS:.o=.d)

man: $(BUILD)/man/list ## write the manual pages of the C library into build/man

$(BUILD)/man/list: scripts/man.js scripts/header.js include/lagoon.h js/package.json
	@sh scripts/setup.sh man
	node scripts/man.js $(BUILD)/man
	@ls $(BUILD)/man/man3 > $@

# Fills in a file that is to be installed. What is below PREFIX is told by its way from there.
CMAKE_HOME = $(LIBDIR)/cmake/Lagoon
way_from = $$(realpath -ms --relative-to='$(1)' '$(2)')
fill = sed -e 's|@PREFIX@|$(PREFIX)|' -e "s|@LIB@|$(call way_from,$(PREFIX),$(LIBDIR))|" \
	-e "s|@INCLUDE@|$(call way_from,$(PREFIX),$(INCLUDEDIR))|" \
	-e "s|@UP@|$(call way_from,$(CMAKE_HOME),$(PREFIX))|" -e 's|@VERSION@|$(VERSION)|' \
	-e 's|@SONAME@|$(SONAME)|' -e 's|@REQUIRES@|$(if $(JSON_LIBS),jansson)|'

bench-native: lib ## measure the C library side by side with Qt and GObject, as far as they are installed
	@sh bench/native/build.sh
	@build/bench/native --json bench/results/native.json
	@node bench/native/chart.js bench/results/native.json bench/results/native.svg

install-c: lib man
	install -d '$(DESTDIR)$(INCLUDEDIR)' '$(DESTDIR)$(LIBDIR)/pkgconfig' '$(DESTDIR)$(CMAKE_HOME)' \
		'$(DESTDIR)$(MANDIR)/man3'
	install -m 644 include/lagoon.h '$(DESTDIR)$(INCLUDEDIR)'
	install -m 644 $(LIB_STATIC) $(LIB_SHARED) '$(DESTDIR)$(LIBDIR)'
	ln -sf $(notdir $(LIB_SHARED)) '$(DESTDIR)$(LIBDIR)/$(SONAME)'
	ln -sf $(SONAME) '$(DESTDIR)$(LIBDIR)/liblagoon.so'
	$(fill) lagoon.pc.in | sed '/^[a-z]*=/s/ /\\ /g' > '$(DESTDIR)$(LIBDIR)/pkgconfig/lagoon.pc'
	for file in Config ConfigVersion Targets; do \
		$(fill) cmake/Lagoon$$file.cmake.in > '$(DESTDIR)$(CMAKE_HOME)'/Lagoon$$file.cmake || exit; \
	done
	install -m 644 $(BUILD)/man/man3/*.3 '$(DESTDIR)$(MANDIR)/man3'

uninstall-c: man
	rm -f '$(DESTDIR)$(INCLUDEDIR)/lagoon.h' '$(DESTDIR)$(LIBDIR)/pkgconfig/lagoon.pc'
	for file in liblagoon.a liblagoon.so $(SONAME) $(notdir $(LIB_SHARED)); do \
		rm -f '$(DESTDIR)$(LIBDIR)'/$$file; \
	done
	rm -rf '$(DESTDIR)$(CMAKE_HOME)'
	pages=$$(cat $(BUILD)/man/list); ! cd '$(DESTDIR)$(MANDIR)/man3' || rm -f $$pages

# ---- Small programs that use the library ---------------------------------------------------------
# examples/c/NAME.c, or all files of examples/c/NAME/, become build/examples/NAME.

EXAMPLE_FLAGS := -std=c11 -O2 -g $(C_WARNINGS) -Iinclude -pthread
EXAMPLES := $(patsubst examples/c/%.c,$(BUILD)/examples/%,$(wildcard examples/c/*.c)) \
	$(patsubst examples/c/%/,$(BUILD)/examples/%,$(dir $(wildcard examples/c/*/*.c)))

examples: $(sort $(EXAMPLES)) ## build the examples of examples/c into build/examples

.SECONDEXPANSION:
$(BUILD)/examples/%: $$(wildcard examples/c/$$*.c examples/c/$$*/*.[ch]) include/lagoon.h \
		$(LIB_STATIC) Makefile
	@mkdir -p $(@D)
	curses=; if grep -q 'curses\.h' $(filter examples/%,$^); then curses=ncursesw; fi; \
	$(CC) $(EXAMPLE_FLAGS) $${curses:+$$(pkg-config --cflags $$curses)} $(filter %.c,$^) $(LIB_STATIC) \
		-o $@ $(JSON_LIBS) $${curses:+$$(pkg-config --libs $$curses)}

# ---- The library's own tests --------------------------------------------------------------------
# Each tests/c/*_test.c is a program; what else is in tests/c is linked with all of them. They are
# built in several ways below build/c. TEST=json takes only json_test.

TEST ?= *
TEST_NAMES := $(patsubst tests/c/%.c,%,$(wildcard tests/c/$(TEST)_test.c))
THREAD_NAMES := $(filter post_test,$(patsubst tests/c/%.c,%,$(wildcard tests/c/*_test.c)))
HELPERS := $(patsubst tests/c/%.c,%.o,$(filter-out %_test.c,$(wildcard tests/c/*.c)))
TEST_SOURCES := $(LIB_SOURCES) src/graph_check.c
TEST_FLAGS = -std=c11 $(C_WARNINGS) -g -pthread -Iinclude -Isrc $(JSON_CFLAGS)

# A way to build: its name, the compiler, flags.
define way
$(BUILD)/c/$(1)/src/%.o: src/%.c Makefile
	@mkdir -p $$(@D)
	$(2) $$(TEST_FLAGS) $(3) -MMD -MP -c $$< -o $$@

$(BUILD)/c/$(1)/tests/%.o: tests/c/%.c Makefile
	@mkdir -p $$(@D)
	$(2) $$(TEST_FLAGS) $(3) -MMD -MP -c $$< -o $$@

$(BUILD)/c/$(1)/liblagoon.a: $(TEST_SOURCES:src/%.c=$(BUILD)/c/$(1)/src/%.o)
	rm -f $$@
	$(AR) rcs $$@ $$^

$(BUILD)/c/$(1)/%_test: $(BUILD)/c/$(1)/tests/%_test.o $(HELPERS:%=$(BUILD)/c/$(1)/tests/%) \
		$(BUILD)/c/$(1)/liblagoon.a
	$(2) $(3) -pthread $$^ -o $$@ -lcmocka $$(JSON_LIBS) -lm

-include $(wildcard $(BUILD)/c/$(1)/*/*.d)
endef

$(eval $(call way,debug,gcc,-O2))
$(eval $(call way,release,clang,-O2 -DNDEBUG))
$(eval $(call way,asan,gcc,$(SANITIZE)))
$(eval $(call way,tsan,gcc,-O1 -fsanitize=thread))
$(eval $(call way,coverage,gcc,-O0 --coverage))
.SECONDARY:

# Runs programs, each with a time limit, all of them also when one fails: programs, a command before.
define run_each
@failed=; for program in $(1); do \
	echo "--- $$program"; timeout -k 5 240 $(2) $$program || failed="$$failed $$program"; \
done; if [ "$$failed" ]; then echo "failed:$$failed"; exit 1; fi
endef

# On some kernels the thread sanitizer finds no place for its memory unless addresses are fixed.
FIXED_ADDRESSES = $(shell setarch -R true 2>/dev/null && echo setarch -R)

test-c: $(TEST_NAMES:%=$(BUILD)/c/debug/%) $(TEST_NAMES:%=$(BUILD)/c/release/%)
	$(call run_each,$^)

# Where a tool makes all slow, random programs are fewer and shorter: the plain run has many.
test-c-sanitized: export LG_STEPS ?= 60000
test-c-sanitized: export LG_PROGRAMS ?= 300
test-c-valgrind: export LG_STEPS ?= 2000
test-c-valgrind: export LG_PROGRAMS ?= 15

test-c-sanitized: $(TEST_NAMES:%=$(BUILD)/c/asan/%)
	$(call run_each,$^)

test-c-valgrind: $(TEST_NAMES:%=$(BUILD)/c/debug/%)
	$(call run_each,$^,valgrind -q --error-exitcode=1 --leak-check=full)

test-c-tsan: $(THREAD_NAMES:%=$(BUILD)/c/tsan/%)
	$(call run_each,$^,$(FIXED_ADDRESSES))

# Every branch of these files must be taken by the tests that are meant for them.
COVERED := graph value list object container array index trie
COVERING := list object small value
COVERAGE := $(BUILD)/c/coverage
GRAPH_COVERED = $(C_FLAGS) -O0 --coverage

coverage: $(COVERING:%=$(COVERAGE)/%_test) ## show the branches of the engine and the values that no test takes
	@find $(COVERAGE) -name '*.gcda' -delete
	@mkdir -p $(COVERAGE)/graph
	@gcc $(GRAPH_COVERED) $(GRAPH_TEST) -o $(COVERAGE)/graph/test -lcmocka
	@gcc $(GRAPH_COVERED) $(GRAPH_RANDOM) -o $(COVERAGE)/graph/random
	@for program in $(COVERING:%=%_test) graph/test graph/random; do \
		LG_STEPS=3000 LG_GRAPHS=500 timeout 60 $(COVERAGE)/$$program > $(COVERAGE)/log 2>&1 || \
			{ cat $(COVERAGE)/log; exit 1; }; \
	done
	@node tests/coverage.js $(COVERAGE) $(COVERED)

SECONDS ?= 60
TARGET ?=
fuzz: ## feed random input to the C library, SECONDS (60) for each fuzzer; TARGET=json for one
	@sh tests/fuzz/run.sh $(SECONDS) $(TARGET)

# ---- The library without libc -------------------------------------------------------------------
# For a small ARM board: one object, which needs nothing but a few functions that compilers call.

FIRMWARE_CC := arm-none-eabi-gcc
FIRMWARE_FLAGS := -std=c11 $(C_WARNINGS) -mcpu=cortex-m4 -mthumb -Os -ffreestanding -DLG_NO_LIBC \
	-DLG_NO_JSON -DNDEBUG
FIRMWARE_NEEDS := memcpy|memcmp|memset|memmove|strlen|strcmp|strncmp|strcspn|__aeabi_[a-z0-9_]+

firmware: $(BUILD)/firmware/liblagoon.o ## build the C library for a Cortex-M4 without libc; prints its size

$(BUILD)/firmware/%.o: src/%.c Makefile
	@mkdir -p $(@D)
	$(FIRMWARE_CC) $(FIRMWARE_FLAGS) -MMD -MP -c $< -o $@

$(BUILD)/firmware/liblagoon.o: $(LIB_SOURCES:src/%.c=$(BUILD)/firmware/%.o)
	$(FIRMWARE_CC) -mcpu=cortex-m4 -mthumb -nostdlib -r $^ -o $@
	@arm-none-eabi-size $@ | awk 'NR == 2 { print $$1 " bytes of code, " $$2 + $$3 " of data" }'
	@foreign=$$(arm-none-eabi-nm -u $@ | awk '{ print $$2 }' | grep -Evx '$(FIRMWARE_NEEDS)'); \
	if [ "$$foreign" ]; then echo "not to be had without libc:" $$foreign; exit 1; fi

-include $(wildcard $(BUILD)/firmware/*.d)

clean: ## remove what was built; node_modules and .node stay
	rm -rf build $(PACKAGE) $(SHOP)/dist $(SHOP)/.astro

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
	wasm-opt -Oz --converge --enable-bulk-memory --strip-producers --reorder-functions build/linked.wasm -o $@

# For speed: nobody waits for the bytes of a server, and V8 compiles more than 4 KiB there, too.
build/graph-fast.wasm: build/graph.wasm
	clang $(WASM_CFLAGS) -O2 -c src/wasm.c -o build/wasm-fast.o
	clang $(WASM_CFLAGS) -O2 -c src/graph.c -o build/graph-fast.o
	wasm-ld $(WASM_LDFLAGS) build/wasm-fast.o build/graph-fast.o -o build/linked-fast.wasm
	wasm-opt -O3 --converge --enable-bulk-memory --strip-producers build/linked-fast.wasm -o $@

# Of a smaller page: a server has an engine for each request.
build/graph.wasm2js.js: build/graph.wasm
	clang $(WASM_CFLAGS) -DPAGE=4096u -c src/wasm.c -o build/wasm-small.o
	wasm-ld $(WASM_LDFLAGS) build/wasm-small.o build/graph.o -o build/small.wasm
	wasm-opt -Oz --converge --enable-bulk-memory build/small.wasm -o build/small.wasm
	wasm2js -O3 --enable-bulk-memory build/small.wasm -o $@

$(ENGINES) &: build/graph.wasm build/graph-fast.wasm build/graph.wasm2js.js scripts/embed.js
	node scripts/embed.js build/graph.wasm build/graph-fast.wasm build/graph.wasm2js.js

# The serializer goes into the package, which depends on none.
js/devalue.js: package-lock.json node_modules/.package-lock.json
	cd js && echo "export { stringify, unflatten } from 'devalue'" | npx esbuild --bundle --minify \
		--format=esm --banner:js="/* devalue, https://github.com/sveltejs/devalue$$(echo; echo; cat ../node_modules/devalue/LICENSE) */" \
		--outfile=$(@F) --log-level=warning

# For pages without a build step.
$(STANDALONE): $(JS_FILES) $(ENGINES)
	cd js && echo "export * from './index.js'; export * from './dom.js'" | npx esbuild --bundle --minify \
		--format=esm --define:process.env.NODE_ENV='"production"' $(CONDITION) --outfile=$(@F) --log-level=warning

js/standalone-no-wasm.js: CONDITION := --conditions=lagoon-no-wasm

$(SHOP)/dist/.built: $(SHOP_FILES) $(JS_FILES) $(wildcard js/astro/*) js/engine.js js/devalue.js \
		node_modules/.package-lock.json
	cd $(SHOP) && npx astro build
	@touch $@
