/**
 * The shapes of Pong on the wire, see types.js. Types only.
 */

/** @typedef {import('./types.js').Person} Person */
/** @typedef {'quick'|'invite'|'ai'|'local'|'tournament'} Mode */
/** @typedef {'easy'|'normal'|'hard'} Difficulty */
/** @typedef {3|5|11} Points  that win a match. */
/** @typedef {'invited'|'open'|'live'|'over'|'void'|'closed'} MatchState */

/**
 * One side of a match. The robot, and the second person at one keyboard, have no number.
 *
 * @typedef {object} Player
 * @property {number|null} user_id
 * @property {string|null} profile_name
 * @property {string|null} image
 * @property {boolean} robot
 * @property {number|null} rating
 * @property {number|null} deviation
 * @property {boolean|null} provisional
 * @property {number|null} before  rating before the match
 * @property {number|null} after
 */

/** @typedef {{id: number, name: string, round: number}} MatchCup */

/**
 * @typedef {object} Match
 * @property {number} id
 * @property {Mode} mode
 * @property {MatchState} state
 * @property {string} reason  empty as long as it goes on
 * @property {number} points
 * @property {boolean} rated
 * @property {Difficulty|null} difficulty
 * @property {number} season
 * @property {[Player, Player]} players  left, right
 * @property {[number, number]} score
 * @property {0|1|null} winner
 * @property {MatchCup|null} tournament
 * @property {number|null} rematch_of
 * @property {string} created_at
 * @property {string|null} respond_by
 * @property {string|null} ready_by
 * @property {string|null} started_at
 * @property {string|null} ended_at
 * @property {number} watchers
 * @property {0|1|null} mine  my side
 * @property {boolean} has_replay
 */

/**
 * @typedef {object} Queue
 * @property {boolean} waiting
 * @property {string|null} since
 * @property {number|null} points
 * @property {number|null} window  how far the ratings may be apart; null: anybody is welcome
 * @property {number} people  who wait, me among them
 * @property {Match|null} match  that was found
 */

/**
 * @typedef {object} Lobby
 * @property {Queue} queue
 * @property {{incoming: Match[], outgoing: Match[]}} invites
 * @property {Match|null} playing
 * @property {Match[]} calls  of tournaments, that wait for me
 */

/** @typedef {'matched'|'invited'|'answered'|'called'|'ended'|'queue'} PongEvent */
/** @typedef {{state?: Queue, event?: PongEvent, match?: Match}} PongFrame  Of the match, what is the same for both sides. */

/**
 * @typedef {object} Row  of the leaderboard
 * @property {number|null} rank
 * @property {number} user_id
 * @property {string} profile_name
 * @property {string|null} image
 * @property {number} rating
 * @property {number} deviation
 * @property {boolean} provisional
 * @property {number} wins
 * @property {number} losses
 * @property {number} streak  losses in a row are negative
 * @property {('W'|'L')[]} form  newest last
 */

/** @typedef {{wins: number, losses: number, last_at: string|null}} Versus  how they have done against me */
/** @typedef {{season: number, rating: number, wins: number, losses: number, rank: number|null}} SeasonRecord */
/** @typedef {Row & {best_streak: number, season: SeasonRecord|null, versus: Versus|null}} Standing */
/** @typedef {{season: number, name: string, starts_at: string, ends_at: string}} Season */
/** @typedef {{season: number, seasons: Season[], me: Row|null}} BoardFacts */
/** @typedef {import('./types.js').Cursored<Row> & BoardFacts} Board */

/**
 * Somebody's match that is being played, as lists show it.
 *
 * @typedef {object} LiveRow
 * @property {number} id
 * @property {Mode} mode
 * @property {[LivePlayer|null, LivePlayer|null]} players  null: the robot, or the second person at one keyboard
 * @property {[number, number]} score
 * @property {number} watchers
 * @property {MatchCup|null} tournament
 *
 * @typedef {{profile_name: string, image: string|null, rating: number|null, user_id?: number}} LivePlayer
 */

/** @typedef {{id: number, name: string, size: number, state: CupState, entries: number}} CupTold */
/** @typedef {{live: LiveRow[], waiting: number, tournaments: CupTold[]}} LobbyFrame */

/** @typedef {'open'|'running'|'finished'|'cancelled'} CupState */

/**
 * @typedef {object} Prize  what the champion gets
 * @property {number} product_id
 * @property {number} info_id
 * @property {string} eng_name
 * @property {string} kor_name
 * @property {string} size
 * @property {string|null} image
 * @property {number|null} order_id  only for the champion and the staff
 */

/**
 * @typedef {object} CupFacts
 * @property {boolean} joined
 * @property {Person|null} created_by
 * @property {number} points
 * @property {Person|null} champion
 * @property {Prize|null} prize
 * @property {string} created_at
 * @property {string|null} started_at
 * @property {string|null} ended_at
 */

/** @typedef {CupTold & CupFacts & {may_prize?: boolean}} CupBrief  may_prize: I may set its prize; lists alone say so */

/**
 * @typedef {object} Entry
 * @property {number} user_id
 * @property {string|null} profile_name  null: they left
 * @property {string|null} image
 * @property {number} rating
 * @property {number|null} seed
 * @property {boolean} withdrawn
 * @property {number|null} place
 */

/**
 * @typedef {object} Pairing
 * @property {number} round
 * @property {number} slot
 * @property {[number|null, number|null]} players
 * @property {'waiting'|'called'|'playing'|'done'} state
 * @property {number|null} match_id
 * @property {string|null} ready_by
 * @property {number|null} winner
 * @property {'score'|'forfeit'|'walkover'|'bye'|'withdrawn'|'seed'|null} how
 * @property {[number, number]|null} score
 */

/** @typedef {{join: boolean, leave: boolean, start: boolean, cancel: boolean, prize: boolean}} May */

/**
 * @typedef {object} CupWhole
 * @property {Entry[]} players
 * @property {Pairing[][]} rounds
 * @property {May} may
 * @property {Pairing|null} my_pairing
 * @property {number} version
 */

/** @typedef {CupBrief & CupWhole} Cup */

export {};
