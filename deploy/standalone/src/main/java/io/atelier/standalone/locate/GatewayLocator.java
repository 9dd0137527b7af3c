package io.atelier.standalone.locate;

import io.atelier.standalone.client.Deadline;
import io.atelier.standalone.client.GatewayClient;
import io.atelier.standalone.client.Readiness;
import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.Console;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.folder.DataFolder;
import io.atelier.standalone.folder.Launchers;
import io.atelier.standalone.folder.RunningProcess;
import io.atelier.standalone.folder.RunningProcesses;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the gateway for a command: the given URL, otherwise the gateway that runs from the data folder, otherwise one that it starts. */
final class GatewayLocator {

    private static final Duration POLL_INTERVAL = Duration.ofMillis(150);
    private static final Duration START_TIMEOUT = Duration.ofMinutes(3);

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
        return known(url).orElseThrow(() -> {
            failIfOneWaitsForSpace();
            return new CommandFailed(
                    ExitCode.NOT_RUNNING,
                    "No system runs from %s. Start one with './atelier up', or name a gateway with --url."
                            .formatted(data.root()));
        });
    }

    /**
     * The given gateway, or the running one, or one that is started in the background and keeps running.
     *
     * @param deadline after which neither this call nor a call of the gateway waits any longer
     */
    GatewayClient findOrStart(@Nullable String url, Deadline deadline) {
        if (url != null) {
            return new GatewayClient(validated(url), deadline);
        }
        return awaitReady(deadline);
    }

    private Optional<GatewayClient> known(@Nullable String url) {
        return url != null
                ? Optional.of(new GatewayClient(validated(url)))
                : running().map(GatewayClient::new);
    }

    private Optional<URI> running() {
        return new RunningProcesses(data).address(RunningProcess::url).map(URI::create);
    }

    /**
     * Waits for the gateway of the running system, and starts a system when none runs. Another command may start one at the same time; then its
     * gateway is used. A killed system stays registered until the operating system has removed its process; then a new one is started.
     */
    private GatewayClient awaitReady(Deadline deadline) {
        var startLimit = new Deadline(START_TIMEOUT);
        long start = System.nanoTime();
        var process = Optional.<ProcessHandle>empty();
        var last = Readiness.UNKNOWN;
        while (true) {
            var gateway = running().map(url -> new GatewayClient(url, deadline));
            if (gateway.isPresent()) {
                var now = gateway.get().readiness();
                last = now.orEarlier(last);
                if (now.isReady()) {
                    if (process.isPresent()) {
                        console.notice("Atelier runs at %s and keeps running; './atelier down' stops it."
                                .formatted(gateway.get().base()));
                    }
                    return gateway.get();
                }
            } else if (process.isEmpty()) {
                failIfOneWaitsForSpace();
                process = Optional.of(launcher.start());
            } else if (!process.get().isAlive()) {
                throw launcher.failed();
            } else {
                failIfOneWaitsForSpace();
            }
            if (deadline.passed() || startLimit.passed()) {
                throw notReady(last, deadline, elapsedSeconds(start));
            }
            console.progress(progress(process.isPresent(), last, shownSeconds(elapsedSeconds(start))));
            pause(deadline);
        }
    }

    /** A second system would wait for the same space. */
    private void failIfOneWaitsForSpace() {
        if (!new Launchers(data).waitingForSpace().isEmpty()) {
            throw new CommandFailed(
                    ExitCode.NOT_RUNNING,
                    "The disk of %s is full, and the system waits for space. Free 256 MB: it starts again by itself then. './atelier down' ends it."
                            .formatted(data.root()),
                    Map.of("code", "insufficient-storage"));
        }
    }

    /** A gateway that this command did not start, and that answers or should answer, is more than about to start. */
    private static String progress(boolean startedHere, Readiness last, long seconds) {
        return startedHere
                        || last.state() == Readiness.State.CLOSED
                        || last.reason().isEmpty()
                ? "Starting Atelier (%d s)".formatted(seconds)
                : "Waiting for Atelier: %s (%d s)".formatted(last.reason(), seconds);
    }

    private CommandFailed notReady(Readiness last, Deadline deadline, long seconds) {
        var reason = last.reason().isEmpty() ? "" : ": " + last.reason();
        return new CommandFailed(
                deadline.passed() ? ExitCode.TIMED_OUT : ExitCode.NOT_RUNNING,
                "The system that runs from %s is not ready after %d s%s. No job was created. The log is in %s"
                        .formatted(data.root(), seconds, reason, data.logs()),
                Map.of("code", "not-ready", "log", data.logs().toString()));
    }

    private static long elapsedSeconds(long start) {
        return Duration.ofNanos(System.nanoTime() - start).toSeconds();
    }

    /** Where each progress is a new line, there is one every five seconds. */
    private long shownSeconds(long elapsed) {
        return console.terminal().err() ? elapsed : elapsed / 5 * 5;
    }

    private static void pause(Deadline deadline) {
        try {
            deadline.pause(POLL_INTERVAL);
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
