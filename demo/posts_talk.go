package demo

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"rally/modules/style"
	"rally/modules/talk"
)

// mostComments is how many comments a post gets at most.
const mostComments = 12

// talkBelow is what people say below posts. Each comment knows its post by its
// index: posts have no ids before they are imported.
type talkBelow struct {
	comments []talk.PastComment
	replies  []talk.PastReply
	posts    []int // by comment
}

// past is what was said below posts that have their ids.
func (t *talkBelow) past(posts []style.ImportedPost) *talk.Past {
	p := &talk.Past{Room: style.RoomKind, Comments: slices.Clone(t.comments), Replies: slices.Clone(t.replies)}
	for i := range p.Comments {
		p.Comments[i].PlaceID = posts[t.posts[i]].ID
	}
	return p
}

// discuss lets people comment on a post, and its author answer.
func (f *feed) discuss(number int) {
	p := &f.Posts[number]
	author := f.byID[p.UserID]
	for range min(poisson(f.r, 0.9+0.15*float64(len(p.Likes))), mostComments) {
		at, past := f.soon(p.CreatedAt, 20*time.Hour)
		if !past {
			continue
		}
		who, found := f.reader(author, at)
		if !found {
			continue
		}
		name, question := "praise", chance(f.r, 0.3)
		switch about := f.topics[number]; {
		case about.worn && chance(f.r, 0.3):
			name = "worn"
		case question && about.shoes && chance(f.r, 0.7):
			name = "ask shoes"
		case question:
			name = "ask"
		}
		say := f.ask(f.tongue(who) + name)
		c := talk.PastComment{Remark: f.remark(who, at, say.ask), Likes: f.applaud(who, at, 0.9)}
		f.said.comments, f.said.posts = append(f.said.comments, c), append(f.said.posts, number)
		f.answer(len(f.said.comments)-1, author, who, at, say, question)
	}
}

// answer is the author's reply, and what follows from it.
func (f *feed) answer(comment, author, to int, asked time.Time, say exchange, question bool) {
	at, past := f.soon(asked, 4*time.Hour)
	if !past || !f.here(author, at) || !chance(f.r, map[bool]float64{true: 0.8, false: 0.38}[question]) {
		return
	}
	text := say.answer
	if text == "" || f.korean(to) != f.korean(author) {
		text = f.words.deal(f.r, f.tongue(author)+"thanks")
	}
	f.reply(comment, author, to, at, text)
	if later, past := f.soon(at, 3*time.Hour); past && question && chance(f.r, 0.35) {
		f.reply(comment, to, author, later, f.words.deal(f.r, f.tongue(to)+"bye"))
	}
	if later, past := f.soon(at, 6*time.Hour); past && chance(f.r, 0.12) {
		if other, found := f.reader(author, later); found && other != to {
			f.reply(comment, other, to, later, f.words.deal(f.r, f.tongue(other)+"me too"))
		}
	}
}

func (f *feed) reply(comment, who, to int, at time.Time, text string) {
	r := f.remark(who, at, text)
	r.ToUserID = f.userIDs[to]
	f.said.replies = append(f.said.replies, talk.PastReply{Comment: comment, Remark: r, Likes: f.applaud(who, at, 0.5)})
}

func (f *feed) remark(who int, at time.Time, text string) talk.Remark {
	return talk.Remark{UserID: f.userIDs[who], CreatedAt: at, Content: strings.ReplaceAll(text, "{size}", strconv.Itoa(f.people[who].shoe))}
}

// applaud lets people like a remark.
func (f *feed) applaud(writer int, at time.Time, mean float64) []talk.Like {
	var likes []talk.Like
	seen := map[int]bool{}
	for range poisson(f.r, mean) {
		when, past := f.soon(at, 12*time.Hour)
		if who, found := f.reader(writer, when); past && found && !seen[who] {
			seen[who] = true
			likes = append(likes, talk.Like{UserID: f.userIDs[who], CreatedAt: when})
		}
	}
	slices.SortFunc(likes, func(a, b talk.Like) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.UserID, b.UserID))
	})
	return likes
}

// ask deals a remark with its answer, if it has one.
func (f *feed) ask(name string) exchange {
	text := f.words.deal(f.r, name)
	ask, answer, _ := strings.Cut(text, "|")
	return exchange{ask, answer}
}

func (f *feed) korean(who int) bool { return f.people[who].korean() }

// tongue begins the names of the texts in somebody's language.
func (f *feed) tongue(who int) string {
	if f.korean(who) {
		return "ko/"
	}
	return "en/"
}
