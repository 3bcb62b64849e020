package apptest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rally/modules/accounts"
)

// Password is the password of every Person.
const Password = "correct-horse-7"

// Client is one browser: it keeps its cookies. It is safe for concurrent use.
type Client struct {
	server *Server
	http   *http.Client
	UserID int64             // 0: nobody is logged in
	Header map[string]string // sent with every request
}

// Anonymous returns a browser in which nobody is logged in.
func (s *Server) Anonymous() *Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.tb.Fatal(err)
	}
	transport := &http.Transport{MaxIdleConnsPerHost: 4}
	s.tb.Cleanup(transport.CloseIdleConnections)
	return &Client{server: s, http: &http.Client{
		Jar: jar, Transport: transport, Timeout: 2 * time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

var people atomic.Int64 //nolint:gochecknoglobals // numbers the people of a test binary

// Person returns a browser in which a new, verified person is logged in.
func (s *Server) Person() *Client { return s.People(1)[0] }

// People returns n new people.
func (s *Server) People(n int) []*Client { return s.people(n, false) }

// Staff returns a browser in which a member of the staff is logged in.
func (s *Server) Staff() *Client { return s.people(1, true)[0] }

func (s *Server) people(n int, staff bool) []*Client {
	s.tb.Helper()
	list := make([]accounts.ImportedUser, n)
	for i := range list {
		list[i] = accounts.ImportedUser{Email: fmt.Sprintf("person%d@rally.test", people.Add(1)), Password: Password, Staff: staff}
	}
	ids, err := s.Accounts.Import(s.tb.Context(), list)
	if err != nil {
		s.tb.Fatal(err)
	}
	clients := make([]*Client, n)
	for i := range clients {
		clients[i] = s.Anonymous()
		clients[i].UserID = ids[i]
		clients[i].Post("/api/accounts/login/", M{"email": list[i].Email, "password": Password}).Want(s.tb, http.StatusOK)
	}
	return clients
}

// Cookies are those that the browser sends.
func (c *Client) Cookies() []*http.Cookie {
	address, err := url.Parse(c.server.URL)
	if err != nil {
		c.server.tb.Fatal(err)
	}
	return c.http.Jar.Cookies(address)
}

// M is a JSON object.
type M = map[string]any

// Reply is what the server answered.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte

	request string
}

// Do sends a request. A body that is neither nil nor an io.Reader is sent as
// JSON.
func (c *Client) Do(method, path string, body any) Reply {
	c.server.tb.Helper()
	return c.DoAs("", method, path, body)
}

// DoAs is Do with a Host header that is not the server's.
func (c *Client) DoAs(host, method, path string, body any) Reply {
	c.server.tb.Helper()
	var reader io.Reader
	contentType := ""
	switch b := body.(type) {
	case nil:
	case io.Reader:
		reader = b
	default:
		data, err := json.Marshal(b)
		if err != nil {
			c.server.tb.Fatal(err)
		}
		reader, contentType = bytes.NewReader(data), "application/json"
	}
	req, err := http.NewRequestWithContext(c.server.tb.Context(), method, c.server.URL+path, reader)
	if err != nil {
		c.server.tb.Fatal(err)
	}
	req.Host = host
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	for k, v := range c.Header {
		req.Header.Set(k, v)
	}
	res, err := c.http.Do(req)
	if err != nil {
		c.server.tb.Errorf("%s %s: %v", method, path, err)
		return Reply{request: method + " " + path}
	}
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		c.server.tb.Errorf("%s %s: %v", method, path, err)
	}
	return Reply{Status: res.StatusCode, Header: res.Header, Body: data, request: method + " " + path}
}

// Get sends a GET.
func (c *Client) Get(path string) Reply { return c.Do(http.MethodGet, path, nil) }

// Post sends a POST.
func (c *Client) Post(path string, body any) Reply { return c.Do(http.MethodPost, path, body) }

// Patch sends a PATCH.
func (c *Client) Patch(path string, body any) Reply { return c.Do(http.MethodPatch, path, body) }

// Delete sends a DELETE.
func (c *Client) Delete(path string) Reply { return c.Do(http.MethodDelete, path, nil) }

// With returns the same browser with one more header.
func (c *Client) With(name, value string) *Client {
	copied := *c
	copied.Header = map[string]string{name: value}
	for k, v := range c.Header {
		if k != name {
			copied.Header[k] = v
		}
	}
	return &copied
}

// Want fails the test unless the status is the wanted one.
func (r Reply) Want(tb testing.TB, status int) Reply {
	tb.Helper()
	if r.Status != status {
		tb.Fatalf("%s: status %d, want %d\n%s", r.request, r.Status, status, r.Body)
	}
	return r
}

// WantCode fails the test unless the answer is a problem with this status and
// code.
func (r Reply) WantCode(tb testing.TB, status int, code string) Reply {
	tb.Helper()
	if got := r.Code(); r.Status != status || got != code {
		tb.Fatalf("%s: status %d, code %q, want %d %q\n%s", r.request, r.Status, got, status, code, r.Body)
	}
	if ct := r.Header.Get("Content-Type"); !strings.HasPrefix(ct, "application/problem+json") {
		tb.Fatalf("%s: an error of type %q", r.request, ct)
	}
	return r
}

// Code returns the code of a problem.
func (r Reply) Code() string {
	var p struct {
		Code string `json:"code"`
	}
	_ = json.Unmarshal(r.Body, &p)
	return p.Code
}

// Into decodes the body.
func Into[T any](tb testing.TB, r Reply) T {
	tb.Helper()
	var v T
	if err := json.Unmarshal(r.Body, &v); err != nil {
		tb.Fatalf("%s: %v\n%s", r.request, err, r.Body)
	}
	return v
}
