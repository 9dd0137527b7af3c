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

/** Finds the gateway for a command: the given URL, otherwise the gateway that runs from the data folder, otherwise one that it starts. */
final class GatewayLocator {

    private static final Duration POLL_INTERVAL = Duration.ofMillis(150);

    private final DataFolder data;
    private final BackgroundLauncher launcher;
    private final Console console;

    GatewayLocator(DataFolder data, BackgroundLauncher launcher, Console console) {
        this.data = data;
        this.launcher = launcher;
        this.console = console;
    }

    /** The given gateway, or the running one. Fails if there is neither. */
    GatewayClient find(@Nullable String url) {
        return known(url)
                .orElseThrow(() -> new CommandFailed(
                        ExitCode.NOT_RUNNING,
                        "No system runs from %s. Start one with './atelier up', or name a gateway with --url."
                                .formatted(data.root())));
    }

    /** The given gateway, or the running one, or one that is started in the background and keeps running. */
    GatewayClient findOrStart(@Nullable String url, Duration timeout) {
        var known = known(url);
        if (url != null && known.isPresent()) {
            return known.get();
        }
        return awaitReady(known, System.nanoTime() + timeout.toNanos());
    }

    private Optional<GatewayClient> known(@Nullable String url) {
        if (url != null) {
            return Optional.of(new GatewayClient(validated(url)));
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
     * Waits for the gateway of the running system, and starts a system when none runs. Another command may start one at the same time; then its
     * gateway is used. A killed system stays registered until the operating system has removed its process; then a new one is started.
     */
    private GatewayClient awaitReady(Optional<GatewayClient> known, long deadline) {
        if (known.filter(GatewayClient::isReady).isPresent()) {
            return known.get();
        }
        long start = System.nanoTime();
        var gateway = known;
        var process = Optional.<ProcessHandle>empty();
        while (System.nanoTime() < deadline) {
            if (gateway.isEmpty() && process.isEmpty()) {
                process = Optional.of(launcher.start());
            }
            gateway = running();
            if (gateway.filter(GatewayClient::isReady).isPresent()) {
                if (process.isPresent()) {
                    console.notice("Atelier runs at %s and keeps running; './atelier down' stops it."
                            .formatted(gateway.get().base()));
                }
                return gateway.get();
            }
            if (gateway.isEmpty()
                    && process.filter(started -> !started.isAlive()).isPresent()) {
                throw launcher.failed();
            }
            console.progress("Starting Atelier (%d s)".formatted(elapsedSeconds(start)));
            pause();
        }
        throw new CommandFailed(
                ExitCode.NOT_RUNNING,
                "The system was not ready within the timeout, but may still become ready. Its log is in "
                        + data.logs());
    }

    private long elapsedSeconds(long start) {
        long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
        return console.isTerminal() ? seconds : seconds / 5 * 5;
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_INTERVAL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed(ExitCode.NOT_RUNNING, "Interrupted while waiting for the system to start");
        }
    }

    private static URI validated(String url) {
        try {
            var uri = URI.create(url);
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw invalidUrl(url);
        }
        throw invalidUrl(url);
    }

    private static CommandFailed invalidUrl(String url) {
        return new CommandFailed(
                ExitCode.REFUSED,
                "'%s' is not the URL of a gateway; use a URL such as http://127.0.0.1:8080".formatted(url));
    }
}
