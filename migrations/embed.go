// Package migrations embeds the numbered SQL files of both engines. A number
// stands in both folders or in none; number 1 is the job queue's own schema,
// which comes with River.
package migrations

import "embed"

// Files holds postgres/*.sql and sqlite/*.sql.
//
//go:embed postgres/*.sql sqlite/*.sql
var Files embed.FS
