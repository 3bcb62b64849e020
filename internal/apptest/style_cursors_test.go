package apptest_test

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"rally/internal/apptest"
	"rally/modules/style"
	"rally/modules/talk"
	"rally/platform/db"
	"rally/platform/page"
)

// placesOf are all lists of the feed, with a place in each: path and cursor.
func (z paged) placesOf(t testing.TB, postID, commentID, replyID int64) map[string]string {
	t.Helper()
	places := map[string]string{}
	for _, query := range z.feeds() {
		places[postsPath+"?"+query] = ""
	}
	for _, path := range []string{postsPath + "?" + popular, postPath(postID, "likes/"), saidPath(commentID, "likes/"), answerPath(replyID, "likes/")} {
		places[path] = ""
	}
	for path := range places {
		next := apptest.Into[pageOf[story]](t, z.me.Get(join(path, "page_size=1")).Want(t, 200)).Next
		if next == nil {
			t.Fatalf("%s has one page only", path)
		}
		places[path] = cursorIn(t, *next)
	}
	comments := postPath(postID, "comments/")
	link := z.me.Get(comments+"?page_size=1").Want(t, 200).Header.Get("Link")
	places[comments] = cursorIn(t, strings.TrimSuffix(strings.TrimPrefix(link, "<"), `>; rel="next"`))
	return places
}

func join(path, query string) string {
	if strings.Contains(path, "?") {
		return path + "&" + query
	}
	return path + "?" + query
}

func cursorIn(t testing.TB, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("cursor")
}

// talked is a paged with a comment, a reply, and two likes of each thing.
func talked(t *testing.T, s *apptest.Server) (z paged, postID, commentID, replyID int64) {
	t.Helper()
	z = newPaged(t, s)
	postID = z.posts(3)[0]
	say(t, z.me, postID, "another")
	commentID = say(t, z.author, postID, "words").ID
	replyID = answerTo(t, z.me, commentID, "words").ID
	for _, c := range []*apptest.Client{z.me, z.author} {
		for _, path := range []string{postPath(postID, ""), saidPath(commentID, ""), answerPath(replyID, "")} {
			like(t, c, path)
		}
	}
	rank(t, s)
	return z, postID, commentID, replyID
}

// A place in one list is none in another, nor one that was changed; and a place
// in what somebody follows or likes is theirs alone.
func TestStyleACursorIsOfOneList(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		z, postID, commentID, replyID := talked(t, s)
		places := z.placesOf(t, postID, commentID, replyID)
		for path, cursor := range places {
			at := func(c *apptest.Client, cursor string) apptest.Reply {
				return c.Get(join(path, "page_size=1&cursor="+url.QueryEscape(cursor)))
			}
			at(z.me, cursor).Want(t, 200)
			for other, wrong := range places {
				if other != path {
					at(z.me, wrong).WantCode(t, 400, "page.bad_cursor")
				}
			}
			for _, wrong := range []string{cursor + "A", cursor[1:], cursor[:len(cursor)-1], strings.ToUpper(cursor), "x", strings.Repeat("A", 2000), cursor + "=", "B" + cursor[1:]} {
				at(z.me, wrong).WantCode(t, 400, "page.bad_cursor")
			}
			own := strings.Contains(path, "type=following") || strings.Contains(path, "type=liked")
			if r := at(z.author, cursor); own != (r.Status == 400 && r.Code() == "page.bad_cursor") || !own && r.Status != 200 {
				t.Errorf("%s of somebody else: %d %s", path, r.Status, r.Body)
			}
		}
		// Another person, article, tag or search is another list, too.
		for _, pair := range [][2]string{
			{fmt.Sprintf("type=default&user_id=%d", z.author.UserID), fmt.Sprintf("type=default&user_id=%d", z.me.UserID)}, {fmt.Sprintf("type=mentions&user_id=%d", z.me.UserID), fmt.Sprintf("type=mentions&user_id=%d", z.author.UserID)},
			{"type=tag&tag=paged", "type=tag&tag=other"}, {z.feeds()["search"], "type=search&q=other"}, {z.feeds()["product"], "type=product&info_id=999"},
		} {
			z.me.Get(postsPath+"?"+pair[1]+"&cursor="+places[postsPath+"?"+pair[0]]).WantCode(t, 400, "page.bad_cursor")
		}
		// One spelling of a hashtag is as good as another.
		z.me.Get(postsPath+"?type=tag&tag=%23PAGED&cursor="+places[postsPath+"?type=tag&tag=paged"]).Want(t, 200)
	})
}

// made returns a cursor of a list at keys that somebody made up. Whoever knows the
// program can do so: it is no secret.
func made(t *testing.T, list page.CursorList, backward bool, keys ...int64) string {
	t.Helper()
	r, err := list.Parse("", 1)
	if err != nil {
		t.Fatal(err)
	}
	key := func([]int64) []int64 { return keys }
	if !backward {
		return page.Keyset(r, [][]int64{keys, keys}, key).Next
	}
	r.Key = keys
	return page.Keyset(r, [][]int64{keys}, key).Previous
}

