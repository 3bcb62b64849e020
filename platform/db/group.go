package db

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/uptrace/bun"
)

// Many transactions that wait for one another can share one COMMIT, which is
// what a durable database spends most of its time on. A line is where they
// wait, first come, first served: for the one writer of SQLite, or for one row
// of PostgreSQL (InTxOn). Whoever has its turn runs its closure in its own
// goroutine, within a savepoint of the group's transaction, and hands that
// transaction to the next in the line. The last one commits for all.

const (
	// A group ends after so many closures, or so much time: who came first
	// waits for who came last, and others want the connection, too.
	sqliteGroup   = 32
	postgresGroup = 16
	groupTime     = 8 * time.Millisecond
)

const (
	savepoint  = "SAVEPOINT rally_turn"
	release    = "RELEASE SAVEPOINT rally_turn"
	rollbackTo = "ROLLBACK TO SAVEPOINT rally_turn"
)

var (
	// errAgain says that the group of a closure failed for no fault of its own.
	errAgain = errors.New("the group failed because of another transaction")
	// errUnfinished stands for a closure that panicked or ended its goroutine.
	errUnfinished = errors.New("the transaction did not return")
	errClosed     = errors.New("the database is closed")
)

type line struct {
	d     *DB
	limit int           // closures of a group
	span  time.Duration // of a group, as long as somebody waits

	mu     sync.Mutex
	queue  []*ticket
	held   bool          // somebody has the turn
	closed chan struct{} // nil before close; closed when nobody has the turn any more
}

type ticket struct {
	alone bool
	turn  chan *group // gets the group to join, or nil to begin one
}

// group is a transaction that several closures share, one after the other.
// Who has the turn may touch it; err is everybody's once over is closed.
type group struct {
	conn  bun.Conn
	tx    bun.Tx
	limit int
	until time.Time
	ran   int // closures that had their turn
	kept  int // closures whose writes stand

	// broken: the engine has rolled the whole transaction back by itself, or
	// can't say what it holds. The culprit, if known, has an error of its own.
	broken  bool
	culprit *txState

	over chan struct{}
	err  error
}

// run waits for a turn and runs fn in it. It returns the hooks to run after the
// commit. errAgain means that fn must run again, alone.
func (l *line) run(ctx context.Context, fn func(context.Context) error, alone bool) ([]func(context.Context), error) {
	g, err := l.enter(ctx, alone)
	if err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	if g == nil {
		if g, err = l.begin(ctx, alone); err != nil {
			l.pass(nil)
			return nil, fmt.Errorf("begin: %w", err)
		}
	}
	s := &txState{db: l.d, tx: g.tx}
	first := g.kept == 0
	err = l.turn(ctx, g, s, fn)
	if err != nil && first {
		return nil, err // it read nothing that may yet be taken back
	}
	// What it read may have been written by others of the group, so even a
	// failure is no answer before their commit.
	<-g.over
	if g.err != nil && g.culprit != s {
		return nil, g.err
	}
	return s.after, err
}

// enter waits for a turn. It returns the group to join, or nil.
func (l *line) enter(ctx context.Context, alone bool) (*group, error) {
	l.mu.Lock()
	if l.closed != nil {
		l.mu.Unlock()
		return nil, errClosed
	}
	if !l.held {
		l.held = true
		l.mu.Unlock()
		return l.unlessCancelled(ctx, nil)
	}
	t := &ticket{alone: alone, turn: make(chan *group, 1)}
	l.queue = append(l.queue, t)
	l.mu.Unlock()
	select {
	case g := <-t.turn:
		return l.unlessCancelled(ctx, g)
	case <-ctx.Done():
	}
	l.mu.Lock()
	if i := slices.Index(l.queue, t); i >= 0 {
		l.queue = slices.Delete(l.queue, i, i+1)
		l.mu.Unlock()
		return nil, ctx.Err()
	}
	l.mu.Unlock()
	return l.unlessCancelled(ctx, <-t.turn) // it came at the same moment
}

func (l *line) unlessCancelled(ctx context.Context, g *group) (*group, error) {
	if err := ctx.Err(); err != nil {
		l.pass(g)
		return nil, err
	}
	return g, nil
}

// begin waits for the connection as long as ctx allows. The transaction itself
// outlives ctx: it becomes that of others.
func (l *line) begin(ctx context.Context, alone bool) (*group, error) {
	if l.d.writeStmts != nil {
		l.d.writeStmts.prepareWanted(ctx)
	}
	conn, err := l.d.write.Conn(ctx)
	if err != nil {
		return nil, err
	}
	tx, err := conn.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	g := &group{conn: conn, tx: tx, limit: l.limit, until: time.Now().Add(l.span), over: make(chan struct{})}
	if alone {
		g.limit = 1
	}
	return g, nil
}

