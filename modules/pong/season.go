package pong

import (
	"fmt"
	"time"
)

// AllTime is the season of the standings that never end.
const AllTime = 0

// Season is a quarter of a year, in UTC. Its number is the year and the quarter:
// 20264 is the last of 2026.
type Season struct {
	Number       int
	Starts, Ends time.Time // the end is not in it
}

// SeasonOf returns the number of the season of a time.
func SeasonOf(t time.Time) int {
	t = t.UTC()
	return t.Year()*10 + (int(t.Month())+2)/3
}

// seasonAt returns the season of a number that SeasonOf gave.
func seasonAt(number int) Season {
	starts := time.Date(number/10, time.Month(number%10*3-2), 1, 0, 0, 0, 0, time.UTC)
	return Season{number, starts, starts.AddDate(0, 3, 0)}
}

// Name returns what a season is called where nobody translates it.
func (s Season) Name() string { return fmt.Sprintf("%d Q%d", s.Number/10, s.Number%10) }

// seasonsUpTo returns the seasons from one to another, the newest first. When there
// is no first one, 0, it is the last alone.
func seasonsUpTo(first, last int) []Season {
	list := []Season{seasonAt(last)}
	for first > 0 && list[len(list)-1].Number > first {
		list = append(list, seasonAt(SeasonOf(list[len(list)-1].Starts.AddDate(0, 0, -1))))
	}
	return list
}
