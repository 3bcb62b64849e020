-- +goose Up
-- Somebody who came through another site, or whose account was erased, has no
-- password: an empty hash, which no password fits.
ALTER TABLE users ADD COLUMN erased_at TIMESTAMP;
ALTER TABLE users ADD COLUMN passkey_handle BLOB; -- how authenticators know the user: random, no personal data
ALTER TABLE users ADD COLUMN passkey_second_step BOOLEAN NOT NULL DEFAULT false;
CREATE UNIQUE INDEX users_passkey_handle_key ON users (passkey_handle);
CREATE INDEX users_deactivated_at_idx ON users (deactivated_at) WHERE deactivated_at IS NOT NULL AND erased_at IS NULL;

ALTER TABLE sessions ADD COLUMN method TEXT NOT NULL DEFAULT 'password';
ALTER TABLE sessions ADD COLUMN authenticated_at TIMESTAMP; -- when its owner last proved who they are
UPDATE sessions SET authenticated_at = created_at;
CREATE INDEX sessions_expires_at_idx ON sessions (expires_at);
CREATE INDEX sessions_ended_at_idx ON sessions (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX users_unproved_idx ON users (created_at) WHERE email_verified_at IS NULL;
CREATE INDEX profiles_image_idx ON profiles (image) WHERE image <> '';
CREATE INDEX refresh_tokens_expires_at_idx ON refresh_tokens (expires_at);
CREATE INDEX email_keys_expires_at_idx ON email_keys (expires_at);

-- What somebody registered a proved address with. A login with it is answered
-- as one to an account that waits for its proof, so that nobody can tell them
-- apart. It opens nothing.
CREATE TABLE decoys (
    user_id       INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    password_hash TEXT NOT NULL, -- argon2id, PHC string
    expires_at    TIMESTAMP NOT NULL
);
CREATE INDEX decoys_expires_at_idx ON decoys (expires_at);

CREATE TABLE password_resets (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    key_hash   BLOB NOT NULL UNIQUE, -- SHA-256
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX password_resets_user_id_idx ON password_resets (user_id);
CREATE INDEX password_resets_expires_at_idx ON password_resets (expires_at);

CREATE TABLE email_changes (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    new_email  TEXT NOT NULL,
    key_hash   BLOB NOT NULL UNIQUE, -- SHA-256
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX email_changes_user_id_idx ON email_changes (user_id);
CREATE INDEX email_changes_expires_at_idx ON email_changes (expires_at);

-- Accounts elsewhere that open an account here.
CREATE TABLE identities (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    provider     TEXT NOT NULL,
    subject      TEXT NOT NULL, -- the provider's id of the person
    email        TEXT NOT NULL,
    created_at   TIMESTAMP NOT NULL,
    last_used_at TIMESTAMP NOT NULL,
    UNIQUE (provider, subject),
    UNIQUE (user_id, provider)
);

-- A trip to a provider that has not come back. The state works once, and only
-- in the browser that began.
CREATE TABLE oauth_trips (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    state_hash   BLOB NOT NULL UNIQUE, -- SHA-256
    browser_hash BLOB NOT NULL, -- SHA-256 of the cookie
    provider     TEXT NOT NULL,
    purpose      TEXT NOT NULL, -- login, link, reauth
    session_id   INTEGER REFERENCES sessions (id) ON DELETE CASCADE, -- for link and reauth
    verifier     TEXT NOT NULL, -- PKCE
    nonce        TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    next_path    TEXT NOT NULL,
    created_at   TIMESTAMP NOT NULL,
    expires_at   TIMESTAMP NOT NULL
);
CREATE INDEX oauth_trips_session_id_idx ON oauth_trips (session_id);
CREATE INDEX oauth_trips_expires_at_idx ON oauth_trips (expires_at);

-- One-time codes (TOTP). The step of the last code that was taken: a code
-- works once.
CREATE TABLE otp_secrets (
    user_id      INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    secret       BLOB NOT NULL, -- AES-256-GCM, nonce first
    last_step    INTEGER NOT NULL DEFAULT 0,
    created_at   TIMESTAMP NOT NULL,
    confirmed_at TIMESTAMP
);
CREATE INDEX otp_secrets_unconfirmed_idx ON otp_secrets (created_at) WHERE confirmed_at IS NULL;

CREATE TABLE recovery_codes (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id   INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    code_hash BLOB NOT NULL, -- HMAC-SHA-256
    used_at   TIMESTAMP,
    UNIQUE (user_id, code_hash)
);

-- Browsers that somebody signed in with. Until trusted_until they need no
-- second step.
CREATE TABLE devices (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id       INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    token_hash    BLOB NOT NULL UNIQUE, -- SHA-256
    user_agent    TEXT NOT NULL,
    address       TEXT NOT NULL,
    created_at    TIMESTAMP NOT NULL,
    last_used_at  TIMESTAMP NOT NULL,
    expires_at    TIMESTAMP NOT NULL,
    trusted_until TIMESTAMP
);
CREATE INDEX devices_user_id_idx ON devices (user_id);
CREATE INDEX devices_expires_at_idx ON devices (expires_at);

-- Logins whose second step is still to come: no session, no token.
CREATE TABLE pending_logins (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    token_hash BLOB NOT NULL UNIQUE, -- SHA-256
    method     TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX pending_logins_user_id_idx ON pending_logins (user_id);
CREATE INDEX pending_logins_expires_at_idx ON pending_logins (expires_at);

CREATE TABLE passkeys (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id       INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    credential_id BLOB NOT NULL UNIQUE,
    credential    BLOB NOT NULL, -- public key and counter, as the WebAuthn library writes them
    name          TEXT NOT NULL,
    created_at    TIMESTAMP NOT NULL,
    last_used_at  TIMESTAMP
);
CREATE INDEX passkeys_user_id_idx ON passkeys (user_id);

-- WebAuthn ceremonies that have begun. Each can be finished once.
CREATE TABLE passkey_ceremonies (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash BLOB NOT NULL UNIQUE, -- SHA-256
    purpose    TEXT NOT NULL,
    user_id    INTEGER REFERENCES users (id) ON DELETE CASCADE,
    state      BLOB NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX passkey_ceremonies_user_id_idx ON passkey_ceremonies (user_id);
CREATE INDEX passkey_ceremonies_expires_at_idx ON passkey_ceremonies (expires_at);

-- What happened to an account's security, for its owner to read.
CREATE TABLE security_events (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL,
    provider   TEXT NOT NULL DEFAULT '',
    user_agent TEXT NOT NULL,
    address    TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX security_events_user_id_idx ON security_events (user_id, id);
CREATE INDEX security_events_created_at_idx ON security_events (created_at);

-- Attempts that count against a limit. The key is a hash of what is limited
-- and of whom.
CREATE TABLE attempts (
    key           BLOB PRIMARY KEY, -- SHA-256
    failures      INTEGER NOT NULL,
    window_start  TIMESTAMP NOT NULL,
    blocked_until TIMESTAMP
);
CREATE INDEX attempts_window_start_idx ON attempts (window_start);

-- +goose Down
DROP TABLE attempts;
DROP TABLE security_events;
DROP TABLE passkey_ceremonies;
DROP TABLE passkeys;
DROP TABLE pending_logins;
DROP TABLE devices;
DROP TABLE recovery_codes;
DROP TABLE otp_secrets;
DROP TABLE oauth_trips;
DROP TABLE identities;
DROP TABLE email_changes;
DROP TABLE password_resets;
DROP TABLE decoys;
DROP INDEX profiles_image_idx;
DROP INDEX users_unproved_idx;
DROP INDEX sessions_ended_at_idx;
DROP INDEX email_keys_expires_at_idx;
DROP INDEX refresh_tokens_expires_at_idx;
DROP INDEX sessions_expires_at_idx;
ALTER TABLE sessions DROP COLUMN authenticated_at;
ALTER TABLE sessions DROP COLUMN method;
DROP INDEX users_deactivated_at_idx;
DROP INDEX users_passkey_handle_key;
ALTER TABLE users DROP COLUMN passkey_second_step;
ALTER TABLE users DROP COLUMN passkey_handle;
ALTER TABLE users DROP COLUMN erased_at;
