package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// pgbench runs PostgreSQL's own load program over a script, with as many
// clients as Rally gets, prepared statements, and no vacuum of its own.
type pgbench struct {
	program string
	env     []string
	dir     string
}

func newPgbench(w *world) (pgbench, error) {
	program, err := findPgbench()
	if err != nil {
		return pgbench{}, err
	}
	u, err := url.Parse(w.dsn)
	if err != nil {
		return pgbench{}, errors.New("the address of PostgreSQL is no URL")
	}
	password, _ := u.User.Password()
	// Not on the command line, where everybody sees it.
	env := []string{
		"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "PGHOST=" + u.Hostname(), "PGPORT=" + u.Port(), "PGUSER=" + u.User.Username(),
		"PGPASSWORD=" + password, "PGDATABASE=" + strings.TrimPrefix(u.Path, "/"), "PGSSLMODE=disable",
	}
	return pgbench{program: program, env: env, dir: w.dir}, nil
}

// findPgbench prefers Debian's real program over its wrapper on the PATH,
// which looks for a cluster of its own.
func findPgbench() (string, error) {
	if found, err := filepath.Glob("/usr/lib/postgresql/*/bin/pgbench"); err == nil && len(found) > 0 {
		return slices.Max(found), nil
	}
	program, err := exec.LookPath("pgbench")
	if err != nil {
		return "", fmt.Errorf("pgbench is not installed; run scripts/setup.sh: %w", err)
	}
	return program, nil
}

// run returns the transactions a second of the script.
func (p pgbench) run(ctx context.Context, script string, clients int, slice time.Duration) (float64, error) {
	file := filepath.Join(p.dir, "pgbench.sql")
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		return 0, fmt.Errorf("write the script of pgbench: %w", err)
	}
	seconds := strconv.Itoa(max(1, int(slice.Round(time.Second).Seconds())))
	cmd := exec.CommandContext(ctx, p.program, "-n", "-M", "prepared", "-c", strconv.Itoa(clients), "-j", "2", "-T", seconds, "-f", file) //nolint:gosec // PostgreSQL's
	cmd.Env = p.env
	out, err := cmd.CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("pgbench: %w: %s", err, out)
	}
	return parseTPS(string(out))
}

// parseTPS reads the rate without the time of connecting.
func parseTPS(out string) (float64, error) {
	if n := regexp.MustCompile(`number of failed transactions: (\d+)`).FindStringSubmatch(out); n != nil && n[1] != "0" {
		return 0, fmt.Errorf("pgbench: %s transactions failed", n[1])
	}
	found := regexp.MustCompile(`(?m)^tps = ([0-9.]+)`).FindStringSubmatch(out)
	if found == nil {
		return 0, fmt.Errorf("pgbench said no rate: %s", out)
	}
	return strconv.ParseFloat(found[1], 64)
}

// The scripts. \set draws what the clients of Rally draw.

func catalogueScript() string { return fmt.Sprintf(catalogueSQL, catalogueIn) + ";\n" }

func articleScript(g goods) string {
	return fmt.Sprintf("\\set a random(0, %d)\n\\set info %d + :a\n\\set product %d + :a * %d\n", articles-1, g.info, g.product, rowsOfInfo) +
		named(infoSQL, ":info") + named(sizesSQL, ":info") + named(bookSQL, ":product") + named(tradesSQL, ":info") +
		strings.Repeat(named(daysSQL, ":product", now().AddDate(0, -3, 0)), 2) + named(extremesSQL, ":product")
}

func chartScript(g goods) string {
	return fmt.Sprintf("\\set a random(0, %d)\n\\set product %d + :a * %d\n", articles-1, g.product, rowsOfInfo) + named(daysSQL, ":product", now().AddDate(-1, 0, 0))
}

// named writes a statement with pgbench's variables; now is the server's, and
// $3 a day.
func named(statement, id string, day ...time.Time) string {
	from := ""
	if len(day) > 0 {
		from = "'" + day[0].Format(time.DateOnly) + "'"
	}
	return strings.NewReplacer("$1", id, "$2", "now()", "$3", from).Replace(statement) + ";\n"
}

func tradeScript(g goods) string { return spreadScript(g) + buyerScript(g) }

func spreadScript(g goods) string {
	return fmt.Sprintf("\\set n random(%d, %d)\n\\set product %d + :n / %d * %d + :n %% %d + 1\n", 2, articles*sizes-1, g.product, sizes, rowsOfInfo, sizes)
}

func bidScript(g goods) string {
	first := g.seller + sellers
	return spreadScript(g) + fmt.Sprintf("\\set buyer random(%d, %d)\n\\set price %d - %d * random(1, 18)\nSELECT bench_bid(:product, :buyer, :price);\n",
		first, first+buyers-1, firstPrice, priceStep)
}

func hotScript(g goods) string {
	return fmt.Sprintf("\\set product %d\n", g.hot()) + buyerScript(g)
}

func buyerScript(g goods) string {
	first := g.seller + sellers
	return fmt.Sprintf("\\set buyer random(%d, %d)\nSELECT bench_trade(:product, :buyer);\n", first, first+buyers-1)
}
