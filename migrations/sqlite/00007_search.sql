-- +goose Up
-- What the search looks through: brand, names, model number and colourway, as
-- shop.SearchWords writes them. A row of its own, because every other change of
-- an article would rewrite the index too. The program writes the rows that are
-- missing, or of an older form, when it starts: SQL can't.
CREATE TABLE info_search (
    info_id INTEGER PRIMARY KEY REFERENCES product_infos (id) ON DELETE CASCADE,
    words   TEXT NOT NULL,
    form    INTEGER NOT NULL -- shop.SearchForm that wrote the words
);
ALTER TABLE product_infos DROP COLUMN search_text;

-- All runs of three letters; the words themselves stay in info_search.
CREATE VIRTUAL TABLE info_search_fts USING fts5(words, content='info_search', content_rowid='info_id', tokenize='trigram');
-- +goose StatementBegin
CREATE TRIGGER info_search_insert AFTER INSERT ON info_search BEGIN
    INSERT INTO info_search_fts (rowid, words) VALUES (new.info_id, new.words);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER info_search_delete AFTER DELETE ON info_search BEGIN
    INSERT INTO info_search_fts (info_search_fts, rowid, words) VALUES ('delete', old.info_id, old.words);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER info_search_update AFTER UPDATE OF words ON info_search WHEN old.words <> new.words BEGIN
    INSERT INTO info_search_fts (info_search_fts, rowid, words) VALUES ('delete', old.info_id, old.words);
    INSERT INTO info_search_fts (rowid, words) VALUES (new.info_id, new.words);
END;
-- +goose StatementEnd

ALTER TABLE brands ADD COLUMN search_words TEXT NOT NULL DEFAULT '';
ALTER TABLE brands ADD COLUMN search_form INTEGER NOT NULL DEFAULT 0;

-- The lowest price of the sizes as lists order and filter by it: it follows the
-- books within moments. What a list shows is read from the books.
ALTER TABLE product_infos ADD COLUMN list_price INTEGER;
UPDATE product_infos SET list_price = (SELECT min(CASE WHEN biddable THEN purchase_price WHEN stock > 0 THEN purchase_price END)
    FROM products p WHERE p.info_id = product_infos.id);
CREATE INDEX product_infos_list_price_idx ON product_infos (list_price, id DESC);
CREATE INDEX product_infos_list_price_desc_idx ON product_infos (list_price DESC, id DESC);
CREATE INDEX product_infos_premium_idx ON product_infos (1.0 * list_price / retail_price DESC, id DESC);

-- +goose Down
DROP INDEX product_infos_premium_idx;
DROP INDEX product_infos_list_price_desc_idx;
DROP INDEX product_infos_list_price_idx;
ALTER TABLE product_infos DROP COLUMN list_price;
ALTER TABLE brands DROP COLUMN search_form;
ALTER TABLE brands DROP COLUMN search_words;
DROP TRIGGER info_search_update;
DROP TRIGGER info_search_delete;
DROP TRIGGER info_search_insert;
DROP TABLE info_search_fts;
DROP TABLE info_search;
ALTER TABLE product_infos ADD COLUMN search_text TEXT NOT NULL DEFAULT '';
