package apptest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"rally/internal/apptest"
	"rally/platform/db"
	"rally/platform/testkit"
)

// changed reads people frames until one says how somebody is called.
func (l *line) changed(user int64, name string) profile {
	l.t.Helper()
	for {
		for _, p := range l.people() {
			if p.UserID == user && p.ProfileName == name {
				return p
			}
		}
	}
}

func (l *line) people() []profile {
	l.t.Helper()
	var f struct{ Changed []profile }
	if err := json.Unmarshal(l.expect("people"), &f); err != nil || f.Changed == nil {
		l.t.Fatalf("a people frame: %+v, %v", f, err)
	}
	return f.Changed
}

const followPeople = `{"sub":["people"]}`

// A new name, or picture, reaches whoever has a page open, and all that is read
// afterwards.
func TestStyleARenameReachesEveryPage(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, reader := s.Person(), s.Person()
		befriend(t, me, reader)
		mine := post(t, me, "words")
		theirs := post(t, reader, "by @"+nameOf(t, me))
		said := say(t, me, theirs.ID, "words")
		answerTo(t, reader, said.ID, "to me")
		like(t, me, postPath(theirs.ID, ""))
		follow(t, me, reader.UserID)
		review := comment(t, me, newShelf(t, s.Staff()).info(nil), "words")
		anonymous, _ := enter(t, s, "")
		there, _ := enter(t, s, token(t, reader))
		for _, l := range []*line{anonymous, there} {
			l.send(followPeople)
			if first := l.people(); len(first) != 0 {
				t.Errorf("nobody has changed yet: %+v", first)
			}
		}
		allTold(t, s)

		// Each page that shows them shows the name of the day, from the answer on.
		pages := []struct {
			c    *apptest.Client
			path string
		}{
			{s.Anonymous(), postsPath + "?type=latest"}, {s.Anonymous(), postPath(mine.ID, "")}, {s.Anonymous(), postPath(theirs.ID, "")}, {reader, postPath(theirs.ID, "comments/")},
			{reader, saidPath(said.ID, "")}, {reader, postPath(theirs.ID, "likes/")}, {reader, personPath(reader.UserID, "followers/")}, {s.Anonymous(), personPath(me.UserID, "")},
			{s.Anonymous(), commentPath(review.ID, "")}, {reader, friendsPath}, {reader, inboxPath}, {reader, inboxPath + "activity/"}, {reader, stylePath + "search/?q=new"},
		}
		for i, name := range []string{"new.one", "new.two", "new.솔빛"} {
			me.Patch(personPath(me.UserID, ""), M{"profile_name": name}).Want(t, 200)
			for _, p := range pages {
				if r := p.c.Get(p.path).Want(t, 200); !strings.Contains(string(r.Body), `"`+name+`"`) {
					t.Errorf("%s doesn't say %s: %s", p.path, name, r.Body)
				}
			}
			if p := readPost(t, reader, theirs.ID); p.Content != "by @"+name || p.Mentions[0].ProfileName != name {
				t.Errorf("a mention: %+v", p)
			}
			if r := s.Anonymous().Get(namedPath(name)); r.Status != 200 {
				t.Errorf("by its name: %d", r.Status)
			}
			if i > 0 {
				s.Anonymous().Get(namedPath([]string{"new.one", "new.two"}[i-1])).WantCode(t, 404, "style.profile_not_found")
			}
			if p := anonymous.changed(me.UserID, name); p.Image != nil {
				t.Errorf("changed: %+v", p)
			}
		}
		// The reader, a friend, is told of their friend beside.
		seen, last := 0, ""
		for seen < 3 || last != "new.솔빛" {
			var f frame
			_, data, err := there.conn.ReadMessage()
			if err == nil {
				err = json.Unmarshal(data, &f)
			}
			if err != nil {
				t.Fatal(err)
			}
			if f.Topic == "friends" && strings.Contains(string(f.Data), `"renamed"`) {
				seen++
			}
			if f.Topic == "people" {
				var p struct{ Changed []profile }
				if err := json.Unmarshal(f.Data, &p); err != nil || len(p.Changed) != 1 {
					t.Fatalf("%s, %v", f.Data, err)
				}
				last = p.Changed[0].ProfileName
			}
		}

		// A picture is told, too, and an introduction that nobody shows harms nobody.
		image := apptest.Into[persona](t, attach(t, me, http.MethodPatch, personPath(me.UserID, ""), nil, drawn(t, 4, 4)).Want(t, 200)).Image
		for told := (*string)(nil); told == nil || s.URL+*told != *image; {
			told = anonymous.changed(me.UserID, "new.솔빛").Image
		}
		rename(t, reader, "reader")
		anonymous.changed(reader.UserID, "reader")
		late, _ := enter(t, s, "") // who comes now may have read pages a moment ago
		late.send(followPeople)
		if list := late.people(); who(list, func(p profile) int64 { return p.UserID }) != ids(me.UserID, reader.UserID) {
			t.Errorf("told late: %+v", list)
		}
		// Who has left is told of no more.
		me.Post(base+"quit/", M{"password": apptest.Password}).Want(t, 200)
		testkit.Until(t, "who left is not told of", func() bool {
			l, _ := enter(t, s, "")
			defer func() { _ = l.conn.Close() }()
			l.send(followPeople)
			return who(l.people(), func(p profile) int64 { return p.UserID }) == ids(reader.UserID)
		})
		for _, topic := range []string{"people:1", "people:"} {
			late.send(`{"sub":["` + topic + `"]}`)
			late.fault("ws.unknown_topic")
		}
	})
}