// turn runs fn, settles what becomes of its writes, and passes the turn on.
func (l *line) turn(ctx context.Context, g *group, s *txState, fn func(context.Context) error) (err error) {
	// The first of a group on PostgreSQL saves the round trip: as long as it is
	// the only one, a rollback of everything is one of its own writes. SQLite
	// shows by the savepoint that the transaction still is the one begun.
	marked := l.d.Dialect == SQLite || g.ran > 0
	if marked {
		if _, err := g.tx.Tx.ExecContext(context.Background(), savepoint); err != nil {
			g.broken = true
			again := g.ran > 0 // one of those before broke it
			l.pass(g)
			if again {
				return errAgain
			}
			return fmt.Errorf("begin: %w", err)
		}
	}
	g.ran++
	err = errUnfinished
	defer func() {
		unfinished := errors.Is(err, errUnfinished)
		err = l.settle(g, s, marked, err)
		l.pass(g)
		if unfinished {
			<-g.over
		}
	}()
	err = fn(l.context(ctx, g, s))
	switch {
	case s.lost != nil:
		err = s.lost
	case err == nil && s.failed != nil:
		err = fmt.Errorf("a nested transaction failed: %w", s.failed)
	case err == nil:
		err = ctx.Err()
	}
	return err
}

// context is the context of a closure. A statement that is interrupted takes
// the whole transaction with it, which holds the writes of others: so it can't
// be, and a cancelled closure ends before its next statement instead. The first
// on PostgreSQL, where a statement may wait long for a lock, harms nobody.
func (l *line) context(ctx context.Context, g *group, s *txState) context.Context {
	if l.d.Dialect == Postgres && g.ran == 1 {
		return context.WithValue(ctx, txKey{}, s)
	}
	return &turnContext{Context: context.WithoutCancel(ctx), caller: ctx, state: s}
}

// turnContext knows that its caller has gone but interrupts nothing.
type turnContext struct {
	context.Context
	caller context.Context
	state  *txState
}

func (c *turnContext) Err() error { return c.caller.Err() }

func (c *turnContext) Value(key any) any {
	if key == (txKey{}) {
		return c.state
	}
	return c.Context.Value(key)
}

// settle keeps the writes of a closure or takes them back. It returns the
// closure's error.
func (l *line) settle(g *group, s *txState, marked bool, err error) error {
	if err == nil {
		if l.d.Dialect == SQLite {
			if _, gone := g.tx.Tx.ExecContext(context.Background(), release); gone != nil {
				g.broken, g.culprit = true, s
				return fmt.Errorf("commit: %w", gone)
			}
		}
		g.kept++
		return nil
	}
	if marked {
		undo := rollbackTo
		if l.d.Dialect == SQLite {
			undo += ";" + release
		}
		_, gone := g.tx.Tx.ExecContext(context.Background(), undo)
		marked = gone == nil
	}
	if !marked {
		g.broken, g.culprit = true, s
	}
	return err
}

// pass gives the turn to the next in the line, with the group if it goes on;
// else it ends the group first.
func (l *line) pass(g *group) {
	if g != nil {
		if l.handOver(g, !g.broken && g.ran < g.limit && time.Now().Before(g.until)) {
			return
		}
		g.finish()
	}
	l.handOver(nil, true)
}

// handOver reports whether somebody has the turn now, or, without a group,
// nobody needs it.
func (l *line) handOver(g *group, open bool) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.queue) == 0 || g != nil && (!open || l.queue[0].alone) {
		if g == nil {
			l.held = false
			if l.closed != nil {
				close(l.closed)
			}
		}
		return g == nil
	}
	next := l.queue[0]
	l.queue[0] = nil
	l.queue = l.queue[1:]
	next.turn <- g // has room for it
	return true
}

// finish commits, or rolls back what is worth nothing, and tells everybody.
func (g *group) finish() {
	switch {
	case g.broken:
		_ = g.tx.Rollback()
		g.err = errAgain
	case g.kept == 0:
		_ = g.tx.Rollback()
	default:
		if err := g.tx.Commit(); err != nil {
			g.err = fmt.Errorf("commit: %w", err)
			if g.ran > 1 && isDeferred(err) {
				g.err = errAgain
			}
		}
	}
	_ = g.conn.Close()
	close(g.over)
}

// isDeferred reports whether COMMIT failed because of what one of the closures
// did, so that the others must not suffer: a constraint that is looked at only
// now, or a failure on PostgreSQL that the closure kept to itself.
func isDeferred(err error) bool {
	return isSQLiteForeignKey(err) || strings.HasPrefix(pgCode(err), pgIntegrityClass) || errors.Is(err, pgx.ErrTxCommitRollback)
}

// close lets those in the line have their turns, and waits for them.
func (l *line) close() {
	l.mu.Lock()
	if l.closed == nil {
		l.closed = make(chan struct{})
		if !l.held {
			close(l.closed)
		}
	}
	l.mu.Unlock()
	<-l.closed
}
