// Package app composes the program: which parts there are, how they are
// configured, in which order they start and stop. It holds no logic of its
// own. cmd/rally runs it; the black-box tests start the same.
package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"rally/modules/accounts/accountsfx"
	"rally/modules/friends"
	"rally/modules/friends/friendsfx"
	"rally/modules/inbox/inboxfx"
	"rally/modules/pong"
	"rally/modules/pong/pongfx"
	"rally/modules/shop/shopfx"
	"rally/modules/style/stylefx"
	"rally/modules/talk"
	"rally/modules/talk/talkfx"
	"rally/platform/config"
	"rally/platform/web"
	"rally/platform/ws"
)

// startTimeout leaves room for building the demo world.
const startTimeout = 3 * time.Minute

// Input is what the command line knows.
type Input struct {
	Context context.Context // whose end calls off the start; nil is one without an end
	Source  *config.Source
	Version string
	Clock   func() time.Time // nil is the real one
}

// Clock is the real time: UTC, in the microseconds that both databases keep.
func Clock() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// Core is every part but the doors to the outside: no port is opened, no job
// is worked off. Commands that only need the use cases run it.
func Core(in Input) fx.Option {
	if in.Clock == nil {
		in.Clock = Clock
	}
	if in.Context == nil {
		in.Context = context.Background()
	}
	return fx.Options(
		fx.NopLogger,
		fx.StartTimeout(startTimeout), fx.StopTimeout(stopTimeout),
		fx.Supply(in.Source, in.Clock, fx.Annotate(in.Version, fx.ResultTags(`name:"version"`))),
		fx.Provide(func() context.Context { return in.Context }),
		platform(),
		accountsfx.Module(),
		friendsfx.Module(),
		talkfx.Module(),
		shopfx.Module(),
		stylefx.Module(),
		pongfx.Module(),
		inboxfx.Module(),
		fx.Provide(config.Load[pong.Config], blocks, prizes),
		fx.Provide(newDemo),
		fx.Invoke(registerJobs),
	)
}

// blocks lets talk leave out whom somebody blocks. Neither of the two modules
// stands above the other, so they meet here.
func blocks(c *friends.Circle) talk.Blocks { return c }

// Serve is the whole program.
func Serve(in Input) fx.Option {
	return fx.Options(fx.Invoke(announceSettings), Core(in), fx.Provide(newAnnounce), fx.Invoke(recheckSessions, runModules, listenToBus, prepareDemo, runJobs, listen))
}

type hooks struct {
	fx.In

	List []fx.Hook `group:"hooks"`
}

// runModules starts what modules run by themselves, and stops it after
// everything that it serves.
func runModules(lc fx.Lifecycle, all hooks) {
	for _, h := range all.List {
		lc.Append(h)
	}
}

// announceSettings makes sure of every setting before anything is touched, and
// warns of those that nobody asked for: most likely they are misspelt.
func announceSettings(source *config.Source, logger *zap.Logger) error {
	if err := LoadSettings(source); err != nil { // so that all are known
		return err
	}
	for _, name := range source.Unknown() {
		if !forTests(name) {
			logger.Warn("unknown setting, ignored: " + name)
		}
	}
	return nil
}

// forTests reports whether a variable is for the test suite, not the program.
func forTests(name string) bool {
	return name == "RALLY_BIN" || strings.HasPrefix(name, "RALLY_TEST_")
}

// listen opens the port as the last thing of a start, and closes it as the
// first of a stop.
func listen(lc fx.Lifecycle, server *web.Server, hub *ws.Hub) {
	lc.Append(fx.Hook{
		OnStart: server.Start,
		OnStop: func(ctx context.Context) error {
			server.Drain(ctx)
			// Beside the server, which waits for requests but doesn't count the
			// sockets: their clients should look for another node now.
			told := make(chan error, 1)
			go func() { told <- hub.Shutdown(ctx) }()
			return errors.Join(server.Stop(ctx), <-told)
		},
	})
}

// Announce says that the program is ready. It is for after the start: until
// then an interrupt calls the start off, from then on it is a graceful stop, and
// who waits for this line may rely on that.
type Announce func()

func newAnnounce(server *web.Server, logger *zap.Logger, cfg web.Config) Announce {
	return func() { logger.Info(fmt.Sprintf("Rally is ready at %s", readyAddress(cfg, server.Addr()))) }
}

func readyAddress(cfg web.Config, addr string) string {
	if cfg.PublicURL != "" {
		return cfg.PublicURL
	}
	cfg.Addr = addr // port 0 was asked for: say which one it became
	return cfg.Origin()
}
