package apptest_test

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"rally/internal/apptest"
	"rally/platform/db"
)

// FuzzRequests throws odd requests at one running server. Nothing may break.
func FuzzRequests(f *testing.F) {
	s := apptest.Start(f, db.SQLite, nil)
	staff := s.Staff()
	staff.Post("/api/shop/brands/", M{"name": "Solbit"}).Want(f, 201)
	staff.Post("/api/shop/productinfos/", M{"brand": 1, "eng_name": "Court 84", "category": "shoes"}).Want(f, 201)
	in := apptest.Into[pair](f, staff.Post("/api/accounts/token/refresh/", nil).Want(f, 200))
	transport := &http.Transport{}
	f.Cleanup(transport.CloseIdleConnections)
	client := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	methods := []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}
	types := []string{"application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "text/plain", ""}

	for _, seed := range []struct {
		method, kind uint8
		path, query  string
		body         string
	}{
		{0, 0, "/api/shop/productinfos/", "search=%00&price=1-&size=260&facets=true&page=2", ""},
		{0, 0, "/api/shop/products/1/quote/", "type=sales&price=9223372036854775807", ""},
		{0, 0, "/api/shop/products/1/../../x//y/", "page=-1&page_size=%31", ""},
		{1, 0, "/api/shop/products/1/bids/", "type=sales", `{"price":1e3,"expires_in_days":7}`},
		{1, 0, "/api/shop/products/1/transorders/", "type=purchase", `{"expected_price":null}`},
		{1, 1, "/api/shop/products/1/wishes/", "", "value=on&target_price=5"},
		{1, 2, "/api/accounts/login/", "", "--b\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\nx\r\n--b--\r\n"},
		{1, 0, "/api/accounts/registration/", "", `{"email":"a@b.kr","password1":"x","shoe_size":"260","phone_number":0}`},
		{3, 0, "/api/shop/productinfos/1/", "", `{"release_date":"2026-02-31","tick":-1}`},
		{2, 0, "/api/shop/productinfos/1/products/all", "", `{"stock":1}`},
		{0, 0, "/media/..%2f..%2frally.db", "", ""},
		{0, 0, "/assets/x/../index.html", "", ""},
		{5, 0, "/", "", ""},
		{6, 3, "/api/shop/brands/%zz/", "", "x"},
	} {
		f.Add(seed.method, seed.kind, seed.path, seed.query, []byte(seed.body))
	}

	f.Fuzz(func(t *testing.T, method, kind uint8, path, query string, body []byte) {
		if len(path)+len(query) > 8000 || len(body) > 1<<16 || strings.Contains(path, "logout") {
			t.Skip("too long, or the end of the session that the test needs")
		}
		req, err := http.NewRequestWithContext(t.Context(), methods[int(method)%len(methods)], s.URL, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.URL.Path, req.URL.RawPath, req.URL.RawQuery = "/"+strings.TrimPrefix(path, "/"), "", query
		if decoded, err := url.PathUnescape(path); err == nil && strings.HasPrefix(decoded, "/") {
			req.URL.Path, req.URL.RawPath = decoded, path
		}
		if strings.ContainsFunc(query, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
			req.URL.RawQuery = url.QueryEscape(query)
		}
		req.Header.Set("Authorization", "Bearer "+in.Access)
		req.Header.Set("Content-Type", types[int(kind)%len(types)])
		res, err := client.Do(req)
		if err != nil {
			t.Skip("no request: ", err)
		}
		defer func() { _ = res.Body.Close() }()
		answer, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		if res.StatusCode >= 500 {
			t.Fatalf("%s %s: %d %s", req.Method, req.URL, res.StatusCode, answer)
		}
		if strings.HasPrefix(req.URL.Path, "/api/") && res.StatusCode >= 400 && req.Method != http.MethodHead && !bytes.Contains(answer, []byte(`"request_id":"`)) {
			t.Fatalf("%s %s: %d without a problem: %s", req.Method, req.URL, res.StatusCode, answer)
		}
	})
}
