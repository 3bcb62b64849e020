package style

import (
	"context"
	"math"
	"slices"
	"time"

	"rally/modules/talk"
	"rally/platform/page"
	"rally/platform/recent"
)

const (
	// warmBatch is how many posts a run reckons anew. Those that remain wait for the
	// next one.
	warmBatch = 5000
	// epochLife is how long somebody may take to page through the popular feed.
	epochLife = 6 * time.Hour
	// latestFor is how long a node may not know of a new epoch.
	latestFor = 5 * time.Second
	maxEpochs = 32 // kept in memory; about 8 KB each
	// rankAhead is how many ranks more than a page has are read at once, for those
	// that are not there for the viewer.
	rankAhead = 12
)

// Ranks keeps up how the popular feed stands. It stands beside Service, and needs
// nobody. It is safe for concurrent use.
type Ranks struct {
	tx     Transactions
	store  RankStore
	now    func() time.Time
	latest *recent.Cache[struct{}, Epoch]
	kept   *recent.Cache[int64, Epoch] // they never change
}

// NewRanks returns ranks over a store.
func NewRanks(tx Transactions, store RankStore, clock func() time.Time) *Ranks {
	return &Ranks{tx, store, clock, recent.New[struct{}, Epoch](1, latestFor), recent.New[int64, Epoch](maxEpochs, epochLife)}
}

// Rank reckons the heat of posts that were liked or commented on since, at most
// 5,000 of them, and begins an epoch where the first thousand stand otherwise than
// before. Its cost doesn't grow with the posts that there are.
func (k *Ranks) Rank(ctx context.Context) error {
	warm, err := k.store.WarmPosts(ctx, warmBatch)
	if err != nil {
		return err
	}
	for i := range warm {
		warm[i].Heat = Heat(warm[i].NumLikes, warm[i].NumComments, warm[i].CreatedAt)
	}
	if len(warm) > 0 {
		if err := k.store.SetHeat(ctx, warm); err != nil {
			return err
		}
	}
	err = k.tx.InTx(ctx, k.begin)
	k.latest.Purge()
	return err
}

// begin begins an epoch, where it is another one than the last.
func (k *Ranks) begin(ctx context.Context) error {
	last, err := k.store.LatestEpoch(ctx)
	if err != nil {
		return err
	}
	e := Epoch{}
	if e.LastPost, err = k.store.LastPost(ctx); err != nil {
		return err
	}
	if e.Ranks, err = k.store.Hottest(ctx, maxRanked); err != nil {
		return err
	}
	// Of no posts there is no epoch: the first ones are shown as they come.
	if len(e.Ranks) == 0 || last.ID != 0 && last.LastPost == e.LastPost && slices.Equal(last.Ranks, e.Ranks) {
		return nil
	}
	now := k.now()
	if err := k.store.SaveEpoch(ctx, e, now); err != nil {
		return err
	}
	return k.store.PurgeEpochs(ctx, now.Add(-epochLife))
}

// current returns the latest epoch. Before there is one, everything is unranked.
func (k *Ranks) current(ctx context.Context) (Epoch, error) {
	now, mark := k.now(), k.latest.Mark()
	if e, _, ok := k.latest.Get(struct{}{}, now); ok {
		return e, nil
	}
	e, err := k.store.LatestEpoch(ctx)
	if err != nil {
		return Epoch{}, err
	}
	if e.ID == 0 {
		return nobodysEpoch(), nil
	}
	k.latest.Put(struct{}{}, e, now, mark)
	k.kept.Put(e.ID, e, now, k.kept.Mark())
	return e, nil
}

func nobodysEpoch() Epoch { return Epoch{LastPost: math.MaxInt64} }

