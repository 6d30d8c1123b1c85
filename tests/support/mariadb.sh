# SPDX-License-Identifier: EUPL-1.2
# A MariaDB of the test run's own: a temporary folder, a unix socket and a loopback port, gone at the end.

start_private_mariadb() {
  mariadb_folder="$(mktemp -d "${TMPDIR:-/tmp}/relais-mariadb.XXXXXX")"
  mariadb-install-db --no-defaults --datadir="$mariadb_folder/data" --user="$(id -un)" --auth-root-authentication-method=normal \
    --skip-test-db >"$mariadb_folder/install.log" 2>&1
  # Sync on commit as in production; small, and room for many test databases at once.
  mariadbd --no-defaults --user="$(id -un)" --datadir="$mariadb_folder/data" --socket="$mariadb_folder/sock" --skip-networking \
    --pid-file="$mariadb_folder/pid" --log-error="$mariadb_folder/err" --innodb-flush-log-at-trx-commit=1 \
    --innodb-buffer-pool-size=256M --innodb-log-file-size=96M --max-connections=500 --skip-log-bin >/dev/null 2>&1 &
  export RELAIS_TEST_MARIADB_SOCKET="$mariadb_folder/sock"
  for _ in $(seq 300); do
    mariadb -uroot -S "$RELAIS_TEST_MARIADB_SOCKET" -e 'SELECT 1' >/dev/null 2>&1 && return
    sleep 0.1
  done
  cat "$mariadb_folder/err" >&2
  return 1
}

stop_private_mariadb() {
  [ -e "$mariadb_folder/pid" ] && kill "$(cat "$mariadb_folder/pid")" 2>/dev/null
  wait 2>/dev/null || true
  rm -rf "$mariadb_folder"
}
