package io.atelier.benchmark.overhead;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** When one job came by where. Thread-safe. */
final class Journey {

    private final CompletableFuture<Journey> announced = new CompletableFuture<>();
    private final Map<Stage, Long> nanos = Collections.synchronizedMap(new EnumMap<>(Stage.class));
    private final Map<Stage, Instant> instants = Collections.synchronizedMap(new EnumMap<>(Stage.class));
    private volatile long sentNanos;
    private volatile Instant sentAt = Instant.EPOCH;

    /** By both clocks: this process's own, and the one that it shares with the system's processes. */
    void sent(long atNanos, Instant at) {
        sentNanos = atNanos;
        sentAt = at;
    }

    /** By this process's own clock. */
    void passed(Stage stage, long atNanos) {
        nanos.putIfAbsent(stage, atNanos);
        if (stage == Stage.ANNOUNCED) {
            announced.complete(this);
        }
    }

    /** As another process says by the shared clock. */
    void passed(Stage stage, Instant at) {
        instants.putIfAbsent(stage, at);
    }

    /** Ends the wait for an announcement of success. */
    void failed(String reason) {
        announced.completeExceptionally(new IllegalStateException(reason));
    }

    CompletableFuture<Journey> announced() {
        return announced;
    }

    /** The time from sending to the stage; empty if the stage was not seen. */
    Optional<Duration> until(Stage stage) {
        var own = nanos.get(stage);
        if (own != null) {
            return Optional.of(Duration.ofNanos(own - sentNanos));
        }
        return Optional.ofNullable(instants.get(stage)).map(at -> Duration.between(sentAt, at));
    }
}
