package app_test

import (
	"os"
	"regexp"
	"testing"

	"go.uber.org/fx"

	"rally/internal/app"
	"rally/platform/config"
)

func source(t *testing.T, environ ...string) *config.Source {
	t.Helper()
	s, err := config.Read("", environ)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Every part finds what it needs, without anything being started.
func TestThePartsFitTogether(t *testing.T) {
	in := app.Input{Source: source(t), Version: "test"}
	if err := fx.ValidateApp(app.Serve(in)); err != nil {
		t.Error(err)
	}
	if err := fx.ValidateApp(app.Core(in)); err != nil {
		t.Error(err)
	}
}

// What README says of settings must be true.
func TestREADMENamesOnlySettingsThatExist(t *testing.T) {
	s := source(t)
	if err := app.LoadSettings(s); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, set := range s.Settings() {
		known[set.Name] = true
		if set.Help == "" {
			t.Errorf("%s has no help", set.Name)
		}
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`RALLY_[A-Z_]+`).FindAllString(string(readme), -1)
	if len(named) < 15 {
		t.Fatalf("README names %d settings", len(named))
	}
	for _, name := range named {
		if !known[name] {
			t.Errorf("README names %s, which is no setting", name)
		}
	}
}
