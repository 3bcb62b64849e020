package apptest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/platform/db"
)

// What the tests of friends and of the inbox share.

const (
	friendsPath = "/api/friends/"
	asksPath    = friendsPath + "requests/"
	blocksPath  = friendsPath + "blocks/"
	profilePath = base + "profile/"
)

type profile struct {
	UserID      int64   `json:"user_id"`
	ProfileName string  `json:"profile_name"`
	Image       *string `json:"image"`
}

type wish struct {
	profile
	ID        *int64
	Direction string
	Status    string
	CreatedAt *time.Time `json:"created_at"`
}

type mate struct {
	profile
	Online   bool
	Status   string
	Match    *int64
	LastSeen *time.Time `json:"last_seen"`
	Since    time.Time
}

type hit struct {
	profile
	Relation string
	Request  *int64
}

func askPath(id int64, rest string) string { return fmt.Sprintf("%s%d/%s", asksPath, id, rest) }

func wishes(c *apptest.Client, id int64) apptest.Reply { return c.Post(asksPath, M{"user_id": id}) }

// asked asks somebody who was not asked before, and returns the request.
func asked(t *testing.T, from, to *apptest.Client) int64 {
	t.Helper()
	return *apptest.Into[wish](t, wishes(from, to.UserID).Want(t, 201)).ID
}

// befriend makes friends of two people.
func befriend(t *testing.T, a, b *apptest.Client) {
	t.Helper()
	b.Post(askPath(asked(t, a, b), "accept/"), nil).Want(t, 200)
}

func blocks(c *apptest.Client, id int64) apptest.Reply { return c.Post(blocksPath, M{"user_id": id}) }

func nameOf(t *testing.T, c *apptest.Client) string {
	t.Helper()
	return apptest.Into[profile](t, c.Get(profilePath).Want(t, 200)).ProfileName
}

func rename(t *testing.T, c *apptest.Client, name string) {
	t.Helper()
	if got := apptest.Into[profile](t, c.Patch(profilePath, M{"profile_name": name}).Want(t, 200)); got.ProfileName != name {
		t.Fatalf("is called %q, not %q", got.ProfileName, name)
	}
}

// walk reads a cursor list from end to end, forth and back.
func walk[T any](t *testing.T, s *apptest.Server, c *apptest.Client, path string, size int) []T {
	t.Helper()
	type page struct {
		Next, Previous *string
		Results        []T
	}
	join := map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")]
	var all []T
	var last page
	pages := 0
	for at := fmt.Sprintf("%s%spage_size=%d", path, join, size); at != ""; pages++ {
		last = apptest.Into[page](t, c.Get(at).Want(t, 200))
		if (last.Previous == nil) != (pages == 0) || len(last.Results) > size || last.Next != nil && len(last.Results) < size {
			t.Fatalf("%s: page %d has %d of %d rows, previous is %v", path, pages, len(last.Results), size, last.Previous)
		}
		all, at = append(all, last.Results...), ""
		if last.Next != nil {
			at = strings.TrimPrefix(*last.Next, s.URL)
		}
		if pages > len(all)+1 {
			t.Fatalf("%s has no end", path)
		}
	}
	back := len(last.Results)
	for last.Previous != nil {
		last = apptest.Into[page](t, c.Get(strings.TrimPrefix(*last.Previous, s.URL)).Want(t, 200))
		back += len(last.Results)
	}
	if back != len(all) {
		t.Errorf("%s: %d rows forth, %d back", path, len(all), back)
	}
	return all
}

func who[T any](list []T, id func(T) int64) string {
	all := make([]int64, len(list))
	for i, v := range list {
		all[i] = id(v)
	}
	return ids(all...)
}

func matesOf(t *testing.T, s *apptest.Server, c *apptest.Client) string {
	t.Helper()
	return who(walk[mate](t, s, c, friendsPath, 100), func(m mate) int64 { return m.UserID })
}

func asksOf(t *testing.T, s *apptest.Server, c *apptest.Client, direction string) []wish {
	t.Helper()
	list := walk[wish](t, s, c, asksPath+"?direction="+direction, 100)
	for _, w := range list {
		if w.Direction != direction || w.ProfileName == "" || w.CreatedAt == nil || w.ID == nil {
			t.Errorf("%s lists %+v", direction, w)
		}
	}
	return list
}

func look(t *testing.T, c *apptest.Client, q string) []hit {
	t.Helper()
	return apptest.Into[pageOf[hit]](t, c.Get(friendsPath+"search/?q="+q).Want(t, 200)).Results
}

// wantTies fails the test unless friendships, requests and blocks go together.
func wantTies(t *testing.T, s *apptest.Server) {
	t.Helper()
	for what, query := range map[string]string{
		"friendships of one side":      "SELECT count(*) FROM friends f WHERE NOT EXISTS (SELECT 1 FROM friends g WHERE g.user_id = f.friend_id AND g.friend_id = f.user_id)",
		"requests between friends":     "SELECT count(*) FROM friends f JOIN friend_requests r ON r.from_id = f.user_id AND r.to_id = f.friend_id WHERE r.state = 'pending'",
		"requests both ways":           "SELECT count(*) FROM friend_requests a JOIN friend_requests b ON b.from_id = a.to_id AND b.to_id = a.from_id WHERE a.state = 'pending' AND b.state = 'pending'",
		"friends who block each other": "SELECT count(*) FROM friends f JOIN friend_blocks b ON b.user_id = f.user_id AND b.blocked_id = f.friend_id",
		"requests of the blocked":      "SELECT count(*) FROM friend_requests r JOIN friend_blocks b ON b.user_id IN (r.from_id, r.to_id) AND b.blocked_id IN (r.from_id, r.to_id) WHERE r.state = 'pending'",
		"requests closed at no time":   "SELECT count(*) FROM friend_requests WHERE (state = 'pending') <> (closed_at IS NULL)",
	} {
		if n := count(t, s, query); n != 0 {
			t.Errorf("%d %s", n, what)
		}
	}
}

// tableCell reads one text from the database.
func tableCell(t *testing.T, s *apptest.Server, query string, args ...any) string {
	t.Helper()
	text, err := db.Get[string](t.Context(), s.DB, query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return text
}
