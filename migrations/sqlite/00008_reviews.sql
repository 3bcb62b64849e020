-- +goose Up
-- Comments on articles, and replies to comments.
CREATE TABLE remarks (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    info_id    INTEGER NOT NULL REFERENCES product_infos (id) ON DELETE CASCADE,
    comment_id INTEGER REFERENCES remarks (id) ON DELETE CASCADE, -- the comment that a reply stands under; null: a comment
    user_id    INTEGER NOT NULL,
    to_user_id INTEGER, -- whom a reply speaks to
    content    TEXT NOT NULL, -- empty: its writer was erased, and others had replied
    num_likes  INTEGER NOT NULL DEFAULT 0,
    created_at TIMESTAMP NOT NULL,
    edited_at  TIMESTAMP,
    CHECK ((comment_id IS NULL) = (to_user_id IS NULL))
);
CREATE INDEX remarks_comments_idx ON remarks (info_id, id DESC) WHERE comment_id IS NULL;
CREATE INDEX remarks_info_id_idx ON remarks (info_id);
CREATE INDEX remarks_comment_id_idx ON remarks (comment_id, id);
CREATE INDEX remarks_user_id_idx ON remarks (user_id, id);

CREATE TABLE remark_likes (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    remark_id  INTEGER NOT NULL REFERENCES remarks (id) ON DELETE CASCADE,
    user_id    INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (remark_id, user_id)
);
CREATE INDEX remark_likes_list_idx ON remark_likes (remark_id, id);
CREATE INDEX remark_likes_user_id_idx ON remark_likes (user_id);

-- How much somebody wrote of late. It counts what was deleted since, too.
CREATE TABLE remark_quotas (
    user_id      INTEGER PRIMARY KEY,
    window_start TIMESTAMP NOT NULL,
    posts        INTEGER NOT NULL
);

ALTER TABLE product_infos ADD COLUMN comments INTEGER NOT NULL DEFAULT 0; -- remarks: comments and replies
CREATE INDEX orders_bought_idx ON orders (info_id, buyer_id) WHERE status = 'settled';

-- +goose Down
DROP INDEX orders_bought_idx;
ALTER TABLE product_infos DROP COLUMN comments;
DROP TABLE remark_quotas;
DROP TABLE remark_likes;
DROP TABLE remarks;
