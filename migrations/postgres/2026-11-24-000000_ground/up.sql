-- PostgreSQL. The same tables as in ../../sqlite, in the same order.

-- What the database says of itself: key id, demo mark, revisions that tell readers to look again.
CREATE TABLE meta (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
);

-- Published forms, kept whole. A row never changes.
CREATE TABLE form (
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    series INTEGER NOT NULL,
    file_name TEXT NOT NULL,
    source TEXT NOT NULL,
    hash BYTEA NOT NULL,
    published_day INTEGER NOT NULL,
    PRIMARY KEY (id, version)
);

CREATE TABLE unit_import (
    id BIGINT PRIMARY KEY NOT NULL,
    day INTEGER NOT NULL,
    file_name TEXT NOT NULL,
    changes TEXT NOT NULL,
    taken_back_day INTEGER
);

CREATE TABLE unit (
    code TEXT PRIMARY KEY NOT NULL,
    parent TEXT REFERENCES unit (code) DEFERRABLE INITIALLY DEFERRED,
    kind TEXT NOT NULL,
    names TEXT NOT NULL,
    form TEXT,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER
);

CREATE TABLE unit_successor (
    unit TEXT NOT NULL REFERENCES unit (code) DEFERRABLE INITIALLY DEFERRED,
    successor TEXT NOT NULL REFERENCES unit (code) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (unit, successor)
);

-- The right to answer once. Only receipts that may still be used, or whose retry key is still remembered.
-- A retry key is remembered with the week of its use (days since 1970-01-01 / 7), never the day: answers in
-- blocks know their day.
-- state: 0 issued, 1 used, 2 expired, 3 void, 4 replaced.
CREATE TABLE receipt (
    code_hash BYTEA PRIMARY KEY NOT NULL,
    unit TEXT NOT NULL,
    form TEXT NOT NULL,
    service_field TEXT NOT NULL,
    "procedure" TEXT NOT NULL,
    issued_day INTEGER NOT NULL,
    expires_day INTEGER NOT NULL,
    state SMALLINT NOT NULL CHECK (state BETWEEN 0 AND 4),
    retry_hash BYTEA,
    fingerprint BYTEA,
    retry_week INTEGER
);

-- Receipts that can no longer be used, until 90 days after their expiry.
CREATE TABLE receipt_past (
    code_hash BYTEA PRIMARY KEY NOT NULL,
    unit TEXT NOT NULL,
    form TEXT NOT NULL,
    service_field TEXT NOT NULL,
    "procedure" TEXT NOT NULL,
    issued_day INTEGER NOT NULL,
    expires_day INTEGER NOT NULL,
    state SMALLINT NOT NULL CHECK (state BETWEEN 1 AND 4)
);

-- Kept for ever; never written in a citizen's transaction. `used` counts those that have moved.
CREATE TABLE receipt_count (
    unit TEXT NOT NULL,
    form TEXT NOT NULL,
    service_field TEXT NOT NULL,
    month INTEGER NOT NULL,
    issued BIGINT NOT NULL,
    used BIGINT NOT NULL,
    expired BIGINT NOT NULL,
    void BIGINT NOT NULL,
    replaced BIGINT NOT NULL,
    PRIMARY KEY (unit, form, service_field, month)
);

-- Keys of submissions without a receipt, erased two weeks after the week of their use.
CREATE TABLE retry_key (
    key_hash BYTEA PRIMARY KEY NOT NULL,
    fingerprint BYTEA NOT NULL,
    week INTEGER NOT NULL
);

-- Answers that wait, sealed. class: 0 all channels but posters, 1 posters.
CREATE TABLE inbox (
    id BYTEA PRIMARY KEY NOT NULL,
    unit TEXT NOT NULL,
    form TEXT NOT NULL,
    version INTEGER NOT NULL,
    month INTEGER NOT NULL,
    class SMALLINT NOT NULL,
    sealed BYTEA NOT NULL
);

-- Blocks: runs of segments of which only the last is rewritten.
CREATE TABLE segment (
    unit TEXT NOT NULL,
    form TEXT NOT NULL,
    version INTEGER NOT NULL,
    month INTEGER NOT NULL,
    class SMALLINT NOT NULL,
    number INTEGER NOT NULL,
    responses INTEGER NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (unit, form, version, month, class, number)
);

CREATE TABLE tally (
    unit TEXT NOT NULL,
    form TEXT NOT NULL,
    version INTEGER NOT NULL,
    month INTEGER NOT NULL,
    class SMALLINT NOT NULL,
    responses BIGINT NOT NULL,
    counts BYTEA NOT NULL,
    PRIMARY KEY (unit, form, version, month, class)
);

-- The same vector for one option of a grouping, made when the month closes.
CREATE TABLE breakdown (
    unit TEXT NOT NULL,
    form TEXT NOT NULL,
    version INTEGER NOT NULL,
    month INTEGER NOT NULL,
    class SMALLINT NOT NULL,
    grouping_name TEXT NOT NULL,
    group_name TEXT NOT NULL,
    counts BYTEA NOT NULL,
    PRIMARY KEY (unit, form, version, month, class, grouping_name, group_name)
);

-- Free texts, apart from every answer: no response, no day, no channel.
CREATE TABLE comment (
    id BYTEA PRIMARY KEY NOT NULL,
    unit TEXT NOT NULL,
    form TEXT NOT NULL,
    month INTEGER NOT NULL,
    language TEXT NOT NULL,
    question TEXT NOT NULL,
    body TEXT NOT NULL
);

-- Months that are not open. state: 1 closing, 2 closed.
CREATE TABLE month_state (
    month INTEGER PRIMARY KEY NOT NULL,
    state SMALLINT NOT NULL CHECK (state BETWEEN 1 AND 2),
    day INTEGER NOT NULL,
    carried BIGINT NOT NULL,
    policy TEXT NOT NULL
);

-- Units whose month is ready while it is being closed, so that a close that was cut goes on where it was.
CREATE TABLE close_step (
    month INTEGER NOT NULL,
    unit TEXT NOT NULL,
    PRIMARY KEY (month, unit)
);

-- One row a job: who holds its lock for a transaction does the job.
CREATE TABLE job (
    name TEXT PRIMARY KEY NOT NULL,
    runs BIGINT NOT NULL,
    last_day INTEGER
);
INSERT INTO job (name, runs, last_day) VALUES ('fold', 0, NULL), ('close', 0, NULL), ('sweep', 0, NULL);

-- What a command asks a running service to do, and what became of it.
CREATE TABLE job_request (
    id BIGINT PRIMARY KEY NOT NULL,
    job TEXT NOT NULL,
    argument TEXT NOT NULL,
    outcome TEXT
);

CREATE TABLE token (
    hash BYTEA PRIMARY KEY NOT NULL,
    name TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    unit TEXT,
    created_day INTEGER NOT NULL,
    revoked_day INTEGER
);

-- The inbox is a queue: rows live for seconds. Its dead rows go early, so that it stays small.
ALTER TABLE inbox SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_cost_delay = 0);
-- Room on the page for the next version of a row that is rewritten with every fold.
ALTER TABLE tally SET (fillfactor = 50);
ALTER TABLE segment SET (fillfactor = 50);
-- Room for the retry key that a spent code keeps in its row.
ALTER TABLE receipt SET (fillfactor = 60);
