package db

import "sync"

// rowLines are the lines of InTxOn, one for each key that is in use.
type rowLines struct {
	mu    sync.Mutex
	lines map[string]*rowLine
}

type rowLine struct {
	line
	users int
}

func (r *rowLines) take(d *DB, key string) *line {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.lines[key]
	if l == nil {
		if r.lines == nil {
			r.lines = map[string]*rowLine{}
		}
		l = &rowLine{line: line{d: d, limit: postgresGroup, span: groupTime}}
		r.lines[key] = l
	}
	l.users++
	return &l.line
}

func (r *rowLines) leave(key string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.lines[key]
	if l.users--; l.users == 0 {
		delete(r.lines, key)
	}
}
