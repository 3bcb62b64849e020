package demo

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"rally/modules/shop"
	"rally/modules/talk"
)

// commentsEach is how many comments an article has on average.
const commentsEach = 1.6

// deck deals its cards in random order, and shuffles anew when all are out, so
// that people seldom say the same.
type deck[T any] struct {
	cards []T
	left  []int
}

func (d *deck[T]) deal(r *rand.Rand) T {
	if len(d.left) == 0 {
		d.left = r.Perm(len(d.cards))
	}
	i := d.left[0]
	d.left = d.left[1:]
	return d.cards[i]
}

// decks are decks of texts by name.
type decks map[string]*deck[string]

// deal deals one of the texts of a name.
func (d decks) deal(r *rand.Rand, name string, texts []string) string {
	if d[name] == nil {
		d[name] = &deck[string]{cards: texts}
	}
	return d[name].deal(r)
}

// board is what people say, while it is written.
type board struct {
	talk.Past

	r       *rand.Rand
	now     time.Time
	people  []person
	userIDs []int64
	byID    map[int64]int // numbers of people
	buyers  map[int64][]shop.Order
	decks   decks
	asked   map[string]*deck[exchange]
}

// newReviews lets people talk about the articles of a catalogue that has its
// ids: those who bought say how it is, others ask.
func newReviews(seed uint64, now time.Time, articles []article, people []person, c *shop.Catalogue, m *market, userIDs []int64) *talk.Past {
	b := &board{
		Past: talk.Past{Room: shop.ReviewRoom},
		r:    stream(seed, "reviews", 0), now: now, people: people, userIDs: userIDs, byID: map[int64]int{}, buyers: map[int64][]shop.Order{},
		decks: decks{}, asked: map[string]*deck[exchange]{},
	}
	for i, id := range userIDs {
		b.byID[id] = i
	}
	for _, t := range m.Trades {
		if t.Order.Status == shop.OrderSettled && now.Sub(t.Order.StatusAt) > time.Hour {
			b.buyers[t.Order.InfoID] = append(b.buyers[t.Order.InfoID], t.Order)
		}
	}
	mean := commentsEach * float64(len(articles))
	for i, a := range articles {
		// A popular article is talked about more, but a quiet one isn't silent.
		n := poisson(b.r, mean*(0.4*a.share+0.6/float64(len(articles))))
		for range n {
			b.say(a, c.Infos[i].ID)
		}
	}
	return &b.Past
}

func (b *board) text(name string, texts []string) string { return b.decks.deal(b.r, name, texts) }

// korean reports whether a person writes Korean.
func (p person) korean() bool { return hangul(p.userName) }

func hangul(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Hangul, r) })
}

// say adds a comment on an article, and what follows from it.
func (b *board) say(a article, infoID int64) {
	if bought := b.buyers[infoID]; len(bought) > 0 && chance(b.r, 0.68) {
		order := one(b.r, bought)
		came := order.StatusAt
		b.praise(a, infoID, b.byID[order.BuyerID], came.Add(b.upTo(min(9*day, b.now.Sub(came)))))
		return
	}
	since := a.listed
	if oldest := b.now.AddDate(0, 0, -historyDays); oldest.After(since) {
		since = oldest
	}
	at := since.Add(b.upTo(b.now.Sub(since)))
	writer, found := b.somebody(at, -1)
	switch {
	case !found:
	case a.store && chance(b.r, 0.4):
		b.praise(a, infoID, writer, at)
	default:
		b.wonder(a, infoID, writer, at)
	}
}

// praise is a comment of somebody who has the article.
func (b *board) praise(a article, infoID int64, writer int, at time.Time) {
	t := talkOf(a)
	name, texts := "owners/", t.owners
	if !b.people[writer].korean() {
		name, texts = "owned/", t.owned
	}
	comment := b.comment(infoID, writer, at, b.text(name+b.topic(a), texts))
	for range poisson(b.r, 0.5) {
		from := at.Add(10 * time.Minute)
		later := from.Add(b.upTo(min(4*day, b.now.Sub(from))))
		other, found := b.somebody(later, writer)
		if !found {
			return
		}
		text := ""
		if b.people[other].korean() {
			text = b.text("replies", koreanReplies())
		} else {
			text = b.text("replies/en", englishReplies())
		}
		b.reply(comment, other, writer, later, text)
	}
}

