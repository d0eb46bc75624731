# Recipes for people; CI calls tests/run. `just --list` shows them.
set shell := ["bash", "-euo", "pipefail", "-c"]

# List the recipes
default:
    @just --list

# Format, lints, documentation: what `tests/run` checks before its tests
check:
    cargo fmt --check
    cargo clippy --release --all-targets --quiet -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --release --no-deps --document-private-items --quiet

# All tests on SQLite
test:
    tests/run sqlite

# All tests on a private PostgreSQL, started and stopped here
test-postgres:
    tests/run postgres

# Everything that CI runs
all:
    tests/run

# Check every shipped form
forms:
    cargo run --release --quiet -- form check survey-forms/*.toml

# Requests per second on both databases, beside a handler that only parses
bench:
    benches/run

# Serve; for example: just run --listen 0.0.0.0:8080
run *options:
    cargo run --release -- serve {{ options }}

# Serve a made-up district; for example: just demo --responses 5000
demo *options:
    cargo run --release -- demo {{ options }}

# Licences, banned crates, sources (needs cargo-deny). Advisories need a network: cargo deny check advisories
audit:
    cargo deny --locked check bans licenses sources
