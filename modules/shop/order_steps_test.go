package shop_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"rally/modules/shop"
	"rally/platform/fault"
)

// allowed is every step that the documents allow: kind, status, who, action
// and the status afterwards. All others are refused.
const allowed = `
	trans matched    buyer  withdraw cancelled
	store matched    buyer  withdraw cancelled
	trans matched    seller withdraw cancelled
	trans matched    seller ship     shipping
	trans shipping   seller ship     shipping
	trans shipping   staff  receive  inspecting
	trans inspecting staff  pass     passed
	trans inspecting staff  fail     failed
	trans passed     staff  dispatch delivering
	store matched    staff  dispatch delivering
	prize matched    staff  dispatch delivering
	trans delivering buyer  confirm  settled
	store delivering buyer  confirm  settled
	prize delivering buyer  confirm  settled
	trans failed     buyer  refund   failed
	trans failed     buyer  rebuy    failed
	trans matched    staff  cancel   cancelled
	store matched    staff  cancel   cancelled
	prize matched    staff  cancel   cancelled
	trans shipping   staff  cancel   cancelled
	trans inspecting staff  cancel   cancelled
	trans passed     staff  cancel   cancelled
	store shipping   staff  cancel   cancelled
	store inspecting staff  cancel   cancelled
	store passed     staff  cancel   cancelled`

// What the store sends is never at the inspection, nor has the store a part of its own.
func impossible(kind, status string, who shop.Actor) bool {
	return kind != shop.KindTrans && (slices.Contains([]string{"shipping", "inspecting", "passed", "failed"}, status) || who == shop.Seller)
}

func TestTheMachineIsTheTable(t *testing.T) {
	steps, owners := map[string]string{}, map[string]bool{}
	for line := range strings.Lines(strings.TrimSpace(allowed)) {
		f := strings.Fields(line)
		steps[strings.Join(f[:4], " ")] = f[4]
		owners[f[2]+" "+f[3]] = true
	}
	every := []string{"match", "withdraw", "ship", "receive", "pass", "fail", "dispatch", "confirm", "refund", "rebuy", "cancel", "undo", "expire", "overdue", "", "Ship"}
	tried, agreed := 0, 0
	for _, kind := range []string{shop.KindTrans, shop.KindStore, shop.KindPrize} {
		for _, status := range shop.OrderStatuses() {
			for _, who := range []shop.Actor{shop.Buyer, shop.Seller, shop.Staff, shop.System} {
				if impossible(kind, status, who) {
					continue
				}
				for _, late := range []bool{false, true} {
					o := shop.Order{Kind: kind, Status: status, CreatedAt: now}
					at := now.Add(15 * time.Minute)
					if late {
						at = at.Add(1)
					}
					var can []string
					for _, action := range every {
						tried++
						key := fmt.Sprint(kind, " ", status, " ", who, " ", action)
						to, err := o.StepFor(action, who, at)
						want, ok := steps[key]
						switch {
						case ok && late && action == "withdraw":
							if !errors.Is(err, shop.ErrGraceOver) || to != "" {
								t.Errorf("%s a moment too late: %q, %v", key, to, err)
							}
						case ok:
							agreed++
							can = append(can, action)
							if err != nil || to != want {
								t.Errorf("%s: %q, %v, want %q", key, to, err, want)
							}
						case !owners[fmt.Sprint(who, " ", action)]:
							if !errors.Is(err, shop.ErrNotYourStep) || to != "" {
								t.Errorf("%s: %q, %v, want ErrNotYourStep", key, to, err)
							}
						default:
							if !errors.Is(err, shop.ErrOrderWrongState) || to != "" || fault.From(err).Meta["order_status"] != status {
								t.Errorf("%s: %q, %v, want ErrOrderWrongState", key, to, err)
							}
						}
					}
					got := o.ActionsFor(who, at)
					slices.Sort(got)
					slices.Sort(can)
					if !slices.Equal(got, can) {
						t.Errorf("%s %s %s may %v, the table says %v", kind, status, who, got, can)
					}
				}
			}
		}
	}
	t.Logf("%d combinations, %d of them allowed", tried, agreed)
}

