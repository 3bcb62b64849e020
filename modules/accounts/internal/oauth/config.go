package oauth

import (
	"net"
	"net/url"
	"time"

	"rally/modules/accounts"
	"rally/platform/config"
)

// Config of the social logins. A provider is offered when its client id and
// its secret are set.
type Config struct {
	GoogleClientID     string `env:"RALLY_OAUTH_GOOGLE_CLIENT_ID" help:"client id at Google; empty offers no login with Google"`
	GoogleClientSecret string `env:"RALLY_OAUTH_GOOGLE_CLIENT_SECRET" secret:"true" help:"client secret at Google"`
	GoogleIssuer       string `env:"RALLY_OAUTH_GOOGLE_ISSUER" envDefault:"https://accounts.google.com" help:"OpenID Connect issuer of the login with Google"`
	GoogleTokenInfoURL string `env:"RALLY_OAUTH_GOOGLE_TOKENINFO_URL" envDefault:"https://oauth2.googleapis.com/tokeninfo" help:"where Google tells whose an access token is"`

	NaverClientID     string `env:"RALLY_OAUTH_NAVER_CLIENT_ID" help:"client id at Naver; empty offers no login with Naver"`
	NaverClientSecret string `env:"RALLY_OAUTH_NAVER_CLIENT_SECRET" secret:"true" help:"client secret at Naver"`
	NaverBaseURL      string `env:"RALLY_OAUTH_NAVER_BASE_URL" envDefault:"https://nid.naver.com" help:"Naver's login server"`
	NaverAPIURL       string `env:"RALLY_OAUTH_NAVER_API_URL" envDefault:"https://openapi.naver.com" help:"Naver's API server, which tells the profile"`

	FortyTwoClientID     string `env:"RALLY_OAUTH_42_CLIENT_ID" help:"application uid at 42; empty offers no login with 42"`
	FortyTwoClientSecret string `env:"RALLY_OAUTH_42_CLIENT_SECRET" secret:"true" help:"application secret at 42"`
	FortyTwoBaseURL      string `env:"RALLY_OAUTH_42_BASE_URL" envDefault:"https://api.intra.42.fr" help:"42's API server"`

	Timeout time.Duration `env:"RALLY_OAUTH_TIMEOUT" envDefault:"10s" help:"how long a whole exchange with a provider may take"`
}

// Validate says which value is not allowed. The error never shows a secret.
func (c Config) Validate() error {
	for _, client := range []struct{ prefix, id, secret string }{
		{"RALLY_OAUTH_GOOGLE_CLIENT_", c.GoogleClientID, c.GoogleClientSecret},
		{"RALLY_OAUTH_NAVER_CLIENT_", c.NaverClientID, c.NaverClientSecret},
		{"RALLY_OAUTH_42_CLIENT_", c.FortyTwoClientID, c.FortyTwoClientSecret},
	} {
		switch {
		case client.id != "" && client.secret == "":
			return config.Bad(client.prefix+"SECRET", "", "set, because "+client.prefix+"ID is")
		case client.id == "" && client.secret != "":
			return config.Bad(client.prefix+"ID", "", "set, because "+client.prefix+"SECRET is")
		}
	}
	for _, address := range []struct{ name, value string }{
		{"RALLY_OAUTH_GOOGLE_ISSUER", c.GoogleIssuer},
		{"RALLY_OAUTH_GOOGLE_TOKENINFO_URL", c.GoogleTokenInfoURL},
		{"RALLY_OAUTH_NAVER_BASE_URL", c.NaverBaseURL},
		{"RALLY_OAUTH_NAVER_API_URL", c.NaverAPIURL},
		{"RALLY_OAUTH_42_BASE_URL", c.FortyTwoBaseURL},
	} {
		if !trustworthy(address.value) {
			return config.Bad(address.name, config.RedactURL(address.value), "an https:// address without user, query and fragment; http:// only on this machine")
		}
	}
	if c.Timeout < 100*time.Millisecond || c.Timeout > time.Minute {
		return config.Bad("RALLY_OAUTH_TIMEOUT", c.Timeout.String(), "between 100ms and 1m")
	}
	return nil
}

// trustworthy reports whether secrets may travel to the address: over TLS, or
// without leaving the machine.
func trustworthy(raw string) bool {
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return false
	}
	host := u.Hostname()
	return u.Scheme == "https" || (u.Scheme == "http" && (host == "localhost" || net.ParseIP(host).IsLoopback()))
}

// Providers returns the providers that are configured, sorted by name. It
// makes no call: a provider may be away when the program starts.
func Providers(cfg Config) []accounts.Provider {
	web := newCaller(cfg.Timeout)
	var all []accounts.Provider
	if cfg.FortyTwoClientID != "" {
		all = append(all, newFortyTwo(cfg, web))
	}
	if cfg.GoogleClientID != "" {
		all = append(all, newGoogle(cfg, web))
	}
	if cfg.NaverClientID != "" {
		all = append(all, newNaver(cfg, web))
	}
	return all
}
