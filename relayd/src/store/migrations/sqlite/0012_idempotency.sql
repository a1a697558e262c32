-- Requests that carried an Idempotency-Key, and what was answered.
CREATE TABLE idempotency (
    caller      TEXT NOT NULL,
    key         TEXT NOT NULL,
    fingerprint BLOB NOT NULL,            -- of method, path and body
    process     BIGINT NOT NULL,          -- the run of relayd that works on it
    begun_at    BIGINT NOT NULL,
    is_changed  BIGINT NOT NULL,          -- 1: a change of it was committed
    status      BIGINT NOT NULL,          -- of the reply; 0: none yet
    etag        TEXT NOT NULL,            -- of the reply, empty: none
    reply       TEXT NOT NULL,            -- JSON without secrets, empty: none
    PRIMARY KEY (caller, key)
) WITHOUT ROWID;
CREATE INDEX idempotency_age ON idempotency (caller, begun_at);
