package archtest

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// tree is the repository as it is, listed and parsed once.
type tree struct {
	root  string
	pkgs  []pkg
	files []source
}

var readTree = sync.OnceValues(func() (tree, error) {
	root, err := moduleRoot()
	if err != nil {
		return tree{}, err
	}
	t := tree{root: root}
	if t.pkgs, err = load(context.Background(), root); err != nil {
		return tree{}, err
	}
	t.files, err = parse(t.pkgs)
	return t, err
})

func theTree(t *testing.T) tree {
	t.Helper()
	tr, err := readTree()
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func report(t *testing.T, found []string) {
	t.Helper()
	for _, f := range found {
		t.Error(f)
	}
}

func TestImports(t *testing.T) {
	t.Parallel()
	g := theTree(t).pkgs
	for _, r := range rules() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			report(t, r.check(g))
		})
	}
}

func TestPackageComments(t *testing.T) {
	t.Parallel()
	report(t, undocumented(theTree(t).files))
}

func TestInvokesOnlyWhereAProgramStarts(t *testing.T) {
	t.Parallel()
	report(t, strayInvokes(theTree(t).files))
}

func TestFileLength(t *testing.T) {
	t.Parallel()
	found, err := tooLong(os.DirFS(theTree(t).root))
	if err != nil {
		t.Fatal(err)
	}
	report(t, found)
}

// TestFaultCodes compares the faults that the code declares with the list that
// clients rely on. A code that disappears, or changes its kind, breaks them.
func TestFaultCodes(t *testing.T) {
	t.Parallel()
	codes, wrong := faultCodes(theTree(t).files)
	report(t, wrong)
	golden := filepath.Join("testdata", "fault_codes.golden")
	got := strings.Join(codes, "\n") + "\n"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	listed := strings.Split(strings.TrimSpace(string(want)), "\n")
	for _, line := range without(codes, listed) {
		t.Errorf("%s is new; make generate lists it", line)
	}
	for _, line := range without(listed, codes) {
		t.Errorf("%s is gone, and clients rely on it; make generate takes it off the list", line)
	}
}

// without returns the lines of a that b lacks.
func without(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(line string) bool { return slices.Contains(b, line) })
}
