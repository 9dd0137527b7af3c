package io.atelier.standalone.generation;

import io.atelier.contract.digest.Sha256;
import io.atelier.standalone.client.Deadline;
import io.atelier.standalone.client.GatewayClient;
import io.atelier.standalone.client.GatewayUnreachable;
import io.atelier.standalone.client.GenerationResponse;
import io.atelier.standalone.client.Readiness;
import io.atelier.standalone.client.RequestRefused;
import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.Console;
import io.atelier.standalone.console.ExitCode;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Submits a generation, polls it until it ends, and downloads its images. Retries while the gateway is busy or, except for the submission,
 * cannot be reached for up to 20 s. Nothing takes longer than the deadline, and what keeps the job from going on is reported.
 */
public final class GenerationPoller {

    private static final Duration FIRST_INTERVAL = Duration.ofMillis(100);
    private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(1);
    private static final Duration OUTAGE_TIMEOUT = Duration.ofSeconds(20);
    /** Jobs of most models take longer, so that a gateway which works is seldom asked for its readiness. */
    private static final Duration READINESS_INTERVAL = Duration.ofSeconds(5);
    /** A splitter that starts together with the gateway has announced itself by then. */
    private static final Duration FIRST_CHECK_OF_SPLITTERS = Duration.ofSeconds(2);

    private final GatewayClient gateway;
    private final Console console;
    private final Deadline deadline;

    /** What the last call of the gateway, or its last readiness, had against it; the empty string if nothing. */
    private String obstacle = "";

    private Readiness readiness = Readiness.UNKNOWN;

    /** @param deadline for the submission, the polling and the downloads together; the gateway client has it, too */
    public GenerationPoller(GatewayClient gateway, Console console, Deadline deadline) {
        this.gateway = gateway;
        this.console = console;
        this.deadline = deadline;
    }

    /**
     * Submits a request; the job is accepted durably when this returns. A request that the gateway refuses for now may still be accepted, so each
     * repetition has the same new idempotency key, and they create one job.
     *
     * @param submission a call of the gateway that creates the job, with the idempotency key
     */
    public GenerationResponse submit(BiFunction<GatewayClient, String, GenerationResponse> submission) {
        var idempotencyKey = UUID.randomUUID().toString();
        // No second POST after a broken connection: there may be no gateway any more.
        return retrying(null, Duration.ZERO, () -> submission.apply(gateway, idempotencyKey));
    }

    /**
     * Polls the job until it succeeds.
     *
     * @throws CommandFailed if it fails, is canceled or expires
     */
    public GenerationResponse awaitSuccess(GenerationResponse accepted) {
        var done = awaitEnd(accepted);
        if (done.succeeded()) {
            return done;
        }
        var ended = done.status().equals("failed") ? "failed" : "was " + done.status();
        throw new CommandFailed(
                ExitCode.JOB_FAILED,
                "Job %s %s%s"
                        .formatted(
                                done.id(),
                                ended,
                                done.error().map(error -> ": " + error).orElse(".")),
                Map.of("id", done.id(), "status", done.status()));
    }

    private GenerationResponse awaitEnd(GenerationResponse accepted) {
        var line = new ProgressLine(console);
        var generation = accepted;
        var interval = FIRST_INTERVAL;
        var nextCheck = new Deadline(accepted.splits() ? FIRST_CHECK_OF_SPLITTERS : READINESS_INTERVAL);
        while (!generation.isTerminal()) {
            line.show(generation, obstacle);
            if (deadline.passed()) {
                throw timedOut(generation);
            }
            pause(interval);
            interval = longer(interval);
            if (nextCheck.passed() && !deadline.passed()) {
                obstacle = obstacle(accepted.splits());
                nextCheck = new Deadline(READINESS_INTERVAL);
            }
            var last = generation;
            generation = retrying(last, OUTAGE_TIMEOUT, () -> gateway.generation(accepted.id()));
        }
        return generation;
    }

    /** Downloads an image from its URL and compares it with the checksum in the response. */
    public byte[] download(GenerationResponse job, GenerationResponse.Image image) {
        return download(job, image, image.url());
    }

