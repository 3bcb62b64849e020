/**
 * The shapes on the wire, as the server documents them under /api/docs. Types only.
 */

/**
 * @template T
 * @typedef {{count: number, next: string|null, previous: string|null, results: T[]}} Paged
 */

/**
 * @template T
 * @typedef {{next: string|null, previous: string|null, results: T[]}} Cursored  Without a count: nobody knows the end.
 */

/** @typedef {'purchase'|'sales'} Side  The caller's side: buying or selling. */
/** @typedef {'shoes'|'clothes'|'fashion'|'life'|'tech'} Category */
/** @typedef {'immediate'|'brand'} DeliveryTag  Traded between people, or sold by the store. */

/** @typedef {{user_id: number, user_name: string, profile_name: string, introduction: string, image: string|null}} Profile */

/**
 * @typedef {object} User
 * @property {number} id
 * @property {string} email
 * @property {number|null} shoe_size
 * @property {string|null} phone_number
 * @property {boolean} is_staff
 * @property {boolean} otp_enabled
 * @property {Profile} profile
 */

/** @typedef {{access_token: string, refresh_token: string, user: User}} LoginReply */

/**
 * How an account is guarded.
 *
 * @typedef {object} Security
 * @property {boolean} has_password
 * @property {boolean} otp_enabled
 * @property {boolean} passkey_second_step
 * @property {number} recovery_codes_left
 * @property {number} trusted_devices
 * @property {number} passkeys
 * @property {number} identities
 * @property {string|null} recent_until
 * @property {string[]} reauth the proofs that this account can give
 * @property {boolean} passkeys_available false at an address where browsers allow none
 */

/** @typedef {{secret: string, otpauth_url: string, qr_png: string}} OtpSetup */
/** @typedef {{id: number, name: string, created_at: string, last_used_at: string|null}} Passkey */
/** @typedef {{id: number, provider: string, email: string, created_at: string, last_used_at: string|null}} Identity */

/**
 * @typedef {object} SessionRow
 * @property {number|string} id
 * @property {string} device
 * @property {string} method
 * @property {string} address
 * @property {string} created_at
 * @property {string} last_seen_at
 * @property {string} expires_at
 * @property {boolean} current
 */

/**
 * @typedef {object} TrustedDevice
 * @property {number|string} id
 * @property {string} device
 * @property {string} address
 * @property {string} trusted_until
 * @property {string} last_used_at
 * @property {boolean} current
 */

/**
 * @typedef {object} SecurityEvent
 * @property {number} id
 * @property {string} kind
 * @property {string} device
 * @property {string} address
 * @property {string} created_at
 * @property {Record<string, any>} detail
 */

/** @typedef {{name: string, version: string, demo: boolean, fees: {buyer_bps: number, seller_bps: number}}} Meta */

/** @typedef {{id: number, to: string, subject: string, text: string, created_at: string}} Mail */

/**
 * An article: what the shop grid shows.
 *
 * @typedef {object} Info
 * @property {number} id
 * @property {number} brand
 * @property {string} brand_name
 * @property {string} eng_name
 * @property {string} kor_name
 * @property {DeliveryTag} delivery_tag
 * @property {Category} category
 * @property {number|null} price
 * @property {number} wishes
 * @property {number} shares
 * @property {{id: number, product_image: string}[]} productimage_set
 * @property {string[]} productimage_urls
 * @property {string|null} model_number
 * @property {string|null} colorway
 * @property {number|null} retail_price
 * @property {string|null} release_date
 * @property {number} tick
 * @property {string} created_at
 */

/** @typedef {{value: string|number, count: number, label?: string}} Facet */
/** @typedef {{category: Facet[], brand_id: Facet[], size: Facet[], delivery_tag: Facet[]}} Facets */
/** @typedef {Paged<Info> & {facets?: Facets}} InfoPage */

/** @typedef {{id: number, size: string, purchase_price: number|null, sales_price: number|null}} Product */

/**
 * @typedef {object} ProductExtra
 * @property {Info} info
 * @property {boolean} user_wishcheck
 * @property {string[]} size_options
 * @property {number|null} stock
 * @property {boolean} tradable
 */
/** @typedef {Product & ProductExtra} ProductDetail */
/** @typedef {Product & {user_wishcheck: boolean}} ProductWish */

/** @typedef {{price: number, count: number}} Level */
/** @typedef {{price: number, size: string, created_at: string}} Trade */

/**
 * @typedef {object} Book
 * @property {number} product
 * @property {number} version
 * @property {number|null} purchase_price  lowest ask
 * @property {number|null} sales_price  highest bid
 * @property {Level[]} asks  lowest first
 * @property {Level[]} bids  highest first
 * @property {{price: number, created_at: string}|null} last_trade
 */

/**
 * @typedef {object} Quote
 * @property {Side} type
 * @property {number} price
 * @property {number} fee
 * @property {number|null} total
 * @property {number|null} payout
 * @property {number|null} last_trade
 * @property {number|null} purchase_price
 * @property {number|null} sales_price
 */

/** @typedef {{id: number, eng_name: string, kor_name: string, brand_name: string, image: string|null}} InfoBrief */

/** @typedef {{id: number, product: number, type: Side, price: number, expires_at: string, created_at: string}} NewBid */

/**
 * @typedef {object} Bid
 * @property {number} id
 * @property {Side} type
 * @property {number} product
 * @property {string} size
 * @property {number} price
 * @property {string} created_at
 * @property {string} expires_at
 * @property {string} status
 * @property {InfoBrief} info
 */

/**
 * @typedef {object} Order
 * @property {number} id
 * @property {'trans'|'store'} kind
 * @property {Side} type
 * @property {number|null} buyer
 * @property {number|null} seller
 * @property {number} product
 * @property {number} price
 * @property {number} fee
 * @property {number|null} total
 * @property {number|null} payout
 * @property {string} product_engname
 * @property {string} product_korname
 * @property {string} size
 * @property {string} status
 * @property {string} created_at
 * @property {InfoBrief} info
 */

/**
 * @typedef {object} Wish
 * @property {number} product_id
 * @property {number} info_id
 * @property {string} brand_name
 * @property {string} eng_name
 * @property {string} kor_name
 * @property {string} size
 * @property {number|null} price
 * @property {number|null} target_price
 * @property {string} created_at
 * @property {string|null} image
 */

export {};
