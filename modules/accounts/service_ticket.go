package accounts

import (
	"context"
	"time"

	"rally/platform/auth"
)

// TicketTTL is how long a ticket waits for its use.
const TicketTTL = 30 * time.Second

// Ticket opens one connection for a session, from a client that can send
// neither a cookie nor a header with it. It stands in an address, where logs may
// see it; so it opens one connection only, and soon.
type Ticket struct {
	Text    string
	Expires time.Time
}

// Tickets keeps tickets for TicketTTL, on all nodes.
type Tickets interface {
	Keep(ctx context.Context, hash []byte, sessionID int64) error
	// Take removes a ticket. Of any number who take one at once, one gets it.
	Take(ctx context.Context, hash []byte) (sessionID int64, found bool, err error)
}

// NewTicket returns a ticket of the caller's session. Errors: auth.ErrRequired,
// ErrTicketsAway.
func (s *Service) NewTicket(ctx context.Context) (Ticket, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return Ticket{}, err
	}
	key, err := newOpaque(s.random)
	if err != nil {
		return Ticket{}, err
	}
	if err := s.tickets.Keep(ctx, key.hash, caller.SessionID); err != nil {
		return Ticket{}, err
	}
	return Ticket{Text: key.text, Expires: s.now().Add(TicketTTL)}, nil
}

// Redeem uses a ticket up, and returns whose it was. Errors: ErrTicketInvalid,
// ErrTicketsAway, auth.ErrSessionEnded.
func (s *Service) Redeem(ctx context.Context, ticket string) (auth.Identity, error) {
	hash, ok := opaqueHash(ticket)
	if !ok {
		return auth.Identity{}, ErrTicketInvalid
	}
	sessionID, found, err := s.tickets.Take(ctx, hash)
	if err != nil {
		return auth.Identity{}, err
	}
	if !found {
		return auth.Identity{}, ErrTicketInvalid
	}
	return s.identityOf(ctx, sessionID)
}

// CheckSession returns auth.ErrSessionEnded when the session is over.
func (s *Service) CheckSession(ctx context.Context, id auth.Identity) error {
	_, err := s.identityOf(ctx, id.SessionID)
	return err
}
