-- Senders whose mail waits while that of others on the same route goes on: an address, or a domain
-- behind `@`.
CREATE TABLE sender_holds (
    route_id BLOB NOT NULL REFERENCES routes (id) ON DELETE CASCADE,
    sender   TEXT NOT NULL,
    reason   TEXT NOT NULL,
    detail   TEXT NOT NULL,
    since    BIGINT NOT NULL,
    until    BIGINT NOT NULL,
    PRIMARY KEY (route_id, sender)
) WITHOUT ROWID;

-- Replies that no row of the table of replies knows, without addresses and ids.
CREATE TABLE unknown_replies (
    reply      TEXT PRIMARY KEY NOT NULL,
    verdict    TEXT NOT NULL,
    count      BIGINT NOT NULL,
    first_at   BIGINT NOT NULL,
    last_at    BIGINT NOT NULL,
    message_id BLOB NOT NULL             -- the last
) WITHOUT ROWID;
