package demo_test

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"rally/demo"
	"rally/modules/shop"
	"rally/modules/style"
	"rally/modules/talk"
)

// checkFeed looks at posts, their likes and follows: who, when, what is to be seen.
func checkFeed(t *testing.T, f *fakes) {
	t.Helper()
	listed := map[int64]time.Time{}
	for _, i := range f.catalogue.Infos {
		listed[i.ID] = i.CreatedAt
	}
	names := map[string]bool{}
	for _, u := range f.users {
		names[u.ProfileName] = true
	}
	staff := userID(2)
	var before time.Time
	for _, p := range f.feed.Posts {
		if p.CreatedAt.Before(before) || !f.person(t, p.UserID).Before(p.CreatedAt) || !p.CreatedAt.Before(now()) || p.UserID == staff {
			t.Errorf("a post at %s by %d, who came %s", p.CreatedAt, p.UserID, f.person(t, p.UserID))
		}
		before = p.CreatedAt
		if text, err := talk.NormaliseContent(p.Content, style.MaxContent); err != nil || text != p.Content || strings.ContainsAny(text, "{}|") {
			t.Errorf("%q: %v", p.Content, err)
		}
		for _, name := range talk.Names(p.Content) {
			if !names[name] {
				t.Errorf("%q mentions nobody", p.Content)
			}
		}
		checkPictures(t, f, p)
		seen := map[int64]bool{}
		for _, tag := range p.Tags {
			at, there := listed[tag.InfoID]
			if !there || at.After(p.CreatedAt) || seen[tag.InfoID] || tag.Picture < 0 || tag.Picture >= len(p.Pictures) || *tag.X <= 0 || *tag.X >= 1 || *tag.Y <= 0 || *tag.Y >= 1 {
				t.Errorf("a post at %s shows %+v, which came %s", p.CreatedAt, tag, at)
			}
			seen[tag.InfoID] = true
		}
		likers := map[int64]bool{p.UserID: true}
		for _, l := range p.Likes {
			if likers[l.UserID] || l.CreatedAt.Before(p.CreatedAt) || !l.CreatedAt.Before(now()) || !f.person(t, l.UserID).Before(l.CreatedAt) {
				t.Errorf("%d likes at %s what %d posted at %s", l.UserID, l.CreatedAt, p.UserID, p.CreatedAt)
			}
			likers[l.UserID] = true
		}
	}
	follows := map[[2]int64]bool{}
	for _, l := range f.feed.Follows {
		pair := [2]int64{l.From, l.To}
		if l.From == l.To || follows[pair] || l.CreatedAt.Before(f.person(t, l.From)) || l.CreatedAt.Before(f.person(t, l.To)) || l.CreatedAt.After(now()) {
			t.Errorf("a follow %+v", l)
		}
		follows[pair] = true
	}
}

// checkPictures: all pictures of a post are there, in one frame.
func checkPictures(t *testing.T, f *fakes, p style.ImportedPost) {
	t.Helper()
	if n := len(p.Pictures); n < 1 || n > 4 {
		t.Errorf("a post has %d pictures", n)
	}
	for _, m := range p.Pictures {
		if f.sizes[m.Key] != [2]int{m.Width, m.Height} || math.Abs(float64(m.Width)/p.Ratio-float64(m.Height)) > 1 {
			t.Errorf("picture %s is %v in a frame of %v", m.Key, f.sizes[m.Key], p.Ratio)
		}
	}
}

// checkBelow looks at what is said below posts.
func checkBelow(t *testing.T, f *fakes) {
	t.Helper()
	posts := map[int64]style.ImportedPost{}
	for _, p := range f.feed.Posts {
		posts[p.ID] = p
	}
	count := map[int64]int{}
	check := func(r talk.Remark, likes []talk.Like) {
		if text, err := talk.NormaliseContent(r.Content, 100); err != nil || text != r.Content || strings.ContainsAny(text, "{}|") {
			t.Errorf("%q: %v", r.Content, err)
		}
		if !f.person(t, r.UserID).Before(r.CreatedAt) || !r.CreatedAt.Before(now()) {
			t.Errorf("%q at %s", r.Content, r.CreatedAt)
		}
		for _, l := range likes {
			if l.CreatedAt.Before(r.CreatedAt) || !l.CreatedAt.Before(now()) || !f.person(t, l.UserID).Before(l.CreatedAt) {
				t.Errorf("a like at %s of what was said at %s", l.CreatedAt, r.CreatedAt)
			}
		}
	}
	for _, c := range f.below.Comments {
		check(c.Remark, c.Likes)
		count[c.PlaceID]++
		if p, there := posts[c.PlaceID]; !there || c.CreatedAt.Before(p.CreatedAt) || count[c.PlaceID] > 12 {
			t.Errorf("comment %d at %s below post %d of %s", count[c.PlaceID], c.CreatedAt, c.PlaceID, p.CreatedAt)
		}
	}
	for _, r := range f.below.Replies {
		check(r.Remark, r.Likes)
		if r.Comment < 0 || r.Comment >= len(f.below.Comments) || r.CreatedAt.Before(f.below.Comments[r.Comment].CreatedAt) || r.UserID == r.ToUserID || r.ToUserID == 0 {
			t.Errorf("a reply %+v", r)
		}
	}
}

