-- Who changed what. Each entry's hash covers the entry and the hash before it.
CREATE TABLE audit (
    id           BIGINT PRIMARY KEY NOT NULL, -- 1, 2, 3 …, without a gap
    at           BIGINT NOT NULL,
    actor        TEXT NOT NULL,
    source       TEXT NOT NULL,               -- from where
    account_id   BYTEA NOT NULL,               -- empty: of no account
    action       TEXT NOT NULL,               -- name of the operation
    object       TEXT NOT NULL,               -- path of the request
    request_id   TEXT NOT NULL,
    request      TEXT NOT NULL,               -- JSON without secrets, empty: none
    state_before TEXT NOT NULL,               -- JSON without secrets, empty: none
    state_after  TEXT NOT NULL,
    hash         BYTEA NOT NULL
);
CREATE INDEX audit_account ON audit (account_id, id);

-- One row: the ends of the chain. Writers lock it, so that entries follow one another.
CREATE TABLE audit_chain (
    id        BIGINT PRIMARY KEY NOT NULL,
    base_id   BIGINT NOT NULL,                -- the entry before the first one that is kept
    base_hash BYTEA NOT NULL,
    last_id   BIGINT NOT NULL,
    last_hash BYTEA NOT NULL
);
INSERT INTO audit_chain (id, base_id, base_hash, last_id, last_hash)
VALUES (1, 0, decode(repeat('00', 32), 'hex'), 0, decode(repeat('00', 32), 'hex'));
