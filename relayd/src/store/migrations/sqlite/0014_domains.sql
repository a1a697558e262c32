-- Sender domains and their proof. Accounts from before need none until the operator asks for it.
ALTER TABLE accounts ADD COLUMN domain_proof TEXT NOT NULL DEFAULT 'waived';

CREATE TABLE domains (
    id            BLOB PRIMARY KEY NOT NULL,
    account_id    BLOB NOT NULL REFERENCES accounts (id),
    name          TEXT NOT NULL,   -- A-labels, in lower case
    token         TEXT NOT NULL,   -- what the TXT record must hold
    state         TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    verified_at   BIGINT,
    failing_since BIGINT,
    checked_at    BIGINT,
    next_check_at BIGINT NOT NULL,
    found         TEXT NOT NULL,
    version       BIGINT NOT NULL,
    UNIQUE (account_id, name)
) WITHOUT ROWID;
CREATE INDEX domains_due ON domains (next_check_at);
