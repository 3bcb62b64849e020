package archtest

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// plant is one violation of one rule, and nearby code that keeps it.
type plant struct {
	pkg   string
	bad   string // an import that the rule must report
	good  string // one that it must not; "" when there is none of interest
	tests bool   // the imports are those of the package's tests
}

func plants() map[string][]plant {
	const gin, bun, sql, fx = "github.com/gin-gonic/gin", "github.com/uptrace/bun", "database/sql", "go.uber.org/fx"
	return map[string][]plant{
		"the platform knows no module": {
			{pkg: "rally/platform/web", bad: "rally/modules/shop", good: "rally/platform/fault"},
			{pkg: "rally/platform/db", bad: "rally/demo", good: "rally/migrations"},
			{pkg: "rally/platform/db", bad: "rally/modules/accounts", good: "rally/platform/testkit", tests: true},
		},
		"the platform's leaves know only pure libraries and each other": {
			{pkg: "rally/platform/page", bad: "rally/platform/db", good: "rally/platform/fault"},
			{pkg: "rally/platform/fault", bad: "go.uber.org/zap", good: "errors"},
		},
		"a module's root imports only pure libraries, leaves and roots below": {
			{pkg: "rally/modules/shop", bad: "rally/platform/db", good: "rally/platform/auth"},
			{pkg: "rally/modules/shop", bad: "rally/modules/style", good: "rally/modules/accounts"},
			{pkg: "rally/modules/shop", bad: "rally/modules/friends", good: "time"},
			{pkg: "rally/modules/accounts", bad: "github.com/google/uuid", good: "golang.org/x/crypto/argon2"},
			{pkg: "rally/modules/pong/physics", bad: "rally/platform/bus", good: "math"},
			{pkg: "rally/modules/pong", bad: "rally/modules/pong/pongfx", good: "rally/modules/pong/physics"},
			{pkg: "rally/modules/style", bad: "rally/modules/talk/talkwire", good: "rally/modules/talk"},
		},
		"transports, storage, queues and fx are banned in module roots": {
			{pkg: "rally/modules/shop", bad: gin, good: "net/http"},
			{pkg: "rally/modules/shop", bad: "github.com/danielgtaylor/huma/v2"},
			{pkg: "rally/modules/shop", bad: "github.com/gorilla/websocket"},
			{pkg: "rally/modules/shop", bad: bun + "/schema"},
			{pkg: "rally/modules/shop", bad: sql},
			{pkg: "rally/modules/shop", bad: sql + "/driver"},
			{pkg: "rally/modules/shop", bad: "github.com/nats-io/nats.go"},
			{pkg: "rally/modules/shop", bad: "github.com/riverqueue/river"},
			{pkg: "rally/modules/shop", bad: fx},
			{pkg: "rally/modules/shop", bad: "github.com/elastic/go-elasticsearch/v8"},
		},
		"modules look down, never up": {
			{pkg: "rally/modules/accounts/accountsfx", bad: "rally/modules/shop", good: "rally/modules/accounts"},
			{pkg: "rally/modules/shop/internal/store", bad: "rally/modules/friends", good: "rally/modules/accounts"},
			{pkg: "rally/modules/friends", bad: "rally/modules/style/stylefx", good: "rally/modules/accounts", tests: true},
			{pkg: "rally/modules/pong", bad: "rally/modules/inbox", good: "rally/modules/friends"},
		},
		"modules meet at their roots": {
			{pkg: "rally/modules/shop/shopfx", bad: "rally/modules/accounts/accountsfx", good: "rally/modules/accounts"},
			{pkg: "rally/modules/style/internal/api", bad: "rally/modules/talk/talkfx", good: "rally/modules/talk/talkwire"},
			{pkg: "rally/modules/style/stylefx", bad: "rally/modules/talk/talkwire", good: "rally/modules/talk"},
		},
		"what is internal to a module stays in it": {
			{pkg: "rally/modules/style/internal/store", bad: "rally/modules/shop/internal/store", good: "rally/modules/style/internal/rows"},
			{pkg: "rally/cmd/rally", bad: "rally/modules/shop/internal/api", good: "rally/modules/shop/shopfx"},
			{pkg: "rally/demo", bad: "rally/modules/shop/internal/store", good: "rally/modules/shop", tests: true},
			{pkg: "rally/modules/shop", bad: "rally/modules/shop/internal/store", good: "rally/modules/accounts"},
		},
		"a module's store knows no transport, and its api no database": {
			{pkg: "rally/modules/shop/internal/store", bad: gin, good: bun},
			{pkg: "rally/modules/shop/internal/store", bad: "rally/platform/web", good: "rally/platform/db"},
			{pkg: "rally/modules/shop/internal/store", bad: "rally/modules/shop/internal/api", good: "rally/modules/shop"},
			{pkg: "rally/modules/shop/internal/api", bad: bun, good: gin},
			{pkg: "rally/modules/shop/internal/api", bad: sql, good: "rally/platform/web"},
			{pkg: "rally/modules/shop/internal/api", bad: "rally/platform/db", good: "rally/platform/ws"},
			{pkg: "rally/modules/shop/internal/api", bad: "rally/modules/shop/internal/store", good: "rally/modules/shop"},
			{pkg: "rally/modules/talk/internal/store", bad: "rally/modules/talk/talkwire", good: "rally/modules/talk"},
			{pkg: "rally/modules/talk/talkwire", bad: "rally/platform/db", good: "rally/platform/web"},
		},
		"modules know nothing of the program around them": {
			{pkg: "rally/modules/shop/shopfx", bad: "rally/demo", good: "rally/platform/db"},
			{pkg: "rally/modules/shop/internal/store", bad: "rally/migrations", good: "rally/modules/shop"},
		},
		"fx only in *fx, platform and where the program is composed": {
			{pkg: "rally/modules/shop/internal/api", bad: fx, good: gin},
			{pkg: "rally/elk", bad: "go.uber.org/dig", good: "rally/platform/log"},
			{pkg: "rally/internal/report", bad: fx, good: "rally/internal/app"},
			{pkg: "rally/demo", bad: fx, good: "rally/platform/db"},
		},
		"testkit and apptest only in tests": {
			{pkg: "rally/cmd/rally", bad: "rally/platform/testkit", good: "rally/platform/db"},
			{pkg: "rally/platform/db", bad: "rally/platform/testkit/pgcluster", good: "rally/platform/config"},
			{pkg: "rally/internal/app", bad: "rally/internal/apptest", good: "rally/platform/web"},
		},
		"the demo world uses modules as everybody does": {
			{pkg: "rally/demo", bad: "rally/modules/shop/shopfx", good: "rally/modules/shop"},
			{pkg: "rally/demo", bad: "rally/cmd/rally", good: "rally/platform/db"},
		},
	}
}