// checkManyPosts makes sure that the usual feed is worth reading.
func checkManyPosts(t *testing.T, f *fakes, world demo.World) {
	t.Helper()
	if len(f.feed.Posts) != 600 || world.Posts != 600 || world.Follows != len(f.feed.Follows) {
		t.Errorf("%d posts and %d follows, the world counts %d and %d", len(f.feed.Posts), len(f.feed.Follows), world.Posts, world.Follows)
	}
	texts, likes, recent, today := map[string]int{}, []int{}, 0, 0
	pictures, tagged, mentions, english, mine := 0, 0, 0, 0, 0
	by := map[int64]int{}
	bought := map[[2]int64]bool{}
	for _, trade := range f.market.Trades {
		if trade.Order.Status == shop.OrderSettled {
			bought[[2]int64{trade.Order.InfoID, trade.Order.BuyerID}] = true
		}
	}
	mention := regexp.MustCompile(`@[a-z0-9_]+`)
	for _, p := range f.feed.Posts {
		texts[p.Content]++
		likes = append(likes, len(p.Likes))
		pictures += len(p.Pictures)
		by[p.UserID]++
		if now().Sub(p.CreatedAt) < 30*24*time.Hour {
			recent++
		}
		if now().Sub(p.CreatedAt) < 14*time.Hour {
			today++
		}
		if mention.MatchString(p.Content) {
			mentions++
		}
		if !strings.ContainsFunc(p.Content, func(r rune) bool { return unicode.Is(unicode.Hangul, r) }) {
			english++
		}
		for i, tag := range p.Tags {
			if i == 0 {
				tagged++
			}
			if bought[[2]int64{tag.InfoID, p.UserID}] {
				mine++
			}
		}
	}
	slices.Sort(likes)
	t.Logf("%d pictures, %d recent, %d today, %d tagged, %d bought, %d with mentions, %d English, likes %v", pictures, recent, today, tagged, mine, mentions, english, []int{likes[60], likes[300], likes[540], likes[590], likes[599]})
	if len(texts) < 580 || pictures < 900 || recent < 280 || today < 3 || tagged < 470 || tagged > 550 || mine < 120 || mentions < 45 || mentions > 110 || english < 80 || english > 300 {
		t.Errorf("%d different texts", len(texts))
	}
	if likes[300] < 3 || likes[300] > 15 || likes[599] < 70 {
		t.Errorf("the likes are %v", likes)
	}
	followers, followings := map[int64]int{}, map[int64]int{}
	for _, l := range f.feed.Follows {
		followers[l.To]++
		followings[l.From]++
	}
	var fans, idols []int
	for i := range f.users {
		fans, idols = append(fans, followers[userID(i)]), append(idols, followings[userID(i)])
	}
	slices.Sort(fans)
	slices.Sort(idols)
	t.Logf("followers %v, followings %v", []int{fans[20], fans[100], fans[190], fans[199]}, []int{idols[20], idols[100], idols[190], idols[199]})
	if fans[199] < 60 || idols[100] < 8 || idols[100] > 16 {
		t.Errorf("followers %v, followings %v", fans, idols)
	}
	for _, login := range []int64{userID(0), userID(1)} {
		if by[login] < 5 || followings[login] != 25 || followers[login] < 12 {
			t.Errorf("login %d has %d posts, follows %d, is followed by %d", login, by[login], followings[login], followers[login])
		}
	}
	t.Logf("%d comments, %d replies", len(f.below.Comments), len(f.below.Replies))
	if n := len(f.below.Comments) + len(f.below.Replies); n != world.Comments {
		t.Errorf("%d comments and replies, the world counts %d", n, world.Comments)
	}
	if n := len(f.below.Comments); n < 900 || n > 2200 || len(f.below.Replies) < n/4 {
		t.Errorf("%d comments and %d replies below posts", n, len(f.below.Replies))
	}
}
