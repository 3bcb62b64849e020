package log_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"rally/platform/fault"
	"rally/platform/log"
)

func TestFileLinesAreECSDocuments(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rally.log")
	logger, closeLog, err := log.New(log.Config{Format: "json", Level: "info", File: path}, "1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	code := fault.New(fault.Conflict, "test.taken", "Taken.")
	logger.Named("shop").Warn("trade refused", log.Err(fmt.Errorf("trade: %w", code.WithCause(os.ErrExist))), zap.Duration("event.duration", time.Microsecond))
	logger.Debug("below the level")
	if err := closeLog(); err != nil {
		t.Fatal(err)
	}

	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	if len(lines) != 1 {
		t.Fatalf("%d lines, want 1: %q", len(lines), lines)
	}
	var doc map[string]any
	if err := json.Unmarshal([]byte(lines[0]), &doc); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"log.level": "warn", "log.logger": "shop", "message": "trade refused", "service.name": "rally", "service.version": "1.2.3",
		"error.code": "test.taken", "error.type": "*errors.errorString", "event.duration": float64(1000), "ecs.version": log.ECSVersion,
	}
	for field, value := range want {
		if doc[field] != value {
			t.Errorf("%s = %v, want %v", field, doc[field], value)
		}
	}
	if _, err := time.Parse("2006-01-02T15:04:05.000Z", fmt.Sprint(doc["@timestamp"])); err != nil {
		t.Error(err)
	}
}

func TestUnwritableFileStopsTheStart(t *testing.T) {
	_, _, err := log.New(log.Config{Level: "info", File: filepath.Join(t.TempDir(), "no", "such", "dir.log")}, "")
	if err == nil || !strings.Contains(err.Error(), "RALLY_LOG_FILE") || !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("got %v", err)
	}
}

func TestValidate(t *testing.T) {
	for _, c := range []log.Config{{Format: "xml", Level: "info"}, {Level: "loud"}} {
		if c.Validate() == nil {
			t.Errorf("%+v was accepted", c)
		}
	}
}
