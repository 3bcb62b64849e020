// Package archtest holds the tests that keep the architecture: who may know
// whom, how long a file may be, which fault codes exist. docs/architecture.md
// gives the reasons.
//
// Each rule is a pure function over a graph of packages or over source text,
// and is itself tested with planted violations: a rule that stops biting fails
// as loudly as code that breaks it.
package archtest
