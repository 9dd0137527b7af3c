package io.atelier.gateway.api.commands;

import io.atelier.contract.job.JobId;
import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.view.jobs.JobQuery;
import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.gateway.view.jobs.JobsNotReady;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Limits how many commands of a user are accepted within a sliding window. It counts the generations in the view that carry the label of the user, and those
 * that this gateway accepts now. So a restart forgets nothing, and several gateways have one limit, except that each sees what another one accepts
 * only when its view shows it, some ten milliseconds later. Thread-safe.
 */
public final class CommandRateLimit {

    /** The label of a generation that a command created: its user, empty for none. */
    static final String USER_LABEL = "command.user";

    private final Jobs jobs;
    private final Scheduler listThreads;
    private final int maxRequests;
    private final Duration window;
    private final Clock clock;
    private final MeterRegistry meters;
    private final Deque<Accepted> accepted = new ArrayDeque<>();

    /** @param listThreads for reading the list of jobs, which may take a second */
    public CommandRateLimit(
            Jobs jobs, Scheduler listThreads, CommandProperties properties, Clock clock, MeterRegistry meters) {
        this.jobs = jobs;
        this.listThreads = listThreads;
        this.maxRequests = properties.maxRequests();
        this.window = properties.rateLimitInterval();
        this.clock = clock;
        this.meters = meters;
    }

    private record Accepted(String user, JobId job, Instant at) {}

    /**
     * A command that is accepted.
     *
     * @param limit how many are accepted within the window
     * @param remaining how many more are accepted now
     * @param reset the time until one more is
     */
    record Grant(int limit, int remaining, Duration reset) {

        /** The time in whole seconds, rounded up. */
        long resetSeconds() {
            return ceil(reset);
        }
    }

    /**
     * Counts a command that is about to create a generation. Fails with a {@link Problem} of kind {@code QUOTA_EXCEEDED} if the user has sent too many.
     *
     * @param user empty for none
     * @param model the model of the command; the limit holds for all models together
     * @param job the generation that the command will create; {@link #release} gives its place back if that fails
     */
    Mono<Grant> acquire(String user, String model, JobId job) {
        return Mono.fromCallable(() -> shown(user))
                .subscribeOn(listThreads)
                .onErrorMap(RejectedExecutionException.class, full -> overloaded())
                .onErrorMap(JobsNotReady.class, JobLookup::startingProblem)
                .map(shown -> acquire(user, job, shown))
                .doOnError(Problem.class, problem -> {
                    if (problem.kind() == ProblemKind.QUOTA_EXCEEDED) {
                        refused(model);
                    }
                });
    }

    private void refused(String model) {
        Counter.builder("atelier.commands.rate.limited")
                .description("Commands that were refused because their user had sent too many")
                .tag("model", model)
                .register(meters)
                .increment();
    }

    /** The generation was not created, so that its command does not count. */
    synchronized void release(JobId job) {
        accepted.removeIf(entry -> entry.job().equals(job));
    }

    private Map<JobId, Instant> shown(String user) {
        var query = new JobQuery(
                maxRequests,
                true,
                null,
                null,
                null,
                null,
                Map.of(USER_LABEL, user),
                null,
                clock.instant().minus(window),
                null);
        var shown = new HashMap<JobId, Instant>();
        jobs.list(query).jobs().forEach(job -> shown.put(job.id(), job.createdAt()));
        return shown;
    }

    private synchronized Grant acquire(String user, JobId job, Map<JobId, Instant> shown) {
        var now = clock.instant();
        var oldest = now.minus(window);
        while (!accepted.isEmpty() && !accepted.peekFirst().at().isAfter(oldest)) {
            accepted.removeFirst();
        }
        var counted = new HashMap<>(shown);
        accepted.stream()
                .filter(entry -> entry.user().equals(user))
                .forEach(entry -> counted.putIfAbsent(entry.job(), entry.at()));
        counted.remove(job);
        var newestFirst = counted.values().stream()
                .filter(at -> at.isAfter(oldest))
                .sorted(Comparator.reverseOrder())
                .toList();
        if (newestFirst.size() >= maxRequests) {
            throw exceeded(free(newestFirst, now));
        }
        accepted.addLast(new Accepted(user, job, now));
        int remaining = maxRequests - newestFirst.size() - 1;
        return new Grant(maxRequests, remaining, remaining > 0 ? Duration.ZERO : free(newestFirst, now));
    }

    /** The time until the oldest of those that fill the window leaves it. */
    private Duration free(List<Instant> newestFirst, Instant now) {
        if (newestFirst.isEmpty()) {
            return window;
        }
        var last = newestFirst.get(Math.min(maxRequests, newestFirst.size()) - 1);
        var left = Duration.between(now, last.plus(window));
        return left.compareTo(window) < 0 ? left : window;
    }

    private Problem exceeded(Duration wait) {
        long seconds = ceil(wait);
        return new Problem(
                        ProblemKind.QUOTA_EXCEEDED,
                        "Rate limit exceeded: %d requests within %d seconds. Please wait %d seconds."
                                .formatted(maxRequests, window.toSeconds(), seconds))
                .retryAfter(Duration.ofSeconds(seconds))
                .header(CommandController.LIMIT, Integer.toString(maxRequests))
                .header(CommandController.REMAINING, "0")
                .header(CommandController.RESET, Long.toString(seconds));
    }

    private static Problem overloaded() {
        return new Problem(ProblemKind.OVERLOADED, "The gateway is reading as many lists as it can at once. Try again.")
                .retryAfter(Duration.ofSeconds(1));
    }

    private static long ceil(Duration time) {
        return (time.toMillis() + 999) / 1000;
    }
}
