package pong

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s is %v, want %v ± %v", what, got, want, within)
	}
}

// The example of the paper. It rounds between its steps; the last four numbers are
// of the same formulas without that.
func TestGlickmansExample(t *testing.T) {
	r := Rating{1500, 200, 0.06}
	games := []Game{
		{Rating{1400, 30, 0.06}, true},
		{Rating{1550, 100, 0.06}, false},
		{Rating{1700, 300, 0.06}, false},
	}
	variance, gain := r.evidence(games)
	near(t, "v", variance, 1.7785, 0.001)
	near(t, "Δ", variance*gain, -0.4834, 0.001)
	after := r.After(games...)
	near(t, "the rating", after.Rating, 1464.06, 0.015)
	near(t, "the deviation", after.Deviation, 151.52, 0.005)
	near(t, "the volatility", after.Volatility, 0.05999, 0.00001)

	near(t, "v, exactly", variance, 1.7789770897, 1e-9)
	near(t, "the rating, exactly", after.Rating, 1464.0506706, 1e-6)
	near(t, "the deviation, exactly", after.Deviation, 151.5165241, 1e-6)
	near(t, "the volatility, exactly", after.Volatility, 0.0599959842, 1e-8)
}

// Who sits out a period is less sure by step 6, up to what a new player is.
func TestAPeriodWithoutGames(t *testing.T) {
	r := Rating{1600, 50, 0.06}
	want := Rating{1600, math.Sqrt(50*50 + 0.06*ratingScale*0.06*ratingScale), 0.06}
	if got := r.After(); math.Abs(got.Deviation-want.Deviation) > 1e-9 || got.Rating != want.Rating || got.Volatility != want.Volatility {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got, want := r.Rested(ratingPeriod), r.After(); math.Abs(got.Deviation-want.Deviation) > 1e-9 {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := r.Rested(100 * 365 * 24 * time.Hour); got.Deviation != startDeviation || got.Rating != r.Rating {
		t.Errorf("after a century %+v", got)
	}
	if got := r.Rested(-time.Hour); got != r {
		t.Errorf("clocks differ: %+v", got)
	}
}

func TestAYearMakesARatingProvisional(t *testing.T) {
	const day = 24 * time.Hour
	r := Rating{1600, 50, 0.06}
	if r.Rested(340*day).Provisional() || !r.Rested(365*day).Provisional() {
		t.Errorf("after 340 days %v, after 365 %v", r.Rested(340*day), r.Rested(365*day))
	}
	if d := r.FadesAfter(); r.Rested(d-time.Minute).Provisional() || !r.Rested(d+time.Minute).Provisional() {
		t.Errorf("it fades after %v", d)
	}
	if d := NewRating().FadesAfter(); d != 0 {
		t.Errorf("a new rating fades after %v", d)
	}
}

// New players who play each other are known after a dozen matches or so; then
// one won match more moves them by some points.
func TestNewPlayersBecomeKnown(t *testing.T) {
	players := [2]Rating{NewRating(), NewRating()}
	matches := 0
	for players[Left].Provisional() || players[Right].Provisional() {
		players = Rate(players, [2]time.Duration{}, Side(matches%2))
		if matches++; matches > 100 {
			t.Fatalf("%+v", players)
		}
	}
	if matches < 8 || matches > 20 {
		t.Errorf("known after %d matches: %+v", matches, players)
	}
	for range 300 {
		players = Rate(players, [2]time.Duration{time.Hour, time.Hour}, Left)
	}
	if gap := players[Left].Rating - players[Right].Rating; gap < 500 {
		t.Errorf("who always wins is only %v ahead", gap)
	}
}

// Where somebody beats a far better one, step 5 has further solutions, beyond all
// reason.
func TestAnUpsetLeavesVolatilityAlone(t *testing.T) {
	for gap := 0.0; gap <= maxRating-minRating; gap += 50 {
		r := Rating{minRating, 60, 0.06}
		after := r.After(Game{Rating{minRating + gap, 60, 0.06}, true})
		if after.Volatility < r.Volatility-0.001 || after.Volatility > maxVolatility || after.Rating < r.Rating {
			t.Errorf("beating one who is %v better: %+v", gap, after)
		}
	}
	if after := (Rating{1500, 60, maxVolatility}).After(Game{Rating{3500, 60, 0.06}, true}); after.Volatility != maxVolatility {
		t.Errorf("%+v", after)
	}
}

func ratings() *rapid.Generator[Rating] {
	return rapid.Custom(func(t *rapid.T) Rating {
		return Rating{
			rapid.Float64Range(minRating, maxRating).Draw(t, "rating"), rapid.Float64Range(minDeviation, maxDeviation).Draw(t, "deviation"),
			rapid.Float64Range(minVolatility, maxVolatility).Draw(t, "volatility"),
		}
	})
}

func sound(r Rating) bool {
	return r.Rating >= minRating && r.Rating <= maxRating && r.Deviation >= minDeviation && r.Deviation <= maxDeviation &&
		r.Volatility >= minVolatility && r.Volatility <= maxVolatility // none of which NaN does
}

func TestWinnersRiseAndLosersFall(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := [2]Rating{ratings().Draw(t, "left"), ratings().Draw(t, "right")}
		idle := [2]time.Duration{
			time.Duration(rapid.Int64Range(0, int64(1000*24*time.Hour)).Draw(t, "idle left")),
			time.Duration(rapid.Int64Range(0, int64(1000*24*time.Hour)).Draw(t, "idle right")),
		}
		winner := Side(rapid.IntRange(0, 1).Draw(t, "winner"))
		after := Rate(before, idle, winner)
		for side, r := range after {
			if !sound(r) {
				t.Fatalf("%+v", after)
			}
			rested := before[side].Rested(idle[side])
			if r.Deviation > rested.Deviation {
				t.Fatalf("a match makes less sure: %+v, before %+v", r, rested)
			}
			if Side(side) == winner && r.Rating < before[side].Rating || Side(side) != winner && r.Rating > before[side].Rating {
				t.Fatalf("%d wins: %+v, before %+v", winner, after, before)
			}
		}
	})
}