// A node that has shown somebody shows them as they are now, whoever's node
// changed them; and hides who blocks or mutes there.
func TestStyleTheOtherNodeKnowsAtOnce(t *testing.T) {
	for _, dialect := range []db.Dialect{db.SQLite, db.Postgres} {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			shared := map[string]string{"RALLY_DATABASE_URL": testkit.DatabaseURL(t, dialect), "RALLY_NATS_URL": startNATS(t)}
			one, two := apptest.Start(t, dialect, shared), apptest.Start(t, dialect, shared)
			me, reader := one.Person(), two.Person()
			shown := post(t, me, "words")
			old := nameOf(t, me)
			if p := readPost(t, reader, shown.ID); p.CreatedBy.ProfileName != old {
				t.Fatalf("shown as %+v", p)
			}
			live, _ := enter(t, two, "")
			live.send(followPeople)
			live.people()
			me.Patch(personPath(me.UserID, ""), M{"profile_name": "far.away"}).Want(t, 200)
			live.changed(me.UserID, "far.away")
			if p := readPost(t, reader, shown.ID); p.CreatedBy.ProfileName != "far.away" { // the signal was heard: nothing of before is remembered
				t.Errorf("told, and still shown as %+v", p)
			}

			// Time stands still: what is remembered goes by the signal alone.
			there, far := bearer(two, token(t, me)), bearer(one, token(t, reader))
			see := func(c *apptest.Client, want int) {
				t.Helper()
				eventually(t, fmt.Sprintf("the other node answers %d", want), func() bool { return c.Get(postPath(shown.ID, "")).Status == want })
			}
			see(reader, 200)
			see(far, 200)
			mute(t, reader, me.UserID)
			see(reader, 404)
			see(far, 404)
			unmute(t, reader, me.UserID)
			see(far, 200)
			mine := post(t, reader, "words")
			if r := there.Get(postPath(mine.ID, "")); r.Status != 200 {
				t.Errorf("%d %s", r.Status, r.Body)
			}
			blocks(reader, me.UserID).Want(t, 201)
			see(far, 404)
			eventually(t, "who is blocked sees nothing there", func() bool { return me.Get(postPath(mine.ID, "")).Status == 404 })
			me.Post(base+"quit/", M{"password": apptest.Password}).Want(t, 200)
			eventually(t, "who left is nobody there", func() bool { return two.Anonymous().Get(personPath(me.UserID, "")).Status == 404 })
		})
	}
}
