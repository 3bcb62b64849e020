-- +goose Up
-- What a bid's owner was shown when they placed it: their fee, in basis points.
ALTER TABLE bids ADD COLUMN fee_bps INTEGER; -- null: placed before this column

ALTER TABLE orders ADD COLUMN status_at TIMESTAMP NOT NULL DEFAULT '1970-01-01 00:00:00+00:00';
ALTER TABLE orders ADD COLUMN deadline TIMESTAMP;                       -- of the present step
ALTER TABLE orders ADD COLUMN overdue_at TIMESTAMP;                     -- when the staff was found late
ALTER TABLE orders ADD COLUMN reason TEXT NOT NULL DEFAULT '';          -- why it was cancelled or failed
ALTER TABLE orders ADD COLUMN note TEXT NOT NULL DEFAULT '';            -- the staff's words for it
ALTER TABLE orders ADD COLUMN carrier TEXT NOT NULL DEFAULT '';         -- seller to centre
ALTER TABLE orders ADD COLUMN tracking TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN out_carrier TEXT NOT NULL DEFAULT '';     -- centre to buyer
ALTER TABLE orders ADD COLUMN out_tracking TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN resolution TEXT NOT NULL DEFAULT '' CHECK (resolution IN ('', 'refunded', 'replaced'));
ALTER TABLE orders ADD COLUMN replaces INTEGER;                         -- the failed order whose money this one took over
ALTER TABLE orders ADD COLUMN replaced_by INTEGER;
ALTER TABLE orders ADD COLUMN told_at TIMESTAMP;                        -- when both sides were told of the status by mail
ALTER TABLE orders ADD COLUMN told_event INTEGER NOT NULL DEFAULT 0;    -- the last step that they were told of
ALTER TABLE orders ADD COLUMN buyer_bps INTEGER NOT NULL DEFAULT 0;     -- the terms of the day, in basis points of the price
ALTER TABLE orders ADD COLUMN seller_bps INTEGER NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN penalty_bps INTEGER NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN fail_penalty_bps INTEGER NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN credit_bps INTEGER NOT NULL DEFAULT 0;    -- the buyer's part, of the penalty
-- Whoever has an order under way gets the whole time from now on.
UPDATE orders SET status_at = created_at, told_at = created_at, resolution = CASE WHEN status = 'failed' THEN 'refunded' ELSE '' END,
    deadline = strftime('%Y-%m-%d %H:%M:%S', 'now', CASE status WHEN 'matched' THEN '+2 days' WHEN 'shipping' THEN '+14 days' WHEN 'inspecting' THEN '+3 days'
        WHEN 'passed' THEN '+2 days' WHEN 'delivering' THEN '+7 days' END) || '+00:00';
CREATE UNIQUE INDEX orders_replaces_key ON orders (replaces);
CREATE INDEX orders_deadline_idx ON orders (deadline) WHERE deadline IS NOT NULL;
CREATE INDEX orders_status_idx ON orders (status, id);
CREATE INDEX orders_selling_idx ON orders (seller_id) WHERE status IN ('matched', 'shipping', 'inspecting', 'passed', 'delivering');
CREATE INDEX orders_untold_idx ON orders (id) WHERE told_at IS NULL;
CREATE INDEX orders_sold_idx ON orders (seller_id) WHERE status = 'settled';

