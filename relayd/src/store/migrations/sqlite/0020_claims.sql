-- Devices that signed in with a password from an address: nobody else may claim it without one.
CREATE INDEX systems_password ON systems (network) WHERE auth = 'password';

-- Who made a token: one that leaked may have made others.
ALTER TABLE tokens ADD COLUMN created_by TEXT NOT NULL DEFAULT '';
