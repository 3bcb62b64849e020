package apptest_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"rally/internal/apptest"
	"rally/internal/oauthtest"
	"rally/platform/db"
	"rally/platform/testkit"
)

// wire sends bytes that no client library would, and returns the answer.
func wire(t *testing.T, s *apptest.Server, request string) (*http.Response, string) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(testkit.Patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("%q: %v", request, err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

// logged reads a log file: each line must be one JSON object.
func logged(t *testing.T, path string) []map[string]any {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var lines []map[string]any
	for line := range bytes.Lines(data) {
		var fields map[string]any
		if err := json.Unmarshal(line, &fields); err != nil {
			t.Fatalf("no JSON in the log: %q: %v", line, err)
		}
		lines = append(lines, fields)
	}
	return lines
}

func isControl(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }

func TestRequestsCantForgeHeadersOrLogLines(t *testing.T) {
	site := oauthtest.Google(t)
	settings := site.Settings()
	file := filepath.Join(t.TempDir(), "rally.log")
	settings["RALLY_LOG_FILE"], settings["RALLY_LOG_LEVEL"], settings["RALLY_LOG_FORMAT"] = file, "info", "json"
	settings["RALLY_TRUSTED_PROXIES"] = "127.0.0.1"
	s := apptest.Start(t, db.SQLite, settings)
	site.Allow(s.URL + oauthPath("google", "callback/"))

	const marker = `{"message":"forged","event.dataset":"rally.access"}`
	hostile := []string{
		"\r\n" + marker, "\n" + marker, "\r" + marker, "\t" + marker, "\x00", "\x1b[2J", "\x7f", "\x85", "\xff\xfe", "\u2028" + marker, `","message":"forged"}`, `\n` + marker, "%0d%0a" + marker, "${jndi:ldap://evil}", "<script>alert(1)</script>",
		strings.Repeat("A", 5000), "a\r\nSet-Cookie: rally-access=evil\r\nX-Evil: 1",
	}
	requests := 0
	check := func(what string, answer *http.Response, body string) {
		t.Helper()
		if answer.StatusCode >= 500 || answer.Header.Get("X-Evil") != "" || strings.Contains(strings.Join(answer.Header.Values("Set-Cookie"), ""), "evil") {
			t.Errorf("%s: %d %v %s", what, answer.StatusCode, answer.Header, body)
		}
		if id := answer.Header.Get("X-Request-Id"); id != "" { // else net/http refused it before us
			requests++
			if len(id) != 32 || strings.Trim(id, "0123456789abcdef") != "" {
				t.Errorf("%s: request id %q", what, id)
			}
		}
	}
	for _, text := range hostile {
		for _, header := range []string{"User-Agent", "X-Forwarded-For", "X-Request-Id", "Traceparent", "Referer", "Origin", "Accept-Language", "X-Forwarded-Proto", "Cookie"} {
			value := text
			if header == "Cookie" {
				value = "rally-device=" + text + "; rally-refresh=" + text
			}
			body := `{"email":"nobody@rally.example","password":"x"}`
			answer, got := wire(t, s, fmt.Sprintf("POST %slogin/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s: %s\r\n\r\n%s", base, len(body), header, value, body))
			if text == hostile[0] || text == hostile[len(hostile)-1] {
				continue // it is a header of its own by then: the sender's to write
			}
			check(header+" "+text[:min(len(text), 40)], answer, got)
		}
		for _, path := range []string{oauthPath("google", "callback/?error="), oauthPath("google", "callback/?state=x&code="), oauthPath("google", "login/?next=/"), base + "social/google/?token=", base + "security-events/?cursor=", "/api/shop/brands/", base + "registration/account-confirm-email/", "/"} {
			answer, got := wire(t, s, "GET "+path+url.PathEscape(text)+" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
			check(path, answer, got)
		}
	}
	me := s.Person()
	owner := emailOf(t, me)
	for _, text := range append(hostile, "Bcc: evil@evil.example") {
		for _, email := range []string{
			owner, owner + text, text + owner, "a" + text + "@rally.example", owner + "\r\nBcc: evil@evil.example", owner + ",evil@evil.example", owner + " evil@evil.example", "evil@evil.example\n" + owner, `"a` + text + `"@rally.example`, "<" + owner + ">", "Mina" + text + " <" + owner + ">",
		} {
			for _, to := range []struct {
				c    *apptest.Client
				path string
				body M
			}{
				{s.Anonymous(), "registration/", signUp(email)}, {s.Anonymous(), "registration/resend-email/", M{"email": email}}, {s.Anonymous(), "login/", M{"email": email, "password": apptest.Password}},
				{s.Anonymous(), "password/reset/", M{"email": email}}, {me, "email/change/", M{"email": email}},
			} {
				r := to.c.Post(base+to.path, to.body)
				requests++
				if r.Status >= 500 || r.Header.Get("X-Evil") != "" {
					t.Errorf("%s with %q: %d %s", to.path, email, r.Status, r.Body)
				}
			}
		}
	}
	mailed(t, s)
	mails, err := db.Select[struct{ Recipient, Subject string }](t.Context(), s.DB, "SELECT recipient, subject FROM mail_outbox")
	if err != nil || len(mails) == 0 {
		t.Fatalf("%d mails, %v", len(mails), err)
	}
	for _, m := range mails {
		if strings.ContainsFunc(m.Recipient+m.Subject, isControl) || strings.Count(m.Recipient, "@") != 1 || strings.ContainsAny(m.Recipient, " ,;<>\"") || strings.Contains(m.Recipient, "evil.example") {
			t.Errorf("a mail to %q about %q", m.Recipient, m.Subject)
		}
	}

	// An access line is written after its answer: the stop waits for the last.
	s.Stop()
	access := 0
	for _, line := range logged(t, file) {
		if line["message"] == "forged" {
			t.Errorf("a forged line: %v", line)
		}
		if line["event.dataset"] == "rally.access" {
			access++
			if ip, _ := line["client.ip"].(string); net.ParseIP(ip) == nil {
				t.Errorf("client.ip is %q", ip)
			}
			if agent, _ := line["user_agent.original"].(string); len(agent) > 255 {
				t.Errorf("a user agent of %d bytes", len(agent))
			}
		}
	}
	if requests < 500 || access < requests {
		t.Errorf("%d access lines of %d requests", access, requests)
	}
}
