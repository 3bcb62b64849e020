-- +goose Up
-- Remarks are said in rooms: at articles of the shop, and at other modules' places.
-- Who owns a place deletes what was said there. A foreign key can't be dropped, so
-- both tables are made anew; ids go on where they were, so that none comes back.
CREATE TABLE remarks_new (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    room       TEXT    NOT NULL, -- the kind of the place
    place_id   INTEGER NOT NULL,
    comment_id INTEGER REFERENCES remarks_new (id) ON DELETE CASCADE, -- the comment that a reply stands under; null: a comment
    user_id    INTEGER NOT NULL,
    to_user_id INTEGER, -- whom a reply speaks to
    content    TEXT NOT NULL, -- empty: its writer was erased, and others had replied
    num_likes  INTEGER NOT NULL DEFAULT 0,
    created_at TIMESTAMP NOT NULL,
    edited_at  TIMESTAMP,
    hidden_at  TIMESTAMP, -- by the staff
    CHECK ((comment_id IS NULL) = (to_user_id IS NULL))
);
INSERT INTO remarks_new (id, room, place_id, comment_id, user_id, to_user_id, content, num_likes, created_at, edited_at)
    SELECT id, 'info', info_id, comment_id, user_id, to_user_id, content, num_likes, created_at, edited_at FROM remarks ORDER BY id;
CREATE TABLE remark_likes_new (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    remark_id  INTEGER NOT NULL REFERENCES remarks_new (id) ON DELETE CASCADE,
    user_id    INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (remark_id, user_id)
);
INSERT INTO remark_likes_new (id, remark_id, user_id, created_at) SELECT id, remark_id, user_id, created_at FROM remark_likes;
DELETE FROM sqlite_sequence WHERE name IN ('remarks_new', 'remark_likes_new');
INSERT INTO sqlite_sequence (name, seq) SELECT name || '_new', seq FROM sqlite_sequence WHERE name IN ('remarks', 'remark_likes');
DROP TABLE remark_likes;
DROP TABLE remarks;
ALTER TABLE remarks_new RENAME TO remarks;
ALTER TABLE remark_likes_new RENAME TO remark_likes;
CREATE INDEX remarks_comments_idx ON remarks (room, place_id, id DESC) WHERE comment_id IS NULL;
CREATE INDEX remarks_place_idx ON remarks (room, place_id);
CREATE INDEX remarks_comment_id_idx ON remarks (comment_id, id);
CREATE INDEX remarks_user_id_idx ON remarks (user_id, id);
CREATE INDEX remark_likes_list_idx ON remark_likes (remark_id, id);
CREATE INDEX remark_likes_user_id_idx ON remark_likes (user_id);

-- +goose Down
DELETE FROM remarks WHERE room <> 'info';
CREATE TABLE remarks_old (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    info_id    INTEGER NOT NULL REFERENCES product_infos (id) ON DELETE CASCADE,
    comment_id INTEGER REFERENCES remarks_old (id) ON DELETE CASCADE, -- the comment that a reply stands under; null: a comment
    user_id    INTEGER NOT NULL,
    to_user_id INTEGER, -- whom a reply speaks to
    content    TEXT NOT NULL, -- empty: its writer was erased, and others had replied
    num_likes  INTEGER NOT NULL DEFAULT 0,
    created_at TIMESTAMP NOT NULL,
    edited_at  TIMESTAMP,
    CHECK ((comment_id IS NULL) = (to_user_id IS NULL))
);
INSERT INTO remarks_old (id, info_id, comment_id, user_id, to_user_id, content, num_likes, created_at, edited_at)
    SELECT id, place_id, comment_id, user_id, to_user_id, content, num_likes, created_at, edited_at FROM remarks ORDER BY id;
CREATE TABLE remark_likes_old (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    remark_id  INTEGER NOT NULL REFERENCES remarks_old (id) ON DELETE CASCADE,
    user_id    INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (remark_id, user_id)
);
INSERT INTO remark_likes_old (id, remark_id, user_id, created_at) SELECT id, remark_id, user_id, created_at FROM remark_likes;
DELETE FROM sqlite_sequence WHERE name IN ('remarks_old', 'remark_likes_old');
INSERT INTO sqlite_sequence (name, seq) SELECT name || '_old', seq FROM sqlite_sequence WHERE name IN ('remarks', 'remark_likes');
DROP TABLE remark_likes;
DROP TABLE remarks;
ALTER TABLE remarks_old RENAME TO remarks;
ALTER TABLE remark_likes_old RENAME TO remark_likes;
CREATE INDEX remarks_comments_idx ON remarks (info_id, id DESC) WHERE comment_id IS NULL;
CREATE INDEX remarks_info_id_idx ON remarks (info_id);
CREATE INDEX remarks_comment_id_idx ON remarks (comment_id, id);
CREATE INDEX remarks_user_id_idx ON remarks (user_id, id);
CREATE INDEX remark_likes_list_idx ON remark_likes (remark_id, id);
CREATE INDEX remark_likes_user_id_idx ON remark_likes (user_id);
UPDATE product_infos SET comments = (SELECT count(*) FROM remarks r WHERE r.info_id = product_infos.id); -- what was hidden shows again
