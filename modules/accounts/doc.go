// Package accounts knows who you are: users and their public profiles, the ways
// in to an account, sessions, and the tokens that prove them.
//
// # Tables
//
// It owns users, profiles, sessions, refresh_tokens, email_keys, decoys,
// password_resets, email_changes, identities, oauth_trips, otp_secrets,
// recovery_codes, devices, pending_logins, passkeys, passkey_ceremonies,
// security_events and attempts; no other module reads or writes them. Other
// modules ask the auth.Authenticator for the caller, and the Directory for the
// profiles of those whom they show.
//
// # Routes
//
// Under /api/accounts/: registration, login with its second step, logout,
// token/, user/, password/, email/, social/, oauth/, otp/, recovery-codes/,
// passkeys/, reauth/, security/, sessions/, devices/, security-events/, quit/
// and export/; the OpenAPI document describes each. The command line uses
// CreateAdmin; the demo world uses Import and CountUsers.
//
// # Events, signals and jobs
//
// ProfileChanged and ProfileRenamed say that others see something else of a user; the
// signal accounts.people_changed makes every node forget what it remembered of them
// (Directory), and the live topic people tells open pages. The job
// accounts.sweep_pictures deletes pictures of people that no profile shows.
//
// UserRegistered is emitted in the transaction that creates a user,
// UserDeactivated, UserReactivated and UserErased in those that let them leave,
// come back, or be forgotten. A subscriber of UserDeactivated may refuse with a
// fault of its own. When a session ends, the signal accounts.session_ended
// tells every node to forget it. Signals may get lost; the cache's ten seconds
// bound what that costs. The jobs are accounts.mail_key, accounts.purge and
// accounts.erase_leavers.
//
// # Invariants of an account
//
//   - An address is stored in one form (lower case, ASCII) and belongs to one
//     account. A profile name is unique without regard to case. A user and
//     their profile are created together.
//   - No answer tells whether an address has an account: registration answers
//     the same and does the same work (one password hash) either way, login
//     checks a password that nobody has, and a job does what a request for a
//     mail asks for. The owner learns of it by mail. Who registers an address
//     and logs in with it is told to look for the mail, whether it had an
//     account or not.
//   - Registering an unverified address again sends another key. When several
//     registrations wait, the key that comes back proves the address and no
//     password: nobody can wait with theirs for the owner to confirm. Another
//     letter lets the owner choose one.
//   - A mailed key is 32 random bytes, stored as its SHA-256. One that proves an
//     address lives three days, one that resets a password an hour, one that
//     changes an address a day. Each has its effect once. Presenting the first
//     kind again within its life is answered alike and changes nothing: mail
//     scanners open links before people do.
//   - Passwords have 8 to 128 characters, are normalised (NFKC) and stored as
//     argon2id in PHC form. As many are computed at a time as there are cores;
//     a bounded line waits, the rest is told accounts.busy. A login brings a
//     hash to today's costs.
//   - An account elsewhere never joins an account here by its address: who has
//     both logs in and links them. The last way in can't be removed.
//
// # Invariants of a login
//
//   - Whatever starts a session, ends ways in or changes a second step holds
//     the lock of the user's row. So a password that changes ends every login
//     that was under way, and two ways in can't be removed at once.
//   - With a second step the first gives no token of any kind: only a pending
//     login, ten minutes long, which nothing but the second step takes.
//   - A one-time code works once, one step of drift either way; so does a
//     recovery code. A passkey is always unlocked by its owner, and so is both
//     steps in one.
//   - Guesses are counted before they are looked at, in rows that all nodes
//     share: five in two minutes, then nothing for five. A device that has
//     signed in before has a count of its own, so that strangers who guess
//     don't lock its owner out.
//   - What matters most (ways in, second step, address, leaving) takes a proof
//     that is not older than ten minutes.
//   - Whatever changes the security of an account is told to its owner, in the
//     list of security events and by mail.
//
// # Invariants of a session
//
//   - An access token is a JWT (HS256, 15 minutes) whose key is derived from
//     the root secret for this purpose only. It counts while its session does:
//     the row is checked on every request (of the token only what can't change is
//     remembered: that its signature was good, until it expires), from a cache that a logout empties
//     at once on its node and by signal on the others. A row that was read
//     before the end of its session is never cached after it.
//   - A refresh token is opaque, stored as its SHA-256, and rotated by one
//     conditional update. Sent again within the grace (30 seconds) it buys
//     another pair of the same session; sent again later it has been copied,
//     and the session ends, once, for everybody who holds its tokens. A
//     refusal never clears cookies.
//   - A session lives 30 days from its last renewal. Whether its user is staff,
//     or deactivated, is read with the session's row and never from a token.
package accounts