// TestRulesBite plants each violation alone in a small house: its rule must
// report it, and nothing where the house is in order.
func TestRulesBite(t *testing.T) {
	t.Parallel()
	planted := plants()
	for _, r := range rules() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			if r.name == "every package has its place" {
				t.Skip("has a test of its own")
			}
			if len(planted[r.name]) == 0 {
				t.Fatal("no violation is planted for this rule")
			}
			for _, p := range planted[r.name] {
				if got := r.check(inOrderPlus(p.pkg, p.bad, p.tests)); !slices.Equal(got, []string{p.pkg + " imports " + p.bad}) {
					t.Errorf("%s importing %s: the rule reports %q", p.pkg, p.bad, got)
				}
				if got := r.check(inOrderPlus(p.pkg, p.good, p.tests)); p.good != "" && len(got) > 0 {
					t.Errorf("%s importing %s: the rule reports %q", p.pkg, p.good, got)
				}
			}
		})
	}
}

// inOrderPlus is a house in order, with one more import.
func inOrderPlus(path, imp string, tests bool) []pkg {
	g := []pkg{
		{path: "rally/platform/fault", imports: []string{"errors"}},
		{path: "rally/platform/testkit", imports: []string{"testing", "rally/migrations", "rally/platform/testkit/pgcluster"}},
		{path: "rally/modules/accounts", imports: []string{"context", "rally/platform/fault"}},
		{path: "rally/modules/accounts/internal/store", imports: []string{"database/sql", "github.com/uptrace/bun", "rally/modules/accounts", "rally/platform/db"}},
		{path: "rally/modules/accounts/internal/api", imports: []string{"github.com/gin-gonic/gin", "rally/modules/accounts", "rally/platform/web"}},
		{
			path:        "rally/modules/accounts/accountsfx",
			imports:     []string{"go.uber.org/fx", "rally/modules/accounts", "rally/modules/accounts/internal/api", "rally/modules/accounts/internal/store"},
			testImports: []string{"rally/platform/testkit"},
		},
		{path: "rally/cmd/rally", imports: []string{"go.uber.org/fx", "rally/internal/app"}},
		{path: "rally/internal/app", imports: []string{"go.uber.org/fx", "rally/modules/accounts/accountsfx", "rally/web", "rally/migrations"}},
		{path: "rally/internal/apptest", imports: []string{"go.uber.org/fx", "rally/internal/app", "rally/platform/testkit"}},
		{path: "rally/demo", imports: []string{"rally/modules/accounts"}},
	}
	p := pkg{path: path, imports: []string{imp}}
	if tests {
		p.imports, p.testImports = nil, p.imports
	}
	return append(g, p)
}

