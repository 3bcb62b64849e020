package demo

import (
	"strconv"
	"strings"
	"time"
)

// caption is what somebody writes below their pictures: what is to be seen, and
// at times the thing's name, the weather, a question, a friend, hashtags.
func (f *feed) caption(author int, at time.Time, a article, scene string) string {
	p, lang := f.people[author], f.tongue(author)
	deal := func(name string) string { return f.words.deal(f.r, lang+name) }
	parts := []string{deal(scene)}
	name := a.model.eng + " " + a.look.eng
	if p.korean() {
		name = a.model.kor + " " + a.look.kor
	}
	if chance(f.r, 0.62) {
		about := "about " + a.category
		if a.category != "shoes" && a.category != "clothes" {
			about = "about things"
		}
		parts = append(parts, strings.ReplaceAll(deal(about), "{name}", name))
	}
	if chance(f.r, 0.36) {
		parts = append(parts, deal(season(at)))
	}
	if chance(f.r, 0.2) {
		parts = append(parts, deal("question"))
	}
	if friend, found := f.companion(author, at); found && chance(f.r, 0.1) {
		parts = append(parts, strings.ReplaceAll(deal("friend"), "{friend}", "@"+f.people[friend].profile))
	}
	// Few write in paragraphs.
	text := strings.Join(parts, one(f.r, []string{" ", " ", " ", "\n"}))
	if tags := f.hashtags(author, a, scene, deal); len(tags) > 0 {
		text += one(f.r, []string{" ", "\n", "\n\n"}) + strings.Join(tags, " ")
	}
	return strings.ReplaceAll(text, "{size}", strconv.Itoa(p.shoe))
}

// companion is a friend of the author who was there.
func (f *feed) companion(author int, at time.Time) (int, bool) {
	if len(f.friends[author]) == 0 {
		return 0, false
	}
	i := one(f.r, f.friends[author])
	return i, f.here(i, at)
}

// season names the texts that fit a day in Korea.
func season(at time.Time) string {
	return [...]string{"winter", "winter", "spring", "spring", "spring", "summer", "summer", "summer", "autumn", "autumn", "autumn", "winter"}[at.In(seoul()).Month()-1]
}

// hashtags are those of a post, most of them common.
func (f *feed) hashtags(author int, a article, scene string, deal func(string) string) []string {
	if chance(f.r, 0.14) {
		return nil
	}
	var tags []string
	seen := map[string]bool{}
	add := func(tag string) {
		tag = "#" + strings.NewReplacer(" ", "", "&", "", "'", "", ".", "").Replace(tag)
		if !seen[tag] {
			seen[tag] = true
			tags = append(tags, tag)
		}
	}
	for range 1 + f.r.IntN(3) {
		add(deal("tags"))
	}
	switch {
	case worn(scene):
		add(deal("tags worn"))
	case a.category == "shoes":
		add(deal("tags shoes"))
	default:
		add(deal("tags things"))
	}
	b := brands()[a.brand]
	if chance(f.r, 0.4) {
		if f.korean(author) {
			add(b.kor)
		} else {
			add(strings.ToLower(b.eng))
		}
	}
	if a.category == "shoes" && chance(f.r, 0.22) {
		add("size{size}")
	}
	return tags
}
