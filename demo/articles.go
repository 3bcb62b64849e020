package demo

import (
	"cmp"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"rally/demo/draw"
)

// article is one look of a model, with its place in the market.
type article struct {
	model
	look
	palette  draw.Palette
	number   int    // which look of its model it is
	design   uint64 // seed of its drawings; the looks of a model share it
	sizes    []string
	released time.Time // midnight in Seoul
	listed   time.Time
	first    int     // index of its product ALL in the catalogue
	share    float64 // of everybody's interest; all articles' sum is 1
	rank     int     // 0 is the most wanted
	value    float64 // won that people pay in the long run
}

// seoul is where the exchange's day begins and ends. Korea has had no summer
// time since 1988, so that a fixed zone does.
func seoul() *time.Location { return time.FixedZone("KST", 9*60*60) }

// newArticles chooses n articles, the oldest first.
func newArticles(seed uint64, n int, now time.Time) []article {
	articles := chooseLooks(n)
	r := stream(seed, "articles", 0)
	release(r, articles, now)
	slices.SortStableFunc(articles, func(a, b article) int { return a.listed.Compare(b.listed) })
	rankAll(r, articles)
	next := 0
	for i := range articles {
		a := &articles[i]
		a.design = seed ^ hash(a.code)
		a.first = next
		next += 1 + len(a.sizes)
	}
	return articles
}

// chooseLooks takes n looks. Few of them come from all categories in
// proportion; beyond those that have a name, models appear in further
// colourways.
func chooseLooks(n int) []article {
	type place struct {
		article
		turn float64 // how far into its category
	}
	var named []place
	taken := map[string]int{} // by category
	for _, m := range models() {
		for number, l := range m.looks {
			palette, _ := draw.PaletteByKey(l.palette)
			named = append(named, place{article{model: m, look: l, palette: palette, number: number, sizes: sizes(m.run)}, float64(taken[m.category]) + 0.5})
			taken[m.category]++
		}
	}
	for i := range named {
		named[i].turn /= float64(taken[named[i].category])
	}
	slices.SortStableFunc(named, func(a, b place) int { return cmp.Compare(a.turn, b.turn) })
	articles := make([]article, 0, n)
	for _, p := range named[:min(n, len(named))] {
		articles = append(articles, p.article)
	}
	return append(articles, furtherLooks(n-len(articles))...)
}

// furtherLooks goes round the models with the colourways that they don't have.
func furtherLooks(n int) []article {
	var articles []article
	all := models()
	palettes := draw.Palettes()
	for round := 0; len(articles) < n && round < len(palettes); round++ {
		for i, m := range all {
			palette := palettes[(7*round+i)%len(palettes)]
			known := slices.ContainsFunc(m.looks, func(l look) bool { return l.palette == palette.Key })
			if known || len(articles) == n {
				continue
			}
			articles = append(articles, article{
				model: m, look: look{palette: palette.Key, eng: palette.En, kor: palette.Ko}, palette: palette, number: len(m.looks) + round, sizes: sizes(m.run),
			})
		}
	}
	return articles
}

// release spreads the releases over fourteen months, on the days of the week
// on which shops release, in no order of model.
func release(r *rand.Rand, articles []article, now time.Time) {
	const oldest, newest = 420, 9 // days ago
	n := float64(len(articles))
	for place, i := range r.Perm(len(articles)) {
		a := &articles[i]
		ago := newest + (oldest-newest)*(float64(place)+r.Float64())/n
		y, m, d := now.Add(-time.Duration(ago*24) * time.Hour).In(seoul()).Date()
		a.released = time.Date(y, m, d, 0, 0, 0, 0, seoul())
		for !slices.Contains([]time.Weekday{time.Thursday, time.Friday, time.Saturday}, a.released.Weekday()) {
			a.released = a.released.AddDate(0, 0, -1)
		}
		a.listed = a.released.AddDate(0, 0, -1-r.IntN(5)).Add(10*time.Hour + time.Duration(r.IntN(8*60))*time.Minute).UTC()
	}
}

// rankAll decides what people want, and what they pay for it.
func rankAll(r *rand.Rand, articles []article) {
	appeal := map[string]float64{"shoes": 1.5, "clothes": 0.4, "fashion": 0.2, "tech": 0.3, "life": 0}
	scores := make([]float64, len(articles))
	order := make([]int, len(articles))
	for i := range articles {
		order[i] = i
		scores[i] = appeal[articles[i].category] + r.NormFloat64()
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	total := 0.0
	for rank, i := range order {
		a := &articles[i]
		a.rank = rank
		a.share = 1 / math.Pow(float64(rank)+1.5, 1.05) // a power law: few are wanted by many
		total += a.share
		a.value = float64(a.retail) * premium(r, a.category, float64(rank)/float64(len(articles)))
	}
	for i := range articles {
		articles[i].share /= total
	}
}

// premium is what people pay in the long run, as a multiple of the retail
// price. The most wanted tenth costs up to twice as much; the rest of the
// shelf sells at a discount.
func premium(r *rand.Rand, category string, rank float64) float64 {
	p := 0.0
	switch {
	case rank < 0.1:
		p = between(r, 1.3, 2.2)
	case rank < 0.4:
		p = between(r, 0.98, 1.4)
	default:
		p = between(r, 0.76, 1.08)
	}
	if category != "shoes" { // hype is for shoes
		p = 1 + (p-1)*0.55
	}
	return p
}

func hash(s string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(s)) // never fails
	return h.Sum64()
}
