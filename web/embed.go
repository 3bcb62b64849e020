// Package client embeds the browser client: plain files, no build step.
package client

import "embed"

// Files holds index.html and everything that it loads.
//
//go:embed index.html app.js theme.js favicon.svg manifest.json core components pages pong styles i18n
var Files embed.FS
