package demo

import (
	"fmt"
	"math/rand/v2"
	"time"

	"rally/modules/shop"
)

// leg is how long one step of an order takes, in hours, and who takes it.
type leg struct {
	action, status string
	actor          shop.Actor
	least, most    float64
}

// legs are the way of an order from the trade on. Each is well within its
// deadline: nobody in this world is late.
func legs() []leg {
	return []leg{
		{shop.ActShip, shop.OrderShipping, shop.Seller, 2, 44},
		{shop.ActReceive, shop.OrderInspecting, shop.Staff, 16, 60},
		{shop.ActPass, shop.OrderPassed, shop.Staff, 3, 48},
		{shop.ActDispatch, shop.OrderDelivering, shop.Staff, 2, 30},
		{shop.ActConfirm, shop.OrderSettled, shop.Buyer, 20, 96},
	}
}

// advance takes every order as far as it has come by now.
func (m *market) advance(r *rand.Rand, now time.Time) {
	for i := range m.Trades {
		t := &m.Trades[i]
		o := &t.Order
		o.Status, o.StatusAt = shop.OrderMatched, o.CreatedAt
		for _, l := range legs() {
			at := o.StatusAt.Add(time.Duration(between(r, l.least, l.most) * float64(time.Hour))).Truncate(time.Second)
			tracking := fmt.Sprintf("%04d-%04d-%04d", r.IntN(10_000), r.IntN(10_000), r.IntN(10_000))
			carrier := one(r, []string{"CJ대한통운", "한진택배", "롯데택배", "우체국택배"})
			if at.After(now) {
				break
			}
			o.Status, o.StatusAt = l.status, at
			switch l.action {
			case shop.ActShip:
				o.Shipment = shop.Parcel{Carrier: carrier, Tracking: tracking}
			case shop.ActDispatch:
				o.Delivery = shop.Parcel{Carrier: carrier, Tracking: tracking}
			}
			t.Steps = append(t.Steps, shop.OrderEvent{Action: l.action, Status: l.status, Actor: l.actor, CreatedAt: at})
		}
	}
}

// nameActors says who took the steps of a trade whose people have their ids.
func nameActors(t *shop.ImportedTrade, staff int64) {
	for i := range t.Steps {
		e := &t.Steps[i]
		e.ActorID = &staff
		switch e.Actor {
		case shop.Buyer:
			e.ActorID = &t.Order.BuyerID
		case shop.Seller:
			e.ActorID = t.Order.SellerID
		}
	}
}
