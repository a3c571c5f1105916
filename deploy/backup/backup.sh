#!/bin/sh
# Writes a backup of the store to standard output: one moment of it, while everything runs.
#
#   docker compose exec -T redis sh -s <deploy/backup/backup.sh >lockstep.rdb
#
# REDIS_PORT (default 6379), REDISCLI_AUTH or the password file of the compose installation, TMPDIR (default /data).
set -eu

secret=/run/secrets/redis/password
if [ -z "${REDISCLI_AUTH:-}" ] && [ -r "$secret" ]; then
  REDISCLI_AUTH=$(cat "$secret")
  export REDISCLI_AUTH
fi

# Through a file, so that what was cut off never looks like a backup.
TMPDIR=${TMPDIR:-/data}
export TMPDIR
file=$(mktemp)
trap 'rm -f "$file"' EXIT
redis-cli -p "${REDIS_PORT:-6379}" --rdb "$file" >&2
redis-check-rdb "$file" >&2
cat "$file"
