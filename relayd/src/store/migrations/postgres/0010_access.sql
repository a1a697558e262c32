-- Owners of accounts: sign-in, sessions, codes by mail, invitations, tokens of an account.

ALTER TABLE accounts ADD COLUMN self_registered BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN note TEXT NOT NULL DEFAULT '';   -- why it was rejected
CREATE INDEX accounts_email ON accounts (LOWER(email));

ALTER TABLE tokens ADD COLUMN account_id BYTEA NOT NULL DEFAULT ''; -- empty: the operator's own
ALTER TABLE tokens DROP CONSTRAINT tokens_name_key;
ALTER TABLE tokens ADD UNIQUE (account_id, name);

-- What an owner signs in with, beside the contact e-mail.
CREATE TABLE sign_ins (
    account_id BYTEA PRIMARY KEY NOT NULL REFERENCES accounts (id),
    hash       TEXT NOT NULL,            -- Argon2id, PHC form
    changed_at BIGINT NOT NULL
);

CREATE TABLE sessions (
    id         BYTEA PRIMARY KEY NOT NULL,
    account_id BYTEA NOT NULL REFERENCES accounts (id),
    hash       BYTEA NOT NULL UNIQUE,     -- SHA-256 of the token
    created_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL,          -- to a minute
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_account ON sessions (account_id);

-- The latest code of each purpose.
CREATE TABLE email_codes (
    account_id BYTEA NOT NULL REFERENCES accounts (id),
    purpose    TEXT NOT NULL,
    hash       BYTEA NOT NULL,            -- SHA-256 of purpose, account and code
    email      TEXT NOT NULL,            -- where it was sent
    sent_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, purpose)
);

CREATE TABLE invitations (
    id         BYTEA PRIMARY KEY NOT NULL,
    hash       BYTEA NOT NULL UNIQUE,     -- SHA-256 of the code
    email      TEXT NOT NULL,            -- empty: any
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT
);
