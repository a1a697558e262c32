-- Routes of every kind, and a second one for an account. What refers to a route is put aside
-- meanwhile, since SQLite cannot take a uniqueness away.
CREATE TABLE holds_before AS SELECT * FROM holds;
DROP TABLE holds;
CREATE TABLE routes_before AS SELECT * FROM routes;
DROP TABLE routes;

CREATE TABLE routes (
    id                 BLOB PRIMARY KEY NOT NULL,
    account_id         BLOB NOT NULL REFERENCES accounts (id),
    role               TEXT NOT NULL,    -- primary, fallback
    kind               TEXT NOT NULL,
    server             TEXT NOT NULL,
    port               BIGINT NOT NULL,
    security           TEXT NOT NULL,
    mailbox            TEXT NOT NULL,
    password           BLOB,             -- sealed
    secret             BLOB,             -- sealed: client secret, or private key
    ca_pem             TEXT NOT NULL,    -- empty: the machine's authorities
    folder             TEXT NOT NULL,    -- capture only
    details            TEXT NOT NULL,    -- JSON: what only some kinds have
    connections        BIGINT NOT NULL,
    per_minute         BIGINT NOT NULL,  -- 0: without limit
    recipients_per_day BIGINT NOT NULL,  -- 0: without limit
    checked_at         BIGINT,
    offer              TEXT NOT NULL,
    created_at         BIGINT NOT NULL,
    version            BIGINT NOT NULL,
    UNIQUE (account_id, role)
) WITHOUT ROWID;
INSERT INTO routes (id, account_id, role, kind, server, port, security, mailbox, password, ca_pem,
                    folder, details, connections, per_minute, recipients_per_day, checked_at, offer,
                    created_at, version)
    SELECT id, account_id, 'primary', kind, server, port, security, mailbox, password, ca_pem,
           folder, '', connections, per_minute, recipients_per_day, checked_at, offer, created_at,
           version
    FROM routes_before;
DROP TABLE routes_before;

CREATE TABLE holds (
    route_id BLOB PRIMARY KEY NOT NULL REFERENCES routes (id),
    kind     TEXT NOT NULL,
    reason   TEXT NOT NULL,
    detail   TEXT NOT NULL,
    since    BIGINT NOT NULL,
    until    BIGINT
) WITHOUT ROWID;
INSERT INTO holds (route_id, kind, reason, detail, since, until)
    SELECT route_id, kind, reason, detail, since, until FROM holds_before;
DROP TABLE holds_before;

-- The history tells the two apart.
ALTER TABLE route_versions RENAME TO route_versions_before;
CREATE TABLE route_versions (
    account_id         BLOB NOT NULL REFERENCES accounts (id),
    role               TEXT NOT NULL,
    version            BIGINT NOT NULL,  -- of the route
    kind               TEXT NOT NULL,
    server             TEXT NOT NULL,
    port               BIGINT NOT NULL,
    security           TEXT NOT NULL,
    mailbox            TEXT NOT NULL,
    password           BLOB,
    secret             BLOB,
    ca_pem             TEXT NOT NULL,
    folder             TEXT NOT NULL,
    details            TEXT NOT NULL,
    connections        BIGINT NOT NULL,
    per_minute         BIGINT NOT NULL,
    recipients_per_day BIGINT NOT NULL,
    changed            TEXT NOT NULL,
    actor              TEXT NOT NULL,
    source             TEXT NOT NULL,
    set_at             BIGINT NOT NULL,
    PRIMARY KEY (account_id, role, version)
) WITHOUT ROWID;
INSERT INTO route_versions (account_id, role, version, kind, server, port, security, mailbox,
                            password, ca_pem, folder, details, connections, per_minute,
                            recipients_per_day, changed, actor, source, set_at)
    SELECT account_id, 'primary', version, kind, server, port, security, mailbox, password, ca_pem,
           folder, '', connections, per_minute, recipients_per_day, changed, actor, source, set_at
    FROM route_versions_before;
DROP TABLE route_versions_before;

-- What a person allowed by device code: the refresh token in force. It rotates with each use.
CREATE TABLE refresh_tokens (
    route_id    BLOB PRIMARY KEY NOT NULL REFERENCES routes (id) ON DELETE CASCADE,
    account_id  BLOB NOT NULL REFERENCES accounts (id),
    token       BLOB NOT NULL,           -- sealed
    username    TEXT NOT NULL,            -- who signed in, as the token said
    allowed_at  BIGINT NOT NULL,
    rotated_at  BIGINT NOT NULL
) WITHOUT ROWID;
