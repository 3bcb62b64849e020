/**
 * The shapes of the style feed on the wire, see types.js. Types only.
 */

/**
 * Somebody as others see them. `following` is null for oneself.
 *
 * @typedef {object} StylePerson
 * @property {number} user_id
 * @property {string} user_name
 * @property {string} profile_name
 * @property {string|null} image
 * @property {boolean|'login required'|null} following
 */

/**
 * @typedef {object} ProfileFacts
 * @property {string} introduction
 * @property {number} num_posts
 * @property {number} num_followers
 * @property {number} num_followings
 * @property {boolean} [muted] only when signed in, and not of oneself
 */
/** @typedef {StylePerson & ProfileFacts} StyleProfile */

/** @typedef {{info_id: number, x?: number|null, y?: number|null, picture?: number}} Spot  x and y: 0…1 of the picture's frame. */

/**
 * @typedef {object} TaggedFacts
 * @property {string} eng_name
 * @property {string} kor_name
 * @property {string|null} image
 * @property {number|null} purchase_price  lowest ask
 * @property {number|null} sales_price  highest bid
 * @property {boolean} [owned] the writer bought it here
 */
/** @typedef {Spot & TaggedFacts} TaggedProduct */

/** @typedef {{user_id: number, profile_name: string}} Mention */

/**
 * @typedef {object} Post
 * @property {number} id
 * @property {string} content
 * @property {string[]} images
 * @property {number} image_ratio  width by height of the frame of all pictures
 * @property {StylePerson} created_by
 * @property {string} created_at
 * @property {string|null} edited_at
 * @property {number} num_comments  with replies
 * @property {number} num_likes
 * @property {boolean|'login required'} liked
 * @property {TaggedProduct[]} products
 * @property {Mention[]} mentions
 * @property {boolean} [hidden] by the staff: nobody else sees it
 */

/** @typedef {{profile: StylePerson|null, created_at: string}} Liker */
/** @typedef {{from_profile?: StylePerson, to_profile?: StylePerson, created_at: string}} Follow */
/** @typedef {{tag: string, num_posts: number}} Tag */
/** @typedef {StylePerson & {introduction: string}} FoundPerson */
/** @typedef {{people: FoundPerson[], tags: Tag[]}} StyleFound */

/**
 * @typedef {object} Report
 * @property {number} id
 * @property {'post'|'comment'|'reply'|'profile'} object_type
 * @property {number} object_id
 * @property {number|null} post_id  where it stands
 * @property {'open'|'hidden'|'dismissed'} state
 * @property {number} count
 * @property {Record<string, number>} reasons
 * @property {string[]} notes
 * @property {string} excerpt
 * @property {string|null} image
 * @property {StylePerson|null} author
 * @property {string} created_at
 * @property {string} updated_at
 */

export {};
