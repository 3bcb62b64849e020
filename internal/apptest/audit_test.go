package apptest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"strings"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/platform/db"
)

const auditPath = "/api/admin/audit/"

type auditEntry struct {
	ID    int64
	At    time.Time
	Actor struct {
		UserID int64  `json:"user_id"`
		Name   string `json:"profile_name"`
	}
	Action, Target, Reason string
	Before, After          map[string]any
}

func auditOf(t *testing.T, c *apptest.Client, query string) []auditEntry {
	t.Helper()
	return apptest.Into[struct{ Results []auditEntry }](t, c.Get(auditPath+"?"+query).Want(t, 200)).Results
}

// duty is how a write of the staff is done once, and once so that it fails.
type duty struct {
	action string // of the audit log
	path   func(*works) string
	body   any // or a func(*works) M
	wrong  any // nil: the same again fails, or the path of what isn't there
	halves string
}

// works makes what the staff works on.
type works struct {
	bazaar

	good int64 // an article of the store
}

func (w *works) article() int64 { return w.sh.info(nil) }

func (w *works) shopOrder(at string) func(*works) int64 {
	return func(w *works) int64 {
		w.p = w.sh.traded()
		return w.at(at, 100000)
	}
}

func orderStep(at, action string) func(*works) string {
	return func(w *works) string { return orderPath(w.shopOrder(at)(w), action+"/") }
}

// duties are all writes of the staff. Halves names what the log keeps: before,
// after or both.
func duties() map[string]duty {
	brand := func(w *works) string { return fmt.Sprintf("/api/shop/brands/%d/", newShelf(w.t, w.staff).brand) }
	article := func(rest string) func(*works) string {
		return func(w *works) string {
			id := w.article()
			w.sh.size(id, "250")
			return infoPath(id, rest)
		}
	}
	fields := M{"eng_name": "Ridge Lantern", "kor_name": "릿지 랜턴", "category": "life", "tick": 1000}
	reason, tooLong := M{"reason": "Because."}, M{"reason": strings.Repeat("x", 501)}
	onCase := func(step, before string) func(*works) string {
		return func(w *works) string {
			id := reportOf(w.t, w.staff, w.buyer, postPath(post(w.t, w.seller, "words").ID, ""))
			if before != "" {
				w.staff.Post(casePath(id, before), nil).Want(w.t, 200)
			}
			return casePath(id, step)
		}
	}
	return map[string]duty{
		"POST /api/shop/brands/":                              {"shop.brand.create", func(*works) string { return "/api/shop/brands/" }, M{"name": "Solbit Works"}, nil, "after"},
		"PUT /api/shop/brands/{id}/":                          {"shop.brand.change", brand, M{"name": "Put Works"}, M{"name": ""}, "both"},
		"PATCH /api/shop/brands/{id}/":                        {"shop.brand.change", brand, M{"name": "Patch Works"}, M{"name": ""}, "both"},
		"DELETE /api/shop/brands/{id}/":                       {"shop.brand.delete", brand, nil, nil, "before"},
		"POST /api/shop/productinfos/":                        {"shop.article.create", func(*works) string { return "/api/shop/productinfos/" }, fields, M{"eng_name": "No brand"}, "after"},
		"PUT /api/shop/productinfos/{id}/":                    {"shop.article.change", article(""), fields, M{"eng_name": ""}, "both"},
		"PATCH /api/shop/productinfos/{id}/":                  {"shop.article.change", article(""), M{"eng_name": "Other"}, M{"tick": -1}, "both"},
		"DELETE /api/shop/productinfos/{id}/":                 {"shop.article.delete", article(""), nil, nil, "before"},
		"POST /api/shop/productinfos/{id}/products/":          {"shop.size.create", article("products/"), M{"size": "280"}, nil, "after"},
		"PUT /api/shop/productinfos/{id}/products/{size}/":    {"shop.size.change", storeSize, M{"purchase_price": 60000, "stock": 2}, M{"purchase_price": -1, "stock": 1}, "both"},
		"PATCH /api/shop/productinfos/{id}/products/{size}/":  {"shop.size.change", storeSize, M{"stock": 9}, M{"stock": -1}, "both"},
		"DELETE /api/shop/productinfos/{id}/products/{size}/": {"shop.size.delete", article("products/250/"), nil, nil, "before"},
		"POST /api/shop/productinfos/{id}/images/":            {"shop.picture.create", article("images/"), nil, []byte("no picture"), "after"},
		"DELETE /api/shop/productimages/{id}/":                {"shop.picture.delete", hung, nil, nil, "before"},
		"POST /api/shop/orders/{id}/receive/":                 {"shop.order.receive", orderStep("shipping", "receive"), M{}, nil, "both"},
		"POST /api/shop/orders/{id}/pass/":                    {"shop.order.pass", orderStep("inspecting", "pass"), M{}, nil, "both"},
		"POST /api/shop/orders/{id}/fail/":                    {"shop.order.fail", orderStep("inspecting", "fail"), reason, nil, "both"},
		"POST /api/shop/orders/{id}/dispatch/":                {"shop.order.dispatch", orderStep("passed", "dispatch"), sentWith("TRACK-OUT"), nil, "both"},
		"POST /api/shop/orders/{id}/cancel/":                  {"shop.order.cancel", orderStep("passed", "cancel"), reason, nil, "both"},
		"POST /api/shop/orders/{id}/undo/":                    {"shop.order.undo", orderStep("passed", "undo"), reason, nil, "both"},
		"DELETE /api/admin/shop/bids/{id}/": {"shop.bid.cancel", func(w *works) string {
			return fmt.Sprintf("/api/admin/shop/bids/%d/", ask(w.t, w.seller, w.sh.traded(), 100000))
		}, reason, nil, "before"},
		"POST /api/admin/shop/fees/":        {"shop.fees.create", func(*works) string { return feesPath }, feesIn(5), feesFrom(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), 1, 1), "after"},
		"DELETE /api/admin/shop/fees/{id}/": {"shop.fees.delete", planned, nil, nil, "before"},

		"PUT /api/pong/tournaments/{id}/prize/":    {"pong.tournament.prize", prized(false), kept, M{"product_id": 999999}, "both"},
		"DELETE /api/pong/tournaments/{id}/prize/": {"pong.tournament.prize", prized(true), nil, nil, "both"},

		"POST /api/styles/reports/{id}/hide/":    {"style.report.hidden", onCase("hide/", ""), reason, tooLong, "both"},
		"POST /api/styles/reports/{id}/dismiss/": {"style.report.dismissed", onCase("dismiss/", ""), reason, tooLong, "both"},
		"POST /api/styles/reports/{id}/restore/": {"style.report.open", onCase("restore/", "hide/"), reason, tooLong, "both"},
	}
}