func TestEveryPackageHasItsPlace(t *testing.T) {
	t.Parallel()
	for path, fine := range map[string]bool{
		"rally/platform/db": true, "rally/modules/inbox/internal/store": true, "rally/web": true,
		"rally/modules/blog": false, "rally/utils": false, "rally": false,
	} {
		if got := everyPackageHasItsPlace([]pkg{{path: path}}); (len(got) == 0) != fine {
			t.Errorf("%s: %q", path, got)
		}
	}
}

func TestTooLong(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("\n", maxLines+1)
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	got, err := tooLong(fstest.MapFS{
		"web/app.js":                   file("// app" + long),
		"web/styles/site.css":          file(long),
		"platform/db/db.go":            file("package db" + long),
		"platform/db/short.go":         file("package db" + strings.Repeat("\n", maxLines)),
		"platform/db/generated.go":     file("// Code generated by hand. DO NOT EDIT.\npackage db" + long),
		"web/styles/icons.css":         file("/* Code generated from icons. DO NOT EDIT. */" + long),
		"web/node_modules/x/index.js":  file(long),
		"platform/db/testdata/long.go": file(long),
		"README.md":                    file(long),
	})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, line := range got {
		name, _, _ := strings.Cut(line, " ")
		names = append(names, name)
	}
	slices.Sort(names)
	if want := []string{"platform/db/db.go", "web/app.js", "web/styles/site.css"}; !slices.Equal(names, want) {
		t.Errorf("too long: %q, want %q", names, want)
	}
}

// read parses files, given as the package's path, the file's name and its
// text in turn.
func read(t *testing.T, args ...string) []source {
	t.Helper()
	var files []source
	for i := 0; i < len(args); i += 3 {
		s, err := parseText(args[i], args[i+1], args[i+2])
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, s)
	}
	return files
}

