package apptest_test

import (
	"strings"
	"testing"

	"rally/internal/apptest"
)

// Whoever is mentioned is named as they are called today, and only to those who
// see them.
func TestReviewsMentionPeople(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		a, b, foe := s.Person(), s.Person(), s.Person()
		info := newShelf(t, s.Staff()).info(nil)
		blocks(a, foe.UserID).Want(t, 201)
		text := "hello @" + strings.ToUpper(nameOf(t, b)) + ", @" + nameOf(t, foe) + " and a@" + nameOf(t, b)
		c := apptest.Into[remark](t, a.Post(infoPath(info, "comments/"), M{"content": text}).Want(t, 201))
		want := "hello @" + nameOf(t, b) + ", @" + nameOf(t, foe) + " and a@" + nameOf(t, b)
		if c.Content != want || len(c.Mentions) != 1 || c.Mentions[0].UserID != b.UserID || c.CreatedBy.Following != nil {
			t.Errorf("%+v, want %q", c, want)
		}
		rename(t, b, "solbit.b")
		answer := apptest.Into[remark](t, b.Post(commentPath(c.ID, "replies/"), M{"content": "me, @Solbit.B."}).Want(t, 201))
		if answer.Content != "me, @solbit.b." || len(answer.Mentions) != 1 {
			t.Errorf("%+v", answer)
		}
		after := apptest.Into[remark](t, s.Anonymous().Get(commentPath(c.ID, "")).Want(t, 200))
		if !strings.HasPrefix(after.Content, "hello @solbit.b, ") || after.Mentions[0].ProfileName != "solbit.b" || after.CreatedBy.Following != "login required" {
			t.Errorf("after the renaming: %+v", after)
		}
		if got := apptest.Into[remark](t, b.Get(commentPath(c.ID, "")).Want(t, 200)); got.CreatedBy.Following != false {
			t.Errorf("as another reads it: %+v", got)
		}
		blocks(foe, b.UserID).Want(t, 201)
		if got := apptest.Into[remark](t, foe.Get(replyPath(answer.ID, ""))); len(got.Mentions) != 0 {
			t.Errorf("hidden: %+v", got)
		}
		if list := s.Anonymous().Get(infoPath(info, "comments/")).Want(t, 200); strings.ContainsAny(string(list.Body), "\x0e\x0f") || strings.Contains(string(list.Body), `\u000e`) {
			t.Errorf("as it is stored: %s", list.Body)
		}
	})
}
