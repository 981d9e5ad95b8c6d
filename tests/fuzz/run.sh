#!/bin/sh
# Runs the fuzzers: run.sh [SECONDS [TARGET...]]. Each gets so many seconds (60); without a TARGET,
# all of tests/fuzz/*_fuzz.c run, one after the other. They begin with what is in corpus/TARGET, keep
# what they learn in build/fuzz/TARGET/corpus, and leave an input that breaks something in
# build/fuzz/TARGET, where `build/fuzz/TARGET/run FILE` shows it again. SEED=... in the environment makes
# them begin alike each time. Prints a line for each target; the exit status is 1 if one found something.
set -eu
cd "$(dirname "$0")/../.."
SECONDS_EACH=${1:-60}
[ $# -gt 0 ] && shift
if [ $# = 0 ]; then
  for file in tests/fuzz/*_fuzz.c; do
    set -- "$@" "$(basename "$file" _fuzz.c)"
  done
fi

MAX_SIZE=4096   # bytes of an input
MAX_MEMORY=1024 # megabytes
MAX_TIME=20     # seconds for one input

compile() {
  clang -std=c11 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -g -O1 \
    -fno-omit-frame-pointer -fno-sanitize-recover=all -pthread -Iinclude -Isrc "$@"
}

# The library, and what the tests share, into build/fuzz/lib.
build_library() {
  mkdir -p build/fuzz/lib
  rm -f build/fuzz/lib/*
  for file in src/*.c tests/c/*.c; do
    case $file in
      */wasm.c | *_test.c) ;;
      *) compile -fsanitize=fuzzer-no-link,address,undefined -c "$file" \
        -o "build/fuzz/lib/$(basename "$file" .c).o" ;;
    esac
  done
  ar rcs build/fuzz/lib/liblagoon.a build/fuzz/lib/*.o
}

# build TARGET: its files into build/fuzz/TARGET/run
build() {
  mkdir -p "build/fuzz/$1/corpus"
  [ ! -d "tests/fuzz/corpus/$1" ] || cp "tests/fuzz/corpus/$1"/* "build/fuzz/$1/corpus"
  compile -fsanitize=fuzzer,address,undefined "tests/fuzz/$1"_*.c build/fuzz/lib/liblagoon.a \
    -lcmocka -ljansson -lm -o "build/fuzz/$1/run"
}

# fuzz TARGET: runs it, and prints its line
fuzz() {
  home=build/fuzz/$1
  if "$home/run" -max_total_time="$SECONDS_EACH" -max_len=$MAX_SIZE -rss_limit_mb=$MAX_MEMORY \
    -timeout=$MAX_TIME -seed="${SEED:-0}" -print_final_stats=1 -artifact_prefix="$home/" \
    "$home/corpus" >"$home/log" 2>&1; then
    inputs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$home/log")
    echo "$1: $inputs inputs in $SECONDS_EACH s, nothing found"
  else
    echo "$1: FAILED, see $home/log"
    sed -n 's/.*\(ERROR: .*\)/  \1/p; s/.*Test unit written to /  input: /p' "$home/log"
    return 1
  fi
}

build_library
status=0
for target; do
  build "$target"
  fuzz "$target" || status=1
done
exit $status
