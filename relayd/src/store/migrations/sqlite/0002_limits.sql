-- Limits besides those of the plan: for an account, a system or a relay user. 0: not set.
CREATE TABLE limits (
    subject_id             BLOB PRIMARY KEY NOT NULL,
    scope                  TEXT NOT NULL,
    account_id             BLOB NOT NULL REFERENCES accounts (id),
    messages_per_minute    BIGINT NOT NULL,
    messages_per_day       BIGINT NOT NULL,
    recipients_per_day     BIGINT NOT NULL,
    recipients_per_message BIGINT NOT NULL,
    message_size           BIGINT NOT NULL,
    set_by                 TEXT NOT NULL,   -- operator or owner
    set_at                 BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX limits_account ON limits (account_id);

-- Systems and accounts are counted, too, where limits are set for them.
ALTER TABLE rates RENAME COLUMN user_id TO subject_id;

-- The way from a client's address to its system.
CREATE INDEX systems_address ON systems (network) WHERE auth = 'address';
