#!/bin/sh
# Makes a backup from standard input the data of a Redis that does not run.
#
#   docker compose run --rm --no-deps --no-TTY --volume ./deploy/backup:/backup:ro --entrypoint sh redis \
#     /backup/restore.sh /data <lockstep.rdb
set -eu

folder=${1:?name the folder of the data}
aof=$folder/appendonlydir
if [ -e "$aof" ]; then
  echo "restore: $aof is there already: restore into an empty folder, or move it away" >&2
  exit 1
fi

# Redis with an append-only file reads nothing else: the backup becomes the base of one.
part=$folder/restoring
trap 'rm -rf "$part"' EXIT
mkdir "$part"
cat >"$part/appendonly.aof.1.base.rdb"
redis-check-rdb "$part/appendonly.aof.1.base.rdb" >&2
echo 'file appendonly.aof.1.base.rdb seq 1 type b' >"$part/appendonly.aof.manifest"
mv "$part" "$aof"
