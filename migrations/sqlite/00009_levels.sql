-- +goose Up
-- How many bids stand open at each price of a book. A book is read far more
-- often than it is changed, and a long one must not be counted for each reader.
CREATE TABLE book_levels (
    product_id INTEGER NOT NULL,
    side       TEXT    NOT NULL,
    price      INTEGER NOT NULL,
    bids       INTEGER NOT NULL CHECK (bids >= 0), -- open ones; they may have expired and not be swept yet
    PRIMARY KEY (product_id, side, price)
) WITHOUT ROWID;
INSERT INTO book_levels (product_id, side, price, bids) SELECT product_id, side, price, count(*) FROM bids WHERE status = 'open' GROUP BY product_id, side, price;

-- +goose StatementBegin
CREATE TRIGGER bids_insert_level AFTER INSERT ON bids WHEN new.status = 'open' BEGIN
    INSERT INTO book_levels (product_id, side, price, bids) VALUES (new.product_id, new.side, new.price, 1)
        ON CONFLICT (product_id, side, price) DO UPDATE SET bids = bids + 1;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER bids_leave_level AFTER UPDATE OF product_id, side, price, status ON bids WHEN old.status = 'open' BEGIN
    UPDATE book_levels SET bids = bids - 1 WHERE product_id = old.product_id AND side = old.side AND price = old.price;
    DELETE FROM book_levels WHERE product_id = old.product_id AND side = old.side AND price = old.price AND bids = 0;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER bids_join_level AFTER UPDATE OF product_id, side, price, status ON bids WHEN new.status = 'open' BEGIN
    INSERT INTO book_levels (product_id, side, price, bids) VALUES (new.product_id, new.side, new.price, 1)
        ON CONFLICT (product_id, side, price) DO UPDATE SET bids = bids + 1;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER bids_delete_level AFTER DELETE ON bids WHEN old.status = 'open' BEGIN
    UPDATE book_levels SET bids = bids - 1 WHERE product_id = old.product_id AND side = old.side AND price = old.price;
    DELETE FROM book_levels WHERE product_id = old.product_id AND side = old.side AND price = old.price AND bids = 0;
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER bids_insert_level;
DROP TRIGGER bids_leave_level;
DROP TRIGGER bids_join_level;
DROP TRIGGER bids_delete_level;
DROP TABLE book_levels;
