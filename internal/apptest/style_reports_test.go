package apptest_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rally/internal/apptest"
)

const reportsPath = stylePath + "reports/"

func casePath(id int64, rest string) string { return fmt.Sprintf("%s%d/%s", reportsPath, id, rest) }

// matter is all that was reported of one thing.
type matter struct {
	ID, Count  int64
	ObjectType string `json:"object_type"`
	ObjectID   int64  `json:"object_id"`
	PostID     *int64 `json:"post_id"`
	State      string
	Reasons    map[string]int64
	Notes      []string
	Excerpt    string
	Image      *string
	Author     *stylist
	CreatedAt  time.Time `json:"created_at"`
	UpdatedAt  time.Time `json:"updated_at"`
}

func mattersIn(t *testing.T, s *apptest.Server, staff *apptest.Client, state string) []matter {
	t.Helper()
	return walk[matter](t, s, staff, reportsPath+"?state="+state, 100)
}

// reportOf reports what nobody reported before, and returns the case.
func reportOf(t *testing.T, staff, reporter *apptest.Client, path string) int64 {
	t.Helper()
	reporter.Post(path+"report/", M{"reason": "spam"}).Want(t, 201)
	return apptest.Into[pageOf[matter]](t, staff.Get(reportsPath+"?page_size=1").Want(t, 200)).Results[0].ID
}

// decide has the staff do something about a case.
func decide(t *testing.T, staff *apptest.Client, id int64, step string) matter {
	t.Helper()
	return apptest.Into[matter](t, staff.Post(casePath(id, step), M{"reason": "Because."}).Want(t, 200))
}

func TestStyleReportsReachTheStaff(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		staff, author, a, b := s.Staff(), s.Person(), s.Person(), s.Person()
		author.Patch(personPath(author.UserID, ""), M{"introduction": "I am me."}).Want(t, 200)
		shown := postShown(t, author, map[string][]string{"content": {"buy @" + nameOf(t, a) + " now"}}, drawn(t, 8, 8))
		said := say(t, author, shown.ID, "a comment")
		answer := answerTo(t, author, said.ID, "a reply")
		objects := []struct {
			kind, path, excerpt string
			id                  int64
		}{
			{"post", postPath(shown.ID, ""), "buy @" + nameOf(t, a) + " now", shown.ID}, {"comment", saidPath(said.ID, ""), "a comment", said.ID},
			{"reply", answerPath(answer.ID, ""), "a reply", answer.ID}, {"profile", personPath(author.UserID, ""), "I am me.", author.UserID},
		}
		for i, o := range objects {
			s.Clock.Advance(time.Second)
			first := s.Clock.Now()
			if r := a.Post(o.path+"report/", M{"reason": "spam", "note": "  look at\nit  "}).Want(t, 201); !strings.Contains(string(r.Body), `"detail":"`) {
				t.Errorf("%s: %s", o.kind, r.Body)
			}
			// Again: nothing more is counted, whatever they say now.
			a.Post(o.path+"report/", M{"reason": "abuse", "note": "and again"}).Want(t, 201)
			s.Clock.Advance(time.Second)
			form(b, "POST", o.path+"report/", map[string][]string{"reason": {"counterfeit"}}).Want(t, 201)
			author.Post(o.path+"report/", M{"reason": "spam"}).WantCode(t, 400, "style.report_oneself")
			s.Anonymous().Post(o.path+"report/", M{"reason": "spam"}).WantCode(t, 401, "auth.required")

			list := mattersIn(t, s, staff, "open")
			if len(list) != i+1 {
				t.Fatalf("%d cases, want %d", len(list), i+1)
			}
			m := list[0]
			if m.ObjectType != o.kind || m.ObjectID != o.id || m.State != "open" || m.Count != 2 || fmt.Sprint(m.Reasons) != "map[counterfeit:1 spam:1]" || fmt.Sprint(m.Notes) != "[look at\nit]" ||
				m.Excerpt != o.excerpt || m.Author == nil || m.Author.UserID != author.UserID || !m.CreatedAt.Equal(first) || !m.UpdatedAt.Equal(s.Clock.Now()) {
				t.Errorf("a case: %+v", m)
			}
			if (m.PostID != nil) != (o.kind != "profile") || m.PostID != nil && *m.PostID != shown.ID || (m.Image != nil) != (o.kind == "post") || m.Image != nil && *m.Image != shown.Images[0] {
				t.Errorf("a %s: post %v, picture %v", o.kind, m.PostID, m.Image)
			}
		}
		for _, c := range []*apptest.Client{a, author} {
			c.Get(reportsPath).WantCode(t, 403, "auth.forbidden")
		}
		if n := len(walk[matter](t, s, staff, reportsPath, 1)); n != len(objects) {
			t.Errorf("%d cases, one by one", n)
		}
		hostileLists(t, staff, reportsPath)
		staff.Get(reportsPath+"?state=all").Want(t, 400)

		// What becomes of a thing that is gone stays to be closed.
		author.Delete(postPath(shown.ID, "")).Want(t, 204)
		for _, m := range mattersIn(t, s, staff, "open") {
			if m.ObjectType != "profile" && (m.Excerpt != "" || m.Author != nil || m.Image != nil || m.PostID != nil || m.Count != 2) {
				t.Errorf("of what is gone: %+v", m)
			}
			decide(t, staff, m.ID, "dismiss/")
		}
		if n, closed := len(mattersIn(t, s, staff, "open")), len(mattersIn(t, s, staff, "dismissed")); n != 0 || closed != len(objects) {
			t.Errorf("%d open, %d dismissed", n, closed)
		}
	})
}

