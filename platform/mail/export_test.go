package mail

import "rally/platform/jobs"

// Again is the job that sends row id of the outbox.
func Again(id int64) jobs.Args { return send{ID: id} }
