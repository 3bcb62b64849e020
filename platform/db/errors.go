package db

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
)

// SQLSTATE codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
const (
	pgUniqueViolation      = "23505"
	pgForeignKeyViolation  = "23503"
	pgSerializationFailure = "40001"
	pgDeadlockDetected     = "40P01"
	pgIntegrityClass       = "23" // the first two characters of all violations of a constraint
)

func pgCode(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// IsUnique reports whether err says that a row with the same key exists.
func IsUnique(err error) bool { return pgCode(err) == pgUniqueViolation || isSQLiteUnique(err) }

// IsForeignKey reports whether err says that a row is still referred to, or
// refers to a row that doesn't exist.
func IsForeignKey(err error) bool {
	return pgCode(err) == pgForeignKeyViolation || isSQLiteForeignKey(err)
}

// isContention reports whether the transaction lost to another one and may be
// run again.
func isContention(err error) bool {
	code := pgCode(err)
	return code == pgSerializationFailure || code == pgDeadlockDetected || isSQLiteBusy(err)
}
