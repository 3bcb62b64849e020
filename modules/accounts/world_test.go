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
	"rally/modules/accounts/internal/passkey"
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

	forgotten testkit.Recorder[string]
}

func (m *mailbox) Send(ctx context.Context, mail accounts.Mail) error {
	m.Add(ctx, mail)
	return nil
}

// Forget keeps the address, for tests to look at.
func (m *mailbox) Forget(ctx context.Context, to string) error {
	m.forgotten.Add(ctx, to)
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

// tasks keeps what was committed, as the queue of jobs does.
type tasks struct {
	testkit.Recorder[accounts.Task]
}

func (t *tasks) Enqueue(ctx context.Context, task accounts.Task) error {
	t.Add(ctx, task)
	return nil
}

// journal keeps what the operators' log would.
type journal struct {
	testkit.Recorder[accounts.SecurityEvent]
}

func (j *journal) Note(ctx context.Context, e accounts.SecurityEvent) { j.Add(ctx, e) }

// pictures keeps the keys that were deleted.
type pictures struct{ testkit.Recorder[string] }

func (p *pictures) DeleteAfterCommit(ctx context.Context, key string) { p.Add(ctx, key) }

type world struct {
	*accounts.Service
	db      *db.DB
	store   accounts.Store
	clock   *testkit.Clock
	mail    *mailbox
	signals *signals
	tasks   *tasks
	journal *journal
	deleted *pictures

	providers []accounts.Provider // of nodes that are started after it is set
	exports   []accounts.Export

	registered testkit.Recorder[accounts.UserRegistered]
	left       testkit.Recorder[any] // UserDeactivated, UserReactivated and UserErased
	holdBack   error                 // what another module answers to somebody who leaves
}

func testConfig() accounts.Config {
	return accounts.Config{
		AccessTTL: 15 * time.Minute, SessionTTL: 30 * 24 * time.Hour, RefreshGrace: 30 * time.Second,
		LimitAttempts: 100_000, LimitWindow: 2 * time.Minute, LimitBlock: 5 * time.Minute,
		PasswordMemory: 64, PasswordPasses: 1, PasswordQueue: 64,
	}
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{
		db: d, store: store.New(d), mail: &mailbox{}, signals: &signals{}, tasks: &tasks{}, journal: &journal{}, deleted: &pictures{},
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
	}), event.On("test.deactivated", func(ctx context.Context, e accounts.UserDeactivated) error {
		w.left.Add(ctx, e)
		return w.holdBack
	}), event.On("test.reactivated", func(ctx context.Context, e accounts.UserReactivated) error {
		w.left.Add(ctx, e)
		return nil
	}), event.On("test.erased", func(ctx context.Context, e accounts.UserErased) error {
		w.left.Add(ctx, e)
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	service, err := accounts.New(cfg, accounts.Deps{
		Tx: w.db, Store: s, Events: events, Mailer: w.mail, Signals: w.signals,
		Clock: w.clock.Now, Random: rand.Reader, Secret: []byte("a secret of thirty-two bytes, ok"),
		Relying: passkey.New(), Providers: w.providers, Tasks: w.tasks, Journal: w.journal, Pictures: w.deleted, Exports: w.exports,
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

var keyInMail = regexp.MustCompile(regexp.QuoteMeta(baseURL) + `/verify#key=([A-Za-z0-9_-]{43})\n`)

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
	if err := w.verify(t.Context(), w.key(t)); err != nil {
		t.Fatal(err)
	}
}

// Login logs in where no second step is asked for.
func (w *world) Login(ctx context.Context, f accounts.LoginForm) (auth.Tokens, accounts.Account, error) {
	return direct(w.Service.Login(ctx, f))
}

// direct takes an entrance apart that needs no second step.
func direct(e accounts.Entrance, err error) (auth.Tokens, accounts.Account, error) {
	if err == nil && e.Pending.Value != "" {
		err = errors.New("a second step is asked for")
	}
	return e.Tokens, e.Account, err
}

// doTasks does what waits in the queue.
func (w *world) doTasks(ctx context.Context) error {
	for _, task := range w.tasks.Take() {
		if err := w.Do(ctx, task); err != nil {
			return err
		}
	}
	return nil
}

// resend asks for another key and does the job's part.
func (w *world) resend(ctx context.Context, email string) error {
	return errors.Join(w.ResendVerification(ctx, email, baseURL, accounts.Client{}), w.doTasks(ctx))
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

// verify proves an address whose owner need not choose a password.
func (w *world) verify(ctx context.Context, key string) error {
	choose, err := w.VerifyEmail(ctx, key, baseURL)
	if err == nil && choose {
		err = errors.New("the owner has to choose a password")
	}
	return err
}
