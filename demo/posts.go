package demo

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"rally/modules/friends"
	"rally/modules/shop"
	"rally/modules/style"
)

// feed is what people post, and how others take it, while it is written.
type feed struct {
	style.World

	r        *rand.Rand
	now      time.Time
	articles []article
	infos    []shop.ImportedInfo
	people   []person
	userIDs  []int64
	buyers   map[int64][]shop.Order // by article: those who have it, since when
	byID     map[int64]int          // numbers of people
	friends  [][]int                // by number
	fans     [][]int                // who follows somebody, by number
	active   lottery                // people by how much they do here
	writers  lottery                // people by how much they post
	words    lines
	topics   []topic // of posts, by index
	said     talkBelow
}

// topic is what a post is about, as far as people talk about it.
type topic struct{ shoes, worn bool }

// newFeed lets people post the pictures of the rolls, follow each other, and like
// and talk about what they see. The catalogue, the market and the friendships have
// their ids. Nobody does anything before they came.
func newFeed(seed uint64, now time.Time, articles []article, people []person, c *shop.Catalogue, m *market, ties *friends.World, userIDs []int64, rolls []roll, photos [][]photo) (*style.World, *talkBelow) {
	f := &feed{
		r: stream(seed, "feed", 0), now: now, articles: articles, infos: c.Infos, people: people, userIDs: userIDs,
		buyers: map[int64][]shop.Order{}, byID: map[int64]int{}, friends: make([][]int, len(people)), fans: make([][]int, len(people)), words: newLines(),
	}
	for i, id := range userIDs {
		f.byID[id] = i
	}
	for _, tie := range ties.Friendships {
		a, b := f.byID[tie.A], f.byID[tie.B]
		f.friends[a], f.friends[b] = append(f.friends[a], b), append(f.friends[b], a)
	}
	for _, t := range m.Trades {
		if t.Order.Status == shop.OrderSettled {
			f.buyers[t.Order.InfoID] = append(f.buyers[t.Order.InfoID], t.Order)
		}
	}
	f.follow(stream(seed, "follows", 0))
	f.popularity()
	f.post(rolls, photos)
	for i := range f.Posts {
		f.like(&f.Posts[i])
		f.discuss(i)
	}
	return &f.World, &f.said
}

// popularity decides who posts, and who likes and comments: few do a lot.
func (f *feed) popularity() {
	active, writers := make([]float64, len(f.people)), make([]float64, len(f.people))
	for i, p := range f.people {
		if p.staff {
			continue
		}
		active[i] = math.Exp(0.9 * f.r.NormFloat64())
		// Who is followed by many posts more, or the other way round.
		writers[i] = math.Exp(0.8*f.r.NormFloat64()) * (1 + float64(len(f.fans[i]))/12)
	}
	f.active, f.writers = newLottery(active), newLottery(writers)
}

const (
	followsEach   = 12 // the median
	loginFollows  = 25
	mostFollowing = 120
)

