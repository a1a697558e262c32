-- Suspension by owner or operator, closing, and the history of routes.

ALTER TABLE accounts ADD COLUMN suspended_by TEXT NOT NULL DEFAULT '';   -- operator, owner; empty: it is not
ALTER TABLE accounts ADD COLUMN suspended_for TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN drain_until BIGINT;                      -- when a closing account gives up its queue
ALTER TABLE accounts ADD COLUMN closed_at BIGINT;
UPDATE accounts SET suspended_by = 'operator' WHERE state = 'suspended';
CREATE INDEX accounts_closing ON accounts (id) WHERE state = 'closing';

-- The settings of a route as they were accepted, the present ones included; the last ten.
CREATE TABLE route_versions (
    account_id         BLOB NOT NULL REFERENCES accounts (id),
    version            BIGINT NOT NULL,  -- of the route
    kind               TEXT NOT NULL,
    server             TEXT NOT NULL,
    port               BIGINT NOT NULL,
    security           TEXT NOT NULL,
    mailbox            TEXT NOT NULL,
    password           BLOB,             -- sealed
    ca_pem             TEXT NOT NULL,
    folder             TEXT NOT NULL,
    connections        BIGINT NOT NULL,
    per_minute         BIGINT NOT NULL,
    recipients_per_day BIGINT NOT NULL,
    changed            TEXT NOT NULL,    -- fields that differ from the version before, by spaces
    actor              TEXT NOT NULL,    -- who, as in the audit log
    source             TEXT NOT NULL,    -- from where
    set_at             BIGINT NOT NULL,
    PRIMARY KEY (account_id, version)
) WITHOUT ROWID;
INSERT INTO route_versions (account_id, version, kind, server, port, security, mailbox, password,
                            ca_pem, folder, connections, per_minute, recipients_per_day, changed,
                            actor, source, set_at)
    SELECT account_id, version, kind, server, port, security, mailbox, password, ca_pem, folder,
           connections, per_minute, recipients_per_day, '', 'relayd', 'upgrade', created_at
    FROM routes;
