package oauthtest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"
)

// Browse does what a browser does with the address that a login begins with:
// it follows redirects until one leads to the redirect URI, and returns what
// that one carries: code and state, or error and state. It does not ask for
// the redirect URI itself.
func Browse(ctx context.Context, codeURL string) (url.Values, error) {
	first, err := url.Parse(codeURL)
	if err != nil {
		return nil, err
	}
	home := first.Query().Get("redirect_uri")
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	var back *url.URL
	browser := &http.Client{
		Jar: jar, Timeout: time.Minute, Transport: &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if address, _, _ := strings.Cut(r.URL.String(), "?"); home != "" && address == home {
				back = r.URL
				return http.ErrUseLastResponse
			}
			if len(via) > 10 {
				return http.ErrUseLastResponse
			}
			return nil
		},
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, codeURL, http.NoBody)
	if err != nil {
		return nil, err
	}
	page, err := browser.Do(r)
	if err != nil {
		return nil, err
	}
	if err := page.Body.Close(); err != nil {
		return nil, err
	}
	if back == nil {
		return nil, fmt.Errorf("the browser was not sent back; the last page has status %d", page.StatusCode)
	}
	return back.Query(), nil
}
