-- +goose Up
CREATE TABLE brands (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    name_key   TEXT NOT NULL, -- lower case, as Go knows it: SQLite folds ASCII only
    created_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX brands_name_key ON brands (name_key);

CREATE TABLE product_infos (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id     INTEGER NOT NULL REFERENCES brands (id),
    eng_name     TEXT NOT NULL,
    kor_name     TEXT NOT NULL,
    model_number TEXT NOT NULL DEFAULT '',
    colorway     TEXT NOT NULL DEFAULT '',
    category     TEXT NOT NULL,
    delivery_tag TEXT NOT NULL,
    retail_price INTEGER, -- won
    release_date TEXT NOT NULL DEFAULT '', -- YYYY-MM-DD
    tick         INTEGER NOT NULL DEFAULT 1, -- won
    wishes       INTEGER NOT NULL DEFAULT 0,
    shares       INTEGER NOT NULL DEFAULT 0,
    search_text  TEXT NOT NULL, -- lower case: names, model number, colourway
    created_at   TIMESTAMP NOT NULL
);
CREATE INDEX product_infos_brand_id_idx ON product_infos (brand_id);
CREATE INDEX product_infos_created_at_idx ON product_infos (created_at DESC, id DESC);
CREATE INDEX product_infos_wishes_idx ON product_infos (wishes DESC, id DESC);

-- One size of an article. The row is the lock of its order book.
CREATE TABLE products (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    info_id        INTEGER NOT NULL REFERENCES product_infos (id) ON DELETE CASCADE,
    size           TEXT NOT NULL,
    position       INTEGER NOT NULL DEFAULT 0, -- order among the sizes
    biddable       BOOLEAN NOT NULL DEFAULT false, -- people trade it; see shop.Product
    purchase_price INTEGER, -- lowest ask, or the store's price
    sales_price    INTEGER, -- highest bid
    last_price     INTEGER, -- of the last trade
    last_trade_at  TIMESTAMP,
    book_version   INTEGER NOT NULL DEFAULT 0, -- grows with every change of the book; also gives bids their time priority
    stock          INTEGER, -- store goods only
    created_at     TIMESTAMP NOT NULL,
    UNIQUE (info_id, size)
);
CREATE INDEX products_size_idx ON products (size, info_id);

CREATE TABLE product_images (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    info_id    INTEGER NOT NULL REFERENCES product_infos (id) ON DELETE CASCADE,
    blob_key   TEXT NOT NULL,
    width      INTEGER NOT NULL,
    height     INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX product_images_info_id_idx ON product_images (info_id, id);

CREATE TABLE bids (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    product_id INTEGER NOT NULL REFERENCES products (id),
    user_id    INTEGER NOT NULL,
    side       TEXT NOT NULL CHECK (side IN ('purchase', 'sales')),
    price      INTEGER NOT NULL CHECK (price > 0),
    priority   INTEGER NOT NULL, -- time priority within a price: lower comes first
    status     TEXT NOT NULL CHECK (status IN ('open', 'filled', 'cancelled', 'expired')),
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    closed_at  TIMESTAMP
);
CREATE INDEX bids_book_idx ON bids (product_id, side, price, priority) WHERE status = 'open';
CREATE INDEX bids_user_idx ON bids (user_id, side, status, id);
CREATE INDEX bids_expiry_idx ON bids (expires_at) WHERE status = 'open';

CREATE TABLE orders (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT NOT NULL CHECK (kind IN ('trans', 'store')),
    info_id    INTEGER NOT NULL,
    product_id INTEGER NOT NULL REFERENCES products (id),
    bid_id     INTEGER UNIQUE REFERENCES bids (id), -- the resting bid; a bid is consumed once
    buyer_id   INTEGER NOT NULL,
    seller_id  INTEGER, -- null: the store
    taker_side TEXT NOT NULL CHECK (taker_side IN ('purchase', 'sales')),
    price      INTEGER NOT NULL CHECK (price > 0),
    buyer_fee  INTEGER NOT NULL,
    seller_fee INTEGER NOT NULL,
    status     TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    CHECK ((kind = 'trans') = (bid_id IS NOT NULL AND seller_id IS NOT NULL)),
    CHECK (buyer_id IS NOT seller_id)
);
CREATE INDEX orders_product_idx ON orders (product_id, created_at DESC, id DESC);
CREATE INDEX orders_info_idx ON orders (info_id, created_at DESC, id DESC);
CREATE INDEX orders_buyer_idx ON orders (buyer_id, id);
CREATE INDEX orders_seller_idx ON orders (seller_id, id);

CREATE TABLE wishes (
    user_id      INTEGER NOT NULL,
    product_id   INTEGER NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    target_price INTEGER,
    created_at   TIMESTAMP NOT NULL,
    PRIMARY KEY (user_id, product_id)
);
CREATE INDEX wishes_product_id_idx ON wishes (product_id);

-- +goose Down
DROP TABLE wishes;
DROP TABLE orders;
DROP TABLE bids;
DROP TABLE product_images;
DROP TABLE products;
DROP TABLE product_infos;
DROP TABLE brands;
