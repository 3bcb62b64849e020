package inboxfx

import (
	"context"
	"slices"
	"strconv"
	"time"

	"rally/modules/accounts"
	"rally/modules/friends"
	"rally/modules/inbox"
	"rally/modules/inbox/internal/store"
	"rally/modules/pong"
	"rally/modules/shop"
	"rally/modules/style"
	"rally/modules/talk"
	"rally/platform/event"
)

// subscriptions are everything that is told. A module that comes later adds its
// events here, and its kinds to inbox.Kinds.
func subscriptions(s *store.Store, f *follower, clock func() time.Time) []event.Subscription {
	o := outbox{s, f, clock}
	return []event.Subscription{
		subscribe(o, "inbox.traded", ofTrade),
		subscribe(o, "inbox.awarded", ofAward),
		subscribe(o, "inbox.order_moved", ofOrder),
		subscribe(o, "inbox.price_reached", ofTarget),
		subscribe(o, "inbox.wrote", ofRemark),
		subscribe(o, "inbox.remark_liked", ofRemarkLike),
		subscribe(o, "inbox.posted", ofPost),
		subscribe(o, "inbox.mentioned", ofMention),
		subscribe(o, "inbox.post_liked", ofPostLike),
		subscribe(o, "inbox.followed", ofFollow),
		subscribe(o, "inbox.requested", ofRequest),
		subscribe(o, "inbox.befriended", ofFriendship),
		subscribe(o, "inbox.withdrawn", ofWithdrawal),
		subscribe(o, "inbox.invited", ofInvitation),
		subscribe(o, "inbox.invitation_answered", ofAnswer),
		subscribe(o, "inbox.called", ofCall),
		subscribe(o, "inbox.played", ofMatch),
		subscribe(o, "inbox.cup_won", ofCupWon),
		subscribe(o, "inbox.security", ofSecurity),
		event.On("inbox.forget", func(ctx context.Context, e accounts.UserErased) error { return s.Forget(ctx, e.UserID) }),
	}
}

// entriesOf is what follows from an event that was.
func entriesOf(event any) []inbox.Entry {
	switch e := event.(type) {
	case shop.Traded:
		return ofTrade(e)
	case shop.Awarded:
		return ofAward(e)
	case shop.OrderMoved:
		return ofOrder(e)
	case talk.Wrote:
		return ofRemark(e)
	case talk.Liked:
		return ofRemarkLike(e)
	case style.Posted:
		return ofPost(e)
	case style.Mentioned:
		return ofMention(e)
	case style.PostLiked:
		return ofPostLike(e)
	case style.Followed:
		return ofFollow(e)
	case friends.Requested:
		return ofRequest(e)
	case friends.Befriended:
		return ofFriendship(e)
	case pong.Called:
		return ofCall(e)
	case pong.Played:
		return ofMatch(e)
	case pong.CupWon:
		return ofCupWon(e)
	}
	return nil
}

// Importer lets the inbox be as if a past had been told.
type Importer struct{ importer *inbox.Importer }

func newImporter(s *store.Store) Importer { return Importer{inbox.NewImporter(s)} }

// ImportPast tells what follows from a past: see inbox.Importer.Import.
func (i Importer) ImportPast(ctx context.Context, past inbox.Past) error {
	h := inbox.History{ReadBefore: past.ReadBefore, Chosen: past.Chosen}
	for _, e := range past.Events {
		for _, entry := range entriesOf(e.Event) {
			if entry.Note == nil || slices.Contains(past.Readers, entry.Note.UserID) {
				entry.At = e.At
				h.Entries = append(h.Entries, entry)
			}
		}
	}
	return i.importer.Import(ctx, h)
}

func tell(n inbox.Note) inbox.Entry { return inbox.Entry{Note: &n} }

func did(user int64, kind inbox.ActivityKind, t inbox.Target) inbox.Entry {
	return inbox.Entry{Activity: &inbox.Activity{UserID: user, Kind: kind, Target: t}}
}

// aboutOrder is an order as one side of it sees it.
func aboutOrder(o shop.Order, side shop.Side, action string) inbox.Target {
	return inbox.Target{Type: inbox.TargetOrder, ID: o.ID, Product: o.ProductID, Price: o.Price, Side: string(side), Action: action, Status: o.Status}
}

