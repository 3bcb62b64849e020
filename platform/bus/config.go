package bus

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"rally/platform/config"
)

// Config of the bus.
type Config struct {
	// URL may hold a password, so the whole value is hidden.
	URL             string        `env:"RALLY_NATS_URL" secret:"true" help:"NATS servers, nats://host:4222, several separated by commas; empty runs NATS inside the program"`
	ConnectTimeout  time.Duration `env:"RALLY_NATS_CONNECT_TIMEOUT" envDefault:"3s" help:"how long one NATS server may take to answer"`
	ReconnectWait   time.Duration `env:"RALLY_NATS_RECONNECT_WAIT" envDefault:"500ms" help:"pause between two attempts to reach the same NATS server again"`
	PendingMessages int           `env:"RALLY_NATS_PENDING_MESSAGES" envDefault:"8192" help:"signals that one subscription holds before it drops new ones"`
	PendingBytes    int           `env:"RALLY_NATS_PENDING_BYTES" envDefault:"8388608" help:"bytes that one subscription holds before it drops new signals"`
}

// Validate says which value is not allowed. The error never shows a password.
func (c Config) Validate() error {
	for _, server := range c.servers() {
		u, err := url.Parse(server)
		if err != nil {
			return config.Bad("RALLY_NATS_URL", "…", "a list of nats://host:port, separated by commas")
		}
		switch u.Scheme {
		case "nats", "tls", "ws", "wss":
		default:
			return config.Bad("RALLY_NATS_URL", u.Redacted(), "nats://host:port (or tls, ws, wss), several separated by commas")
		}
		if u.Hostname() == "" {
			return config.Bad("RALLY_NATS_URL", u.Redacted(), "nats://host:port, with a host")
		}
	}
	switch {
	case c.ConnectTimeout <= 0:
		return config.Bad("RALLY_NATS_CONNECT_TIMEOUT", c.ConnectTimeout.String(), "more than 0s")
	case c.ReconnectWait <= 0:
		return config.Bad("RALLY_NATS_RECONNECT_WAIT", c.ReconnectWait.String(), "more than 0s")
	case c.PendingMessages < 1:
		return config.Bad("RALLY_NATS_PENDING_MESSAGES", strconv.Itoa(c.PendingMessages), "at least 1")
	case c.PendingBytes < 1:
		return config.Bad("RALLY_NATS_PENDING_BYTES", strconv.Itoa(c.PendingBytes), "at least 1")
	}
	return nil
}

// servers returns the addresses of URL, without blanks.
func (c Config) servers() []string {
	var list []string
	for server := range strings.SplitSeq(c.URL, ",") {
		if server = strings.TrimSpace(server); server != "" {
			list = append(list, server)
		}
	}
	return list
}

// hosts returns the addresses without user and password, for messages.
func (c Config) hosts() string {
	var list []string
	for _, server := range c.servers() {
		if u, err := url.Parse(server); err == nil {
			list = append(list, u.Scheme+"://"+u.Host)
		}
	}
	return strings.Join(list, ",")
}
