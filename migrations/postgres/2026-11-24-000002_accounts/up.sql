-- People who work with the service. A password is kept as argon2id makes it, the secret of the second factor sealed with
-- the key that is not in the database.
CREATE TABLE account (
    id BYTEA PRIMARY KEY NOT NULL,
    name TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    email TEXT NOT NULL,
    password TEXT,
    totp BYTEA,
    totp_step BIGINT,
    oidc_subject TEXT UNIQUE,
    created_day INTEGER NOT NULL,
    disabled_day INTEGER
);

-- What an account may do: a role, in a unit and everything below it (NULL: everywhere), from a day to a day.
CREATE TABLE role_grant (
    id BYTEA PRIMARY KEY NOT NULL,
    account BYTEA NOT NULL REFERENCES account (id),
    role TEXT NOT NULL,
    unit TEXT,
    from_day INTEGER NOT NULL,
    to_day INTEGER
);
CREATE INDEX role_grant_account ON role_grant (account);

-- Sign-ins that last: only the hash of the cookie. Seconds since 1970. proof: 0 the second factor is still to come,
-- 1 whole, 2 whole by an identity provider.
CREATE TABLE session (
    hash BYTEA PRIMARY KEY NOT NULL,
    account BYTEA NOT NULL REFERENCES account (id),
    proof SMALLINT NOT NULL CHECK (proof BETWEEN 0 AND 2),
    began BIGINT NOT NULL,
    seen BIGINT NOT NULL
);
CREATE INDEX session_account ON session (account);

-- Links that open once: set-up (no account yet), invitation, reset.
CREATE TABLE one_time_link (
    hash BYTEA PRIMARY KEY NOT NULL,
    account BYTEA REFERENCES account (id),
    purpose TEXT NOT NULL,
    expires BIGINT NOT NULL
);

-- Codes that stand in for a second factor that was lost, each once.
CREATE TABLE recovery_code (
    account BYTEA NOT NULL REFERENCES account (id),
    hash BYTEA NOT NULL,
    PRIMARY KEY (account, hash)
);

-- What people, tokens and commands changed or took out. Only appended to; each hash covers the one before it.
CREATE TABLE audit (
    number BIGINT PRIMARY KEY NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    unit TEXT,
    details TEXT NOT NULL,
    hash BYTEA NOT NULL
);

-- Tablets. Until it is enrolled a device has a code; then a credential. Both are kept as hashes.
CREATE TABLE device (
    id BYTEA PRIMARY KEY NOT NULL,
    unit TEXT NOT NULL,
    desk TEXT NOT NULL,
    code_hash BYTEA UNIQUE,
    code_expires BIGINT,
    credential_hash BYTEA UNIQUE,
    created_day INTEGER NOT NULL,
    enrolled_day INTEGER,
    revoked_day INTEGER
);

ALTER TABLE token ADD COLUMN expires_day INTEGER;
ALTER TABLE token ADD COLUMN last_used_day INTEGER;

-- Whose row is locked while the next audit entry is made, and the clearing away of what is kept for a time only.
INSERT INTO job (name, runs, last_day) VALUES ('audit', 0, NULL), ('retention', 0, NULL);
