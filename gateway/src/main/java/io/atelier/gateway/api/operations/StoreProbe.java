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

    private final Mono<Optional<ObjectStoreFailed>> failure;

    public StoreProbe(ObjectStore store) {
        this(store, CACHE_TTL);
    }

    /** @param cacheTtl how long a result is kept; zero for not at all */
    StoreProbe(ObjectStore store, Duration cacheTtl) {
        this.failure = Mono.fromFuture(store::check)
                .timeout(TIMEOUT)
                .onErrorMap(
                        TimeoutException.class,
                        late -> new ObjectStoreFailed(ObjectStoreFailed.Kind.UNAVAILABLE, SILENT))
                .thenReturn(Optional.<ObjectStoreFailed>empty())
                .onErrorResume(ObjectStoreFailed.class, failed -> Mono.just(Optional.of(failed)))
                .cache(cacheTtl);
    }

    /** Why the store cannot be used; empty if it can. Completes within two seconds and does not fail. */
    public Mono<Optional<ObjectStoreFailed>> failure() {
        return failure;
    }
}