const feesYear = 2199

func feesIn(hours int) M {
	return feesFrom(time.Date(feesYear, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(hours)*time.Hour), 100, 100)
}

func planned(w *works) string {
	f := apptest.Into[idOf](w.t, w.staff.Post(feesPath, feesIn(100)).Want(w.t, 201))
	return fmt.Sprintf("%s%d/", feesPath, f.ID)
}

func storeSize(w *works) string {
	info, _ := w.sh.good(50000, 1)
	return infoPath(info, "products/M/")
}

// prized opens a tournament that has a prize, or for which an article waits.
func prized(already bool) func(*works) string {
	return func(w *works) string {
		_, w.good = w.sh.good(50000, 1)
		id := openCup(w.t, w.buyer)
		if already {
			putPrize(w.staff, id, w.good).Want(w.t, 200)
		}
		return cupPath(id, "prize/")
	}
}

func kept(w *works) M { return M{"product_id": w.good} }

func picture() []byte {
	var file bytes.Buffer
	_ = png.Encode(&file, image.NewNRGBA(image.Rect(0, 0, 4, 4)))
	return file.Bytes()
}

func hung(w *works) string {
	r := upload(w.t, w.staff, w.article(), "product_image", picture()).Want(w.t, 201)
	return fmt.Sprintf("/api/shop/productimages/%d/", apptest.Into[idOf](w.t, r).ID)
}

