-- Ids and bodies are BLOB, times BIGINT microseconds UTC, booleans BIGINT 0/1 (design: sqlx::Any).
-- An empty BLOB or TEXT stands for "none" where a column is part of a key.

CREATE TABLE plans (
    id                     BLOB PRIMARY KEY NOT NULL,
    name                   TEXT NOT NULL UNIQUE,
    relay_users            BIGINT NOT NULL,
    messages_per_minute    BIGINT NOT NULL,
    messages_per_day       BIGINT NOT NULL,
    recipients_per_day     BIGINT NOT NULL,
    recipients_per_message BIGINT NOT NULL,
    message_size           BIGINT NOT NULL,
    created_at             BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE accounts (
    id           BLOB PRIMARY KEY NOT NULL,
    name         TEXT NOT NULL UNIQUE,
    kind         TEXT NOT NULL,
    company      TEXT NOT NULL,
    vat_id       TEXT NOT NULL,
    first_name   TEXT NOT NULL,
    last_name    TEXT NOT NULL,
    email        TEXT NOT NULL,
    phone        TEXT NOT NULL,
    street       TEXT NOT NULL,
    postal_code  TEXT NOT NULL,
    city         TEXT NOT NULL,
    country      TEXT NOT NULL,
    state        TEXT NOT NULL,
    verified_at  BIGINT,
    activated_at BIGINT,
    created_at   BIGINT NOT NULL,
    version      BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE subscriptions (
    id         BLOB PRIMARY KEY NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    plan_id    BLOB NOT NULL REFERENCES plans (id),
    started_at BIGINT NOT NULL,
    ended_at   BIGINT
) WITHOUT ROWID;
CREATE UNIQUE INDEX subscriptions_current ON subscriptions (account_id) WHERE ended_at IS NULL;

CREATE TABLE routes (
    id                 BLOB PRIMARY KEY NOT NULL,
    account_id         BLOB NOT NULL UNIQUE REFERENCES accounts (id),
    kind               TEXT NOT NULL,
    server             TEXT NOT NULL,
    port               BIGINT NOT NULL,
    security           TEXT NOT NULL,
    mailbox            TEXT NOT NULL,
    password           BLOB,             -- sealed
    ca_pem             TEXT NOT NULL,    -- empty: the machine's authorities
    folder             TEXT NOT NULL,    -- capture only
    connections        BIGINT NOT NULL,
    per_minute         BIGINT NOT NULL,  -- 0: without limit
    recipients_per_day BIGINT NOT NULL,  -- 0: without limit
    checked_at         BIGINT,
    created_at         BIGINT NOT NULL,
    version            BIGINT NOT NULL
) WITHOUT ROWID;

-- Why a lane stands still. No row: it runs.
CREATE TABLE holds (
    route_id BLOB PRIMARY KEY NOT NULL REFERENCES routes (id),
    kind     TEXT NOT NULL,
    reason   TEXT NOT NULL,
    detail   TEXT NOT NULL,
    since    BIGINT NOT NULL,
    until    BIGINT
) WITHOUT ROWID;

CREATE TABLE relay_users (
    id           BLOB PRIMARY KEY NOT NULL,
    account_id   BLOB NOT NULL REFERENCES accounts (id),
    username     TEXT NOT NULL UNIQUE,
    sender       TEXT NOT NULL,
    other_sender TEXT NOT NULL,
    state        TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    version      BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX relay_users_account ON relay_users (account_id);

CREATE TABLE allowed_senders (
    user_id BLOB NOT NULL REFERENCES relay_users (id) ON DELETE CASCADE,
    address TEXT NOT NULL,
    PRIMARY KEY (user_id, address)
) WITHOUT ROWID;

CREATE TABLE credentials (
    id         BLOB PRIMARY KEY NOT NULL,
    user_id    BLOB NOT NULL REFERENCES relay_users (id) ON DELETE CASCADE,
    hash       TEXT NOT NULL,            -- Argon2id, PHC form
    created_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX credentials_user ON credentials (user_id);

CREATE TABLE systems (
    id           BLOB PRIMARY KEY NOT NULL,
    account_id   BLOB NOT NULL REFERENCES accounts (id),
    name         TEXT NOT NULL,
    network      TEXT NOT NULL,
    user_id      BLOB NOT NULL REFERENCES relay_users (id),
    auth         TEXT NOT NULL,
    state        TEXT NOT NULL,
    last_seen_at BIGINT,
    created_at   BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    UNIQUE (account_id, name)
) WITHOUT ROWID;
CREATE INDEX systems_user ON systems (user_id);

CREATE TABLE tokens (
    id           BLOB PRIMARY KEY NOT NULL,
    name         TEXT NOT NULL UNIQUE,
    hash         BLOB NOT NULL UNIQUE,   -- SHA-256 of the token
    read_only    BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT,
    last_used_at BIGINT
) WITHOUT ROWID;

-- The mail path. Every write to the tables below goes through the journal.

CREATE TABLE messages (
    id              BLOB PRIMARY KEY NOT NULL,
    account_id      BLOB NOT NULL,
    route_id        BLOB NOT NULL,
    user_id         BLOB NOT NULL,
    system_id       BLOB NOT NULL,
    state           TEXT NOT NULL,
    reverse_path    TEXT NOT NULL,
    encoding        TEXT NOT NULL,
    smtputf8        BIGINT NOT NULL,
    dsn_return      TEXT NOT NULL,       -- empty: not given
    envelope_id     TEXT NOT NULL,
    header_from     TEXT NOT NULL,
    subject         TEXT NOT NULL,
    header_id       TEXT NOT NULL,       -- Message-ID
    size            BIGINT NOT NULL,     -- bytes of the body as stored
    recipient_count BIGINT NOT NULL,
    client          TEXT NOT NULL,       -- IP address
    helo            TEXT NOT NULL,
    tls             TEXT NOT NULL,       -- version and cipher, empty: none
    accepted_at     BIGINT NOT NULL,
    due_at          BIGINT NOT NULL,     -- next attempt; meaningless unless queued
    attempts        BIGINT NOT NULL,
    last_reply      TEXT NOT NULL,
    finished_at     BIGINT
) WITHOUT ROWID;
-- Has all that the order of the queue and its depth and age are read from.
CREATE INDEX messages_due ON messages (route_id, due_at, accepted_at) WHERE state = 'queued';
CREATE INDEX messages_account ON messages (account_id, id);
CREATE INDEX messages_held ON messages (route_id, id) WHERE state = 'held';

CREATE TABLE recipients (
    message_id BLOB NOT NULL,
    position   BIGINT NOT NULL,
    address    TEXT NOT NULL,
    notify     TEXT NOT NULL,            -- NOTIFY= as given, empty: not given
    original   TEXT NOT NULL,            -- ORCPT=
    state      TEXT NOT NULL,
    reply      TEXT NOT NULL,            -- the last literal reply
    PRIMARY KEY (message_id, position)
) WITHOUT ROWID;

CREATE TABLE bodies (
    message_id BLOB NOT NULL,
    position   BIGINT NOT NULL,
    chunk      BLOB NOT NULL,
    PRIMARY KEY (message_id, position)
);

CREATE TABLE events (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    at         BIGINT NOT NULL,
    message_id BLOB NOT NULL,
    kind       TEXT NOT NULL,
    recipients TEXT NOT NULL,            -- addresses joined by a space, empty: all
    reason     TEXT NOT NULL,
    reply      TEXT NOT NULL,
    detail     TEXT NOT NULL,
    client     TEXT NOT NULL
);
CREATE INDEX events_message ON events (message_id);

CREATE TABLE refusals (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    at         BIGINT NOT NULL,
    account_id BLOB NOT NULL,            -- empty: not known
    user_id    BLOB NOT NULL,
    system_id  BLOB NOT NULL,
    username   TEXT NOT NULL,            -- as the client gave it
    client     TEXT NOT NULL,
    listener   TEXT NOT NULL,
    helo       TEXT NOT NULL,
    sender     TEXT NOT NULL,
    recipient  TEXT NOT NULL,
    reason     TEXT NOT NULL,
    reply      TEXT NOT NULL             -- what the client was told
);
CREATE INDEX refusals_account ON refusals (account_id, id);

CREATE TABLE refusal_counts (
    account_id BLOB NOT NULL,
    system_id  BLOB NOT NULL,
    reason     TEXT NOT NULL,
    hour       BIGINT NOT NULL,          -- start of the hour
    count      BIGINT NOT NULL,
    PRIMARY KEY (account_id, system_id, reason, hour)
) WITHOUT ROWID;

-- One row per relay user, system and hour: statistics.
CREATE TABLE usage (
    user_id    BLOB NOT NULL,
    hour       BIGINT NOT NULL,          -- start of the hour
    system_id  BLOB NOT NULL,
    account_id BLOB NOT NULL,
    accepted   BIGINT NOT NULL,          -- messages
    recipients BIGINT NOT NULL,          -- of accepted messages
    bytes      BIGINT NOT NULL,          -- of accepted messages
    delivered  BIGINT NOT NULL,          -- recipients
    failed     BIGINT NOT NULL,          -- recipients
    deferred   BIGINT NOT NULL,          -- attempts put off
    PRIMARY KEY (user_id, hour, system_id)
) WITHOUT ROWID;
CREATE INDEX usage_account ON usage (account_id, hour);

-- What the limits of each relay user are judged by, one row read and written for each batch.
CREATE TABLE rates (
    user_id    BLOB PRIMARY KEY NOT NULL,
    arrival    BIGINT NOT NULL,          -- GCRA: theoretical arrival time of the next message
    day        BIGINT NOT NULL,          -- start of the day (UTC) that the counts are of
    messages   BIGINT NOT NULL,
    recipients BIGINT NOT NULL
) WITHOUT ROWID;
