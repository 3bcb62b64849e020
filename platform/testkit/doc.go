// Package testkit holds what tests need from the outside world: real
// databases, started here. Only tests, and the programs that run them, import
// it.
package testkit
