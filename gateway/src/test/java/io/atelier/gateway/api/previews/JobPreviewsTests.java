package io.atelier.gateway.api.previews;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.contract.work.TaskProgress;
import io.atelier.contract.work.TaskProgress.Preview;
import io.atelier.gateway.api.images.ImageProperties;
import io.atelier.gateway.api.images.ObjectDownloads;
import io.atelier.gateway.api.publishing.NonBlockingPublisher;
import io.atelier.gateway.view.progress.LatestProgress;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.storage.InMemoryObjectStore;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import org.springframework.util.unit.DataSize;
import reactor.core.publisher.BaseSubscriber;

class JobPreviewsTests {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final byte[] FILE = {1, 2, 3};

    private final LatestProgress progress = new LatestProgress();
    private final InMemoryObjectStore memory = new InMemoryObjectStore();
    private final AtomicInteger reads = new AtomicInteger();
    private final ObjectDownloads downloads = new ObjectDownloads(
            counted(),
            new ImageProperties(8, Duration.ofSeconds(30), DataSize.ofKilobytes(16), Duration.ofMinutes(10)));
    private final NonBlockingPublisher publisher = new NonBlockingPublisher(new InMemoryEventPublisher());
    private final JobPreviews previews = new JobPreviews(progress, downloads, publisher, Clock.systemUTC());

    @AfterEach
    void stop() {
        publisher.dispose();
        downloads.dispose();
    }

    @Test
    @DisplayName("A client that takes nothing delays no other client of its job, and gets the newest preview later")
    void slowClientMissesPreviews() {
        var job = job(1);
        var slow = new Client(0);
        var fast = new Client(Long.MAX_VALUE);
        previews.follow(job).subscribe(slow);
        previews.follow(job).subscribe(fast);

        for (int number = 1; number <= 4; number++) {
            publish(job, number);
            int last = number;
            await().atMost(TIMEOUT).until(() -> fast.numbers.contains(last));
        }

        assertThat(fast.numbers).containsExactly(1, 2, 3, 4);
        assertThat(slow.numbers).isEmpty();
        slow.request(10);
        await().atMost(TIMEOUT).until(() -> slow.numbers.contains(4));
        assertThat(slow.numbers).hasSizeLessThan(4).endsWith(4);
        assertThat(reads).hasValue(4);
        slow.cancel();
        fast.cancel();
    }

    @Test
    @DisplayName("Of so many jobs only a limited number is shared; the clients of further ones read for themselves")
    void sharedJobsAreLimited() {
        var clients = new CopyOnWriteArrayList<Client>();
        for (int number = 0; number < JobPreviews.MAX_SHARED; number++) {
            clients.add(follow(job(number)));
        }
        var further = job(JobPreviews.MAX_SHARED);
        var more = List.of(follow(job(0)), follow(further), follow(further));
        clients.addAll(more);

        publish(job(0), 1);
        await().atMost(TIMEOUT).until(() -> more.get(0).numbers.contains(1));
        assertThat(reads).hasValue(1);
        publish(further, 1);

        for (var client : more) {
            await().atMost(TIMEOUT).until(() -> client.numbers.contains(1));
        }
        assertThat(reads).hasValue(3);

        clients.forEach(Client::cancel);
        await().atMost(TIMEOUT).until(() -> progress.subscribers() == 0);
        var first = follow(further);
        var second = follow(further);
        await().atMost(TIMEOUT).until(() -> first.numbers.contains(1) && second.numbers.contains(1));
        assertThat(reads).hasValue(4);
        first.cancel();
        second.cancel();
    }

    private Client follow(JobId job) {
        var client = new Client(Long.MAX_VALUE);
        previews.follow(job).subscribe(client);
        return client;
    }

    private void publish(JobId job, int number) {
        var key = new ObjectKey(JobFolder.preview(job, "generate", 1, number));
        memory.put(key, FILE, Preview.MEDIA_TYPE, Map.of()).join();
        progress.publish(new TaskProgress(job, "generate", 1, Instant.now(), "denoise", number, 8)
                .withPreview(new Preview(number, 0, number, 8, 64, 64, FILE.length)));
    }

    private static JobId job(int number) {
        return JobId.create(Instant.parse("2026-11-30T10:00:00Z"), new Random(number));
    }

    /** The store in memory; counts the objects that are opened. */
    private ObjectStore counted() {
        return (ObjectStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ObjectStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("open")) {
                        reads.incrementAndGet();
                    }
                    try {
                        return method.invoke(memory, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** The numbers of the previews that a client took. */
    private static final class Client extends BaseSubscriber<JobPreview> {

        private final List<Integer> numbers = new CopyOnWriteArrayList<>();
        private final long demand;

        Client(long demand) {
            this.demand = demand;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            if (demand > 0) {
                subscription.request(demand);
            }
        }

        @Override
        protected void hookOnNext(JobPreview preview) {
            numbers.add(preview.preview().number());
        }
    }
}
