package web

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"rally/platform/config"
)

// Config of the HTTP server.
type Config struct {
	Addr            string        `env:"RALLY_ADDR" envDefault:"127.0.0.1:8080" help:"host:port to listen on"`
	PublicURL       string        `env:"RALLY_PUBLIC_URL" help:"address that people type, such as https://rally.example; by default http:// and RALLY_ADDR"`
	TrustedProxies  []string      `env:"RALLY_TRUSTED_PROXIES" help:"addresses or networks whose X-Forwarded-For and -Proto count, comma separated"`
	CORSOrigins     []string      `env:"RALLY_CORS_ORIGINS" help:"origins of other sites that may call the API with credentials, comma separated"`
	ReadTimeout     time.Duration `env:"RALLY_READ_TIMEOUT" envDefault:"30s" help:"longest time to receive a request; a large body may take longer, at 32 KiB a second"`
	WriteTimeout    time.Duration `env:"RALLY_WRITE_TIMEOUT" envDefault:"60s" help:"longest time to answer a request"`
	IdleTimeout     time.Duration `env:"RALLY_IDLE_TIMEOUT" envDefault:"120s" help:"how long an idle connection stays open"`
	DrainDelay      time.Duration `env:"RALLY_DRAIN_DELAY" envDefault:"0s" help:"how long a stop serves on after /readyz says no, so that the proxy in front notices"`
	ShutdownTimeout time.Duration `env:"RALLY_SHUTDOWN_TIMEOUT" envDefault:"10s" help:"how long a stop waits for running requests"`
}

// Validate says which value is not allowed.
func (c Config) Validate() error {
	if _, port, err := net.SplitHostPort(c.Addr); err != nil || port == "" {
		return config.Bad("RALLY_ADDR", c.Addr, "host:port, such as 127.0.0.1:8080")
	}
	if c.PublicURL != "" && !isOrigin(strings.TrimSuffix(c.PublicURL, "/")) {
		return config.Bad("RALLY_PUBLIC_URL", c.PublicURL, "an http or https address without a path, such as https://rally.example")
	}
	for _, p := range c.TrustedProxies {
		if _, err := netip.ParseAddr(p); err == nil {
			continue
		}
		if _, err := netip.ParsePrefix(p); err != nil {
			return config.Bad("RALLY_TRUSTED_PROXIES", p, "an address or a network, such as 10.0.0.0/8")
		}
	}
	for _, o := range c.CORSOrigins {
		if !isOrigin(o) {
			return config.Bad("RALLY_CORS_ORIGINS", o, "an origin, such as https://shop.example")
		}
	}
	for name, d := range map[string]time.Duration{
		"RALLY_READ_TIMEOUT": c.ReadTimeout, "RALLY_WRITE_TIMEOUT": c.WriteTimeout, "RALLY_IDLE_TIMEOUT": c.IdleTimeout, "RALLY_SHUTDOWN_TIMEOUT": c.ShutdownTimeout,
	} {
		if d <= 0 {
			return config.Bad(name, d.String(), "a duration above zero")
		}
	}
	if c.DrainDelay < 0 {
		return config.Bad("RALLY_DRAIN_DELAY", c.DrainDelay.String(), "0s or more")
	}
	return nil
}

// isOrigin reports whether s is scheme://host[:port] and nothing more.
func isOrigin(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.String() == fmt.Sprintf("%s://%s", u.Scheme, u.Host)
}

// Origin returns the address under which people reach Rally, for links in
// mails. It never comes from a request: a forged Host header must not choose
// where a mail's link leads.
func (c Config) Origin() string {
	if c.PublicURL != "" {
		return strings.TrimSuffix(c.PublicURL, "/")
	}
	host, port, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return "http://" + c.Addr
	}
	if ip, err := netip.ParseAddr(host); host == "" || (err == nil && ip.IsUnspecified()) {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}
