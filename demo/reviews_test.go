package demo_test

import (
	"strings"
	"testing"
	"unicode"

	"rally/demo"
	"rally/modules/shop"
	"rally/modules/talk"
)

// checkReviews looks at what people say: who, when, about what.
func checkReviews(t *testing.T, f *fakes) {
	t.Helper()
	infos := map[int64]bool{}
	for _, i := range f.catalogue.Infos {
		infos[i.ID] = true
	}
	check := func(r talk.Remark, likes []talk.Like) {
		if !f.person(t, r.UserID).Before(r.CreatedAt) || r.CreatedAt.After(now()) {
			t.Errorf("%q at %s, by somebody who came %s", r.Content, r.CreatedAt, f.person(t, r.UserID))
		}
		if text, err := talk.NormaliseContent(r.Content, 500); err != nil || text != r.Content || strings.ContainsAny(text, "{}") {
			t.Errorf("%q: %v", r.Content, err)
		}
		for i, l := range likes {
			if l.CreatedAt.Before(r.CreatedAt) || l.CreatedAt.After(now()) || !f.person(t, l.UserID).Before(l.CreatedAt) || i > 0 && l.CreatedAt.Before(likes[i-1].CreatedAt) {
				t.Errorf("a like at %s of what was said at %s", l.CreatedAt, r.CreatedAt)
			}
		}
	}
	for _, c := range f.reviews.Comments {
		check(c.Remark, c.Likes)
		if !infos[c.PlaceID] {
			t.Errorf("a comment on article %d", c.PlaceID)
		}
	}
	for _, r := range f.reviews.Replies {
		check(r.Remark, r.Likes)
		if r.Comment < 0 || r.Comment >= len(f.reviews.Comments) || r.CreatedAt.Before(f.reviews.Comments[r.Comment].CreatedAt) || r.UserID == r.ToUserID {
			t.Errorf("a reply %+v", r)
		}
	}
}

// checkManyReviews makes sure that the usual world has something to read.
func checkManyReviews(t *testing.T, f *fakes, world demo.World) {
	t.Helper()
	if n := len(f.reviews.Comments) + len(f.reviews.Replies); n < 120 || n > 260 || n != world.Remarks || len(f.reviews.Replies) < 40 {
		t.Errorf("%d comments and %d replies, the world counts %d", len(f.reviews.Comments), len(f.reviews.Replies), world.Remarks)
	}
	bought := map[[2]int64]bool{}
	for _, trade := range f.market.Trades {
		if o := trade.Order; o.Status == shop.OrderSettled {
			bought[[2]int64{o.InfoID, o.BuyerID}] = true
		}
	}
	articles, texts, mine, english := map[int64]bool{}, map[string]int{}, 0, 0
	for _, c := range f.reviews.Comments {
		articles[c.PlaceID] = true
		texts[c.Content]++
		if bought[[2]int64{c.PlaceID, c.UserID}] {
			mine++
		}
		if !strings.ContainsFunc(c.Content, func(r rune) bool { return unicode.Is(unicode.Hangul, r) }) {
			english++
		}
	}
	if len(articles) < 40 || mine < 40 || english < 8 || english > len(f.reviews.Comments)/2 {
		t.Errorf("comments on %d articles, %d by people who bought, %d in English", len(articles), mine, english)
	}
	for text, n := range texts {
		if n > 4 {
			t.Errorf("%d people say %q", n, text)
		}
	}
}
