-- The second factor of owners, and where sessions come from.

CREATE TABLE second_factors (
    account_id BYTEA PRIMARY KEY REFERENCES accounts (id),
    secret     BYTEA NOT NULL,                -- sealed
    created_at BIGINT NOT NULL,
    enabled_at BIGINT,                       -- counts from then on
    last_step  BIGINT NOT NULL DEFAULT 0     -- that of the last code taken: each is good once
);

CREATE TABLE recovery_codes (
    account_id BYTEA NOT NULL REFERENCES accounts (id),
    hash       BYTEA NOT NULL,                -- SHA-256 of account and code
    PRIMARY KEY (account_id, hash)
);

-- Addresses; empty on the Unix socket, and of sessions from before.
ALTER TABLE sessions ADD COLUMN created_from TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN used_from TEXT NOT NULL DEFAULT '';
