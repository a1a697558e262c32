-- Systems whose mail goes before that of others.
ALTER TABLE systems ADD COLUMN priority TEXT NOT NULL DEFAULT 'normal';

-- Lanes read the due mail of each relay user and system on its own.
DROP INDEX messages_due;
CREATE INDEX messages_due ON messages (route_id, user_id, system_id, due_at, accepted_at)
    WHERE state = 'queued';
