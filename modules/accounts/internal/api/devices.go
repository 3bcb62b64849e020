package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rally/modules/accounts"
	"rally/platform/auth"
	"rally/platform/web"
)

func (a *API) registerDevices(api huma.API) {
	huma.Register(api, web.Op(http.MethodGet, base+"sessions/", "accounts-sessions", tag, "Where the caller is logged in", web.Login(),
		web.Describe("The caller's own session first, then by last use.")), a.sessions)
	huma.Register(api, web.Op(http.MethodDelete, base+"sessions/{id}/", "accounts-session-delete", tag, "End a session", web.Login(),
		web.Status(http.StatusNoContent), web.Errors(http.StatusNotFound), web.Describe("Its tokens stop working at once. Code: `accounts.session_not_found`.")), a.endSession)
	huma.Register(api, web.Op(http.MethodPost, base+"sessions/end-others/", "accounts-sessions-end-others", tag, "End every other session", web.Login(),
		web.Describe("Their tokens stop working at once.")), a.endOthers)
	huma.Register(api, web.Op(http.MethodGet, base+"devices/", "accounts-devices", tag, "The caller's trusted devices", web.Login(),
		web.Describe("Devices that need no second step at present.")), a.devices)
	huma.Register(api, web.Op(http.MethodDelete, base+"devices/{id}/", "accounts-device-delete", tag, "Trust a device no longer", web.Login(),
		web.Status(http.StatusNoContent), web.Errors(http.StatusNotFound), web.Describe("Code: `accounts.device_not_found`.")), a.distrust)
	huma.Register(api, web.Op(http.MethodGet, base+"security-events/", "accounts-security-events", tag, "What happened to the caller's account security", web.Login(),
		web.Describe("Newest first. A place that isn't one of this list: `page.bad_cursor`. Kinds: `new_device`, `device_trusted`, `password_changed`, "+
			"`password_reset`, `email_change_requested`, `email_changed`, `otp_enabled`, `otp_disabled`, `recovery_renewed`, `recovery_used`, `passkey_added`, "+
			"`passkey_removed`, `second_step_changed`, `login_linked`, `login_unlinked`, `refresh_reused`, `quit`, `came_back`.")), a.securityEvents)
	huma.Register(api, web.Op(http.MethodPost, base+"quit/", "accounts-quit", tag, "Leave", web.Login(),
		limited(), web.Errors(http.StatusForbidden, http.StatusConflict, http.StatusServiceUnavailable), web.Describe(
			"Takes the password, or a recent authentication where there is none. Open bids are cancelled and every session ends. A login within 30 days brings the account back; "+
				"then its personal data is erased, and its trades stay without a name. Codes: `shop.orders_open`, `accounts.bad_credentials`, `accounts.reauth_required`.")), a.quit)
	huma.Register(api, web.Op(http.MethodGet, base+"export/", "accounts-export", tag, "Everything that is stored about the caller", web.Login(),
		web.Describe("As a file. Secrets, such as hashes and keys, are left out.")), a.export)
}

type sessionBody struct {
	ID         int64     `json:"id" example:"12"`
	Device     string    `json:"device" doc:"Browser and system, or empty." example:"Chrome · Windows"`
	Method     string    `json:"method" doc:"How it was opened: password, passkey or the name of a provider." example:"password"`
	Address    string    `json:"address" doc:"IP address." example:"192.0.2.7"`
	CreatedAt  time.Time `json:"created_at"`
	LastSeenAt time.Time `json:"last_seen_at"`
	ExpiresAt  time.Time `json:"expires_at"`
	Current    bool      `json:"current" doc:"Whether it is the caller's."`
}

func (a *API) sessions(ctx context.Context, _ *empty) (*resultsOutput[sessionBody], error) {
	list, err := a.service.Sessions(ctx)
	if err != nil {
		return nil, err
	}
	out := listOf(list, sessionOf(ctx))
	slices.SortStableFunc(out.Body.Results, func(a, b sessionBody) int {
		if a.Current == b.Current {
			return 0
		}
		if a.Current {
			return -1
		}
		return 1
	})
	return out, nil
}

func sessionOf(ctx context.Context) func(accounts.Session) sessionBody {
	caller, _ := auth.From(ctx)
	return func(s accounts.Session) sessionBody {
		return sessionBody{
			ID: s.ID, Device: s.Client.DeviceName(), Method: s.Method, Address: s.Client.Address,
			CreatedAt: s.CreatedAt, LastSeenAt: s.LastSeenAt, ExpiresAt: s.ExpiresAt, Current: s.ID == caller.SessionID,
		}
	}
}

func (a *API) endSession(ctx context.Context, in *IDInput) (*struct{}, error) {
	return nil, a.service.EndSession(ctx, in.ID)
}

type endOthersOutput struct {
	Body struct {
		Ended int `json:"ended" doc:"How many there were." example:"2"`
	}
}

func (a *API) endOthers(ctx context.Context, _ *empty) (*endOthersOutput, error) {
	ended, err := a.service.EndOtherSessions(ctx)
	if err != nil {
		return nil, err
	}
	out := &endOthersOutput{}
	out.Body.Ended = ended
	return out, nil
}

