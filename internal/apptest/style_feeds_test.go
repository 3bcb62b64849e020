package apptest_test

import (
	"fmt"
	"strings"
	"testing"

	"rally/internal/apptest"
)

// What the seed says of the list of posts: which types there are, what they
// need, and how they fail.
func TestStyleFeedsAndWhatTheyNeed(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me := s.Person()
		p := post(t, me, "the only one")
		for _, c := range []*apptest.Client{s.Anonymous(), me} {
			for _, query := range []string{"", "?type=", "?type=newest", "?type=Latest", "?type=latest%20", "?user_id=1", "?type=%00", "?type[]=latest"} {
				r := c.Get(postsPath + query)
				if r.Status != 400 || r.Code() != "style.unknown_feed" && r.Code() != "request.malformed" {
					t.Errorf("%q: %d %s", query, r.Status, r.Body)
				}
			}
			for query, field := range map[string]string{
				"type=default": "user_id", "type=default&user_id=": "user_id", "type=default&user_id=me": "user_id", "type=default&user_id=1.5": "user_id", "type=default&user_id=99999999999999999999": "user_id",
				"type=mentions": "user_id", "type=product": "info_id", "type=product&info_id=x": "info_id", "type=tag": "tag", "type=tag&tag=": "tag", "type=tag&tag=%23": "tag", "type=tag&tag=12": "tag", "type=tag&tag=two%20words": "tag",
				"type=search": "q", "type=search&q=": "q", "type=search&q=%20": "q", "type=search&q=" + strings.Repeat("x", 51): "q",
				// What is sent is read, whether or not the type needs it.
				"type=latest&user_id=x": "user_id",
			} {
				wantField(t, c.Get(postsPath+"?"+query), field)
			}
			for query, code := range map[string]string{"cursor=x": "page.bad_cursor", "page_size=101": "page.bad_page", "page_size=-1": "page.bad_page"} {
				for _, feed := range []string{"latest", "popular", "default&user_id=1", "tag&tag=x", "search&q=x", "product&info_id=1", "mentions&user_id=1"} {
					c.Get(postsPath+"?type="+feed+"&"+query).WantCode(t, 400, code)
				}
			}
		}
		for _, query := range []string{"type=following", "type=liked", "type=following&cursor=x", "type=liked&page_size=-1"} {
			s.Anonymous().Get(postsPath+"?"+query).WantCode(t, 401, "auth.required")
		}
		// An absent, a deleted or an unknown person has no posts, and is no mistake.
		for _, query := range []string{"type=default&user_id=999999", "type=default&user_id=-1", "type=mentions&user_id=999999", "type=product&info_id=999999", "type=tag&tag=nobody", "type=search&q=nothing"} {
			if got := feedIDs(t, s, s.Anonymous(), query); got != "" {
				t.Errorf("%s has %s", query, got)
			}
		}
		rank(t, s)
		for _, query := range []string{"type=latest", "type=popular", fmt.Sprintf("type=default&user_id=%d", me.UserID), "type=search&q=only"} {
			for _, c := range []*apptest.Client{s.Anonymous(), me} {
				if got := feedIDs(t, s, c, query); got != ids(p.ID) {
					t.Errorf("%s has %q", query, got)
				}
			}
		}
	})
}

