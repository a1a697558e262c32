-- Plans that change, subscriptions that end, and several passwords for a relay user.

ALTER TABLE plans ADD COLUMN state TEXT NOT NULL DEFAULT 'offered';
ALTER TABLE plans ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

-- Who, as in the audit log; empty: not known.
ALTER TABLE subscriptions ADD COLUMN started_by TEXT NOT NULL DEFAULT '';
ALTER TABLE subscriptions ADD COLUMN ended_by TEXT NOT NULL DEFAULT '';
ALTER TABLE subscriptions ADD COLUMN cancelled BIGINT NOT NULL DEFAULT 0; -- 1: no other took its place
CREATE INDEX subscriptions_account ON subscriptions (account_id, id);
CREATE INDEX subscriptions_plan ON subscriptions (plan_id);

ALTER TABLE credentials ADD COLUMN name TEXT NOT NULL DEFAULT 'default';
ALTER TABLE credentials ADD COLUMN last_used_at BIGINT;                   -- to a minute
ALTER TABLE credentials ADD COLUMN last_used_from TEXT NOT NULL DEFAULT ''; -- IP address
ALTER TABLE credentials ADD COLUMN last_used_system BYTEA NOT NULL DEFAULT ''; -- empty: none
DROP INDEX credentials_user;
CREATE UNIQUE INDEX credentials_name ON credentials (user_id, name);
