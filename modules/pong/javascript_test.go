package pong_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"rally/modules/pong"
)

// node returns a runtime for the browser client's rules. There is one wherever
// the other tests of the client run.
func node(t *testing.T) string {
	t.Helper()
	if path, err := exec.LookPath("node"); err == nil {
		return path
	}
	// Where setup puts one when the machine's is too old.
	if found, _ := filepath.Glob("../../tools/node/node_modules/node-linux-*/bin/node"); len(found) > 0 {
		return found[0]
	}
	t.Fatal("there is no node on the PATH to compare web/pong/sim.js with; `make setup` installs it")
	return ""
}

// inJavaScript plays what input says with web/pong/sim.js and returns what it
// found different: nothing, or one line.
func inJavaScript(t *testing.T, how string, input []byte) []byte {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, node(t), "../../web/test/pong-same.mjs", how)
	cmd.Stdin = bytes.NewReader(input)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, stderr.Bytes())
	}
	return out
}

const sameMatches = 1_000

// A thousand random matches, with pauses, are the same in Go and in JavaScript
// after every tick.
func TestSameInJavaScript(t *testing.T) {
	t.Parallel()
	var input []byte
	ticks, longest := 0, uint16(0)
	for n := range uint64(sameMatches) {
		var played []byte
		points, seed := startOf(n)
		last := randomMatch(newRand(n), points, func(k tick) {
			longest = max(longest, k.state.Hits)
			played = append(played, byte(k.dirs[0]), byte(k.dirs[1]), bit(k.toggled), 0)
			played = words(played, hashOf(k.state, k.happened))
		})
		input = append(words(input, uint32(points), seed, last.Tick), played...)
		ticks += int(last.Tick)
	}
	out := inJavaScript(t, "ticks", input)
	if len(out) > 0 {
		t.Fatal(difference(t, out))
	}
	t.Logf("%d matches, %d ticks, at most %d hits in a rally", sameMatches, ticks, longest)
	if longest < pong.ShrinkFrom {
		t.Error("no rally was so long that paddles shrank")
	}
}

// startOf returns how the n-th match begins: to 3, 5 or 11 points, and the seed
// that randomMatch will draw first.
func startOf(n uint64) (points int, seed uint32) {
	return pong.PointsAllowed()[n%3], newRand(n).Uint32()
}

// difference plays a match again up to the tick at which the two differ, and
// names the first field.
func difference(t *testing.T, out []byte) string {
	t.Helper()
	var there struct {
		Match    uint64
		Tick     uint32
		Happened int64
		State    map[string]int64
	}
	if err := json.Unmarshal(out, &there); err != nil {
		t.Fatalf("node said %q: %v", out, err)
	}
	points, _ := startOf(there.Match)
	told := ""
	randomMatch(newRand(there.Match), points, func(k tick) {
		if k.state.Tick != there.Tick || told != "" {
			return
		}
		fields := fieldsOf(k.state)
		for _, f := range append(fields[:], field{"happened", int64(k.happened)}) {
			value := there.State[f.name]
			if f.name == "happened" {
				value = there.Happened
			}
			if value != f.value && told == "" {
				told = fmt.Sprintf("match %d, tick %d: %s is %d in Go and %d in JavaScript", there.Match, there.Tick, f.name, f.value, value)
			}
		}
	})
	if told == "" {
		told = fmt.Sprintf("match %d has no tick %d in Go", there.Match, there.Tick)
	}
	return told
}

// Records play the same in JavaScript, too.
func TestReplaysSameInJavaScript(t *testing.T) {
	t.Parallel()
	var input bytes.Buffer
	lines := json.NewEncoder(&input)
	for n := range uint64(100) {
		points, seed := startOf(n)
		recorder := pong.NewRecorder(points, seed)
		last := randomMatch(newRand(n), points, func(k tick) {
			recorder.Pause(k.state.Paused)
			recorder.Step(k.dirs)
		})
		r := recorder.Record()
		changes, pauses := [][3]int{}, [][2]int{}
		for _, c := range r.Changes {
			changes = append(changes, [3]int{int(c.Tick), int(c.Side), int(c.Dir)})
		}
		for _, p := range r.Pauses {
			pauses = append(pauses, [2]int{int(p.Tick), int(bit(p.On))})
		}
		if err := lines.Encode(map[string]any{
			"points": r.Points, "seed": r.Seed, "ticks": r.Ticks, "changes": changes, "pauses": pauses, "hash": hashOf(last, 0),
		}); err != nil {
			t.Fatal(err)
		}
	}
	if out := inJavaScript(t, "records", input.Bytes()); len(out) > 0 {
		t.Fatalf("%s", out)
	}
}

func bit(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// hashOf folds all of a state, and what happened, into a number: FNV-1a over
// whole fields, as web/test/pong-same.mjs does.
func hashOf(s pong.State, happened pong.Happened) uint32 {
	hash := uint32(2_166_136_261)
	for _, f := range fieldsOf(s) {
		hash = (hash ^ uint32(f.value)) * 16_777_619
	}
	return (hash ^ uint32(happened)) * 16_777_619
}

type field struct {
	name  string
	value int64
}

// fieldsOf lists a state as web/pong/sim.js names its fields.
func fieldsOf(s pong.State) [16]field {
	paused := int64(0)
	if s.Paused {
		paused = 1
	}
	return [16]field{
		{"tick", int64(s.Tick)},
		{"x", int64(s.X)},
		{"y", int64(s.Y)},
		{"vx", int64(s.VX)},
		{"vy", int64(s.VY)},
		{"paddles[0]", int64(s.Paddles[0])},
		{"paddles[1]", int64(s.Paddles[1])},
		{"score[0]", int64(s.Score[0])},
		{"score[1]", int64(s.Score[1])},
		{"points", int64(s.Points)},
		{"hits", int64(s.Hits)},
		{"hold", int64(s.Hold)},
		{"gone", int64(s.Gone)},
		{"paused", paused},
		{"server", int64(s.Server)},
		{"noise", int64(s.Noise)},
	}
}

// words appends numbers of four bytes, the lowest first.
func words(b []byte, values ...uint32) []byte {
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return b
}
