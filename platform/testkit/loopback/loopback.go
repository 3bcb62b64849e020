// Package loopback finds free ports for the servers that tests and benchmarks
// start.
package loopback

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
)

// Free returns a port of 127.0.0.1 that nobody uses now, and its address. Somebody
// else may take it before the caller does.
func Free(ctx context.Context) (port int, addr string, err error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, "", fmt.Errorf("find a free port: %w", err)
	}
	addr = l.Addr().String()
	_, text, err := net.SplitHostPort(addr)
	port, errPort := strconv.Atoi(text)
	return port, addr, errors.Join(err, errPort, l.Close())
}
