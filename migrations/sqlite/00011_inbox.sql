-- +goose Up
-- What happened, as the transactions that made it happen wrote it down. One
-- follower makes notifications and activities of it, in order, and deletes it.
CREATE TABLE inbox_outbox (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    entry      TEXT      NOT NULL, -- JSON
    created_at TIMESTAMP NOT NULL,
    set_aside  BOOLEAN NOT NULL DEFAULT false -- it could not be told
);

-- A person's count of everything they were ever told, and what of it is unread.
CREATE TABLE inbox_state (
    user_id INTEGER PRIMARY KEY,
    seq     INTEGER NOT NULL,
    unread  INTEGER NOT NULL
);

CREATE TABLE notifications (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER   NOT NULL,
    seq        INTEGER   NOT NULL, -- of the last thing that joined it
    kind       TEXT      NOT NULL,
    group_key  TEXT      NOT NULL, -- what joins an unread one of the same key; empty: nothing
    count      INTEGER   NOT NULL,
    target     TEXT      NOT NULL, -- JSON
    read       BOOLEAN   NOT NULL,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (user_id, seq)
);
CREATE UNIQUE INDEX notifications_group_key ON notifications (user_id, kind, group_key) WHERE NOT read AND group_key <> '';
CREATE INDEX notifications_unread_idx ON notifications (user_id, seq) WHERE NOT read;
CREATE INDEX notifications_created_at_idx ON notifications (created_at);

CREATE TABLE notification_actors (
    notification_id INTEGER   NOT NULL REFERENCES notifications (id) ON DELETE CASCADE,
    actor_id        INTEGER   NOT NULL,
    at              TIMESTAMP NOT NULL,
    PRIMARY KEY (notification_id, actor_id)
) WITHOUT ROWID;
CREATE INDEX notification_actors_actor_id_idx ON notification_actors (actor_id);

CREATE TABLE inbox_settings (
    user_id INTEGER NOT NULL,
    name    TEXT    NOT NULL, -- kind:… or audience:…
    value   TEXT    NOT NULL,
    PRIMARY KEY (user_id, name)
) WITHOUT ROWID;

CREATE TABLE activities (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER   NOT NULL,
    kind       TEXT      NOT NULL,
    target     TEXT      NOT NULL, -- JSON
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX activities_user_id_idx ON activities (user_id, id);
CREATE INDEX activities_created_at_idx ON activities (created_at);

-- +goose Down
DROP TABLE activities;
DROP TABLE inbox_settings;
DROP TABLE notification_actors;
DROP TABLE notifications;
DROP TABLE inbox_state;
DROP TABLE inbox_outbox;
