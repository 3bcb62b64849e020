package pong

import "fmt"

// Checkpoint is what another node needs to go on with a match: court.go comes from
// its record to the state it had.
type Checkpoint struct {
	Node     string  `json:"node"` // who plays it
	Epoch    uint16  `json:"epoch"`
	Begun    bool    `json:"begun"`
	Record   []byte  `json:"record"`
	Ready    [2]bool `json:"ready"`
	Losses   [2]int  `json:"losses"`
	Score    [2]int  `json:"score"`
	Watchers int     `json:"watchers"`
}

// checkpoint is the table as another node may go on with it.
func (t *table) checkpoint(node string) Checkpoint {
	c := Checkpoint{Node: node, Epoch: t.epoch, Begun: t.begun, Record: t.rec.Record().Encode(), Watchers: t.others}
	for side := range t.seats {
		c.Ready[side], c.Losses[side] = t.seats[side].ready, t.seats[side].losses
	}
	c.Score = t.score()
	return c
}

func (t *table) score() [2]int { return [2]int{int(t.state.Score[Left]), int(t.state.Score[Right])} }

// restore brings a new table to where a checkpoint has it. Its players have the
// whole time of a seat to come back, which counts as no loss of theirs.
func (t *table) restore(c *Checkpoint) error {
	record, err := DecodeRecord(c.Record)
	if err != nil {
		return fmt.Errorf("go on with match %d: %w", t.match.ID, err)
	}
	t.state = record.Play(nil)
	t.rec = continueRecord(record)
	t.epoch = c.Epoch + 1
	for side := range t.seats {
		s := &t.seats[side]
		s.ready, s.losses, s.left = c.Ready[side] || s.ready, c.Losses[side], seatHeld
	}
	if t.begun = c.Begun; t.begun {
		t.phase = paused
	}
	t.pause(true)
	return nil
}

// continueRecord returns a recorder that has noted a record.
func continueRecord(record Record) *Recorder {
	r := &Recorder{record: record, before: make([]int8, len(record.Changes))}
	for i, c := range record.Changes {
		r.before[i] = r.dirs[c.Side]
		r.dirs[c.Side] = c.Dir
	}
	if n := len(record.Pauses); n > 0 {
		r.paused = record.Pauses[n-1].On
	}
	return r
}
