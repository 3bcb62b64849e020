//go:build !unix

package ws

import "errors"

const canTry = false

func try(uintptr, []byte) (int, error) { return 0, errors.ErrUnsupported }
