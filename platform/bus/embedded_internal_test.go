package bus

import (
	"testing"
	"time"

	"go.uber.org/zap"
)

func TestEmbeddedOpensNoPort(t *testing.T) {
	b, err := Open(t.Context(), Config{ConnectTimeout: time.Minute, ReconnectWait: time.Second, PendingMessages: 1, PendingBytes: 1}, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	if address := b.server.Addr(); address != nil {
		t.Errorf("listens on %v", address)
	}
	if err := b.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
}
