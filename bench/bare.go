package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/gorilla/websocket"
)

// metaBody has the fields of GET /api/meta/, for gin to encode.
type metaBody struct {
	Name    string   `json:"name"`
	Version string   `json:"version"`
	Demo    bool     `json:"demo"`
	Fees    feesBody `json:"fees"`
}

type feesBody struct {
	BuyerBps  int64 `json:"buyer_bps"`
	SellerBps int64 `json:"seller_bps"`
}

// serveBare answers with as little as gin and gorilla need, in a process of
// its own: the ceiling of whatever Rally answers without a database. page is a
// file with the bytes that "/" sends as they are; empty sends none.
func serveBare(ctx context.Context, addr, page, version string) error {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.GET("/ready", func(c *gin.Context) { c.Status(http.StatusNoContent) })
	engine.GET("/api/meta/", func(c *gin.Context) {
		c.JSON(http.StatusOK, metaBody{Name: "Rally", Version: version, Demo: true, Fees: feesBody{BuyerBps: 150, SellerBps: 300}})
	})
	if page != "" {
		body, err := os.ReadFile(page) //nolint:gosec // written by the parent
		if err != nil {
			return err
		}
		engine.GET("/", func(c *gin.Context) {
			c.Header("Content-Encoding", "gzip")
			c.Data(http.StatusOK, "text/html; charset=utf-8", body)
		})
	}
	f := &fan{upgrader: websocket.Upgrader{ReadBufferSize: 1024, WriteBufferPool: &sync.Pool{}}}
	engine.GET("/ws", f.join)
	engine.POST("/fan", f.send(f.rounds))
	engine.POST("/frames", f.send(f.frames))
	server := &http.Server{Addr: addr, Handler: engine, ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// fan is the bare loop over sockets.
type fan struct {
	upgrader websocket.Upgrader
	mu       sync.Mutex
	conns    []*websocket.Conn
}

func (f *fan) join(c *gin.Context) {
	conn, err := f.upgrader.Upgrade(c.Writer, c.Request, nil)
	if err != nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.conns = append(f.conns, conn)
	_ = conn.WriteMessage(websocket.TextMessage, []byte("{}")) // so that the client knows it is in
}

// send lets write send frames of ?size bytes to every socket, ?count times, one
// round every ?every.
func (f *fan) send(write func(ctx context.Context, data []byte, count int, every time.Duration) error) gin.HandlerFunc {
	return func(c *gin.Context) { f.obey(c, write) }
}

func (f *fan) obey(c *gin.Context, write func(ctx context.Context, data []byte, count int, every time.Duration) error) {
	size, err1 := strconv.Atoi(c.Query("size"))
	count, err2 := strconv.Atoi(c.Query("count"))
	every, err3 := time.ParseDuration(c.Query("every"))
	if err := errors.Join(err1, err2, err3); err != nil {
		c.String(http.StatusBadRequest, "%v", err)
		return
	}
	if err := write(c.Request.Context(), make([]byte, size), count, every); err != nil {
		c.String(http.StatusInternalServerError, "%v", err)
		return
	}
	c.Status(http.StatusNoContent)
}

func (f *fan) rounds(ctx context.Context, data []byte, count int, every time.Duration) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range data {
		data[i] = 'x'
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for range count {
		// Encoded once a round, as whoever sends the same to many would.
		message, err := websocket.NewPreparedMessage(websocket.TextMessage, data)
		if err != nil {
			return err
		}
		for _, conn := range f.conns {
			if err := conn.WritePreparedMessage(message); err != nil {
				return fmt.Errorf("write a frame: %w", err)
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// frames writes short frames that are built once, header and all, past gorilla: the
// least that telling a state takes.
func (f *fan) frames(ctx context.Context, data []byte, count int, every time.Duration) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	const whole = 0x82                                       // a binary message of one frame: RFC 6455, section 5.2
	frame := append([]byte{whole, byte(len(data))}, data...) //nolint:gosec // 64
	tick := time.NewTicker(every)
	defer tick.Stop()
	for range count {
		for _, conn := range f.conns {
			line := conn.NetConn()
			if err := line.SetWriteDeadline(time.Now().Add(time.Second)); err != nil {
				return fmt.Errorf("write a frame: %w", err)
			}
			if _, err := line.Write(frame); err != nil {
				return fmt.Errorf("write a frame: %w", err)
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
