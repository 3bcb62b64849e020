package ws

import (
	"context"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"sync"

	"github.com/gorilla/websocket"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"rally/platform/auth"
	"rally/platform/fault"
	"rally/platform/log"
)

// pingRounds spreads the pings of all sockets over the ping interval.
const pingRounds = 16

// Options are what a Hub can do without.
type Options struct {
	// Log receives unexpected errors. Topic functions find it in their
	// context. Nil drops everything.
	Log *zap.Logger
	// Metrics registers rally_ws_sockets, rally_ws_subscriptions,
	// rally_ws_frames_sent_total and rally_ws_slow_closes_total.
	Metrics prometheus.Registerer
	// AllowOrigin says whether pages of a foreign origin, such as
	// "https://shop.example", may connect. Those of the request's own host
	// always may. Nil allows no others.
	AllowOrigin func(origin string) bool
	// WriteError answers a request that becomes no websocket: with ErrOrigin,
	// ErrHandshake, ErrTooMany, ErrShuttingDown, what Ticket returned, or rarely
	// fault.ErrInternal. Nil writes the fault's message as text.
	WriteError func(w http.ResponseWriter, r *http.Request, err error)
	// Recheck returns an error when the session that r came with has ended.
	// It is asked once for each logged-in socket, as soon as CloseWhere can
	// see the socket. Without it, a session that ends during the handshake
	// may keep its socket.
	Recheck func(r *http.Request) error
	// Ticket returns whose a ticket is, and uses it up: {"?ticket=…"} of the
	// request, for clients that send neither cookie nor header. Nil ignores them.
	Ticket func(ctx context.Context, ticket string) (auth.Identity, error)
	// Door lets logged-in sockets in. Nil lets in everybody, and nobody takes
	// over.
	Door Door
	// Personal are the topics that follow by themselves, in the order of their
	// greetings.
	Personal []Personal
	// Clock defaults to the system's.
	Clock Clock
}

// Hub holds the sockets of one node. It is safe for concurrent use.
type Hub struct {
	cfg         Config
	topics      map[string]*Topic
	log         *zap.Logger
	clock       Clock
	metrics     *metrics
	allowOrigin func(string) bool
	writeError  func(http.ResponseWriter, *http.Request, error)
	recheck     func(*http.Request) error
	ticket      func(context.Context, string) (auth.Identity, error)
	door        Door
	personal    []Personal
	upgrader    websocket.Upgrader
	pingFrame   *frame
	calls       chan struct{} // a place for each topic function at work

	ctx     context.Context // of topic functions; ends with Shutdown
	cancel  context.CancelFunc
	running sync.WaitGroup // every goroutine of every socket and room, and the writers
	writers writers

	mu        sync.RWMutex
	rooms     map[string]*room
	sockets   [pingRounds]map[*socket]struct{}
	directs   map[*Direct]struct{}
	people    map[int64][]*socket // who is in, by user
	open      map[int64]int       // sockets and handshakes, by session
	joined    int                 // sockets that ever came; spreads them over the rounds
	round     int
	stopPings func() bool
	draining  bool
	closing   []func(context.Context) // see OnClosing
}

// New returns a hub for the topics, in any order. Two with one prefix are an
// error. Shutdown ends it.
func New(cfg Config, topics []Topic, opts Options) (*Hub, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	byPrefix, err := index(topics, opts.Personal)
	if err != nil {
		return nil, err
	}
	m, err := newMetrics(opts.Metrics)
	if err != nil {
		return nil, err
	}
	h := &Hub{
		cfg: cfg, topics: byPrefix, log: opts.Log, clock: opts.Clock, metrics: m,
		allowOrigin: opts.AllowOrigin, writeError: opts.WriteError, recheck: opts.Recheck, ticket: opts.Ticket, door: opts.Door, personal: opts.Personal,
		pingFrame: &frame{kind: websocket.PingMessage},
		calls:     make(chan struct{}, cfg.TopicCalls),
		rooms:     map[string]*room{},
		directs:   map[*Direct]struct{}{},
		people:    map[int64][]*socket{},
		open:      map[int64]int{},
	}
	if h.log == nil {
		h.log = zap.NewNop()
	}
	if h.clock == nil {
		h.clock = systemClock{}
	}
	if h.writeError == nil {
		h.writeError = func(w http.ResponseWriter, _ *http.Request, err error) {
			f := fault.From(err)
			http.Error(w, f.Message, f.Kind.Status())
		}
	}
	h.log = h.log.Named("ws")
	h.writers.most, h.writers.running = runtime.GOMAXPROCS(0), &h.running
	h.upgrader = websocket.Upgrader{
		HandshakeTimeout: cfg.WriteTimeout,
		WriteBufferPool:  &sync.Pool{},
		CheckOrigin:      func(*http.Request) bool { return true }, // Serve has checked it
		Error:            h.refuseHandshake,
	}
	for i := range h.sockets {
		h.sockets[i] = map[*socket]struct{}{}
	}
	h.ctx, h.cancel = context.WithCancel(log.With(context.Background(), h.log))
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stopPings = h.clock.AfterFunc(cfg.PingInterval/pingRounds, h.pingSome)
	return h, nil
}