// epoch returns one that a cursor names, or page.ErrBadCursor when it is too old.
func (k *Ranks) epoch(ctx context.Context, id int64) (Epoch, error) {
	if id == 0 {
		return nobodysEpoch(), nil
	}
	now := k.now()
	if e, _, ok := k.kept.Get(id, now); ok {
		return e, nil
	}
	e, found, err := k.store.Epoch(ctx, id)
	if err != nil {
		return Epoch{}, err
	}
	if !found {
		return Epoch{}, page.ErrBadCursor.WithField("cursor", "is too old")
	}
	k.kept.Put(id, e, now, k.kept.Mark())
	return e, nil
}

// popular returns a page of an epoch: its ranks, and behind them all other posts
// of its time.
func (s *Service) popular(ctx context.Context, by talk.Viewer, r page.CursorRequest) (page.Slice[Row], error) {
	var e Epoch
	var err error
	rank, post := int64(-1), int64(math.MaxInt64) // before the first
	switch {
	case r.Key != nil:
		e, err = s.ranks.epoch(ctx, r.Key[0])
		rank, post = r.Key[1], r.Key[2]
	default:
		e, err = s.ranks.current(ctx)
		if r.Backward { // behind the last
			rank, post = maxRanked, 0
		}
	}
	if err != nil {
		return page.Slice[Row]{}, err
	}
	walk := popularWalk{s: s, e: e, by: by, limit: r.Limit()}
	if r.Backward {
		err = walk.back(ctx, rank, post)
	} else {
		err = walk.on(ctx, rank, post)
	}
	if err != nil {
		return page.Slice[Row]{}, err
	}
	return page.Keyset(r, walk.rows, func(p Row) []int64 { return []int64{e.ID, p.Place, p.ID} }), nil
}

// popularWalk collects rows of an epoch. Row.Place is their rank, maxRanked behind
// the ranks.
type popularWalk struct {
	s     *Service
	e     Epoch
	by    talk.Viewer
	limit int
	rows  []Row
}

func (w *popularWalk) on(ctx context.Context, rank, post int64) error {
	if rank < maxRanked {
		from := int(min(max(rank, -1)+1, int64(len(w.e.Ranks))))
		if err := w.ranked(ctx, from, 1); err != nil {
			return err
		}
		post = math.MaxInt64
	}
	return w.unranked(ctx, post, false)
}

func (w *popularWalk) back(ctx context.Context, rank, post int64) error {
	if rank >= maxRanked {
		if err := w.unranked(ctx, post, true); err != nil {
			return err
		}
		rank = int64(len(w.e.Ranks))
	}
	return w.ranked(ctx, int(min(max(rank, 0), int64(len(w.e.Ranks))))-1, -1)
}

// ranked reads ranks from one on, forwards or backwards.
func (w *popularWalk) ranked(ctx context.Context, from, step int) error {
	for len(w.rows) < w.limit && from >= 0 && from < len(w.e.Ranks) {
		portion := w.limit - len(w.rows) + rankAhead
		var ids []int64
		if step > 0 {
			ids = w.e.Ranks[from:min(from+portion, len(w.e.Ranks))]
		} else {
			ids = slices.Clone(w.e.Ranks[max(0, from+1-portion) : from+1])
			slices.Reverse(ids)
		}
		found, err := w.s.store.PostsByID(ctx, ids, w.by)
		if err != nil {
			return err
		}
		byID := make(map[int64]Row, len(found))
		for _, row := range found {
			byID[row.ID] = row
		}
		for _, id := range ids {
			if row, ok := byID[id]; ok && len(w.rows) < w.limit {
				row.Place = int64(from)
				w.rows = append(w.rows, row)
			}
			from += step
		}
	}
	return nil
}

func (w *popularWalk) unranked(ctx context.Context, beside int64, backward bool) error {
	if len(w.rows) >= w.limit {
		return nil
	}
	more, err := w.s.store.Unranked(ctx, w.e, w.by, beside, backward, w.limit-len(w.rows))
	for _, row := range more {
		row.Place = maxRanked
		w.rows = append(w.rows, row)
	}
	return err
}
