package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"rally/platform/ws"
)

const (
	// soakPatience is how long an answer may take on a machine that others use.
	soakPatience = 30 * time.Second
	// newsKept is how many frames wait for whoever asks; older ones are dropped.
	newsKept = 64
	// narrow is the receive buffer of somebody who reads slowly, in bytes.
	narrow = 4096
)

// news is a frame as the soak looks at it. Of other topics' data nothing is read.
type news struct {
	topic        string
	State        string          `json:"state"`
	Event        string          `json:"event"`
	Code         string          `json:"code"`
	New          string          `json:"new"`
	User         *int64          `json:"user_id"`
	Last         int64           `json:"last"`
	Friends      json.RawMessage `json:"friends"`
	Notification json.RawMessage `json:"notification"`
}

func parseNews(data []byte) (news, error) {
	var envelope struct {
		T string          `json:"t"`
		D json.RawMessage `json:"d"`
	}
	if err := json.Unmarshal(data, &envelope); err != nil {
		return news{}, fmt.Errorf("not a frame: %w", err)
	}
	n := news{topic: envelope.T}
	if strings.HasPrefix(n.topic, bookTopic) {
		return n, nil
	}
	if err := json.Unmarshal(envelope.D, &n); err != nil {
		return news{}, fmt.Errorf("not a frame of %s: %w", n.topic, err)
	}
	return n, nil
}

// line is a websocket whose frames are read all the time, as a browser does.
type line struct {
	conn *websocket.Conn
	news chan news  // closed after the last frame
	end  error      // why; read it after news is closed
	eyes sync.Mutex // held by who keeps the line from being read
}

// crowdDialer connects with small buffers: thousands of sockets share the machine.
func crowdDialer() *websocket.Dialer {
	return &websocket.Dialer{ReadBufferSize: kibibyte, WriteBufferSize: kibibyte, WriteBufferPool: &sync.Pool{}, HandshakeTimeout: soakPatience}
}

// open connects, as whom the header says.
func (s *soak) open(ctx context.Context, query string, header http.Header) (*line, error) {
	conn, answer, err := s.dialer.DialContext(ctx, "ws://"+s.addr+"/ws"+query, header)
	if err != nil {
		if answer != nil {
			err = fmt.Errorf("answer %d: %w", answer.StatusCode, err)
		}
		return nil, fmt.Errorf("open a socket: %w", err)
	}
	_ = answer.Body.Close()
	l := &line{conn: conn, news: make(chan news, newsKept)}
	s.readers.Go(l.read)
	s.opened.Add(1)
	return l, nil
}

// read ends with the connection.
func (l *line) read() {
	defer close(l.news)
	for {
		l.look()
		_, data, err := l.conn.ReadMessage()
		var n news
		if err == nil {
			n, err = parseNews(data)
		}
		if err != nil {
			l.end = err
			return
		}
		select {
		case l.news <- n:
			continue
		default:
		}
		select {
		case <-l.news: // nobody asked for the oldest
		default:
		}
		l.news <- n // this goroutine alone sends, so there is room
	}
}

// look waits while somebody holds the eyes.
func (l *line) look() {
	l.eyes.Lock()
	defer l.eyes.Unlock()
}

func (l *line) say(text string) error { return l.sayWithin(soakPatience, text) }

func (l *line) sayWithin(d time.Duration, text string) error {
	if err := l.conn.SetWriteDeadline(time.Now().Add(d)); err != nil {
		return err
	}
	return l.conn.WriteMessage(websocket.TextMessage, []byte(text))
}

// raw writes bytes past the websocket, which has left a deadline on the line.
func (l *line) raw(data []byte) error {
	conn := l.conn.NetConn()
	if err := conn.SetWriteDeadline(time.Now().Add(soakPatience)); err != nil {
		return err
	}
	_, err := conn.Write(data)
	return err
}

