// Package store keeps the game in the database. It alone knows the tables of pong.
package store

import "rally/platform/db"

// playerSpace keeps the locks of players apart from those of other modules.
const playerSpace = 'P'

// Store implements pong.Store on both engines.
type Store struct{ db *db.DB }

// New returns a store in d.
func New(d *db.DB) *Store { return &Store{d} }
