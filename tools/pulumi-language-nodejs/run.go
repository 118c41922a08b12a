package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// With this exit code the SDK's run script says that it has told the user what went wrong.
const exitAfterReport = 32

// Run executes the Pulumi program, which registers its resources with the monitor itself.
func (h *host) Run(call context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	ctx, cancel := during(call, h.life)
	defer cancel()

	info := request.Info
	runner, err := script(ctx, "run", info.ProgramDirectory)
	if err != nil {
		return nil, err
	}
	config, err := json.Marshal(orEmpty(request.Config))
	if err != nil {
		return nil, err
	}
	secrets, err := json.Marshal(request.ConfigSecretKeys)
	if err != nil {
		return nil, err
	}

	arguments := []string{
		runner,
		"--monitor=" + request.MonitorAddress,
		"--engine=" + h.engine,
		"--organization=" + request.Organization,
		"--project=" + request.Project,
		"--root-directory=" + info.RootDirectory,
		"--stack=" + request.Stack,
		"--pwd=" + request.Pwd,
		"--parallel=" + strconv.Itoa(int(request.Parallel)),
	}
	if request.DryRun {
		arguments = append(arguments, "--dry-run")
	}
	arguments = append(append(arguments, info.EntryPoint), request.Args...)

	command := nodeCommand(ctx, arguments...)
	command.Dir = request.Pwd
	command.Env = environment(
		"PULUMI_CONFIG="+string(config),
		"PULUMI_CONFIG_SECRET_KEYS="+string(secrets),
		"PULUMI_NODEJS_TYPESCRIPT="+strconv.FormatBool(compilesTypeScript(info)),
	)
	// The engine reads the host's own output line by line and shows it.
	command.Stdout, command.Stderr = os.Stdout, os.Stderr

	err = command.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.As(err, &exit) && exit.ExitCode() == exitAfterReport:
		return &pulumirpc.RunResponse{Bail: true}, nil
	default:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("the program ended with an error: %v", err)}, nil
	}
}

// compilesTypeScript reads the runtime's option `typescript`, which is on unless it is turned off.
func compilesTypeScript(info *pulumirpc.ProgramInfo) bool {
	option, given := info.GetOptions().AsMap()["typescript"].(bool)
	return option || !given
}

// orEmpty keeps a map that was not sent from becoming `null` in JSON.
func orEmpty(values map[string]string) map[string]string {
	if values == nil {
		return map[string]string{}
	}
	return values
}
