-- +goose Up
CREATE TABLE users (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    email             TEXT NOT NULL UNIQUE, -- lower case
    password_hash     TEXT NOT NULL, -- argon2id, PHC string
    is_staff          BOOLEAN NOT NULL DEFAULT false,
    shoe_size         INTEGER,
    phone_number      TEXT,
    email_verified_at TIMESTAMP,
    created_at        TIMESTAMP NOT NULL,
    deactivated_at    TIMESTAMP
);

CREATE TABLE profiles (
    user_id          INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    user_name        TEXT NOT NULL,
    profile_name     TEXT NOT NULL,
    profile_name_key TEXT NOT NULL UNIQUE, -- the form that the program compares
    introduction     TEXT NOT NULL DEFAULT '',
    image            TEXT NOT NULL DEFAULT '',
    created_at       TIMESTAMP NOT NULL
);

-- One login on one device. Its refresh tokens are a family: they end with it.
CREATE TABLE sessions (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    user_agent   TEXT NOT NULL,
    address      TEXT NOT NULL,
    created_at   TIMESTAMP NOT NULL,
    last_seen_at TIMESTAMP NOT NULL,
    expires_at   TIMESTAMP NOT NULL,
    ended_at     TIMESTAMP,
    end_reason   TEXT NOT NULL DEFAULT ''
);
CREATE INDEX sessions_user_id_idx ON sessions (user_id);

CREATE TABLE refresh_tokens (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    token_hash BLOB NOT NULL UNIQUE, -- SHA-256
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    rotated_at TIMESTAMP
);
CREATE INDEX refresh_tokens_session_id_idx ON refresh_tokens (session_id);

-- Keys sent by mail to prove an address, each with what was given when it was
-- registered: the key that proves the address decides whose account it is.
CREATE TABLE email_keys (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id       INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    key_hash      BLOB NOT NULL UNIQUE, -- SHA-256
    password_hash TEXT NOT NULL, -- argon2id, PHC string
    shoe_size     INTEGER,
    phone_number  TEXT,
    created_at    TIMESTAMP NOT NULL,
    expires_at    TIMESTAMP NOT NULL,
    used_at       TIMESTAMP
);
CREATE INDEX email_keys_user_id_idx ON email_keys (user_id);

-- +goose Down
DROP TABLE email_keys;
DROP TABLE refresh_tokens;
DROP TABLE sessions;
DROP TABLE profiles;
DROP TABLE users;
