-- +goose Up
-- Runs of three letters. The extension is trusted: whoever owns the database
-- may create it. It sees letters as the database's locale does; under the
-- locale C it knows no letters but English ones.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- What the search looks through: brand, names, model number and colourway, as
-- shop.SearchWords writes them. A row of its own, because every other change of
-- an article would rewrite the index too. The program writes the rows that are
-- missing, or of an older form, when it starts: SQL can't.
CREATE TABLE info_search (
    info_id bigint  PRIMARY KEY REFERENCES product_infos (id) ON DELETE CASCADE,
    words   text    NOT NULL,
    form    integer NOT NULL -- shop.SearchForm that wrote the words
);
-- Written seldom and read often: no list of what is still to be sorted in.
CREATE INDEX info_search_words_idx ON info_search USING gin (words gin_trgm_ops) WITH (fastupdate = off);
ALTER TABLE product_infos DROP COLUMN search_text;

ALTER TABLE brands ADD COLUMN search_words text NOT NULL DEFAULT '';
ALTER TABLE brands ADD COLUMN search_form integer NOT NULL DEFAULT 0;

-- The lowest price of the sizes as lists order and filter by it: it follows the
-- books within moments. What a list shows is read from the books.
ALTER TABLE product_infos ADD COLUMN list_price bigint;
UPDATE product_infos SET list_price = (SELECT min(CASE WHEN biddable THEN purchase_price WHEN stock > 0 THEN purchase_price END)
    FROM products p WHERE p.info_id = product_infos.id);
CREATE INDEX product_infos_list_price_idx ON product_infos (list_price ASC NULLS LAST, id DESC);
CREATE INDEX product_infos_list_price_desc_idx ON product_infos (list_price DESC NULLS LAST, id DESC);
CREATE INDEX product_infos_premium_idx ON product_infos ((1.0 * list_price / retail_price) DESC NULLS LAST, id DESC);

-- +goose Down
DROP INDEX product_infos_premium_idx, product_infos_list_price_desc_idx, product_infos_list_price_idx;
ALTER TABLE product_infos DROP COLUMN list_price;
ALTER TABLE brands DROP COLUMN search_form;
ALTER TABLE brands DROP COLUMN search_words;
DROP TABLE info_search;
ALTER TABLE product_infos ADD COLUMN search_text text NOT NULL DEFAULT '';