func TestStyleWhatAReportMayNotSay(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		staff, author, me, foe := s.Staff(), s.Person(), s.Person(), s.Person()
		shown := post(t, author, "words")
		path := postPath(shown.ID, "report/")
		for _, reason := range []string{"", "Spam", "nonsense", " spam"} {
			wantField(t, me.Post(path, M{"reason": reason}), "reason")
		}
		for _, note := range []string{strings.Repeat("글", 301), "a\x07b", "a\tb"} {
			wantField(t, me.Post(path, M{"reason": "other", "note": note}), "note")
		}
		for _, body := range []any{nil, M{}, M{"reason": 5}, M{"reason": "spam", "note": []string{"x"}}, strings.NewReader("{")} {
			if r := me.With("Content-Type", "application/json").Post(path, body); r.Status != 400 {
				t.Errorf("%v: %d %s", body, r.Status, r.Body)
			}
		}
		if n := len(mattersIn(t, s, staff, "open")); n != 0 {
			t.Fatalf("%d cases of nonsense", n)
		}
		me.Post(path, M{"reason": "other", "note": strings.Repeat("글", 300)}).Want(t, 201)

		// What isn't there can't be reported, nor what is there under another name.
		said := say(t, author, shown.ID, "said")
		answer := answerTo(t, foe, said.ID, "answered")
		for path, code := range map[string]string{
			postPath(999999, ""): "style.post_not_found", saidPath(999999, ""): "style.comment_not_found", answerPath(999999, ""): "style.reply_not_found", personPath(999999, ""): "style.profile_not_found",
			saidPath(answer.ID, ""): "style.comment_not_found", answerPath(said.ID, ""): "style.reply_not_found",
			saidPath(comment(t, author, newShelf(t, staff).info(nil), "a review").ID, ""): "style.comment_not_found",
		} {
			me.Post(path+"report/", M{"reason": "spam"}).WantCode(t, 404, code)
		}
		// Nor what one doesn't see: from either side of a block, below it, or hidden.
		blocks(foe, me.UserID).Want(t, 201)
		theirs := post(t, foe, "theirs")
		head := say(t, foe, shown.ID, "their comment")
		below := answerTo(t, author, head.ID, "below their comment")
		for _, path := range []string{postPath(theirs.ID, ""), saidPath(head.ID, ""), answerPath(below.ID, ""), answerPath(answer.ID, ""), personPath(foe.UserID, "")} {
			if r := me.Post(path+"report/", M{"reason": "spam"}); r.Status != 404 {
				t.Errorf("%s of somebody who isn't there: %d %s", path, r.Status, r.Body)
			}
		}
		hide(t, staff, s.Person(), saidPath(said.ID, ""))
		under := answerPath(answerTo(t, author, say(t, author, shown.ID, "to be hidden").ID, "below").ID, "")
		hide(t, staff, s.Person(), saidPath(saidOn(t, author, shown.ID)[0].ID, ""))
		for _, path := range []string{saidPath(said.ID, ""), under} {
			if r := s.Person().Post(path+"report/", M{"reason": "spam"}); r.Status != 404 {
				t.Errorf("%s is hidden: %d %s", path, r.Status, r.Body)
			}
		}
	})
}

