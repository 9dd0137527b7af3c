package io.atelier.standalone.locate;

import io.atelier.standalone.client.GatewayClient;
import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.Console;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.folder.DataFolder;
import io.atelier.standalone.folder.RunningProcess;
import io.atelier.standalone.folder.RunningProcesses;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the gateway that a command means: the one named, else the one that runs from the data folder, else one that it starts. */
final class GatewayLocator {

    private static final Duration POLL = Duration.ofMillis(150);

    private final DataFolder data;
    private final BackgroundSystem background;
    private final Console console;

    GatewayLocator(DataFolder data, BackgroundSystem background, Console console) {
        this.data = data;
        this.background = background;
        this.console = console;
    }

    /** The gateway, which must be there. */
    GatewayClient find(@Nullable String url) {
        return known(url)
                .orElseThrow(() -> new CommandFailed(
                        ExitCode.NOT_RUNNING,
                        "No system runs from %s. Start one with './atelier up', or name another with --url."
                                .formatted(data.root())));
    }

    /** The gateway; where none is named and none runs, one that is started in the background and stays. */
    GatewayClient findOrStart(@Nullable String url, Duration within) {
        var known = known(url);
        if (url != null && known.isPresent()) {
            return known.get();
        }
        return awaitReady(known, System.nanoTime() + within.toNanos());
    }

    private Optional<GatewayClient> known(@Nullable String url) {
        if (url != null) {
            return Optional.of(new GatewayClient(checked(url)));
        }
        return running();
    }

    private Optional<GatewayClient> running() {
        return new RunningProcesses(data)
                .address(RunningProcess::url)
                .map(URI::create)
                .map(GatewayClient::new);
    }

    /**
     * Another command may start the system at the same moment; whichever wins, its gateway is the one to wait for. One that was killed a
     * moment ago is known until the operating system has cleared it away; then one is started as if it had never been there.
     */
    private GatewayClient awaitReady(Optional<GatewayClient> known, long deadline) {
        if (known.filter(GatewayClient::ready).isPresent()) {
            return known.get();
        }
        long began = System.nanoTime();
        var gateway = known;
        var process = Optional.<ProcessHandle>empty();
        while (System.nanoTime() < deadline) {
            if (gateway.isEmpty() && process.isEmpty()) {
                process = Optional.of(background.start());
            }
            gateway = running();
            if (gateway.filter(GatewayClient::ready).isPresent()) {
                if (process.isPresent()) {
                    console.note("Atelier runs at %s and stays; './atelier down' stops it."
                            .formatted(gateway.get().base()));
                }
                return gateway.get();
            }
            if (gateway.isEmpty()
                    && process.filter(started -> !started.isAlive()).isPresent()) {
                throw background.failed();
            }
            console.progress("Starting Atelier (%d s)".formatted(seconds(began)));
            pause();
        }
        throw new CommandFailed(
                ExitCode.NOT_RUNNING,
                "The system was not ready in time; it may still become so. Its log is in " + data.logs());
    }

    private long seconds(long began) {
        long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds();
        return console.terminal() ? seconds : seconds / 5 * 5;
    }

    private static void pause() {
        try {
            Thread.sleep(POLL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed(ExitCode.NOT_RUNNING, "Interrupted while waiting for the system to start");
        }
    }

    private static URI checked(String url) {
        try {
            var uri = URI.create(url);
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw noUrl(url);
        }
        throw noUrl(url);
    }

    private static CommandFailed noUrl(String url) {
        return new CommandFailed(
                ExitCode.REFUSED, "'%s' is no URL of a gateway; it looks like http://127.0.0.1:8080".formatted(url));
    }
}
