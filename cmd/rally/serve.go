package main

import (
	"context"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"go.uber.org/dig"
	"go.uber.org/fx"

	"rally/internal/app"
	"rally/platform/memory"
)

func newServe(source sourceFunc) *cobra.Command {
	return &cobra.Command{
		Use:   "serve",
		Short: "Serve Rally until it is interrupted",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			src, err := source()
			if err != nil {
				return err
			}
			// The process has one heap, however many programs a test starts in it.
			keeper := memory.Keep()
			defer keeper.Stop()
			var announce app.Announce
			parts := fx.Options(app.Serve(app.Input{Context: cmd.Context(), Source: src, Version: version}), fx.Populate(&announce))
			return run(cmd.Context(), parts, func(ctx context.Context) error {
				announce()
				<-ctx.Done() // an interrupt: stop gracefully
				return nil
			})
		},
	}
}

// run starts the parts, calls fn, and stops them, whatever fn says.
func run(ctx context.Context, parts fx.Option, fn func(ctx context.Context) error) error {
	a := fx.New(parts)
	if err := a.Err(); err != nil {
		return dig.RootCause(err)
	}
	start, cancel := context.WithTimeout(ctx, a.StartTimeout())
	defer cancel()
	if err := a.Start(start); err != nil {
		return dig.RootCause(err)
	}
	err := fn(ctx)
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.StopTimeout())
	defer cancel()
	if stopErr := a.Stop(stop); err == nil && stopErr != nil {
		err = fmt.Errorf("stop: %w", stopErr)
	}
	return err
}

func newDemo(source sourceFunc) *cobra.Command {
	return &cobra.Command{
		Use:   "demo",
		Short: "Build the demo world in an empty database",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			src, err := source()
			if err != nil {
				return err
			}
			var world *app.Demo
			parts := fx.Options(app.Core(app.Input{Context: cmd.Context(), Source: src, Version: version}), fx.Populate(&world))
			return run(cmd.Context(), parts, func(ctx context.Context) error {
				built, fresh, err := world.Build(ctx)
				if err != nil {
					return err
				}
				if !fresh {
					return fmt.Errorf("the database already holds users; the demo world is only built in an empty one")
				}
				app.PrintLogins(built)
				return nil
			})
		},
	}
}

func newConfig(source sourceFunc) *cobra.Command {
	return &cobra.Command{
		Use:   "config",
		Short: "Print every setting, its value and where it comes from",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			src, err := source()
			if err != nil {
				return err
			}
			if err := app.LoadSettings(src); err != nil {
				return err
			}
			w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			_, _ = fmt.Fprintln(w, "SETTING\tVALUE\tFROM\tMEANING")
			for _, s := range src.Settings() {
				_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", s.Name, s.Display(), s.Origin, s.Help)
			}
			for _, name := range src.Unknown() {
				_, _ = fmt.Fprintf(w, "%s\t\t\tunknown setting, ignored\n", name)
			}
			return w.Flush()
		},
	}
}
