// Package accounts knows who you are: users and their public profiles,
// sessions, and the tokens that prove them.
//
// # Tables
//
// It owns users, profiles, sessions, refresh_tokens and email_keys; no other
// module reads or writes them. Other modules ask the auth.Authenticator for
// the caller.
//
// # Routes
//
// Under /api/accounts/: registration/, registration/verify-email/,
// registration/account-confirm-email/{key}/, registration/resend-email/,
// login/, logout/, token/refresh/, token/verify/ and user/. The command line
// uses CreateAdmin; the demo world uses Import and CountUsers.
//
// # Events and signals
//
// UserRegistered is emitted in the transaction that creates a user. When a
// session ends, the signal accounts.session_ended tells every node to forget
// it. Signals may get lost; the cache's ten seconds bound what that costs.
//
// # Invariants
//
//   - An address is stored in one form (lower case, ASCII) and belongs to one
//     account. A profile name is unique without regard to case. A user and
//     their profile are created together.
//   - No answer tells whether an address has an account: registration answers
//     the same and does the same work (one password hash) either way, login
//     checks a password that nobody has, and resending is always fine. The
//     owner learns of it by mail. Whether an account is unverified or
//     deactivated shows only to who knows its password.
//   - Registering an unverified address again sends another key. Each key holds
//     its own registration, and the one that proves the address decides the
//     password: nobody can wait with theirs for the owner to confirm.
//   - A mailed key is 32 random bytes, stored as its SHA-256, lives three days
//     and has its effect once. Presenting it again within its life is answered
//     alike and changes nothing: mail scanners open links before people do.
//   - Passwords have 8 to 128 characters, are normalised (NFKC) and stored as
//     argon2id in PHC form. As many are computed at a time as there are cores;
//     a bounded line waits, the rest is told accounts.busy. A login brings a
//     hash to today's costs.
//   - An access token is a JWT (HS256, 15 minutes) whose key is derived from
//     the root secret for this purpose only. It counts while its session does:
//     the row is checked on every request, from a cache that a logout empties
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