// A failed order that has been seen to takes no step of anybody.
func TestNothingFollowsAResolution(t *testing.T) {
	for _, resolution := range []string{shop.Refunded, shop.Replaced} {
		o := shop.Order{Kind: shop.KindTrans, Status: shop.OrderFailed, Resolution: resolution, CreatedAt: now}
		for _, who := range []shop.Actor{shop.Buyer, shop.Seller, shop.Staff, shop.System} {
			if can := o.ActionsFor(who, now); len(can) > 0 {
				t.Errorf("%s, the %s may %v", resolution, who, can)
			}
		}
		if _, err := o.Undoable([]shop.OrderEvent{{Action: shop.ActFail, Status: shop.OrderFailed, CreatedAt: now}}, now); !errors.Is(err, shop.ErrOrderWrongState) {
			t.Errorf("%s: undoing answers %v", resolution, err)
		}
		if !o.Finished() || o.Stands() {
			t.Errorf("%s: finished %t, stands %t", resolution, o.Finished(), o.Stands())
		}
	}
}

func TestWhatIsFinishedAndWhatStands(t *testing.T) {
	finished, fallen := []string{"settled", "cancelled"}, []string{"cancelled", "failed"}
	for _, status := range shop.OrderStatuses() {
		o := shop.Order{Status: status}
		if o.Finished() != slices.Contains(finished, status) || o.Stands() == slices.Contains(fallen, status) {
			t.Errorf("%s: finished %t, stands %t", status, o.Finished(), o.Stands())
		}
		if o.Kind = shop.KindPrize; o.Stands() {
			t.Errorf("a prize that is %s counts as a trade", status)
		}
		o.Kind = shop.KindTrans
		if underWay := slices.Contains(shop.UnderWay(), status); underWay != (!o.Finished() && o.Stands()) {
			t.Errorf("%s: under way %t", status, underWay)
		}
	}
}

func TestWhoADeadlineIsFor(t *testing.T) {
	want := map[string]string{
		"trans matched": "seller", "store matched": "staff", "trans shipping": "carrier", "trans inspecting": "staff", "trans passed": "staff",
		"trans delivering": "buyer", "store delivering": "buyer", "trans failed": "buyer",
	}
	for key, who := range want {
		f := strings.Fields(key)
		o := shop.Order{Kind: f[0], Status: f[1]}
		if got := o.DueFrom(); got != "" {
			t.Errorf("%s without a deadline is for %q", key, got)
		}
		o.Deadline = &now
		if got := o.DueFrom(); got != who {
			t.Errorf("%s is for %q, want %q", key, got, who)
		}
	}
}

// history makes the steps of an order from pairs of action and status, an hour
// apart. The last one is made at now.
func history(pairs ...string) []shop.OrderEvent {
	events := make([]shop.OrderEvent, len(pairs)/2)
	for i := range events {
		events[i] = shop.OrderEvent{Action: pairs[2*i], Status: pairs[2*i+1], CreatedAt: now.Add(time.Duration(i+1-len(events)) * time.Hour)}
	}
	return events
}

func TestWhatCanBeUndone(t *testing.T) {
	for _, c := range []struct {
		what string
		done []shop.OrderEvent
		back string // "" is refused
	}{
		{"nothing was done", nil, ""},
		{"the seller shipped", history("ship", "shipping"), ""},
		{"received", history("ship", "shipping", "receive", "inspecting"), "shipping"},
		{"received, after a corrected number", history("ship", "shipping", "ship", "shipping", "receive", "inspecting"), "shipping"},
		{"passed", history("ship", "shipping", "receive", "inspecting", "pass", "passed"), "inspecting"},
		{"failed", history("ship", "shipping", "receive", "inspecting", "fail", "failed"), "inspecting"},
		{"sent", history("ship", "shipping", "receive", "inspecting", "pass", "passed", "dispatch", "delivering"), "passed"},
		{"a store good sent", history("dispatch", "delivering"), "matched"},
		{"a store good sent late", history("overdue", "matched", "dispatch", "delivering"), "matched"},
		{"passed, and late since", history("ship", "shipping", "receive", "inspecting", "pass", "passed", "overdue", "passed"), "inspecting"},
		{"passed late", history("ship", "shipping", "receive", "inspecting", "overdue", "inspecting", "pass", "passed"), "inspecting"},
		{"undone already", history("ship", "shipping", "receive", "inspecting", "undo", "shipping"), ""},
		{"undone, and received again", history("ship", "shipping", "receive", "inspecting", "undo", "shipping", "receive", "inspecting"), "shipping"},
		{"undone, and corrected", history("ship", "shipping", "receive", "inspecting", "undo", "shipping", "ship", "shipping"), ""},
		{"confirmed", history("dispatch", "delivering", "confirm", "settled"), ""},
		{"cancelled", history("ship", "shipping", "cancel", "cancelled"), ""},
		{"expired", history("dispatch", "delivering", "expire", "settled"), ""},
	} {
		o := shop.Order{Status: shop.OrderMatched}
		if n := len(c.done); n > 0 {
			o.Status = c.done[n-1].Status
		}
		for _, age := range []time.Duration{0, 22 * time.Hour} {
			back, err := o.Undoable(c.done, now.Add(age))
			if back != c.back || (err == nil) != (c.back != "") || err != nil && !errors.Is(err, shop.ErrNothingToUndo) {
				t.Errorf("%s, after %v: %q, %v, want %q", c.what, age, back, err, c.back)
			}
		}
		if back, err := o.Undoable(c.done, now.Add(24*time.Hour+1)); !errors.Is(err, shop.ErrNothingToUndo) {
			t.Errorf("%s, a day later: %q, %v", c.what, back, err)
		}
	}
}

