package apptest_test

import (
	"fmt"
	"slices"
	"testing"

	"rally/internal/apptest"
)

// scene is a post of an author in each feed of a viewer, and what is said and
// liked below it by the author and by somebody else.
type scene struct {
	t              *testing.T
	s              *apptest.Server
	viewer, author *apptest.Client
	host, staff    *apptest.Client
	info           int64
	shown, hosts   story  // the author's post, and the host's
	said, answer   remark // of the author, below the host's
	under          remark // of the host, under what the author said
}

func newScene(t *testing.T, s *apptest.Server) scene {
	t.Helper()
	z := scene{t: t, s: s, viewer: s.Person(), author: s.Person(), host: s.Person(), staff: s.Staff()}
	z.info = newShelf(t, z.staff).info(nil)
	rename(t, z.viewer, "viewer")
	follow(t, z.viewer, z.author.UserID)
	follow(t, z.viewer, z.host.UserID)
	fields := M{"content": "unseen words #unseen @viewer", "productinfo_ids": []int64{z.info}}
	z.hosts, z.shown = postWith(t, z.host, fields), postWith(t, z.author, fields)
	for _, p := range []story{z.hosts, z.shown} {
		like(t, z.viewer, postPath(p.ID, ""))
		like(t, z.author, postPath(p.ID, ""))
	}
	first := say(t, z.host, z.hosts.ID, "the host's")
	z.answer = answerTo(t, z.author, first.ID, "the author's reply")
	z.said = say(t, z.author, z.hosts.ID, "the author's")
	z.under = answerTo(t, z.host, z.said.ID, "the host's reply")
	for _, c := range []*apptest.Client{z.host, z.author} {
		like(t, c, saidPath(first.ID, ""))
		like(t, c, answerPath(z.answer.ID, ""))
	}
	rank(t, s)
	return z
}

func (z scene) queries(c *apptest.Client) []string {
	list := []string{
		"type=latest", popular, "type=tag&tag=unseen", "type=search&q=unseen", fmt.Sprintf("type=default&user_id=%d", z.author.UserID),
		fmt.Sprintf("type=mentions&user_id=%d", z.viewer.UserID), fmt.Sprintf("type=product&info_id=%d", z.info),
	}
	if c == z.viewer {
		list = append(list, "type=following", "type=liked")
	}
	return list
}

// wantPost fails the test unless the author's post is in every feed in which it
// was, or in none, and can be read and acted on, or not.
func (z scene) wantPost(when string, c *apptest.Client, want bool) {
	z.t.Helper()
	for _, query := range z.queries(c) {
		list := feed(z.t, z.s, c, query)
		has := func(id int64) bool { return slices.ContainsFunc(list, func(p story) bool { return p.ID == id }) }
		if has(z.shown.ID) != want {
			z.t.Errorf("%s person %d, %s: the author's post is there: %v", when, c.UserID, query, has(z.shown.ID))
		}
		if query == "type=latest" && !has(z.hosts.ID) {
			z.t.Errorf("%s person %d doesn't see the host's post", when, c.UserID)
		}
	}
	status := map[bool]int{true: 200, false: 404}[want]
	c.Get(postPath(z.shown.ID, "")).Want(z.t, status)
	if c.UserID == 0 {
		return
	}
	c.Get(postPath(z.shown.ID, "likes/")).Want(z.t, status)
	c.Get(postPath(z.shown.ID, "comments/")).Want(z.t, status)
	if !want {
		c.Patch(postPath(z.shown.ID, "like/"), nil).WantCode(z.t, 404, "style.post_not_found")
		c.Post(postPath(z.shown.ID, "comments/"), M{"content": "x"}).WantCode(z.t, 404, "style.post_not_found")
	}
}

// wantWords fails the test unless what the author said and likes below the host's
// post is shown, or not.
func (z scene) wantWords(when string, c *apptest.Client, want bool) {
	z.t.Helper()
	list := saidOn(z.t, c, z.hosts.ID)
	comments, replies := 1, 0
	if want {
		comments, replies = 2, 1
	}
	first := list[len(list)-1]
	if len(list) != comments || len(first.Replies) != replies || first.NumLikes != int64(comments) {
		z.t.Errorf("%s person %d sees %+v", when, c.UserID, list)
	}
	for path, status := range map[string]bool{saidPath(z.said.ID, ""): want, answerPath(z.answer.ID, ""): want, answerPath(z.under.ID, ""): want} {
		if r := c.Get(path); r.Status != map[bool]int{true: 200, false: 404}[status] {
			z.t.Errorf("%s person %d reads %s: %d", when, c.UserID, path, r.Status)
		}
	}
	for _, path := range []string{postPath(z.hosts.ID, "likes/"), saidPath(first.ID, "likes/")} {
		likes := walk[likeRow](z.t, z.s, c, path, 100)
		is := slices.ContainsFunc(likes, func(l likeRow) bool { return l.Profile != nil && l.Profile.UserID == z.author.UserID })
		if is != want || len(likes) != comments {
			z.t.Errorf("%s person %d sees in %s: %+v", when, c.UserID, path, likes)
		}
	}
}

