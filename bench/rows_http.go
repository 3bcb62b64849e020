package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"
)

const (
	clients   = 8
	stormSize = 64
)

const cataloguePath = "/api/shop/productinfos/?category=shoes&ordering=popular&page_size=40"

// reads measures the pages that everybody sees.
func (b *bench) reads(ctx context.Context, w *world) error {
	target, ceiling := 0.45, map[string]func(context.Context) (float64, error){
		"catalogue": func(ctx context.Context) (float64, error) { return w.embeddedCatalogue(ctx, b.slice) },
		"article":   func(ctx context.Context) (float64, error) { return w.embeddedArticle(ctx, b.slice) },
		"chart":     func(ctx context.Context) (float64, error) { return w.embeddedChart(ctx, b.slice) },
	}
	if w.engine == postgres {
		p, err := newPgbench(w)
		if err != nil {
			return err
		}
		target = 0.40
		ceiling["catalogue"] = func(ctx context.Context) (float64, error) { return p.run(ctx, catalogueScript(), clients, b.slice) }
		ceiling["article"] = func(ctx context.Context) (float64, error) {
			return p.run(ctx, articleScript(w.goods), clients, b.slice)
		}
		ceiling["chart"] = func(ctx context.Context) (float64, error) { return p.run(ctx, chartScript(w.goods), clients, b.slice) }
	}
	page := request("GET", w.rally.addr, cataloguePath, "")
	packed := request("GET", w.rally.addr, cataloguePath, "", "Accept-Encoding: gzip")
	b.compare(ctx, contest{
		row:     row{engine: w.engine, name: "catalogue page of 40, filtered", unit: "pages/s", target: target},
		rally:   b.ask(w, 1, func(int, int, *rand.Rand) []byte { return page }),
		ceiling: ceiling["catalogue"],
	})
	b.compare(ctx, contest{
		row:     row{engine: w.engine, name: "the same, sent with gzip", unit: "pages/s"},
		rally:   b.ask(w, 1, func(int, int, *rand.Rand) []byte { return packed }),
		ceiling: ceiling["catalogue"],
	})
	b.compare(ctx, contest{
		row:     row{engine: w.engine, name: "article page: six requests", unit: "pages/s", target: target},
		rally:   b.ask(w, articleRequests, w.articlePage()),
		ceiling: ceiling["article"],
	})
	b.compare(ctx, contest{
		row:     row{engine: w.engine, name: "chart of a year, all sizes", unit: "charts/s", target: target},
		rally:   b.ask(w, 1, w.marketPage("chart/?range=1y")),
		ceiling: ceiling["chart"],
	})
	return nil
}

// ask is a load on Rally whose pages take some requests each.
func (b *bench) ask(w *world, requests int, next func(client, n int, r *rand.Rand) []byte) func(context.Context) (float64, error) {
	return func(ctx context.Context) (float64, error) {
		rate, err := load{addr: w.rally.addr, clients: clients, slice: b.slice, request: next}.run(ctx)
		return rate / float64(requests), err
	}
}

// articleRequests is how many answers an article's page is made of.
const articleRequests = 6

// articlePage asks for what the article's page shows, one after the other.
func (w *world) articlePage() func(client, n int, r *rand.Rand) []byte {
	chosen := make([]int, clients)
	paths := make([][articleRequests][]byte, articles)
	for a := range articles {
		info, product := "/api/shop/productinfos/"+strconv.FormatInt(w.goods.info+int64(a), 10)+"/", "/api/shop/products/"+strconv.FormatInt(w.goods.all(a), 10)+"/"
		for i, path := range []string{info, info + "products/ALL/", product + "book/", product + "trades/", product + "chart/?range=3m", product + "stats/"} {
			paths[a][i] = request("GET", w.rally.addr, path, "")
		}
	}
	return func(client, n int, r *rand.Rand) []byte {
		if n%articleRequests == 0 {
			chosen[client] = r.IntN(articles)
		}
		return paths[chosen[client]][n%articleRequests]
	}
}

