-- What the other side of a route offers, by its last check: keywords joined by a space, empty where
-- that is not known.
ALTER TABLE routes ADD COLUMN offer TEXT NOT NULL DEFAULT '';

-- 1 once the sender was told that the mail is late.
ALTER TABLE messages ADD COLUMN delay_told BIGINT NOT NULL DEFAULT 0;
