package talk

import (
	"context"
	"time"

	"rally/platform/page"
)

// Keeper is what the modules that own places ask of talk. It stands beside
// Service: it emits no events, so subscribers may call it, and hosts that Service
// needs can't be there before it. Whoever calls it has made sure that the caller
// may. It is safe for concurrent use.
type Keeper struct {
	tx     Transactions
	store  Store
	rooms  *Rooms
	people *People
	now    func() time.Time
}

// NewKeeper returns a keeper. The clock returns UTC.
func NewKeeper(tx Transactions, store Store, rooms *Rooms, people *People, clock func() time.Time) *Keeper {
	return &Keeper{tx, store, rooms, people, clock}
}

// Clear deletes everything that was said at places that are about to go. The
// caller holds their rows.
func (k *Keeper) Clear(ctx context.Context, kind string, placeIDs ...int64) error {
	room, err := k.rooms.Of(kind)
	if err != nil {
		return err
	}
	return k.store.Clear(ctx, room, placeIDs)
}

// Touched returns the places of a room where a user wrote or likes remarks, in
// ascending order. A host that forgets a user holds these together with its own,
// in that order: what talk forgets follows.
func (k *Keeper) Touched(ctx context.Context, kind string, userID int64) ([]int64, error) {
	room, err := k.rooms.Of(kind)
	if err != nil {
		return nil, err
	}
	return k.store.Touched(ctx, room, userID)
}

// Forget deletes what a user wrote and liked, in all rooms. A comment that others
// replied to stays as their thread's head, without its words.
func (k *Keeper) Forget(ctx context.Context, userID int64) error {
	return k.tx.InTx(ctx, func(ctx context.Context) error {
		for _, room := range k.rooms.All() {
			if err := k.hold(ctx, room, userID); err != nil {
				return err
			}
		}
		// What a room counts is read when all is held: until then places come and go.
		touched := map[*Room][]int64{}
		for _, room := range k.rooms.All() {
			var err error
			if touched[room], err = k.store.Touched(ctx, room, userID); err != nil {
				return err
			}
		}
		if err := k.store.ForgetRemarks(ctx, userID); err != nil {
			return err
		}
		for _, room := range k.rooms.All() {
			if err := k.recount(ctx, room, touched[room]); err != nil {
				return err
			}
		}
		return nil
	})
}

func (k *Keeper) hold(ctx context.Context, room *Room, userID int64) error {
	places, err := k.store.Touched(ctx, room, userID)
	if err != nil || len(places) == 0 {
		return err
	}
	return room.Host.Hold(ctx, places)
}

func (k *Keeper) recount(ctx context.Context, room *Room, placeIDs []int64) error {
	if len(placeIDs) == 0 {
		return nil
	}
	counts, err := k.store.Counts(ctx, room, placeIDs)
	if err != nil {
		return err
	}
	return room.Host.Recount(ctx, counts)
}

// RemarksOf lists what a user wrote in a room, the newest first, for their export:
// hidden ones, too.
func (k *Keeper) RemarksOf(ctx context.Context, kind string, userID int64, p page.Request) (page.List[Remark], error) {
	room, err := k.rooms.Of(kind)
	if err != nil {
		return page.List[Remark]{}, err
	}
	list, err := k.store.RemarksOf(ctx, room, userID, p)
	if err != nil {
		return page.List[Remark]{}, err
	}
	list.Rows, err = k.spoken(ctx, list.Rows)
	return list, err
}

// Seen returns a remark if a viewer sees it and its place, or the room's fault.
func (k *Keeper) Seen(ctx context.Context, roomKind string, kind Kind, id int64, by Viewer) (Remark, error) {
	room, err := k.rooms.Of(roomKind)
	if err != nil {
		return Remark{}, err
	}
	r, err := find(ctx, k.store, room, kind, id, by)
	if err != nil {
		return Remark{}, err
	}
	spoken, err := k.spoken(ctx, []Remark{r})
	if err != nil {
		return Remark{}, err
	}
	return spoken[0], nil
}

// Excerpts returns remarks of a room by their ids, whatever their state, for the
// staff. What was deleted isn't among them.
func (k *Keeper) Excerpts(ctx context.Context, kind string, ids []int64) (map[int64]Remark, error) {
	room, err := k.rooms.Of(kind)
	if err != nil {
		return nil, err
	}
	found := make(map[int64]Remark, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	remarks, err := k.store.RemarksByID(ctx, room, ids)
	if err != nil {
		return nil, err
	}
	if remarks, err = k.spoken(ctx, remarks); err != nil {
		return nil, err
	}
	for _, r := range remarks {
		found[r.ID] = r
	}
	return found, nil
}

// spoken puts today's names into what is stored.
func (k *Keeper) spoken(ctx context.Context, remarks []Remark) ([]Remark, error) {
	var ids []int64
	for _, r := range remarks {
		ids = append(ids, Linked(r.Content)...)
	}
	people, err := k.people.Meet(ctx, Viewer{}, ids)
	if err != nil {
		return nil, err
	}
	for i := range remarks {
		remarks[i].Content, _ = Spoken(remarks[i].Content, people)
	}
	return remarks, nil
}

// Hide hides a remark from all but its writer and the staff, or shows it again. A
// comment's replies vanish and come back with it. The place counts what it shows.
// It returns the room's fault when there is no such remark.
func (k *Keeper) Hide(ctx context.Context, roomKind string, kind Kind, id int64, hidden bool) error {
	room, err := k.rooms.Of(roomKind)
	if err != nil {
		return err
	}
	all := Viewer{Staff: true}
	return k.tx.InTx(ctx, func(ctx context.Context) error {
		r, err := k.store.Remark(ctx, room, kind, id, all)
		if err != nil {
			return err
		}
		if err := room.Host.Hold(ctx, []int64{r.PlaceID}); err != nil {
			return err
		}
		if r, err = k.store.Remark(ctx, room, kind, id, all); err != nil { // gone while we waited
			return err
		}
		if (r.HiddenAt != nil) == hidden {
			return nil
		}
		var since *time.Time
		if hidden {
			now := k.now()
			since = &now
		}
		return recounted(ctx, k.store, room, r, func() error { return k.store.SetHidden(ctx, id, since) })
	})
}
