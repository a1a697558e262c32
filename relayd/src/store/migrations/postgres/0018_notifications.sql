-- What happened that people or programs want to be told of, and webhooks.

CREATE TABLE notifications (
    id            BYTEA PRIMARY KEY NOT NULL,
    account_id    BYTEA NOT NULL,            -- empty: none
    once          TEXT NOT NULL UNIQUE,     -- cause and period: of the same there is one
    kind          TEXT NOT NULL,
    content       TEXT NOT NULL,            -- JSON
    at            BIGINT NOT NULL,
    passed_on     BIGINT NOT NULL,          -- to the customer and to webhooks
    operator_told BIGINT NOT NULL
);
CREATE INDEX notifications_to_pass_on ON notifications (id) WHERE passed_on = 0;
CREATE INDEX notifications_to_tell ON notifications (id) WHERE operator_told = 0;

CREATE TABLE webhooks (
    id            BYTEA PRIMARY KEY NOT NULL,
    account_id    BYTEA NOT NULL,            -- empty: the operator's own
    name          TEXT NOT NULL,
    url           TEXT NOT NULL,
    events        TEXT NOT NULL,            -- with blanks between; empty: all
    secret        BYTEA NOT NULL,            -- sealed
    state         TEXT NOT NULL,
    note          TEXT NOT NULL,            -- why it was disabled
    failing_since BIGINT,
    created_at    BIGINT NOT NULL,
    version       BIGINT NOT NULL,
    UNIQUE (account_id, name)
);

CREATE TABLE webhook_deliveries (
    id              BYTEA PRIMARY KEY NOT NULL,
    webhook_id      BYTEA NOT NULL,
    notification_id BYTEA NOT NULL,
    state           TEXT NOT NULL,
    attempts        BIGINT NOT NULL,
    due_at          BIGINT NOT NULL,
    status          BIGINT NOT NULL,        -- the last answer; 0: none
    detail          TEXT NOT NULL,          -- what went wrong last
    created_at      BIGINT NOT NULL,
    finished_at     BIGINT,
    UNIQUE (webhook_id, notification_id)
);
CREATE INDEX webhook_deliveries_of ON webhook_deliveries (webhook_id, id);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (due_at) WHERE state = 'waiting';
