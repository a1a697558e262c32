-- Who is told that mail of an account failed or is late.
ALTER TABLE accounts ADD COLUMN bounces_to TEXT NOT NULL DEFAULT 'sender';
