package io.atelier.gateway.view.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.Job;
import io.atelier.gateway.JobHistoryFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.scheduler.Schedulers;

class JobSubscriptionsTests {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final JobHistoryFixture jobLife = new JobHistoryFixture();
    private final JobSubscriptions subscriptions = new JobSubscriptions();
    private final Subscriber subscriber = new Subscriber(Long.MAX_VALUE);

    @Test
    void presentStateIsFollowedByEachLaterOne() {
        subscriptions.follow(jobLife.id(), () -> Optional.of(jobLife.at(2))).subscribe(subscriber);
        subscriber.await(2);
        subscriptions.publish(jobLife.at(3));
        subscriber.await(3);
        subscriptions.publish(jobLife.at(4));
        subscriber.await(4);

        assertThat(subscriber.received()).containsExactly(2, 3, 4);
        assertThat(subscriber.onEventLoops()).containsOnly(true);
    }

    @Test
    void unknownJobIsFollowedFromItsFirstState() {
        subscriptions.follow(jobLife.id(), Optional::empty).subscribe(subscriber);
        assertThat(subscriptions.contains(jobLife.id())).isTrue();
        subscriptions.publish(jobLife.at(1));

        subscriber.await(1);
    }

    @Test
    void stateThatArrivesDuringTheLookupIsNotLostAndNoOlderOneFollows() {
        subscriptions
                .follow(jobLife.id(), () -> {
                    // The next state arrives after the store was read.
                    subscriptions.publish(jobLife.at(3));
                    return Optional.of(jobLife.at(2));
                })
                .subscribe(subscriber);
        subscriber.await(3);
        subscriptions.publish(jobLife.at(3));
        subscriptions.publish(jobLife.at(4));
        subscriber.await(4);

        assertThat(subscriber.received()).containsExactly(3, 4);
    }

    @Test
    void slowSubscriberMissesStatesButNotTheLast() {
        var slow = new Subscriber(1);
        subscriptions.follow(jobLife.id(), () -> Optional.of(jobLife.at(1))).subscribe(slow);
        slow.await(1);
        for (int version = 2; version <= JobHistoryFixture.END; version++) {
            subscriptions.publish(jobLife.at(version));
        }

        slow.request(Long.MAX_VALUE);

        slow.await(JobHistoryFixture.END);
        // One was already on its way, and the latest is kept.
        assertThat(slow.received()).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void canceledSubscriptionsAreRemoved() {
        subscriptions.follow(jobLife.id(), Optional::empty).subscribe(subscriber);
        var waiting = subscriptions.await(jobLife.id(), 3, Optional::empty).subscribe();
        assertThat(subscriptions.count()).isEqualTo(2);

        subscriber.cancel();
        waiting.dispose();

        assertThat(subscriptions.count()).isZero();
        assertThat(subscriptions.contains(jobLife.id())).isFalse();
    }

    @Test
    void completingEndsAllSubscriptions() {
        var awaited = subscriptions
                .await(jobLife.id(), 3, Optional::empty)
                .materialize()
                .toFuture();
        subscriptions.follow(jobLife.id(), () -> Optional.of(jobLife.at(1))).subscribe(subscriber);
        subscriber.await(1);

        subscriptions.complete();

        assertThat(awaited).succeedsWithin(TIMEOUT).matches(signal -> signal.isOnComplete());
        await().atMost(TIMEOUT).until(subscriber::completed);
        assertThat(subscriptions.count()).isZero();
    }

    /** Requests as many states as given. */
    private static final class Subscriber extends BaseSubscriber<Job> {

        private final long first;
        private final List<Integer> received = new ArrayList<>();
        private final List<Boolean> onEventLoops = new ArrayList<>();
        private boolean completed;

        Subscriber(long first) {
            this.first = first;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            request(first);
        }

        @Override
        protected synchronized void hookOnNext(Job job) {
            received.add(job.version());
            onEventLoops.add(Schedulers.isInNonBlockingThread());
        }

        @Override
        protected synchronized void hookOnComplete() {
            completed = true;
        }

        synchronized List<Integer> received() {
            return List.copyOf(received);
        }

        synchronized List<Boolean> onEventLoops() {
            return List.copyOf(onEventLoops);
        }

        synchronized boolean completed() {
            return completed;
        }

        void await(int version) {
            org.awaitility.Awaitility.await()
                    .atMost(TIMEOUT)
                    .until(() -> received().contains(version));
        }
    }
}
