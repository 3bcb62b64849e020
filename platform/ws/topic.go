package ws

import (
	"cmp"
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
)

// Topic is something that clients can follow. On the wire its name is the
// prefix alone, or prefix:arg.
type Topic struct {
	// Prefix is the name up to the colon, such as "shop.book". It is unique.
	Prefix string

	// Authorize checks the argument and whether the caller, auth.From(ctx),
	// may follow. It must refuse every spelling of an argument but one,
	// because each spelling is a topic of its own; see ID. A *fault.Error
	// goes to the client with its code and message; any other error is
	// logged and shown as internal. Nil means: no argument, open to everyone.
	Authorize func(ctx context.Context, arg string) error

	// Snapshot reads the present state, which is encoded as JSON. One result
	// serves many subscribers, so it must not depend on a caller; its
	// context carries none. Nil means: subscribers only get what is
	// published. Errors are treated as those of Authorize.
	Snapshot func(ctx context.Context, arg string) (any, error)
}

// ID reads a topic's argument as the id of a row: decimal, positive, without
// sign or leading zeros. Else it returns ErrUnknownTopic.
func ID(arg string) (int64, error) {
	id, err := strconv.ParseInt(arg, 10, 64)
	if err != nil || id < 1 || strconv.FormatInt(id, 10) != arg {
		return 0, ErrUnknownTopic
	}
	return id, nil
}

func (t *Topic) authorize(ctx context.Context, arg string) error {
	if t.Authorize != nil {
		return t.Authorize(ctx, arg)
	}
	if arg != "" {
		return ErrUnknownTopic
	}
	return nil
}

// index checks the topics and returns them by prefix.
func index(topics []Topic, personal []Personal) (map[string]*Topic, error) {
	sorted := slices.Clone(topics)
	slices.SortStableFunc(sorted, func(a, b Topic) int { return cmp.Compare(a.Prefix, b.Prefix) })
	byPrefix := make(map[string]*Topic, len(sorted))
	own := []string{topicHello, topicError}
	for _, p := range personal {
		if p.Name == "" || strings.ContainsAny(p.Name, ": ") || slices.Contains(own, p.Name) {
			return nil, fmt.Errorf("ws: personal topic %q: must be unique, not empty, and hold neither colon nor blank", p.Name)
		}
		own = append(own, p.Name)
	}
	for i := range sorted {
		t := &sorted[i]
		switch {
		case t.Prefix == "" || strings.ContainsAny(t.Prefix, ": "):
			return nil, fmt.Errorf("ws: topic prefix %q: must not be empty or hold a colon or a blank", t.Prefix)
		case slices.Contains(own, t.Prefix):
			return nil, fmt.Errorf("ws: topic prefix %q is the protocol's own, or a personal topic", t.Prefix)
		case byPrefix[t.Prefix] != nil:
			return nil, fmt.Errorf("ws: two topics have the prefix %q", t.Prefix)
		}
		byPrefix[t.Prefix] = t
	}
	return byPrefix, nil
}

// find splits name and returns its topic.
func (h *Hub) find(name string) (t *Topic, arg string, err error) {
	prefix, arg, colon := strings.Cut(name, ":")
	t = h.topics[prefix]
	if t == nil || len(name) > maxTopicName || (colon && arg == "") {
		return nil, "", ErrUnknownTopic
	}
	return t, arg, nil
}

// call runs one of a topic's functions: bounded in time and number, and a
// panic becomes an error.
func (h *Hub) call(ctx context.Context, fn func(context.Context) error) (err error) {
	select {
	case h.calls <- struct{}{}:
		defer func() { <-h.calls }()
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("ws: topic panicked: %v\n%s", r, debug.Stack())
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, h.cfg.TopicTimeout)
	defer cancel()
	return fn(ctx)
}
