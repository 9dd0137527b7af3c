package io.atelier.benchmark.overhead;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The times at which one job reached its stages. Thread-safe. */
final class JobTimeline {

    private final CompletableFuture<JobTimeline> published = new CompletableFuture<>();
    private final Map<JobStage, Long> nanos = Collections.synchronizedMap(new EnumMap<>(JobStage.class));
    private final Map<JobStage, Instant> instants = Collections.synchronizedMap(new EnumMap<>(JobStage.class));
    private volatile long sentNanos;
    private volatile Instant sentAt = Instant.EPOCH;

    /** Records the start by both clocks: {@link System#nanoTime}, and the wall clock that the processes share. */
    void sent(long atNanos, Instant at) {
        sentNanos = atNanos;
        sentAt = at;
    }

    /** Records a stage by {@link System#nanoTime}. */
    void reached(JobStage stage, long atNanos) {
        nanos.putIfAbsent(stage, atNanos);
        if (stage == JobStage.PUBLISHED) {
            published.complete(this);
        }
    }

    /** Records a stage by the wall clock, as reported by another process. */
    void reached(JobStage stage, Instant at) {
        instants.putIfAbsent(stage, at);
    }

    /** Completes {@link #published} exceptionally. */
    void failed(String reason) {
        published.completeExceptionally(new IllegalStateException(reason));
    }

    CompletableFuture<JobTimeline> published() {
        return published;
    }

    /** The time from sending to the stage; empty if the stage was not recorded. */
    Optional<Duration> until(JobStage stage) {
        var own = nanos.get(stage);
        if (own != null) {
            return Optional.of(Duration.ofNanos(own - sentNanos));
        }
        return Optional.ofNullable(instants.get(stage)).map(at -> Duration.between(sentAt, at));
    }
}
