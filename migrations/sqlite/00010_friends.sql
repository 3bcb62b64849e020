-- +goose Up
-- Friendships, one row for each of both.
CREATE TABLE friends (
    user_id    INTEGER   NOT NULL,
    friend_id  INTEGER   NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (user_id, friend_id),
    CHECK (user_id <> friend_id)
) WITHOUT ROWID;

CREATE TABLE friend_requests (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    from_id    INTEGER   NOT NULL,
    to_id      INTEGER   NOT NULL,
    state      TEXT      NOT NULL CHECK (state IN ('pending', 'accepted', 'declined', 'cancelled')),
    created_at TIMESTAMP NOT NULL,
    closed_at  TIMESTAMP,
    CHECK (from_id <> to_id)
);
CREATE UNIQUE INDEX friend_requests_open_key ON friend_requests (from_id, to_id) WHERE state = 'pending';
CREATE INDEX friend_requests_to_idx ON friend_requests (to_id, state, id);
CREATE INDEX friend_requests_from_idx ON friend_requests (from_id, state, id);
CREATE INDEX friend_requests_asked_idx ON friend_requests (from_id, created_at);
CREATE INDEX friend_requests_closed_at_idx ON friend_requests (closed_at) WHERE state <> 'pending';

CREATE TABLE friend_blocks (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER   NOT NULL,
    blocked_id INTEGER   NOT NULL,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (user_id, blocked_id),
    CHECK (user_id <> blocked_id)
);
CREATE INDEX friend_blocks_blocked_id_idx ON friend_blocks (blocked_id);

-- What stays of presence: when somebody was last seen, and whether they show.
CREATE TABLE presence (
    user_id   INTEGER PRIMARY KEY,
    last_seen TIMESTAMP,
    hidden    BOOLEAN NOT NULL DEFAULT false
);

-- +goose Down
DROP TABLE presence;
DROP TABLE friend_blocks;
DROP TABLE friend_requests;
DROP TABLE friends;
