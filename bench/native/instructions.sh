#!/bin/sh
# Prints how many instructions an update takes: a figure that a busy machine does not change.
# sh bench/native/instructions.sh [PART OF A SHAPE'S NAME]; needs valgrind and build/bench/native.
# Each shape runs twice under callgrind, with a few updates and with more; the difference counts.
set -eu
cd "$(dirname "$0")/../.."
program=${BUILD:-build}/bench/native
part=${1:-}

# collected SHAPE LIBRARY COUNT: instructions in all. Nothing when it took more than a minute.
collected() {
  said=$(timeout 60 valgrind --tool=callgrind --callgrind-out-file=/dev/null \
    --max-stackframe=16777216 "$program" --only "$1" --library "$2" --count "$3" 2>&1) || return 0
  echo "$said" | sed -n 's/.*Collected : //p'
}

libraries=$("$program" --list | sed -n 's/^library //p')
printf '%-36s' 'instructions per update'
for library in $libraries; do printf '%14s' "$library"; done
printf '\n'
"$program" --list | sed -n 's/^shape //p' | while read -r stores shape; do
  case $shape in *"$part"*) ;; *) continue ;; esac
  case $shape in *100,000*) most=1 ;; *) most=100 ;; esac
  printf '%-36s' "$shape"
  for library in $libraries; do
    few=$(collected "$shape" "$library" 1)
    more=
    if [ "$few" ]; then more=$(collected "$shape" "$library" "$((1 + most))"); fi
    if [ "$more" ]; then
      printf '%14d' "$(((more - few) / most / stores))"
    else
      printf '%14s' 'over a minute'
    fi
  done </dev/null
  printf '\n'
done
