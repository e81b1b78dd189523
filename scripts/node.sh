#!/bin/sh
# Runs its arguments with Node >= 24: the one that came with `npm ci`, else the one on PATH.
# Used by npm scripts; bin/* launchers share the same search, bin/.find-node.
here=$(cd "$(dirname "$0")" && pwd -P)
KCP_SYNCER_ROOT=$(dirname "$here")
. "$KCP_SYNCER_ROOT/bin/.find-node"
exec "$node" "$@"