func TestStyleWhichPostsAreInWhichFeed(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, a, b := s.Person(), s.Person(), s.Person()
		sh := newShelf(t, s.Staff())
		info := sh.info(nil)
		rename(t, me, "mina_kim")
		first := post(t, a, "hello @mina_kim and @nobody99 #OOTD")
		second := postWith(t, b, M{"content": "새 운동화 #오오티디 #ootd", "productinfo_ids": []int64{info}})
		third := post(t, me, "mine #ＯＯＴＤ @mina_kim")
		fourth := post(t, a, "again #2026 #오오티디, mail@mina_kim")
		follow(t, me, a.UserID)
		like(t, me, postPath(second.ID, ""))
		like(t, me, postPath(fourth.ID, ""))
		like(t, me, postPath(first.ID, ""))
		for query, want := range map[string]string{
			"type=latest":    ids(fourth.ID, third.ID, second.ID, first.ID),
			"type=following": ids(fourth.ID, first.ID),
			"type=liked":     ids(first.ID, fourth.ID, second.ID), // the last liked first
			fmt.Sprintf("type=default&user_id=%d", a.UserID):   ids(fourth.ID, first.ID),
			fmt.Sprintf("type=default&user_id=%d", me.UserID):  ids(third.ID),
			fmt.Sprintf("type=mentions&user_id=%d", me.UserID): ids(third.ID, first.ID),
			fmt.Sprintf("type=product&info_id=%d", info):       ids(second.ID),
			"type=tag&tag=ootd":         ids(third.ID, second.ID, first.ID),
			"type=tag&tag=%23OoTd":      ids(third.ID, second.ID, first.ID),
			"type=tag&tag=오오티디":         ids(fourth.ID, second.ID),
			"type=search&q=운동화":         ids(second.ID),
			"type=search&q=운동":          ids(second.ID),
			"type=search&q=동화":          ids(second.ID),
			"type=search&q=again":       ids(fourth.ID),
			"type=search&q=gai":         ids(fourth.ID),
			"type=search&q=AGAIN mail":  ids(fourth.ID),
			"type=search&q=again hello": "",
			"type=search&q=%25":         "",
			"type=search&q=OR":          "",
		} {
			if got := feedIDs(t, s, me, strings.ReplaceAll(query, " ", "%20")); got != want {
				t.Errorf("%s has %s, want %s", query, got, want)
			}
		}
		// Mentions are who is named, as they are called now.
		got := readPost(t, s.Anonymous(), first.ID)
		if got.Content != "hello @mina_kim and @nobody99 #OOTD" || len(got.Mentions) != 1 || got.Mentions[0].UserID != me.UserID || len(fourth.Mentions) != 0 {
			t.Errorf("mentioned: %+v", got)
		}
		rename(t, me, "solbi")
		if got := readPost(t, a, first.ID); got.Content != "hello @solbi and @nobody99 #OOTD" || got.Mentions[0].ProfileName != "solbi" {
			t.Errorf("after a new name: %+v", got)
		}
		// An edit of other fields leaves what the words found; one of the words
		// doesn't.
		a.Patch(postPath(first.ID, ""), M{"image_ratio": 2}).Want(t, 200)
		mentioned := fmt.Sprintf("type=mentions&user_id=%d", me.UserID)
		if in := feedIDs(t, s, a, mentioned) + " | " + feedIDs(t, s, a, "type=tag&tag=ootd"); in != ids(third.ID, first.ID)+" | "+ids(third.ID, second.ID, first.ID) {
			t.Errorf("after another frame: %s", in)
		}
		a.Patch(postPath(first.ID, ""), M{"content": "안녕하세요 #new"}).Want(t, 200)
		for query, want := range map[string]string{mentioned: ids(third.ID), "type=tag&tag=ootd": ids(third.ID, second.ID), "type=tag&tag=new": ids(first.ID), "type=search&q=hello": "", "type=search&q=안녕": ids(first.ID)} {
			if got := feedIDs(t, s, a, query); got != want {
				t.Errorf("after other words %s has %s, want %s", query, got, want)
			}
		}
		a.Patch(personPath(b.UserID, "follow/"), nil).Want(t, 200)
		me.Patch(personPath(a.UserID, "follow/"), M{"value": false}).Want(t, 200)
		me.Patch(postPath(fourth.ID, "like/"), M{"value": false}).Want(t, 200)
		for query, want := range map[string]string{"type=following": "", "type=liked": ids(first.ID, second.ID)} {
			if got := feedIDs(t, s, me, query); got != want {
				t.Errorf("after a change of mind %s has %s, want %s", query, got, want)
			}
		}
	})
}