func TestUndocumented(t *testing.T) {
	t.Parallel()
	got := undocumented(read(t,
		"rally/a", "doc.go", "// Package a is fine.\npackage a", "rally/a", "a.go", "package a",
		"rally/b", "b.go", "package b", "rally/b", "b_test.go", "// Package b only says so in a test.\npackage b",
		"rally/c", "c.go", "// This is c.\npackage c",
		"rally/d", "d_test.go", "// Package d has tests alone.\npackage d_test",
		"rally/cmd/e", "main.go", "// Command e runs.\npackage main",
		"rally/cmd/f", "main.go", "package main",
	))
	var paths []string
	for _, line := range got {
		path, _, _ := strings.Cut(line, " ")
		paths = append(paths, path)
	}
	if want := []string{"rally/b", "rally/c", "rally/cmd/f"}; !slices.Equal(paths, want) {
		t.Errorf("undocumented: %q, want %q", got, want)
	}
}

func TestStrayInvokes(t *testing.T) {
	t.Parallel()
	const text = "package p\nimport \"go.uber.org/fx\"\nvar x = fx.Invoke(nil)"
	got := strayInvokes(read(t,
		"rally/modules/shop/shopfx", "module.go", text,
		"rally/cmd/rally", "main.go", text,
		"rally/internal/app", "app.go", text,
		"rally/platform/web", "module.go", text,
		"rally/modules/style/stylefx", "module.go", "package p\nimport di \"go.uber.org/fx\"\nvar x = di.Options(di.Invoke(nil))",
		"rally/modules/pong/pongfx", "module.go", "package p\nimport \"go.uber.org/fx\"\nvar x = fx.Provide(nil)",
	))
	want := []string{
		"rally/modules/shop/shopfx/module.go:3 calls fx.Invoke",
		"rally/modules/style/stylefx/module.go:3 calls fx.Invoke",
	}
	if !slices.Equal(got, want) {
		t.Errorf("stray: %q, want %q", got, want)
	}
}

func TestFaultCodesAreFound(t *testing.T) {
	t.Parallel()
	head := "package shop\nimport \"rally/platform/fault\"\n"
	codes, wrong := faultCodes(read(t,
		"rally/platform/fault", "fault.go", `package fault
var ErrInternal = New(Internal, "internal", "Sorry.")
func New(kind Kind, code, message string) *Error { return &Error{kind, code, message} }`,
		"rally/modules/shop", "errors.go", head+`var (
	ErrCrosses = fault.New(fault.Conflict, "shop.bid_crosses_book", "No.")
	ErrOffTick = fault.New(fault.Invalid, "shop.price_off_tick", "No.")
)`,
		"rally/platform/web", "errors.go", `package web
import oops "rally/platform/fault"
var errBusy = oops.New(oops.Unavailable, "web.busy", "Later.")`,
		"rally/modules/shop", "errors_test.go", head+`var errTest = fault.New(fault.Invalid, "not listed", "")`,
	))
	want := []string{"internal Internal", "shop.bid_crosses_book Conflict", "shop.price_off_tick Invalid", "web.busy Unavailable"}
	if !slices.Equal(codes, want) || len(wrong) > 0 {
		t.Errorf("codes %q, wrong %q, want %q", codes, wrong, want)
	}

	for name, planted := range map[string]string{
		"not written out":       `const c = "shop.c"` + "\n" + `var err = fault.New(fault.Invalid, c, "")`,
		"is not like":           `var err = fault.New(fault.Invalid, "shop.Bad-Code", "")`,
		"is taken by":           `var a, b = fault.New(fault.Invalid, "shop.c", ""), fault.New(fault.Conflict, "shop.c", "")`,
		"does not begin with":   `var err = fault.New(fault.Invalid, "style.c", "")`,
		"no package variable":   `func f() error { return fault.New(fault.Invalid, "shop.c", "") }`,
		"builds a fault.Error ": `var err = &fault.Error{Code: "shop.c"}`,
	} {
		if _, wrong := faultCodes(read(t, "rally/modules/shop", "errors.go", head+planted)); len(wrong) != 1 || !strings.Contains(wrong[0], name) {
			t.Errorf("%s: wrong %q, want one that says %q", planted, wrong, name)
		}
	}
}