// expect passes over frames until one is wanted.
func (l *line) expect(what string, wanted func(news) bool) (news, error) {
	patience := time.NewTimer(soakPatience)
	defer patience.Stop()
	for {
		select {
		case n, more := <-l.news:
			if !more {
				return n, fmt.Errorf("waiting for %s: the line ended with %s", what, closing(l.end))
			}
			if wanted(n) {
				return n, nil
			}
		case <-patience.C:
			return news{}, fmt.Errorf("waiting for %s: nothing came within %s", what, soakPatience)
		}
	}
}

// over reads what is left of the line. It returns false when that has no end in time.
func (l *line) over(within time.Duration) bool {
	patience := time.NewTimer(within)
	defer patience.Stop()
	for {
		select {
		case _, more := <-l.news:
			if !more {
				return true
			}
		case <-patience.C:
			return false
		}
	}
}

// ends waits until the server closes the line with one of the codes.
func (l *line) ends(within time.Duration, codes ...int) error {
	if !l.over(within) {
		return fmt.Errorf("waiting for close code %v: the line is open after %s", codes, within)
	}
	if !websocket.IsCloseError(l.end, codes...) {
		return fmt.Errorf("waiting for close code %v: the line ended with %s", codes, closing(l.end))
	}
	return nil
}

// stays reads for a while. A line that ends meanwhile is an error.
func (l *line) stays(quit <-chan struct{}, d time.Duration) error {
	over := time.NewTimer(d)
	defer over.Stop()
	for {
		select {
		case _, more := <-l.news:
			if !more {
				return fmt.Errorf("staying: the line ended with %s", closing(l.end))
			}
		case <-quit:
			return nil
		case <-over.C:
			return nil
		}
	}
}

// bye closes the line as a browser does: with a close frame that is answered.
func (l *line) bye() error {
	defer func() { _ = l.conn.Close() }()
	text := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	if err := l.conn.WriteControl(websocket.CloseMessage, text, time.Now().Add(soakPatience)); err != nil {
		return fmt.Errorf("say goodbye: %w", err)
	}
	return l.ends(soakPatience, websocket.CloseNormalClosure)
}

// hangUp closes the connection without a word.
func (l *line) hangUp() { _ = l.conn.Close() }

// reset lets the peer's next packet be answered with RST, and sends one now.
func (l *line) reset() {
	if tcp, ok := l.conn.NetConn().(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = l.conn.Close()
}

// squeeze makes the receive buffer small, so that a line that is not read stands
// still soon.
func (l *line) squeeze() error {
	tcp, ok := l.conn.NetConn().(*net.TCPConn)
	if !ok {
		return errors.New("a line is not TCP")
	}
	return tcp.SetReadBuffer(narrow)
}

// dies reads what is left of a line that the server has closed, with a code or
// without one.
func (l *line) dies() error {
	if !l.over(soakPatience) {
		return fmt.Errorf("not read for %s: the line is still open", stopped)
	}
	var closed *websocket.CloseError
	if errors.As(l.end, &closed) && closed.Code != ws.CloseSlow && closed.Code != websocket.CloseAbnormalClosure {
		return fmt.Errorf("not read for %s: the line ended with %s", stopped, closing(l.end))
	}
	return nil
}

// closing tells how a line ended, without what differs from line to line.
func closing(err error) string {
	var closed *websocket.CloseError
	var broken *net.OpError
	switch {
	case errors.As(err, &closed):
		return fmt.Sprintf("%d %s", closed.Code, closed.Text)
	case errors.As(err, &broken):
		return broken.Err.Error()
	}
	return err.Error()
}

// call asks over HTTP on a connection of its own, and wants one of the answers.
func (s *soak) call(ctx context.Context, method, path, body, token string, wanted ...int) ([]byte, error) {
	w, err := dial(ctx, s.addr)
	if err != nil {
		return nil, err
	}
	defer w.close()
	w.keep = true
	status, err := w.do(request(method, s.addr, path, body, "Authorization: Bearer "+token))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", method, err)
	}
	for _, want := range wanted {
		if status == want {
			return w.body, nil
		}
	}
	return nil, fmt.Errorf("%s answered %d, not %v: %s", method, status, wanted, w.body)
}