// Serve turns the request into a websocket and returns; the socket lives on.
// The caller is auth.From(r.Context()), or nobody. What fails is answered
// through Options.WriteError. A ticket says who the caller is, whatever else does,
// and is used up also when the session has too many sockets: only then it is known whose it is.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request) {
	r, id, ok := h.receive(w, r)
	if !ok {
		return
	}
	s := &socket{hub: h, id: id}
	conn, err := h.upgrader.Upgrade(wiring{w, s}, r, nil)
	if err != nil {
		h.giveBack(id)
		h.running.Done()
		return // answered by the upgrader
	}
	s.conn = conn
	if !h.add(s) {
		s.goAway()
	}
	h.checkAgain(s, r)
	// A fresh goroutine: the handler's has a grown stack, and the server's
	// buffers and the request live as long as it does.
	go s.run()
}

// receive finds out who wants to connect, and whether they may. It returns false for
// whom it has refused; others are counted, as a socket of their session too.
func (h *Hub) receive(w http.ResponseWriter, r *http.Request) (*http.Request, *auth.Identity, bool) {
	if !h.originAllowed(r) {
		h.writeError(w, r, ErrOrigin)
		return nil, nil, false
	}
	if !h.admit() {
		h.writeError(w, r, ErrShuttingDown)
		return nil, nil, false
	}
	if text := r.URL.Query().Get("ticket"); text != "" && h.ticket != nil {
		id, err := h.ticket(r.Context(), text)
		if err != nil {
			h.running.Done()
			h.writeError(w, r, err)
			return nil, nil, false
		}
		r = r.WithContext(auth.With(r.Context(), id))
	}
	var who *auth.Identity
	if id, ok := auth.From(r.Context()); ok {
		who = &id
	}
	if !h.reserve(who) {
		h.running.Done()
		h.writeError(w, r, ErrTooMany)
		return nil, nil, false
	}
	return r, who, true
}

// checkAgain closes a socket whose session has ended between the request and
// the moment from which CloseWhere sees the socket.
func (h *Hub) checkAgain(s *socket, r *http.Request) {
	if s.id == nil || h.recheck == nil {
		return
	}
	err := h.call(s.context(), func(ctx context.Context) error { return h.recheck(r.WithContext(ctx)) })
	if err == nil {
		return
	}
	f, code := h.ended(err)
	s.tell(f, "")
	s.shut(code, f.Code)
}

// ended says how a socket is closed whose session was looked at once more: where
// nobody could say whether that lives, its client comes back.
func (h *Hub) ended(err error) (*fault.Error, int) {
	f := h.explain(err, "")
	if f.Kind == fault.Internal || f.Kind == fault.Unavailable {
		return f, websocket.CloseInternalServerErr
	}
	return f, CloseSessionEnded
}

// refuseHandshake is the upgrader's way to say no.
func (h *Hub) refuseHandshake(w http.ResponseWriter, r *http.Request, status int, reason error) {
	if status >= http.StatusInternalServerError {
		h.writeError(w, r, fault.ErrInternal.WithCause(reason))
		return
	}
	w.Header().Set("Sec-Websocket-Version", "13")
	h.writeError(w, r, ErrHandshake.WithCause(reason))
}

// originAllowed keeps foreign pages from using a visitor's cookies. Programs
// send no Origin, and no cookies that aren't their own.
func (h *Hub) originAllowed(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	if u, err := url.Parse(origin); err == nil && u.Host != "" && strings.EqualFold(u.Host, r.Host) {
		return true
	}
	return h.allowOrigin != nil && h.allowOrigin(origin)
}

// Publish sends the event d, as JSON, to the topic's followers on this node.
// It never waits for one. An event that can't be encoded is logged.
func (h *Hub) Publish(topic string, d any) {
	r := h.room(topic)
	if r == nil {
		return
	}
	data, err := encode(topic, d)
	if err != nil {
		h.log.Error("event not published", zap.String("rally.ws.topic", topic), log.Err(err))
		return
	}
	r.publish(data)
}

// Changed says that the topic's state is another one now. Its followers on
// this node get a snapshot read after this call: at once, or when the state
// interval since the last one is over. It never waits, and is cheap to call
// more often than that. The topic must have a Snapshot.
func (h *Hub) Changed(topic string) {
	r := h.room(topic)
	if r == nil {
		return
	}
	if r.topic.Snapshot == nil {
		h.log.Error("a topic without a snapshot can't change", zap.String("rally.ws.topic", topic))
		return
	}
	r.change()
}

func (h *Hub) room(topic string) *room {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.rooms[topic]
}

// explain returns the fault that a client may see, and logs what it may not.
func (h *Hub) explain(err error, topic string) *fault.Error {
	f := fault.From(err)
	if f.Kind == fault.Internal && h.ctx.Err() == nil {
		h.log.Error("topic failed", zap.String("rally.ws.topic", topic), log.Err(err))
	}
	if f.Code == fault.ErrInternal.Code {
		return f.WithMessage("Something went wrong on our side. Please try again.")
	}
	return f
}
