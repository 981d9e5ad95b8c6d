#!/bin/sh
# Builds build/bench/native, with every library that is found; `make lib` comes first.
# sh bench/native/build.sh; CC, CXX, CFLAGS (-O2) and BUILD (build) are heeded.
set -eu
cd "$(dirname "$0")/../.."
build=${BUILD:-build}
cc=${CC:-gcc}
cxx=${CXX:-g++}
optimize=${CFLAGS:--O2}
warnings='-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror'
objects=
libraries=
defines=
link=$cc
mkdir -p "$build/bench"

# compile NAME [FLAG...]: a C file of this folder.
compile() {
  name=$1
  shift
  "$cc" -std=c11 $optimize $warnings -pthread "$@" -c "bench/native/$name.c" -o "$build/bench/$name.o"
  objects="$objects $build/bench/$name.o"
}

# use LIBRARY FLAG...: how to link one that was compiled.
use() {
  defines="$defines -DBENCH_$1"
  shift
  libraries="$libraries $*"
}

# Linked as a shared library, as the others are.
if [ -e "$build/liblagoon.so" ]; then
  compile lagoon -Iinclude
  use LAGOON "-L$build" -llagoon '-Wl,-rpath,$ORIGIN/..'
else
  echo 'Lagoon is left out: there is no liblagoon.so in BUILD (make lib)'
fi

if pkg-config --exists Qt6Core; then
  "$cxx" -std=c++17 $optimize -Wall -Wextra -Wshadow -Werror -fPIC \
    $(pkg-config --cflags Qt6Core) -c bench/native/qt.cpp -o "$build/bench/qt.o"
  objects="$objects $build/bench/qt.o"
  use QT $(pkg-config --libs Qt6Core)
  link=$cxx
else
  echo 'Qt is left out: pkg-config finds no Qt6Core (Debian: qt6-base-dev)'
fi

if pkg-config --exists gobject-2.0; then
  # Its macros are not made for these warnings, unless its headers count as the system's.
  compile gobject $(pkg-config --cflags gobject-2.0 | sed 's/-I/-isystem /g')
  use GOBJECT $(pkg-config --libs gobject-2.0)
else
  echo 'GObject is left out: pkg-config finds no gobject-2.0 (Debian: libglib2.0-dev)'
fi

compile shapes
compile worker
compile report "-DBENCH_COMPILER=\"$("$cc" --version | sed 's/"//g;1q') $optimize\""
compile main $defines
"$link" -pthread $objects $libraries -lm -o "$build/bench/native"
