package style

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"rally/modules/shop"
	"rally/modules/talk"
	"rally/platform/fault"
	"rally/platform/page"
)

// Type is a sort of feed.
type Type string

// Types of feeds. All but Popular are in the order of time, the newest first.
const (
	Latest    Type = "latest"    // everybody's
	Popular   Type = "popular"   // everybody's, by Heat
	Following Type = "following" // of those whom the caller follows
	Default   Type = "default"   // of Query.UserID
	Mentions  Type = "mentions"  // that mention Query.UserID
	Liked     Type = "liked"     // that the caller likes, the last liked first
	Tagged    Type = "tag"       // that bear Query.Tag
	OfArticle Type = "product"   // that show Query.InfoID
	Search    Type = "search"    // that have the words of Query.Words
)

// maxSearch is how long a search may be, in characters.
const maxSearch = 50

// Query asks for a feed. Which field counts depends on Type.
type Query struct {
	Type   Type
	UserID *int64
	InfoID *int64
	Tag    string
	Words  string
}

// Clean checks a query and brings it into the form in which the store takes it. It
// returns ErrUnknownFeed, or fault.ErrInvalid with the field that is missing or
// wrong.
func (q Query) Clean() (Query, error) {
	out := Query{Type: q.Type}
	missing := func(field, why string) error { return fault.ErrInvalid.WithField(field, why) }
	switch q.Type {
	case Latest, Popular, Following, Liked:
	case Default, Mentions:
		if q.UserID == nil {
			return out, missing("user_id", "is needed for this type")
		}
		out.UserID = q.UserID
	case OfArticle:
		if q.InfoID == nil {
			return out, missing("info_id", "is needed for this type")
		}
		out.InfoID = q.InfoID
	case Tagged:
		key, ok := HashtagKey(strings.TrimPrefix(q.Tag, "#"))
		if !ok {
			return out, missing("tag", "must be a hashtag")
		}
		out.Tag = key
	case Search:
		words, err := cleanSearch(q.Words)
		if err != nil {
			return out, err
		}
		out.Words = words
	default:
		return out, ErrUnknownFeed.WithField("type", "must be one of latest, popular, following, default, mentions, liked, tag, product and search")
	}
	return out, nil
}

// searchWords returns what a stored text is searched by: its words without the
// names in it, which change and go.
func searchWords(stored string) string {
	return shop.SearchWords(talk.Plain(stored, func(int64) (string, bool) { return "", true }))
}

func cleanSearch(text string) (string, error) {
	text = strings.TrimSpace(text)
	if !utf8.ValidString(text) || text == "" || utf8.RuneCountInString(text) > maxSearch {
		return "", fault.ErrInvalid.WithField("q", "must have 1 to "+strconv.Itoa(maxSearch)+" characters")
	}
	return text, nil
}

// List is the list that a clean query pages through for somebody: a place in the
// feed of one's followings is none in another's.
func (q Query) List(viewer int64) page.CursorList {
	id := func(n *int64) string {
		if n == nil {
			return ""
		}
		return strconv.FormatInt(*n, 10)
	}
	list := page.CursorList{Name: "style.posts", Filters: []string{string(q.Type), id(q.UserID), id(q.InfoID), q.Tag, q.Words}}
	switch q.Type {
	case Popular:
		list.Keys = popularKeys
	case Following, Liked:
		list.Filters = append(list.Filters, strconv.FormatInt(viewer, 10))
	}
	return list
}