// FuzzStyleCursors makes up places: as texts, and as keys that nothing has.
func FuzzStyleCursors(f *testing.F) {
	z := newFuzzed(f)
	me := z.s.Anonymous().With("Authorization", "Bearer "+z.in.Access)
	id := z.in.User.ID
	first := apptest.Into[story](f, me.Post(postsPath, M{"content": "words #tag"}).Want(f, 201)).ID
	apptest.Into[story](f, me.Post(postsPath, M{"content": "words #tag"}).Want(f, 201))
	comment := apptest.Into[idOf](f, me.Post(postPath(first, "comments/"), M{"content": "words"}).Want(f, 201)).ID
	if err := z.s.Ranks.Rank(f.Context()); err != nil {
		f.Fatal(err)
	}
	one := int64(1)
	lists := map[string]page.CursorList{postPath(first, "likes/"): style.LikeList(first), postPath(first, "comments/"): {Name: "style.comments", Filters: []string{fmt.Sprint(first)}}}
	lists[saidPath(comment, "likes/")] = (&talk.Room{Module: "style"}).LikeList(talk.Comment, comment)
	for query, q := range map[string]style.Query{
		"latest": {Type: style.Latest}, "popular": {Type: style.Popular}, "following": {Type: style.Following}, "liked": {Type: style.Liked}, "default&user_id=1": {Type: style.Default, UserID: &one},
		"mentions&user_id=1": {Type: style.Mentions, UserID: &one}, "tag&tag=tag": {Type: style.Tagged, Tag: "tag"}, "product&info_id=1": {Type: style.OfArticle, InfoID: &one}, "search&q=words": {Type: style.Search, Words: "words"},
	} {
		lists[postsPath+"?type="+query] = q.List(id)
	}
	for _, seed := range spellings("AQIAAAAAAAAAAwAAAAAAAAAAAAAAAAAAAAA") {
		f.Add(seed, "1", int64(0), int64(0), int64(0), false)
	}
	for _, n := range []int64{-1, 0, 1, 2, 999, 1000, 1001, 1 << 32, 1<<63 - 1, -1 << 63} {
		f.Add("", "0", int64(1), n, n, true)
		f.Add("", "101", n, int64(3), n, false)
		f.Add("", "1e9", int64(0), n, int64(1), true)
		f.Add("", "", int64(1), int64(1000), n, false)
	}
	login := http.Header{"Authorization": {"Bearer " + z.in.Access}}
	f.Fuzz(func(t *testing.T, text, size string, a, b, c int64, backward bool) {
		for path, list := range lists {
			if r := z.send(t, http.MethodGet, join(path, url.Values{"cursor": {text}, "page_size": {size}}.Encode()), "", login); r.Status != 400 && (r.Status != 200 || text != "") {
				t.Fatalf("%s takes %q, %q: %d %s", path, text, size, r.Status, r.Body)
			}
			keys := []int64{a, b, c}[:max(1, list.Keys)]
			r := z.send(t, http.MethodGet, join(path, "page_size=2&cursor="+made(t, list, backward, keys...)), "", login)
			if r.Status != 200 && (r.Code() != "page.bad_cursor" || list.Keys == 0) {
				t.Fatalf("%s at %v, back %v: %d %s", path, keys, backward, r.Status, r.Body)
			}
		}
	})
}

// newStyleFuzz is a server with a post, a comment and a reply of one person.
func newStyleFuzz(f *testing.F) (z fuzzed, postID, commentID, replyID int64, login http.Header) {
	f.Helper()
	z = fuzzed{s: apptest.Start(f, db.SQLite, map[string]string{"RALLY_SECRET": rand.Text() + rand.Text(), "RALLY_ACCESS_TTL": "24h"}), client: &http.Client{Transport: &http.Transport{}}}
	me := z.s.Staff()
	access := apptest.Into[pair](f, me.Post(base+"token/refresh/", nil).Want(f, 200)).Access
	brand := apptest.Into[idOf](f, me.Post("/api/shop/brands/", M{"name": "Solbit"}).Want(f, 201)).ID
	me.Post("/api/shop/productinfos/", M{"brand": brand, "eng_name": "Court 84", "category": "shoes"}).Want(f, 201)
	postID = apptest.Into[idOf](f, me.Post(postsPath, M{"content": "words"}).Want(f, 201)).ID
	commentID = apptest.Into[idOf](f, me.Post(postPath(postID, "comments/"), M{"content": "words"}).Want(f, 201)).ID
	replyID = apptest.Into[idOf](f, me.Post(saidPath(commentID, "replies/"), M{"content": "words"}).Want(f, 201)).ID
	return z, postID, commentID, replyID, http.Header{"Authorization": {"Bearer " + access}}
}
