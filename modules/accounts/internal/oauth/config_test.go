package oauth_test

import (
	"maps"
	"strings"
	"testing"

	"rally/modules/accounts/internal/oauth"
	"rally/platform/config"
)

func TestProvidersThatAreConfigured(t *testing.T) {
	t.Parallel()
	cfg, err := load(nil)
	if err != nil {
		t.Fatal(err)
	}
	if all := oauth.Providers(cfg); len(all) != 0 {
		t.Errorf("%d providers without any setting", len(all))
	}
	cfg, err = load(map[string]string{
		"RALLY_OAUTH_NAVER_CLIENT_ID": "n", "RALLY_OAUTH_NAVER_CLIENT_SECRET": "n",
		"RALLY_OAUTH_GOOGLE_CLIENT_ID": "g", "RALLY_OAUTH_GOOGLE_CLIENT_SECRET": "g",
		"RALLY_OAUTH_42_CLIENT_ID": "4", "RALLY_OAUTH_42_CLIENT_SECRET": "4",
	})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, p := range oauth.Providers(cfg) {
		names = append(names, p.Name())
	}
	if strings.Join(names, " ") != "42 google naver" {
		t.Errorf("the providers are %v", names)
	}
}

func TestBadSettingsAreNamed(t *testing.T) {
	t.Parallel()
	for pair, name := range map[string]string{
		"RALLY_OAUTH_GOOGLE_CLIENT_ID=x":                               "RALLY_OAUTH_GOOGLE_CLIENT_SECRET",
		"RALLY_OAUTH_GOOGLE_CLIENT_SECRET=hunter2":                     "RALLY_OAUTH_GOOGLE_CLIENT_ID",
		"RALLY_OAUTH_NAVER_CLIENT_ID=x":                                "RALLY_OAUTH_NAVER_CLIENT_SECRET",
		"RALLY_OAUTH_NAVER_CLIENT_SECRET=hunter2":                      "RALLY_OAUTH_NAVER_CLIENT_ID",
		"RALLY_OAUTH_42_CLIENT_ID=x":                                   "RALLY_OAUTH_42_CLIENT_SECRET",
		"RALLY_OAUTH_42_CLIENT_SECRET=hunter2":                         "RALLY_OAUTH_42_CLIENT_ID",
		"RALLY_OAUTH_GOOGLE_ISSUER=http://accounts.google.com":         "RALLY_OAUTH_GOOGLE_ISSUER",
		"RALLY_OAUTH_GOOGLE_TOKENINFO_URL=https://me:hunter2@x.com":    "RALLY_OAUTH_GOOGLE_TOKENINFO_URL",
		"RALLY_OAUTH_NAVER_BASE_URL=nid.naver.com":                     "RALLY_OAUTH_NAVER_BASE_URL",
		"RALLY_OAUTH_NAVER_API_URL=https://openapi.naver.com?a=b":      "RALLY_OAUTH_NAVER_API_URL",
		"RALLY_OAUTH_42_BASE_URL=http://127.0.0.1.example.com":         "RALLY_OAUTH_42_BASE_URL",
		"RALLY_OAUTH_42_BASE_URL=ftp://localhost":                      "RALLY_OAUTH_42_BASE_URL",
		"RALLY_OAUTH_42_BASE_URL=https://":                             "RALLY_OAUTH_42_BASE_URL",
		"RALLY_OAUTH_42_BASE_URL=https://api.intra.42.fr/#x":           "RALLY_OAUTH_42_BASE_URL",
		"RALLY_OAUTH_42_BASE_URL=https://api.intra.42.fr?key=hunter2":  "RALLY_OAUTH_42_BASE_URL",
		"RALLY_OAUTH_42_BASE_URL=https://api.intra.42.fr:port/hunter2": "RALLY_OAUTH_42_BASE_URL",
		"RALLY_OAUTH_TIMEOUT=0s":                                       "RALLY_OAUTH_TIMEOUT",
		"RALLY_OAUTH_TIMEOUT=1h":                                       "RALLY_OAUTH_TIMEOUT",
	} {
		variable, value, _ := strings.Cut(pair, "=")
		_, err := load(map[string]string{variable: value})
		if err == nil || !strings.HasPrefix(err.Error(), name+"=") || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", pair, err)
		}
	}
	for _, pair := range []string{
		"RALLY_OAUTH_42_BASE_URL=http://localhost:8000", "RALLY_OAUTH_42_BASE_URL=http://[::1]:8000/", "RALLY_OAUTH_GOOGLE_ISSUER=https://sso.example.com/realms/rally",
	} {
		variable, value, _ := strings.Cut(pair, "=")
		if _, err := load(map[string]string{variable: value}); err != nil {
			t.Error(err)
		}
	}
}

func TestSecretsAreNotShown(t *testing.T) {
	t.Parallel()
	settings := map[string]string{}
	for _, name := range []string{"GOOGLE", "NAVER", "42"} {
		maps.Copy(settings, map[string]string{"RALLY_OAUTH_" + name + "_CLIENT_ID": "known", "RALLY_OAUTH_" + name + "_CLIENT_SECRET": "hunter2"})
	}
	var environ []string
	for name, value := range settings {
		environ = append(environ, name+"="+value)
	}
	source, err := config.Read("", environ)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := config.Load[oauth.Config](source); err != nil {
		t.Fatal(err)
	}
	for _, setting := range source.Settings() {
		if strings.Contains(setting.Display(), "hunter2") || setting.Help == "" {
			t.Errorf("%s is shown as %q, and explained as %q", setting.Name, setting.Display(), setting.Help)
		}
	}
}
