package inbox

import "time"

// ActivityKind is a sort of activity that friends may see.
type ActivityKind string

// Kinds of activities.
const (
	ActivityTrade      ActivityKind = "trade"
	ActivityReview     ActivityKind = "review"
	ActivityFriendship ActivityKind = "friendship"
	ActivityPost       ActivityKind = "post"
	ActivityMatch      ActivityKind = "match"
	ActivityChampion   ActivityKind = "champion" // of a tournament
)

// Audience is who sees somebody's activities of a kind.
type Audience string

// Audiences, from the widest.
const (
	Everyone Audience = "everyone"
	Friends  Audience = "friends"
	Nobody   Audience = "nobody"
)

// Audiences returns the audience of each kind until somebody chooses another.
func Audiences() map[ActivityKind]Audience {
	return map[ActivityKind]Audience{
		ActivityTrade: Nobody, ActivityReview: Everyone, ActivityFriendship: Friends, ActivityPost: Everyone, ActivityMatch: Everyone, ActivityChampion: Everyone,
	}
}

// Activity is something that somebody did.
type Activity struct {
	ID     int64        `json:"-"`
	UserID int64        `json:"user_id"`
	Kind   ActivityKind `json:"kind"`
	Target Target       `json:"target"`
	At     time.Time    `json:"-"`
}

// other returns who else takes part in an activity, or 0.
func (a Activity) other() int64 { return a.Target.person() }

// unseen reports whether somebody who takes part shows it to nobody.
func (a Activity) unseen(chosen map[int64]Settings) bool {
	for _, id := range []int64{a.UserID, a.other()} {
		audience, own := chosen[id].Audience[a.Kind]
		if !own {
			audience = Audiences()[a.Kind]
		}
		if id != 0 && audience == Nobody {
			return true
		}
	}
	return false
}

// Sight is whose activities somebody sees.
type Sight struct {
	Viewer    int64
	Of        []int64    // who did them
	Audiences []Audience // of those, what they may have chosen
	Friends   []int64    // of the viewer
	Hidden    []int64    // from the viewer
}

// ShownActivity is an activity with the profiles and the article to show. Other
// is the person whom it is about, where it is about one.
type ShownActivity struct {
	Activity
	Actor   Person
	Other   *Person
	Article *Article
	Post    *Post
}

// Settings is what somebody chose: which kinds reach them, and who sees what
// they do.
type Settings struct {
	Kinds    map[Kind]bool
	Audience map[ActivityKind]Audience
}

// reaches reports whether a kind does. One that this program doesn't know, but a
// newer one does, was switched off by nobody.
func (s Settings) reaches(k Kind) bool {
	on, known := s.Kinds[k]
	return on || !known
}

// DefaultSettings is what holds until somebody chooses.
func DefaultSettings() Settings {
	s := Settings{Kinds: map[Kind]bool{}, Audience: Audiences()}
	for _, k := range Kinds() {
		s.Kinds[k] = true
	}
	return s
}
