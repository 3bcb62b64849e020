package inbox

import (
	"slices"
	"time"
)

// Kind is a sort of notification.
type Kind string

// Kinds of notifications. Modules that come later add theirs.
const (
	BidMatched     Kind = "bid_matched"
	OrderMoved     Kind = "order_moved"
	PriceReached   Kind = "price_reached"
	FriendRequest  Kind = "friend_request"
	FriendAccepted Kind = "friend_accepted"
	Liked          Kind = "liked"     // a post, a comment, a reply
	Commented      Kind = "commented" // on a post, or replied below it
	Replied        Kind = "replied"
	Followed       Kind = "followed"
	Mentioned      Kind = "mentioned"
	Invited        Kind = "match_invited"
	CupCalled      Kind = "tournament_called" // a match of it waits
	CupWon         Kind = "tournament_won"    // by oneself, or by another
	Security       Kind = "security"          // can't be switched off
)

// Kinds returns every kind, in the order of the settings.
func Kinds() []Kind {
	return []Kind{BidMatched, OrderMoved, PriceReached, FriendRequest, FriendAccepted, Liked, Commented, Replied, Followed, Mentioned, Invited, CupCalled, CupWon, Security}
}

// Target is what a notification or an activity is about. Which fields are set
// depends on Type.
type Target struct {
	Type    string `json:"type"`
	ID      int64  `json:"id,omitempty"`
	Product int64  `json:"product,omitempty"` // order, product, review: its article is shown
	Remark  int64  `json:"remark,omitempty"`  // info, post: the comment or reply there that it is about
	Other   int64  `json:"other,omitempty"`   // match, tournament: who else is named
	Cup     int64  `json:"cup,omitempty"`     // match: its tournament
	Name    string `json:"name,omitempty"`    // tournament, or match of one: what it is called
	Score   []int  `json:"score,omitempty"`   // match: the points of whoever it is told of, and the other's
	Won     bool   `json:"won,omitempty"`     // match, tournament: by whoever it is told to, or told of
	Price   int64  `json:"price,omitempty"`   // order, product
	Side    string `json:"side,omitempty"`    // order: purchase or sales, as who is told sees it
	Action  string `json:"action,omitempty"`  // order
	Status  string `json:"status,omitempty"`  // order
	Event   string `json:"event,omitempty"`   // security
	Device  string `json:"device,omitempty"`  // security
	Address string `json:"address,omitempty"` // security
}

// person returns whom a target names, or 0.
func (t Target) person() int64 {
	if t.Type == TargetUser {
		return t.ID
	}
	return t.Other
}

// nameless returns a target that names nobody.
func (t Target) nameless() Target {
	if t.Type == TargetUser {
		t.ID = 0
	}
	t.Other = 0
	return t
}

// Without returns a target that says nobody of these.
func (t Target) Without(hidden []int64) Target {
	if slices.Contains(hidden, t.person()) {
		return t.nameless()
	}
	return t
}

// Types of a Target.
const (
	TargetOrder    = "order"
	TargetProduct  = "product"
	TargetInfo     = "info" // an article; ID is its id
	TargetPost     = "post"
	TargetUser     = "user"
	TargetRequest  = "request"
	TargetMatch    = "match"
	TargetCup      = "tournament"
	TargetSecurity = "security"
)

// Note is something that one person is told.
type Note struct {
	UserID int64  `json:"user_id"`
	Kind   Kind   `json:"kind"`
	Group  string `json:"group,omitempty"` // unread ones of one kind and group are one; empty stands alone
	Actor  int64  `json:"actor,omitempty"` // who did it, if that may be known
	Target Target `json:"target"`
}

// Settled says that what a person was told of an actor needs no look any more,
// such as a request that was answered or taken back.
type Settled struct {
	UserID int64  `json:"user_id"`
	Kind   Kind   `json:"kind"`
	Group  string `json:"group"`
	Actor  int64  `json:"actor"` // 0 is all of it
	Left   Target `json:"left"`  // what it is about where others remain
}

// Entry is what a transaction writes down for the follower: one of the three.
type Entry struct {
	ID       int64     `json:"-"`
	Note     *Note     `json:"note,omitempty"`
	Activity *Activity `json:"activity,omitempty"`
	Settled  *Settled  `json:"settled,omitempty"`
	At       time.Time `json:"-"`
	Broken   error     `json:"-"` // why it can't be read
}

// Notification is what was told, grown by what joined it.
type Notification struct {
	ID     int64
	UserID int64
	Seq    int64 // grows with everything that a person is told
	Kind   Kind
	Count  int64
	Actors []int64 // the newest ActorsShown, newest first
	Target Target
	Read   bool
	At     time.Time // of the last that joined
}

// ActorsShown is how many actors a notification names.
const ActorsShown = 3

// State is where a person's inbox stands.
type State struct {
	Seq    int64 // the last
	Unread int64
}

// Shown is a notification with what there is to show of its target: a post that is
// gone, or whose author isn't there for the reader, has none, and so has its Other.
type Shown struct {
	Notification
	Actors  []Person
	Other   *Person
	Article *Article
	Post    *Post
}

// Person is what others see of somebody.
type Person struct {
	UserID      int64
	ProfileName string
	Image       string // the picture's key, or empty
}

// Article is what a target shows of an article.
type Article struct {
	InfoID           int64
	Size             string
	EngName, KorName string
	Picture          string // its key, or empty
}

// Post is what a target shows of a post.
type Post struct {
	UserID  int64 // its author
	Excerpt string
	Picture string // its key, or empty
}
