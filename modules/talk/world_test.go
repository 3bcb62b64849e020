package talk_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rally/modules/accounts"
	"rally/modules/talk"
	"rally/modules/talk/internal/store"
	"rally/platform/audit"
	"rally/platform/auth"
	"rally/platform/db"
	"rally/platform/event"
	"rally/platform/fault"
	"rally/platform/testkit"
)

const (
	staff = 99
	hall  = "hall" // everybody reads, and some bear its mark
	club  = "club" // members only
)

var (
	errPlace   = fault.New(fault.NotFound, "test.place_not_found", "There is no such place.")
	hallFaults = talk.Faults{
		CommentNotFound: fault.New(fault.NotFound, "hall.comment_not_found", ""), ReplyNotFound: fault.New(fault.NotFound, "hall.reply_not_found", ""),
		ThreadFull: fault.New(fault.Conflict, "hall.thread_full", ""), TooManyRemarks: fault.New(fault.RateLimited, "hall.too_many_remarks", ""),
	}
	clubFaults = talk.Faults{
		CommentNotFound: fault.New(fault.NotFound, "club.comment_not_found", ""), ReplyNotFound: fault.New(fault.NotFound, "club.reply_not_found", ""),
		ThreadFull: fault.New(fault.Conflict, "club.thread_full", ""), TooManyRemarks: fault.New(fault.RateLimited, "club.too_many_remarks", ""),
	}
)

// crowd is a directory of people who are called as the words of crowdNames say; all
// others by their ids. It reads a row for each question, as a directory does.
type crowd struct {
	db     *db.DB
	names  map[int64]string
	gone   map[int64]bool
	hidden map[int64][]int64
}

func (c *crowd) profile(id int64) accounts.Profile {
	name := c.names[id]
	if name == "" {
		name = strconv.FormatInt(id, 10)
	}
	return accounts.Profile{UserID: id, ProfileName: name}
}

func (c *crowd) ProfilesOf(ctx context.Context, ids []int64) (map[int64]accounts.Profile, error) {
	found := map[int64]accounts.Profile{}
	for _, id := range ids {
		if !c.gone[id] {
			found[id] = c.profile(id)
		}
	}
	return found, c.read(ctx)
}

func (c *crowd) NamedAll(ctx context.Context, names []string) (map[string]accounts.Profile, error) {
	found := map[string]accounts.Profile{}
	for id := range c.names {
		key := c.profile(id).NameKey()
		if slices.ContainsFunc(names, func(n string) bool { return accounts.Profile{ProfileName: n}.NameKey() == key }) {
			found[key] = c.profile(id)
		}
	}
	return found, c.read(ctx)
}

func (c *crowd) Hidden(_ context.Context, userID int64) ([]int64, error) {
	return c.hidden[userID], nil
}

func (c *crowd) Following(ctx context.Context, viewer int64, ids []int64) (map[int64]bool, error) {
	follows := map[int64]bool{}
	for _, id := range ids {
		follows[id] = id == viewer+1
	}
	return follows, c.read(ctx)
}

func (c *crowd) read(ctx context.Context) error {
	_, err := db.Get[int64](ctx, c.db, "SELECT 1")
	return err
}

// host keeps the places of a room in a table of its own. Everybody below 10 has
// what its places are about.
type host struct {
	db    *db.DB
	table string
}

func (h host) Admit(ctx context.Context, placeID int64, by talk.Viewer) error {
	closed, err := db.Get[bool](ctx, h.db, "SELECT closed FROM "+h.table+" WHERE id = $1", placeID)
	if db.NotFound(err) || closed && !by.Staff {
		return errPlace
	}
	return err
}

func (h host) Owner(ctx context.Context, placeID int64) (int64, error) {
	return db.Get[int64](ctx, h.db, "SELECT owner FROM "+h.table+" WHERE id = $1", placeID)
}

func (h host) Hold(ctx context.Context, placeIDs []int64) error {
	if h.db.Dialect == db.SQLite {
		return nil
	}
	_, err := db.Select[int64](ctx, h.db, "SELECT id FROM "+h.table+" WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE", placeIDs)
	return err
}

func (h host) Count(ctx context.Context, placeID, step int64) error {
	n, err := db.Exec(ctx, h.db, "UPDATE "+h.table+" SET remarks = remarks + $2 WHERE id = $1", placeID, step)
	if err == nil && n == 0 {
		return errPlace
	}
	return err
}

func (h host) Recount(ctx context.Context, counts map[int64]int64) error {
	for id, n := range counts {
		changed, err := db.Exec(ctx, h.db, "UPDATE "+h.table+" SET remarks = $2 WHERE id = $1", id, n)
		if err != nil || changed == 0 {
			return errors.Join(err, errPlace)
		}
	}
	return nil
}

func (h host) Bought(ctx context.Context, _ int64, userIDs []int64) ([]int64, error) {
	buyers := slices.DeleteFunc(slices.Clone(userIDs), func(id int64) bool { return id >= 10 })
	_, err := db.Get[int64](ctx, h.db, "SELECT 1")
	return buyers, err
}

// countedTx counts how often transactions run: one that lost a race, or met a
// deadlock, runs again.
type countedTx struct {
	*db.DB
	runs atomic.Int64
}

