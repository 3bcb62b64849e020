package archtest

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// maxLines is how long a source file may grow before it has to be divided.
const maxLines = 500

// generated is the mark that Go's own tools know. Style sheets write it in
// their own kind of comment.
var generated = regexp.MustCompile(`(?m)^(//|/\*) Code generated .* DO NOT EDIT\.`)

// tooLong returns the source files below root that are longer than they may
// be. Generated files are exempt, installed and recorded ones no sources.
func tooLong(root fs.FS) ([]string, error) {
	var found []string
	err := fs.WalkDir(root, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			hidden := strings.HasPrefix(d.Name(), ".") && p != "."
			if hidden || p == "bin" || p == "data" || d.Name() == "node_modules" || d.Name() == "testdata" {
				return fs.SkipDir
			}
			return nil
		}
		if !slices.Contains([]string{".go", ".js", ".mjs", ".css"}, filepath.Ext(p)) {
			return nil
		}
		text, err := fs.ReadFile(root, p)
		if err != nil {
			return err
		}
		if n := bytes.Count(text, []byte("\n")); n > maxLines && !generated.Match(text) {
			found = append(found, fmt.Sprintf("%s has %d lines, more than %d", p, n, maxLines))
		}
		return nil
	})
	return found, err
}

// source is one parsed file of a package.
type source struct {
	pkg  string // the package's path
	file *ast.File
	fset *token.FileSet
	test bool
}

// parse reads the files of every package, tests included.
func parse(g []pkg) ([]source, error) {
	var all []source
	for _, p := range g {
		for _, f := range union(p.files, p.testFiles) {
			name := filepath.Join(p.dir, f)
			text, err := os.ReadFile(name) //nolint:gosec // go list named it
			if err != nil {
				return nil, fmt.Errorf("read a source file: %w", err)
			}
			s, err := parseText(p.path, name, string(text))
			if err != nil {
				return nil, err
			}
			all = append(all, s)
		}
	}
	return all, nil
}

func parseText(pkgPath, name, text string) (source, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, text, parser.ParseComments)
	if err != nil {
		return source{}, fmt.Errorf("parse a source file: %w", err)
	}
	return source{pkg: pkgPath, file: file, fset: fset, test: strings.HasSuffix(name, "_test.go")}, nil
}

func (s source) at(n ast.Node) string {
	p := s.fset.Position(n.Pos())
	return fmt.Sprintf("%s/%s:%d", s.pkg, filepath.Base(p.Filename), p.Line)
}

// imported returns the name by which the file calls the package at path, and
// "" where it does not import it.
func (s source) imported(path string) string {
	for _, imp := range s.file.Imports {
		if p, err := strconv.Unquote(imp.Path.Value); err != nil || p != path {
			continue
		}
		if imp.Name != nil {
			return imp.Name.Name
		}
		return path[strings.LastIndex(path, "/")+1:]
	}
	return ""
}

// isFrom reports whether e is the name from the package that the file calls
// pkgName, which is "" inside that package itself.
func isFrom(e ast.Expr, pkgName, name string) bool {
	if pkgName == "" {
		id, ok := e.(*ast.Ident)
		return ok && id.Name == name
	}
	sel, ok := e.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != name {
		return false
	}
	id, ok := sel.X.(*ast.Ident)
	return ok && id.Name == pkgName
}

// undocumented returns the packages that no comment introduces. A package of
// tests alone says it in a test file.
func undocumented(files []source) []string {
	own, tests := map[string][]*ast.File{}, map[string][]*ast.File{}
	for _, s := range files {
		if s.test {
			tests[s.pkg] = append(tests[s.pkg], s.file)
		} else {
			own[s.pkg] = append(own[s.pkg], s.file)
		}
	}
	for path, fs := range tests {
		if own[path] == nil {
			own[path] = fs
		}
	}
	var found []string
	for path, fs := range own {
		name := strings.TrimSuffix(fs[0].Name.Name, "_test")
		introduces := func(f *ast.File) bool {
			doc := f.Doc.Text()
			return strings.HasPrefix(doc, "Package "+name+" ") || (name == "main" && doc != "")
		}
		if !slices.ContainsFunc(fs, introduces) {
			found = append(found, fmt.Sprintf("%s has no comment that begins with \"Package %s\"", path, name))
		}
	}
	slices.Sort(found)
	return found
}

// strayInvokes returns the calls of fx.Invoke outside the packages that start
// a program: elsewhere they are side effects of an import.
func strayInvokes(files []source) []string {
	var found []string
	for _, s := range files {
		fx := s.imported("go.uber.org/fx")
		if fx == "" || s.test || under(s.pkg, plat) || composes(s.pkg) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if e, ok := n.(ast.Expr); ok && isFrom(e, fx, "Invoke") {
				found = append(found, s.at(n)+" calls fx.Invoke")
			}
			return true
		})
	}
	return found
}

const faultPath = plat + "/fault"

var codeForm = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$`)

// faultCodes returns one line "code Kind" for each fault that the files
// declare, in order, and what is wrong with the declarations.
func faultCodes(files []source) (codes, wrong []string) {
	seen := map[string]string{}
	for _, s := range files {
		name := s.imported(faultPath)
		if s.test || (name == "" && s.pkg != faultPath) {
			continue
		}
		declared := packageLevel(s.file)
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				if isFrom(n.Type, name, "Error") && s.pkg != faultPath {
					wrong = append(wrong, s.at(n)+" builds a fault.Error by hand, past the list of codes")
				}
			case *ast.CallExpr:
				if !isFrom(n.Fun, name, "New") || len(n.Args) != 3 {
					return true
				}
				code, ok := literal(n.Args[1])
				switch {
				case !ok:
					wrong = append(wrong, s.at(n)+" gives a fault a code that is not written out")
					return true
				case !codeForm.MatchString(code):
					wrong = append(wrong, fmt.Sprintf("%s: the code %q is not like module.some_reason", s.at(n), code))
				case seen[code] != "":
					wrong = append(wrong, fmt.Sprintf("%s: the code %q is taken by %s", s.at(n), code, seen[code]))
				case !declared[n]:
					wrong = append(wrong, fmt.Sprintf("%s: the fault %q has no package variable that callers can compare with", s.at(n), code))
				}
				if m := place(s.pkg).module; m != "" && !strings.HasPrefix(code, m+".") {
					wrong = append(wrong, fmt.Sprintf("%s: the code %q does not begin with its module, %s", s.at(n), code, m))
				}
				seen[code] = s.at(n)
				codes = append(codes, code+" "+lastName(n.Args[0]))
			}
			return true
		})
	}
	slices.Sort(codes)
	return slices.Compact(codes), wrong
}

// packageLevel returns the calls that give package variables their value.
func packageLevel(f *ast.File) map[*ast.CallExpr]bool {
	calls := map[*ast.CallExpr]bool{}
	for _, d := range f.Decls {
		decl, ok := d.(*ast.GenDecl)
		if !ok || decl.Tok != token.VAR {
			continue
		}
		ast.Inspect(decl, func(n ast.Node) bool {
			if _, isFunc := n.(*ast.FuncLit); isFunc {
				return false
			}
			if c, ok := n.(*ast.CallExpr); ok {
				calls[c] = true
			}
			return true
		})
	}
	return calls
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

func lastName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return "?"
}
