package pong

import (
	"math"
	"time"
)

// Ratings are Glicko-2's: Mark E. Glickman, "Example of the Glicko-2 system",
// Boston University, 2022, http://www.glicko.net/glicko/glicko2.pdf. The steps
// that comments name are those of the paper.
//
// A match is rated at once, as a period of one game; the deviation of both
// grows with the time since their last one, however little that is, and not
// with the number of their games.
const (
	startRating     = 1500
	startDeviation  = 350
	startVolatility = 0.06

	// tau bounds how fast volatility changes. The paper wants it between 0.3 and
	// 1.2.
	tau = 0.5
	// ratingScale is a unit of Glicko-2 in points of a rating.
	ratingScale = 173.7178
	// accuracy is to what the paper reckons volatility.
	accuracy = 0.000001

	// ratingPeriod is the time in which a deviation grows by the volatility. With
	// four days somebody with the common volatility goes from a deviation of 50 to
	// ProvisionalAbove in 88 periods: in a year without a match.
	ratingPeriod = 4 * 24 * time.Hour

	// ProvisionalAbove is the deviation above which a rating is no more than a
	// guess.
	ProvisionalAbove = 110
)

// Bounds of a rating. Nobody gets near to those of the rating by playing; the others
// matter. Below a deviation of 30 a rating hardly moves any more ("The Glicko
// system", by the same author, gives that bound). When somebody beats a player who
// is far better, step 5 has three solutions, of which one is absurd.
const (
	minRating, maxRating         = 100, 4000
	minDeviation, maxDeviation   = 30, startDeviation
	minVolatility, maxVolatility = 0.01, 0.1
)

// Rating is how good somebody is, how sure that is, and how steady they are.
type Rating struct {
	Rating     float64
	Deviation  float64
	Volatility float64
}

// NewRating returns the rating of somebody who has not played.
func NewRating() Rating { return Rating{startRating, startDeviation, startVolatility} }

// Provisional reports whether too little is known to rank somebody among the others.
func (r Rating) Provisional() bool { return r.Deviation > ProvisionalAbove }

// Game is one against an opponent, whose rating is that of before.
type Game struct {
	Opponent Rating
	Won      bool
}

// After returns the rating after a period with some games.
func (r Rating) After(games ...Game) Rating { return r.after(games, 1) }

// Rested returns the rating after a time without a game: it is less sure.
func (r Rating) Rested(idle time.Duration) Rating {
	return r.rested(max(0, float64(idle)/float64(ratingPeriod)))
}

func (r Rating) rested(periods float64) Rating {
	r = r.bounded()
	r.Deviation = math.Sqrt(r.Deviation*r.Deviation + periods*r.growth())
	return r.bounded()
}

// growth is what a period adds to the square of the deviation.
func (r Rating) growth() float64 { return r.Volatility * ratingScale * r.Volatility * ratingScale }

// FadesAfter returns after how long without a game a rating becomes provisional; 0
// is at once.
func (r Rating) FadesAfter() time.Duration {
	r = r.bounded()
	periods := (ProvisionalAbove*ProvisionalAbove - r.Deviation*r.Deviation) / r.growth()
	return max(0, time.Duration(periods*float64(ratingPeriod)))
}

// Rate returns the ratings of two people after a match. Idle is for how long they
// had not played.
func Rate(players [2]Rating, idle [2]time.Duration, winner Side) [2]Rating {
	left, right := players[Left].Rested(idle[Left]), players[Right].Rested(idle[Right])
	return [2]Rating{
		left.after([]Game{{right, winner == Left}}, 0),
		right.after([]Game{{left, winner == Right}}, 0),
	}
}

// after is steps 2 to 8, where so many periods have passed since the last one.
func (r Rating) after(games []Game, periods float64) Rating {
	r = r.bounded()
	if len(games) == 0 {
		return r.rested(periods)
	}
	variance, gain := r.evidence(games)
	phi := r.Deviation / ratingScale
	r.Volatility = r.volatility(variance, variance*gain)
	before := phi*phi + periods*r.Volatility*r.Volatility // step 6
	square := 1 / (1/before + 1/variance)                 // step 7
	r.Deviation = math.Sqrt(square) * ratingScale
	r.Rating += square * gain * ratingScale
	return r.bounded()
}

// evidence is steps 3 and 4: the variance that games leave, v, and how much
// better they went than expected, Δ/v.
func (r Rating) evidence(games []Game) (variance, gain float64) {
	precision := 0.0
	for _, g := range games {
		o := g.Opponent.bounded()
		phi := o.Deviation / ratingScale
		weight := 1 / math.Sqrt(1+3*phi*phi/(math.Pi*math.Pi))
		odds := math.Exp(-weight * (r.Rating - o.Rating) / ratingScale) // of losing
		precision += weight * weight * odds / ((1 + odds) * (1 + odds))
		if g.Won {
			gain += weight * odds / (1 + odds)
		} else {
			gain -= weight / (1 + odds)
		}
	}
	return 1 / precision, gain
}

// volatility is step 5: regula falsi with the Illinois algorithm. It looks for
// nothing above maxVolatility.
func (r Rating) volatility(variance, delta float64) float64 {
	phi := r.Deviation / ratingScale
	start := math.Log(r.Volatility * r.Volatility)
	highest := math.Log(maxVolatility * maxVolatility)
	spread := delta*delta - phi*phi - variance
	f := func(x float64) float64 {
		e := math.Exp(x)
		all := phi*phi + variance + e
		return e*(spread-e)/(2*all*all) - (x-start)/(tau*tau)
	}
	a, b := start, 0.0
	if spread > 0 {
		b = min(math.Log(spread), highest)
		if b == highest && f(b) > 0 {
			return maxVolatility
		}
	} else {
		for b = start - tau; f(b) < 0; {
			b -= tau
		}
	}
	fa, fb := f(a), f(b)
	for math.Abs(b-a) > accuracy {
		c := a + (a-b)*fa/(fb-fa)
		fc := f(c)
		if fc*fb <= 0 {
			a, fa = b, fb
		} else {
			fa /= 2
		}
		b, fb = c, fc
	}
	return math.Exp(a / 2)
}

func (r Rating) bounded() Rating {
	return Rating{
		Rating:     max(minRating, min(r.Rating, maxRating)),
		Deviation:  max(minDeviation, min(r.Deviation, maxDeviation)),
		Volatility: max(minVolatility, min(r.Volatility, maxVolatility)),
	}
}
