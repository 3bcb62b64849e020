package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rally/platform/config"
)

type sample struct {
	Addr    string        `env:"RALLY_ADDR" envDefault:"127.0.0.1:8080" help:"where to listen"`
	Timeout time.Duration `env:"RALLY_TIMEOUT" envDefault:"30s"`
	Workers int           `env:"RALLY_WORKERS" envDefault:"4"`
	Secret  string        `env:"RALLY_SECRET" secret:"true"`
	DSN     string        `env:"RALLY_DSN"`
}

func (c sample) Validate() error {
	if c.Workers < 1 {
		return config.Bad("RALLY_WORKERS", "0", "at least 1")
	}
	return nil
}

func read(t *testing.T, file string, environ ...string) *config.Source {
	t.Helper()
	path := filepath.Join(t.TempDir(), ".env")
	if file != "" {
		if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := config.Read(path, environ)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEnvironmentWinsOverFileWinsOverDefault(t *testing.T) {
	s := read(t, "RALLY_ADDR=file:1\nRALLY_WORKERS=2\n", "RALLY_ADDR=env:1", "RALLY_TIMEOUT=", "HOME=/root", "RALLY_TYPO=x")
	got, err := config.Load[sample](s)
	if err != nil {
		t.Fatal(err)
	}
	if got.Addr != "env:1" || got.Workers != 2 || got.Timeout != 30*time.Second {
		t.Fatalf("%+v", got)
	}
	origins := map[string]string{}
	for _, set := range s.Settings() {
		origins[set.Name] = set.Origin
	}
	want := map[string]string{"RALLY_ADDR": config.FromEnv, "RALLY_WORKERS": config.FromFile, "RALLY_TIMEOUT": config.FromDefault}
	for name, origin := range want {
		if origins[name] != origin {
			t.Errorf("%s comes from %q, want %q", name, origins[name], origin)
		}
	}
	if unknown := s.Unknown(); len(unknown) != 1 || unknown[0] != "RALLY_TYPO" {
		t.Errorf("unknown: %v", unknown)
	}
}

func TestBadValuesAreOneLineThatNamesThem(t *testing.T) {
	cases := map[string][]string{
		"RALLY_TIMEOUT=soon": {"RALLY_TIMEOUT", `"soon"`, "a duration"},
		"RALLY_WORKERS=many": {"RALLY_WORKERS", `"many"`, "a whole number"},
		"RALLY_WORKERS=0":    {"RALLY_WORKERS", `"0"`, "at least 1"},
	}
	for pair, parts := range cases {
		_, err := config.Load[sample](read(t, "", pair))
		if err == nil {
			t.Errorf("%s was accepted", pair)
			continue
		}
		for _, part := range parts {
			if !strings.Contains(err.Error(), part) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s: %q lacks %q or has several lines", pair, err, part)
			}
		}
	}
}

func TestSecretsAreHidden(t *testing.T) {
	s := read(t, "", "RALLY_SECRET=hunter2", "RALLY_DSN=postgres://me:hunter2@db/rally")
	if _, err := config.Load[sample](s); err != nil {
		t.Fatal(err)
	}
	for _, set := range s.Settings() {
		if strings.Contains(set.Display(), "hunter2") {
			t.Errorf("%s shows %q", set.Name, set.Display())
		}
	}
}
