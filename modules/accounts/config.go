package accounts

import (
	"fmt"
	"time"
)

// Config of the accounts.
type Config struct {
	AccessTTL    time.Duration `env:"RALLY_ACCESS_TTL" envDefault:"15m" help:"life of an access token; a session that ends takes it along at once"`
	SessionTTL   time.Duration `env:"RALLY_SESSION_TTL" envDefault:"720h" help:"a session ends when it was not renewed for so long"`
	RefreshGrace time.Duration `env:"RALLY_REFRESH_GRACE" envDefault:"30s" help:"a refresh token may be used again for so long, so that two tabs can race"`

	LimitAttempts int           `env:"RALLY_LIMIT_ATTEMPTS" envDefault:"5" help:"wrong passwords, codes or requests for mails that an account or an address may have in RALLY_LIMIT_WINDOW"`
	LimitWindow   time.Duration `env:"RALLY_LIMIT_WINDOW" envDefault:"2m" help:"how long attempts are counted together"`
	LimitBlock    time.Duration `env:"RALLY_LIMIT_BLOCK" envDefault:"5m" help:"how long nothing more is tried after that"`

	PasswordMemory uint32 `env:"RALLY_PASSWORD_MEMORY" envDefault:"19456" help:"argon2id memory of one password check, in KiB; hashes follow at the next login"`
	PasswordPasses uint32 `env:"RALLY_PASSWORD_PASSES" envDefault:"2" help:"argon2id passes over that memory"`
	PasswordQueue  int    `env:"RALLY_PASSWORD_QUEUE" envDefault:"64" help:"password checks that may wait for each core; more are answered 503"`
}

// Validate says which value is not allowed.
func (c Config) Validate() error {
	switch {
	case c.AccessTTL < time.Second || c.AccessTTL > 24*time.Hour:
		return bad("RALLY_ACCESS_TTL", c.AccessTTL, "between 1s and 24h")
	case c.SessionTTL < c.AccessTTL || c.SessionTTL > 366*24*time.Hour:
		return bad("RALLY_SESSION_TTL", c.SessionTTL, "between RALLY_ACCESS_TTL and 8784h")
	case c.RefreshGrace < 0 || c.RefreshGrace > 5*time.Minute:
		return bad("RALLY_REFRESH_GRACE", c.RefreshGrace, "between 0s and 5m")
	case c.LimitAttempts < 1 || c.LimitAttempts > 1_000_000:
		return bad("RALLY_LIMIT_ATTEMPTS", c.LimitAttempts, "between 1 and 1000000")
	case c.LimitWindow < time.Second || c.LimitWindow > 24*time.Hour:
		return bad("RALLY_LIMIT_WINDOW", c.LimitWindow, "between 1s and 24h")
	case c.LimitBlock < time.Second || c.LimitBlock > 24*time.Hour:
		return bad("RALLY_LIMIT_BLOCK", c.LimitBlock, "between 1s and 24h")
	case c.PasswordMemory < 64 || c.PasswordMemory > maxArgonMemory:
		return bad("RALLY_PASSWORD_MEMORY", c.PasswordMemory, fmt.Sprintf("between 64 and %d (KiB)", maxArgonMemory))
	case c.PasswordPasses < 1 || c.PasswordPasses > maxArgonPasses:
		return bad("RALLY_PASSWORD_PASSES", c.PasswordPasses, fmt.Sprintf("between 1 and %d", maxArgonPasses))
	case c.PasswordQueue < 0 || c.PasswordQueue > 10_000:
		return bad("RALLY_PASSWORD_QUEUE", c.PasswordQueue, "between 0 and 10000")
	}
	return nil
}

func bad(name string, value any, allowed string) error {
	return fmt.Errorf("%s=%q: must be %s", name, fmt.Sprint(value), allowed)
}
