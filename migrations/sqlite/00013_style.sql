-- +goose Up
-- A mute keeps somebody's words away, and nothing else.
ALTER TABLE friend_blocks ADD COLUMN mute BOOLEAN NOT NULL DEFAULT false;

-- What is counted of people. Who has no row has none of it.
CREATE TABLE style_people (
    user_id        INTEGER PRIMARY KEY,
    num_posts      INTEGER NOT NULL DEFAULT 0, -- those that everybody sees
    num_followers  INTEGER NOT NULL DEFAULT 0,
    num_followings INTEGER NOT NULL DEFAULT 0,
    posted         INTEGER NOT NULL DEFAULT 0, -- since posting_since: how much they post of late
    posting_since  TIMESTAMP,
    reported       INTEGER NOT NULL DEFAULT 0, -- since reporting_since
    reporting_since TIMESTAMP
);

CREATE TABLE follows (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    from_id    INTEGER      NOT NULL,
    to_id      INTEGER      NOT NULL,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (from_id, to_id),
    CHECK (from_id <> to_id)
);
CREATE INDEX follows_from_idx ON follows (from_id, id);
CREATE INDEX follows_to_idx ON follows (to_id, id);

CREATE TABLE posts (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id      INTEGER           NOT NULL,
    content      TEXT             NOT NULL, -- people who are mentioned stand in it by their ids
    pictures     TEXT             NOT NULL, -- JSON: [{"key", "w", "h"}]
    ratio        REAL NOT NULL CHECK (ratio > 0),
    tags         TEXT             NOT NULL, -- JSON: [{"info", "x", "y", "picture"}]
    num_likes    INTEGER           NOT NULL DEFAULT 0,
    num_comments INTEGER           NOT NULL DEFAULT 0, -- and replies
    heat         REAL NOT NULL DEFAULT 0, -- what the popular feed sorts by
    warm         BOOLEAN          NOT NULL DEFAULT true, -- heat is to be reckoned anew
    hidden       BOOLEAN          NOT NULL DEFAULT false, -- by the staff
    absent       BOOLEAN          NOT NULL DEFAULT false, -- its author has left, and may come back
    created_at   TIMESTAMP      NOT NULL,
    edited_at    TIMESTAMP,
    version      INTEGER          NOT NULL DEFAULT 0 -- of what its author writes
);
CREATE INDEX posts_user_id_idx ON posts (user_id, id);
CREATE INDEX posts_heat_idx ON posts (heat DESC, id DESC);
CREATE INDEX posts_warm_idx ON posts (id) WHERE warm;

-- Which post shows a picture: for the sweep of the picture store.
CREATE TABLE post_pictures (
    key     TEXT   PRIMARY KEY,
    post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE
);
CREATE INDEX post_pictures_post_id_idx ON post_pictures (post_id);

-- What posts are found by, one row each.
CREATE TABLE post_articles (
    info_id INTEGER NOT NULL,
    post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    PRIMARY KEY (info_id, post_id)
);
CREATE INDEX post_articles_post_id_idx ON post_articles (post_id);

CREATE TABLE post_hashtags (
    tag     TEXT NOT NULL,
    post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    PRIMARY KEY (tag, post_id)
);
CREATE INDEX post_hashtags_post_id_idx ON post_hashtags (post_id);

CREATE TABLE post_mentions (
    user_id INTEGER NOT NULL,
    post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, post_id)
);
CREATE INDEX post_mentions_post_id_idx ON post_mentions (post_id);

CREATE TABLE post_search (
    post_id INTEGER PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    words   TEXT   NOT NULL
);
CREATE VIRTUAL TABLE post_search_fts USING fts5(words, content='post_search', content_rowid='post_id', tokenize='trigram');
-- +goose StatementBegin
CREATE TRIGGER post_search_insert AFTER INSERT ON post_search BEGIN
    INSERT INTO post_search_fts (rowid, words) VALUES (new.post_id, new.words);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER post_search_update AFTER UPDATE ON post_search BEGIN
    INSERT INTO post_search_fts (post_search_fts, rowid, words) VALUES ('delete', old.post_id, old.words);
    INSERT INTO post_search_fts (rowid, words) VALUES (new.post_id, new.words);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER post_search_delete AFTER DELETE ON post_search BEGIN
    INSERT INTO post_search_fts (post_search_fts, rowid, words) VALUES ('delete', old.post_id, old.words);
END;
-- +goose StatementEnd

CREATE TABLE post_likes (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    post_id    INTEGER      NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    user_id    INTEGER      NOT NULL,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (post_id, user_id)
);
CREATE INDEX post_likes_list_idx ON post_likes (post_id, id);
CREATE INDEX post_likes_user_id_idx ON post_likes (user_id, id);

-- How the popular feed stood when somebody began to page through it.
CREATE TABLE popular_epochs (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    made_at   TIMESTAMP NOT NULL,
    last_post INTEGER      NOT NULL, -- the newest post of its time
    ranks     TEXT        NOT NULL  -- JSON: ids of posts, the most popular first
);

-- What people reported, one case for each thing.
CREATE TABLE report_cases (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    object_type TEXT        NOT NULL,
    object_id   INTEGER      NOT NULL,
    state       TEXT        NOT NULL CHECK (state IN ('open', 'hidden', 'dismissed')),
    created_at  TIMESTAMP NOT NULL,
    updated_at  TIMESTAMP NOT NULL,
    UNIQUE (object_type, object_id)
);
CREATE INDEX report_cases_state_idx ON report_cases (state, id);

CREATE TABLE reports (
    case_id    INTEGER      NOT NULL REFERENCES report_cases (id) ON DELETE CASCADE,
    user_id    INTEGER      NOT NULL,
    reason     TEXT        NOT NULL,
    note       TEXT        NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (case_id, user_id)
);
CREATE INDEX reports_user_id_idx ON reports (user_id);

-- +goose Down
DROP TABLE reports;
DROP TABLE report_cases;
DROP TABLE popular_epochs;
DROP TABLE post_likes;
DROP TABLE post_search_fts;
DROP TABLE post_search;
DROP TABLE post_mentions;
DROP TABLE post_hashtags;
DROP TABLE post_articles;
DROP TABLE post_pictures;
DROP TABLE posts;
DROP TABLE follows;
DROP TABLE style_people;
DELETE FROM friend_blocks WHERE mute;
ALTER TABLE friend_blocks DROP COLUMN mute;