// ofTrade tells whoever's bid was taken: whoever took it knows. That both
// traded is their friends' to see, if they let them.
func ofTrade(e shop.Traded) []inbox.Entry {
	o := e.Order
	about := inbox.Target{Type: inbox.TargetProduct, ID: o.ProductID, Product: o.ProductID, Price: o.Price}
	bought := about
	bought.Side = string(shop.Purchase)
	entries := []inbox.Entry{did(o.BuyerID, inbox.ActivityTrade, bought)}
	if o.SellerID == nil {
		return entries
	}
	sold := about
	sold.Side = string(shop.Sales)
	entries = append(entries, did(*o.SellerID, inbox.ActivityTrade, sold))
	rests, side := *o.SellerID, shop.Sales
	if o.TakerSide == shop.Sales {
		rests, side = o.BuyerID, shop.Purchase
	}
	return append(entries, tell(inbox.Note{UserID: rests, Kind: inbox.BidMatched, Target: aboutOrder(o, side, shop.ActMatch)}))
}

// ofAward tells whoever won a prize that it is on order. It is no trade that friends
// see: they are told of what was won.
func ofAward(e shop.Awarded) []inbox.Entry {
	return []inbox.Entry{tell(inbox.Note{
		UserID: e.Order.BuyerID, Kind: inbox.OrderMoved, Group: orderGroup(e.Order.ID), Target: aboutOrder(e.Order, shop.Purchase, shop.ActAward),
	})}
}

// ofOrder tells both sides of a step, but for whoever took it; what a buyer made
// of a failed order is not its seller's to know, and what the staff is late with
// is nobody's news.
func ofOrder(e shop.OrderMoved) []inbox.Entry {
	if e.Action == shop.ActOverdue {
		return nil
	}
	note := func(user int64, side shop.Side) inbox.Entry {
		return tell(inbox.Note{UserID: user, Kind: inbox.OrderMoved, Group: orderGroup(e.Order.ID), Target: aboutOrder(e.Order, side, e.Action)})
	}
	var entries []inbox.Entry
	if e.Actor != shop.Buyer {
		entries = append(entries, note(e.Order.BuyerID, shop.Purchase))
	}
	buyersOwn := e.Order.Status == shop.OrderFailed && e.Action != shop.ActFail
	if e.Order.SellerID != nil && e.Actor != shop.Seller && !buyersOwn {
		entries = append(entries, note(*e.Order.SellerID, shop.Sales))
	}
	return entries
}

func orderGroup(id int64) string { return "order:" + strconv.FormatInt(id, 10) }

func ofTarget(e shop.TargetReached) []inbox.Entry {
	return []inbox.Entry{tell(inbox.Note{
		UserID: e.Wish.UserID, Kind: inbox.PriceReached,
		Target: inbox.Target{Type: inbox.TargetProduct, ID: e.Wish.ProductID, Product: e.Wish.ProductID, Price: e.Price},
	})}
}

// requestGroup joins all requests that somebody has not looked at.
const requestGroup = "requests"

func ofRequest(e friends.Requested) []inbox.Entry {
	return []inbox.Entry{tell(inbox.Note{
		UserID: e.Request.To, Kind: inbox.FriendRequest, Group: requestGroup, Actor: e.Request.From,
		Target: inbox.Target{Type: inbox.TargetRequest, ID: e.Request.ID},
	})}
}

func ofFriendship(e friends.Befriended) []inbox.Entry {
	user := func(id int64) inbox.Target { return inbox.Target{Type: inbox.TargetUser, ID: id} }
	return []inbox.Entry{
		tell(inbox.Note{UserID: e.From, Kind: inbox.FriendAccepted, Actor: e.To, Target: user(e.To)}),
		did(e.From, inbox.ActivityFriendship, user(e.To)), did(e.To, inbox.ActivityFriendship, user(e.From)),
		settled(e.From, e.To),
	}
}

// ofWithdrawal is for a request that was declined, too: neither is to be answered.
func ofWithdrawal(e friends.Withdrawn) []inbox.Entry {
	return []inbox.Entry{settled(e.Request.From, e.Request.To)}
}

// settled says that one person's request to another is no news any more.
func settled(from, to int64) inbox.Entry {
	return undone(to, inbox.FriendRequest, requestGroup, from, inbox.Target{Type: inbox.TargetRequest})
}

// undone says that what somebody was told an actor did is no news any more. Left is
// what it is about where others did it, too.
func undone(userID int64, kind inbox.Kind, group string, actor int64, left inbox.Target) inbox.Entry {
	return inbox.Entry{Settled: &inbox.Settled{UserID: userID, Kind: kind, Group: group, Actor: actor, Left: left}}
}

func ofSecurity(e accounts.SecurityNoted) []inbox.Entry {
	return []inbox.Entry{tell(inbox.Note{
		UserID: e.Event.UserID, Kind: inbox.Security,
		Target: inbox.Target{Type: inbox.TargetSecurity, Event: e.Event.Kind, Device: e.Device, Address: e.Event.Client.Address},
	})}
}
