//go:build unix

package ws

import "syscall"

const canTry = true

// try writes what a socket has room for.
func try(fd uintptr, p []byte) (int, error) { return syscall.Write(int(fd), p) }
