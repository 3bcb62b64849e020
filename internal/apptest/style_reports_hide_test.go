package apptest_test

import (
	"fmt"
	"testing"

	"rally/internal/apptest"
)

// What the staff hides is gone for everybody but its author and the staff, and is
// counted by nobody; shown again, it is as it was.
func TestStyleTheStaffHidesAPost(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		staff, author, me, anonymous := s.Staff(), s.Person(), s.Person(), s.Anonymous()
		follow(t, me, author.UserID)
		info := newShelf(t, staff).info(nil)
		kept := post(t, author, "kept")
		shown := postWith(t, author, M{"content": "#gone to @" + nameOf(t, me), "productinfo_ids": []int64{info}})
		said := say(t, me, shown.ID, "said")
		answer := answerTo(t, author, said.ID, "answered")
		like(t, me, postPath(shown.ID, ""))
		rank(t, s)
		id := reportOf(t, staff, me, postPath(shown.ID, ""))

		feeds := []string{"type=latest", "type=popular", "type=following", "type=liked", "type=tag&tag=gone", "type=search&q=gone", fmt.Sprintf("type=default&user_id=%d", author.UserID),
			fmt.Sprintf("type=mentions&user_id=%d", me.UserID), fmt.Sprintf("type=product&info_id=%d", info)}
		listed := func(c *apptest.Client) (n int) {
			t.Helper()
			for _, query := range feeds {
				for _, p := range feed(t, s, c, query) {
					if p.ID == shown.ID {
						n++
					}
				}
			}
			return n
		}
		if n := listed(me); n != len(feeds) {
			t.Fatalf("listed in %d of %d feeds", n, len(feeds))
		}
		postsShown := func() int64 { return personaOf(t, me, author.UserID).NumPosts }
		for range 2 { // hiding what is hidden changes nothing
			if m := decide(t, staff, id, "hide/"); m.State != "hidden" || m.Excerpt == "" || m.Author == nil {
				t.Errorf("hidden: %+v", m)
			}
		}
		if n := listed(me); n != 0 || postsShown() != 1 {
			t.Errorf("hidden, it is listed %d times and %d posts are counted", n, postsShown())
		}
		for _, c := range []*apptest.Client{me, anonymous} {
			c.Get(postPath(shown.ID, "")).WantCode(t, 404, "style.post_not_found")
		}
		for _, path := range []string{"comments/", "likes/"} {
			me.Get(postPath(shown.ID, path)).WantCode(t, 404, "style.post_not_found")
		}
		me.Patch(postPath(shown.ID, "like/"), nil).WantCode(t, 404, "style.post_not_found")
		me.Post(postPath(shown.ID, "comments/"), M{"content": "x"}).WantCode(t, 404, "style.post_not_found")
		me.Get(answerPath(answer.ID, "")).WantCode(t, 404, "style.reply_not_found")
		if own := apptest.Into[remark](t, me.Get(saidPath(said.ID, "")).Want(t, 200)); own.Content != "said" { // nobody loses their own words
			t.Errorf("one's own words below it: %+v", own)
		}
		for _, c := range []*apptest.Client{author, staff} {
			if p := readPost(t, c, shown.ID); !p.Hidden || p.NumComments != 2 || p.NumLikes != 1 {
				t.Errorf("its author and the staff see %+v", p)
			}
		}
		if p := readPost(t, author, kept.ID); p.Hidden {
			t.Errorf("another post: %+v", p)
		}
		author.Patch(postPath(shown.ID, ""), M{"content": "#gone for good, @" + nameOf(t, me)}).Want(t, 200) // and stays hidden
		if n := listed(me); n != 0 {
			t.Errorf("changed, it is listed %d times", n)
		}
		wantStyleCounted(t, s)

		if m := decide(t, staff, id, "restore/"); m.State != "open" {
			t.Errorf("restored: %+v", m)
		}
		if n := listed(me); n != len(feeds) || postsShown() != 2 || readPost(t, me, shown.ID).Hidden {
			t.Errorf("shown again, it is listed in %d of %d feeds; %d posts", n, len(feeds), postsShown())
		}
		decide(t, staff, id, "hide/")
		author.Delete(postPath(shown.ID, "")).Want(t, 204)
		wantStyleCounted(t, s)
		staff.Post(casePath(id, "restore/"), nil).WantCode(t, 404, "style.post_not_found")
		staff.Post(casePath(999999, "hide/"), nil).WantCode(t, 404, "style.report_not_found")
	})
}

