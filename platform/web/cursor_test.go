package web_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"rally/platform/page"
	"rally/platform/web"
)

type likesInput struct {
	Kind string `query:"kind"`
	web.CursorInput
}

// likes lists the numbers 90 … 1, largest first.
func likes() web.Routes {
	return web.Routes{Name: "likes", Register: func(api huma.API) {
		huma.Register(api, web.Op(http.MethodGet, "/api/likes/", "likes", "Test", "Likes"), func(ctx context.Context, in *likesInput) (*struct{ Body web.CursorBody[int64] }, error) {
			r, err := in.Request(page.CursorList{Name: "test.likes", Filters: []string{in.Kind}})
			if err != nil {
				return nil, err
			}
			var found []int64
			for n := int64(90); n >= 1 && !r.Backward; n-- {
				if r.Key == nil || n < r.Key[0] {
					found = append(found, n)
				}
			}
			for n := int64(1); n <= 90 && r.Backward; n++ {
				if r.Key == nil || n > r.Key[0] {
					found = append(found, n)
				}
			}
			slice := page.Keyset(r, found[:min(len(found), r.Limit())], func(n int64) []int64 { return []int64{n} })
			return &struct{ Body web.CursorBody[int64] }{web.NewCursorBody(ctx, &in.CursorInput, slice, func(n int64) int64 { return n })}, nil
		})
	}}
}

func TestCursorLists(t *testing.T) {
	f := newServer(t, func(d *web.Deps) { d.Routes = append(d.Routes, likes()) })
	const start = "/api/likes?kind=%EC%8B%A0&kind=b&page_size=40"
	get := func(target string) map[string]any {
		t.Helper()
		r := f.send("GET", target, "", "Host", "localhost:80")
		if r.Code != 200 {
			t.Fatalf("%s: %d %s", target, r.Code, r.Body)
		}
		return r.object(t)
	}
	// follow goes where a link leads, which keeps the other parameters.
	follow := func(link any) (map[string]any, url.Values) {
		t.Helper()
		text, _ := link.(string)
		u, err := url.Parse(text)
		if err != nil || u.Scheme != "http" || u.Host != "localhost:80" || u.Path != "/api/likes/" {
			t.Fatalf("link %v", link)
		}
		q := u.Query()
		if q["kind"][0] != "신" || q["kind"][1] != "b" || q.Get("page_size") != "40" || len(q["cursor"]) != 1 {
			t.Fatalf("link %v", link)
		}
		return get(u.RequestURI()), q
	}
	numbers := func(o map[string]any) (first any, count int) {
		results, _ := o["results"].([]any)
		if len(results) == 0 {
			t.Fatalf("%v", o)
		}
		return results[0], len(results)
	}

	one := get(start)
	if first, n := numbers(one); first != 90.0 || n != 40 || one["previous"] != nil {
		t.Fatalf("%v", one)
	}
	two, q := follow(one["next"])
	three, _ := follow(two["next"])
	if first, n := numbers(three); first != 10.0 || n != 10 || three["next"] != nil {
		t.Fatalf("%v", three)
	}
	back, _ := follow(three["previous"])
	if first, n := numbers(back); first != 50.0 || n != 40 || back["next"] != two["next"] {
		t.Fatalf("%v", back)
	}
	if back, _ = follow(back["previous"]); back["previous"] != nil || back["next"] != one["next"] {
		t.Fatalf("%v", back)
	}
	if _, n := numbers(get("/api/likes")); n != 20 {
		t.Errorf("%d rows by default", n)
	}

	cursor := q.Get("cursor")
	for _, target := range []string{
		"/api/likes?kind=other&cursor=" + cursor, // a cursor of the list with another filter
		"/api/likes?kind=%EC%8B%A0&cursor=" + cursor[1:],
		"/api/likes?cursor=x",
	} {
		o := f.send("GET", target, "").want(t, 400, "page.bad_cursor")
		if errs, _ := o["errors"].(map[string]any); errs["cursor"] == nil {
			t.Errorf("%s: %v", target, o)
		}
	}
	o := f.send("GET", "/api/likes?page_size=101", "").want(t, 400, "page.bad_page")
	if errs, _ := o["errors"].(map[string]any); errs["page_size"] == nil {
		t.Errorf("%v", o)
	}
	f.send("GET", "/api/likes?page_size=x", "").want(t, 400, "request.invalid")
}
