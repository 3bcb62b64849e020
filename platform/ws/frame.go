package ws

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"

	"rally/platform/auth"
	"rally/platform/fault"
)

// Topics of the protocol itself.
const (
	topicHello = "hello"
	topicError = "error"
)

// frame is one message on its way to sockets. It is immutable and shared by
// all its receivers.
type frame struct {
	kind     int // websocket.TextMessage, PingMessage or CloseMessage
	data     []byte
	prepared *websocket.PreparedMessage // set for wide fan-outs, instead of data
}

// newFrame wraps an encoded text message for so many receivers.
func newFrame(data []byte, receivers int) *frame {
	f := &frame{kind: websocket.TextMessage, data: data}
	if receivers >= wideFanOut {
		if p, err := websocket.NewPreparedMessage(websocket.TextMessage, data); err == nil {
			f.prepared, f.data = p, nil
		}
	}
	return f
}

type envelope struct {
	Topic string `json:"t"`
	Data  any    `json:"d"`
}

func encode(topic string, d any) ([]byte, error) {
	data, err := json.Marshal(envelope{topic, d})
	if err != nil {
		return nil, fmt.Errorf("ws: encode a frame of %s: %w", topic, err)
	}
	return data, nil
}

type hello struct {
	Protocol int       `json:"protocol"`
	Time     time.Time `json:"time"`
	UserID   *int64    `json:"user_id"`
	Session  *string   `json:"session"`
}

func helloFrame(now time.Time, id *auth.Identity) (*frame, error) {
	h := hello{Protocol: Protocol, Time: now.UTC()}
	if id != nil {
		session := strconv.FormatInt(id.SessionID, 10)
		h.UserID, h.Session = &id.UserID, &session
	}
	data, err := encode(topicHello, h)
	return newFrame(data, 1), err
}

type failure struct {
	Code   string `json:"code"`
	Topic  string `json:"topic,omitempty"`
	Detail string `json:"detail"`
}

func errorFrame(f *fault.Error, topic string) (*frame, error) {
	data, err := encode(topicError, failure{f.Code, topic, f.Message})
	return newFrame(data, 1), err
}

// closeFrame cuts reason to what a close frame holds.
func closeFrame(code int, reason string) *frame {
	const most = 123
	if len(reason) > most {
		cut := most
		for cut > 0 && !utf8.RuneStart(reason[cut]) {
			cut--
		}
		reason = reason[:cut]
	}
	return &frame{kind: websocket.CloseMessage, data: websocket.FormatCloseMessage(code, reason)}
}

// request is what a client may say.
type request struct {
	Sub      []string          `json:"sub"`
	Unsub    []string          `json:"unsub"`
	Takeover bool              `json:"takeover"`
	Idle     *bool             `json:"idle"`
	Resume   map[string]*int64 `json:"resume"` // null would read as 0
}

func (r request) empty() bool {
	return r.Sub == nil && r.Unsub == nil && !r.Takeover && r.Idle == nil && r.Resume == nil
}

// parse reads a client frame. It returns false for anything but a JSON object
// that says something, with at most MaxTopics names in a list, and nothing seen
// that can't have been.
func parse(data []byte) (request, bool) {
	var r request
	if !utf8.Valid(data) || json.Unmarshal(data, &r) != nil {
		return request{}, false
	}
	if r.empty() || len(r.Sub) > MaxTopics || len(r.Unsub) > MaxTopics || len(r.Resume) > MaxTopics {
		return request{}, false
	}
	for _, since := range r.Resume {
		if since == nil || *since < 0 {
			return request{}, false
		}
	}
	return r, true
}
