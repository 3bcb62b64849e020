-- +goose Up
-- A prize is an order that nobody pays for. Which values an order may have is only
-- a text in the schema, so it is changed there, as SQLite's documentation has it for
-- what leaves the content of a table as it is: lang_altertable.html, "Making Other
-- Kinds Of Table Schema Changes". Indexes, foreign keys, triggers and numbers stay.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(replace(sql, 'CHECK (kind IN (''trans'', ''store''))', 'CHECK (kind IN (''trans'', ''store'', ''prize''))'),
    'CHECK (price > 0)', 'CHECK (price > 0 OR kind = ''prize'' AND price = 0)') WHERE type = 'table' AND name = 'orders';
PRAGMA writable_schema = RESET;

-- Pieces that the store keeps for whoever wins them. The table that it makes tells
-- other connections that the schema is another.
CREATE TABLE shop_prizes (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    product_id INTEGER NOT NULL REFERENCES products (id),
    info_id    INTEGER NOT NULL,
    stocked    BOOLEAN NOT NULL, -- taken from the stock of a store good
    state      TEXT NOT NULL CHECK (state IN ('kept', 'released', 'awarded')),
    order_id   INTEGER UNIQUE REFERENCES orders (id), -- of the winner
    created_at TIMESTAMP NOT NULL,
    ended_at   TIMESTAMP,
    CHECK ((state = 'kept') = (ended_at IS NULL)),
    CHECK ((state = 'awarded') = (order_id IS NOT NULL))
);
CREATE INDEX shop_prizes_product_id_idx ON shop_prizes (product_id);

-- Had the text been another than expected, it would be unchanged: this refuses 0.
CREATE TABLE changed_checks (n INTEGER NOT NULL CHECK (n = 2));
INSERT INTO changed_checks SELECT (instr(sql, '''store'', ''prize''))') > 0) + (instr(sql, 'kind = ''prize'' AND price = 0)') > 0) FROM sqlite_schema WHERE type = 'table' AND name = 'orders';
DROP TABLE changed_checks;

-- +goose Down
DROP TABLE shop_prizes;
DELETE FROM order_events WHERE order_id IN (SELECT id FROM orders WHERE kind = 'prize');
DELETE FROM orders WHERE kind = 'prize';
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(replace(sql, 'CHECK (kind IN (''trans'', ''store'', ''prize''))', 'CHECK (kind IN (''trans'', ''store''))'),
    'CHECK (price > 0 OR kind = ''prize'' AND price = 0)', 'CHECK (price > 0)') WHERE type = 'table' AND name = 'orders';
PRAGMA writable_schema = RESET;
