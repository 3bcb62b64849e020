package main

import (
	"context"

	"github.com/spf13/cobra"
	"go.uber.org/fx"

	"rally/internal/app"
	"rally/modules/accounts"
)

func newAdmin(source sourceFunc) *cobra.Command {
	admin := &cobra.Command{Use: "admin", Short: "Manage staff accounts", Args: cobra.NoArgs}
	admin.AddCommand(newAdminCreate(source), newSecondStepOff(source))
	return admin
}

func newAdminCreate(source sourceFunc) *cobra.Command {
	var email, password string
	create := &cobra.Command{
		Use:   "create",
		Short: "Make a verified staff account, or promote an existing one",
		Args:  cobra.NoArgs,
		RunE: withAccounts(source, func(ctx context.Context, cmd *cobra.Command, service *accounts.Service) error {
			created, err := service.CreateAdmin(ctx, email, password)
			if err != nil {
				return err
			}
			if created {
				cmd.Println("created the staff account " + email)
			} else {
				cmd.Println("promoted " + email + " to staff and set the password")
			}
			return nil
		}),
	}
	create.Flags().StringVar(&email, "email", "", "e-mail address of the account")
	create.Flags().StringVar(&password, "password", "", "password of the account")
	require(create, "email", "password")
	return create
}

func newSecondStepOff(source sourceFunc) *cobra.Command {
	var email string
	off := &cobra.Command{
		Use:   "second-step-off",
		Short: "Let somebody in who lost their second step; make sure first who asks",
		Args:  cobra.NoArgs,
		RunE: withAccounts(source, func(ctx context.Context, cmd *cobra.Command, service *accounts.Service) error {
			if err := service.RemoveSecondStep(ctx, email); err != nil {
				return err
			}
			cmd.Println(email + " signs in without a second step now; every session has ended")
			return nil
		}),
	}
	off.Flags().StringVar(&email, "email", "", "e-mail address of the account")
	require(off, "email")
	return off
}

// withAccounts runs fn beside the parts that need no server.
func withAccounts(source sourceFunc, fn func(context.Context, *cobra.Command, *accounts.Service) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, _ []string) error {
		src, err := source()
		if err != nil {
			return err
		}
		var service *accounts.Service
		parts := fx.Options(app.Core(app.Input{Context: cmd.Context(), Source: src, Version: version}), fx.Populate(&service))
		return run(cmd.Context(), parts, func(ctx context.Context) error { return fn(ctx, cmd, service) })
	}
}

func require(cmd *cobra.Command, flags ...string) {
	for _, flag := range flags {
		if err := cmd.MarkFlagRequired(flag); err != nil {
			panic(err) // the flag stands above
		}
	}
}
