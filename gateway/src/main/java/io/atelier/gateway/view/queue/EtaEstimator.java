package io.atelier.gateway.view.queue;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.view.models.ModelAvailability;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Tells where jobs stand in line and when they will be done: what is ahead and under way, at the pace of late, spread over the slots of the
 * live workers. Says nothing where a pace or a worker is not known. Thread-safe and quick.
 */
public final class EtaEstimator {

    private final Backlog backlog;
    private final ModelAvailability crew;
    private final Clock clock;

    public EtaEstimator(Backlog backlog, ModelAvailability crew, Clock clock) {
        this.backlog = backlog;
        this.crew = crew;
        this.clock = clock;
    }

    /** Where a job waits; empty if it does not. */
    public Optional<QueuePosition> of(Job job) {
        if (job.status() != JobStatus.QUEUED) {
            return Optional.empty();
        }
        var pool = job.request().pool();
        var ahead = backlog.ahead(job);
        if (ahead.isEmpty()) {
            return Optional.of(QueuePosition.in(pool));
        }
        int first = ahead.get().values().stream().mapToInt(Integer::intValue).sum();
        var eta = queued(lane(job), ahead.get());
        return Optional.of(new QueuePosition(
                pool,
                QueuePosition.LANE,
                first + 1,
                first,
                eta.map(CompletionEstimate::wholeSeconds).orElse(null),
                eta.map(CompletionEstimate::confidenceWord).orElse(null)));
    }

    /** In how many seconds a job will be done; empty if it is, or that is not known, or it takes longer than usual already. */
    public OptionalLong seconds(Job job) {
        if (job.status() == JobStatus.QUEUED) {
            return whole(backlog.ahead(job).flatMap(ahead -> queued(lane(job), ahead)));
        }
        return job.status() == JobStatus.RUNNING && job.startedAt() != null
                ? whole(remaining(job.request().model(), job.startedAt()).filter(left -> left.seconds() > 0))
                : OptionalLong.empty();
    }

    /** When a new job would be done. */
    public Optional<CompletionEstimate> fresh(Backlog.Lane lane) {
        return queued(lane, backlog.waiting(lane.pool()));
    }

    /** When a worker would begin with a new job. */
    public Optional<CompletionEstimate> begin(Backlog.Lane lane) {
        return begin(lane, backlog.waiting(lane.pool()));
    }

    private Optional<CompletionEstimate> queued(Backlog.Lane lane, Map<String, Integer> ahead) {
        return begin(lane, ahead)
                .flatMap(begin -> backlog.expected(lane.model())
                        .map(own -> new CompletionEstimate(
                                begin.seconds() + own.seconds(),
                                begin.confidence().and(CompletionEstimate.Confidence.in(own)))));
    }

    private Optional<CompletionEstimate> begin(Backlog.Lane lane, Map<String, Integer> ahead) {
        int slots = crew.of(lane.pool(), lane.engine()).slots();
        var working = backlog.working(lane.pool());
        int first = working.size()
                + ahead.values().stream().mapToInt(Integer::intValue).sum();
        if (slots == 0) {
            return Optional.empty();
        }
        if (first < slots) {
            return Optional.of(new CompletionEstimate(0, CompletionEstimate.Confidence.HIGH));
        }
        var work = Optional.of(new CompletionEstimate(0, CompletionEstimate.Confidence.HIGH));
        for (var line : ahead.entrySet()) {
            var each = line.getValue() == 0
                    ? Optional.of(new CompletionEstimate(0, CompletionEstimate.Confidence.HIGH))
                    : backlog.expected(line.getKey())
                            .map(one -> new CompletionEstimate(
                                    line.getValue() * one.seconds(), CompletionEstimate.Confidence.in(one)));
            work = sum(work, each);
        }
        for (var run : working) {
            work = sum(work, remaining(run.lane().model(), run.since()));
        }
        return work.map(all -> new CompletionEstimate(all.seconds() / slots, all.confidence()));
    }

    private Optional<CompletionEstimate> remaining(String model, Instant since) {
        double run = Duration.between(since, clock.instant()).toMillis() / 1000.0;
        // The clock of the worker that began may be ahead.
        return backlog.expected(model)
                .map(all -> new CompletionEstimate(
                        Math.max(0, all.seconds() - Math.max(0, run)), CompletionEstimate.Confidence.in(all)));
    }

    private static Optional<CompletionEstimate> sum(
            Optional<CompletionEstimate> one, Optional<CompletionEstimate> other) {
        return one.flatMap(first -> other.map(second -> new CompletionEstimate(
                first.seconds() + second.seconds(), first.confidence().and(second.confidence()))));
    }

    private static OptionalLong whole(Optional<CompletionEstimate> forecast) {
        return forecast.map(found -> OptionalLong.of(found.wholeSeconds())).orElse(OptionalLong.empty());
    }

    private static Backlog.Lane lane(Job job) {
        var request = job.request();
        return new Backlog.Lane(request.pool(), request.model(), request.engine());
    }
}
