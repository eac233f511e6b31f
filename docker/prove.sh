#!/bin/sh
# Runs the steps of the last stage of docker/Dockerfile without a container engine. The file itself is read, so that what
# is proven here is what the image does: its RUN, COPY, ENV and USER lines are executed in a new root, with a small Java
# runtime and this machine's system folders, read-only, in place of the base image; then everything but the volume and
# /tmp is made read-only, and its ENTRYPOINT and CMD run as its USER with its ENV and nothing else, without capabilities
# and network, until its HEALTHCHECK says yes. An instruction that is not understood ends it.
# Usage, as root on Linux: docker/prove.sh [JARS] [HOME]; JARS: a folder of jars in place of what the build stage makes
# (default: those of the last build); HOME: one whose models are copied, as nothing is fetched here.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
source=$(dirname -- "$here")
jars=${1:-}
models=${2:-$HOME/.apprentice}/models
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# what the build stage leaves
mkdir -p "$work/build/src/server/target/lib"
if [ -n "$jars" ]; then
  cp "$jars"/*.jar "$work/build/src/server/target/lib/"
  mv "$work"/build/src/server/target/lib/apprentice-server-*.jar "$work/build/src/server/target/"
else
  cp "$source"/server/target/lib/*.jar "$work/build/src/server/target/lib/"
  cp "$source"/server/target/apprentice-server-*.jar "$work/build/src/server/target/"
fi
cp -r "$source/config" "$source/docker" "$work/build/src/"

# what the base image brings
root=$work/root
mkdir -p "$root/opt" "$root/var/lib" "$root/tmp" "$root/proc" "$root/dev" "$root/etc"
"${JAVA_HOME:?a JDK 25}/bin/jlink" --strip-debug --no-header-files --no-man-pages --output "$root/opt/java" \
  --add-modules java.se,jdk.unsupported,jdk.crypto.ec,jdk.zipfs,jdk.management,jdk.charsets,jdk.localedata
printf 'root:x:0:0::/root:/bin/sh\n' >"$root/etc/passwd"
printf 'root:x:0:\n' >"$root/etc/group"
printf '127.0.0.1 localhost\n' >"$root/etc/hosts"
chmod 755 "$root"

# the last stage, one instruction a line
awk '/^[[:space:]]*(#|$)/ { next }
  { whole = whole $0 }
  sub(/\\$/, "", whole) { next }
  { if (whole ~ /^FROM /) steps = ""; steps = steps whole "\n"; whole = "" }
  END { printf "%s", steps }' "$here/Dockerfile" >"$work/steps"

cat >"$work/inside.sh" <<'INSIDE'
set -eu
work=$1
models=$2
root=$work/root
mount --bind "$root" "$root"
for folder in usr bin sbin lib lib64; do
  [ -e "/$folder" ] || continue
  mkdir -p "$root/$folder"
  mount --rbind "/$folder" "$root/$folder"
  mount -o remount,bind,ro "$root/$folder"
done
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=1777,exec tmpfs "$root/tmp"

words() { printf '%s\n' "$1" | sed 's/[]["]//g; s/,/ /g'; }
copy() { # --from=build SOURCE… TARGET
  [ "$1" = --from=build ] || { echo "prove: cannot copy $1" >&2; exit 1; }
  shift
  for target in "$@"; do :; done
  case $target in /*) ;; *) target=$directory/$target ;; esac
  while [ $# -gt 1 ]; do
    for from in $work/build$1; do
      if [ -d "$from" ]; then mkdir -p "$root$target" && cp -r "$from/." "$root$target"; else cp "$from" "$root$target"; fi
    done
    shift
  done
}
directory=/ environment='' user='' volume='' health='' start='' arguments=''
while read -r instruction rest; do
  echo "prove: $instruction $rest"
  case $instruction in
    FROM | EXPOSE) ;;
    RUN) chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin sh -c "$rest" ;;
    WORKDIR) directory=$rest && mkdir -p "$root$rest" ;;
    COPY) copy $rest ;;
    ENV) environment="$environment $rest" ;;
    USER) user=$rest ;;
    VOLUME) volume=$rest ;;
    HEALTHCHECK) health=$(words "${rest#*CMD }") ;;
    ENTRYPOINT) start=$(words "$rest") ;;
    CMD) arguments=$(words "$rest") ;;
    *) echo "prove: not understood" >&2 && exit 1 ;;
  esac
done <"$work/steps"

[ ! -d "$models" ] || cp -r "$models" "$root$volume/models"
chown -R "$user" "$root$volume"
mount --bind "$root$volume" "$root$volume"
mount -o remount,bind,ro "$root"
# Becomes that command, so that a signal to it reaches the server.
within() {
  exec chroot "$root" /usr/bin/setpriv --reuid "${user%:*}" --regid "${user#*:}" --clear-groups --bounding-set -all \
    --no-new-privs /usr/bin/env -i PATH=/opt/java/bin:/usr/bin:/bin HOME="$volume" $environment \
    APPRENTICE_LISTEN_PORT=18080 "$@"
}
if (within touch "$directory/written") 2>/dev/null || chroot "$root" touch "$directory/written" 2>/dev/null; then
  echo "prove: the root is not read-only" >&2
  exit 1
fi
(within $start $arguments) &
server=$!
left=${PROVE_SECONDS:-120}
until (within $health) 2>/dev/null; do
  kill -0 "$server" 2>/dev/null || { echo "prove: the server ended" >&2; exit 1; }
  left=$((left - 1))
  [ "$left" -gt 0 ] || { echo "prove: not ready in time" >&2; exit 1; }
  sleep 1
done
echo "prove: ready, as user $user on a read-only root"
kill -TERM "$server"
wait "$server"
echo "prove: stopped with exit code 0"
INSIDE
unshare --mount --net --pid --fork --kill-child sh -c \
  'ip link set lo up 2>/dev/null || ifconfig lo up 2>/dev/null || true; exec sh "$1/inside.sh" "$1" "$2"' sh "$work" "$models"
