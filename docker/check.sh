#!/bin/sh
# Proves the image's layout without a container engine: copies what the last stage of Dockerfile copies into a new root,
# with a small Java runtime, makes everything but the home and /tmp read-only, starts the server there as user 10001
# without capabilities or the caller's environment, and runs the health check until it says yes.
# Usage, as root on Linux: docker/check.sh [JARS] [HOME]; JARS: the folder of jars (default: of the last build);
# HOME: one whose models are copied, as nothing is fetched here.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
source=$(dirname -- "$here")
jars=${1:-}
models=${2:-$HOME/.apprentice}/models
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

mkdir -p "$root/opt/apprentice/lib" "$root/var/lib" "$root/tmp" "$root/proc" "$root/dev" "$root/etc"
"${JAVA_HOME:?a JDK 25}/bin/jlink" --strip-debug --no-header-files --no-man-pages --output "$root/opt/java" \
  --add-modules java.se,jdk.unsupported,jdk.crypto.ec,jdk.zipfs,jdk.management,jdk.charsets,jdk.localedata
if [ -n "$jars" ]; then
  cp "$jars"/*.jar "$root/opt/apprentice/lib/"
else
  cp "$source"/server/target/lib/*.jar "$source"/server/target/apprentice-server-*.jar "$root/opt/apprentice/lib/"
fi
cp -r "$source/config" "$root/opt/apprentice/config"
cp "$here/healthcheck.sh" "$here/entrypoint.sh" "$root/opt/apprentice/"
mkdir -p "$root/var/lib/apprentice"
[ ! -d "$models" ] || cp -r "$models" "$root/var/lib/apprentice/models"
chown -R 10001:10001 "$root/var/lib/apprentice"
printf 'apprentice:x:10001:10001::/var/lib/apprentice:/bin/sh\n' >"$root/etc/passwd"
printf '127.0.0.1 localhost\n' >"$root/etc/hosts"
chmod 755 "$root"

cat >"$root/inside.sh" <<'INSIDE'
set -eu
mount --bind "$1" "$1"
for folder in usr bin lib lib64; do
  [ -e "/$folder" ] || continue
  mkdir -p "$1/$folder"
  mount --rbind "/$folder" "$1/$folder"
  mount -o remount,bind,ro "$1/$folder"
done
mount -t proc proc "$1/proc"
mount --rbind /dev "$1/dev"
mount -t tmpfs -o mode=1777,exec tmpfs "$1/tmp"
mount --bind "$1/var/lib/apprentice" "$1/var/lib/apprentice"
mount -o remount,bind,ro "$1/"
# Becomes that command, so that a signal to it reaches the server.
within() {
  exec chroot "$1" /usr/bin/setpriv --reuid 10001 --regid 10001 --clear-groups --bounding-set -all --no-new-privs \
    /usr/bin/env -i PATH=/opt/java/bin:/usr/bin:/bin HOME=/var/lib/apprentice APPRENTICE_ROOT=/opt/apprentice \
    APPRENTICE_HOME=/var/lib/apprentice DJL_CACHE_DIR=/var/lib/apprentice/djl APPRENTICE_LISTEN_PORT=18080 \
  sh "/opt/apprentice/$2" ${3:-}
}
if chroot "$1" /usr/bin/setpriv --reuid 10001 --clear-groups --regid 10001 /usr/bin/touch /opt/apprentice/written 2>/dev/null \
  || chroot "$1" /usr/bin/touch /opt/apprentice/written 2>/dev/null; then
  echo "check: the root is not read-only" >&2
  exit 1
fi
(within "$1" entrypoint.sh serve) &
server=$!
left=120
until (within "$1" healthcheck.sh) 2>/dev/null; do
  kill -0 "$server" 2>/dev/null || { echo "check: the server ended" >&2; exit 1; }
  left=$((left - 1))
  [ "$left" -gt 0 ] || { echo "check: not ready after 120 seconds" >&2; exit 1; }
  sleep 1
done
echo "check: ready, as user 10001 on a read-only root"
kill -TERM "$server"
wait "$server"
echo "check: stopped with exit code 0"
INSIDE
unshare --mount --net --pid --fork --kill-child sh -c 'ip link set lo up 2>/dev/null || ifconfig lo up 2>/dev/null || true; exec sh "$1/inside.sh" "$1"' sh "$root"