-- Who moved an order, when and to what.
CREATE TABLE order_events (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id   INTEGER      NOT NULL REFERENCES orders (id),
    action     TEXT        NOT NULL,
    status     TEXT        NOT NULL, -- afterwards
    actor      TEXT        NOT NULL CHECK (actor IN ('buyer', 'seller', 'staff', 'system')),
    actor_id   INTEGER,               -- null: the system
    note       TEXT        NOT NULL DEFAULT '',
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX order_events_order_id_idx ON order_events (order_id, id);
CREATE INDEX order_events_withdrawn_idx ON order_events (actor_id, created_at) WHERE action = 'withdraw';

-- The ledger: each row moves an amount from one account to another, so it
-- balances by itself. Rows are only ever added.
CREATE TABLE ledger (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id    INTEGER      NOT NULL REFERENCES orders (id),
    reason      TEXT        NOT NULL,
    debit       TEXT        NOT NULL CHECK (debit IN ('buyer', 'seller', 'escrow', 'fees', 'penalties', 'store')),
    debit_user  INTEGER,               -- whose account, of buyer and seller
    credit      TEXT        NOT NULL CHECK (credit IN ('buyer', 'seller', 'escrow', 'fees', 'penalties', 'store')),
    credit_user INTEGER,
    amount      INTEGER      NOT NULL CHECK (amount > 0), -- won
    created_at  TIMESTAMP NOT NULL,
    CHECK ((debit IN ('buyer', 'seller')) = (debit_user IS NOT NULL)),
    CHECK ((credit IN ('buyer', 'seller')) = (credit_user IS NOT NULL)),
    CHECK (debit <> credit)
);
CREATE INDEX ledger_order_id_idx ON ledger (order_id, id);
-- +goose StatementBegin
CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger BEGIN
    SELECT RAISE(ABORT, 'ledger is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger BEGIN
    SELECT RAISE(ABORT, 'ledger is append-only');
END;
-- +goose StatementEnd
-- REPLACE deletes without asking the triggers of DELETE.
-- +goose StatementBegin
CREATE TRIGGER ledger_no_replace BEFORE INSERT ON ledger WHEN EXISTS (SELECT 1 FROM ledger WHERE id = NEW.id) BEGIN
    SELECT RAISE(ABORT, 'ledger is append-only');
END;
-- +goose StatementEnd

INSERT INTO ledger (order_id, reason, debit, debit_user, credit, amount, created_at)
    SELECT id, 'charge', 'buyer', buyer_id, 'escrow', price + buyer_fee, created_at FROM orders ORDER BY id;
INSERT INTO ledger (order_id, reason, debit, credit, credit_user, amount, created_at)
    SELECT id, 'payout', 'escrow', CASE WHEN seller_id IS NULL THEN 'store' ELSE 'seller' END, seller_id, price - seller_fee, created_at FROM orders WHERE status = 'settled' ORDER BY id;
INSERT INTO ledger (order_id, reason, debit, credit, amount, created_at)
    SELECT id, 'fee', 'escrow', 'fees', buyer_fee + seller_fee, created_at FROM orders WHERE status = 'settled' AND buyer_fee + seller_fee > 0 ORDER BY id;
INSERT INTO ledger (order_id, reason, debit, credit, credit_user, amount, created_at)
    SELECT id, 'refund', 'escrow', 'buyer', buyer_id, price + buyer_fee, created_at FROM orders WHERE status IN ('cancelled', 'failed') ORDER BY id;

-- Fees by the day from which they hold. Before the first row the settings hold.
CREATE TABLE fee_schedules (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    effective_from   TIMESTAMP NOT NULL UNIQUE,
    buyer_bps        INTEGER     NOT NULL,
    seller_bps       INTEGER     NOT NULL,
    penalty_bps      INTEGER     NOT NULL,
    fail_penalty_bps INTEGER     NOT NULL,
    credit_bps       INTEGER     NOT NULL,
    created_by       INTEGER      NOT NULL,
    created_at       TIMESTAMP NOT NULL
);

-- What a product cost on each day in Seoul, from trades that stand: charts and
-- statistics never read the trades themselves.
CREATE TABLE price_days (
    product_id INTEGER NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    day        TEXT   NOT NULL, -- YYYY-MM-DD
    high       INTEGER NOT NULL,
    low        INTEGER NOT NULL,
    close      INTEGER NOT NULL,
    volume     INTEGER NOT NULL, -- pieces
    total      INTEGER NOT NULL, -- won
    last_order INTEGER NOT NULL, -- whose price is the close
    PRIMARY KEY (product_id, day)
);
INSERT INTO price_days (product_id, day, high, low, close, volume, total, last_order)
    SELECT d.product_id, d.day, d.high, d.low, o.price, d.volume, d.total, d.last FROM (
        SELECT product_id, date(created_at, '+9 hours') AS day,
            max(price) AS high, min(price) AS low, count(*) AS volume, sum(price) AS total, max(id) AS last
        FROM orders WHERE status NOT IN ('cancelled', 'failed') GROUP BY 1, 2) d JOIN orders o ON o.id = d.last;

-- When the price of a wish was reached, and told.
ALTER TABLE wishes ADD COLUMN reached_at TIMESTAMP;
CREATE INDEX wishes_target_idx ON wishes (product_id, target_price) WHERE target_price IS NOT NULL AND reached_at IS NULL;

-- Which pictures are in use: the daily sweep asks for many at once.
CREATE INDEX product_images_blob_key_idx ON product_images (blob_key);

-- What the staff wrote, in every module.
CREATE TABLE audit_log (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    actor_id   INTEGER      NOT NULL,
    action     TEXT        NOT NULL, -- module.thing.verb
    target     TEXT        NOT NULL, -- thing:id
    reason     TEXT        NOT NULL DEFAULT '',
    before     TEXT        NOT NULL DEFAULT '', -- JSON, or empty
    after      TEXT        NOT NULL DEFAULT '',
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX audit_log_target_idx ON audit_log (target, id);
CREATE INDEX audit_log_actor_idx ON audit_log (actor_id, id);
CREATE INDEX audit_log_action_idx ON audit_log (action, id);
-- +goose StatementBegin
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log BEGIN
    SELECT RAISE(ABORT, 'audit_log is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log BEGIN
    SELECT RAISE(ABORT, 'audit_log is append-only');
END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE audit_log;
DROP INDEX product_images_blob_key_idx;
DROP INDEX wishes_target_idx;
ALTER TABLE wishes DROP COLUMN reached_at;
DROP TABLE price_days;
DROP TABLE fee_schedules;
DROP TABLE ledger;
DROP TABLE order_events;
DROP INDEX orders_replaces_key;
DROP INDEX orders_deadline_idx;
DROP INDEX orders_status_idx;
DROP INDEX orders_selling_idx;
DROP INDEX orders_sold_idx;
DROP INDEX orders_untold_idx;
ALTER TABLE orders DROP COLUMN status_at;
ALTER TABLE orders DROP COLUMN deadline;
ALTER TABLE orders DROP COLUMN overdue_at;
ALTER TABLE orders DROP COLUMN reason;
ALTER TABLE orders DROP COLUMN note;
ALTER TABLE orders DROP COLUMN carrier;
ALTER TABLE orders DROP COLUMN tracking;
ALTER TABLE orders DROP COLUMN out_carrier;
ALTER TABLE orders DROP COLUMN out_tracking;
ALTER TABLE orders DROP COLUMN resolution;
ALTER TABLE orders DROP COLUMN replaces;
ALTER TABLE orders DROP COLUMN replaced_by;
ALTER TABLE orders DROP COLUMN told_at;
ALTER TABLE orders DROP COLUMN told_event;
ALTER TABLE orders DROP COLUMN buyer_bps;
ALTER TABLE orders DROP COLUMN seller_bps;
ALTER TABLE orders DROP COLUMN penalty_bps;
ALTER TABLE orders DROP COLUMN fail_penalty_bps;
ALTER TABLE orders DROP COLUMN credit_bps;
ALTER TABLE bids DROP COLUMN fee_bps;
