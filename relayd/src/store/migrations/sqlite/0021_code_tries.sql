-- How often a code was tried: five wrong tries and it is void.
ALTER TABLE email_codes ADD COLUMN tries BIGINT NOT NULL DEFAULT 0;

-- Counted up by each try, be there a code or not, so that both take one write.
CREATE TABLE code_tries (
    total BIGINT NOT NULL
);
INSERT INTO code_tries (total) VALUES (0);
