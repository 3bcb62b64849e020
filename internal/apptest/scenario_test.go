package apptest_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/platform/db"
)

// What several scenarios share: a shelf of articles, forms, and waiting.

var names atomic.Int64

// shelf is a brand whose articles the staff makes for a test.
type shelf struct {
	t     *testing.T
	staff *apptest.Client
	brand int64
}

type idOf struct {
	ID int64 `json:"id"`
}

func newShelf(t *testing.T, staff *apptest.Client) shelf {
	t.Helper()
	brand := apptest.Into[idOf](t, staff.Post("/api/shop/brands/", M{"name": fmt.Sprintf("Shelf %d", names.Add(1))}).Want(t, 201))
	return shelf{t, staff, brand.ID}
}

// info adds an article; fields replace the usual ones.
func (s shelf) info(fields M) int64 {
	s.t.Helper()
	body := M{"brand": s.brand, "eng_name": "Court 84", "kor_name": "코트 84", "category": "shoes", "tick": 1000}
	maps.Copy(body, fields)
	return apptest.Into[idOf](s.t, s.staff.Post("/api/shop/productinfos/", body).Want(s.t, 201)).ID
}

// size adds a size to an article and returns the product.
func (s shelf) size(info int64, size string) int64 {
	s.t.Helper()
	return apptest.Into[idOf](s.t, s.staff.Post(infoPath(info, "products/"), M{"size": size}).Want(s.t, 201)).ID
}

// good adds a store good of one size besides ALL.
func (s shelf) good(price, stock int64) (info, product int64) {
	s.t.Helper()
	info = s.info(M{"delivery_tag": "brand"})
	r := s.staff.Post(infoPath(info, "products/"), M{"size": "M", "purchase_price": price, "stock": stock}).Want(s.t, 201)
	return info, apptest.Into[idOf](s.t, r).ID
}

// all returns the product of size ALL.
func (s shelf) all(info int64) int64 {
	s.t.Helper()
	return apptest.Into[idOf](s.t, s.staff.Get(infoPath(info, "products/ALL/")).Want(s.t, 200)).ID
}

// traded adds a traded article of one size and returns that.
func (s shelf) traded() int64 {
	s.t.Helper()
	return s.size(s.info(nil), "260")
}

func infoPath(id int64, rest string) string {
	return fmt.Sprintf("/api/shop/productinfos/%d/%s", id, rest)
}

func bidPath(side string, id int64) string { return fmt.Sprintf("/api/shop/%sbids/%d/", side, id) }

// ask and offer place a sales and a purchase bid and return its id.
func ask(t *testing.T, c *apptest.Client, p, price int64) int64 {
	t.Helper()
	return apptest.Into[bid](t, c.Post(product(p, "bids/?type=sales"), M{"price": price}).Want(t, 201)).ID
}

func offer(t *testing.T, c *apptest.Client, p, price int64) int64 {
	t.Helper()
	return apptest.Into[bid](t, c.Post(product(p, "bids/?type=purchase"), M{"price": price}).Want(t, 201)).ID
}

func buy(c *apptest.Client, p int64, body any) apptest.Reply {
	return c.Post(product(p, "transorders/?type=purchase"), body)
}

func sell(c *apptest.Client, p int64, body any) apptest.Reply {
	return c.Post(product(p, "transorders/?type=sales"), body)
}

// pageOf is a numbered list.
type pageOf[T any] struct {
	Count    int     `json:"count"`
	Next     *string `json:"next"`
	Previous *string `json:"previous"`
	Results  []T     `json:"results"`
}

// form sends fields as a browser's form does.
func form(c *apptest.Client, method, path string, fields url.Values) apptest.Reply {
	return c.With("Content-Type", "application/x-www-form-urlencoded").Do(method, path, bytes.NewReader([]byte(fields.Encode())))
}

// bearer returns a browser without cookies that sends an access token.
func bearer(s *apptest.Server, token string) *apptest.Client {
	return s.Anonymous().With("Authorization", "Bearer "+token)
}

// refresh renews the tokens of people after the clock was moved.
func refresh(t *testing.T, people ...*apptest.Client) {
	t.Helper()
	for _, p := range people {
		p.Post("/api/accounts/token/refresh/", M{}).Want(t, http.StatusOK)
	}
}

// eventually waits until the condition holds.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	deadline := time.NewTimer(time.Minute)
	defer deadline.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !condition() {
		select {
		case <-deadline.C:
			t.Fatalf("never came true: %s", what)
		case <-tick.C:
		}
	}
}

// together runs the functions at the same moment and waits for all.
func together(fns ...func()) {
	start := make(chan struct{})
	var wg sync.WaitGroup
	for _, fn := range fns {
		wg.Go(func() {
			<-start
			fn()
		})
	}
	close(start)
	wg.Wait()
}

// count reads one number from the database.
func count(t *testing.T, s *apptest.Server, query string, args ...any) int {
	t.Helper()
	n, err := db.Get[int](t.Context(), s.DB, query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// execute changes the database where nothing does so over HTTP, and returns how
// many rows it changed.
func execute(t *testing.T, s *apptest.Server, query string, args ...any) int64 {
	t.Helper()
	n, err := db.Exec(t.Context(), s.DB, query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// wantField fails the test unless the answer is request.invalid and names the
// field.
func wantField(t *testing.T, r apptest.Reply, field string) {
	t.Helper()
	r.WantCode(t, 400, "request.invalid")
	if errors := apptest.Into[struct{ Errors map[string][]string }](t, r).Errors; len(errors[field]) == 0 {
		t.Errorf("the field %q is not named: %s", field, r.Body)
	}
}

// wantOneOf notes a failure unless the status is one of the wanted. Unlike
// Want it may be called beside the test's own goroutine.
func wantOneOf(t *testing.T, r apptest.Reply, statuses ...int) bool {
	t.Helper()
	if !slices.Contains(statuses, r.Status) {
		t.Errorf("status %d, want one of %v: %s", r.Status, statuses, r.Body)
		return false
	}
	return true
}