// However fast somebody reports, the staff reads thirty an hour of them; and of one
// thing there is one case, whoever reports it first.
func TestStyleReportsHaveALimit(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		staff, author, me := s.Staff(), s.Person(), s.Person()
		shown := posts(t, s, author, 40, "words")
		var taken, refused atomic.Int64
		var work []func()
		for _, id := range shown {
			work = append(work, func() {
				r := me.Post(postPath(id, "report/"), M{"reason": "spam"})
				switch {
				case r.Status == 201:
					taken.Add(1)
				case r.Status == 429 && r.Code() == "style.too_many_reports" && r.Header.Get("Retry-After") == "3600":
					refused.Add(1)
				default:
					t.Errorf("%d %s, Retry-After %q", r.Status, r.Body, r.Header.Get("Retry-After"))
				}
			})
		}
		together(work...)
		if taken.Load() != 30 || refused.Load() != 10 || len(mattersIn(t, s, staff, "open")) != 30 {
			t.Fatalf("%d taken, %d refused, %d cases", taken.Load(), refused.Load(), len(mattersIn(t, s, staff, "open")))
		}
		s.Clock.Advance(time.Hour - 10*time.Second)
		if r := me.Post(postPath(shown[0], "report/"), M{"reason": "spam"}).WantCode(t, 429, "style.too_many_reports"); r.Header.Get("Retry-After") != "10" {
			t.Errorf("Retry-After %q", r.Header.Get("Retry-After"))
		}
		s.Clock.Advance(10 * time.Second)
		me.Post(postPath(shown[0], "report/"), M{"reason": "spam"}).Want(t, 201)

		// A crowd reports one thing, while the staff decides on it.
		one := post(t, author, "one")
		id := reportOf(t, staff, s.Person(), postPath(one.ID, ""))
		work = nil
		for _, c := range s.People(20) {
			work = append(work, func() { wantOneOf(t, c.Post(postPath(one.ID, "report/"), M{"reason": "abuse"}), 201, 404) },
				func() { wantOneOf(t, c.Patch(postPath(one.ID, "like/"), nil), 200, 404) })
		}
		for _, step := range []string{"hide/", "restore/", "dismiss/", "hide/"} {
			work = append(work, func() { wantOneOf(t, staff.Post(casePath(id, step), nil), 200) })
		}
		together(work...)
		if n := count(t, s, "SELECT count(*) FROM report_cases WHERE object_type = 'post' AND object_id = $1", one.ID); n != 1 {
			t.Errorf("%d cases of one post", n)
		}
		hidden := count(t, s, "SELECT count(*) FROM posts WHERE id = $1 AND hidden", one.ID) == 1
		if state := tableCell(t, s, "SELECT state FROM report_cases WHERE id = $1", id); (state == "hidden") != hidden {
			t.Errorf("the case is %s, the post hidden: %v", state, hidden)
		}
		wantStyleCounted(t, s)
	})
}
