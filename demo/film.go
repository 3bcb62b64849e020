package demo

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"rally/demo/draw"
)

// roll is the pictures of one post. They depend on the seed and on the articles
// alone: another day, on which others show them, makes the same pictures.
type roll struct {
	ratio float64
	shots []shot
	spots []sight // what can be seen, the main article first
}

// shot is one picture: a scene, or a closer look at the one before.
type shot struct {
	scene draw.Scene // its width is the studio's
	zoom  float64    // 0: a scene of its own
	at    draw.Spot  // of the closer look
}

// sight is an article in a picture.
type sight struct {
	article int
	shot    int
	at      draw.Spot
}

// ratios are those of the pictures' frames.
func ratios() []float64 { return []float64{1, 0.8, 0.8, 0.75, 0.75, 4.0 / 3} }

// shelves are the articles by what can be shown together.
type shelves struct {
	r        *rand.Rand
	articles []article
	main     *deck[int] // what posts are about: mostly shoes
	stock    map[string][]int
}

// newFilm plans the pictures of n posts.
func newFilm(seed uint64, articles []article, n int) []roll {
	// The articles' own order is another one every day.
	order := make([]int, len(articles))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(articles[a].code, articles[b].code), cmp.Compare(articles[a].look.palette, articles[b].look.palette))
	})
	s := &shelves{r: stream(seed, "film", 0), articles: articles, main: &deck[int]{}, stock: map[string][]int{}}
	often := map[string]int{"shoes": 5, "clothes": 3, "fashion": 2, "tech": 1, "life": 1}
	for _, i := range order {
		a := articles[i]
		for range often[a.category] {
			s.main.cards = append(s.main.cards, i)
		}
		s.stock[a.category] = append(s.stock[a.category], i)
		if a.category == "clothes" {
			part := "tops"
			if a.kind == "cargo" {
				part = "trousers"
			}
			s.stock[part] = append(s.stock[part], i)
		}
		if a.kind == "tote" || a.kind == "backpack" {
			s.stock["bags"] = append(s.stock["bags"], i)
		}
		if draw.Stands(a.kind) {
			s.stock["standing"] = append(s.stock["standing"], i)
		}
		s.stock["all"] = append(s.stock["all"], i)
	}
	rolls := make([]roll, n)
	for i := range rolls {
		rolls[i] = s.roll()
	}
	return rolls
}

// roll takes the pictures of the next post: of one article, from several sides.
func (s *shelves) roll() roll {
	a := s.main.deal(s.r)
	next := roll{ratio: one(s.r, ratios())}
	seen := map[int]bool{}
	for {
		kind := s.kind(s.articles[a])
		if kind == "look" && next.ratio > 1 {
			kind = "flat" // nobody stands in so flat a frame
		}
		things := s.gather(kind, a)
		scene := draw.Scene{Seed: s.r.Uint64(), Kind: kind, Ratio: next.ratio}
		for _, i := range things {
			b := s.articles[i]
			scene.Articles = append(scene.Articles, draw.Article{Seed: b.design, Kind: b.kind, Brand: b.brand, Palette: b.palette})
		}
		spots := scene.Spots()
		for i, thing := range things {
			if !seen[thing] {
				seen[thing] = true
				next.spots = append(next.spots, sight{thing, len(next.shots), spots[i]})
			}
		}
		next.shots = append(next.shots, shot{scene: scene})
		if chance(s.r, 0.4) {
			return next
		}
		if chance(s.r, 0.72) {
			next.shots = append(next.shots, shot{zoom: between(s.r, 1.35, 1.75), at: spots[0]})
		}
		if len(next.shots) > 2 || chance(s.r, 0.78) {
			return next
		}
	}
}

// kind chooses a scene for an article.
func (s *shelves) kind(a article) string {
	var kinds []string
	switch {
	case a.category == "shoes":
		kinds = []string{"flat", "flat", "flat", "feet", "feet", "feet", "step", "step", "step", "look", "look", "shelf", "studio", "studio", "box", "mood", "mood"}
	case a.category == "clothes":
		kinds = []string{"look", "look", "flat"}
	case draw.Stands(a.kind):
		kinds = []string{"flat", "flat", "flat", "studio", "mood", "shelf"}
		if a.kind == "tote" || a.kind == "backpack" {
			kinds = append(kinds, "look", "look")
		}
	default:
		kinds = []string{"flat"}
	}
	return one(s.r, kinds)
}

// gather adds to an article what else a scene shows.
func (s *shelves) gather(kind string, main int) []int {
	things := []int{main}
	add := func(shelf string) {
		if all := s.stock[shelf]; len(all) > 0 {
			if i := one(s.r, all); !slices.Contains(things, i) {
				things = append(things, i)
			}
		}
	}
	switch kind {
	case "flat":
		if s.articles[main].category != "shoes" {
			add("shoes")
		}
		for range s.r.IntN(4) {
			add(one(s.r, []string{"all", "shoes", "clothes", "fashion", "tech"}))
		}
		things = things[:min(len(things), 4)]
	case "look":
		a := s.articles[main]
		if a.category != "shoes" {
			add("shoes")
		}
		if a.category != "clothes" || a.kind == "cargo" {
			add("tops")
		}
		if a.kind != "cargo" && chance(s.r, 0.6) {
			add("trousers")
		}
		if a.category != "fashion" && chance(s.r, 0.18) {
			add("bags")
		}
	case "shelf":
		for range 2 + s.r.IntN(4) {
			add("shoes")
		}
		if chance(s.r, 0.6) {
			add("standing")
		}
	case "mood":
		if chance(s.r, 0.2) {
			add("standing")
		}
	}
	return things
}
