package io.atelier.gateway.upkeep.janitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.FakeJobs;
import io.atelier.gateway.SampleJobs;
import io.atelier.gateway.view.jobs.JobsNotReady;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.storage.InMemoryObjectStore;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStoreFailed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JanitorTests {

    private static final Duration GRACE = Duration.ofHours(1);

    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private final FakeJobs jobs = new FakeJobs(new InMemoryEventPublisher());
    private final Clock later = Clock.fixed(Instant.now().plus(GRACE).plus(Duration.ofDays(1)), ZoneOffset.UTC);
    private final Janitor janitor = janitor(later, false);

    @Test
    void imagesThatAJobDeliveredStay() throws Exception {
        var job = jobs.show(SampleJobs.cut(new byte[] {1}, new byte[] {2}));
        keep(job.grids().get(0).key());
        keep(job.images().get(0).key());

        assertThat(janitor.round()).isEqualTo(new SweepResult(2, 0, 0, 0));
        assertThat(store.keys()).hasSize(2);
    }

    @Test
    void leftoverOfALostAttemptGoes() throws Exception {
        var job = jobs.show(SampleJobs.succeeded(new byte[] {1}));
        var delivered = keep(job.images().get(0).key());
        keep(JobFolder.image(job.id(), "generate", 2, 0));

        assertThat(janitor.round()).isEqualTo(new SweepResult(2, 1, 3, 0));
        assertThat(store.keys()).containsExactly(delivered);
    }

    @ParameterizedTest
    @EnumSource(JobStatus.class)
    void imageThatNobodyDeliveredGoesOnceItsJobIsOver(JobStatus status) throws Exception {
        var image = image(jobs.show(SampleJobs.in(status)));

        janitor.round();

        assertThat(store.keys().contains(image)).isEqualTo(!status.terminal());
    }

    @Test
    void imageThatALateWorkerStoredAfterTheErasureGoes() throws Exception {
        image(jobs.show(SampleJobs.erased(false)));

        assertThat(janitor.round().deleted()).isOne();
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void imagesOfAnUnknownJobStay() throws Exception {
        var image = image(SampleJobs.in(JobStatus.FAILED));

        assertThat(janitor.round()).isEqualTo(new SweepResult(1, 0, 0, 1));
        assertThat(store.keys()).containsExactly(image);
    }

    @Test
    void imagesOfAnUnknownJobGoIfSomebodyWantsThat() throws Exception {
        image(SampleJobs.in(JobStatus.FAILED));

        assertThat(janitor(later, true).round()).isEqualTo(new SweepResult(1, 1, 3, 1));
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void whatLiesInNoJobsFolderStaysWhateverSomebodyWants() throws Exception {
        var id = jobs.show(SampleJobs.in(JobStatus.FAILED)).id();
        keep("jobs/readme.txt");
        keep("jobs/1999/01/" + id + "/generate-1/0.png");
        keep("elsewhere/" + id + "/0.png");

        assertThat(janitor(later, true).round()).isEqualTo(new SweepResult(2, 0, 0, 2));
        assertThat(store.keys()).hasSize(3);
    }

    @Test
    void youngImagesAreNotLookedAt() throws Exception {
        image(jobs.show(SampleJobs.in(JobStatus.CANCELED)));

        assertThat(janitor(Clock.systemUTC(), true).round()).isEqualTo(SweepResult.NONE);
        assertThat(store.keys()).hasSize(1);
    }

    @Test
    void nothingGoesWhileTheViewCannotBeTrusted() {
        image(jobs.show(SampleJobs.in(JobStatus.FAILED)));
        jobs.ready(false);

        assertThatThrownBy(janitor::round).isInstanceOf(JobsNotReady.class);
        assertThat(store.keys()).hasSize(1);
    }

    @Test
    void storeThatFailsEndsTheRound() {
        store.failNext(ObjectStoreFailed.Kind.UNAVAILABLE);

        assertThatThrownBy(janitor::round)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(ObjectStoreFailed.class);
    }

    @Test
    void roundGoesThroughAllPages() throws Exception {
        var open = jobs.show(SampleJobs.in(JobStatus.RUNNING)).id();
        var over = jobs.show(SampleJobs.in(JobStatus.CANCELED)).id();
        for (int index = 0; index < 700; index++) {
            keep(JobFolder.image(open, "generate", 1, index));
            keep(JobFolder.image(over, "generate", 1, index));
        }

        assertThat(janitor.round()).isEqualTo(new SweepResult(1400, 700, 2100, 0));
        assertThat(store.keys()).hasSize(700).allMatch(key -> key.contains(open.value()));
    }

    @Test
    void idsThatCarryNoTimeHaveFoldersToo() throws Exception {
        var keyed = JobId.of(new UUID(0x8000L, 0x8000_0000_0000_0000L | new Random(1).nextInt(99)));
        keep(JobFolder.image(keyed, "generate", 1, 0));

        assertThat(janitor(later, true).round().deleted()).isOne();
    }

    private Janitor janitor(Clock clock, boolean deleteUnknown) {
        var properties = new JanitorProperties(Duration.ofHours(1), GRACE, Duration.ZERO, deleteUnknown);
        return new Janitor(store, jobs, properties, clock);
    }

    private String image(Job job) {
        return keep(SampleJobs.key(job.id(), 0));
    }

    private String keep(String key) {
        store.put(new ObjectKey(key), new byte[3], "image/png", Map.of()).join();
        return key;
    }
}