// send does a duty over HTTP; pictures travel as forms.
func (w *works) send(method, path string, body any) apptest.Reply {
	w.t.Helper()
	if !strings.HasSuffix(path, "/images/") {
		return w.staff.Do(method, path, body)
	}
	file, ok := body.([]byte)
	if !ok {
		file = picture()
	}
	var info int64
	if _, err := fmt.Sscanf(path, "/api/shop/productinfos/%d/images/", &info); err != nil {
		w.t.Fatal(err)
	}
	return upload(w.t, w.staff, info, "product_image", file)
}

// Every write of the staff leaves one row, in whatever operation of the
// document; one that fails leaves none.
func TestEveryWriteOfTheStaffIsAudited(t *testing.T) {
	s := apptest.Start(t, db.SQLite, patient("RALLY_PONG_PRIZES", "true"))
	w := &works{bazaar: newBazaar(t, s)}
	list, _ := operations(t, s)
	table := duties()
	rows := func() int { return count(t, s, "SELECT count(*) FROM audit_log") }
	for _, c := range list {
		if !c.ofStaff() || !c.writes() {
			continue
		}
		what := c.method + " " + c.path
		d, known := table[what]
		delete(table, what)
		if !known {
			t.Errorf("%s is a write of the staff: say in duties how it is done, and what the audit log keeps", what)
			continue
		}
		body := d.body
		if fields, ok := body.(M); ok && strings.HasSuffix(c.path, "productinfos/") || c.method == "PUT" && strings.HasSuffix(c.path, "productinfos/{id}/") {
			if !ok {
				t.Fatalf("%s: %v", what, body)
			}
			whole := M{"brand": w.sh.brand}
			for k, v := range fields {
				whole[k] = v
			}
			body = whole
		}
		path := d.path(w)
		if made, ok := d.body.(func(*works) M); ok {
			body = made(w)
		}
		before := rows()
		if d.wrong != nil {
			if r := w.send(c.method, path, d.wrong); r.Status < 400 || r.Status >= 500 {
				t.Errorf("%s with %v: %d %s", what, d.wrong, r.Status, r.Body)
			}
			if n := rows() - before; n != 0 {
				t.Errorf("%s failed and left %d rows", what, n)
			}
		}
		if r := w.send(c.method, path, body); r.Status >= 300 {
			t.Errorf("%s: %d %s", what, r.Status, r.Body)
			continue
		}
		if n := rows() - before; n != 1 {
			t.Errorf("%s left %d rows", what, n)
			continue
		}
		e := auditOf(t, w.staff, "page_size=1")[0]
		if e.Action != d.action || e.Actor.UserID != w.staff.UserID || e.Actor.Name == "" || !strings.Contains(e.Target, ":") || !e.At.Equal(s.Clock.Now()) {
			t.Errorf("%s left %+v", what, e)
		}
		if (e.Before != nil) != (d.halves != "after") || (e.After != nil) != (d.halves != "before") || fmt.Sprint(e.Before) == fmt.Sprint(e.After) {
			t.Errorf("%s keeps %v and %v, want %s", what, e.Before, e.After, d.halves)
		}
		if m, ok := body.(M); ok && m["reason"] != nil && e.Reason != m["reason"] {
			t.Errorf("%s keeps the reason %q", what, e.Reason)
		}
		// Again: where that fails, it leaves nothing.
		before = rows()
		if r := w.send(c.method, path, body); r.Status >= 400 && rows() != before {
			t.Errorf("%s failed the second time and left a row", what)
		} else if d.wrong == nil && r.Status < 400 {
			t.Errorf("%s went through twice: %d", what, r.Status)
		}
	}
	for what := range table {
		t.Errorf("duties lists %s, which isn't there", what)
	}
	if n := rows(); n < 20 {
		t.Errorf("%d rows: the walk saw little", n)
	}
}

