package apptest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rally/internal/apptest"
	"rally/modules/shop"
	"rally/platform/auth"
	"rally/platform/db"
	"rally/platform/page"
)

// document is what these tests read of the OpenAPI document.
type document struct {
	Paths      map[string]map[string]operation
	Components struct {
		Schemas map[string]schema
	}
}

type operation struct {
	ID          string `json:"operationId"`
	Security    []map[string][]string
	Parameters  []parameter
	Responses   map[string]any
	RequestBody *struct {
		Content map[string]struct{ Schema schema }
	}
}

type parameter struct{ Name, In string }

type schema struct {
	Ref        string `json:"$ref"`
	Properties map[string]schema
}

// call is an operation of the document, ready to be sent.
type call struct {
	operation

	method, path string
}

// operations reads every operation from the document itself.
func operations(t testing.TB, s *apptest.Server) (list []call, d document) {
	t.Helper()
	d = apptest.Into[document](t, s.Anonymous().Get("/api/openapi.json").Want(t, 200))
	for path, methods := range d.Paths {
		for method, op := range methods {
			list = append(list, call{op, strings.ToUpper(method), path})
		}
	}
	slices.SortFunc(list, func(a, b call) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	if len(list) < 50 {
		t.Fatalf("the document has %d operations only", len(list))
	}
	return list, d
}

// secured reports whether the operation needs a login.
func (c call) secured() bool { return len(c.Security) > 0 }

// ofStaff reports whether it needs a member of the staff.
func (c call) ofStaff() bool {
	return slices.ContainsFunc(c.Security, func(r map[string][]string) bool { return slices.Contains(r["bearer"], "staff") })
}

// writes reports whether its method changes something.
func (c call) writes() bool { return c.method != http.MethodGet }

// filled returns the path with names of what isn't there.
func (c call) filled() string {
	return strings.NewReplacer("{id}", "999999", "{user_id}", "999999", "{size}", "260", "{key}", "garbage", "{provider}", "google",
		"{profile_name}", "nobody.here", "{tag}", "nothing", "{object_type}", "profiles", "{object_id}", "999999").Replace(c.path)
}

// body returns the properties of the JSON body that the operation takes.
func (c call) body(d document) map[string]schema {
	if c.RequestBody == nil {
		return nil
	}
	s := c.RequestBody.Content["application/json"].Schema
	if s.Ref != "" {
		s = d.Components.Schemas[strings.TrimPrefix(s.Ref, "#/components/schemas/")]
	}
	return s.Properties
}

// wantProblem notes a failure unless an error answer is a whole problem.
func wantProblem(t *testing.T, what string, r apptest.Reply) {
	t.Helper()
	if r.Status < 400 {
		return
	}
	var p struct {
		Type, Title, Detail, Code string
		Status                    int
		RequestID                 string `json:"request_id"`
	}
	if err := json.Unmarshal(r.Body, &p); err != nil || p.Code == "" || p.Detail == "" || p.Title == "" || p.Type == "" || p.Status != r.Status {
		t.Errorf("%s: no problem: %s", what, r.Body)
	}
	if len(p.RequestID) != 32 || p.RequestID != r.Header.Get("X-Request-Id") {
		t.Errorf("%s: request id %q, header %q", what, p.RequestID, r.Header.Get("X-Request-Id"))
	}
}

func TestEveryOperationOfTheDocument(t *testing.T) {
	s := apptest.Start(t, db.SQLite, nil)
	list, _ := operations(t, s)
	person, secured, staff := s.Person(), 0, 0
	for _, c := range list {
		if !strings.HasSuffix(c.path, "/") {
			t.Errorf("%s %s: no slash at the end", c.method, c.path)
		}
		slashed := c.filled()
		var answers []apptest.Reply
		for _, path := range []string{slashed, strings.TrimSuffix(slashed, "/")} {
			what := c.method + " " + path
			r := s.Anonymous().Do(c.method, path, nil)
			answers = append(answers, r)
			wantProblem(t, what, r)
			if r.Status == 301 || r.Status == 307 || r.Status == 308 || r.Status == 405 || r.Code() == "route.not_found" || r.Status >= 500 {
				t.Errorf("%s: status %d", what, r.Status)
			}
			if c.secured() && (r.Status != 401 || r.Code() != "auth.required") {
				t.Errorf("%s: %d %q for somebody who is not logged in", what, r.Status, r.Code())
			}
			if _, declared := c.Responses[fmt.Sprint(r.Status)]; !declared {
				t.Errorf("%s: answers %d, which the document doesn't know", what, r.Status)
			}
		}
		if answers[0].Status != answers[1].Status || withoutIDs(answers[0]) != withoutIDs(answers[1]) {
			t.Errorf("%s %s: %d with the slash, %d without", c.method, c.path, answers[0].Status, answers[1].Status)
		}
		if c.secured() {
			secured++
			r := bearer(s, "garbage").Do(c.method, slashed, nil)
			if r.Code() != "auth.token_invalid" {
				t.Errorf("%s %s: %q with a wrong token", c.method, c.path, r.Code())
			}
		}
		if c.ofStaff() {
			staff++
			if r := person.Do(c.method, slashed, nil); r.Status != 403 || r.Code() != "auth.forbidden" {
				t.Errorf("%s %s: %d %q for somebody who is no staff", c.method, c.path, r.Status, r.Code())
			}
		}
	}
	if secured < 30 || staff < 13 {
		t.Errorf("%d operations need a login, %d the staff: the walk saw little", secured, staff)
	}
	for path, code := range map[string]string{"/api/nothing": "route.not_found", "/api/shop/brands/1/more/": "route.not_found", "/assets/x/y.js": "route.not_found"} {
		wantProblem(t, path, s.Anonymous().Get(path).WantCode(t, 404, code))
	}
	wantProblem(t, "PATCH of a list", s.Anonymous().Patch("/api/shop/brands/", M{}).WantCode(t, 405, "route.method_not_allowed"))
}

// The deadline for reading a body stays on the connection. When it passes
// while a request waits its turn, net/http cancels everything that comes over
// this connection from then on; huma's own default is five seconds.
func TestARequestMayWaitItsTurn(t *testing.T) {
	s := apptest.Start(t, db.SQLite, nil)
	for path, item := range s.Web.API().OpenAPI().Paths {
		for method, op := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "PATCH": item.Patch, "DELETE": item.Delete} {
			if op == nil {
				continue
			}
			if op.Responses["422"] != nil {
				t.Errorf("%s %s: the document speaks of 422; bad input is 400", method, path)
			}
			if op.BodyReadTimeout >= 0 && op.BodyReadTimeout < 30*time.Second {
				t.Errorf("%s %s: cancelled after %s", method, path, op.BodyReadTimeout)
			}
		}
	}
}