// A reply goes alone, a comment takes its replies along; the post counts what
// everybody sees.
func TestStyleTheStaffHidesWords(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		staff, author, writer, me := s.Staff(), s.Person(), s.Person(), s.Person()
		shown := post(t, author, "words")
		said := say(t, writer, shown.ID, "said")
		first, second := answerTo(t, writer, said.ID, "first"), answerTo(t, author, said.ID, "second")
		say(t, me, shown.ID, "other")
		counted := func(what string, want int64) {
			t.Helper()
			if n := readPost(t, me, shown.ID).NumComments; n != want {
				t.Errorf("%s: %d comments are counted, want %d", what, n, want)
			}
			wantStyleCounted(t, s)
		}
		counted("at first", 4)
		ofReply := reportOf(t, staff, me, answerPath(first.ID, ""))
		ofComment := reportOf(t, staff, me, saidPath(said.ID, ""))
		decide(t, staff, ofReply, "hide/")
		counted("a reply is hidden", 3)
		if list := saidOn(t, me, shown.ID); len(list) != 2 || len(list[1].Replies) != 1 || list[1].Replies[0].ID != second.ID {
			t.Errorf("without the reply: %+v", list)
		}
		me.Get(answerPath(first.ID, "")).WantCode(t, 404, "style.reply_not_found")
		me.Patch(answerPath(first.ID, "like/"), nil).WantCode(t, 404, "style.reply_not_found")
		for _, c := range []*apptest.Client{writer, staff} {
			if own := apptest.Into[remark](t, c.Get(answerPath(first.ID, "")).Want(t, 200)); !own.Hidden || own.Content != "first" {
				t.Errorf("its writer and the staff see %+v", own)
			}
		}
		decide(t, staff, ofComment, "hide/")
		counted("the comment is hidden, too", 1)
		if list := saidOn(t, me, shown.ID); len(list) != 1 || list[0].Content != "other" {
			t.Errorf("without the comment: %+v", list)
		}
		for path, code := range map[string]string{saidPath(said.ID, ""): "style.comment_not_found", answerPath(second.ID, ""): "style.reply_not_found", saidPath(said.ID, "replies/"): "style.comment_not_found", saidPath(said.ID, "likes/"): "style.comment_not_found"} {
			me.Get(path).WantCode(t, 404, code)
		}
		if list := saidOn(t, writer, shown.ID); len(list) != 2 || !list[1].Hidden || !list[1].Replies[0].Hidden {
			t.Errorf("its writer sees %+v", list)
		}
		writer.Post(saidPath(said.ID, "replies/"), M{"content": "nobody sees that"}).WantCode(t, 404, "style.comment_not_found")
		decide(t, staff, ofComment, "dismiss/")
		counted("the comment is shown again", 3)
		decide(t, staff, ofReply, "restore/")
		counted("all is shown again", 4)
		if m := mattersIn(t, s, staff, "dismissed"); len(m) != 1 || m[0].ObjectType != "comment" {
			t.Errorf("dismissed: %+v", m)
		}

		// Hidden words count nowhere when they are deleted, and not twice.
		decide(t, staff, ofComment, "hide/")
		writer.Delete(saidPath(said.ID, "")).Want(t, 204)
		counted("the hidden comment is deleted", 1)
		staff.Post(casePath(ofComment, "restore/"), nil).WantCode(t, 404, "style.comment_not_found")
		staff.Post(casePath(ofReply, "hide/"), nil).WantCode(t, 404, "style.reply_not_found")
	})
}

