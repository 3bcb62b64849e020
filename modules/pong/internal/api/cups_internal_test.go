package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2/humatest"

	"rally/modules/accounts"
	"rally/modules/pong"
	"rally/modules/pong/internal/store"
	"rally/platform/audit"
	"rally/platform/auth"
	"rally/platform/db"
	"rally/platform/event"
	"rally/platform/testkit"
	"rally/platform/web"
)

// outside is what the game needs besides its database.
type outside struct{}

func (outside) ProfilesOf(_ context.Context, ids []int64) (map[int64]accounts.Profile, error) {
	found := map[int64]accounts.Profile{}
	for _, id := range ids {
		if id != 14 { // left
			found[id] = accounts.Profile{UserID: id, ProfileName: fmt.Sprint("player", id)}
		}
	}
	return found, nil
}
func (outside) Told(context.Context, pong.Notice, ...int64)             {}
func (outside) LobbyChanged(context.Context)                            {}
func (outside) CupChanged(context.Context, int64)                       {}
func (outside) Ended(context.Context, int64)                            {}
func (outside) Playing(context.Context, int64, int64)                   {}
func (outside) Score(int64) (score [2]int, watchers int, known bool)    { return }
func (outside) Owned(int64) bool                                        { return false }
func (outside) Release(context.Context, pong.Prize) error               { return nil }
func (outside) Award(context.Context, pong.Prize, int64) (int64, error) { return 77, nil }
func (outside) Escrow(_ context.Context, productID int64) (pong.Prize, error) {
	return pong.Prize{Unit: 1, ProductID: productID, InfoID: 2, EngName: "Solbit Court 84", KorName: "솔빛 코트 84", Size: "270"}, nil
}

func TestTournamentsOnTheWire(t *testing.T) {
	d := testkit.OpenDB(t, db.SQLite)
	clock := testkit.NewClock(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	events, err := event.NewDispatcher()
	if err != nil {
		t.Fatal(err)
	}
	a := New(pong.NewService(pong.Deps{
		Tx: d, Store: store.New(d), Events: events, Signals: outside{}, People: outside{}, Presence: outside{}, Prizes: outside{}, Tables: outside{},
		Audit: audit.New(d, clock.Now), Clock: clock.Now, Seed: func() uint32 { return 7 },
	}), web.NewIdempotency(d, clock.Now), clock.Now)
	_, api := humatest.New(t)
	a.registerCups(api)
	call := func(user int64, method, path string, args ...any) (status int, body map[string]any) {
		t.Helper()
		ctx := t.Context()
		if user != 0 {
			ctx = auth.With(ctx, auth.Identity{UserID: user, SessionID: 1, Staff: user == 99})
		}
		got := api.DoCtx(ctx, method, path, args...)
		if err := json.Unmarshal(got.Body.Bytes(), &body); err != nil {
			t.Fatalf("%s %s: %v", method, path, err)
		}
		return got.Code, body
	}
	fields := func(body map[string]any, want string) {
		t.Helper()
		var got []string
		for name := range body {
			if name != "$schema" {
				got = append(got, name)
			}
		}
		slices.Sort(got)
		if list := strings.Fields(want); !slices.Equal(got, list) {
			t.Errorf("%v, want %v", got, list)
		}
	}
	const facts = "champion created_at created_by ended_at entries id "
	status, body := call(1, http.MethodPost, "/api/pong/tournaments/", map[string]any{"name": "Friday", "size": 4})
	fields(body, facts+"joined may my_pairing name players points prize rounds size started_at state version")
	if status != http.StatusCreated || body["points"] != 5.0 || len(body["rounds"].([]any)) != 0 || len(body["players"].([]any)) != 0 || body["created_by"].(map[string]any)["profile_name"] != "player1" {
		t.Errorf("%d, %v", status, body)
	}
	if status, body := call(99, http.MethodPut, "/api/pong/tournaments/1/prize/", map[string]any{"product_id": 3}); status != http.StatusOK {
		t.Errorf("%d, %v", status, body)
	} else {
		fields(body["prize"].(map[string]any), "eng_name image info_id kor_name order_id product_id size")
	}
	for user := range int64(4) {
		for range 2 { // the second is the reply of the first
			status, body := call(11+user, http.MethodPost, "/api/pong/tournaments/1/join/", "Idempotency-Key: join")
			if status != http.StatusOK || body["joined"] != true || body["entries"] != float64(user+1) {
				t.Errorf("%d, %v", status, body)
			}
		}
	}
	status, body = call(0, http.MethodGet, "/api/pong/tournaments/?state=running")
	rows := body["results"].([]any)
	if status != http.StatusOK || len(rows) != 1 {
		t.Fatalf("%d, %v", status, body)
	}
	fields(rows[0].(map[string]any), facts+"joined may_prize name points prize size started_at state")
	_, body = call(11, http.MethodGet, "/api/pong/tournaments/1/")
	mine := body["my_pairing"].(map[string]any)
	fields(mine, "how match_id players ready_by round score slot state winner")
	if mine["state"] != "called" || mine["winner"] != nil || mine["how"] != nil || mine["players"].([]any)[0] != 11.0 || body["may"].(map[string]any)["leave"] != true {
		t.Errorf("%v", body)
	}
	players := body["players"].([]any)
	fields(players[0].(map[string]any), "image place profile_name rating seed user_id withdrawn")
	if left := players[3].(map[string]any); left["user_id"] != 14.0 || left["profile_name"] != nil || left["seed"] != 4.0 || left["place"] != nil {
		t.Errorf("%v", left)
	}
	frame, err := a.CupFrame(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := json.Marshal(frame)
	body = nil
	_ = json.Unmarshal(text, &body)
	fields(body, facts+"name players points prize rounds size started_at state version")
	for _, user := range []int64{12, 13, 11} { // the last of them wins
		call(user, http.MethodPost, "/api/pong/tournaments/1/leave/")
	}
	_, body = call(14, http.MethodGet, "/api/pong/tournaments/1/")
	if body["state"] != "finished" || body["champion"] != nil || body["prize"] != nil {
		t.Errorf("%v", body)
	}
	if status, body := call(1, http.MethodPost, "/api/pong/tournaments/1/cancel/"); status < 400 {
		t.Errorf("%d, %v", status, body)
	}
}
