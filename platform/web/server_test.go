package web_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gorilla/websocket"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"rally/platform/fault"
	"rally/platform/testkit"
	"rally/platform/web"
)

func TestPathsAnswerWithAndWithoutTheirSlash(t *testing.T) {
	f := newServer(t, nil)
	for _, path := range []string{"/api/rows/", "/api/rows", "/api/rows?page=2", "/api/rows/?page=2"} {
		if r := f.send("GET", path, ""); r.Code != 200 {
			t.Errorf("%s: %d", path, r.Code)
		}
	}
}

func TestErrorsAreProblems(t *testing.T) {
	f := newServer(t, nil)
	o := f.send("GET", "/api/fails/moved", "").want(t, 409, "test.moved")
	if o["price"] != float64(5) || o["type"] != "about:blank" || o["title"] != "Conflict" || o["detail"] != "It moved." {
		t.Errorf("%v", o)
	}
	for _, how := range []string{"error", "panic"} {
		r := f.send("GET", "/api/fails/"+how, "")
		if o := r.want(t, 500, "internal"); o["detail"] != fault.ErrInternal.Message {
			t.Errorf("%s: another sentence: %v", how, o["detail"])
		}
		if strings.Contains(r.Body.String(), "secret detail") {
			t.Errorf("%s: the cause is shown: %s", how, r.Body)
		}
		if n := f.logged("secret detail"); n != 1 {
			t.Errorf("%s: the cause was logged %d times, want once", how, n)
		}
		f.logs.TakeAll()
	}
	f.send("GET", "/api/nothing", "").want(t, 404, "route.not_found")
	f.send("PUT", "/api/rows", "").want(t, 405, "route.method_not_allowed")
	f.send("GET", "/assets/x/nothing.js", "").want(t, 404, "route.not_found")
	f.send("POST", "/elsewhere", "").want(t, 404, "route.not_found")
	for _, room := range []string{"/api", "/api/", "/media", "/assets", "/ws/"} { // not the client's pages
		f.send("GET", room, "").want(t, 404, "route.not_found")
	}
}

func TestBadInputIs400AndNamesTheField(t *testing.T) {
	f := newServer(t, nil)
	const js = "application/json"
	f.send("POST", "/api/notes", "{", "Content-Type", js).want(t, 400, "request.malformed")
	f.send("POST", "/api/notes", "", "Content-Type", js).want(t, 400, "request.malformed")
	f.send("POST", "/api/notes", "<note/>", "Content-Type", "application/xml").want(t, 415, "request.unsupported_type")
	for body, field := range map[string]string{`{"text":5}`: "text", `{"text":"x","count":"many"}`: "count", `{"text":"far too long a text"}`: "text"} {
		o := f.send("POST", "/api/notes", body, "Content-Type", js).want(t, 400, "request.invalid")
		if errs, _ := o["errors"].(map[string]any); errs[field] == nil {
			t.Errorf("%s: %v", body, o)
		}
	}
	o := f.send("GET", "/api/rows?page_size=500", "").want(t, 400, "page.bad_page")
	if errs, _ := o["errors"].(map[string]any); errs["page_size"] == nil {
		t.Errorf("%v", o)
	}
	f.send("GET", "/api/rows?page=x", "").want(t, 400, "request.invalid")
	if r := f.send("POST", "/api/notes", `{"text":"x","unknown":true}`, "Content-Type", js); r.Code != 200 {
		t.Errorf("an unknown field: %d %s", r.Code, r.Body)
	}
	big := `{"text":"` + strings.Repeat("x", 2<<20) + `"}`
	f.send("POST", "/api/notes", big, "Content-Type", js).want(t, 413, "request.too_large")
	f.send("POST", "/api/notes", strings.Repeat("x", 13<<20), "Content-Type", js).want(t, 413, "request.too_large")
	for _, size := range []int{1 << 20, 2 << 20, 13 << 20} { // never cut and taken for the whole
		f.send("POST", "/api/notes", "text=x&flag="+strings.Repeat("1", size), "Content-Type", "application/x-www-form-urlencoded").want(t, 413, "request.too_large")
		part := "--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n" + strings.Repeat("x", size) + "\r\n--b--\r\n"
		f.send("POST", "/api/notes", part, "Content-Type", "multipart/form-data; boundary=b").want(t, 413, "request.too_large")
	}
}