// A long page takes as many statements as a short one.
func TestListsTakeAFixedNumberOfStatements(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		staff, me, other := s.Staff(), s.Person(), s.Person()
		sh := newShelf(t, staff)
		var last int64
		for i := range 6 {
			newShelf(t, staff)
			last = sh.info(nil)
			for n := range i + 1 {
				p := sh.size(last, fmt.Sprint(250+5*n))
				ask(t, other, p, 100000)
				buy(me, p, nil).Want(t, 201)
				ask(t, me, p, 100000)
				me.Post(product(p, "wishes/"), nil).Want(t, 201)
			}
		}
		ctx := auth.With(t.Context(), auth.Identity{UserID: me.UserID, SessionID: 1})
		for name, list := range map[string]func(ctx context.Context, p page.Request) (int, error){
			"brands": func(ctx context.Context, p page.Request) (int, error) {
				l, err := s.Shop.Brands(ctx, "", p)
				return len(l.Rows), err
			},
			"articles": func(ctx context.Context, p page.Request) (int, error) {
				l, err := s.Shop.Infos(ctx, shop.Filter{Search: "court"}, p, true)
				return len(l.Rows), err
			},
			"bids": func(ctx context.Context, p page.Request) (int, error) {
				l, err := s.Shop.MyBids(ctx, shop.Sales, p)
				return len(l.Rows), err
			},
			"orders": func(ctx context.Context, p page.Request) (int, error) {
				l, err := s.Shop.MyOrders(ctx, shop.OrderFilter{}, p)
				return len(l.Rows), err
			},
			"wishes": func(ctx context.Context, p page.Request) (int, error) {
				l, err := s.Shop.MyWishes(ctx, p)
				return len(l.Rows), err
			},
			"sizes": func(ctx context.Context, p page.Request) (int, error) {
				l, err := s.Shop.Products(ctx, last-int64(5)*int64(1-min(p.Size-1, 1)))
				return len(l), err
			},
		} {
			var rows, statements []int64
			for _, size := range []int{1, 5} { // neither is the whole list
				ask := page.Request{Number: 1, Size: size}
				if _, err := list(ctx, ask); err != nil { // so that what is kept for a while is there
					t.Fatal(err)
				}
				counted, n := db.WithCounter(ctx)
				got, err := list(counted, ask)
				if err != nil {
					t.Fatal(err)
				}
				rows, statements = append(rows, int64(got)), append(statements, n.Load())
			}
			if rows[0] >= rows[1] || statements[0] != statements[1] || statements[0] > 6 {
				t.Errorf("%s: %d rows take %d statements, %d rows take %d", name, rows[0], statements[0], rows[1], statements[1])
			}
		}
	})
}

