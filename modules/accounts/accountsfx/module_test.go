package accountsfx_test

import (
	"context"
	"testing"
	"time"

	"go.uber.org/fx"
	"go.uber.org/fx/fxtest"
	"go.uber.org/zap"

	"rally/modules/accounts"
	"rally/modules/accounts/accountsfx"
	"rally/platform/auth"
	"rally/platform/blob"
	"rally/platform/bus"
	"rally/platform/config"
	"rally/platform/db"
	"rally/platform/event"
	"rally/platform/jobs"
	"rally/platform/mail"
	"rally/platform/testkit"
	"rally/platform/web"
)

// parts is what the module gives to the program.
type parts struct {
	fx.In

	Service       *accounts.Service
	Authenticator auth.Authenticator
	Routes        []web.Routes `group:"routes"`
	Queue         *mail.Queue
}

// start runs the module on real parts.
func start(t *testing.T, d *db.DB, b *bus.Bus) parts {
	t.Helper()
	source, err := config.Read("", []string{"RALLY_PASSWORD_MEMORY=64", "RALLY_PASSWORD_PASSES=1"})
	if err != nil {
		t.Fatal(err)
	}
	var p parts
	app := fxtest.New(t, accountsfx.Module(),
		fx.Supply(source, d, b, zap.NewNop(), fx.Annotate([]byte("a secret of thirty-two bytes, ok"), fx.ResultTags(`name:"secret"`))),
		fx.Provide(
			func() func() time.Time { return time.Now },
			func() (*event.Dispatcher, error) { return event.NewDispatcher() },
			config.Load[jobs.Config], config.Load[mail.Config],
			func() (*blob.Store, error) { return blob.Open(t.Context(), blob.Config{DataDir: t.TempDir()}) },
			func(cfg mail.Config, now func() time.Time) (*mail.Worker, error) { return mail.NewWorker(d, cfg, now) },
			func(cfg jobs.Config, w *mail.Worker) (*jobs.Client, error) {
				return jobs.Open(d, cfg, zap.NewNop(), w.Jobs())
			},
			func(c *jobs.Client, now func() time.Time) *mail.Queue { return mail.NewQueue(d, c, now) },
		),
		fx.Invoke(func(got parts) { p = got }),
		fx.NopLogger,
	)
	app.RequireStart()
	t.Cleanup(app.RequireStop)
	return p
}

func TestTwoNodes(t *testing.T) {
	d := testkit.OpenDB(t, db.SQLite)
	source, err := config.Read("", nil)
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Load[bus.Config](source)
	if err != nil {
		t.Fatal(err)
	}
	b, err := bus.Open(t.Context(), cfg, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close(context.WithoutCancel(t.Context())) })
	one, two := start(t, d, b), start(t, d, b)
	if len(one.Routes) != 1 || one.Routes[0].Name != "accounts" {
		t.Fatalf("routes %+v", one.Routes)
	}

	const email, password = "mina@rally.example", "wind-over-namsan"
	err = one.Service.Register(t.Context(), accounts.Registration{Email: email, Password1: password, Password2: password, BaseURL: "https://rally.test"})
	if err != nil {
		t.Fatal(err)
	}
	if mails, err := one.Queue.Outbox(t.Context(), 10); err != nil || len(mails) != 1 || mails[0].To != email {
		t.Fatalf("%+v, %v", mails, err)
	}
	if _, err := one.Service.CreateAdmin(t.Context(), email, password); err != nil {
		t.Fatal(err)
	}
	entrance, err := one.Service.Login(t.Context(), accounts.LoginForm{Email: email, Password: password})
	if err != nil {
		t.Fatal(err)
	}
	if id, err := two.Authenticator.Authenticate(t.Context(), entrance.Tokens.Access); err != nil || !id.Staff {
		t.Fatalf("%+v, %v", id, err)
	}
	if err := one.Service.Logout(t.Context(), entrance.Tokens.Refresh); err != nil {
		t.Fatal(err)
	}
	// The cache of the other node would keep it for ten seconds; the signal is
	// faster than that.
	deadline := time.Now().Add(9 * time.Second)
	for {
		if _, err := two.Authenticator.Authenticate(t.Context(), entrance.Tokens.Access); err != nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("the other node still believes in the session")
		}
	}
}