// marketPage asks for one thing about the sizes of some article together.
func (w *world) marketPage(path string) func(client, n int, r *rand.Rand) []byte {
	return func(_, _ int, r *rand.Rand) []byte {
		return request("GET", w.rally.addr, "/api/shop/products/"+strconv.FormatInt(w.goods.all(r.IntN(articles)), 10)+"/"+path, "")
	}
}

// logins measures sessions a second, and what a storm of logins costs.
func (b *bench) logins(ctx context.Context, w *world) {
	requests := make([][]byte, len(w.buyers))
	for i, buyer := range w.buyers {
		requests[i] = loginRequest(w.rally.addr, buyer.email, w.password)
	}
	next := func(client, n int, _ *rand.Rand) []byte { return requests[(client*7+n)%len(requests)] }
	b.compare(ctx, contest{
		row:     row{engine: w.engine, name: "login", unit: "logins/s", target: 0.85},
		rally:   b.ask(w, 1, next),
		ceiling: func(context.Context) (float64, error) { return bareHashes(b.slice) },
	})
	b.observe(ctx, row{engine: w.engine, name: "64 logins at once: peak memory", unit: "MiB"}, 1, func(ctx context.Context) (float64, error) {
		return w.storm(ctx, requests)
	})
}

// storm sends all logins in one moment and returns the highest memory, in MiB.
func (w *world) storm(ctx context.Context, requests [][]byte) (float64, error) {
	if err := w.rally.resetPeak(); err != nil {
		return 0, fmt.Errorf("reset the peak: %w", err)
	}
	errs := make([]error, stormSize)
	var all sync.WaitGroup
	for i := range stormSize {
		all.Go(func() { _, errs[i] = once(ctx, w.rally.addr, requests[i%len(requests)]) })
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		return 0, err
	}
	peak, err := w.rally.status("VmHWM")
	return peak / mebibyte, err
}

// bare measures answers without a database against gin alone, both in
// processes of their own.
func (b *bench) bare(ctx context.Context, w *world) (err error) {
	var meta metaBody
	body, err := get(ctx, w.rally.addr, "/api/meta/")
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, &meta); err != nil {
		return fmt.Errorf("read /api/meta/: %w", err)
	}
	page, err := get(ctx, w.rally.addr, "/", "Accept-Encoding: gzip")
	if err != nil {
		return err
	}
	file := filepath.Join(w.dir, "index.html.gz")
	if err := os.WriteFile(file, page, 0o600); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	gin, err := startBare(ctx, "-page", file, "-version", meta.Version)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, gin.stop()) }()
	for _, c := range []struct {
		name, path string
		target     float64
	}{{"JSON without a database: /api/meta/", "/api/meta/", 0.85}, {"static page: /", "/", 0.70}} {
		mine, theirs := &meter{p: w.rally}, &meter{p: gin}
		request := func(p *process) []byte { return request("GET", p.addr, c.path, "", "Accept-Encoding: gzip") }
		b.compare(ctx, contest{
			row:     row{engine: w.engine, name: c.name, unit: "requests/s", target: c.target},
			rally:   mine.run(b.slice, request(w.rally)),
			ceiling: theirs.run(b.slice, request(gin)),
		})
		b.note(c.name, "processor time of the server alone: %.1f µs a request against %.1f", mine.cost(), theirs.cost())
	}
	return nil
}

// meter runs a load on a server and adds up the server's own work, in which
// the cost of the client has no part.
type meter struct {
	p        *process
	cpu      time.Duration
	requests float64
}

func (m *meter) run(slice time.Duration, req []byte) func(context.Context) (float64, error) {
	return func(ctx context.Context) (float64, error) {
		before, err := m.p.cpu()
		if err != nil {
			return 0, err
		}
		rate, err := load{addr: m.p.addr, clients: clients, slice: slice, request: func(int, int, *rand.Rand) []byte { return req }}.run(ctx)
		if err != nil {
			return 0, err
		}
		after, err := m.p.cpu()
		m.cpu += after - before
		m.requests += rate * (slice + warmUp).Seconds()
		return rate, err
	}
}

// cost is in microseconds a request.
func (m *meter) cost() float64 { return float64(m.cpu.Microseconds()) / m.requests }
