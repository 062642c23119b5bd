#!/usr/bin/env bash
# Builds the docdrift of this checkout, also if it is checked out as an action.
#   build.sh key          prints the cache key of a built binary
#   build.sh build FILE   builds it with the Rust version of Cargo.toml and copies it to FILE
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

toolchain=$(sed -n 's/^rust-version = "\([0-9.]*\)"$/\1/p' Cargo.toml)

case ${1:-} in
  key)
    files=$(find Cargo.toml Cargo.lock crates -type f | LC_ALL=C sort)
    { printf '%s\n' "$files"; git hash-object --no-filters --stdin-paths <<<"$files"; } | git hash-object --stdin
    ;;
  build)
    rustup toolchain install "$toolchain" --profile minimal --no-self-update
    target=${RUNNER_TEMP:-/tmp}/docdrift-target
    RUSTUP_TOOLCHAIN=$toolchain cargo build --release --locked --package docdrift --target-dir "$target"
    mkdir -p "$(dirname "$2")"
    cp "$target/release/docdrift" "$2"
    ;;
  *)
    echo "usage: build.sh key | build FILE" >&2
    exit 2
    ;;
esac
