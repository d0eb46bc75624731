# Sourced by tests/run and benches/run: a private PostgreSQL cluster that ends with the script that started it.

find_postgres() {
    local bin
    for bin in "$(pg_config --bindir 2>/dev/null || true)" /usr/lib/postgresql/*/bin; do
        if [ -x "$bin/initdb" ]; then
            echo "$bin"
            return
        fi
    done
}

# PostgreSQL refuses to run as root.
as_postgres() {
    if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

cluster=""
stop_postgres() {
    if [ -n "$cluster" ]; then
        as_postgres "$postgres_bin/pg_ctl" -D "$cluster/data" -m immediate stop >/dev/null 2>&1 || true
        rm -rf "$cluster"
    fi
}

# Sets TEST_DATABASE_URL. Durable as a real server is: fsync and synchronous_commit stay on.
start_postgres() {
    postgres_bin="$(find_postgres)"
    cluster="$(mktemp -d "${TMPDIR:-/tmp}/sipas-postgres-XXXXXX")"
    trap stop_postgres EXIT
    if [ "$(id -u)" = 0 ]; then chown postgres "$cluster"; fi
    local port attempt
    (cd "$cluster" && as_postgres "$postgres_bin/initdb" -D "$cluster/data" -U sipas -A trust -E UTF8 --locale=C >/dev/null)
    for attempt in 1 2 3 4 5; do
        port=$((20000 + RANDOM % 20000))
        if (cd "$cluster" && as_postgres "$postgres_bin/pg_ctl" -D "$cluster/data" -w -l "$cluster/log" \
            -o "-p $port -k $cluster -c listen_addresses=127.0.0.1 -c max_connections=400" start >/dev/null); then
            export TEST_DATABASE_URL="postgres://sipas@127.0.0.1:$port/postgres"
            return
        fi
    done
    echo "the private PostgreSQL cluster did not start: $(tail -3 "$cluster/log")" >&2
    exit 3
}
