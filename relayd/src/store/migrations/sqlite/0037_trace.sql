-- Messages are traced by their Message-ID and by the id that the other side gave them.
CREATE INDEX messages_header ON messages (header_id);

ALTER TABLE recipients ADD COLUMN upstream_id TEXT NOT NULL DEFAULT ''; -- from the reply to its delivery
CREATE INDEX recipients_upstream ON recipients (upstream_id) WHERE upstream_id <> '';
