package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/cmdutil"
)

var errNoNode = errors.New("there is no `node` on PATH; the Pulumi program needs Node.js")

// script finds a script of @pulumi/pulumi the way Node.js itself does, from the folder of the program that will use
// it, so that both load one copy of the SDK.
func script(ctx context.Context, name, from string) (string, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return "", errNoNode
	}
	module := "@pulumi/pulumi/cmd/" + name
	find := exec.CommandContext(ctx, node, "--print", "require.resolve(process.argv[1])", module)
	find.Dir = from
	path, err := find.Output()
	if err != nil {
		return "", fmt.Errorf("%s is not installed where %s can find it (%v)", module, from, err)
	}
	return strings.TrimSpace(string(path)), nil
}

// nodeCommand is a `node` process that ends, with all it started, when the context does.
func nodeCommand(ctx context.Context, arguments ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, "node", arguments...)
	cmdutil.RegisterProcessGroup(command)
	command.Cancel = func() error {
		return errors.Join(cmdutil.KillChildren(command.Process.Pid), command.Process.Kill())
	}
	return command
}

// during is a context that ends with either of two: the call's own or the host's.
func during(call, life context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(call)
	stop := context.AfterFunc(life, cancel)
	return ctx, func() {
		stop()
		cancel()
	}
}