type deviceBody struct {
	ID           int64      `json:"id" example:"5"`
	Device       string     `json:"device" doc:"Browser and system, or empty." example:"Safari · iOS"`
	Address      string     `json:"address" doc:"IP address of the last login." example:"192.0.2.7"`
	TrustedUntil *time.Time `json:"trusted_until" doc:"Or null: only an export lists devices that aren't trusted."`
	LastUsedAt   time.Time  `json:"last_used_at"`
	Current      bool       `json:"current" doc:"Whether it is the caller's."`
}

func (a *API) devices(ctx context.Context, in *DeviceInput) (*resultsOutput[deviceBody], error) {
	list, current, err := a.service.Devices(ctx, clientOf(ctx, in.Device))
	if err != nil {
		return nil, err
	}
	return listOf(list, deviceOf(current)), nil
}

func deviceOf(current int64) func(accounts.Device) deviceBody {
	return func(d accounts.Device) deviceBody {
		return deviceBody{
			ID: d.ID, Device: d.Client.DeviceName(), Address: d.Client.Address,
			TrustedUntil: orNull(d.TrustedUntil), LastUsedAt: d.LastUsedAt, Current: d.ID == current,
		}
	}
}

func (a *API) distrust(ctx context.Context, in *IDInput) (*struct{}, error) {
	return nil, a.service.DistrustDevice(ctx, in.ID)
}

type eventDetail struct {
	Provider string `json:"provider,omitempty" doc:"Of login_linked and login_unlinked." example:"google"`
}

type eventBody struct {
	ID        int64       `json:"id" example:"31"`
	Kind      string      `json:"kind" doc:"One of those that the operation lists." example:"new_device"`
	Device    string      `json:"device" doc:"Browser and system, or empty." example:"Chrome · Windows"`
	Address   string      `json:"address" doc:"IP address." example:"192.0.2.7"`
	CreatedAt time.Time   `json:"created_at"`
	Detail    eventDetail `json:"detail"`
}

func eventOf(e accounts.SecurityEvent) eventBody {
	return eventBody{
		ID: e.ID, Kind: e.Kind, Device: e.Client.DeviceName(), Address: e.Client.Address, CreatedAt: e.At, Detail: eventDetail{Provider: e.Provider},
	}
}

type securityEventsInput struct{ web.CursorInput }

type securityEventsOutput struct{ Body web.CursorBody[eventBody] }

func (a *API) securityEvents(ctx context.Context, in *securityEventsInput) (*securityEventsOutput, error) {
	request, err := in.Request(accounts.SecurityEventList(auth.UserID(ctx)))
	if err != nil {
		return nil, err
	}
	slice, err := a.service.SecurityEvents(ctx, request)
	if err != nil {
		return nil, err
	}
	return &securityEventsOutput{Body: web.NewCursorBody(ctx, &in.CursorInput, slice, eventOf)}, nil
}

type quitInput struct {
	Body *struct {
		_        struct{} `json:"-" additionalProperties:"true"`
		Password string   `json:"password" required:"false" example:"wind-over-namsan"`
	}
}

func (a *API) quit(ctx context.Context, in *quitInput) (*logoutOutput, error) {
	password := ""
	if in.Body != nil {
		password = in.Body.Password
	}
	if err := a.service.Quit(ctx, password, clientOf(ctx, "")); err != nil {
		return nil, err
	}
	return &logoutOutput{SetCookie: web.ClearedCookies(ctx), Body: detail{Detail: "Your account is deactivated."}}, nil
}

type exportBody struct {
	User       userBody       `json:"user"`
	CreatedAt  time.Time      `json:"created_at"`
	VerifiedAt *time.Time     `json:"email_verified_at"`
	Sessions   []sessionBody  `json:"sessions"`
	Devices    []deviceBody   `json:"devices"`
	Passkeys   []passkeyBody  `json:"passkeys"`
	Identities []identityBody `json:"identities"`
	Events     []eventBody    `json:"security_events"`
	Modules    map[string]any `json:"modules" doc:"What the other modules keep, by their name."`
}

type exportOutput struct {
	ContentDisposition string `header:"Content-Disposition"`
	Body               exportBody
}

func (a *API) export(ctx context.Context, _ *empty) (*exportOutput, error) {
	all, err := a.service.ExportMe(ctx)
	if err != nil {
		return nil, err
	}
	return &exportOutput{
		ContentDisposition: `attachment; filename="rally-export.json"`,
		Body: exportBody{
			User: userOf(ctx, all.Account), CreatedAt: all.Account.User.CreatedAt, VerifiedAt: orNull(all.Account.User.VerifiedAt),
			Sessions: listOf(all.Sessions, sessionOf(ctx)).Body.Results, Devices: listOf(all.Devices, deviceOf(0)).Body.Results,
			Passkeys: listOf(all.Passkeys, passkeyOf).Body.Results, Identities: listOf(all.Identities, identityOf).Body.Results,
			Events: listOf(all.Events, eventOf).Body.Results, Modules: all.Modules,
		},
	}, nil
}
