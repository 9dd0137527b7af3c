package io.atelier.gateway.view.queue;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.view.jobs.JobSummary;
import io.atelier.gateway.view.models.ModelAvailability;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Estimates when jobs will start and end, and finds their position in the queue: the expected durations of the jobs ahead and the rest of
 * the running ones, divided by the slots of the live workers; or longer, if the queue was drained more slowly in the last minutes. Gives no estimate if a duration or a worker is unknown. Thread-safe and fast.
 */
public final class EtaEstimator {

    /** Jobs for each slot, above which durations alone say little. */
    private static final int LONG_QUEUE = 10;

    /** How much slower than their durations jobs may leave the queue before the difference counts. */
    private static final double TOLERANCE = 1.1;

    private final Backlog backlog;
    private final ModelAvailability availability;
    private final Clock clock;

    public EtaEstimator(Backlog backlog, ModelAvailability availability, Clock clock) {
        this.backlog = backlog;
        this.availability = availability;
        this.clock = clock;
    }

    /** The position of a job in its queue; empty if it is not queued. */
    public Optional<QueuePosition> position(Job job) {
        if (job.status() != JobStatus.QUEUED) {
            return Optional.empty();
        }
        var pool = job.request().pool();
        var ahead = backlog.ahead(job.id());
        if (ahead.isEmpty()) {
            return Optional.of(QueuePosition.in(pool));
        }
        int jobsAhead =
                ahead.get().values().stream().mapToInt(Integer::intValue).sum();
        var eta = end(lane(job), ahead.get());
        return Optional.of(new QueuePosition(
                pool,
                QueuePosition.LANE,
                jobsAhead + 1,
                jobsAhead,
                backlog.running(pool).size(),
                eta.map(CompletionEstimate::wholeSeconds).orElse(null),
                eta.map(CompletionEstimate::confidenceWord).orElse(null)));
    }

    /** The seconds until a job ends; empty if it has ended, if they are unknown, or if it already takes longer than expected. */
    public OptionalLong secondsLeft(Job job) {
        if (job.status() == JobStatus.QUEUED) {
            return whole(backlog.ahead(job.id()).flatMap(ahead -> end(lane(job), ahead)));
        }
        return job.status() == JobStatus.RUNNING && job.startedAt() != null
                ? whole(remaining(job.request().model(), job.startedAt()).filter(left -> left.seconds() > 0))
                : OptionalLong.empty();
    }

    /** When a queued job will end; empty if that is unknown, or if it is not queued. */
    Optional<CompletionEstimate> endOf(JobSummary job) {
        return backlog.ahead(job.id()).flatMap(ahead -> end(Backlog.Lane.of(job), ahead));
    }

    /** When a new job would end. */
    public Optional<CompletionEstimate> endOfNewJob(Backlog.Lane lane) {
        return end(lane, backlog.queued(lane.pool()));
    }

    /** When a worker would start a new job. */
    public Optional<CompletionEstimate> startOfNewJob(Backlog.Lane lane) {
        return start(lane, backlog.queued(lane.pool()));
    }

    private Optional<CompletionEstimate> end(Backlog.Lane lane, Map<String, Integer> ahead) {
        return start(lane, ahead)
                .flatMap(start -> backlog.expected(lane.model())
                        .map(own -> new CompletionEstimate(
                                start.seconds() + own.seconds(),
                                start.confidence().and(CompletionEstimate.Confidence.in(own)))));
    }

    private Optional<CompletionEstimate> start(Backlog.Lane lane, Map<String, Integer> ahead) {
        int slots = availability.of(lane.pool(), lane.engine()).slots();
        var running = backlog.running(lane.pool());
        int jobsBefore = running.size()
                + ahead.values().stream().mapToInt(Integer::intValue).sum();
        if (slots == 0) {
            return Optional.empty();
        }
        if (jobsBefore < slots) {
            return Optional.of(new CompletionEstimate(0, CompletionEstimate.Confidence.HIGH));
        }
        var work = Optional.of(new CompletionEstimate(0, CompletionEstimate.Confidence.HIGH));
        for (var model : ahead.entrySet()) {
            var each = model.getValue() == 0
                    ? Optional.of(new CompletionEstimate(0, CompletionEstimate.Confidence.HIGH))
                    : backlog.expected(model.getKey())
                            .map(one -> new CompletionEstimate(
                                    model.getValue() * one.seconds(), CompletionEstimate.Confidence.in(one)));
            work = sum(work, each);
        }
        for (var run : running) {
            work = sum(work, remaining(run.lane().model(), run.since()));
        }
        int queued = ahead.values().stream().mapToInt(Integer::intValue).sum();
        return work.map(all -> drained(
                new CompletionEstimate(all.seconds() / slots, all.confidence()),
                queued,
                slots,
                backlog.drainInterval(lane.pool())));
    }

    /** Durations of jobs say how fast the queue can be drained at best: everything else that a job costs, and a lack of processors, comes on top. */
    private static CompletionEstimate drained(
            CompletionEstimate best, int queued, int slots, OptionalDouble drainInterval) {
        if (drainInterval.isEmpty()) {
            return queued > LONG_QUEUE * slots ? best.withConfidence(CompletionEstimate.Confidence.LOW) : best;
        }
        double seconds = queued * drainInterval.getAsDouble();
        return seconds > best.seconds() * TOLERANCE
                ? new CompletionEstimate(seconds, best.confidence().and(CompletionEstimate.Confidence.MEDIUM))
                : best;
    }

    private Optional<CompletionEstimate> remaining(String model, Instant since) {
        double elapsed = Duration.between(since, clock.instant()).toMillis() / 1000.0;
        // The clock of the worker that reported the start may be ahead.
        return backlog.expected(model)
                .map(all -> new CompletionEstimate(
                        Math.max(0, all.seconds() - Math.max(0, elapsed)), CompletionEstimate.Confidence.in(all)));
    }

    private static Optional<CompletionEstimate> sum(
            Optional<CompletionEstimate> one, Optional<CompletionEstimate> other) {
        return one.flatMap(first -> other.map(second -> new CompletionEstimate(
                first.seconds() + second.seconds(), first.confidence().and(second.confidence()))));
    }

    private static OptionalLong whole(Optional<CompletionEstimate> estimate) {
        return estimate.map(found -> OptionalLong.of(found.wholeSeconds())).orElse(OptionalLong.empty());
    }

    private static Backlog.Lane lane(Job job) {
        var request = job.request();
        return new Backlog.Lane(request.pool(), request.model(), request.engine());
    }
}
