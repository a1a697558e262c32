-- Routes of every kind, and a second one for an account.
ALTER TABLE routes DROP CONSTRAINT routes_account_id_key;
ALTER TABLE routes ADD COLUMN role TEXT NOT NULL DEFAULT 'primary';   -- primary, fallback
ALTER TABLE routes ADD COLUMN secret BYTEA;                           -- sealed: client secret, or private key
ALTER TABLE routes ADD COLUMN details TEXT NOT NULL DEFAULT '';       -- JSON: what only some kinds have
ALTER TABLE routes ADD CONSTRAINT routes_role UNIQUE (account_id, role);

-- The history tells the two apart.
ALTER TABLE route_versions RENAME TO route_versions_before;
CREATE TABLE route_versions (
    account_id         BYTEA NOT NULL REFERENCES accounts (id),
    role               TEXT NOT NULL,
    version            BIGINT NOT NULL,  -- of the route
    kind               TEXT NOT NULL,
    server             TEXT NOT NULL,
    port               BIGINT NOT NULL,
    security           TEXT NOT NULL,
    mailbox            TEXT NOT NULL,
    password           BYTEA,
    secret             BYTEA,
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
);
INSERT INTO route_versions (account_id, role, version, kind, server, port, security, mailbox,
                            password, ca_pem, folder, details, connections, per_minute,
                            recipients_per_day, changed, actor, source, set_at)
    SELECT account_id, 'primary', version, kind, server, port, security, mailbox, password, ca_pem,
           folder, '', connections, per_minute, recipients_per_day, changed, actor, source, set_at
    FROM route_versions_before;
DROP TABLE route_versions_before;

-- What a person allowed by device code: the refresh token in force. It rotates with each use.
CREATE TABLE refresh_tokens (
    route_id    BYTEA PRIMARY KEY NOT NULL REFERENCES routes (id) ON DELETE CASCADE,
    account_id  BYTEA NOT NULL REFERENCES accounts (id),
    token       BYTEA NOT NULL,           -- sealed
    username    TEXT NOT NULL,            -- who signed in, as the token said
    allowed_at  BIGINT NOT NULL,
    rotated_at  BIGINT NOT NULL
);
