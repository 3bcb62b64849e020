// Package config reads settings: defaults, overridden by a .env file,
// overridden by RALLY_* variables of the environment.
//
// Each package owns a Config struct whose fields carry the tags of
// caarlos0/env: `env:"RALLY_ADDR" envDefault:"127.0.0.1:8080"`, plus
// `help:"…"` for people and `secret:"true"` for values that must not be
// printed. A struct with a Validate() error method is asked after parsing.
// Every error is one line that names the variable, the value and what is
// allowed.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/caarlos0/env/v11"
	"github.com/joho/godotenv"
)

// Prefix begins the name of every setting.
const Prefix = "RALLY_"

// Origins of a value.
const (
	FromDefault = "default"
	FromFile    = ".env"
	FromEnv     = "environment"
)

// Setting is one setting as it is in force.
type Setting struct {
	Name, Value, Origin, Help string
	Secret                    bool
}

// Display returns the value as it may be printed: a secret is hidden, and so
// is one inside a URL.
func (s Setting) Display() string {
	if s.Value == "" {
		return ""
	}
	if s.Secret {
		return "(set, hidden)"
	}
	if strings.Contains(s.Value, "://") {
		return RedactURL(s.Value)
	}
	return s.Value
}

// RedactURL returns a URL as it may be printed: without its password, and
// without what its query keeps secret. Of a URL that leaves in doubt where the
// password ends, nothing is shown.
func RedactURL(raw string) string {
	const unreadable, hidden = "(unreadable URL)", "xxxxx"
	u, err := url.Parse(raw)
	if err != nil || u.Opaque != "" || !strings.Contains(raw, "://") {
		return unreadable
	}
	query, err := url.QueryUnescape(u.RawQuery)
	// Drivers don't agree where the user info ends. An @ behind it may be its
	// end to one of them, as in postgres://me:12?34@host.
	if err != nil || strings.Contains(u.Path+u.Fragment+query, "@") {
		return unreadable
	}
	pairs := strings.Split(u.RawQuery, "&")
	for i, pair := range pairs {
		switch name, _, ok := strings.Cut(pair, "="); {
		case pair != "" && !ok: // perhaps the end of a secret with an & in it
			pairs[i] = hidden
		case isSecret(name):
			pairs[i] = name + "=" + hidden
		}
	}
	u.RawQuery = strings.Join(pairs, "&")
	return u.Redacted() // which says xxxxx, too
}

// isSecret reports whether a key of a query, as it stands in the URL, tells a
// secret: password and sslpassword of PostgreSQL, secret_access_key, token, …
func isSecret(name string) bool {
	name, err := url.QueryUnescape(name)
	name = strings.ToLower(name)
	return err != nil || slices.ContainsFunc([]string{"pass", "pwd", "secret", "token", "key"}, func(part string) bool { return strings.Contains(name, part) })
}

// Source holds the values that were set, and remembers what was asked of it.
// It is safe for concurrent use.
type Source struct {
	values, origins map[string]string

	mu   sync.Mutex
	seen map[string]Setting
}

// Read collects the settings of the file dotenv, which may be missing, and of
// environ, as os.Environ returns it. The environment wins.
func Read(dotenv string, environ []string) (*Source, error) {
	s := &Source{values: map[string]string{}, origins: map[string]string{}, seen: map[string]Setting{}}
	file, err := godotenv.Read(dotenv)
	var unreadable *fs.PathError
	switch {
	case err == nil, errors.Is(err, fs.ErrNotExist):
	case errors.As(err, &unreadable):
		return nil, fmt.Errorf("read the settings: %w", err)
	default: // its text quotes the rest of the file, with the secrets in it
		return nil, fmt.Errorf("%s: a line is not NAME=value, or a quotation does not end", dotenv)
	}
	for name, value := range file {
		s.set(name, value, FromFile)
	}
	for _, pair := range environ {
		if name, value, ok := strings.Cut(pair, "="); ok {
			s.set(name, value, FromEnv)
		}
	}
	return s, nil
}

// set ignores empty values, so that `RALLY_X= make run` means the default.
func (s *Source) set(name, value, origin string) {
	if strings.HasPrefix(name, Prefix) && value != "" {
		s.values[name], s.origins[name] = value, origin
	}
}

// Load returns a T filled from s and validated. The error is one line.
func Load[T any](s *Source) (T, error) {
	var cfg T
	params, err := env.GetFieldParams(&cfg)
	if err != nil {
		return cfg, fmt.Errorf("config of %T: %w", cfg, err)
	}
	fields := fieldsByKey(reflect.TypeFor[T]())
	s.mu.Lock()
	for _, p := range params {
		set := Setting{Name: p.Key, Value: p.DefaultValue, Origin: FromDefault}
		if v, ok := s.values[p.Key]; ok {
			set.Value, set.Origin = v, s.origins[p.Key]
		}
		tag := fields[p.Key].Tag
		set.Help, set.Secret = tag.Get("help"), tag.Get("secret") == "true"
		s.seen[p.Key] = set
	}
	s.mu.Unlock()

	if err := env.ParseWithOptions(&cfg, env.Options{Environment: s.values}); err != nil {
		return cfg, s.explain(err, fields)
	}
	if v, ok := any(cfg).(interface{ Validate() error }); ok {
		if err := v.Validate(); err != nil {
			return cfg, err
		}
	}
	return cfg, nil
}

// Bad is the error of a value that parses but is not allowed.
func Bad(name, value, allowed string) error {
	return fmt.Errorf("%s=%q: must be %s", name, value, allowed)
}

// OneOf returns nil when value is among allowed, else Bad.
func OneOf(name, value string, allowed ...string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	// An empty value is no choice that could be written down.
	named := slices.DeleteFunc(slices.Clone(allowed), func(choice string) bool { return choice == "" })
	return Bad(name, value, "one of "+strings.Join(named, ", "))
}

// OneLine is the text of an error without its line breaks, for messages that
// promise to be one line.
func OneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

// explain turns the first parse error into a line that names the variable.
func (s *Source) explain(err error, fields map[string]reflect.StructField) error {
	var parse env.ParseError
	if !errors.As(err, &parse) {
		return err
	}
	for key, f := range fields {
		if f.Name == parse.Name {
			return Bad(key, s.values[key], describe(f.Type))
		}
	}
	return err
}

func describe(t reflect.Type) string {
	switch t.String() {
	case "time.Duration":
		return "a duration such as 30s or 15m"
	case "bool":
		return "true or false"
	}
	switch t.Kind() {
	case reflect.Int, reflect.Int64, reflect.Int32, reflect.Uint, reflect.Uint32, reflect.Uint64:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	default:
		return "a valid " + t.String()
	}
}

func fieldsByKey(t reflect.Type) map[string]reflect.StructField {
	fields := map[string]reflect.StructField{}
	for f := range t.Fields() {
		if key, _, _ := strings.Cut(f.Tag.Get("env"), ","); key != "" {
			fields[key] = f
		}
	}
	return fields
}

// Settings returns every setting that was asked for, ordered by name.
func (s *Source) Settings() []Setting {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Setting, 0, len(s.seen))
	for _, set := range s.seen {
		list = append(list, set)
	}
	slices.SortFunc(list, func(a, b Setting) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// Unknown returns the names of settings that were set but never asked for:
// most likely misspelt.
func (s *Source) Unknown() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for name := range s.values {
		if _, ok := s.seen[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