// follow lets people follow each other: their friends, and those whom many follow
// already.
func (f *feed) follow(r *rand.Rand) {
	// A ball for each chance to be drawn: everybody has some by their charm, and
	// wins one with each follower.
	var urn []int
	for i := range f.people {
		for range 1 + int(2*math.Exp(1.5*r.NormFloat64())) {
			urn = append(urn, i)
		}
	}
	for _, login := range []int{shopper, seller} {
		for range 20 {
			urn = append(urn, login)
		}
	}
	follows := map[[2]int]bool{}
	add := func(a, b int) bool {
		if a == b || follows[[2]int{a, b}] || f.people[b].staff {
			return false
		}
		follows[[2]int{a, b}] = true
		since := f.people[a].created
		if f.people[b].created.After(since) {
			since = f.people[b].created
		}
		at := since.Add(time.Duration(between(r, 0, 1) * float64(f.now.Sub(since)))).Truncate(time.Millisecond)
		f.Follows = append(f.Follows, style.Follow{From: f.userIDs[a], To: f.userIDs[b], CreatedAt: at})
		f.fans[b] = append(f.fans[b], a)
		urn = append(urn, b)
		return true
	}
	for _, a := range r.Perm(len(f.people)) {
		n := int(math.Exp(math.Log(followsEach) + 0.75*r.NormFloat64()))
		switch a {
		case shopper, seller:
			n = loginFollows
		case admin:
			n = 3
		}
		n = min(n, mostFollowing, 2*len(f.people)/3)
		for _, b := range f.friends[a] {
			if n > 0 && chance(r, 0.5) && add(a, b) {
				n--
			}
		}
		for tries := 0; n > 0 && tries < 40*loginFollows; tries++ {
			if add(a, urn[r.IntN(len(urn))]) {
				n--
			}
		}
	}
	slices.SortFunc(f.Follows, func(a, b style.Follow) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
}

// loginPosts is how many posts a login has at least, where there are enough.
const loginPosts = 5

// post gives each roll to somebody, who shows it at some time.
func (f *feed) post(rolls []roll, photos [][]photo) {
	type draft struct {
		style.ImportedPost
		topic
	}
	drafts := make([]draft, len(rolls))
	moments := f.moments()
	for i, film := range rolls {
		a := film.spots[0].article
		from := f.articles[a].listed.Add(6 * time.Hour)
		at := f.moment(moments, from)
		author, found := 0, false
		switch {
		case i < loginPosts:
			author, found = shopper, true
		case i < 2*loginPosts:
			author, found = seller, true
		case chance(f.r, 0.45):
			author, found = f.owner(f.infos[a].ID, at)
		}
		if !found {
			author = f.writer(at)
		}
		post := style.ImportedPost{Post: style.Post{UserID: f.userIDs[author], Ratio: film.ratio, CreatedAt: at}}
		for _, p := range photos[i] {
			post.Pictures = append(post.Pictures, style.Picture{Key: p.key, Width: p.width, Height: p.height})
		}
		if chance(f.r, 0.85) {
			for _, s := range film.spots[:min(len(film.spots), 1+f.r.IntN(3))] {
				if f.articles[s.article].listed.Before(at) {
					x, y := s.at.X, s.at.Y
					post.Tags = append(post.Tags, style.Tag{InfoID: f.infos[s.article].ID, X: &x, Y: &y, Picture: s.shot})
				}
			}
		}
		scene := film.shots[0].scene.Kind
		post.Content = f.caption(author, at, f.articles[a], scene)
		drafts[i] = draft{post, topic{f.articles[a].category == "shoes", worn(scene)}}
	}
	slices.SortStableFunc(drafts, func(a, b draft) int { return a.CreatedAt.Compare(b.CreatedAt) })
	for _, d := range drafts {
		f.Posts, f.topics = append(f.Posts, d.ImportedPost), append(f.topics, d.topic)
	}
}

// worn reports whether a scene shows somebody.
func worn(scene string) bool { return scene == "look" || scene == "step" || scene == "feet" }

// moments are the days of the history, the last one today: lately people post more.
func (f *feed) moments() lottery {
	days := make([]float64, historyDays+1)
	for i := range days {
		ago := float64(historyDays - i)
		days[i] = (0.22 + math.Exp(-ago/20)) * weekly(f.now.In(seoul()).AddDate(0, 0, i-historyDays).Weekday())
	}
	days[historyDays] *= 2 // it isn't over yet
	return newLottery(days)
}

// moment is a time after from and before now, most likely in an evening.
func (f *feed) moment(days lottery, from time.Time) time.Time {
	if oldest := f.now.AddDate(0, 0, -historyDays); from.Before(oldest) {
		from = oldest
	}
	y, m, d := f.now.In(seoul()).Date()
	midnight := time.Date(y, m, d-historyDays, 0, 0, 0, 0, seoul())
	hours := hourly()
	for h := 19; h < 24; h++ {
		hours[h] *= 1.5
	}
	clock := newLottery(hours)
	for range 200 {
		at := midnight.AddDate(0, 0, days.draw(f.r)).Add(time.Duration(clock.draw(f.r))*time.Hour + time.Duration(f.r.Int64N(int64(time.Hour))))
		if at.After(from) && at.Before(f.now) {
			return at.UTC().Truncate(time.Millisecond)
		}
	}
	return from.Add(f.upTo(f.now.Sub(from))).UTC().Truncate(time.Millisecond)
}

// owner is somebody who bought an article before a time.
func (f *feed) owner(infoID int64, at time.Time) (int, bool) {
	bought := f.buyers[infoID]
	for range min(20, len(bought)) {
		if o := one(f.r, bought); o.StatusAt.Before(at) && !f.people[f.byID[o.BuyerID]].staff {
			return f.byID[o.BuyerID], true
		}
	}
	return 0, false
}

// writer is somebody who was there at a time. The logins came before all that is
// shown.
func (f *feed) writer(at time.Time) int {
	for range 100 {
		if i := f.writers.draw(f.r); f.here(i, at) {
			return i
		}
	}
	return f.r.IntN(2)
}

// here reports whether somebody was there at a time.
func (f *feed) here(i int, at time.Time) bool {
	return !f.people[i].staff && f.people[i].created.Add(time.Hour).Before(at)
}

// upTo returns a duration in [0, most), or none if that is past.
func (f *feed) upTo(most time.Duration) time.Duration {
	if most <= 0 {
		return 0
	}
	return time.Duration(f.r.Int64N(int64(most))).Truncate(time.Millisecond)
}

// soon is a time after t and before now: within the mean, mostly.
func (f *feed) soon(t time.Time, mean time.Duration) (time.Time, bool) {
	at := t.Add(time.Minute + time.Duration(f.r.ExpFloat64()*float64(mean))).UTC().Truncate(time.Millisecond)
	return at, at.Before(f.now)
}

// reader is somebody who sees what a person posts, mostly because they follow them.
func (f *feed) reader(author int, at time.Time) (int, bool) {
	for range 30 {
		i := 0
		if fans := f.fans[author]; len(fans) > 0 && chance(f.r, 0.6) {
			i = one(f.r, fans)
		} else {
			i = f.active.draw(f.r)
		}
		if i != author && f.here(i, at) {
			return i, true
		}
	}
	return 0, false
}

// like lets people like a post: few of most, very many of some.
func (f *feed) like(p *style.ImportedPost) {
	author := f.byID[p.UserID]
	mean := math.Exp(1.85+1.3*f.r.NormFloat64()) * math.Sqrt((6+float64(len(f.fans[author])))/18)
	seen := map[int]bool{}
	for range min(poisson(f.r, mean), 2*len(f.people)) {
		at, past := f.soon(p.CreatedAt, 30*time.Hour)
		if !past { // not seen yet
			continue
		}
		if who, found := f.reader(author, at); found && !seen[who] {
			seen[who] = true
			p.Likes = append(p.Likes, style.Like{UserID: f.userIDs[who], CreatedAt: at})
		}
	}
	slices.SortFunc(p.Likes, func(a, b style.Like) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.UserID, b.UserID))
	})
}
