-- +goose Up
-- How many bids stand open at each price of a book. A book is read far more
-- often than it is changed, and a long one must not be counted for each reader.
CREATE TABLE book_levels (
    product_id bigint NOT NULL,
    side       text   NOT NULL,
    price      bigint NOT NULL,
    bids       bigint NOT NULL CHECK (bids >= 0), -- open ones; they may have expired and not be swept yet
    PRIMARY KEY (product_id, side, price)
) WITH (fillfactor = 70); -- a count changes in place
INSERT INTO book_levels (product_id, side, price, bids) SELECT product_id, side, price, count(*) FROM bids WHERE status = 'open' GROUP BY product_id, side, price;

-- +goose StatementBegin
CREATE FUNCTION count_level() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND old.status = 'open' THEN
        UPDATE book_levels SET bids = bids - 1 WHERE product_id = old.product_id AND side = old.side AND price = old.price;
        DELETE FROM book_levels WHERE product_id = old.product_id AND side = old.side AND price = old.price AND bids = 0;
    END IF;
    IF TG_OP <> 'DELETE' AND new.status = 'open' THEN
        INSERT INTO book_levels AS l (product_id, side, price, bids) VALUES (new.product_id, new.side, new.price, 1)
            ON CONFLICT (product_id, side, price) DO UPDATE SET bids = l.bids + 1;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER bids_count_level AFTER INSERT OR DELETE OR UPDATE OF product_id, side, price, status ON bids FOR EACH ROW EXECUTE FUNCTION count_level();

-- +goose Down
DROP TRIGGER bids_count_level ON bids;
DROP FUNCTION count_level;
DROP TABLE book_levels;
