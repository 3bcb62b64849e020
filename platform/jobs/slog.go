package jobs

import (
	"context"
	"log/slog"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// slogHandler hands River's log lines to zap. River tells at level info what
// an operator need not know, so info becomes debug.
type slogHandler struct {
	log    *zap.Logger
	prefix string
}

func zapLevel(level slog.Level) zapcore.Level {
	switch {
	case level >= slog.LevelError:
		return zapcore.ErrorLevel
	case level >= slog.LevelWarn:
		return zapcore.WarnLevel
	}
	return zapcore.DebugLevel
}

// Enabled implements slog.Handler.
func (h slogHandler) Enabled(_ context.Context, level slog.Level) bool {
	return h.log.Core().Enabled(zapLevel(level))
}

// Handle implements slog.Handler. What fails because its context has ended is
// River's own stop, and no operator's business.
func (h slogHandler) Handle(ctx context.Context, r slog.Record) error {
	level := zapLevel(r.Level)
	if ctx.Err() != nil {
		level = zapcore.DebugLevel
	}
	entry := h.log.Check(level, r.Message)
	if entry == nil {
		return nil
	}
	fields := make([]zap.Field, 0, r.NumAttrs())
	r.Attrs(func(a slog.Attr) bool {
		fields = h.append(fields, h.prefix, a)
		return true
	})
	entry.Write(fields...)
	return nil
}

// WithAttrs implements slog.Handler.
func (h slogHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	var fields []zap.Field
	for _, a := range attrs {
		fields = h.append(fields, h.prefix, a)
	}
	return slogHandler{log: h.log.With(fields...), prefix: h.prefix}
}

// WithGroup implements slog.Handler.
func (h slogHandler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	return slogHandler{log: h.log, prefix: h.prefix + name + "."}
}

// append adds a with the field name of ECS where there is one.
func (h slogHandler) append(fields []zap.Field, prefix string, a slog.Attr) []zap.Field {
	value := a.Value.Resolve()
	if value.Kind() == slog.KindGroup {
		if a.Key != "" {
			prefix += a.Key + "."
		}
		for _, inner := range value.Group() {
			fields = h.append(fields, prefix, inner)
		}
		return fields
	}
	switch prefix + a.Key {
	case "":
		return fields
	case "err", "error":
		return append(fields, zap.String("error.message", value.String()))
	case "job_id":
		return append(fields, zap.Any("rally.jobs.id", value.Any()))
	case "job_kind", "kind":
		return append(fields, zap.String("rally.jobs.kind", value.String()))
	}
	return append(fields, zap.Any("rally.jobs."+prefix+a.Key, value.Any()))
}
