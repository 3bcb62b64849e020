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
 * A stored picture and its smaller variants; the ratio is kept.
 *
 * @typedef {object} Shot
 * @property {number} id
 * @property {string} product_image  at most 1600 px wide or high
 * @property {number} [width]
 * @property {number} [height]
 * @property {string} [medium]  at most 800 px
 * @property {string} [small]  at most 320 px
 */

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
 * @property {number} [comments]
 * @property {Shot[]} productimage_set
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
/** @typedef {Paged<Info> & {facets?: Facets, similar?: boolean}} InfoPage  similar: nothing matched exactly. */

/** @typedef {{id: number, size: string, purchase_price: number|null, sales_price: number|null, stock: number|null}} Product */

/**
 * @typedef {object} ProductExtra
 * @property {Info} info
 * @property {boolean} user_wishcheck
 * @property {number|null} user_target_price the price that the caller's wish waits for
 * @property {string[]} size_options
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
 * @property {number} [fee_bps]
 * @property {number|null} total
 * @property {number|null} payout
 * @property {number|null} last_trade
 * @property {number|null} purchase_price
 * @property {number|null} sales_price
 */

/** @typedef {{id: number, eng_name: string, kor_name: string, brand_name: string, image: string|null}} InfoBrief */

/** @typedef {{fee?: number, total?: number|null, payout?: number|null}} BidTerms  What it comes to when it is taken. */
/** @typedef {{id: number, product: number, type: Side, price: number, expires_at: string, created_at: string} & BidTerms} NewBid */

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
 * @property {'trans'|'store'|'prize'} kind
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
 * @property {string|null} deadline
 * @property {'seller'|'buyer'|'staff'|'carrier'|null} deadline_for
 * @property {string} reason  why it ended; empty while it runs
 * @property {string} note  the staff's own words
 * @property {Parcel|null} shipment  seller to centre; the seller's and the staff's to see
 * @property {Parcel|null} delivery  centre to buyer; the buyer's and the staff's to see
 * @property {OrderStep[]} timeline  oldest first
 * @property {string[]} actions  what the caller may do now
 * @property {string|null} withdraw_until
 * @property {Offer|null} offer
 * @property {''|'refunded'|'replaced'} resolution
 * @property {number|null} replaced_by
 * @property {number|null} replaces
 * @property {number|null} refund
 * @property {number|null} penalty
 * @property {number|null} credit
 * @property {Terms} terms
 */

/** @typedef {{carrier: string, tracking: string}} Parcel */
/** @typedef {{action: string, status: string, actor: string, at: string, note: string}} OrderStep */
/** @typedef {{buyer_bps: number, seller_bps: number, penalty_bps: number, fail_penalty_bps: number, credit_bps: number}} Terms */

/**
 * What the buyer of a failed order can take instead; without prices when nobody sells.
 *
 * @typedef {object} Offer
 * @property {number|null} price
 * @property {number|null} fee
 * @property {number|null} total
 * @property {number|null} difference  to what was paid
 * @property {string} until
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
 * @property {string|null} target_reached_at
 * @property {string} created_at
 * @property {string|null} image
 */

/**
 * Something that I own.
 *
 * @typedef {object} Piece
 * @property {number} order
 * @property {number} product
 * @property {InfoBrief} info
 * @property {string} size
 * @property {string} bought_at
 * @property {number} cost  with the fee
 * @property {number} price
 * @property {number|null} price_now
 * @property {number|null} sell_now
 * @property {number|null} gain
 * @property {number|null} gain_pct
 */

/** @typedef {{pieces: number, cost: number, value: number, gain: number, gain_pct: number|null}} PortfolioTotals */
/** @typedef {Paged<Piece> & {totals: PortfolioTotals}} PortfolioPage */

/**
 * What the staff sees.
 *
 * @typedef {object} ShopSummary
 * @property {Record<string, number>} orders  by status
 * @property {number} overdue
 * @property {number} open_asks
 * @property {number} open_bids
 * @property {number} trades_24h
 * @property {number} volume_24h
 * @property {number} articles
 * @property {number} brands
 */

/** @typedef {{user_id: number, profile_name: string}} Who */
/** @typedef {{id: number, reason: string, debit: string, debit_user: number|null, credit: string, credit_user: number|null, amount: number, at: string}} LedgerEntry */
/** @typedef {{overdue: boolean, ledger?: LedgerEntry[], buyer_profile?: Who|null, seller_profile?: Who|null}} StaffView */
/** @typedef {Order & StaffView} StaffOrder */
/** @typedef {{id: number, name: string}} Brand */

