package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"go.uber.org/zap"

	"rally/platform/log"
)

const (
	// reconnectBuffer is what Publish holds while the servers are away, in
	// bytes. Small: an old signal is worth little.
	reconnectBuffer = 1 << 20
	// A dead connection is noticed after two missed pings.
	pingInterval     = 15 * time.Second
	pingsOutstanding = 2
	// What the embedded server may hold, in bytes. A seat takes about 300.
	embeddedMemory = 512 << 20
	embeddedStore  = 1 << 20
	// drainLimit bounds Close when its context doesn't.
	drainLimit = 10 * time.Second
	// flushLimit bounds how long a stalled line to the servers holds up publishers.
	flushLimit = 2 * time.Second
)

// Bus is one node's connection. It is safe for concurrent use.
type Bus struct {
	cfg    Config
	log    *zap.Logger
	conn   *nats.Conn
	server *server.Server // nil unless embedded
	folder string         // of the embedded server
	closed chan struct{}  // closed once the connection is gone for good

	ctx    context.Context // of the running handlers
	cancel context.CancelFunc

	mu      sync.Mutex
	back    []func(context.Context)
	backing sync.Mutex     // held while the functions of back run
	running sync.WaitGroup // of those

	closing  atomic.Bool
	closeOne sync.Once
	closeErr error
}

// Open connects to the servers of cfg.URL, or starts NATS inside the program
// when it is empty. It tries each server once; its error is one line that
// names them. Afterwards the connection is kept up for ever.
func Open(ctx context.Context, cfg Config, logger *zap.Logger) (*Bus, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	b := &Bus{cfg: cfg, log: logger.Named("bus"), closed: make(chan struct{})}
	b.ctx, b.cancel = context.WithCancel(context.Background())
	if err := b.connect(ctx); err != nil {
		b.cancel()
		b.stopServer()
		return nil, err
	}
	return b, nil
}

func (b *Bus) connect(ctx context.Context) error {
	options := append(b.options(),
		nats.ErrorHandler(b.onError),
		nats.DisconnectErrHandler(b.onDisconnect),
		nats.ReconnectHandler(b.onReconnect),
		nats.ClosedHandler(func(*nats.Conn) { close(b.closed) }),
	)
	servers := b.cfg.servers()
	if len(servers) == 0 {
		if err := b.startServer(); err != nil {
			return err
		}
		options = append(options, nats.InProcessServer(b.server))
	}
	first := &dialer{timeout: b.cfg.ConnectTimeout}
	first.ctx.Store(&ctx)
	options = append(options, nats.SetCustomDialer(first))

	conn, err := nats.Connect(strings.Join(servers, ","), options...)
	if err == nil && ctx.Err() != nil {
		conn.Close()
		err = ctx.Err()
	}
	if err != nil && b.server != nil {
		return fmt.Errorf("bus: embedded NATS: %w", err)
	}
	if err != nil {
		return fmt.Errorf("bus: can't reach RALLY_NATS_URL=%q: %w", b.cfg.hosts(), err)
	}
	first.ctx.Store(&b.ctx)
	b.conn = conn
	return nil
}

func (b *Bus) options() []nats.Option {
	return []nats.Option{
		nats.Name("rally"),
		nats.Timeout(b.cfg.ConnectTimeout),
		nats.MaxReconnects(-1),
		// A password that is being rotated must not end the attempts.
		nats.IgnoreAuthErrorAbort(),
		nats.ReconnectWait(b.cfg.ReconnectWait),
		nats.ReconnectJitter(b.cfg.ReconnectWait/2, b.cfg.ReconnectWait),
		nats.ReconnectBufSize(reconnectBuffer),
		nats.PingInterval(pingInterval),
		nats.MaxPingsOutstanding(pingsOutstanding),
		nats.DrainTimeout(drainLimit),
		nats.FlusherTimeout(flushLimit),
	}
}

// startServer runs NATS in this process: no port, no signal handlers, no log.
func (b *Bus) startServer() error {
	dir, err := os.MkdirTemp("", "rally-nats-") // buckets live in memory, and yet the server wants a folder
	if err != nil {
		return fmt.Errorf("bus: embedded NATS: %w", err)
	}
	b.folder = dir
	s, err := server.NewServer(&server.Options{
		ServerName: "rally-embedded", DontListen: true, NoSigs: true, NoLog: true, NoSystemAccount: true,
		JetStream: true, StoreDir: dir, JetStreamMaxMemory: embeddedMemory, JetStreamMaxStore: embeddedStore,
	})
	if err != nil {
		return fmt.Errorf("bus: embedded NATS: %w", err)
	}
	b.server = s
	s.Start() // returns at once, because there is nothing to accept
	if !s.ReadyForConnections(b.cfg.ConnectTimeout) {
		return errors.New("bus: embedded NATS did not start in time")
	}
	return nil
}

