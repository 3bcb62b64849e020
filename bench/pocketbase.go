package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"

	"rally/platform/testkit/loopback"
)

// pocketBase is a PocketBase server with a collection of posts that everybody may
// write to.
type pocketBase struct {
	*process
	dir string
}

const (
	pocketEmail    = "bench@rally.example"
	pocketPassword = "a-bench-of-2026"
	// pocketPosts is a collection with the one field that the measured posts have.
	pocketPosts = `{"name":"posts","type":"base","listRule":"","viewRule":"","createRule":"","fields":[{"name":"content","type":"text","max":1000},{"name":"created","type":"autodate","onCreate":true}]}`
)

// startPocketBase runs the server on a free port, in a folder of its own.
func startPocketBase(ctx context.Context, program string) (p *pocketBase, err error) {
	p = &pocketBase{}
	if p.dir, err = os.MkdirTemp("", "rally-pocketbase-"); err != nil {
		return nil, fmt.Errorf("make a folder: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.stop())
		}
	}()
	data := "--dir=" + p.dir
	if out, err := exec.CommandContext(ctx, program, "superuser", "upsert", pocketEmail, pocketPassword, data).CombinedOutput(); err != nil { //nolint:gosec // the program to compare with
		return nil, fmt.Errorf("prepare PocketBase: %w: %s", err, out)
	}
	_, addr, err := loopback.Free(ctx)
	if err != nil {
		return nil, err
	}
	p.process = &process{addr: addr, ended: make(chan struct{})}
	p.cmd = exec.CommandContext(context.WithoutCancel(ctx), program, "serve", "--http="+addr, data) //nolint:gosec // the program to compare with
	p.cmd.Stdout, p.cmd.Stderr = &p.log, &p.log
	if err := p.start(ctx, "/api/health"); err != nil {
		return nil, err
	}
	login, _ := json.Marshal(map[string]string{"identity": pocketEmail, "password": pocketPassword}) // strings always encode
	out, err := once(ctx, addr, request("POST", addr, "/api/collections/_superusers/auth-with-password", string(login)))
	if err != nil {
		return nil, fmt.Errorf("log in to PocketBase: %w", err)
	}
	var session struct {
		Token string `json:"token"`
	}
	if err := json.Unmarshal(out, &session); err != nil {
		return nil, fmt.Errorf("log in to PocketBase: %w", err)
	}
	if _, err := once(ctx, addr, request("POST", addr, "/api/collections", pocketPosts, "Authorization: "+session.Token)); err != nil {
		return nil, fmt.Errorf("make PocketBase's collection: %w", err)
	}
	return p, nil
}

func (p *pocketBase) stop() error {
	var err error
	if p.process != nil {
		err = p.process.stop()
	}
	return errors.Join(err, os.RemoveAll(p.dir))
}
