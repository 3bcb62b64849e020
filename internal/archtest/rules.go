package archtest

import (
	"path"
	"slices"
	"strings"
)

const (
	house   = "rally"
	modules = house + "/modules"
	plat    = house + "/platform"
	testkit = plat + "/testkit"
	app     = house + "/internal/app"     // composes the program for cmd
	apptest = house + "/internal/apptest" // starts it for black-box tests
)

// below says which modules each module may know. Upward knowledge flows by
// events only.
func below() map[string][]string {
	return map[string][]string{
		"accounts": {},
		"friends":  {"accounts"},
		"talk":     {"accounts"},
		"shop":     {"accounts", "talk"},
		"style":    {"accounts", "friends", "talk", "shop"},
		"pong":     {"accounts", "friends"},
		"inbox":    {"accounts", "friends", "talk", "shop", "style", "pong"},
	}
}

// leaves are the packages of the platform that a module's root may use.
func leaves() []string {
	return []string{plat + "/fault", plat + "/page", plat + "/event", plat + "/auth", plat + "/recent"}
}

// outer are the folders beside platform and modules that may hold packages,
// and whether the platform may import them: embedded files it may.
func outer() map[string]bool {
	return map[string]bool{
		"cmd": false, "demo": false, "bench": false, "elk": false, "nginx": false, "certs": false,
		"docs": false, "internal": false, "web": true, "migrations": true,
	}
}

// rule is one sentence of the architecture. check returns one line for each
// violation.
type rule struct {
	name  string
	check func([]pkg) []string
}

func rules() []rule {
	return []rule{
		{"every package has its place", everyPackageHasItsPlace},
		{"the platform knows no module", platformKnowsNoModule},
		{"the platform's leaves know only pure libraries and each other", leavesStandAlone},
		{"a module's root imports only pure libraries, leaves and roots below", rootsImportLittle},
		{"transports, storage, queues and fx are banned in module roots", rootsKnowNoTechnology},
		{"modules look down, never up", modulesLookDown},
		{"modules meet at their roots", modulesMeetAtRoots},
		{"what is internal to a module stays in it", internalStaysInternal},
		{"a module's store knows no transport, and its api no database", adaptersAreApart},
		{"modules know nothing of the program around them", modulesKnowNoProgram},
		{"fx only in *fx, platform and where the program is composed", fxOnlyInWiring},
		{"testkit and apptest only in tests", testkitOnlyInTests},
		{"the demo world uses modules as everybody does", demoUsesRoots},
	}
}

// spot is where in the house a package stands.
type spot struct {
	top    string // platform, modules, cmd, …
	module string // of modules: which one
	kind   string // of modules: root, wire (bodies that other modules show, too), wiring or internal
	rest   string // of internal: the path below it
}

func place(p string) spot {
	parts := strings.Split(p, "/")
	if parts[0] != house || len(parts) < 2 {
		return spot{}
	}
	s := spot{top: parts[1]}
	if s.top != "modules" || len(parts) < 3 {
		return s
	}
	s.module, s.kind = parts[2], "root"
	switch {
	case len(parts) > 3 && parts[3] == "internal":
		s.kind, s.rest = "internal", path.Join(parts[4:]...)
	case len(parts) > 3 && parts[3] == s.module+"fx":
		s.kind = "wiring"
	case len(parts) > 3 && parts[3] == s.module+"wire":
		s.kind = "wire"
	}
	return s
}

// each runs bad over the imports of every package that of accepts, and says
// what it finds. Tests are included on demand.
func each(g []pkg, withTests bool, of func(spot) bool, bad func(p pkg, imp string) bool) []string {
	var found []string
	for _, p := range g {
		if !of(place(p.path)) {
			continue
		}
		imports := p.imports
		if withTests {
			imports = union(imports, p.testImports)
		}
		for _, imp := range imports {
			if bad(p, imp) {
				found = append(found, p.path+" imports "+imp)
			}
		}
	}
	return found
}

func everyPackageHasItsPlace(g []pkg) []string {
	var found []string
	for _, p := range g {
		s := place(p.path)
		_, isOuter := outer()[s.top]
		_, isModule := below()[s.module]
		switch {
		case s.top == "platform" || isOuter:
		case s.top == "modules" && isModule:
		default:
			found = append(found, p.path+" stands where docs/architecture.md has no room for it")
		}
	}
	return found
}

func platformKnowsNoModule(g []pkg) []string {
	return each(g, true, func(s spot) bool { return s.top == "platform" }, func(_ pkg, imp string) bool {
		top := place(imp).top
		return top != "" && top != "platform" && !outer()[top]
	})
}

func leavesStandAlone(g []pkg) []string {
	return each(g, false, func(s spot) bool { return s.top == "platform" }, func(p pkg, imp string) bool {
		return slices.Contains(leaves(), p.path) && !standard(imp) && !slices.Contains(leaves(), imp) && !under(imp, pureLibraries()...)
	})
}

func isRoot(s spot) bool     { return s.kind == "root" }
func inModules(s spot) bool  { return s.top == "modules" }
func isInternal(s spot) bool { return s.kind == "internal" }

