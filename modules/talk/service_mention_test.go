package talk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"rally/modules/accounts"
	"rally/modules/talk"
	"rally/platform/db"
	"rally/platform/page"
	"rally/platform/testkit"
)

func idsOf(profiles []accounts.Profile) []int64 {
	var ids []int64
	for _, p := range profiles {
		ids = append(ids, p.UserID)
	}
	return ids
}

// A mention means the person: it bears their renaming, and ends with them.
func TestMentionsAreOfPeople(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.people.names = map[int64]string{1: "writer", 7: "mina", 8: "juno", 9: "foe"}
		w.people.hidden = map[int64][]int64{1: {9}, 9: {1}}
		c := w.comment(t, 1, hall, 1, "@Mina @juno. @writer @foe @nobody a@mina")
		if c.Content != "@mina @juno. @writer @foe @nobody a@mina" || !slices.Equal(idsOf(c.Mentions), []int64{7, 8, 1}) {
			t.Errorf("written: %q, %v", c.Content, c.Mentions)
		}
		r := w.reply(t, 8, hall, c.ID, "hi @mina @mina")
		events := w.wrote.Take()
		if len(events) != 2 || !slices.Equal(events[0].Mentions, []int64{7, 8}) || events[0].Owner != 51 || events[0].Room != hall || events[0].Remark.Content != c.Content ||
			!slices.Equal(events[1].Mentions, []int64{7}) || events[1].Remark.CommentID != c.ID || events[1].Remark.ToUserID != 1 {
			t.Errorf("events: %+v", events)
		}

		w.people.names[7] = "mina2"
		w.people.gone[8] = true
		want := "@mina2 @…. @writer @foe @nobody a@mina >hi @mina2 @mina2"
		if got := w.told(t.Context(), t, hall, 1); got != want {
			t.Errorf("after a renaming and a leave: %q, want %q", got, want)
		}
		w.people.hidden[5] = []int64{7}
		if got, err := w.Thread(as(t, 5), hall, talk.Comment, c.ID); err != nil || got.Content != "@… @…. @writer @foe @nobody a@mina" || !slices.Equal(idsOf(got.Mentions), []int64{1}) {
			t.Errorf("without one whom the reader hides: %q, %v", got.Content, err)
		}
		exported, err := w.RemarksOf(t.Context(), hall, 1, page.Request{Number: 1, Size: 10})
		if err != nil || exported.Rows[0].Content != "@mina2 @…. @writer @foe @nobody a@mina" {
			t.Errorf("exported: %+v, %v", exported, err)
		}

		// What one reads can be sent back, and changes nothing.
		delete(w.people.gone, 8)
		read, _ := w.Thread(as(t, 1), hall, talk.Comment, c.ID)
		if same, err := w.EditRemark(as(t, 1), hall, talk.Comment, c.ID, read.Content); err != nil || same.EditedAt != nil {
			t.Errorf("edited with the same words: %+v, %v", same, err)
		}
		if edited, err := w.EditRemark(as(t, 1), hall, talk.Comment, c.ID, "only @juno"); err != nil || edited.EditedAt == nil || !slices.Equal(idsOf(edited.Mentions), []int64{8}) {
			t.Errorf("edited: %+v, %v", edited, err)
		}
		if n := len(w.wrote.Take()); n != 0 {
			t.Errorf("an edit emits %d events", n)
		}

		// The staff's log holds words, not numbers.
		if err := w.DeleteRemark(as(t, staff), hall, talk.Reply, r.ID); err != nil {
			t.Fatal(err)
		}
		kept, err := db.Get[string](t.Context(), d, "SELECT CAST(before AS text) FROM audit_log WHERE action = 'hall.reply.delete' AND target = $1", fmt.Sprint("reply:", r.ID))
		if err != nil || !strings.Contains(kept, "hi @mina2 @mina2") || !strings.Contains(kept, "stage") {
			t.Errorf("%s, %v", kept, err)
		}
	})
}

// The limit is of what was typed, not of what is stored.
func TestMentionsCountAsTyped(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.people.names = map[int64]string{1_000_000_007: "ab"}
		text := "@ab @ab @ab @ab @ab!" // 20 characters
		if c := w.comment(t, 1, club, 1, text); c.Content != text || len(c.Mentions) != 1 {
			t.Errorf("%+v", c)
		}
	})
}
