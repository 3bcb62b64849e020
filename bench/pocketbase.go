package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

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
func startPocketBase(ctx context.Context, program string) (*pocketBase, error) {
	dir, err := os.MkdirTemp("", "rally-pocketbase-")
	if err != nil {
		return nil, fmt.Errorf("make a folder: %w", err)
	}
	p := &pocketBase{dir: dir}
	if err := p.prepare(ctx, program); err != nil {
		return nil, errors.Join(err, p.stop())
	}
	return p, nil
}

func (p *pocketBase) prepare(ctx context.Context, program string) error {
	// It would else keep what it is told beside the folder, for the next one.
	data := []string{"--dir=" + filepath.Join(p.dir, "data"), "--migrationsDir=" + filepath.Join(p.dir, "migrations"), "--automigrate=false"}
	run := func(ctx context.Context, args ...string) *exec.Cmd {
		return exec.CommandContext(ctx, program, append(args, data...)...) //nolint:gosec // the program that whoever measures names
	}
	if out, err := run(ctx, "superuser", "upsert", pocketEmail, pocketPassword).CombinedOutput(); err != nil {
		return fmt.Errorf("prepare PocketBase: %w: %s", err, out)
	}
	_, addr, err := loopback.Free(ctx)
	if err != nil {
		return err
	}
	p.process = &process{addr: addr, ended: make(chan struct{})}
	p.cmd = run(context.WithoutCancel(ctx), "serve", "--http="+addr)
	p.cmd.Stdout, p.cmd.Stderr = &p.log, &p.log
	if err := p.start(ctx, "/api/health"); err != nil {
		return err
	}
	login, _ := json.Marshal(map[string]string{"identity": pocketEmail, "password": pocketPassword}) // strings always encode
	out, err := once(ctx, addr, request("POST", addr, "/api/collections/_superusers/auth-with-password", string(login)))
	if err != nil {
		return fmt.Errorf("log in to PocketBase: %w", err)
	}
	var session struct {
		Token string `json:"token"`
	}
	if err := json.Unmarshal(out, &session); err != nil {
		return fmt.Errorf("log in to PocketBase: %w", err)
	}
	if _, err := once(ctx, addr, request("POST", addr, "/api/collections", pocketPosts, "Authorization: "+session.Token)); err != nil {
		return fmt.Errorf("make PocketBase's collection: %w", err)
	}
	return nil
}

func (p *pocketBase) stop() error {
	var err error
	if p.process != nil {
		err = p.process.stop()
	}
	return errors.Join(err, os.RemoveAll(p.dir))
}
