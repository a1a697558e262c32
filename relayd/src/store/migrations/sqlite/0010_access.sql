-- Owners of accounts: sign-in, sessions, codes by mail, invitations, tokens of an account.

ALTER TABLE accounts ADD COLUMN self_registered BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN note TEXT NOT NULL DEFAULT '';   -- why it was rejected
CREATE INDEX accounts_email ON accounts (LOWER(email));

-- SQLite cannot drop a constraint: names are unique within an account from now on.
CREATE TABLE tokens_of_all (
    id           BLOB PRIMARY KEY NOT NULL,
    account_id   BLOB NOT NULL,          -- empty: the operator's own
    name         TEXT NOT NULL,
    hash         BLOB NOT NULL UNIQUE,   -- SHA-256 of the token
    read_only    BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT,
    last_used_at BIGINT,
    UNIQUE (account_id, name)
) WITHOUT ROWID;
INSERT INTO tokens_of_all (id, account_id, name, hash, read_only, created_at, expires_at,
                           last_used_at)
    SELECT id, x'', name, hash, read_only, created_at, expires_at, last_used_at FROM tokens;
DROP TABLE tokens;
ALTER TABLE tokens_of_all RENAME TO tokens;

-- What an owner signs in with, beside the contact e-mail.
CREATE TABLE sign_ins (
    account_id BLOB PRIMARY KEY NOT NULL REFERENCES accounts (id),
    hash       TEXT NOT NULL,            -- Argon2id, PHC form
    changed_at BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE sessions (
    id         BLOB PRIMARY KEY NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    hash       BLOB NOT NULL UNIQUE,     -- SHA-256 of the token
    created_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL,          -- to a minute
    expires_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_account ON sessions (account_id);

-- The latest code of each purpose.
CREATE TABLE email_codes (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    purpose    TEXT NOT NULL,
    hash       BLOB NOT NULL,            -- SHA-256 of purpose, account and code
    email      TEXT NOT NULL,            -- where it was sent
    sent_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, purpose)
) WITHOUT ROWID;

CREATE TABLE invitations (
    id         BLOB PRIMARY KEY NOT NULL,
    hash       BLOB NOT NULL UNIQUE,     -- SHA-256 of the code
    email      TEXT NOT NULL,            -- empty: any
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT
) WITHOUT ROWID;
