package app

import (
	"cmp"

	"rally/modules/accounts/accountsfx"
	"rally/modules/pong"
	"rally/modules/shop"
	"rally/platform/blob"
	"rally/platform/bus"
	"rally/platform/config"
	"rally/platform/db"
	"rally/platform/jobs"
	"rally/platform/log"
	"rally/platform/mail"
	"rally/platform/web"
	"rally/platform/ws"
)

// LoadSettings reads every setting of the program, so that the source can
// list them. The error is that of the first bad one.
func LoadSettings(source *config.Source) error {
	return cmp.Or( // after each of them was read
		load[log.Config](source), load[db.Config](source), load[bus.Config](source), load[jobs.Config](source), load[mail.Config](source),
		load[blob.Config](source), load[web.Config](source), load[ws.Config](source), load[secretConfig](source), load[demoConfig](source),
		accountsfx.LoadSettings(source), load[shop.Config](source), load[pong.Config](source), checkStop(source),
	)
}

func load[T any](source *config.Source) error {
	_, err := config.Load[T](source)
	return err
}
