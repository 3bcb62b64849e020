// Package oauth logs people in with their accounts at Google, Naver and 42: it
// implements accounts.Provider.
//
// # What is believed
//
//   - Google signs an ID token (OpenID Connect), which is checked in full:
//     signature, issuer, audience, expiry and nonce. Its word on whether the
//     address is verified is taken.
//   - Naver and 42 speak plain OAuth 2.0. Who the person is comes from their
//     profile API, over TLS, with the token that our own secret bought. Neither
//     flags addresses as verified; naver.go and fortytwo.go say why we trust
//     them.
//   - Addresses of providers are https, and no redirect of theirs is followed:
//     none documents any, and a followed one would carry a secret elsewhere.
//
// # What an error tells
//
// Every failure is accounts.ErrProviderRefused or
// accounts.ErrProviderUnavailable; only the end of the caller's own context is
// passed on as it is. Causes are written here and never copied from an answer
// or from the HTTP client: either may hold codes, tokens or our secret.
package oauth
