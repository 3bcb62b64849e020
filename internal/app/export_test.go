package app

// Early is early, for the tests.
var Early = early
