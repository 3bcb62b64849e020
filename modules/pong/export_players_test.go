package pong

import "context"

// Rate is rate.
func (s *Service) Rate(ctx context.Context, m *Match) error { return s.rate(ctx, m) }

// StandingsOf is standingsOf.
func (s *Service) StandingsOf(ctx context.Context, ids ...int64) (map[int64]Standing, error) {
	return s.standingsOf(ctx, ids...)
}
