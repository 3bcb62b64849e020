package app

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"rally/platform/config"
)

// secretConfig is where the signing keys come from.
type secretConfig struct {
	Secret  string `env:"RALLY_SECRET" secret:"true" help:"at least 32 characters; signing keys derive from it; made in the data folder when absent"`
	DataDir string `env:"RALLY_DATA_DIR" envDefault:"data" help:"folder of the SQLite file, the pictures and the secret"`
}

const minSecret = 32

// Validate says which value is not allowed. The value itself is not shown.
func (c secretConfig) Validate() error {
	if c.Secret != "" && len(c.Secret) < minSecret {
		return config.Bad("RALLY_SECRET", "…", "at least 32 characters of randomness")
	}
	return nil
}

// newSecret returns the configured secret, or the one in the data folder,
// which it makes at first. Of several processes that start together one
// writes it and the others read it.
func newSecret(cfg secretConfig) ([]byte, error) {
	if cfg.Secret != "" {
		return []byte(cfg.Secret), nil
	}
	path := filepath.Join(cfg.DataDir, "secret")
	if secret, err := readSecret(path); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return secret, err
	}
	if err := os.MkdirAll(cfg.DataDir, 0o750); err != nil {
		return nil, fmt.Errorf("RALLY_DATA_DIR: cannot create the folder of the secret: %w", err)
	}
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	// Written aside and linked into place: nobody reads half a secret, and the
	// first process to link wins.
	temporary, err := os.CreateTemp(cfg.DataDir, "secret-*")
	if err != nil {
		return nil, fmt.Errorf("RALLY_DATA_DIR: cannot write the secret: %w", err)
	}
	defer func() { _ = os.Remove(temporary.Name()) }()
	_, err = temporary.WriteString(hex.EncodeToString(b[:]) + "\n")
	if closeErr := temporary.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return nil, fmt.Errorf("write the secret: %w", err)
	}
	if err := os.Link(temporary.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("write the secret: %w", err)
	}
	return readSecret(path)
}

func readSecret(path string) ([]byte, error) {
	data, err := os.ReadFile(path) //nolint:gosec // the path comes from the configuration
	if err != nil {
		return nil, err
	}
	secret := strings.TrimSpace(string(data))
	if len(secret) < minSecret {
		return nil, fmt.Errorf("%s: must hold at least %d characters; delete it to make a new one, which signs everybody out", path, minSecret)
	}
	return []byte(secret), nil
}
