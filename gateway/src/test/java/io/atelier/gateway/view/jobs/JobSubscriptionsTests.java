package io.atelier.gateway.view.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.Job;
import io.atelier.gateway.JobLife;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.scheduler.Schedulers;

class JobSubscriptionsTests {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final JobLife life = new JobLife();
    private final JobSubscriptions arrivals = new JobSubscriptions();
    private final Reader reader = new Reader(Long.MAX_VALUE);

    @Test
    void presentStateComesFirstThenEachLaterOne() {
        arrivals.follow(life.id(), () -> Optional.of(life.at(2))).subscribe(reader);
        reader.await(2);
        arrivals.tell(life.at(3));
        reader.await(3);
        arrivals.tell(life.at(4));
        reader.await(4);

        assertThat(reader.heard()).containsExactly(2, 3, 4);
        assertThat(reader.onEventLoops()).containsOnly(true);
    }

    @Test
    void jobThatIsNotThereYetIsFollowedFromItsFirstState() {
        arrivals.follow(life.id(), Optional::empty).subscribe(reader);
        assertThat(arrivals.expect(life.id())).isTrue();
        arrivals.tell(life.at(1));

        reader.await(1);
    }

    @Test
    void stateThatArrivesWhileTheReaderLooksIsNotLostAndNothingOlderFollowsIt() {
        arrivals.follow(life.id(), () -> {
                    // The store was read, and then the next state came.
                    arrivals.tell(life.at(3));
                    return Optional.of(life.at(2));
                })
                .subscribe(reader);
        reader.await(3);
        arrivals.tell(life.at(3));
        arrivals.tell(life.at(4));
        reader.await(4);

        assertThat(reader.heard()).containsExactly(3, 4);
    }

    @Test
    void slowReaderMissesStatesButNotTheLast() {
        var slow = new Reader(1);
        arrivals.follow(life.id(), () -> Optional.of(life.at(1))).subscribe(slow);
        slow.await(1);
        for (int version = 2; version <= JobLife.END; version++) {
            arrivals.tell(life.at(version));
        }

        slow.request(Long.MAX_VALUE);

        slow.await(JobLife.END);
        // One was on its way already, and one place is for the latest.
        assertThat(slow.heard()).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void readerThatGoesAwayLeavesNothingBehind() {
        arrivals.follow(life.id(), Optional::empty).subscribe(reader);
        var waiting = arrivals.await(life.id(), 3, Optional::empty).subscribe();
        assertThat(arrivals.waiting()).isEqualTo(2);

        reader.cancel();
        waiting.dispose();

        assertThat(arrivals.waiting()).isZero();
        assertThat(arrivals.expect(life.id())).isFalse();
    }

    @Test
    void allAreLetGoWhenNothingArrivesAnyMore() {
        var awaited =
                arrivals.await(life.id(), 3, Optional::empty).materialize().toFuture();
        arrivals.follow(life.id(), () -> Optional.of(life.at(1))).subscribe(reader);
        reader.await(1);

        arrivals.end();

        assertThat(awaited).succeedsWithin(PATIENCE).matches(signal -> signal.isOnComplete());
        await().atMost(PATIENCE).until(reader::completed);
        assertThat(arrivals.waiting()).isZero();
    }

    /** Reads as much as it asks for. */
    private static final class Reader extends BaseSubscriber<Job> {

        private final long first;
        private final List<Integer> heard = new ArrayList<>();
        private final List<Boolean> onEventLoops = new ArrayList<>();
        private boolean completed;

        Reader(long first) {
            this.first = first;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            request(first);
        }

        @Override
        protected synchronized void hookOnNext(Job job) {
            heard.add(job.version());
            onEventLoops.add(Schedulers.isInNonBlockingThread());
        }

        @Override
        protected synchronized void hookOnComplete() {
            completed = true;
        }

        synchronized List<Integer> heard() {
            return List.copyOf(heard);
        }

        synchronized List<Boolean> onEventLoops() {
            return List.copyOf(onEventLoops);
        }

        synchronized boolean completed() {
            return completed;
        }

        void await(int version) {
            org.awaitility.Awaitility.await().atMost(PATIENCE).until(() -> heard().contains(version));
        }
    }
}
