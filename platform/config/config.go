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
	"net/url"
	"os"
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
// is the password inside a URL.
func (s Setting) Display() string {
	if s.Value == "" {
		return ""
	}
	if s.Secret {
		return "(set, hidden)"
	}
	if u, err := url.Parse(s.Value); err == nil && u.User != nil {
		return u.Redacted()
	}
	return s.Value
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
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", dotenv, err)
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
	return Bad(name, value, "one of "+strings.Join(allowed, ", "))
}

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