func (b *Bus) stopServer() {
	if b.server != nil {
		b.server.Shutdown()
		b.server.WaitForShutdown()
	}
	if b.folder != "" {
		_ = os.RemoveAll(b.folder) // a few bytes in the system's own temporary folder
	}
}

// Publish sends v as JSON to every subscriber of subject, on every node. It
// does not wait. While the servers are away it keeps a little, then returns
// an error. A nil error does not mean that anybody received the signal.
func (b *Bus) Publish(subject string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("bus: encode signal %s: %w", subject, err)
	}
	if err := b.conn.Publish(subject, data); err != nil {
		return fmt.Errorf("bus: publish %s: %w", subject, err)
	}
	return nil
}

// OnReconnect has fn called whenever the servers are back after they were away:
// signals were missed meanwhile. The functions run one after the other, in the
// order in which they were given here; Close waits for the one that runs.
func (b *Bus) OnReconnect(fn func(context.Context)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.back = append(b.back, fn)
}

// Ready makes a round trip to the server, for as long as ctx and the connect
// timeout allow. It returns an error while signals can't flow.
func (b *Bus) Ready(ctx context.Context) error {
	if status := b.conn.Status(); status != nats.CONNECTED {
		return fmt.Errorf("bus: %s", strings.ToLower(status.String()))
	}
	ctx, cancel := context.WithTimeout(ctx, b.cfg.ConnectTimeout)
	defer cancel()
	if err := b.conn.FlushWithContext(ctx); err != nil {
		return fmt.Errorf("bus: server does not answer: %w", err)
	}
	return nil
}

// Close stops taking signals, lets the handlers finish those that arrived,
// sends what was published, and disconnects. When ctx ends first, or after
// ten seconds, it cuts the connection, cancels the handlers' context and
// returns an error. Later calls return what the first one did.
func (b *Bus) Close(ctx context.Context) error {
	b.closeOne.Do(func() { b.closeErr = b.close(ctx) })
	return b.closeErr
}

// awaitBack waits for the functions of OnReconnect. Whoever takes the lock after
// it has seen closing, and begins none.
func (b *Bus) awaitBack() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.running.Wait()
}

func (b *Bus) close(ctx context.Context) error {
	b.closing.Store(true)
	defer b.stopServer()
	defer func() {
		b.cancel()
		b.awaitBack()
	}()
	ctx, cancel := context.WithTimeout(ctx, drainLimit)
	defer cancel()

	// Away from its server there is nothing to drain: then Drain just closes.
	if err := b.conn.Drain(); err != nil && !errors.Is(err, nats.ErrConnectionReconnecting) && !errors.Is(err, nats.ErrConnectionClosed) {
		b.conn.Close()
		return fmt.Errorf("bus: drain: %w", err)
	}
	select {
	case <-b.closed:
		return nil
	case <-ctx.Done():
		b.conn.Close()
		return fmt.Errorf("bus: closed before every signal was handled: %w", ctx.Err())
	}
}

func (b *Bus) onError(_ *nats.Conn, sub *nats.Subscription, err error) {
	if sub == nil {
		b.log.Warn("bus error", log.Err(err))
		return
	}
	if errors.Is(err, nats.ErrSlowConsumer) {
		dropped, _ := sub.Dropped()
		b.log.Warn("signals dropped: the subscriber is too slow", zap.String("rally.bus.subject", sub.Subject), zap.Int("rally.bus.dropped", dropped))
		return
	}
	b.log.Warn("bus subscription error", zap.String("rally.bus.subject", sub.Subject), log.Err(err))
}

func (b *Bus) onDisconnect(_ *nats.Conn, err error) {
	if b.closing.Load() {
		return
	}
	if err == nil {
		err = nats.ErrDisconnected
	}
	b.log.Warn("bus connection lost; signals are missed until it is back", log.Err(err))
}

func (b *Bus) onReconnect(c *nats.Conn) {
	b.log.Info("bus connection is back", zap.String("rally.bus.server", c.ConnectedUrlRedacted()))
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closing.Load() {
		return
	}
	back := slices.Clone(b.back)
	b.running.Go(func() {
		b.backing.Lock()
		defer b.backing.Unlock()
		for _, fn := range back {
			if b.ctx.Err() == nil {
				b.callBack(fn)
			}
		}
	})
}

func (b *Bus) callBack(fn func(context.Context)) {
	defer b.survive("reconnect")
	fn(b.ctx)
}

// dialer lets the first connection end with Open's context. Later ones live
// with the bus.
type dialer struct {
	ctx     atomic.Pointer[context.Context]
	timeout time.Duration
}

// Dial implements nats.CustomDialer.
func (d *dialer) Dial(network, address string) (net.Conn, error) {
	plain := net.Dialer{Timeout: d.timeout}
	return plain.DialContext(*d.ctx.Load(), network, address)
}
