-- Clients that guessed passwords, by address (IPv4) or /64 (IPv6); see policy/guesses.rs.

CREATE TABLE bans (
    network   TEXT PRIMARY KEY NOT NULL,
    username  TEXT NOT NULL,
    times     BIGINT NOT NULL,
    banned_at BIGINT NOT NULL,
    ends_at   BIGINT NOT NULL
);