// Which side somebody plays is nothing to their rating, and what one would gain,
// somebody as far below the middle as they are above it would lose.
func TestRatingsAreSymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := [2]Rating{ratings().Draw(t, "left"), ratings().Draw(t, "right")}
		winner := Side(rapid.IntRange(0, 1).Draw(t, "winner"))
		var idle [2]time.Duration
		after := Rate(before, idle, winner)
		turned := Rate([2]Rating{before[Right], before[Left]}, idle, winner.Other())
		if turned != [2]Rating{after[Right], after[Left]} {
			t.Fatalf("%+v and %+v", after, turned)
		}
		const middle = minRating + maxRating
		mirrored := before
		for side := range mirrored {
			mirrored[side].Rating = middle - mirrored[side].Rating
		}
		mirrored = Rate(mirrored, idle, winner.Other())
		for side, r := range mirrored {
			want := after[side]
			if math.Abs(middle-r.Rating-want.Rating) > 1e-6 || math.Abs(r.Deviation-want.Deviation) > 1e-6 || math.Abs(r.Volatility-want.Volatility) > 1e-6 {
				t.Fatalf("%+v, mirrored %+v", want, r)
			}
		}
	})
}

func TestRatingsBearAnything(t *testing.T) {
	numbers := []float64{0, -1, 1, 29, 30, 350, 1500, 4000, 1e300, -1e300, 1e-300, math.MaxFloat64, -math.MaxFloat64, math.Inf(1), math.Inf(-1)}
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) Rating {
			number := func(of string) float64 { return rapid.SampledFrom(numbers).Draw(t, name+of) }
			return Rating{number(" rating"), number(" deviation"), number(" volatility")}
		}
		games := make([]Game, rapid.IntRange(0, 300).Draw(t, "games"))
		opponent := draw("opponent")
		for i := range games {
			games[i] = Game{opponent, rapid.Bool().Draw(t, "won")}
		}
		if got := draw("player").After(games...); !sound(got) {
			t.Fatalf("%+v", got)
		}
		idle := rapid.Int64().Draw(t, "idle")
		for _, r := range Rate([2]Rating{draw("left"), draw("right")}, [2]time.Duration{time.Duration(idle), math.MaxInt64}, Left) {
			if !sound(r) {
				t.Fatalf("%+v", r)
			}
		}
	})
}
