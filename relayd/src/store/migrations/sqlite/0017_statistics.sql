-- Statistics by sender domain, with cancelled recipients and times to delivery, summed up by day;
-- failures by reason; recipient domains.

-- When a recipient was delivered, failed or cancelled; of before, and while it waits: NULL.
ALTER TABLE recipients ADD COLUMN settled_at BIGINT;

-- One row per hour, relay user, system and domain of the sender. The hour stands first, so that
-- what is written now lies together.
CREATE TABLE usage_of_domains (
    hour       BIGINT NOT NULL,          -- start of the hour
    account_id BLOB NOT NULL,
    user_id    BLOB NOT NULL,            -- zeros: mail of relayd itself
    system_id  BLOB NOT NULL,
    domain     TEXT NOT NULL,            -- of the reverse path; empty: none, or of before
    accepted   BIGINT NOT NULL,          -- messages
    notices    BIGINT NOT NULL,          -- those of them that relayd wrote, of one recipient each
    recipients BIGINT NOT NULL,          -- of accepted messages
    bytes      BIGINT NOT NULL,          -- of accepted messages
    delivered  BIGINT NOT NULL,          -- recipients
    failed     BIGINT NOT NULL,          -- recipients
    cancelled  BIGINT NOT NULL,          -- recipients
    deferred   BIGINT NOT NULL,          -- times that a message was put off
    times      TEXT NOT NULL,            -- histogram of the times to delivery
    PRIMARY KEY (hour, account_id, user_id, system_id, domain)
) WITHOUT ROWID;
INSERT INTO usage_of_domains (hour, account_id, user_id, system_id, domain, accepted, notices,
                              recipients, bytes, delivered, failed, cancelled, deferred, times)
    SELECT hour, account_id, user_id, system_id, '', accepted, 0, recipients, bytes, delivered,
           failed, 0, deferred, '' FROM usage;
DROP TABLE usage;
ALTER TABLE usage_of_domains RENAME TO usage;
CREATE INDEX usage_account ON usage (account_id, hour);

-- Door and delivery: what was refused, failed or was put off, and why.
CREATE TABLE error_counts (
    hour       BIGINT NOT NULL,          -- start of the hour
    account_id BLOB NOT NULL,            -- empty: not known
    user_id    BLOB NOT NULL,            -- empty: not known
    system_id  BLOB NOT NULL,            -- empty: not known
    domain     TEXT NOT NULL,            -- of the sender; empty: none of the relay user's
    kind       TEXT NOT NULL,            -- refused, failed, deferred
    reason     TEXT NOT NULL,
    count      BIGINT NOT NULL,          -- refusals, failed recipients, times put off
    PRIMARY KEY (hour, account_id, user_id, system_id, domain, kind, reason)
) WITHOUT ROWID;
INSERT INTO error_counts (hour, account_id, user_id, system_id, domain, kind, reason, count)
    SELECT hour, account_id, x'', system_id, '', 'refused', reason, count FROM refusal_counts;
DROP TABLE refusal_counts;
CREATE INDEX error_counts_account ON error_counts (account_id, hour);

-- The same by day (UTC), for days that are over.
CREATE TABLE usage_days (
    day        BIGINT NOT NULL,          -- start of the day
    account_id BLOB NOT NULL,
    user_id    BLOB NOT NULL,
    system_id  BLOB NOT NULL,
    domain     TEXT NOT NULL,
    accepted   BIGINT NOT NULL,
    notices    BIGINT NOT NULL,
    recipients BIGINT NOT NULL,
    bytes      BIGINT NOT NULL,
    delivered  BIGINT NOT NULL,
    failed     BIGINT NOT NULL,
    cancelled  BIGINT NOT NULL,
    deferred   BIGINT NOT NULL,
    times      TEXT NOT NULL,
    PRIMARY KEY (day, account_id, user_id, system_id, domain)
) WITHOUT ROWID;
CREATE INDEX usage_days_account ON usage_days (account_id, day);

CREATE TABLE error_days (
    day        BIGINT NOT NULL,
    account_id BLOB NOT NULL,
    user_id    BLOB NOT NULL,
    system_id  BLOB NOT NULL,
    domain     TEXT NOT NULL,
    kind       TEXT NOT NULL,
    reason     TEXT NOT NULL,
    count      BIGINT NOT NULL,
    PRIMARY KEY (day, account_id, user_id, system_id, domain, kind, reason)
) WITHOUT ROWID;
CREATE INDEX error_days_account ON error_days (account_id, day);

-- A row: the tables by day hold exactly what the hours of this day sum up to. Whatever is counted
-- in an hour of the day deletes it.
CREATE TABLE summed_days (
    day BIGINT PRIMARY KEY NOT NULL
) WITHOUT ROWID;

-- Where mail goes to: a bounded number of domains for each account and day.
CREATE TABLE recipient_domains (
    day        BIGINT NOT NULL,          -- start of the day
    account_id BLOB NOT NULL,
    domain     TEXT NOT NULL,            -- '(others)': those beyond the bound
    recipients BIGINT NOT NULL,          -- of accepted messages
    delivered  BIGINT NOT NULL,          -- recipients
    failed     BIGINT NOT NULL,          -- recipients
    deferred   BIGINT NOT NULL,          -- times that a recipient was put off
    PRIMARY KEY (day, account_id, domain)
) WITHOUT ROWID;
CREATE INDEX recipient_domains_account ON recipient_domains (account_id, day);
