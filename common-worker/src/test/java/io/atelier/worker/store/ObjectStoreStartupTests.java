package io.atelier.worker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.atelier.storage.InMemoryObjectStore;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.storage.ObjectStoreFailed.Kind;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

class ObjectStoreStartupTests {

    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private final ObjectStoreHealth health = new ObjectStoreHealth(store);

    @Test
    void startWaitsForAStoreThatComesUpLater() throws Exception {
        store.failNext(Kind.UNAVAILABLE);

        new ObjectStoreStartup(store, Duration.ofMinutes(1)).await();

        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void startFailsAtOnceIfTheStoreRejectsTheRequest() {
        store.failAlways(Kind.REFUSED);

        assertThatExceptionOfType(ObjectStoreFailed.class)
                .isThrownBy(() -> new ObjectStoreStartup(store, Duration.ofMinutes(1)).await());
    }

    @Test
    void startFailsIfTheStoreIsUnavailableUntilTheTimeout() {
        store.failAlways(Kind.UNAVAILABLE);

        assertThatExceptionOfType(ObjectStoreFailed.class)
                .isThrownBy(() -> new ObjectStoreStartup(store, Duration.ZERO).await());
    }

    /** Spring interrupts a thread that waits in its start without a time limit of its own, and no other. */
    @Test
    void anInterruptEndsTheWaitAtOnce() throws Exception {
        store.failAlways(Kind.UNAVAILABLE);
        var outcome = new CompletableFuture<Boolean>();
        var start = new Thread(() -> {
            try {
                new ObjectStoreStartup(store, Duration.ofMinutes(10)).await();
                outcome.complete(false);
            } catch (InterruptedException e) {
                outcome.complete(true);
            }
        });
        start.start();
        Awaitility.await().until(() -> start.getState() == Thread.State.WAITING);

        start.interrupt();

        assertThat(outcome).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(true);
    }

    @Test
    void healthIsDownUntilTheStoreRecovers() {
        store.failAlways(Kind.UNAVAILABLE);
        assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);

        store.recover();
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    }
}
