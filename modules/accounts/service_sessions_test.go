package accounts_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"rally/modules/accounts"
	"rally/platform/auth"
	"rally/platform/page"
)

// ids returns the sessions that somebody sees.
func (w *world) ids(ctx context.Context, t *testing.T) []int64 {
	t.Helper()
	list, err := w.Sessions(ctx)
	if err != nil {
		t.Fatal(err)
	}
	ids := []int64{}
	for _, s := range list {
		ids = append(ids, s.ID)
	}
	return ids
}

func TestSessionsAreListedByTheirLastUse(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		w.member(t, "other@rally.example")
		w.login(t, "other@rally.example")
		var tokens []auth.Tokens
		var ids []int64
		for range 3 {
			w.clock.Advance(time.Second)
			one, _ := w.login(t, mina)
			id, _ := auth.From(w.as(t, one))
			tokens, ids = append(tokens, one), append(ids, id.SessionID)
		}
		ctx := w.as(t, tokens[0])
		if got := w.ids(ctx, t); !slices.Equal(got, []int64{ids[2], ids[1], ids[0]}) {
			t.Errorf("%v of %v", got, ids)
		}
		w.clock.Advance(time.Minute)
		if _, err := w.Refresh(t.Context(), tokens[1].Refresh, accounts.Client{Address: "203.0.113.5", UserAgent: "other"}); err != nil {
			t.Fatal(err)
		}
		list, err := w.Sessions(ctx)
		if err != nil || len(list) != 3 || list[0].ID != ids[1] || list[0].Client.Address != "203.0.113.5" || list[0].Method != accounts.MethodPassword || !list[0].ExpiresAt.Equal(w.clock.Now().Add(month)) {
			t.Errorf("%+v, %v", list, err)
		}
		w.clock.Advance(month - time.Minute - 2*time.Second) // the first of them expires
		if got := w.ids(ctx, t); !slices.Equal(got, []int64{ids[1], ids[2]}) {
			t.Errorf("%v, expired is %d", got, ids[0])
		}
		_, err = w.Sessions(t.Context())
		want(t, "nobody", err, auth.ErrRequired)
	})
}

func TestASessionIsEndedByItsOwnerOnly(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		w.member(t, "other@rally.example")
		node := w.node(t, testConfig(), w.store)
		w.signals.nodes = []*accounts.Service{node}
		here, _ := w.login(t, mina)
		there, _ := w.login(t, mina)
		others, _ := w.login(t, "other@rally.example")
		lives(t, node, there)
		ctx := w.as(t, here)
		foreign, _ := auth.From(w.as(t, others))
		mine, _ := auth.From(w.as(t, there))
		for _, id := range []int64{foreign.SessionID, 999, 0, -1, math.MaxInt64} {
			want(t, fmt.Sprint(id), w.EndSession(ctx, id), accounts.ErrSessionNotFound)
		}
		want(t, "nobody", w.EndSession(t.Context(), mine.SessionID), auth.ErrRequired)
		lives(t, w.Service, others)
		if err := w.EndSession(ctx, mine.SessionID); err != nil {
			t.Fatal(err)
		}
		ended(t, w.Service, there)
		ended(t, node, there)
		lives(t, w.Service, here)
		want(t, "again", w.EndSession(ctx, mine.SessionID), accounts.ErrSessionNotFound)
		own, _ := auth.From(ctx)
		if err := w.EndSession(ctx, own.SessionID); err != nil {
			t.Errorf("the own: %v", err)
		}
		ended(t, w.Service, here)
	})
}

func TestEndingTheOthersLeavesThisOne(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		w.member(t, "other@rally.example")
		node := w.node(t, testConfig(), w.store)
		w.signals.nodes = []*accounts.Service{node}
		here, _ := w.login(t, mina)
		others, _ := w.login(t, "other@rally.example")
		var gone []auth.Tokens
		for range 3 {
			tokens, _ := w.login(t, mina)
			lives(t, node, tokens)
			gone = append(gone, tokens)
		}
		ctx := w.as(t, here)
		if err := w.Logout(t.Context(), gone[0].Refresh); err != nil {
			t.Fatal(err)
		}
		for _, wanted := range []int{2, 0} {
			if n, err := w.EndOtherSessions(ctx); n != wanted || err != nil {
				t.Errorf("%d ended, want %d, %v", n, wanted, err)
			}
		}
		for _, tokens := range gone {
			ended(t, w.Service, tokens)
			ended(t, node, tokens)
		}
		lives(t, w.Service, here)
		lives(t, w.Service, others)
		_, err := w.EndOtherSessions(t.Context())
		want(t, "nobody", err, auth.ErrRequired)
	})
}