// Whom one blocks or mutes is not there, in any list; others see them as before.
func TestStyleTheBlockedAndTheMutedLeaveEveryList(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		z := newScene(t, s)
		third := s.Person()
		z.wantPost("at first", z.viewer, true)
		z.wantWords("at first", z.viewer, true)

		// A mute is of one side, and is not told.
		mute(t, z.viewer, z.author.UserID)
		z.wantPost("muted,", z.viewer, false)
		z.wantWords("muted,", z.viewer, false)
		for _, c := range []*apptest.Client{third, z.author, z.staff} {
			z.wantPost("muted by another,", c, true)
			z.wantWords("muted by another,", c, true)
		}
		z.wantPost("muted by another,", s.Anonymous(), true)
		theirs := post(t, z.viewer, "the viewer's #theirs")
		if got := feedIDs(t, s, z.author, "type=tag&tag=theirs"); got != ids(theirs.ID) {
			t.Errorf("whom one muted sees %s", got)
		}
		z.viewer.Delete(fmt.Sprintf("%smutes/%d/", friendsPath, z.author.UserID)).Want(t, 204)
		z.wantPost("after the mute", z.viewer, true)
		z.wantWords("after the mute", z.viewer, true)

		// A block hides both from each other.
		blocks(z.author, z.viewer.UserID).Want(t, 201)
		z.wantPost("blocked,", z.viewer, false)
		z.wantWords("blocked,", z.viewer, false)
		if got := feedIDs(t, s, z.author, "type=tag&tag=theirs"); got != "" {
			t.Errorf("whoever blocks sees %s", got)
		}
		z.author.Get(postPath(theirs.ID, "")).WantCode(t, 404, "style.post_not_found")
		z.wantPost("blocked by another,", third, true)
		z.wantPost("blocked by another,", s.Anonymous(), true)
		// A mention of somebody who isn't there names nobody.
		if got := readPost(t, z.host, postWith(t, z.author, M{"content": "@viewer again"}).ID); len(got.Mentions) != 0 {
			t.Errorf("a blocked person is mentioned: %+v", got)
		}
		wantStyleCounted(t, s)
	})
}

// What the staff hides is there for its author and the staff alone.
func TestStyleTheHiddenLeavesEveryList(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		z := newScene(t, s)
		hide(t, z.staff, z.host, postPath(z.shown.ID, ""))
		rank(t, s)
		for _, c := range []*apptest.Client{z.viewer, z.host, s.Anonymous()} {
			z.wantPost("hidden,", c, false)
		}
		for _, c := range []*apptest.Client{z.author, z.staff} {
			if got := readPost(t, c, z.shown.ID); !got.Hidden {
				t.Errorf("person %d isn't told: %+v", c.UserID, got)
			}
			if got := feedIDs(t, s, c, "type=latest"); got != ids(z.hosts.ID) {
				t.Errorf("person %d has it in the feed: %s", c.UserID, got)
			}
		}
		s.Person().Get(postPath(z.shown.ID, "likes/")).WantCode(t, 404, "style.post_not_found")
		z.author.Patch(postPath(z.shown.ID, ""), M{"content": "changed #unseen @viewer"}).Want(t, 200)
		z.wantPost("hidden and changed,", z.viewer, false)

		// A comment takes its replies along, and a reply goes alone; the post counts
		// what is seen.
		hide(t, z.staff, z.host, saidPath(z.said.ID, ""))
		hide(t, z.staff, z.host, answerPath(z.answer.ID, ""))
		for _, c := range []*apptest.Client{z.viewer, z.host, s.Person()} {
			list := saidOn(t, c, z.hosts.ID)
			if len(list) != 1 || len(list[0].Replies) != 0 {
				t.Errorf("person %d sees %+v", c.UserID, list)
			}
		}
		if n := readPost(t, z.viewer, z.hosts.ID).NumComments; n != 1 {
			t.Errorf("the post counts %d", n)
		}
		if list := saidOn(t, z.author, z.hosts.ID); len(list) != 2 || !list[0].Hidden || len(list[1].Replies) != 1 || !list[1].Replies[0].Hidden {
			t.Errorf("whoever wrote them sees %+v", list)
		}
		z.viewer.Patch(saidPath(z.said.ID, "like/"), nil).WantCode(t, 404, "style.comment_not_found")
		z.viewer.Patch(answerPath(z.answer.ID, "like/"), nil).WantCode(t, 404, "style.reply_not_found")
		z.viewer.Get(answerPath(z.under.ID, "")).WantCode(t, 404, "style.reply_not_found")
		wantStyleCounted(t, s)

		for _, r := range apptest.Into[pageOf[idOf]](t, z.staff.Get(stylePath+"reports/?state=hidden").Want(t, 200)).Results {
			decide(t, z.staff, r.ID, "restore/")
		}
		rank(t, s)
		z.wantPost("restored,", z.viewer, true)
		z.wantWords("restored,", z.viewer, true)
		wantStyleCounted(t, s)
	})
}
