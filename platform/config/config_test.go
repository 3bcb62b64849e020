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
	const unreadable = "(unreadable URL)"
	for dsn, want := range map[string]string{
		"postgres://me:hunter2@db/rally":                     "postgres://me:xxxxx@db/rally",
		"postgres://me:hunter2@one:5432,two:5432/rally":      "postgres://me:xxxxx@one:5432,two:5432/rally",
		"postgres://db/rally?user=me&password=hunter2":       "postgres://db/rally?user=me&password=xxxxx",
		"postgres://db/rally?pass%77ord=hunter2&user=me":     "postgres://db/rally?pass%77ord=xxxxx&user=me",
		"postgres://db/rally?sslpassword=hunter2&sslmode=no": "postgres://db/rally?sslpassword=xxxxx&sslmode=no",
		"postgres://db/rally?password=a&hunter2":             "postgres://db/rally?password=xxxxx&xxxxx",
		"s3://pictures?region=x&Secret_Access_Key=hunter2":   "s3://pictures?region=x&Secret_Access_Key=xxxxx",
		"s3://pictures?endpoint=http://me:hunter2@minio":     unreadable,
		"s3://pictures?endpoint=http%3A%2F%2Fme:hunter2%40m": unreadable,
		"postgres://me:hunter2%zz@db/rally":                  unreadable,
		"postgres://me:hunter2 and@db/rally":                 unreadable,
		"postgres://me:hunter2#and@db/rally":                 unreadable,
		"postgres://me:12?hunter2@db/rally":                  unreadable,
		"postgres://me:12/hunter2@db/rally":                  unreadable,
		"s3://pictures?region=a+b&endpoint=http://m:9000":    "s3://pictures?region=a+b&endpoint=http://m:9000",
		"127.0.0.1:8080":                "127.0.0.1:8080",
		"sqlite:/data/me@home/rally.db": "sqlite:/data/me@home/rally.db",
	} {
		s := read(t, "", "RALLY_SECRET=hunter2", "RALLY_DSN="+dsn)
		if _, err := config.Load[sample](s); err != nil {
			t.Fatal(err)
		}
		for _, set := range s.Settings() {
			if strings.Contains(set.Display(), "hunter2") || (set.Name == "RALLY_DSN" && set.Display() != want) {
				t.Errorf("%s shows %q, want %q", set.Name, set.Display(), want)
			}
		}
	}
	for _, dsn := range []string{"user=me password=hunter2", "me:hunter2@db", "postgres:me:hunter2://db"} { // no URLs at all
		if got := config.RedactURL(dsn); got != unreadable {
			t.Errorf("%s is shown as %q", dsn, got)
		}
	}
}

func TestABadFileIsNotQuoted(t *testing.T) {
	for _, text := range []string{"RALLY_ADDR=x\noops!\nRALLY_SECRET=hunter2\n", "RALLY_SECRET=\"hunter2\nRALLY_ADDR=x\n"} {
		path := filepath.Join(t.TempDir(), ".env")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := config.Read(path, nil)
		if err == nil || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), path) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := config.Read(t.TempDir(), nil); err == nil { // a folder
		t.Error("a file that can't be read was passed over")
	}
}

func TestOneOfNamesTheChoices(t *testing.T) {
	if err := config.OneOf("RALLY_X", "", "", "json", "console"); err != nil {
		t.Error(err)
	}
	err := config.OneOf("RALLY_X", "xml", "", "json", "console")
	if err == nil || err.Error() != `RALLY_X="xml": must be one of json, console` {
		t.Error(err)
	}
}
