package api_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"rally/modules/accounts"
	"rally/modules/accounts/internal/api"
	"rally/modules/accounts/internal/passkey"
	"rally/modules/accounts/internal/store"
	"rally/platform/db"
	"rally/platform/event"
	"rally/platform/testkit"
	"rally/platform/web"
)

const (
	root     = "/api/accounts/"
	email    = "mina@rally.example"
	password = "wind-over-namsan"
	ok       = http.StatusOK
)

type site struct {
	t       *testing.T
	server  *web.Server
	service *accounts.Service

	mails testkit.Recorder[accounts.Mail]
}

func (s *site) Send(ctx context.Context, m accounts.Mail) error {
	s.mails.Add(ctx, m)
	return nil
}

func (s *site) SessionEnded(context.Context, ...int64) {}

func (s *site) Forget(context.Context, string) error { return nil }

func (s *site) Note(context.Context, accounts.SecurityEvent) {}

// Enqueue does the task at once.
func (s *site) Enqueue(ctx context.Context, t accounts.Task) error { return s.service.Do(ctx, t) }

func newSite(t *testing.T) *site {
	t.Helper()
	d := testkit.OpenDB(t, db.SQLite)
	events, err := event.NewDispatcher()
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t}
	s.service, err = accounts.New(accounts.Config{
		AccessTTL: 15 * time.Minute, SessionTTL: 720 * time.Hour, RefreshGrace: 30 * time.Second,
		LimitAttempts: 100_000, LimitWindow: 2 * time.Minute, LimitBlock: 5 * time.Minute,
		PasswordMemory: 64, PasswordPasses: 1, PasswordQueue: 64,
	}, accounts.Deps{
		Tx: d, Store: store.New(d), Events: events, Mailer: s, Signals: s,
		Clock: time.Now, Random: rand.Reader, Secret: []byte("a secret of thirty-two bytes, ok"),
		Relying: passkey.New(), Tasks: s, Journal: s,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.server, err = web.New(web.Deps{
		Config: web.Config{Addr: "127.0.0.1:8080", PublicURL: "https://rally.test"}, Version: "test", Log: zap.NewNop(),
		Metrics: prometheus.NewRegistry(), Auth: s.service, Routes: []web.Routes{api.Routes(s.service)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

type answer struct {
	*httptest.ResponseRecorder
	json map[string]any
}

type option func(*http.Request)

func cookie(name, value string) option {
	return func(r *http.Request) { r.AddCookie(&http.Cookie{Name: name, Value: value}) }
}

func bearer(token string) option {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
}

func contentType(value string) option {
	return func(r *http.Request) { r.Header.Set("Content-Type", value) }
}

// do sends a request under /api/accounts/ and checks the status. A body that
// is no string is sent as JSON.
func (s *site) do(status int, method, path string, body any, options ...option) answer {
	s.t.Helper()
	var payload []byte
	switch b := body.(type) {
	case nil:
	case string:
		payload = []byte(b)
	default:
		var err error
		if payload, err = json.Marshal(b); err != nil {
			s.t.Fatal(err)
		}
	}
	r := httptest.NewRequest(method, root+path, bytes.NewReader(payload))
	if payload != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, o := range options {
		o(r)
	}
	a := answer{ResponseRecorder: httptest.NewRecorder()}
	s.server.ServeHTTP(a, r)
	if a.Code != status {
		s.t.Fatalf("%s %s: %d, want %d: %s", method, path, a.Code, status, a.Body)
	}
	if strings.Contains(a.Header().Get("Content-Type"), "json") {
		if err := json.Unmarshal(a.Body.Bytes(), &a.json); err != nil {
			s.t.Fatalf("%s %s: %v: %s", method, path, err, a.Body)
		}
	}
	return a
}

func (a answer) text(t *testing.T, key string) string {
	t.Helper()
	v, isText := a.json[key].(string)
	if !isText || v == "" {
		t.Fatalf("no %s in %v", key, a.json)
	}
	return v
}

// cookies returns the cookies that the answer sets.
func (a answer) cookies() map[string]*http.Cookie {
	set := map[string]*http.Cookie{}
	for _, c := range a.Result().Cookies() {
		set[c.Name] = c
	}
	return set
}

func (s *site) refused(status int, code, method, path string, body any, options ...option) answer {
	s.t.Helper()
	a := s.do(status, method, path, body, options...)
	if a.json["code"] != code || len(a.cookies()) != 0 {
		s.t.Errorf("%s %s: %v, want %s, and no cookies", method, path, a.json, code)
	}
	return a
}

type object map[string]any

func (s *site) key() string {
	s.t.Helper()
	mails := s.mails.All()
	found := regexp.MustCompile(`https://rally\.test/verify#key=(\S+)`).FindStringSubmatch(mails[len(mails)-1].Body)
	if found == nil {
		s.t.Fatal("no link in the mail")
	}
	return found[1]
}

func (s *site) login() (access, refresh string) {
	s.t.Helper()
	a := s.do(ok, http.MethodPost, "login/", object{"email": email, "password": password})
	return a.text(s.t, "access_token"), a.text(s.t, "refresh_token")
}

func (s *site) member() {
	s.t.Helper()
	s.do(http.StatusCreated, http.MethodPost, "registration/", object{"email": email, "password1": password, "password2": password})
	s.do(ok, http.MethodPost, "registration/verify-email/", object{"key": s.key()})
}

func TestFromSigningUpToLoggingOut(t *testing.T) {
	s := newSite(t)
	signUp := object{"email": email, "password1": password, "password2": password, "shoe_size": 260, "phone_number": "010-1234-5678", "extra": []int{1}}
	first := s.do(http.StatusCreated, http.MethodPost, "registration/", signUp)
	key := s.key()
	s.refused(400, "accounts.email_unverified", http.MethodPost, "login/", object{"email": email, "password": password})
	if a := s.do(ok, http.MethodPost, "registration/verify-email/", object{"key": key}); a.json["detail"] != "ok" {
		t.Errorf("%v", a.json)
	}
	again := s.do(http.StatusCreated, http.MethodPost, "registration", signUp) // without the slash, too
	if again.Body.String() != first.Body.String() {
		t.Errorf("%s and %s differ", first.Body, again.Body)
	}

	in := s.do(ok, http.MethodPost, "login/", object{"email": email, "password": password})
	access, refresh := in.text(t, "access_token"), in.text(t, "refresh_token")
	set := in.cookies()
	for name, value := range map[string]string{web.AccessCookie: access, web.RefreshCookie: refresh} {
		if c := set[name]; c == nil || c.Value != value || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Expires.Before(time.Now()) {
			t.Errorf("%s: %+v", name, c)
		}
	}
	me := s.do(ok, http.MethodGet, "user/", nil, cookie(web.AccessCookie, access))
	user, isObject := in.json["user"].(map[string]any)
	if !isObject || user["email"] != email || user["shoe_size"] != 260.0 || user["phone_number"] != "+821012345678" || user["is_staff"] != false || user["otp_enabled"] != false {
		t.Errorf("user %v", user)
	}
	profile, isObject := user["profile"].(map[string]any)
	if !isObject || profile["user_id"] != user["id"] || profile["user_name"] != "mina" || profile["image"] != nil || profile["introduction"] != "" || len(profile) != 5 || len(user) != 7 {
		t.Errorf("profile %v of %v", profile, user)
	}
	if me.json["id"] != user["id"] || len(me.json) != len(user) {
		t.Errorf("me %v", me.json)
	}
	if a := s.do(ok, http.MethodPost, "token/verify/", object{"token": access}); a.Body.String() != "{}\n" {
		t.Errorf("%q", a.Body)
	}

	renewed := s.do(ok, http.MethodPost, "token/refresh/", nil, cookie(web.RefreshCookie, refresh))
	access2, refresh2 := renewed.text(t, "access"), renewed.text(t, "refresh")
	set = renewed.cookies()
	if access2 == access || refresh2 == refresh || set[web.AccessCookie].Value != access2 || set[web.RefreshCookie].Value != refresh2 {
		t.Errorf("renewed: %v, %v", renewed.json, set)
	}
	s.do(ok, http.MethodPost, "token/refresh/", object{"refresh": refresh2})

	out := s.do(ok, http.MethodPost, "logout/", nil, cookie(web.RefreshCookie, refresh2))
	for _, name := range []string{web.AccessCookie, web.RefreshCookie} {
		if c := out.cookies()[name]; c == nil || c.Value != "" || c.MaxAge >= 0 {
			t.Errorf("%s is not cleared: %+v", name, c)
		}
	}
	if out.json["detail"] == "" {
		t.Errorf("%v", out.json)
	}
	for _, token := range []string{access, access2} {
		s.refused(401, "auth.session_ended", http.MethodGet, "user/", nil, bearer(token))
		s.refused(401, "auth.session_ended", http.MethodPost, "token/verify/", object{"token": token})
	}
	s.refused(401, "accounts.refresh_invalid", http.MethodPost, "token/refresh/", object{"refresh": refresh2})
}

func TestLogoutTakesWhatIsSent(t *testing.T) {
	s := newSite(t)
	s.member()
	s.refused(401, "auth.required", http.MethodPost, "logout/", nil)
	s.refused(401, "auth.required", http.MethodPost, "logout/", object{})
	s.refused(401, "accounts.refresh_invalid", http.MethodPost, "logout/", object{"refresh": "garbage"})

	access, refresh := s.login()
	s.do(ok, http.MethodPost, "logout/", object{"refresh": refresh})
	s.refused(401, "auth.session_ended", http.MethodGet, "user/", nil, bearer(access))
	access, _ = s.login()
	s.do(ok, http.MethodPost, "logout/", nil, bearer(access))
	s.refused(401, "auth.session_ended", http.MethodGet, "user/", nil, bearer(access))
	// A browser with a dead cookie gets rid of it.
	if a := s.do(ok, http.MethodPost, "logout/", nil, cookie(web.RefreshCookie, "garbage")); len(a.cookies()) != 2 {
		t.Errorf("cookies %v", a.cookies())
	}
}

func TestRefusalsLeaveTheCookiesAlone(t *testing.T) {
	s := newSite(t)
	s.member()
	s.refused(401, "accounts.refresh_invalid", http.MethodPost, "token/refresh/", nil)
	s.refused(401, "accounts.refresh_invalid", http.MethodPost, "token/refresh/", nil, cookie(web.RefreshCookie, "garbage"))
	s.refused(400, "accounts.bad_credentials", http.MethodPost, "login/", object{"email": email, "password": "wrong-one"})
	s.refused(400, "accounts.bad_credentials", http.MethodPost, "login/", object{"email": "nobody@rally.example", "password": password})
	s.refused(401, "auth.token_invalid", http.MethodPost, "token/verify/", object{"token": "garbage"})
	s.refused(401, "auth.token_invalid", http.MethodPost, "token/verify/", object{})
	s.refused(401, "auth.token_invalid", http.MethodGet, "user/", nil, bearer("garbage"))
	s.refused(401, "auth.required", http.MethodGet, "user/", nil)
	s.refused(401, "auth.required", http.MethodPatch, "user/", object{"shoe_size": 262})
	s.refused(404, "accounts.key_invalid", http.MethodPost, "registration/verify-email/", object{"key": "garbage"})
	s.refused(404, "accounts.key_invalid", http.MethodPost, "registration/verify-email/", object{})
}

func TestWrongFieldsAreNamed(t *testing.T) {
	s := newSite(t)
	wrong := func(a answer, names ...string) {
		t.Helper()
		errors, _ := a.json["errors"].(map[string]any)
		if len(errors) != len(names) {
			t.Errorf("%v, want %v", errors, names)
		}
		for _, name := range names {
			if messages, _ := errors[name].([]any); len(messages) == 0 {
				t.Errorf("%s: %v", name, errors)
			}
		}
	}
	const code, post = "request.invalid", http.MethodPost
	wrong(s.refused(400, code, post, "registration/", object{}), "email", "password1", "password2")
	wrong(s.refused(400, code, post, "registration/", object{"email": email, "password1": password, "password2": "x"}), "password2")
	wrong(s.refused(400, code, post, "registration/", object{"email": 7, "password1": password, "password2": password}), "email")
	wrong(s.refused(400, code, post, "login/", object{}), "email", "password")
	for _, size := range []any{262, 215, 0, -5, 260.5, "big", true, []int{260}, object{}, 1e30} {
		wrong(s.refused(400, code, post, "registration/", object{"email": email, "password1": password, "password2": password, "shoe_size": size}), "shoe_size")
	}
	s.do(400, post, "registration/", nil)
	s.do(400, post, "registration/", "{not json")
}

func TestFormsAreTaken(t *testing.T) {
	s := newSite(t)
	values := url.Values{"email": {email}, "password1": {password}, "password2": {password}, "shoe_size": {"265"}, "phone_number": {""}}
	s.do(http.StatusCreated, http.MethodPost, "registration/", values.Encode(), contentType("application/x-www-form-urlencoded"))
	s.do(ok, http.MethodPost, "registration/verify-email/", url.Values{"key": {s.key()}}.Encode(), contentType("application/x-www-form-urlencoded"))
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range map[string]string{"email": email, "password": password} {
		if err := form.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	in := s.do(ok, http.MethodPost, "login/", body.String(), contentType(form.FormDataContentType()))
	user, _ := in.json["user"].(map[string]any)
	if user["shoe_size"] != 265.0 || user["phone_number"] != nil {
		t.Errorf("user %v", user)
	}
	s.do(ok, http.MethodPost, "logout/", url.Values{"refresh": {in.text(t, "refresh_token")}}.Encode(), contentType("application/x-www-form-urlencoded"))
}

func TestTheUserChangesTheirAccount(t *testing.T) {
	s := newSite(t)
	s.member()
	access, _ := s.login()
	change := func(method string, body object) map[string]any {
		t.Helper()
		return s.do(ok, method, "user/", body, bearer(access)).json
	}
	u := change(http.MethodPut, object{"id": 99, "email": "evil@rally.example", "is_staff": true, "shoe_size": "270", "phone_number": "01012345678", "profile": object{"user_name": "evil"}})
	if u["email"] != email || u["is_staff"] != false || u["id"] == 99.0 || u["shoe_size"] != 270.0 || u["phone_number"] != "+821012345678" {
		t.Errorf("put: %v", u)
	}
	if u = change(http.MethodPatch, object{"phone_number": nil}); u["shoe_size"] != 270.0 || u["phone_number"] != nil {
		t.Errorf("patch: %v", u)
	}
	if u = change(http.MethodPatch, object{"shoe_size": nil, "phone_number": ""}); u["shoe_size"] != nil {
		t.Errorf("cleared: %v", u)
	}
	a := s.refused(400, "request.invalid", http.MethodPatch, "user/", object{"shoe_size": "x", "phone_number": "x"}, bearer(access))
	if errors, _ := a.json["errors"].(map[string]any); len(errors) != 2 {
		t.Errorf("%v", a.json)
	}
}

func TestTheLinkOfTheMail(t *testing.T) {
	s := newSite(t)
	s.do(http.StatusCreated, http.MethodPost, "registration/", object{"email": email, "password1": password, "password2": password})
	key := s.key()
	for path, location := range map[string]string{
		"registration/account-confirm-email/" + key + "/":               "/signin",
		"registration/account-confirm-email/garbage/":                   "/verify?error=accounts.key_invalid",
		"registration/account-confirm-email/%0d%0aSet-Cookie:%20x=1/":   "/verify?error=accounts.key_invalid",
		"registration/account-confirm-email/" + key + "?next=//evil.ex": "/signin",
	} {
		a := s.do(http.StatusFound, http.MethodGet, path, nil)
		if a.Header().Get("Location") != location || len(a.cookies()) != 0 {
			t.Errorf("%s leads to %q", path, a.Header().Get("Location"))
		}
	}
	s.login()
}

func TestResendTellsNothing(t *testing.T) {
	s := newSite(t)
	s.member()
	s.do(http.StatusCreated, http.MethodPost, "registration/", object{"email": "waiting@rally.example", "password1": password, "password2": password})
	before := len(s.mails.All())
	bodies := map[string]bool{}
	for _, who := range []string{email, "waiting@rally.example", "nobody@rally.example", "no address", ""} {
		bodies[s.do(ok, http.MethodPost, "registration/resend-email/", object{"email": who}).Body.String()] = true
	}
	if len(bodies) != 1 || len(s.mails.All()) != before+1 {
		t.Errorf("%d answers, %d mails", len(bodies), len(s.mails.All())-before)
	}
}

func TestEveryOperationIsDescribed(t *testing.T) {
	operations := 0
	for path, item := range newSite(t).server.API().OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op == nil {
				continue
			}
			operations++
			if op.Summary == "" || op.Description == "" || !slices.Contains(op.Tags, "Accounts") || len(op.Responses) < 2 {
				t.Errorf("%s %s lacks words: %+v", op.Method, path, op)
			}
		}
	}
	if operations != 54 {
		t.Errorf("%d operations, want 54", operations)
	}
}
