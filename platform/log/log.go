// Package log builds the program's zap logger. Lines are JSON with the field
// names of the Elastic Common Schema, so that they need no parsing on their
// way to Elasticsearch; a person at a terminal gets readable lines instead.
//
// ECS: https://www.elastic.co/guide/en/ecs/current/ecs-field-reference.html
package log

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/mattn/go-isatty"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"gopkg.in/natefinch/lumberjack.v2"

	"rally/platform/config"
	"rally/platform/fault"
)

// ECSVersion is the version of the schema that the field names follow.
const ECSVersion = "8.17.0"

// Config of the log.
type Config struct {
	Format string `env:"RALLY_LOG_FORMAT" help:"json or console; by default console in a terminal, json elsewhere"`
	Level  string `env:"RALLY_LOG_LEVEL" envDefault:"info" help:"debug, info, warn or error"`
	File   string `env:"RALLY_LOG_FILE" help:"also write JSON lines to this file; it is rotated by rename at 100 MB"`
}

// Validate says which value is not allowed.
func (c Config) Validate() error {
	if err := config.OneOf("RALLY_LOG_FORMAT", c.Format, "", "json", "console"); err != nil {
		return err
	}
	return config.OneOf("RALLY_LOG_LEVEL", c.Level, "debug", "info", "warn", "error")
}

// New returns a logger that writes to stderr, and to the configured file too.
// Close flushes it.
func New(cfg Config, version string) (logger *zap.Logger, closeLog func() error, err error) {
	level, err := zapcore.ParseLevel(cfg.Level)
	if err != nil {
		return nil, nil, fmt.Errorf("RALLY_LOG_LEVEL: %w", err)
	}
	console := cfg.Format == "console" || (cfg.Format == "" && isatty.IsTerminal(os.Stderr.Fd()))
	encoder := JSONEncoder()
	if console {
		encoder = consoleEncoder()
	}
	core := zapcore.NewCore(encoder, zapcore.Lock(os.Stderr), level)
	var file io.Closer
	if cfg.File != "" {
		// Opened once here so that a path that can't be written stops the start.
		f, err := os.OpenFile(cfg.File, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o640) //nolint:gosec // a log shipper reads it as a member of the group
		if err != nil {
			return nil, nil, fmt.Errorf("RALLY_LOG_FILE=%q: %w", cfg.File, err)
		}
		if err := f.Close(); err != nil {
			return nil, nil, fmt.Errorf("RALLY_LOG_FILE=%q: %w", cfg.File, err)
		}
		rotated := &lumberjack.Logger{Filename: cfg.File, MaxSize: 100, MaxBackups: 5}
		file = rotated
		core = zapcore.NewTee(core, zapcore.NewCore(JSONEncoder(), zapcore.AddSync(rotated), level))
	}
	logger = zap.New(core, zap.AddStacktrace(zapcore.DPanicLevel))
	if !console || cfg.File != "" {
		logger = logger.With(zap.String("ecs.version", ECSVersion), zap.String("service.name", "rally"), zap.String("service.version", version))
	}
	return logger, func() error {
		_ = logger.Sync() // a terminal can't be synced, and says so
		if file != nil {
			return file.Close()
		}
		return nil
	}, nil
}

// JSONEncoder writes one ECS document a line.
func JSONEncoder() zapcore.Encoder {
	return zapcore.NewJSONEncoder(zapcore.EncoderConfig{
		TimeKey: "@timestamp", LevelKey: "log.level", NameKey: "log.logger", MessageKey: "message", StacktraceKey: "error.stack_trace",
		EncodeTime: func(t time.Time, enc zapcore.PrimitiveArrayEncoder) {
			enc.AppendString(t.UTC().Format("2006-01-02T15:04:05.000Z"))
		},
		EncodeLevel:    zapcore.LowercaseLevelEncoder,
		EncodeDuration: zapcore.NanosDurationEncoder, // event.duration is in nanoseconds
		EncodeName:     zapcore.FullNameEncoder,
	})
}

func consoleEncoder() zapcore.Encoder {
	cfg := zap.NewDevelopmentEncoderConfig()
	cfg.EncodeTime = zapcore.TimeEncoderOfLayout("15:04:05.000")
	cfg.EncodeLevel = zapcore.CapitalColorLevelEncoder
	cfg.CallerKey = zapcore.OmitKey
	return zapcore.NewConsoleEncoder(cfg)
}

// Err is the field of an error, as the object that ECS wants under `error`.
// (zap.Error would write a string there.)
func Err(err error) zap.Field { return zap.Inline(ecsError{err}) }

type ecsError struct{ err error }

func (e ecsError) MarshalLogObject(enc zapcore.ObjectEncoder) error {
	if e.err == nil {
		return nil
	}
	enc.AddString("error.message", e.err.Error())
	enc.AddString("error.type", fmt.Sprintf("%T", rootCause(e.err)))
	var f *fault.Error
	if errors.As(e.err, &f) {
		enc.AddString("error.code", f.Code)
	}
	return nil
}

func rootCause(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}

type key struct{}

// With returns a context that carries logger, such as one that knows the
// request.
func With(ctx context.Context, logger *zap.Logger) context.Context {
	return context.WithValue(ctx, key{}, logger)
}

// From returns the logger of ctx, or one that drops everything.
func From(ctx context.Context) *zap.Logger {
	if l, ok := ctx.Value(key{}).(*zap.Logger); ok {
		return l
	}
	return zap.NewNop()
}
