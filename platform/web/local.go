package web

import (
	"net/url"
	"strings"
)

// maxLocalPath is longer than any address of the client.
const maxLocalPath = 1024

// LocalPath returns raw if it is a path of this site, with a query or a
// fragment, and fallback otherwise. Browsers read an address in ways of their
// own: they take \ for /, drop control characters, and see another host in
// //host; /.//host becomes that once a script takes the dots out. A redirect
// must lead to none of that.
func LocalPath(raw, fallback string) string {
	if len(raw) > maxLocalPath || !strings.HasPrefix(raw, "/") || strings.HasPrefix(raw, "//") {
		return fallback
	}
	for i := range len(raw) {
		if raw[i] <= ' ' || raw[i] >= 0x7f || raw[i] == '\\' {
			return fallback
		}
	}
	u, err := url.Parse(raw)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || !strings.HasPrefix(u.Path, "/") || strings.Contains(strings.ReplaceAll(u.Path, `\`, "/"), "//") {
		return fallback
	}
	return raw
}

// WithQuery returns a local path with one more query parameter.
func WithQuery(path, name, value string) string {
	u, err := url.Parse(path)
	if err != nil {
		return path
	}
	q := u.Query()
	q.Set(name, value)
	u.RawQuery = q.Encode()
	return u.String()
}
