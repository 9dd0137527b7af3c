package io.atelier.benchmark.overhead;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** When one job came by where. Thread-safe. */
final class JobTimeline {

    private final CompletableFuture<JobTimeline> announced = new CompletableFuture<>();
    private final Map<JobStage, Long> nanos = Collections.synchronizedMap(new EnumMap<>(JobStage.class));
    private final Map<JobStage, Instant> instants = Collections.synchronizedMap(new EnumMap<>(JobStage.class));
    private volatile long sentNanos;
    private volatile Instant sentAt = Instant.EPOCH;

    /** By both clocks: this process's own, and the one that it shares with the system's processes. */
    void sent(long atNanos, Instant at) {
        sentNanos = atNanos;
        sentAt = at;
    }

    /** By this process's own clock. */
    void passed(JobStage stage, long atNanos) {
        nanos.putIfAbsent(stage, atNanos);
        if (stage == JobStage.ANNOUNCED) {
            announced.complete(this);
        }
    }

    /** As another process says by the shared clock. */
    void passed(JobStage stage, Instant at) {
        instants.putIfAbsent(stage, at);
    }

    /** Ends the wait for an announcement of success. */
    void failed(String reason) {
        announced.completeExceptionally(new IllegalStateException(reason));
    }

    CompletableFuture<JobTimeline> announced() {
        return announced;
    }

    /** The time from sending to the stage; empty if the stage was not seen. */
    Optional<Duration> until(JobStage stage) {
        var own = nanos.get(stage);
        if (own != null) {
            return Optional.of(Duration.ofNanos(own - sentNanos));
        }
        return Optional.ofNullable(instants.get(stage)).map(at -> Duration.between(sentAt, at));
    }
}
