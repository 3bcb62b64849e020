package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"rally/migrations"
	"rally/platform/config"
	"rally/platform/db"
)

func newMigrate(source sourceFunc) *cobra.Command {
	migrate := &cobra.Command{Use: "migrate", Short: "Look after the database's schema", Args: cobra.NoArgs}
	part := func(use, short string, fn func(ctx context.Context, cmd *cobra.Command, m *db.Migrator) error) {
		migrate.AddCommand(&cobra.Command{
			Use: use, Short: short, Args: cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error {
				return withMigrator(cmd.Context(), source, func(m *db.Migrator) error { return fn(cmd.Context(), cmd, m) })
			},
		})
	}
	part("up", "Apply every migration that is missing", func(ctx context.Context, cmd *cobra.Command, m *db.Migrator) error {
		n, err := m.Up(ctx)
		if err == nil {
			cmd.Printf("%d migrations applied\n", n)
		}
		return err
	})
	part("down", "Take the newest migration back, with its data", func(ctx context.Context, cmd *cobra.Command, m *db.Migrator) error {
		version, err := m.Down(ctx)
		switch {
		case err != nil:
			return err
		case version == 0:
			cmd.Println("nothing to take back")
		default:
			cmd.Printf("migration %d taken back\n", version)
		}
		return nil
	})
	part("status", "List the migrations and which are applied", func(ctx context.Context, cmd *cobra.Command, m *db.Migrator) error {
		states, err := m.Status(ctx)
		if err != nil {
			return err
		}
		for _, s := range states {
			mark := "pending"
			if s.Applied {
				mark = "applied"
			}
			cmd.Printf("%05d  %-8s %s\n", s.Version, mark, s.Name)
		}
		return m.Check(ctx)
	})
	return migrate
}

func withMigrator(ctx context.Context, source sourceFunc, fn func(*db.Migrator) error) error {
	src, err := source()
	if err != nil {
		return err
	}
	cfg, err := config.Load[db.Config](src)
	if err != nil {
		return err
	}
	d, err := db.Open(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	m, err := db.NewMigrator(d, migrations.Files)
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	return fn(m)
}