func TestTrustOfADeviceEnds(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		w.member(t, "other@rally.example")
		tokens, _ := w.login(t, mina)
		stranger, _ := w.login(t, "other@rally.example")
		ctx := w.as(t, tokens)
		step := w.twoStep(ctx, t)
		list, current, err := w.Devices(ctx, accounts.Client{})
		if err != nil || len(list) != 0 || current != 0 {
			t.Errorf("%+v, %d, %v: nobody trusted it", list, current, err)
		}
		in, err := w.Service.Login(ctx, loginForm(mina, password))
		if err != nil {
			t.Fatal(err)
		}
		in, err = w.FinishLogin(ctx, in.Pending.Value, accounts.SecondProof{Code: step.code(t)}, true, accounts.Client{Address: "203.0.113.5"})
		if err != nil {
			t.Fatal(err)
		}
		known := accounts.Client{Device: in.Device.Value}
		list, current, err = w.Devices(ctx, known)
		if err != nil || len(list) != 1 || list[0].ID != current || list[0].Client.Address != "203.0.113.5" || !list[0].TrustedUntil.Equal(w.clock.Now().Add(month)) {
			t.Fatalf("%+v, %d, %v", list, current, err)
		}
		want(t, "somebody else's", w.DistrustDevice(w.as(t, stranger), current), accounts.ErrDeviceNotFound)
		want(t, "nobody", w.DistrustDevice(t.Context(), current), auth.ErrRequired)
		if err := w.DistrustDevice(ctx, current); err != nil {
			t.Fatal(err)
		}
		want(t, "again", w.DistrustDevice(ctx, current), accounts.ErrDeviceNotFound)
		if list, _, err := w.Devices(ctx, known); err != nil || len(list) != 0 {
			t.Errorf("%+v, %v", list, err)
		}
		again, err := w.Service.Login(t.Context(), accounts.LoginForm{Email: mina, Password: password, Client: known})
		if err != nil || again.Pending.Value == "" {
			t.Errorf("no second step: %+v, %v", again, err)
		}
	})
}

func TestSecurityEventsArePagedBothWays(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		w.member(t, "other@rally.example")
		tokens, account := w.login(t, mina)
		stranger, other := w.login(t, "other@rally.example")
		ctx := w.as(t, tokens)
		const n = 7
		for i := range n {
			if err := w.db.InTx(t.Context(), func(ctx context.Context) error {
				e := accounts.SecurityEvent{UserID: account.User.ID, Kind: fmt.Sprint(i), Provider: "naver", Client: accounts.Client{Address: "192.0.2.1", UserAgent: "x"}, At: w.clock.Now()}
				errMine := w.store.InsertSecurityEvent(ctx, e)
				e.UserID = other.User.ID
				return errors.Join(errMine, w.store.InsertSecurityEvent(ctx, e))
			}); err != nil {
				t.Fatal(err)
			}
		}
		list := accounts.SecurityEventList(account.User.ID)
		read := func(cursor string) page.Slice[accounts.SecurityEvent] {
			t.Helper()
			r, err := list.Parse(cursor, 3)
			if err != nil {
				t.Fatal(err)
			}
			slice, err := w.SecurityEvents(ctx, r)
			if err != nil {
				t.Fatal(err)
			}
			return slice
		}
		kinds := func(s page.Slice[accounts.SecurityEvent]) string {
			text := ""
			for _, e := range s.Rows {
				if e.UserID != account.User.ID || e.Provider != "naver" || e.Client.Address != "192.0.2.1" || !e.At.Equal(w.clock.Now()) {
					t.Errorf("%+v", e)
				}
				text += e.Kind
			}
			return text
		}
		pages := []string{"654", "321", "0"}
		at, cursors := "", []string{}
		for i, wanted := range pages {
			slice := read(at)
			if got := kinds(slice); got != wanted || (slice.Next == "") != (i == 2) || (slice.Previous == "") != (i == 0) {
				t.Errorf("forwards, page %d: %s, next %q, previous %q", i, got, slice.Next, slice.Previous)
			}
			at, cursors = slice.Next, append(cursors, slice.Previous)
		}
		at = cursors[2]
		for i := 1; i >= 0; i-- {
			slice := read(at)
			if got := kinds(slice); got != pages[i] || (slice.Previous == "") != (i == 0) || slice.Next == "" {
				t.Errorf("backwards, page %d: %s, next %q, previous %q", i, got, slice.Next, slice.Previous)
			}
			at = slice.Previous
		}
		_, err := accounts.SecurityEventList(other.User.ID).Parse(cursors[2], 3)
		want(t, "another user's cursor", err, page.ErrBadCursor)
		_, err = w.SecurityEvents(t.Context(), page.CursorRequest{Size: 3})
		want(t, "nobody", err, auth.ErrRequired)
		// Whoever asks sees their own, whatever place they ask for.
		r, err := list.Parse(cursors[1], 3)
		if err != nil {
			t.Fatal(err)
		}
		slice, err := w.SecurityEvents(w.as(t, stranger), r)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range slice.Rows {
			if e.UserID != other.User.ID {
				t.Errorf("a stranger sees %+v", e)
			}
		}
	})
}
