package accounts_test

import (
	"context"
	"crypto/rand"
	"errors"
	"regexp"
	"sync"
	"testing"
	"time"

	"rally/modules/accounts"
	"rally/modules/accounts/internal/store"
	"rally/platform/auth"
	"rally/platform/db"
	"rally/platform/event"
	"rally/platform/fault"
	"rally/platform/testkit"
)

const (
	baseURL  = "https://rally.test"
	password = "wind-over-namsan"
)

// mailbox keeps what was committed, as the outbox does.
type mailbox struct {
	testkit.Recorder[accounts.Mail]
}

func (m *mailbox) Send(ctx context.Context, mail accounts.Mail) error {
	m.Add(ctx, mail)
	return nil
}

// signals hands ended sessions to the other nodes, and counts.
type signals struct {
	mu    sync.Mutex
	ended []int64
	nodes []*accounts.Service
}

func (s *signals) SessionEnded(_ context.Context, ids ...int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = append(s.ended, ids...)
	for _, node := range s.nodes {
		node.DropSessions(ids...)
	}
}

func (s *signals) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.ended)
}

type world struct {
	*accounts.Service
	db      *db.DB
	store   accounts.Store
	clock   *testkit.Clock
	mail    *mailbox
	signals *signals

	registered testkit.Recorder[accounts.UserRegistered]
}

func testConfig() accounts.Config {
	return accounts.Config{
		AccessTTL: 15 * time.Minute, SessionTTL: 30 * 24 * time.Hour, RefreshGrace: 30 * time.Second,
		PasswordMemory: 64, PasswordPasses: 1, PasswordQueue: 64,
	}
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{
		db: d, store: store.New(d), mail: &mailbox{}, signals: &signals{},
		clock: testkit.NewClock(time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC)),
	}
	w.Service = w.node(t, testConfig(), w.store)
	return w
}

// node starts another service on the same database.
func (w *world) node(t *testing.T, cfg accounts.Config, s accounts.Store) *accounts.Service {
	t.Helper()
	events, err := event.NewDispatcher(event.On("test.registered", func(ctx context.Context, e accounts.UserRegistered) error {
		w.registered.Add(ctx, e)
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	service, err := accounts.New(cfg, accounts.Deps{
		Tx: store.Tx{DB: w.db}, Store: s, Events: events, Mailer: w.mail, Signals: w.signals,
		Clock: w.clock.Now, Random: rand.Reader, Secret: []byte("a secret of thirty-two bytes, ok"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return service
}

func eachWorld(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) { fn(t, newWorld(t, d)) })
}

func form(email string) accounts.Registration {
	return accounts.Registration{Email: email, Password1: password, Password2: password, BaseURL: baseURL}
}

var keyInMail = regexp.MustCompile(regexp.QuoteMeta(baseURL) + `/verify\?key=([A-Za-z0-9_-]{43})\n`)

// key returns the key of the one mail that came.
func (w *world) key(t *testing.T) string {
	t.Helper()
	mails := w.mail.Take()
	if len(mails) != 1 {
		t.Fatalf("%d mails", len(mails))
	}
	found := keyInMail.FindStringSubmatch(mails[0].Body)
	if found == nil {
		t.Fatalf("no key in %q", mails[0].Body)
	}
	return found[1]
}

// member registers and verifies somebody.
func (w *world) member(t *testing.T, email string) {
	t.Helper()
	if err := w.Register(t.Context(), form(email)); err != nil {
		t.Fatal(err)
	}
	if err := w.VerifyEmail(t.Context(), w.key(t)); err != nil {
		t.Fatal(err)
	}
}

func (w *world) login(t *testing.T, email string) (auth.Tokens, accounts.Account) {
	t.Helper()
	tokens, account, err := w.Login(t.Context(), accounts.LoginForm{Email: email, Password: password, Client: accounts.Client{Address: "192.0.2.1", UserAgent: "test"}})
	if err != nil {
		t.Fatal(err)
	}
	return tokens, account
}

// as returns a context in which the owner of the token calls.
func (w *world) as(t *testing.T, tokens auth.Tokens) context.Context {
	t.Helper()
	id, err := w.Authenticate(t.Context(), tokens.Access)
	if err != nil {
		t.Fatal(err)
	}
	return auth.With(t.Context(), id)
}

func want(t *testing.T, doing string, err, target error) {
	t.Helper()
	if !errors.Is(err, target) {
		t.Errorf("%s: %v, want %v", doing, err, target)
	}
}

// fields returns the names of the wrong fields.
func fields(t *testing.T, err error) map[string][]string {
	t.Helper()
	if !errors.Is(err, fault.ErrInvalid) {
		t.Fatalf("%v, want request.invalid", err)
	}
	return fault.From(err).Fields
}

func scalar[T any](t *testing.T, d *db.DB, query string, args ...any) T {
	t.Helper()
	v, err := db.Get[T](t.Context(), d, query, args...)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func execute(t *testing.T, d *db.DB, query string, args ...any) {
	t.Helper()
	if err := d.InTx(t.Context(), func(ctx context.Context) error {
		_, err := db.Exec(ctx, d, query, args...)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
