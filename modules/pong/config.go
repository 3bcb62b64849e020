package pong

// Config of the game.
type Config struct {
	Prizes bool `env:"RALLY_PONG_PRIZES" envDefault:"false" help:"let the staff put up articles of the store as prizes of tournaments; ask a lawyer first, see docs/pong.md"`
}