func TestFormsAreTakenLikeJSON(t *testing.T) {
	f := newServer(t, nil)
	want := `{"text":"hi","count":3,"share":0.5,"flag":true,"tags":["a","b"]}`
	form := f.send("POST", "/api/notes", "text=hi&count=3&share=0.5&flag=on&tags=a&tags=b", "Content-Type", "application/x-www-form-urlencoded")
	if got := strings.TrimSpace(form.Body.String()); got != want {
		t.Errorf("form: %s", got)
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, pair := range [][2]string{{"text", "hi"}, {"count", "3"}, {"share", "0.5"}, {"flag", "true"}, {"tags", "a"}, {"tags", "b"}} {
		if err := w.WriteField(pair[0], pair[1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	multi := f.send("POST", "/api/notes", body.String(), "Content-Type", w.FormDataContentType())
	if got := strings.TrimSpace(multi.Body.String()); got != want {
		t.Errorf("multipart: %s", got)
	}
	o := f.send("POST", "/api/notes", "text=hi&count=many", "Content-Type", "application/x-www-form-urlencoded").want(t, 400, "request.invalid")
	if errs, _ := o["errors"].(map[string]any); errs["count"] == nil {
		t.Errorf("%v", o)
	}
	f.send("POST", "/api/notes", "--broken", "Content-Type", "multipart/form-data; boundary=x").want(t, 400, "request.malformed")
}

func FuzzForms(f *testing.F) {
	f.Add("text=hi&count=3", "application/x-www-form-urlencoded")
	f.Add("--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nhi\r\n--x--\r\n", "multipart/form-data; boundary=x")
	f.Add("%zz=%", "application/x-www-form-urlencoded")
	f.Add(`{"text":1e999}`, "application/json")
	var s *fixture
	f.Fuzz(func(t *testing.T, body, contentType string) {
		if s == nil {
			s = newServer(t, nil)
		}
		if strings.ContainsAny(contentType, "\r\n\x00") || body == "" {
			return
		}
		if r := s.send("POST", "/api/notes", body, "Content-Type", contentType); r.Code >= 500 {
			t.Fatalf("%d: %s", r.Code, r.Body)
		}
	})
}

func TestLoginAndStaff(t *testing.T) {
	f := newServer(t, nil)
	f.send("GET", "/api/mine", "").want(t, 401, "auth.required")
	f.send("GET", "/api/mine", "", "Authorization", "Bearer bad").want(t, 401, "auth.token_invalid")
	f.send("GET", "/api/mine", "", "Cookie", "rally-access=ended").want(t, 401, "auth.session_ended")
	f.send("GET", "/api/mine", "", "Authorization", "Bearer outage").want(t, 500, "internal")
	for _, header := range [][2]string{{"Authorization", "Bearer good"}, {"Cookie", "rally-access=good"}} {
		if o := f.send("GET", "/api/mine", "", header[0], header[1]).object(t); o["user"] != float64(7) {
			t.Errorf("%v: %v", header, o)
		}
	}
	f.send("GET", "/api/staff", "").want(t, 401, "auth.required")
	f.send("GET", "/api/staff", "", "Authorization", "Bearer good").want(t, 403, "auth.forbidden")
	if r := f.send("GET", "/api/staff", "", "Authorization", "Bearer staff"); r.Code != 204 {
		t.Errorf("staff: %d", r.Code)
	}
	// A token that doesn't count makes nobody's public page fail.
	if r := f.send("GET", "/api/rows", "", "Cookie", "rally-access=bad"); r.Code != 200 {
		t.Errorf("public with a stale cookie: %d", r.Code)
	}
}

func TestOtherSitesCannotWriteWithOurCookies(t *testing.T) {
	f := newServer(t, func(d *web.Deps) { d.Config.CORSOrigins = []string{"https://partner.example"} })
	const cookie = "rally-access=good"
	f.send("DELETE", "/api/mine", "", "Cookie", cookie, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example").want(t, 403, "request.cross_origin")
	f.send("DELETE", "/api/mine", "", "Cookie", cookie, "Origin", "https://evil.example").want(t, 403, "request.cross_origin")
	for _, other := range []string{"Basic dTpw", "Bearer", "good"} { // credentials that are no bearer token: the cookie counts
		f.send("DELETE", "/api/mine", "", "Cookie", cookie, "Authorization", other, "Sec-Fetch-Site", "cross-site").want(t, 403, "request.cross_origin")
		if r := f.send("DELETE", "/api/mine", "", "Cookie", cookie, "Authorization", other); r.Code != 204 {
			t.Errorf("%s and our own page: %d %s", other, r.Code, r.Body)
		}
	}
	// A bearer token counts alone, whatever the cookie says.
	f.send("DELETE", "/api/mine", "", "Cookie", cookie, "Authorization", "Bearer bad", "Sec-Fetch-Site", "cross-site").want(t, 401, "auth.token_invalid")
	for _, headers := range [][]string{
		{"Cookie", cookie},
		{"Cookie", cookie, "Sec-Fetch-Site", "same-origin"},
		{"Cookie", cookie, "Sec-Fetch-Site", "cross-site", "Origin", "https://partner.example"},
		{"Authorization", "Bearer good", "Origin", "https://evil.example"},
	} {
		if r := f.send("DELETE", "/api/mine", "", headers...); r.Code != 204 {
			t.Errorf("%v: %d %s", headers, r.Code, r.Body)
		}
	}
}

func TestCORSIsAnAllowList(t *testing.T) {
	f := newServer(t, func(d *web.Deps) { d.Config.CORSOrigins = []string{"https://partner.example"} })
	preflight := func(origin string) reply {
		return f.send("OPTIONS", "/api/mine/", "", "Origin", origin, "Access-Control-Request-Method", "DELETE", "Access-Control-Request-Headers", "authorization")
	}
	if r := preflight("https://partner.example"); r.Code != 204 || r.Header().Get("Access-Control-Allow-Origin") != "https://partner.example" ||
		r.Header().Get("Access-Control-Allow-Credentials") != "true" || !strings.Contains(r.Header().Get("Access-Control-Allow-Methods"), "DELETE") {
		t.Errorf("partner: %d %v", r.Code, r.Header())
	}
	for _, origin := range []string{"https://evil.example", "null", "https://partner.example.evil.example"} {
		if r := preflight(origin); r.Header().Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s is allowed", origin)
		}
	}
}

func TestSecurityHeadersStandOnEveryAnswer(t *testing.T) {
	f := newServer(t, nil)
	for _, path := range []string{"/", "/api/rows", "/api/nothing", "/api/fails/panic", "/healthz"} {
		h := f.send("GET", path, "").Header()
		csp := h.Get("Content-Security-Policy")
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("X-Frame-Options") != "DENY" || !strings.Contains(csp, "default-src 'self'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: %v", path, h)
		}
	}
}

func TestForwardedHeadersCountOnlyFromTrustedProxies(t *testing.T) {
	ask := func(f *fixture, headers ...string) map[string]any {
		return f.send("GET", "/api/mine", "", append(headers, "Authorization", "Bearer good", "X-Forwarded-For", "203.0.113.9", "X-Forwarded-Proto", "https")...).object(t)
	}
	if o := ask(newServer(t, nil)); o["address"] != "192.0.2.1" {
		t.Errorf("no proxy is trusted: %v", o)
	}
	// httptest's requests come from 192.0.2.1.
	trusting := newServer(t, func(d *web.Deps) {
		d.Config.TrustedProxies, d.Config.PublicURL = []string{"192.0.2.0/24"}, "https://rally.example"
	})
	if o := ask(trusting); o["address"] != "203.0.113.9" || o["base"] != "https://rally.example" {
		t.Errorf("the proxy is trusted: %v", o)
	}
}

func TestAForgedHostEndsInNoLink(t *testing.T) {
	f := newServer(t, func(d *web.Deps) { d.Config.Addr = "10.0.0.1:8080" })
	for host, want := range map[string]string{"evil.example": "http://10.0.0.1:8080", "localhost:9": "http://localhost:9", "127.0.0.1:80": "http://127.0.0.1:80", "10.0.0.1:8080": "http://10.0.0.1:8080"} {
		if o := f.send("GET", "/api/mine", "", "Host", host, "Authorization", "Bearer good").object(t); o["base"] != want {
			t.Errorf("%s: %v, want %s", host, o["base"], want)
		}
	}
}

func TestTraceIDsAreTakenOver(t *testing.T) {
	f := newServer(t, nil)
	const id = "4bf92f3577b34da6a3ce929d0e0e4736"
	if got := f.send("GET", "/healthz", "", "traceparent", "00-"+id+"-00f067aa0ba902b7-01").Header().Get("X-Request-Id"); got != id {
		t.Errorf("got %q", got)
	}
	for _, bad := range []string{"", "00-" + strings.Repeat("0", 32) + "-00f067aa0ba902b7-01", "00-" + strings.ToUpper(id) + "-00f067aa0ba902b7-01", "junk\nX-Evil: 1"} {
		if got := f.send("GET", "/healthz", "", "traceparent", bad).Header().Get("X-Request-Id"); len(got) != 32 || got == id {
			t.Errorf("%q became %q", bad, got)
		}
	}
}

func TestPageLinksKeepTheFilters(t *testing.T) {
	f := newServer(t, nil)
	o := f.send("GET", "/api/rows?page=2&page_size=40&q=%EC%8B%A0%EB%B0%9C&q=b", "", "Host", "localhost:80").object(t)
	if o["next"] != "http://localhost:80/api/rows/?page=3&page_size=40&q=%EC%8B%A0%EB%B0%9C&q=b" || o["previous"] != "http://localhost:80/api/rows/?page=1&page_size=40&q=%EC%8B%A0%EB%B0%9C&q=b" {
		t.Errorf("%v", o)
	}
	if o := f.send("GET", "/api/rows?page=3", "").object(t); o["next"] != nil || o["count"] != float64(95) {
		t.Errorf("the last page: %v", o)
	}
}

func TestLongAnswersAreCompressed(t *testing.T) {
	f := newServer(t, nil)
	r := f.send("GET", "/api/long", "", "Accept-Encoding", "gzip")
	if r.Header().Get("Content-Encoding") != "gzip" {
		t.Fatal("not compressed")
	}
	z, err := gzip.NewReader(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(z); err != nil || !strings.Contains(string(body), "rally rally") {
		t.Fatalf("%v", err)
	}
	if r := f.send("GET", "/api/rows", ""); r.Header().Get("Content-Encoding") != "" {
		t.Error("compressed without being asked")
	}
}

func TestHealthReadinessAndMetrics(t *testing.T) {
	sick := true
	f := newServer(t, func(d *web.Deps) {
		d.Checks = map[string]web.Check{"database": func(context.Context) error {
			if sick {
				return errors.New("away, secret detail")
			}
			return nil
		}}
	})
	if r := f.send("GET", "/healthz", ""); r.Code != 200 {
		t.Errorf("healthz: %d", r.Code)
	}
	if r := f.send("GET", "/readyz", ""); r.Code != 503 || strings.Contains(r.Body.String(), "secret detail") {
		t.Errorf("readyz, sick: %d %s", r.Code, r.Body)
	}
	sick = false
	if r := f.send("GET", "/readyz", ""); r.Code != 200 {
		t.Errorf("readyz: %d", r.Code)
	}
	f.Drain(t.Context())
	if r := f.send("GET", "/readyz", ""); r.Code != 503 {
		t.Errorf("readyz while draining: %d", r.Code)
	}
	if r := f.send("GET", "/metrics", ""); !strings.Contains(r.Body.String(), `rally_http_requests_total{method="GET",route="/healthz",status="200"}`) {
		t.Errorf("metrics: %s", r.Body)
	}
}

func TestTheClientIsServedAtEveryAddressOfItsOwn(t *testing.T) {
	f := newServer(t, nil)
	for _, path := range []string{"/", "/shop/12?size=260", "/signin"} {
		r := f.send("GET", path, "")
		if r.Code != 200 || !strings.Contains(r.Body.String(), "client") || r.Header().Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: %d %v", path, r.Code, r.Header())
		}
	}
	index := f.send("GET", "/", "").Body.String()
	asset := index[strings.Index(index, `"`)+1:]
	asset = asset[:strings.Index(asset, `"`)]
	r := f.send("GET", asset, "", "Accept-Encoding", "br, gzip;q=0.8")
	if r.Code != 200 || !strings.Contains(r.Header().Get("Cache-Control"), "immutable") || r.Header().Get("Content-Type") != "text/css; charset=utf-8" || r.Header().Get("Content-Encoding") != "gzip" {
		t.Errorf("%s: %d %v", asset, r.Code, r.Header())
	}
	if r := f.send("GET", "/assets/older/app.css", ""); r.Code != 200 || r.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("an older page's asset: %d %v", r.Code, r.Header())
	}
}

func TestTheDocumentIsOpenAPI31(t *testing.T) {
	f := newServer(t, nil)
	o := f.send("GET", "/api/openapi.json", "").object(t)
	if o["openapi"] != "3.1.0" {
		t.Errorf("version %v", o["openapi"])
	}
	paths, _ := o["paths"].(map[string]any)
	if paths["/api/mine/"] == nil {
		t.Errorf("paths: %v", paths)
	}
	if r := f.send("GET", "/api/docs", ""); r.Code != 200 || !strings.Contains(r.Body.String(), "swagger-ui") {
		t.Errorf("docs: %d", r.Code)
	}
	for _, file := range []string{"swagger-ui-bundle.js", "swagger-ui.css", "start.js"} {
		if r := f.send("GET", "/api/docs/"+file, ""); r.Code != http.StatusOK || r.Body.Len() == 0 {
			t.Errorf("%s: %d", file, r.Code)
		}
	}
}

func TestAccessLinesHoldNoQueryAndNoSecrets(t *testing.T) {
	f := newServer(t, nil)
	f.send("GET", "/api/rows?key=hunter2", "", "Authorization", "Bearer good", "Cookie", "rally-refresh=hunter2")
	lines := f.logs.FilterMessage("request").All()
	if len(lines) != 1 {
		t.Fatalf("%d lines", len(lines))
	}
	fields := lines[0].ContextMap()
	for field, want := range map[string]any{"http.request.method": "GET", "url.path": "/api/rows/", "http.response.status_code": int64(200), "user.id": "7", "event.outcome": "success"} {
		if fields[field] != want {
			t.Errorf("%s = %v, want %v", field, fields[field], want)
		}
	}
	if strings.Contains(fmt.Sprint(fields), "hunter2") {
		t.Errorf("a secret is logged: %v", fields)
	}
}

func TestAClientThatHangsUpIsNoFailureOfOurs(t *testing.T) {
	f := newServer(t, func(d *web.Deps) {
		d.Routes = append(d.Routes, web.Routes{Name: "waits", Register: func(api huma.API) {
			huma.Register(api, web.Op("GET", "/api/waits/", "waits", "Test", "Wait"), func(ctx context.Context, _ *struct{}) (*struct{}, error) {
				<-ctx.Done()
				return nil, fmt.Errorf("read the rows: %w", ctx.Err())
			})
		}})
	})
	ask := func(ctx context.Context) int {
		w := httptest.NewRecorder()
		f.ServeHTTP(w, httptest.NewRequestWithContext(ctx, "GET", "/api/waits", nil))
		return w.Code
	}
	gone, hangUp := context.WithCancel(t.Context())
	hangUp()
	if code := ask(gone); code != 499 {
		t.Errorf("gone: %d", code)
	}
	if bad := f.logs.Filter(func(e observer.LoggedEntry) bool { return e.Level > zapcore.InfoLevel }); bad.Len() != 0 {
		t.Errorf("gone: %v", bad.All())
	}
	if n := f.logged("read the rows"); n != 1 {
		t.Errorf("gone: the cause was logged %d times, want once", n)
	}
	f.logs.TakeAll()
	late, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0)) // a deadline is ours
	defer cancel()
	if code := ask(late); code != 500 || f.logs.FilterLevelExact(zapcore.ErrorLevel).Len() != 2 {
		t.Errorf("late: %d, %v", code, f.logs.All())
	}
	metrics := f.send("GET", "/metrics", "").Body.String()
	for _, status := range []string{"499", "500"} {
		if !strings.Contains(metrics, `rally_http_requests_total{method="GET",route="/api/waits/",status="`+status+`"} 1`) {
			t.Errorf("not counted as %s: %s", status, metrics)
		}
	}
}

