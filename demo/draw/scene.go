package draw

import (
	"image"
	"math"
)

// Scene says which photo to paint, of those that people take of their things to
// show them to others. The same scene is the same photo.
type Scene struct {
	Seed     uint64
	Kind     string    // one of SceneKinds
	Articles []Article // what it shows, the main one first; their views and sizes don't count
	Ratio    float64   // width / height
	Width    int       // pixels
}

// Spot is a place in a photo: shares of its width and its height.
type Spot struct{ X, Y float64 }

// genre is a kind of scene: how things are put in their places, and how that is
// painted.
type genre struct {
	kind    string
	arrange func(*set)
	paint   func(*set)
}

func genres() []genre {
	return []genre{
		{"flat", (*set).layFlat, (*set).paintFlat},
		{"feet", (*set).putFeet, (*set).paintFeet},
		{"step", (*set).putStep, (*set).paintStep},
		{"look", (*set).putLook, (*set).paintLook},
		{"shelf", (*set).putShelf, (*set).paintShelf},
		{"studio", (*set).putStudio, (*set).paintStudio},
		{"box", (*set).putBox, (*set).paintBox},
		{"mood", (*set).putMood, (*set).paintMood},
	}
}

// SceneKinds lists the kinds of scenes: things laid out flat, shoes on feet seen
// by who wears them, a step in the street, somebody's outfit, a shelf, a studio,
// an opened box, a place with a thing in it. "feet", "step" and "box" need a
// shoe as the main article.
func SceneKinds() []string {
	var kinds []string
	for _, g := range genres() {
		kinds = append(kinds, g.kind)
	}
	return kinds
}

// place is where an article stands or lies.
type place struct {
	thing int    // index among the scene's articles
	at    matrix // from the article's studio to the scene
	view  int
}

// set is a scene while it is built and painted. Its width is 1000 design units,
// its height h.
type set struct {
	*kit

	r      *rng // what is left to chance
	h      float64
	things []Article
	places []place
	ground ink // what things stand on, for their shadows
	film   film
}

// arranged puts a scene's things in their places. An unknown kind is a studio.
func (s Scene) arranged() (*set, genre) {
	t := &set{r: newRng(s.Seed, s.Kind), h: 1000 / s.Ratio, things: s.Articles}
	all := genres()
	chosen := all[5]
	for _, g := range all {
		if g.kind == s.Kind {
			chosen = g
		}
	}
	chosen.arrange(t)
	return t, chosen
}

// Draw paints the photo.
func (s Scene) Draw() *image.RGBA {
	t, g := s.arranged()
	c := newCanvas(s.Width, int(float64(s.Width)/s.Ratio+0.5))
	k := float64(s.Width) / 1000
	c.view = scaled(k, k)
	t.kit = &kit{canvas: c}
	t.r = newRng(s.Seed, s.Kind+" light")
	g.paint(t)
	t.film.develop(c.img)
	return c.img
}

// Spots says where the photo shows each of its articles.
func (s Scene) Spots() []Spot {
	t, _ := s.arranged()
	spots := make([]Spot, len(s.Articles))
	for i := range spots {
		spots[i] = Spot{0.5, 0.5}
	}
	for i := len(t.places) - 1; i >= 0; i-- { // of several places, the first
		p := t.places[i]
		q := p.at.apply(eye(t.things[p.thing].Kind, p.view))
		spots[p.thing] = Spot{clip(q.x / 1000), clip(q.y / t.h)}
	}
	return spots
}

// clip keeps a spot away from the edge.
func clip(v float64) float64 { return math.Round(math.Max(0.06, math.Min(0.94, v))*1000) / 1000 }

// Stands reports whether a kind of article stands by itself: those are what a
// shelf, a studio and a landscape show.
func Stands(kind string) bool {
	m, ok := modelOf(kind)
	switch kind {
	case "watch", "deck", "handheld", "keyboard":
		return false
	}
	return ok && m.category != "clothes"
}

