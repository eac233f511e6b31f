#!/bin/sh
# Hands over to Java as the launcher does. What is written goes to the home and to /tmp: the rest may be read-only.
set -eu
root=${APPRENTICE_ROOT:-/opt/apprentice}
# shellcheck disable=SC2086 # options are meant to be split
exec java \
  -XX:MaxRAMPercentage=15 \
  -Dai.djl.offline=true \
  -Djdk.http.auth.tunneling.disabledSchemes= \
  -Djava.util.logging.config.file="$root/config/logging.properties" \
  --enable-native-access=ALL-UNNAMED \
  -ea:dev.apprentice... \
  ${APPRENTICE_JAVA_OPTS:-} \
  -cp "$root/lib/*" \
  dev.apprentice.server.command.Main "$@"
