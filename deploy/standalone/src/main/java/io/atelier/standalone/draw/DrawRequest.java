package io.atelier.standalone.draw;

import io.atelier.standalone.client.GatewayClient;
import io.atelier.standalone.client.GatewayUnreachable;
import io.atelier.standalone.client.GenerationResponse;
import io.atelier.standalone.client.ProblemResponse;
import io.atelier.standalone.client.RequestRefused;
import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.Console;
import io.atelier.standalone.console.ExitCode;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** Asks a gateway for pictures and waits until they are there. A gateway that is away or busy for a while is asked again. */
final class DrawRequest {

    private static final Duration FIRST_POLL = Duration.ofMillis(100);
    private static final Duration SLOWEST_POLL = Duration.ofSeconds(1);
    private static final Duration MAY_BE_AWAY = Duration.ofSeconds(20);

    private final GatewayClient gateway;
    private final Console console;
    private final WaitDeadline deadline;

    /** @param timeout how long to wait in all */
    DrawRequest(GatewayClient gateway, Console console, Duration timeout) {
        this.gateway = gateway;
        this.console = console;
        this.deadline = new WaitDeadline(timeout);
    }

    /** Asks; returns once the gateway has accepted the job durably. */
    GenerationResponse submit(JsonNode body) {
        // No second POST after a broken connection: nobody knows whether the first one was accepted.
        return patiently("the request", Duration.ZERO, () -> gateway.submit(body));
    }

    /** Follows the job to its end. */
    GenerationResponse follow(GenerationResponse accepted) {
        var line = new ProgressLine(console);
        var generation = accepted;
        var interval = FIRST_POLL;
        while (!generation.terminal()) {
            line.show(generation);
            if (deadline.passed()) {
                throw timedOut(generation);
            }
            pause(interval);
            interval = longer(interval);
            generation = patiently("job " + accepted.id(), MAY_BE_AWAY, () -> gateway.generation(accepted.id()));
        }
        return generation;
    }

    /** The bytes of a picture that the job announced, checked against what was announced. */
    byte[] fetch(GenerationResponse job, GenerationResponse.Image image) {
        var bytes = patiently("the picture", MAY_BE_AWAY, () -> gateway.download(image.url()));
        if (!image.sha256().isEmpty() && !image.sha256().equals(sha256(bytes))) {
            throw new CommandFailed(
                    ExitCode.NOT_RUNNING,
                    "The picture %s arrived damaged. Fetch it again: './atelier status %s' shows where it is."
                            .formatted(image.url(), job.id()),
                    Map.of("id", job.id()));
        }
        return bytes;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private <T> T patiently(String what, Duration mayBeAway, Supplier<T> call) {
        var away = new WaitDeadline(mayBeAway);
        while (true) {
            try {
                return call.get();
            } catch (RequestRefused e) {
                var problem = e.problem();
                if (!problem.retryable() || deadline.passed()) {
                    throw problem.retryable() ? stillRefused(what, problem) : e;
                }
                console.progress("Asked to wait: " + problem.detail());
                pause(Duration.ofSeconds(Math.max(1, problem.retryAfterSeconds().orElse(1))));
            } catch (GatewayUnreachable e) {
                if (away.passed() || deadline.passed()) {
                    throw e;
                }
                console.progress("No answer from " + gateway.base() + ", trying again");
                pause(SLOWEST_POLL);
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
                "Job %s is still %s after %d s. It goes on; look at it with './atelier status %s'."
                        .formatted(generation.id(), generation.status(), deadline.seconds(), generation.id()),
                Map.of("id", generation.id(), "status", generation.status()));
    }

    private CommandFailed stillRefused(String what, ProblemResponse problem) {
        return new CommandFailed(
                ExitCode.TIMED_OUT,
                "%d s were not enough for %s; the last answer was: %s"
                        .formatted(deadline.seconds(), what, problem.describe()),
                Map.of("code", problem.code()));
    }

    private static Duration longer(Duration interval) {
        var next = interval.multipliedBy(3).dividedBy(2);
        return next.compareTo(SLOWEST_POLL) < 0 ? next : SLOWEST_POLL;
    }
}