// pureLibraries are what a module's root may use besides: functions that
// compute and do no input or output, named one by one so that each newcomer is
// a decision.
func pureLibraries() []string {
	return []string{
		"golang.org/x/crypto", "golang.org/x/text", "golang.org/x/sync",
		"github.com/golang-jwt/jwt/v5", "github.com/hashicorp/golang-lru/v2", "github.com/nyaruka/phonenumbers",
		"github.com/mileusna/useragent", "github.com/pquerna/otp",
	}
}

func rootsImportLittle(g []pkg) []string {
	return each(g, false, isRoot, func(p pkg, imp string) bool {
		s, t := place(p.path), place(imp)
		switch {
		case standard(imp), slices.Contains(leaves(), imp), under(imp, pureLibraries()...):
			return false
		case t.kind == "root":
			return t.module != s.module && !slices.Contains(below()[s.module], t.module)
		}
		return true
	})
}

// technology is what a module's root must not depend on, with everything
// below each path.
func technology() []string {
	return []string{
		"database/sql", "github.com/gin-gonic", "github.com/danielgtaylor/huma", "github.com/gorilla/websocket",
		"github.com/coder/websocket", "nhooyr.io/websocket", "github.com/uptrace/bun", "github.com/jackc/pgx",
		"github.com/nats-io", "github.com/riverqueue/river", "go.uber.org/fx", "go.uber.org/dig", "github.com/elastic",
	}
}

func rootsKnowNoTechnology(g []pkg) []string {
	return each(g, false, isRoot, func(_ pkg, imp string) bool { return under(imp, technology()...) })
}

func modulesLookDown(g []pkg) []string {
	return each(g, true, inModules, func(p pkg, imp string) bool {
		from, to := place(p.path).module, place(imp).module
		return to != "" && to != from && !slices.Contains(below()[from], to)
	})
}

// modulesMeetAtRoots leaves tests out: one may start the module below it.
func modulesMeetAtRoots(g []pkg) []string {
	return each(g, false, inModules, func(p pkg, imp string) bool {
		s, t := place(p.path), place(imp)
		bodies := t.kind == "wire" && (isAPI(s) || s.kind == "wire")
		return t.module != "" && t.module != s.module && t.kind != "root" && !bodies
	})
}

// isAPI reports whether a package is what a module says on the wire.
func isAPI(s spot) bool { return isInternal(s) && under(s.rest, "api") }

func internalStaysInternal(g []pkg) []string {
	everywhere := func(spot) bool { return true }
	return each(g, true, everywhere, func(p pkg, imp string) bool {
		s, t := place(p.path), place(imp)
		if t.kind != "internal" {
			return false
		}
		// The root is the inside of the module: adapters depend on it.
		return s.module != t.module || (s.kind == "root" && slices.Contains(p.imports, imp))
	})
}

func adaptersAreApart(g []pkg) []string {
	return each(g, false, inModules, func(p pkg, imp string) bool {
		s, t := place(p.path), place(imp)
		switch {
		case isInternal(s) && under(s.rest, "store"):
			return under(imp, "github.com/gin-gonic", "github.com/danielgtaylor/huma", "github.com/gorilla/websocket", plat+"/web", plat+"/ws") ||
				isAPI(t) || t.kind == "wire"
		case isAPI(s), s.kind == "wire":
			return under(imp, "database/sql", "github.com/uptrace/bun", "github.com/jackc/pgx", plat+"/db") ||
				(isInternal(t) && under(t.rest, "store"))
		}
		return false
	})
}

func modulesKnowNoProgram(g []pkg) []string {
	return each(g, false, inModules, func(_ pkg, imp string) bool {
		top := place(imp).top
		return top != "" && top != "modules" && top != "platform"
	})
}

func fxOnlyInWiring(g []pkg) []string {
	everywhere := func(spot) bool { return true }
	return each(g, false, everywhere, func(p pkg, imp string) bool {
		s := place(p.path)
		wiring := s.kind == "wiring" || s.top == "platform" || composes(p.path)
		return !wiring && under(imp, "go.uber.org/fx", "go.uber.org/dig")
	})
}

// composes reports whether the package at path puts the program together and
// starts it.
func composes(path string) bool { return under(path, house+"/cmd", app, apptest) }

func testkitOnlyInTests(g []pkg) []string {
	return each(g, false, func(s spot) bool { return s.top != "bench" }, func(p pkg, imp string) bool {
		return under(imp, testkit, apptest) && !under(p.path, testkit, apptest)
	})
}

func demoUsesRoots(g []pkg) []string {
	return each(g, false, func(s spot) bool { return s.top == "demo" }, func(_ pkg, imp string) bool {
		t := place(imp)
		switch t.top {
		case "", "platform", "demo":
			return false
		case "modules":
			return t.kind != "root"
		}
		return true
	})
}

// standard reports whether imp is in Go's standard library: only there has the
// first element of a path no dot, the house aside.
func standard(imp string) bool {
	first, _, _ := strings.Cut(imp, "/")
	return first != house && !strings.Contains(first, ".")
}

// under reports whether p is one of the paths or below one.
func under(p string, paths ...string) bool {
	return slices.ContainsFunc(paths, func(q string) bool { return p == q || strings.HasPrefix(p, q+"/") })
}