func TestUndoingIsPossibleForADay(t *testing.T) {
	o, done := shop.Order{Status: shop.OrderInspecting}, history("ship", "shipping", "receive", "inspecting")
	if back, err := o.Undoable(done, now.Add(24*time.Hour)); err != nil || back != shop.OrderShipping {
		t.Errorf("at the last moment: %q, %v", back, err)
	}
}

func FuzzParcel(f *testing.F) {
	for _, seed := range []string{"", "CJ대한통운", " Hanjin", "68-12", "123", "1234", strings.Repeat("가", 40), strings.Repeat("a", 41), "a\nbcd", "\xff123", "\u2028123", "\x7f123"} {
		f.Add(seed, "1234")
		f.Add("Hanjin", seed)
	}
	f.Fuzz(func(t *testing.T, carrier, tracking string) {
		good := func(s string, fewest int) bool {
			n := 0
			for _, r := range s {
				if unicode.IsControl(r) {
					return false
				}
				n++
			}
			return utf8.ValidString(s) && n >= fewest && n <= 40 && strings.TrimSpace(s) == s
		}
		err := shop.Parcel{Carrier: carrier, Tracking: tracking}.Check()
		var wrong []string
		if !good(carrier, 1) {
			wrong = append(wrong, "carrier")
		}
		if !good(tracking, 4) {
			wrong = append(wrong, "tracking")
		}
		if len(wrong) == 0 {
			if err != nil {
				t.Fatalf("%q %q: %v", carrier, tracking, err)
			}
			return
		}
		if !errors.Is(err, fault.ErrInvalid) || len(fault.From(err).Fields) != len(wrong) {
			t.Fatalf("%q %q: %v, want %v named", carrier, tracking, err, wrong)
		}
		for _, field := range wrong {
			if len(fault.From(err).Fields[field]) == 0 {
				t.Fatalf("%q %q: %s is not named", carrier, tracking, field)
			}
		}
	})
}

// Whatever was done, an undo leads back to a status in which the staff's step
// was allowed, and never out of an end.
func TestAnUndoLeadsBackTheWayThatWasCome(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := shop.Order{Kind: rapid.SampledFrom([]string{shop.KindTrans, shop.KindStore, shop.KindPrize}).Draw(t, "kind"), Status: shop.OrderMatched, CreatedAt: now}
		var done []shop.OrderEvent
		before := o.Status
		for range rapid.IntRange(0, 12).Draw(t, "steps") {
			var choices []string
			var by []shop.Actor
			for _, who := range []shop.Actor{shop.Buyer, shop.Seller, shop.Staff} {
				if impossible(o.Kind, o.Status, who) {
					continue
				}
				for _, action := range o.ActionsFor(who, now) {
					choices, by = append(choices, action), append(by, who)
				}
			}
			if back, err := o.Undoable(done, now); err == nil {
				last := done[len(done)-1]
				if to, err := (shop.Order{Kind: o.Kind, Status: back, CreatedAt: now}).StepFor(last.Action, shop.Staff, now); err != nil || to != o.Status || back != before {
					t.Fatalf("undoing %s leads from %s to %s, not to %s: %v", last.Action, o.Status, back, before, err)
				}
				choices, by = append(choices, shop.ActUndo), append(by, shop.Staff)
			}
			if o.Finished() && len(choices) > 0 {
				t.Fatalf("a finished order may %v", choices)
			}
			if len(choices) == 0 {
				return
			}
			i := rapid.IntRange(0, len(choices)-1).Draw(t, "choice")
			to := before
			if choices[i] != shop.ActUndo {
				var err error
				if to, err = o.StepFor(choices[i], by[i], now); err != nil {
					t.Fatal(err)
				}
			}
			switch choices[i] {
			case shop.ActRefund:
				o.Resolution = shop.Refunded
			case shop.ActRebuy:
				o.Resolution = shop.Replaced
			}
			before, o.Status = o.Status, to
			done = append(done, shop.OrderEvent{Action: choices[i], Status: to, Actor: by[i], CreatedAt: now})
		}
	})
}