func TestAWebsocketIsLoggedAsOne(t *testing.T) {
	f := newServer(t, func(d *web.Deps) {
		d.Handlers = []web.Handler{
			{Method: "GET", Path: "/ws", Func: func(w http.ResponseWriter, r *http.Request) {
				conn, err := new(websocket.Upgrader).Upgrade(w, r, nil)
				if err != nil {
					t.Error(err)
					return
				}
				_ = conn.Close()
			}},
			{Method: "GET", Path: "/plain", Func: func(http.ResponseWriter, *http.Request) {}},
			{Method: "GET", Path: "/refused", Func: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }},
		}
	})
	site := httptest.NewServer(f)
	defer site.Close()
	for path, want := range map[string]int64{"/ws": 101, "/plain": 200, "/refused": 403} {
		conn, _, err := websocket.DefaultDialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(site.URL, "http")+path, nil)
		if (err == nil) != (want == 101) {
			t.Errorf("%s: %v", path, err)
		}
		if err == nil {
			_ = conn.Close()
		}
		line := zap.String("url.path", path)
		testkit.Until(t, "the line of "+path, func() bool { return f.logs.FilterField(line).Len() == 1 })
		if got := f.logs.FilterField(line).All()[0].ContextMap()["http.response.status_code"]; got != want {
			t.Errorf("%s is logged as %v, want %d", path, got, want)
		}
	}
}

func TestTwoSetsOfRoutesWithOneNameAreRefused(t *testing.T) {
	if _, err := web.New(web.Deps{Config: web.Config{Addr: ":0"}, Log: zapNop(), Metrics: newRegistry(), Routes: []web.Routes{{Name: "a", Register: nothing}, {Name: "a", Register: nothing}}}); err == nil {
		t.Fatal("accepted")
	}
}
