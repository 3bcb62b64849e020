package accounts_test

import (
	"testing"

	"rally/modules/accounts"
	"rally/platform/db"
)

func TestTheDirectoryKnowsManyByName(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		var list []accounts.ImportedUser
		for _, name := range []string{"Mina", "솔빛", "left"} {
			list = append(list, accounts.ImportedUser{Email: name + "@rally.example", Password: password, UserName: name, ProfileName: name})
		}
		list[1].Email = "sol@rally.example"
		ids, err := w.Import(t.Context(), list)
		if err != nil {
			t.Fatal(err)
		}
		execute(t, w.db, "UPDATE users SET deactivated_at = $1 WHERE id = $2", w.clock.Now(), ids[2])
		directory := accounts.NewDirectory(w.store, nil)
		ctx, n := db.WithCounter(t.Context())
		found, err := directory.NamedAll(ctx, []string{"MINA", "mina", "ｍｉｎａ", "솔빛", "left", "nobody", "'; --"})
		if err != nil || n.Load() != 1 || len(found) != 2 || found["mina"].UserID != ids[0] || found["mina"].ProfileName != "Mina" || found["솔빛"].UserID != ids[1] {
			t.Errorf("%+v, %d statements, %v", found, n.Load(), err)
		}
		if found, err := directory.NamedAll(ctx, nil); err != nil || len(found) != 0 || n.Load() != 1 {
			t.Errorf("of no names: %+v, %d statements, %v", found, n.Load(), err)
		}
	})
}