// Closer returns what a second photo shows that was taken nearer to a spot, in
// the size of the first.
func Closer(photo *image.RGBA, at Spot, zoom float64) *image.RGBA {
	w, h := 1/zoom, 1/zoom
	x0, y0 := math.Max(0, math.Min(1-w, at.X-w/2)), math.Max(0, math.Min(1-h, at.Y-h/2))
	b := photo.Rect
	part := image.Rect(int(x0*float64(b.Dx())), int(y0*float64(b.Dy())), int((x0+w)*float64(b.Dx())), int((y0+h)*float64(b.Dy())))
	out := image.NewRGBA(b)
	resize(out, photo, part)
	return out
}

// Smaller scales a photo down to a width.
func Smaller(photo *image.RGBA, width int) *image.RGBA {
	b := photo.Rect
	out := image.NewRGBA(image.Rect(0, 0, width, max(1, int(float64(b.Dy()*width)/float64(b.Dx())+0.5))))
	resize(out, photo, b)
	return out
}

// eye is where one looks at a thing in its studio: at one of a pair's shoes, not
// between them.
func eye(kind string, view int) point {
	q := middle(kind, view)
	if m, _ := modelOf(kind); m.category == "shoes" && view > 1 {
		return q.add(onePair)
	}
	return q
}

// onePair leads from the middle of a pair, seen from above, to its right shoe.
var onePair = point{160, -40} //nolint:gochecknoglobals // never written

// middle is the middle of a thing in its studio.
func middle(kind string, view int) point {
	m, _ := modelOf(kind)
	switch {
	case m.category == "shoes" && view < 2:
		return point{500, 580}
	case m.category == "shoes":
		return point{500, 480}
	case kind == "candle", kind == "blanket", kind == "cap", kind == "speaker", kind == "camera":
		return point{500, 560}
	}
	return point{500, 510}
}

func (s *set) category(thing int) string {
	m, _ := modelOf(s.things[thing].Kind)
	return m.category
}

// put gives a thing its place: the middle of its view comes to (x, y), zoom
// times the size of its studio.
func (s *set) put(thing, view int, x, y, zoom, tilt float64) {
	m := middle(s.things[thing].Kind, view)
	s.places = append(s.places, place{thing, move(x, y).then(turn(tilt)).then(scaled(zoom, zoom)).then(move(-m.x, -m.y)), view})
}

// stand puts a thing on the height y, facing right if it is turned.
func (s *set) stand(thing int, x, y, zoom, tilt float64, turned bool) {
	m := point{500, soleOf(s.things[thing].Kind)}
	at := move(x, y).then(turn(tilt)).then(scaled(zoom, zoom)).then(move(-m.x, -m.y))
	if turned {
		at = at.then(mirror(500))
	}
	s.places = append(s.places, place{thing, at, 0})
}

// soleOf is how far down a thing's front view reaches in its studio.
func soleOf(kind string) float64 {
	switch kind {
	case "cap":
		return 668
	case "backpack":
		return 846
	case "tote":
		return 852
	case "sunglasses":
		return 676
	case "mug":
		return 770
	case "candle":
		return 800
	case "blanket":
		return 756
	case "lamp":
		return 838
	case "headphones":
		return 806
	case "camera":
		return 742
	case "speaker":
		return 706
	}
	if m, _ := modelOf(kind); m.category == "shoes" {
		return 736
	}
	return 860
}

// own is the kit for painting one of the scene's things where it is.
func (s *set) own(thing int) *kit {
	k := s.things[thing].kit(s.canvas)
	k.pal.ground = s.ground
	return k
}

// show paints the thing of a place.
func (s *set) show(p place) {
	k := s.own(p.thing)
	k.under(p.at, func() { k.article(s.things[p.thing].Kind, p.view) })
}

// showAll paints all things, the later ones over the earlier.
func (s *set) showAll() {
	for _, p := range s.places {
		s.show(p)
	}
}

// on names what things stand on from here on.
func (s *set) on(c ink) { s.ground, s.pal.ground = c, c }
