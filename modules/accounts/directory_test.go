package accounts_test

import (
	"testing"
	"time"

	"rally/modules/accounts"
	"rally/platform/db"
)

func TestTheDirectoryKnowsWhoIsHere(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		var list []accounts.ImportedUser
		for _, name := range []string{"here", "left", "erased"} {
			list = append(list, accounts.ImportedUser{Email: name + "@rally.example", Password: password, UserName: name, ProfileName: name, Introduction: "hello", Image: "people/" + name + ".png"})
		}
		ids, err := w.Import(t.Context(), list)
		if err != nil {
			t.Fatal(err)
		}
		directory := accounts.NewDirectory(w.store, nil)
		ask := func(ids ...int64) map[int64]accounts.Profile {
			t.Helper()
			ctx, n := db.WithCounter(t.Context())
			found, err := directory.ProfilesOf(ctx, ids)
			if err != nil || n.Load() != min(1, int64(len(ids))) {
				t.Fatalf("%d statements, %v", n.Load(), err)
			}
			return found
		}
		if found := ask(ids...); len(found) != 3 {
			t.Fatalf("all of them: %+v", found)
		}
		execute(t, w.db, "UPDATE users SET deactivated_at = $1 WHERE id IN ($2, $3)", w.clock.Now(), ids[1], ids[2])
		execute(t, w.db, "UPDATE users SET erased_at = $1 WHERE id = $2", w.clock.Now().Add(time.Hour), ids[2])
		found := ask(append(ids, ids[0], 0, -1, 999999)...)
		want := accounts.Profile{UserID: ids[0], UserName: "here", ProfileName: "here", Introduction: "hello", Image: "people/here.png"}
		if len(found) != 1 || found[ids[0]] != want {
			t.Errorf("%+v, want only %+v", found, want)
		}
		if found := ask(); found == nil || len(found) != 0 {
			t.Errorf("of nobody: %+v", found)
		}
		many := make([]int64, 40_000) // more than one statement can have parameters
		for i := range many {
			many[i] = int64(i)
		}
		if found := ask(many...); len(found) != 1 {
			t.Errorf("of many: %d", len(found))
		}
	})
}