// Whatever is sent to any operation, nothing breaks: PostgreSQL refuses texts
// with NUL or broken UTF-8, and numbers end somewhere.
func TestJunkIsRefusedOrTaken(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		staff := s.Staff()
		sh := newShelf(t, staff)
		info, good := sh.good(50000, 1000)
		traded := sh.info(nil)
		p := sh.size(traded, "260")
		sales := ask(t, staff, p, 900000)
		purchase := offer(t, staff, p, 1000)
		buyer := s.Person()
		buyer.Post(product(good, "storeorders/"), M{}).Want(t, 201)
		shown := post(t, staff, "#words").ID
		said := say(t, buyer, shown, "words").ID
		answered := answerTo(t, buyer, said, "words").ID
		buyer.Post(postPath(shown, "report/"), M{"reason": "spam"}).Want(t, 201)
		list, d := operations(t, s)
		standing := func(path string) string {
			id := map[bool]int64{true: p, false: info}[strings.Contains(path, "products/{id}")]
			switch {
			case strings.Contains(path, "brands/"):
				id = sh.brand
			case strings.Contains(path, "salesbids"):
				id = sales
			case strings.Contains(path, "purchasebids"):
				id = purchase
			case strings.Contains(path, "storeorders"):
				id = good
			case strings.Contains(path, "styles/posts"):
				id = shown
			case strings.Contains(path, "styles/comments"):
				id = said
			case strings.Contains(path, "styles/replies"):
				id = answered
			case strings.Contains(path, "styles/profiles"):
				id = map[bool]int64{true: buyer.UserID, false: staff.UserID}[strings.HasSuffix(path, "follow/") || strings.HasSuffix(path, "report/")]
			case strings.Contains(path, "styles/reports"):
				id = int64(count(t, s, "SELECT max(id) FROM report_cases"))
			}
			return strings.NewReplacer("{id}", fmt.Sprint(id), "{user_id}", fmt.Sprint(id), "{size}", "M", "{key}", "garbage", "{provider}", "google",
				"{profile_name}", "nobody.here", "{tag}", "words", "{object_type}", "profiles", "{object_id}", "1").Replace(path)
		}
		texts := []string{"%00", "a%00b", "%FF%FE", "%ED%A0%80", "9223372036854775807", "-9223372036854775808", "99999999999999999999999", "1e999", "%F0%9F%91%9F", "'%22%3B--", "..%2F..", strings.Repeat("a", 5000), "%25s%25n", ""}
		values := []string{`"\u0000"`, `"a\u0000b"`, "\"\xff\xfe\"", `"\ud800"`, `9223372036854775807`, `-9223372036854775808`, `1e300`, `99999999999999999999999`, `0`, `null`, `[]`, `{}`, `[[[[{}]]]]`, `true`, `""`, `"` + strings.Repeat("솔", 3000) + `"`, `"` + strings.Repeat("a", 70000) + `"`, `"2026-02-31"`}
		anything := regexp.MustCompile(`\{[a-z_]+\}`)
		for _, c := range list {
			if strings.HasSuffix(c.path, "/logout/") || c.method == http.MethodDelete && !strings.Contains(c.path, "bids") {
				continue
			}
			broken := map[string]int{}
			send := func(path string, client *apptest.Client, body string) {
				t.Helper()
				r := client.Do(c.method, path, strings.NewReader(body))
				if r.Status >= 500 || r.Status == 0 {
					if broken[r.Code()]++; broken[r.Code()] == 1 {
						t.Errorf("%s %.200s, body %.200q: %d %s", c.method, path, body, r.Status, r.Body)
					}
					return
				}
				wantProblem(t, c.method+" "+path, r)
			}
			jsonBody, formBody := staff.With("Content-Type", "application/json"), staff.With("Content-Type", "application/x-www-form-urlencoded")
			for _, text := range texts {
				if text != "" && strings.Contains(c.path, "{") {
					send(anything.ReplaceAllString(c.path, text), jsonBody, "{}")
				}
				for _, p := range c.Parameters {
					if p.In == "query" {
						send(standing(c.path)+"?type=sales&"+p.Name+"="+text, jsonBody, "{}")
					}
				}
			}
			for name := range c.body(d) {
				for _, value := range values {
					send(standing(c.path)+"?type=sales", jsonBody, fmt.Sprintf(`{"eng_name":"x","category":"shoes","price":2000,"confirm":true,"unknown":%s,%q:%s}`, value, name, value))
				}
				for _, text := range texts[:6] {
					send(standing(c.path)+"?type=sales", formBody, name+"="+text)
				}
			}
			if c.RequestBody == nil {
				continue
			}
			for _, body := range []string{"", "null", "[]", "{", "\x00", "\xff", `"x"`, "{}{}", strings.Repeat("[", 9000)} {
				send(standing(c.path), jsonBody, body)
			}
			for _, kind := range []string{"text/plain", "application/xml", "multipart/form-data", "multipart/form-data; boundary=x", "junk", "application/json; charset=\xff"} {
				send(standing(c.path), staff.With("Content-Type", kind), "x")
			}
			if !slices.ContainsFunc(c.Parameters, func(p parameter) bool { return p.Name == "Idempotency-Key" }) {
				continue
			}
			for _, key := range []string{"\xff\xfe", "키", strings.Repeat("k", 255), strings.Repeat("k", 256)} {
				send(standing(c.path)+"?type=sales", jsonBody.With("Idempotency-Key", key), `{"price":2000,"confirm":true}`)
			}
		}
		for name, value := range map[string]string{"User-Agent": "\xff\xfe", "Cookie": "rally-access=\xff; rally-refresh=\xfe", "Authorization": "Bearer \xff", "Traceparent": "\xff", "Accept": "junk/\xff", "Accept-Language": "\xff"} {
			r := s.Anonymous().With(name, value).Post("/api/accounts/login/", M{"email": "a@b.kr", "password": "x"})
			if r.Status != 400 && r.Status != 406 {
				t.Errorf("%s: %d %s", name, r.Status, r.Body)
			}
		}
		apptest.WantConsistent(t, s.DB, s.Clock.Now())
	})
}