    /**
     * Downloads an image and compares it with the checksum in the response.
     *
     * @param url where it is; a path on the gateway, or an absolute URL
     */
    public byte[] download(GenerationResponse job, GenerationResponse.Image image, String url) {
        var bytes = retrying(job, OUTAGE_TIMEOUT, () -> gateway.download(url));
        if (!image.sha256().isEmpty() && !image.sha256().equals(Sha256.of(bytes).hex())) {
            throw new CommandFailed(
                    ExitCode.NOT_RUNNING,
                    "The downloaded image %s does not match its checksum. Download it again: './atelier status %s' shows its URL."
                            .formatted(url, job.id()),
                    Map.of("id", job.id()));
        }
        return bytes;
    }

    /** @param job the last known state of the job; null if it is not yet accepted */
    private <T> T retrying(@Nullable GenerationResponse job, Duration outageTimeout, Supplier<T> call) {
        var outage = new Deadline(outageTimeout);
        boolean failed = false;
        while (true) {
            try {
                var result = call.get();
                obstacle = failed ? "" : obstacle;
                return result;
            } catch (RequestRefused e) {
                var problem = e.problem();
                if (!problem.retryable()) {
                    throw e;
                }
                failed = true;
                obstacle = "the last response was: " + problem.describe();
                if (deadline.passed()) {
                    throw job == null ? notAccepted() : timedOut(job);
                }
                console.progress("Waiting, as the gateway asks: " + problem.detail());
                pause(Duration.ofSeconds(Math.max(1, problem.retryAfterSeconds().orElse(1))));
            } catch (GatewayUnreachable e) {
                failed = true;
                // The end of the time is no new reason.
                if (!e.isCutShort() || obstacle.isEmpty()) {
                    obstacle = "the gateway at " + gateway.base() + " does not answer";
                }
                if (deadline.passed()) {
                    throw job == null ? notAccepted() : timedOut(job);
                }
                if (outage.passed()) {
                    throw e;
                }
                console.progress("No response from " + gateway.base() + ", retrying");
                pause(LONGEST_INTERVAL);
            }
        }
    }

    private String obstacle(boolean splits) {
        readiness = gateway.readiness().orEarlier(readiness);
        if (!readiness.isKnown()) {
            return obstacle;
        }
        if (!readiness.isReady()) {
            return "the gateway is not ready: " + readiness.reason();
        }
        if (!readiness.reason().isEmpty()) {
            return readiness.reason();
        }
        return splits && gateway.lacksSplitter()
                ? "no splitter runs, which would cut the image into tiles; start one with './atelier up --parts"
                        + " splitter'"
                : "";
    }

    private void pause(Duration time) {
        try {
            deadline.pause(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed(ExitCode.TIMED_OUT, "Interrupted while waiting");
        }
    }

    private CommandFailed timedOut(GenerationResponse generation) {
        var message = generation.isTerminal()
                ? "Job %s has ended, but its images were not downloaded within %d s%s. './atelier status %s' shows their URLs."
                        .formatted(generation.id(), deadline.seconds(), reason(), generation.id())
                : "Job %s is still %s after %d s%s. It goes on; check it with './atelier status %s'."
                        .formatted(
                                generation.id(),
                                ProgressLine.describe(generation),
                                deadline.seconds(),
                                reason(),
                                generation.id());
        return new CommandFailed(
                ExitCode.TIMED_OUT, message, Map.of("id", generation.id(), "status", generation.status()));
    }

    private String reason() {
        return obstacle.isEmpty() ? "" : "; " + obstacle;
    }

    private CommandFailed notAccepted() {
        return new CommandFailed(
                ExitCode.TIMED_OUT,
                "The timeout of %d s is over, and the request is not known to be accepted ('./atelier list' shows it if it is); %s"
                        .formatted(deadline.seconds(), obstacle),
                Map.of("code", "timeout"));
    }

    private static Duration longer(Duration interval) {
        var next = interval.multipliedBy(3).dividedBy(2);
        return next.compareTo(LONGEST_INTERVAL) < 0 ? next : LONGEST_INTERVAL;
    }
}
