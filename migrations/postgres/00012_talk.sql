-- +goose Up
-- Remarks are said in rooms: at articles of the shop, and at other modules' places.
-- Who owns a place deletes what was said there.
ALTER TABLE remarks DROP CONSTRAINT remarks_info_id_fkey;
DROP INDEX remarks_comments_idx, remarks_info_id_idx;
ALTER TABLE remarks RENAME COLUMN info_id TO place_id;
ALTER TABLE remarks ADD COLUMN room text NOT NULL DEFAULT 'info'; -- the kind of the place
ALTER TABLE remarks ALTER COLUMN room DROP DEFAULT;
ALTER TABLE remarks ADD COLUMN hidden_at timestamptz; -- by the staff
CREATE INDEX remarks_comments_idx ON remarks (room, place_id, id DESC) WHERE comment_id IS NULL;
CREATE INDEX remarks_place_idx ON remarks (room, place_id);

-- +goose Down
DELETE FROM remarks WHERE room <> 'info';
DROP INDEX remarks_comments_idx, remarks_place_idx;
ALTER TABLE remarks DROP COLUMN hidden_at, DROP COLUMN room;
ALTER TABLE remarks RENAME COLUMN place_id TO info_id;
ALTER TABLE remarks ADD CONSTRAINT remarks_info_id_fkey FOREIGN KEY (info_id) REFERENCES product_infos (id) ON DELETE CASCADE;
CREATE INDEX remarks_comments_idx ON remarks (info_id, id DESC) WHERE comment_id IS NULL;
CREATE INDEX remarks_info_id_idx ON remarks (info_id);
UPDATE product_infos SET comments = (SELECT count(*) FROM remarks r WHERE r.info_id = product_infos.id); -- what was hidden shows again