func TestStyleDecisionsOfTheStaff(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		staff, author, me, other := s.Staff(), s.Person(), s.Person(), s.Person()
		person := reportOf(t, staff, me, personPath(author.UserID, ""))
		staff.Post(casePath(person, "hide/"), nil).WantCode(t, 409, "style.not_hideable")
		if m := decide(t, staff, person, "dismiss/"); m.State != "dismissed" || m.ObjectType != "profile" || m.Author.UserID != author.UserID {
			t.Errorf("dismissed: %+v", m)
		}
		personaOf(t, other, author.UserID)

		// Who reported it before doesn't open it again; somebody else does.
		me.Post(personPath(author.UserID, "report/"), M{"reason": "abuse"}).Want(t, 201)
		if n := len(mattersIn(t, s, staff, "open")); n != 0 {
			t.Errorf("%d open", n)
		}
		other.Post(personPath(author.UserID, "report/"), M{"reason": "abuse", "note": "still"}).Want(t, 201)
		if list := mattersIn(t, s, staff, "open"); len(list) != 1 || list[0].ID != person || list[0].Count != 2 || len(list[0].Notes) != 1 {
			t.Errorf("reported again: %+v", list)
		}

		// Each decision that changes something leaves one line.
		shown := post(t, author, "words of @"+nameOf(t, me))
		id := reportOf(t, staff, me, postPath(shown.ID, ""))
		rows := func() int { return count(t, s, "SELECT count(*) FROM audit_log WHERE action LIKE 'style.%'") }
		before := rows()
		for _, step := range []struct{ do, action, from, to string }{
			{"hide/", "style.report.hidden", "open", "hidden"}, {"hide/", "", "", ""}, {"dismiss/", "style.report.dismissed", "hidden", "dismissed"}, {"dismiss/", "", "", ""},
			{"restore/", "style.report.open", "dismissed", "open"}, {"restore/", "", "", ""}, {"hide/", "style.report.hidden", "open", "hidden"}, {"restore/", "style.report.open", "hidden", "open"},
		} {
			decide(t, staff, id, step.do)
			n := rows()
			if step.action == "" {
				if n != before {
					t.Errorf("%s again left %d lines", step.do, n-before)
				}
				continue
			}
			e := auditOf(t, staff, "page_size=1")[0]
			if n != before+1 || e.Action != step.action || e.Target != fmt.Sprintf("post:%d", shown.ID) || e.Reason != "Because." || e.Actor.UserID != staff.UserID || e.Before["state"] != step.from || e.After["state"] != step.to {
				t.Errorf("%s left %d lines, the last %+v", step.do, n-before, e)
			}
			before = n
		}
		for _, c := range []*apptest.Client{author, me} {
			c.Post(casePath(id, "hide/"), nil).WantCode(t, 403, "auth.forbidden")
		}
		s.Anonymous().Post(casePath(id, "hide/"), nil).WantCode(t, 401, "auth.required")
		if rows() != before || readPost(t, s.Anonymous(), shown.ID).Hidden {
			t.Error("somebody who is no staff decided")
		}

		// Who decides while the author is away decides for when they are back.
		gone := reportOf(t, staff, me, postPath(post(t, author, "not seen any more").ID, ""))
		email := emailOf(t, author)
		author.Post(base+"quit/", M{"password": apptest.Password}).Want(t, 200)
		decide(t, staff, gone, "hide/")
		login(t, author, email)
		if n, listed := personaOf(t, me, author.UserID).NumPosts, len(feed(t, s, me, "type=latest")); n != 1 || listed != 1 {
			t.Errorf("%d posts counted, %d listed", n, listed)
		}
		wantStyleCounted(t, s)
		author.Post(base+"quit/", M{"password": apptest.Password}).Want(t, 200)
		decide(t, staff, gone, "restore/")
		login(t, author, email)
		if n := personaOf(t, me, author.UserID).NumPosts; n != 2 {
			t.Errorf("%d posts counted, want 2", n)
		}
		wantStyleCounted(t, s)
	})
}

// What was deleted can't be hidden any more, but nobody is stuck with its case.
func TestStyleTheCaseOfADeletedPostCanBeClosed(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		staff, author, me := s.Staff(), s.Person(), s.Person()
		for _, hidden := range []bool{false, true} {
			shown := post(t, author, "going")
			id := reportOf(t, staff, me, postPath(shown.ID, ""))
			if hidden {
				decide(t, staff, id, "hide/")
			}
			author.Delete(postPath(shown.ID, "")).Want(t, 204)
			if !hidden {
				staff.Post(fmt.Sprintf("%s%d/hide/", reportsPath, id), nil).WantCode(t, 404, "style.post_not_found")
			}
			if m := decide(t, staff, id, "dismiss/"); m.State != "dismissed" || m.Excerpt != "" || m.Author != nil {
				t.Errorf("hidden %v: %+v", hidden, m)
			}
		}
	})
}
