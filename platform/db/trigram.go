package db

import (
	"fmt"
	"strings"
)

// Searches go through tables of folded words with an index of all runs of three
// letters: FTS5 with its trigram tokenizer on SQLite, pg_trgm on PostgreSQL. Such
// a table has a column words; on SQLite its index is the table's name with _fts.

// HasAll is the condition that key is among those rows of a table of words, by its
// column id, that have every one of some terms, of three letters and more each,
// somewhere. Its parameters begin with $n. Without terms there is no condition.
func (d *DB) HasAll(key, table, id string, terms []string, n int) (sql string, args []any) {
	if len(terms) == 0 {
		return "", nil
	}
	if d.Dialect == SQLite {
		return fmt.Sprintf("%s IN (SELECT rowid FROM %s_fts WHERE %[2]s_fts MATCH $%d)", key, table, n), []any{Phrases(terms, " AND ")}
	}
	conditions := make([]string, len(terms))
	for i, term := range terms {
		conditions[i] = fmt.Sprintf("w.words LIKE $%d", n+i)
		args = append(args, "%"+EscapeLike(term)+"%")
	}
	return fmt.Sprintf("%s IN (SELECT w.%s FROM %s w WHERE %s)", key, id, table, strings.Join(conditions, " AND ")), args
}

// Phrases writes an FTS5 query (https://www.sqlite.org/fts5.html#fts5_strings). A
// phrase is a run of letters to the trigram tokenizer.
func Phrases(texts []string, operator string) string {
	quoted := make([]string, len(texts))
	for i, t := range texts {
		quoted[i] = `"` + strings.ReplaceAll(t, `"`, `""`) + `"`
	}
	return strings.Join(quoted, operator)
}

// EscapeLike makes a text stand for itself in a pattern of LIKE.
func EscapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}
