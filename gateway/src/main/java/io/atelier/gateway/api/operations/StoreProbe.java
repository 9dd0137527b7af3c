package io.atelier.gateway.api.operations;

import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStoreFailed;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Mono;

/** Checks whether the image store can be used, at most once in two seconds. Thread-safe. */
public final class StoreProbe {

    private static final Duration TIMEOUT = Duration.ofMillis(1_500);
    private static final Duration CACHE_TTL = Duration.ofSeconds(2);
    private static final String SILENT = "The object store does not answer within 1.5 s.";

    private final Mono<Optional<String>> failure;

    public StoreProbe(ObjectStore store) {
        this.failure = Mono.fromFuture(store::check)
                .timeout(TIMEOUT)
                .thenReturn(Optional.<String>empty())
                .onErrorResume(ObjectStoreFailed.class, failed -> Mono.just(Optional.of(failed.publicMessage())))
                .onErrorResume(TimeoutException.class, late -> Mono.just(Optional.of(SILENT)))
                .cache(CACHE_TTL);
    }

    /** Why the store cannot be used, in words for clients; empty if it can. Completes within two seconds. */
    public Mono<Optional<String>> failure() {
        return failure;
    }
}