// A member's words that the staff deletes are the staff's write, too; their own
// steps in their own orders are not.
func TestTheStaffsOtherWritesAreAudited(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		id := comment(t, b.buyer, b.sh.info(nil), "Rude words.").ID
		before := count(t, s, "SELECT count(*) FROM audit_log")
		b.staff.Delete(commentPath(id, "")).Want(t, 204)
		if n := count(t, s, "SELECT count(*) FROM audit_log") - before; n != 1 {
			t.Errorf("a deleted comment left %d rows", n)
		}
		shown := post(t, b.buyer, "More words.").ID
		said := say(t, b.buyer, shown, "Even more.").ID
		for _, gone := range []struct{ path, action, target string }{
			{saidPath(said, ""), "style.comment.delete", fmt.Sprintf("comment:%d", said)}, {postPath(shown, ""), "style.post.delete", fmt.Sprintf("post:%d", shown)},
		} {
			b.staff.Delete(gone.path).Want(t, 204)
			if e := auditOf(t, b.staff, "page_size=1")[0]; e.Action != gone.action || e.Target != gone.target || e.Before == nil || e.After != nil {
				t.Errorf("%s left %+v", gone.path, e)
			}
		}
		own := comment(t, b.buyer, b.sh.info(nil), "My words.").ID
		before = count(t, s, "SELECT count(*) FROM audit_log")
		b.buyer.Delete(commentPath(own, "")).Want(t, 204)
		if n := count(t, s, "SELECT count(*) FROM audit_log") - before; n != 0 {
			t.Errorf("one's own comment left %d rows", n)
		}
	})
}

// The list is filtered, and paged without losing or doubling a row.
func TestReadingTheAuditLog(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		staff, other := s.Staff(), s.Staff()
		sh := newShelf(t, staff)
		for range 7 {
			sh.info(nil)
		}
		brand := apptest.Into[idOf](t, other.Post("/api/shop/brands/", M{"name": "Other Works"}).Want(t, 201)).ID
		other.Patch(fmt.Sprintf("/api/shop/brands/%d/", brand), M{"name": "Other Workshop"}).Want(t, 200)
		for query, want := range map[string]int{
			"page_size=100": 10, "page_size=100&action=shop.brand": 3, "page_size=100&action=shop.brand.change": 1, "page_size=100&action=shop.%25": 0,
			fmt.Sprintf("actor=%d", other.UserID): 2, fmt.Sprintf("target=brand:%d", brand): 2, fmt.Sprintf("actor=%d&action=shop.brand", staff.UserID): 1, "actor=999999": 0,
			"target=brand:": 0,
		} {
			if n := len(auditOf(t, staff, query)); n != want {
				t.Errorf("%s: %d rows, want %d", query, n, want)
			}
		}
		e := auditOf(t, staff, "action=shop.brand.change")[0]
		if e.Actor.UserID != other.UserID || e.Before["name"] != "Other Works" || e.After["name"] != "Other Workshop" {
			t.Errorf("%+v", e)
		}
		type page struct {
			Next, Previous *string
			Results        []auditEntry
		}
		var seen []int64
		path, pages := auditPath+"?page_size=3", 0
		for path != "" {
			p := apptest.Into[page](t, staff.Get(path).Want(t, 200))
			for _, e := range p.Results {
				if len(seen) > 0 && e.ID >= seen[len(seen)-1] {
					t.Errorf("%d comes after %v", e.ID, seen)
				}
				seen = append(seen, e.ID)
			}
			if pages++; (p.Previous != nil) != (pages > 1) {
				t.Errorf("page %d: previous is %v", pages, p.Previous)
			}
			path = ""
			if p.Next != nil {
				path = strings.TrimPrefix(*p.Next, s.URL)
			}
		}
		if len(seen) != 10 || pages != 4 {
			t.Errorf("%d rows on %d pages", len(seen), pages)
		}
		wantField(t, staff.Get(auditPath+"?action="+strings.Repeat("a", 101)), "action")
		wantField(t, staff.Get(auditPath+"?target="+strings.Repeat("a", 101)), "target")
		s.Person().Get(auditPath).WantCode(t, 403, "auth.forbidden")

		var raw struct {
			Results []struct{ Before, After json.RawMessage }
		}
		if err := json.Unmarshal(staff.Get(auditPath+"?action=shop.brand.create&page_size=1").Want(t, 200).Body, &raw); err != nil || string(raw.Results[0].Before) != "null" || raw.Results[0].After[0] != '{' {
			t.Errorf("%s, %v", raw, err)
		}
	})
}