/** @typedef {{user: number, profile_name: string, closed_at: string|null}} BidOwner */
/** @typedef {Bid & BidOwner} StaffBid */

/**
 * @typedef {object} FeePlan
 * @property {number} id
 * @property {string} effective_from
 * @property {number} buyer_bps
 * @property {number} seller_bps
 * @property {number} penalty_bps
 * @property {number} fail_penalty_bps
 * @property {number} credit_bps
 * @property {number|null} created_by
 * @property {string} created_at
 * @property {boolean} in_force
 */

/**
 * @typedef {object} AuditEntry
 * @property {number} id
 * @property {string} at
 * @property {Who} actor  its name is empty when they left
 * @property {string} action
 * @property {string} target
 * @property {string} reason
 * @property {Record<string, any>|null} before
 * @property {Record<string, any>|null} after
 */

/** @typedef {{at: string, price: number, high: number, low: number, volume: number}} ChartPoint  One day or more; `price` is the close. */
/** @typedef {{product: number, range: string, from: string|null, points: ChartPoint[], retail_price: number|null}} Chart */

/**
 * @typedef {object} Stats
 * @property {number} product
 * @property {number|null} last_price
 * @property {string|null} last_trade_at
 * @property {number|null} change  against the trade before
 * @property {number|null} change_pct
 * @property {number|null} high_90d
 * @property {number|null} low_90d
 * @property {number} volume_90d
 * @property {number|null} average_90d
 * @property {number|null} volatility_90d
 * @property {number|null} premium_pct  over retail
 * @property {number|null} high_all
 * @property {number|null} low_all
 */

/** @typedef {{user_id: number, user_name: string, profile_name: string, image: string|null}} Author */

/**
 * What reviews and the replies to them share.
 *
 * @typedef {object} Remark
 * @property {number} id
 * @property {string} content
 * @property {Author|null} created_by  null: has left
 * @property {string} created_at
 * @property {string|null} edited_at
 * @property {number} num_likes
 * @property {boolean|'login required'} liked
 * @property {{user_id: number, profile_name: string}[]} [mentions] who is named in it, where names lead somewhere
 */
/** @typedef {Remark & {to_profile: {user_id: number, profile_name: string}|null}} Reply */
/** @typedef {Remark & {bought?: boolean, replies: Reply[]}} Review  Or a comment on a post. Replies: oldest first. */

/** @typedef {{user_id: number, profile_name: string, image: string|null}} Person  What others see of somebody. */

/**
 * What a notification or an activity is about. What is set depends on the type.
 *
 * @typedef {object} Target
 * @property {'order'|'product'|'info'|'post'|'user'|'request'|'match'|'tournament'|'security'} type
 * @property {number} [id]
 * @property {number} [remark]  of an article or a post: the comment or reply there
 * @property {number} [price]
 * @property {Side} [side]  of an order, as I see it
 * @property {string} [action]  of an order: the last step
 * @property {string} [status]  of an order: after that step
 * @property {string} [event]  of security
 * @property {string} [device]
 * @property {string} [address]
 * @property {{info_id: number, size: string, eng_name: string, kor_name: string, image: string|null}} [article]
 * @property {{excerpt: string, image: string|null}} [post]  unless it is gone
 * @property {Person} [person]  of an activity about a user; of a match: the other player
 * @property {{id: number, name: string}} [tournament]  or that of a match
 * @property {number[]} [score]  of a match: the actor's points, and the other's
 * @property {boolean} [won]  the match, by the actor; the tournament, by me
 */

/**
 * @typedef {object} Notification
 * @property {number} id
 * @property {number} seq  grows with everything that a person is told
 * @property {string} kind
 * @property {number} count  how many things it stands for
 * @property {Person[]} actors  the newest first, at most three
 * @property {Target} target
 * @property {string} created_at  of the last that joined
 * @property {boolean} read
 */

/** @typedef {{id: number, kind: string, actor: Person, target: Target, created_at: string}} Activity */
/** @typedef {'everyone'|'friends'|'nobody'} Audience */
/** @typedef {{kinds: Record<string, boolean>, audience: Record<string, Audience>}} InboxSettings */

export {};
