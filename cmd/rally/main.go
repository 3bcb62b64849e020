// Command rally runs the exchange: the server, its migrations, its demo world
// and its operators' chores.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"rally/platform/config"
	"rally/platform/fault"
)

// version is set by the linker: -X main.version=1.2.3.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // the second Ctrl-C ends a program that takes its time
	if err := newRoot(os.Environ()).ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "rally: "+line(err))
		stop() // Exit runs nothing that was deferred
		os.Exit(1)
	}
}

// line says an error in one line. Of a fault people read the sentences, not
// the code.
func line(err error) string {
	text := err.Error()
	var f *fault.Error
	if errors.As(err, &f) {
		parts := []string{f.Message}
		for field, messages := range f.Fields {
			parts = append(parts, field+" "+strings.Join(messages, ", "))
		}
		text = strings.Join(parts, " ")
	}
	return strings.Join(strings.Fields(text), " ")
}

// newRoot returns the command with all its parts. Settings are read when a
// part runs, so that help never fails on a bad one.
func newRoot(environ []string) *cobra.Command {
	root := &cobra.Command{
		Use:           "rally",
		Short:         "Trade, show, meet and play: the Rally server",
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
	}
	root.SetOut(os.Stdout)
	source := func() (*config.Source, error) { return config.Read(".env", environ) }
	root.AddCommand(newServe(source), newMigrate(source), newDemo(source), newAdmin(source), newConfig(source), newVersion())
	return root
}

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		Run: func(cmd *cobra.Command, _ []string) {
			revision := ""
			if info, ok := debug.ReadBuildInfo(); ok {
				for _, s := range info.Settings {
					if s.Key == "vcs.revision" {
						revision = " " + s.Value
					}
				}
				revision += " " + info.GoVersion
			}
			cmd.Println("rally " + version + revision)
		},
	}
}

type sourceFunc func() (*config.Source, error)
