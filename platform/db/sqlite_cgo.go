//go:build cgo && sqlite_fts5

package db

import (
	"errors"
	"net/url"
	"strconv"

	"github.com/mattn/go-sqlite3"
)

// With a C compiler at hand the SQLite of mattn is used: its reads are two to
// three times as fast as those of the pure Go translation.
const sqliteDriver = "sqlite3"

func sqliteDSN(path string, writer bool) string {
	q := url.Values{}
	q.Set("_journal_mode", "WAL")
	q.Set("_busy_timeout", strconv.FormatInt(sqliteBusy.Milliseconds(), 10))
	q.Set("_foreign_keys", "on")
	q.Set("_synchronous", "FULL") // an order that was answered must survive a power cut
	q.Set("_cache_size", "-8000")
	if writer {
		q.Set("_txlock", "immediate")
	} else {
		q.Set("_query_only", "true")
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

func isSQLiteBusy(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && (e.Code == sqlite3.ErrBusy || e.Code == sqlite3.ErrLocked)
}

func isSQLiteUnique(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && (e.ExtendedCode == sqlite3.ErrConstraintUnique || e.ExtendedCode == sqlite3.ErrConstraintPrimaryKey)
}

func isSQLiteForeignKey(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && (e.ExtendedCode == sqlite3.ErrConstraintForeignKey || e.ExtendedCode == sqlite3.ErrConstraintTrigger)
}

// isSQLiteLost reports whether SQLite may have rolled the whole transaction
// back with err: https://www.sqlite.org/lang_transaction.html
func isSQLiteLost(err error) bool {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code {
	case sqlite3.ErrFull, sqlite3.ErrIoErr, sqlite3.ErrNomem, sqlite3.ErrBusy, sqlite3.ErrInterrupt, sqlite3.ErrCorrupt:
		return true
	}
	return false
}
