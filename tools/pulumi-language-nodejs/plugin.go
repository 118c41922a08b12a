package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strconv"
	"sync"

	sdk "github.com/pulumi/pulumi/sdk/v3"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// RunPlugin starts a plugin that is written for Node.js and streams what it prints until it ends.
func (h *host) RunPlugin(
	request *pulumirpc.RunPluginRequest, server pulumirpc.LanguageRuntime_RunPluginServer,
) error {
	ctx, cancel := during(server.Context(), h.life)
	defer cancel()
	stream := &pluginStream{server: server}

	run := runPlugin
	if request.Kind == "analyzer" {
		run = runPolicyPack
	}
	err := run(ctx, request, stream)
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &exit):
		return stream.ended(exit.ExitCode())
	case err != nil:
		return err
	default:
		return stream.ended(0)
	}
}

// runPlugin runs a resource provider or another plugin, which prints its port itself.
func runPlugin(ctx context.Context, request *pulumirpc.RunPluginRequest, stream *pluginStream) error {
	program := request.Info.ProgramDirectory
	runner, err := script(ctx, "run-plugin", program)
	if err != nil {
		return err
	}
	command := nodeCommand(ctx, append([]string{runner, program}, request.Args...)...)
	command.Dir = request.Pwd
	command.Env = request.Env
	command.Stdout, command.Stderr = stream.stdout(), stream.stderr()
	return command.Run()
}

// runPolicyPack runs a policy pack behind the SDK's proxy. The pack's own SDK wants to know the stack from its
// environment at its start, but the engine sends it only over the connection: the proxy takes that message first.
func runPolicyPack(ctx context.Context, request *pulumirpc.RunPluginRequest, stream *pluginStream) error {
	pack := request.Info.ProgramDirectory
	runner, err := script(ctx, "run-policy-pack", pack)
	if err != nil {
		return err
	}
	proxy, output, err := sdk.NewPolicyProxy(ctx, stream.stdout())
	if err != nil {
		return err
	}
	stack, err := proxy.AwaitConfiguration(ctx)
	if err != nil {
		return err
	}
	settings, err := stackSettings(stack)
	if err != nil {
		return err
	}

	command := nodeCommand(ctx, append(append([]string{runner}, request.Args...), pack)...)
	// The policy SDK reads the pack's version from the package.json in the working directory.
	command.Dir = pack
	command.Env = append(request.Env, settings...)
	command.Stdout, command.Stderr = output, stream.stderr()
	if err := command.Start(); err != nil {
		return err
	}
	return proxy.Attach(ctx, command)
}

// stackSettings are the variables from which the Node.js SDK knows the stack; there is none when a pack is published.
func stackSettings(stack *pulumirpc.AnalyzerStackConfigureRequest) ([]string, error) {
	if stack == nil {
		return nil, nil
	}
	config, err := json.Marshal(orEmpty(stack.Config))
	if err != nil {
		return nil, err
	}
	return []string{
		"PULUMI_NODEJS_ORGANIZATION=" + stack.Organization,
		"PULUMI_NODEJS_PROJECT=" + stack.Project,
		"PULUMI_NODEJS_STACK=" + stack.Stack,
		"PULUMI_NODEJS_DRY_RUN=" + strconv.FormatBool(stack.DryRun),
		"PULUMI_CONFIG=" + string(config),
	}, nil
}

// pluginStream sends a plugin's output to the engine. A stream takes one message at a time, and the two outputs of a
// process are copied by one goroutine each.
type pluginStream struct {
	server pulumirpc.LanguageRuntime_RunPluginServer
	lock   sync.Mutex
}

func (s *pluginStream) send(message *pulumirpc.RunPluginResponse) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.server.Send(message)
}

func (s *pluginStream) stdout() io.Writer {
	return writer(func(text []byte) error {
		return s.send(&pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Stdout{Stdout: text}})
	})
}

func (s *pluginStream) stderr() io.Writer {
	return writer(func(text []byte) error {
		return s.send(&pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Stderr{Stderr: text}})
	})
}

func (s *pluginStream) ended(code int) error {
	return s.send(&pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Exitcode{Exitcode: int32(code)}})
}

// writer lets a function be written to.
type writer func([]byte) error

func (w writer) Write(text []byte) (int, error) {
	if err := w(text); err != nil {
		return 0, err
	}
	return len(text), nil
}