func (c *countedTx) InTx(ctx context.Context, fn func(context.Context) error) error {
	return c.DB.InTx(ctx, func(ctx context.Context) error {
		c.runs.Add(1)
		return fn(ctx)
	})
}

// world is talk on a database, with two rooms of three places each, 1 to 3.
type world struct {
	*talk.Service
	*talk.Keeper
	db     *db.DB
	store  *store.Store
	rooms  *talk.Rooms
	people *crowd
	tx     *countedTx // of the keeper
	clock  *testkit.Clock
	wrote  testkit.Recorder[talk.Wrote]
	liked  testkit.Recorder[talk.Liked]
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{
		db: d, store: store.New(d), tx: &countedTx{DB: d}, clock: testkit.NewClock(time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC)),
		people: &crowd{db: d, names: map[int64]string{}, gone: map[int64]bool{}, hidden: map[int64][]int64{}},
	}
	for _, table := range []string{"halls", "clubs"} {
		w.execute(t, "CREATE TABLE "+table+" (id bigint PRIMARY KEY, owner bigint NOT NULL, closed boolean NOT NULL DEFAULT false, remarks bigint NOT NULL DEFAULT 0)")
		w.execute(t, "INSERT INTO "+table+" (id, owner) VALUES (1, 51), (2, 52), (3, 53)")
	}
	var err error
	w.rooms, err = talk.NewRooms(
		talk.Room{Kind: hall, Module: "hall", Place: "stage", Base: "/hall/", Collection: "stages", Max: 500, Host: host{d, "halls"}, Marks: host{d, "halls"}, Faults: hallFaults},
		talk.Room{Kind: club, Module: "club", Place: "table", Base: "/club/", Collection: "tables", Max: 20, Members: true, Host: host{d, "clubs"}, Faults: clubFaults},
	)
	if err != nil {
		t.Fatal(err)
	}
	events, err := event.NewDispatcher(
		event.On("test.wrote", func(ctx context.Context, e talk.Wrote) error { w.wrote.Add(ctx, e); return nil }),
		event.On("test.liked", func(ctx context.Context, e talk.Liked) error { w.liked.Add(ctx, e); return nil }),
	)
	if err != nil {
		t.Fatal(err)
	}
	people := talk.NewPeople(w.people, w.people, w.people)
	w.Service = talk.NewService(talk.Deps{Tx: d, Store: w.store, Rooms: w.rooms, People: people, Events: events, Audit: audit.New(d, w.clock.Now), Clock: w.clock.Now})
	w.Keeper = talk.NewKeeper(w.tx, w.store, w.rooms, people, w.clock.Now)
	return w
}

func as(t *testing.T, user int64) context.Context {
	t.Helper()
	return auth.With(t.Context(), auth.Identity{UserID: user, Staff: user == staff})
}

func (w *world) room(t *testing.T, kind string) *talk.Room {
	t.Helper()
	room, err := w.rooms.Of(kind)
	if err != nil {
		t.Fatal(err)
	}
	return room
}

func (w *world) execute(t *testing.T, query string, args ...any) {
	t.Helper()
	if _, err := db.Exec(t.Context(), w.db, query, args...); err != nil {
		t.Fatal(err)
	}
}

func (w *world) count(t *testing.T, query string, args ...any) int64 {
	t.Helper()
	n, err := db.Get[int64](t.Context(), w.db, query, args...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (w *world) comment(t *testing.T, user int64, room string, place int64, content string) talk.Thread {
	t.Helper()
	c, err := w.AddComment(as(t, user), room, place, content)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (w *world) reply(t *testing.T, user int64, room string, comment int64, content string) talk.Thread {
	t.Helper()
	r, err := w.AddReply(as(t, user), room, talk.NewReply{CommentID: comment, Content: content})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (w *world) like(t *testing.T, user int64, room string, kind talk.Kind, id int64) {
	t.Helper()
	if _, _, err := w.SetLike(as(t, user), room, kind, id, nil); err != nil {
		t.Error(err)
	}
}

// told are the comments on a place, each with its replies, as somebody reads them:
// their words.
func (w *world) told(ctx context.Context, t *testing.T, room string, place int64) string {
	t.Helper()
	r, err := w.room(t, room).CommentList(place).Parse("", 0)
	if err != nil {
		t.Fatal(err)
	}
	list, err := w.Comments(ctx, room, place, r)
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, c := range list.Rows {
		words = append(words, c.Content)
		for _, r := range c.Replies {
			words = append(words, ">"+r.Content)
		}
	}
	return strings.Join(words, " ")
}

// counted fails the test unless every stored count is the number of rows.
func (w *world) counted(t *testing.T) {
	t.Helper()
	for room, table := range map[string]string{hall: "halls", club: "clubs"} {
		counts, err := w.store.Counts(t.Context(), w.room(t, room), []int64{1, 2, 3})
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range slices.Sorted(maps.Keys(counts)) {
			if n := w.count(t, "SELECT remarks FROM "+table+" WHERE id = $1", id); n != counts[id] {
				t.Errorf("place %d of %s counts %d, want %d", id, room, n, counts[id])
			}
		}
	}
	if n := w.count(t, "SELECT count(*) FROM remarks r WHERE r.num_likes <> (SELECT count(*) FROM remark_likes l WHERE l.remark_id = r.id)"); n != 0 {
		t.Errorf("%d remarks count their likes wrong", n)
	}
}
