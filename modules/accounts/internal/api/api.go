// Package api is the HTTP side of the accounts: operations, bodies and
// cookies. Rules and messages are the service's; bodies are permissive here,
// so that a wrong field is named by the rule that it breaks.
package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"rally/modules/accounts"
	"rally/platform/web"
)

const (
	tag  = "Accounts"
	base = "/api/accounts/"
)

// limited marks an operation that answers 429 with Retry-After.
func limited() web.OpOption { return web.Errors(http.StatusTooManyRequests) }

// API holds the handlers.
type API struct{ service *accounts.Service }

// empty is the input of an operation that takes none. Clients send {} or
// nothing.
type empty struct{}

// Routes returns the module's operations.
func Routes(service *accounts.Service) web.Routes {
	a := &API{service: service}
	return web.Routes{Name: "accounts", Register: a.register}
}

func (a *API) register(api huma.API) {
	a.registerRegistration(api)
	a.registerSession(api)
	a.registerSecondStep(api)
	a.registerPasskeys(api)
	a.registerRecovery(api)
	a.registerSocial(api)
	a.registerDevices(api)
	a.registerUser(api)
}

func (a *API) registerRegistration(api huma.API) {
	huma.Register(api, web.Op(http.MethodPost, base+"registration/", "accounts-register", tag, "Sign up",
		web.Status(http.StatusCreated), limited(), web.Errors(http.StatusServiceUnavailable), web.Describe(
			"Creates an account and mails a link that proves the address. The answer is the same when the address is taken: "+
				"its owner gets a mail that says so. Wrong fields: `request.invalid`.")), a.signUp)
	huma.Register(api, web.Op(http.MethodPost, base+"registration/verify-email/", "accounts-verify-email", tag, "Prove an e-mail address",
		web.Errors(http.StatusNotFound), web.Describe(
			"Takes the key of the mailed link. Within its three days the same key may be sent again. Unknown or expired: `accounts.key_invalid`.")), a.verifyEmail)
	huma.Register(api, web.Op(http.MethodGet, base+"registration/account-confirm-email/{key}/", "accounts-confirm-email", tag, "Prove an e-mail address by a link",
		web.Status(http.StatusFound), web.Describe(
			"As verify-email, for clients whose mails link here. Redirects to `/signin`, to `/verify?choose=password` when another mail follows, or to `/verify?error=accounts.key_invalid`.")), a.confirmEmail)
	huma.Register(api, web.Op(http.MethodPost, base+"registration/resend-email/", "accounts-resend-email", tag, "Ask for another link", limited(),
		web.Describe("Mails another link if the address waits to be proved. The answer never tells whether it does.")), a.resendEmail)

}

func (a *API) registerSession(api huma.API) {
	huma.Register(api, web.Op(http.MethodPost, base+"login/", "accounts-login", tag, "Log in",
		limited(), web.Errors(http.StatusServiceUnavailable), web.Describe(
			"Starts a session: tokens in the body, and the same as HttpOnly cookies. An account with a second step answers "+
				"`otp_required` instead, with no token of any kind: only the cookie `rally-pending`, which login/otp/ and login/passkey/ take within ten minutes. "+
				"Who left less than 30 days ago comes back. "+
				"Codes: `accounts.bad_credentials`, `accounts.email_unverified`, `accounts.deactivated`, `accounts.busy`, `accounts.too_many_attempts`.")), a.login)
	huma.Register(api, web.Op(http.MethodPost, base+"logout/", "accounts-logout", tag, "Log out",
		web.Errors(http.StatusUnauthorized), web.Describe(
			"Ends the session of the refresh token (body or cookie) and that of the caller. Its access tokens stop working at once. "+
				"Nothing sent: `auth.required`; an unknown token in the body: `accounts.refresh_invalid`.")), a.logout)
	huma.Register(api, web.Op(http.MethodPost, base+"ws-ticket/", "accounts-ws-ticket", tag, "Get a ticket for the live connection",
		web.Login(), web.Errors(http.StatusServiceUnavailable), web.Describe(
			"For clients that can send neither a cookie nor a header with the handshake: GET /ws?ticket=…. It opens one connection of this session, within 30 seconds; "+
				"a ticket that was used, or is older, is answered with 401 `accounts.ticket_invalid`.")), a.ticket)
	huma.Register(api, web.Op(http.MethodPost, base+"token/refresh/", "accounts-token-refresh", tag, "Renew the tokens",
		web.Errors(http.StatusUnauthorized), web.Describe(
			"Exchanges a refresh token (body or cookie) for a new pair. The old one may be sent again for 30 seconds, so that tabs can race; "+
				"later that ends the session. Code: `accounts.refresh_invalid`. A refusal leaves the cookies as they are.")), a.refresh)
	huma.Register(api, web.Op(http.MethodPost, base+"token/verify/", "accounts-token-verify", tag, "Check an access token",
		web.Errors(http.StatusUnauthorized), web.Describe(
			"Checks the signature and the live session. Codes: `auth.token_invalid`, `auth.session_ended`.")), a.verifyToken)

}

func (a *API) registerUser(api huma.API) {
	huma.Register(api, web.Op(http.MethodGet, base+"user/", "accounts-user", tag, "The caller's account", web.Login(),
		web.Describe("The account and its public profile.")), a.user)
	const change = "Changes `shoe_size` and `phone_number`; null clears, a missing field stays. Other fields are ignored. Wrong fields: `request.invalid`."
	huma.Register(api, web.Op(http.MethodPut, base+"user/", "accounts-user-put", tag, "Change the caller's account", web.Login(), web.Describe(change)), a.updateUser)
	huma.Register(api, web.Op(http.MethodPatch, base+"user/", "accounts-user-patch", tag, "Change the caller's account", web.Login(), web.Describe(change)), a.updateUser)
	a.registerProfile(api)
}
