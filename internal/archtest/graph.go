package archtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// pkg is one package of the repository, as far as the rules care.
type pkg struct {
	path        string
	name        string
	dir         string
	files       []string // of the package itself, on any platform
	testFiles   []string
	imports     []string // of the package itself
	testImports []string // of its tests
}

// load lists the packages of the module at root. It asks twice, because with a
// C compiler other files belong to a package than without.
func load(ctx context.Context, root string) ([]pkg, error) {
	merged := map[string]pkg{}
	for _, cgo := range []string{"0", "1"} {
		listed, err := list(ctx, root, cgo)
		if err != nil {
			return nil, err
		}
		for _, p := range listed {
			q := merged[p.path]
			p.files = union(p.files, q.files)
			p.testFiles = union(p.testFiles, q.testFiles)
			p.imports = union(p.imports, q.imports)
			p.testImports = union(p.testImports, q.testImports)
			merged[p.path] = p
		}
	}
	if len(merged) == 0 {
		return nil, fmt.Errorf("no packages in %s", root)
	}
	var all []pkg
	for _, p := range merged {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b pkg) int { return strings.Compare(a.path, b.path) })
	return all, nil
}

func list(ctx context.Context, root, cgo string) ([]pkg, error) {
	cmd := exec.CommandContext(ctx, "go", "list", "-e",
		"-json=ImportPath,Name,Dir,Imports,TestImports,XTestImports,GoFiles,CgoFiles,IgnoredGoFiles,TestGoFiles,XTestGoFiles", "./...")
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "CGO_ENABLED="+cgo)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w: %s", err, stderr.Bytes())
	}
	var pkgs []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath, Name, Dir                                        string
			Imports, TestImports, XTestImports                           []string
			GoFiles, CgoFiles, IgnoredGoFiles, TestGoFiles, XTestGoFiles []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return pkgs, nil
		} else if err != nil {
			return nil, fmt.Errorf("read the answer of go list: %w", err)
		}
		if strings.Contains(p.ImportPath, "/node_modules/") {
			continue // an npm package brings Go code along; it is not ours
		}
		q := pkg{
			path: p.ImportPath, name: p.Name, dir: p.Dir,
			files:       union(p.GoFiles, p.CgoFiles),
			testFiles:   union(p.TestGoFiles, p.XTestGoFiles),
			imports:     p.Imports,
			testImports: union(p.TestImports, p.XTestImports),
		}
		for _, f := range p.IgnoredGoFiles { // for another platform, or under a tag
			if strings.HasSuffix(f, "_test.go") {
				q.testFiles = union(q.testFiles, []string{f})
			} else {
				q.files = union(q.files, []string{f})
			}
		}
		pkgs = append(pkgs, q)
	}
}

func union(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

// moduleRoot returns the folder of go.mod: the tests of this package run two
// levels below.
func moduleRoot() (string, error) { return filepath.Abs("../..") }
