package seats_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"go.uber.org/zap"

	"rally/modules/friends"
	"rally/modules/friends/internal/seats"
	"rally/platform/bus"
	"rally/platform/testkit"
)

const people = 1000

// BenchmarkChange changes seats one after the other, while so many nodes follow
// the table, none of whose people watches. What a node more adds is what every
// node of a deployment pays for every change anywhere.
func BenchmarkChange(b *testing.B) {
	for _, nodes := range []int{1, 9} {
		b.Run(fmt.Sprintf("nodes=%d", nodes), func(b *testing.B) {
			net, err := bus.Open(b.Context(), testkit.Defaults[bus.Config](b), zap.NewNop())
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { _ = net.Close(context.Background()) })
			table, err := seats.Open(b.Context(), net)
			if err != nil {
				b.Fatal(err)
			}
			all := make([]*friends.Presence, nodes)
			for i := range all {
				all[i] = friends.NewPresence(friends.PresenceDeps{Node: fmt.Sprint("node", i), Clock: time.Now})
				stop, err := table.Follow(b.Context(), all[i])
				if err != nil {
					b.Fatal(err)
				}
				b.Cleanup(stop)
			}
			write := func(i int) {
				id := int64(i%people) + 1
				seat := friends.Seat{Session: id, Nodes: map[string]friends.Part{"somewhere": {Idle: i/people%2 == 0}}}
				_, rev, found, err := table.Seat(b.Context(), id)
				ok := false
				if err == nil && found {
					ok, err = table.Update(b.Context(), id, seat, rev)
				} else if err == nil {
					ok, err = table.Create(b.Context(), id, seat)
				}
				if !ok || err != nil {
					b.Fatal(ok, err)
				}
			}
			for i := range people {
				write(i)
			}
			before := testkit.ProcessorTime(b)
			b.ResetTimer()
			for i := range b.N {
				write(people + i)
			}
			last := int64((people+b.N-1)%people) + 1
			want := friends.Online
			if (people+b.N-1)/people%2 == 0 {
				want = friends.Idle
			}
			for _, p := range all {
				testkit.Until(b, "every node has heard the last change", func() bool { return p.StatusOf([]int64{last})[last].Status == want })
			}
			b.StopTimer()
			b.ReportMetric(float64((testkit.ProcessorTime(b)-before).Microseconds())/float64(b.N), "cpu-µs/change")
		})
	}
}
