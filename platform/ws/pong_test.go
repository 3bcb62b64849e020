package ws_test

import (
	"runtime/pprof"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"rally/platform/testkit"
	"rally/platform/ws"
)

// Frames as they stand on the wire, masked with zeros: the payload is readable.
const (
	final = 0x80
	text  = websocket.TextMessage
	more  = 0 // a continuation
)

func raw(head byte, payload string) string {
	return string([]byte{head, final | byte(len(payload)), 0, 0, 0, 0}) + payload
}

// Pongs may come at any time, with or without a ping, and in any pieces. The
// text around them arrives.
func TestPongsAmidOtherFrames(t *testing.T) {
	const sub, pong = `{"sub":["no.such.topic"]}`, final | websocket.PongMessage
	long := strings.Repeat("p", 125)
	for name, pieces := range map[string][]string{
		"in one piece with texts":    {raw(pong, "") + raw(final|text, sub) + raw(pong, long) + raw(pong, "x")},
		"in pieces":                  {raw(pong, long)[:1], raw(pong, long)[1:4], raw(pong, long)[4:60], raw(pong, long)[60:] + raw(final|text, sub)},
		"amid a message":             {raw(text, sub[:5]) + raw(pong, long), raw(more, sub[5:9]), raw(pong, "") + raw(final|more, sub[9:])},
		"many":                       {strings.Repeat(raw(pong, long), 50) + raw(final|text, sub)},
		"after a ping of the client": {raw(final|websocket.PingMessage, ""), raw(pong, long) + raw(final|text, sub)},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, setup{})
			c := s.dial()
			for _, piece := range pieces {
				if _, err := c.NetConn().Write([]byte(piece)); err != nil {
					t.Fatal(err)
				}
			}
			c.wantError("ws.unknown_topic", "no.such.topic")
			c.settle()
		})
	}
}

// A pong against the protocol ends the connection as any such frame does.
func TestBadPongs(t *testing.T) {
	for name, frame := range map[string]string{
		"unmasked":      string([]byte{final | websocket.PongMessage, 1}) + "x",
		"in fragments":  raw(websocket.PongMessage, "x"),
		"too long":      string([]byte{final | websocket.PongMessage, final | 126, 0, 126, 0, 0, 0, 0}) + strings.Repeat("x", 126),
		"reserved bits": raw(final|0x40|websocket.PongMessage, "x"),
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, setup{})
			c := s.dial()
			if _, err := c.NetConn().Write([]byte(frame)); err != nil {
				t.Fatal(err)
			}
			c.wantClose(websocket.CloseProtocolError)
		})
	}
}

// A socket that has answered a ping, or asked for something, waits on the small
// stack again: on no goroutine but its first.
func TestAQuietSocketIsOneGoroutine(t *testing.T) {
	s := start(t, setup{topics: []ws.Topic{feed()}})
	c := s.dial()
	c.sub("feed")
	c.settle()
	for _, frame := range []string{raw(final|websocket.PongMessage, ""), raw(final|websocket.PongMessage, "x")} {
		if _, err := c.NetConn().Write([]byte(frame)); err != nil {
			t.Fatal(err)
		}
	}
	c.settle()
	testkit.Until(t, "nobody listens for more than there is", func() bool {
		var all strings.Builder
		if err := pprof.Lookup("goroutine").WriteTo(&all, 2); err != nil {
			t.Fatal(err)
		}
		return !strings.Contains(all.String(), "(*socket).listen(") && strings.Contains(all.String(), "(*socket).obey(")
	})
}
