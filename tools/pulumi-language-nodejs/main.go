// Command pulumi-language-nodejs starts Node.js programs, policy packs and plugins for the Pulumi CLI in this
// project's end-to-end tests and its demo.
//
// It is a stand-in. The Pulumi CLI finds a language host by this name on PATH, and the CLI that `npm run tools` builds
// comes without one, because Pulumi's own host is released with the CLI and not as a Go module version. Where an
// installed Pulumi has the real one, that is used instead.
//
// Its limits: dependencies must be installed beforehand (it installs none), resource plugins must be named in
// Pulumi.yaml (it reports none as required), packages are found by `node` alone, and of the options of the runtime
// only `typescript` is known. Debuggers, code generation, project templates and linking answer "unimplemented".
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

// How often the host looks whether the engine that started it is still there.
const engineCheckInterval = 5 * time.Second

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, "pulumi-language-nodejs:", err)
		os.Exit(1)
	}
}

// serve announces its port on standard output, as the engine expects of every plugin, and answers until the engine
// is gone or the process is told to end.
func serve() error {
	// Beside its address, the engine may pass a place to send traces to, and the logging flags that the SDK's own
	// logger registers.
	flag.String("tracing", "", "accepted and ignored")
	flag.Parse()
	engine := flag.Arg(0)
	if engine == "" {
		return fmt.Errorf("expected the address of the Pulumi engine as the argument; the Pulumi CLI starts this program")
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := rpcutil.Healthcheck(ctx, engine, engineCheckInterval, stop); err != nil {
		return fmt.Errorf("watching the engine at %s: %w", engine, err)
	}

	cancel := make(chan bool)
	go func() {
		<-ctx.Done()
		close(cancel)
	}()
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: cancel,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, &host{life: ctx, engine: engine})
			return nil
		},
	})
	if err != nil {
		return err
	}
	fmt.Println(handle.Port)
	return <-handle.Done
}