// wonder is a question, which mostly gets its answer.
func (b *board) wonder(a article, infoID int64, writer int, at time.Time) {
	q := b.question(a, b.people[writer].korean())
	comment := b.comment(infoID, writer, at, q.ask)
	later := at.Add(20 * time.Minute)
	later = later.Add(b.upTo(min(2*day, b.now.Sub(later))))
	other, found := b.somebody(later, writer)
	if !found || chance(b.r, 0.2) {
		return
	}
	b.reply(comment, other, writer, later, q.answer)
	if end := later.Add(30 * time.Minute); hangul(q.ask) && end.Before(b.now) && chance(b.r, 0.4) {
		b.reply(comment, writer, other, end.Add(b.upTo(min(day, b.now.Sub(end)))), b.text("thanks", thanks()))
	}
}

// question deals one in the writer's language, or any where there is none.
func (b *board) question(a article, korean bool) exchange {
	name := b.topic(a) + strconv.FormatBool(korean)
	if b.asked[name] == nil {
		all := talkOf(a).questions
		cards := slices.DeleteFunc(slices.Clone(all), func(q exchange) bool { return hangul(q.ask) != korean })
		if len(cards) == 0 {
			cards = all
		}
		b.asked[name] = &deck[exchange]{cards: cards}
	}
	return b.asked[name].deal(b.r)
}

// topic is what articles share that are talked about alike.
func (b *board) topic(a article) string {
	if a.category == "shoes" {
		return a.category
	}
	return a.kind
}

// upTo returns a duration in [0, most), or none if that is past.
func (b *board) upTo(most time.Duration) time.Duration {
	if most <= 0 {
		return 0
	}
	return time.Duration(b.r.Int64N(int64(most))).Truncate(time.Millisecond)
}

// somebody is a person but one who was there at a time that has come.
func (b *board) somebody(at time.Time, but int) (int, bool) {
	for range 50 {
		i := b.r.IntN(len(b.people))
		if i != but && !b.people[i].staff && b.people[i].created.Before(at) && !at.After(b.now) {
			return i, true
		}
	}
	return 0, false
}

func (b *board) remark(writer int, at time.Time, text string) talk.Remark {
	return talk.Remark{
		UserID: b.userIDs[writer], CreatedAt: at.UTC().Truncate(time.Millisecond),
		Content: strings.ReplaceAll(text, "{size}", strconv.Itoa(b.people[writer].shoe)),
	}
}

// comment adds one, and returns its index.
func (b *board) comment(infoID int64, writer int, at time.Time, text string) int {
	r := b.remark(writer, at, text)
	r.PlaceID = infoID
	b.Comments = append(b.Comments, talk.PastComment{Remark: r, Likes: b.likes(writer, r.CreatedAt, 2.2)})
	return len(b.Comments) - 1
}

func (b *board) reply(comment, writer, to int, at time.Time, text string) {
	r := b.remark(writer, at, text)
	r.ToUserID = b.userIDs[to]
	b.Replies = append(b.Replies, talk.PastReply{Comment: comment, Remark: r, Likes: b.likes(writer, r.CreatedAt, 0.7)})
}

// likes come from people who were there, in the weeks after.
func (b *board) likes(writer int, at time.Time, mean float64) []talk.Like {
	var likes []talk.Like
	given := map[int]bool{}
	for range poisson(b.r, mean) {
		when := at.Add(b.upTo(min(21*day, b.now.Sub(at))))
		if who, found := b.somebody(when, writer); found && !given[who] {
			given[who] = true
			likes = append(likes, talk.Like{UserID: b.userIDs[who], CreatedAt: when})
		}
	}
	slices.SortFunc(likes, func(x, y talk.Like) int {
		return cmp.Or(x.CreatedAt.Compare(y.CreatedAt), cmp.Compare(x.UserID, y.UserID))
	})
	return likes
}
