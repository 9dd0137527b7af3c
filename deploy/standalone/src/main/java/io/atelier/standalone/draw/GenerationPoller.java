package io.atelier.standalone.draw;

import io.atelier.contract.digest.Sha256;
import io.atelier.standalone.client.GatewayClient;
import io.atelier.standalone.client.GatewayUnreachable;
import io.atelier.standalone.client.GenerationResponse;
import io.atelier.standalone.client.ProblemResponse;
import io.atelier.standalone.client.RequestRefused;
import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.Console;
import io.atelier.standalone.console.ExitCode;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * Submits a generation, polls it until it ends, and downloads its images. Retries while the gateway is busy or, except for the submission,
 * cannot be reached for up to 20 s.
 */
final class GenerationPoller {

    private static final Duration FIRST_INTERVAL = Duration.ofMillis(100);
    private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(1);
    private static final Duration OUTAGE_TIMEOUT = Duration.ofSeconds(20);

    private final GatewayClient gateway;
    private final Console console;
    private final Deadline deadline;

    /** @param timeout the time for the submission, the polling and the downloads together */
    GenerationPoller(GatewayClient gateway, Console console, Duration timeout) {
        this.gateway = gateway;
        this.console = console;
        this.deadline = new Deadline(timeout);
    }

    /** Submits the request; the job is accepted durably when this returns. */
    GenerationResponse submit(JsonNode body) {
        // No second POST after a broken connection: the first one may have been accepted.
        return retrying("the request", Duration.ZERO, () -> gateway.submit(body));
    }

    /** Polls the job until it ends. */
    GenerationResponse awaitEnd(GenerationResponse accepted) {
        var line = new ProgressLine(console);
        var generation = accepted;
        var interval = FIRST_INTERVAL;
        while (!generation.isTerminal()) {
            line.show(generation);
            if (deadline.passed()) {
                throw timedOut(generation);
            }
            pause(interval);
            interval = longer(interval);
            generation = retrying("job " + accepted.id(), OUTAGE_TIMEOUT, () -> gateway.generation(accepted.id()));
        }
        return generation;
    }

    /** Downloads an image and compares it with the checksum in the response. */
    byte[] download(GenerationResponse job, GenerationResponse.Image image) {
        var bytes = retrying("the image", OUTAGE_TIMEOUT, () -> gateway.download(image.url()));
        if (!image.sha256().isEmpty() && !image.sha256().equals(Sha256.of(bytes).hex())) {
            throw new CommandFailed(
                    ExitCode.NOT_RUNNING,
                    "The downloaded image %s does not match its checksum. Download it again: './atelier status %s' shows its URL."
                            .formatted(image.url(), job.id()),
                    Map.of("id", job.id()));
        }
        return bytes;
    }

    private <T> T retrying(String subject, Duration outageTimeout, Supplier<T> call) {
        var outage = new Deadline(outageTimeout);
        while (true) {
            try {
                return call.get();
            } catch (RequestRefused e) {
                var problem = e.problem();
                if (!problem.retryable() || deadline.passed()) {
                    throw problem.retryable() ? stillRefused(subject, problem) : e;
                }
                console.progress("Waiting, as the gateway asks: " + problem.detail());
                pause(Duration.ofSeconds(Math.max(1, problem.retryAfterSeconds().orElse(1))));
            } catch (GatewayUnreachable e) {
                if (outage.passed() || deadline.passed()) {
                    throw e;
                }
                console.progress("No response from " + gateway.base() + ", retrying");
                pause(LONGEST_INTERVAL);
            }
        }
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
        return new CommandFailed(
                ExitCode.TIMED_OUT,
                "Job %s is still %s after %d s. It goes on; check it with './atelier status %s'."
                        .formatted(generation.id(), generation.status(), deadline.seconds(), generation.id()),
                Map.of("id", generation.id(), "status", generation.status()));
    }

    private CommandFailed stillRefused(String subject, ProblemResponse problem) {
        return new CommandFailed(
                ExitCode.TIMED_OUT,
                "The timeout of %d s is over for %s; the last response was: %s"
                        .formatted(deadline.seconds(), subject, problem.describe()),
                Map.of("code", problem.code()));
    }

    private static Duration longer(Duration interval) {
        var next = interval.multipliedBy(3).dividedBy(2);
        return next.compareTo(LONGEST_INTERVAL) < 0 ? next : LONGEST_INTERVAL;
    }
}
