package io.atelier.gateway.upkeep.janitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.contract.image.Publication;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.PublishedCopies;
import io.atelier.gateway.FakeJobs;
import io.atelier.gateway.SampleJobs;
import io.atelier.gateway.upkeep.publication.CopyRemoval;
import io.atelier.gateway.view.jobs.JobsNotReady;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.storage.InMemoryObjectPublisher;
import io.atelier.storage.InMemoryObjectStore;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectPublisher;
import io.atelier.storage.ObjectStoreFailed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JanitorTests {

    private static final Duration GRACE = Duration.ofHours(1);

    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private final InMemoryObjectPublisher publisher = new InMemoryObjectPublisher(store);
    private final FakeJobs jobs = new FakeJobs(new InMemoryEventPublisher());
    private final Clock later = Clock.fixed(Instant.now().plus(GRACE).plus(Duration.ofDays(1)), ZoneOffset.UTC);
    private final Janitor janitor = janitor(later, false);

    @Test
    void imagesOfASucceededJobAreKept() throws Exception {
        var job = jobs.show(SampleJobs.cut(new byte[] {1}, new byte[] {2}));
        store(job.grids().get(0).key());
        store(job.images().get(0).key());

        assertThat(janitor.sweep()).isEqualTo(new SweepResult(2, 0, 0, 0, 0));
        assertThat(store.keys()).hasSize(2);
    }

    @Test
    void pngBesideAJpegAndDerivativesAreKeptAsLongAsTheirImage() throws Exception {
        var job = jobs.show(SampleJobs.succeededAsJpeg(new byte[] {1}));
        var image = job.images().get(0);
        store(image.key());
        store(JobFolder.png(image.key()));
        store(JobFolder.derivative(job.id(), image.sha256(), "w256.png"));
        var other = store(JobFolder.derivative(job.id(), "ab".repeat(32), "w256.png"));

        assertThat(janitor.sweep().deleted()).isOne();
        assertThat(store.keys()).hasSize(3).doesNotContain(other);

        jobs.show(SampleJobs.erasedFrom(job));
        assertThat(janitor.sweep().deleted()).isEqualTo(3);
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void imageOfALostAttemptIsDeleted() throws Exception {
        var job = jobs.show(SampleJobs.succeeded(new byte[] {1}));
        var delivered = store(job.images().get(0).key());
        store(JobFolder.image(job.id(), "generate", 2, 0));

        assertThat(janitor.sweep()).isEqualTo(new SweepResult(2, 1, 3, 0, 0));
        assertThat(store.keys()).containsExactly(delivered);
    }

    @Test
    void theSignedFileOfADeliveredImageIsKeptAndThatOfAnotherIsDeleted() throws Exception {
        var job = jobs.show(SampleJobs.succeeded(new byte[] {1}));
        var delivered = store(job.images().get(0).key());
        var original = store(JobFolder.original(delivered));
        store(JobFolder.original(JobFolder.image(job.id(), "generate", 2, 0)));

        assertThat(janitor.sweep()).isEqualTo(new SweepResult(3, 1, 3, 0, 0));
        assertThat(store.keys()).containsExactlyInAnyOrder(delivered, original);
    }

    @ParameterizedTest
    @EnumSource(JobStatus.class)
    void imageThatIsNotDeliveredIsDeletedWhenItsJobHasEnded(JobStatus status) throws Exception {
        var image = image(jobs.show(SampleJobs.in(status)));

        janitor.sweep();

        assertThat(store.keys().contains(image)).isEqualTo(!status.terminal());
    }

    @DisplayName(
            "A preview that a killed worker left is deleted when its job has ended, whatever became of it; images that lie beside it are kept")
    @ParameterizedTest
    @EnumSource(JobStatus.class)
    void previewIsDeletedWhenItsJobHasEnded(JobStatus status) throws Exception {
        var job =
                jobs.show(status == JobStatus.SUCCEEDED ? SampleJobs.succeeded(new byte[] {1}) : SampleJobs.in(status));
        job.images().forEach(image -> store(image.key()));
        var preview = store(JobFolder.preview(job.id(), "generate", 1, 7));

        janitor.sweep();

        assertThat(store.keys().contains(preview)).isEqualTo(!status.terminal());
        assertThat(store.keys())
                .containsAll(job.images().stream().map(StoredImage::key).toList());
    }

    @DisplayName("A preview that a worker stored after the erasure, before it was killed, is deleted")
    @Test
    void previewStoredAfterTheErasureIsDeleted() throws Exception {
        store(JobFolder.preview(jobs.show(SampleJobs.erased(false)).id(), "generate", 2, 1));

        assertThat(janitor.sweep().deleted()).isOne();
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void imageStoredAfterTheErasureIsDeleted() throws Exception {
        image(jobs.show(SampleJobs.erased(false)));

        assertThat(janitor.sweep().deleted()).isOne();
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void imagesOfAnUnknownJobAreKept() throws Exception {
        var image = image(SampleJobs.in(JobStatus.FAILED));

        assertThat(janitor.sweep()).isEqualTo(new SweepResult(1, 0, 0, 1, 0));
        assertThat(store.keys()).containsExactly(image);
    }

    @Test
    void imagesOfAnUnknownJobAreDeletedIfConfigured() throws Exception {
        image(SampleJobs.in(JobStatus.FAILED));

        assertThat(janitor(later, true).sweep()).isEqualTo(new SweepResult(1, 1, 3, 1, 0));
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void objectsOutsideTheFoldersOfJobsAreAlwaysKept() throws Exception {
        var id = jobs.show(SampleJobs.in(JobStatus.FAILED)).id();
        store("jobs/readme.txt");
        store("jobs/1999/01/" + id + "/generate-1/0.png");
        store("elsewhere/" + id + "/0.png");

        assertThat(janitor(later, true).sweep()).isEqualTo(new SweepResult(2, 0, 0, 2, 0));
        assertThat(store.keys()).hasSize(3);
    }

    @Test
    void imagesWithinTheGracePeriodAreNotLookedAt() throws Exception {
        image(jobs.show(SampleJobs.in(JobStatus.CANCELED)));

        assertThat(janitor(Clock.systemUTC(), true).sweep()).isEqualTo(SweepResult.NONE);
        assertThat(store.keys()).hasSize(1);
    }

    @Test
    void nothingIsDeletedWhileTheViewHasNotCaughtUp() {
        image(jobs.show(SampleJobs.in(JobStatus.FAILED)));
        jobs.ready(false);

        assertThatThrownBy(janitor::sweep).isInstanceOf(JobsNotReady.class);
        assertThat(store.keys()).hasSize(1);
    }

    @Test
    void failureOfTheStoreEndsTheSweep() {
        store.failNext(ObjectStoreFailed.Kind.UNAVAILABLE);

        assertThatThrownBy(janitor::sweep)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(ObjectStoreFailed.class);
    }

    @Test
    void sweepReadsAllPages() throws Exception {
        var open = jobs.show(SampleJobs.in(JobStatus.RUNNING)).id();
        var ended = jobs.show(SampleJobs.in(JobStatus.CANCELED)).id();
        for (int index = 0; index < 700; index++) {
            store(JobFolder.image(open, "generate", 1, index));
            store(JobFolder.image(ended, "generate", 1, index));
        }

        assertThat(janitor.sweep()).isEqualTo(new SweepResult(1400, 700, 2100, 0, 0));
        assertThat(store.keys()).hasSize(700).allMatch(key -> key.contains(open.value()));
    }

    @Test
    void jobsWhoseIdsContainNoTimeHaveFoldersToo() throws Exception {
        var keyed = JobId.of(new UUID(0x8000L, 0x8000_0000_0000_0000L | new Random(1).nextInt(99)));
        store(JobFolder.image(keyed, "generate", 1, 0));

        assertThat(janitor(later, true).sweep().deleted()).isOne();
    }

    @Test
    void baseImageOfAnAvatarIsKeptAlthoughItIsNotDelivered() throws Exception {
        var job = jobs.show(withBase(SampleJobs.in(JobStatus.FAILED)));
        store(JobFolder.image(job.id(), "base", 1, 0));
        store(JobFolder.derivative(job.id(), Objects.requireNonNull(job.base()).sha256(), "w256.png"));
        var lost = store(JobFolder.image(job.id(), "base", 2, 0));

        assertThat(janitor.sweep().deleted()).isOne();
        assertThat(store.keys()).hasSize(2).doesNotContain(lost);
    }

    @ParameterizedTest
    @EnumSource(JobStatus.class)
    void textsAreKeptUntilTheErasureWhateverBecameOfTheJob(JobStatus status) throws Exception {
        var job = jobs.show(SampleJobs.in(status));
        storeTexts(job.id());

        assertThat(janitor.sweep().deleted()).isZero();

        jobs.show(SampleJobs.erasedFrom(job));
        assertThat(janitor.sweep().deleted()).isEqualTo(status.terminal() ? 3 : 0);
    }

    @ParameterizedTest
    @EnumSource(JobStatus.class)
    void publishedCopiesAreDeletedIfTheirJobEndedWithoutSuccess(JobStatus status) throws Exception {
        var job = jobs.show(SampleJobs.in(status)).id();
        publish(job);
        boolean kept = !status.terminal() || status == JobStatus.SUCCEEDED;

        janitor.sweep();

        assertThat(publisher.keys()).hasSize(kept ? 1 : 0);
        assertThat(store.keys().stream().anyMatch(key -> JobFolder.isPublication(job, key)))
                .isEqualTo(kept);
    }

    @Test
    void copiesThatWereMadeAfterTheErasureAreDeleted() throws Exception {
        publish(jobs.show(SampleJobs.erased(false)).id());

        janitor.sweep();

        assertThat(publisher.keys()).isEmpty();
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void aBucketThatRefusesDoesNotEndTheSweep() throws Exception {
        for (int i = 0; i < 2; i++) {
            publish(jobs.show(SampleJobs.in(JobStatus.FAILED)).id());
        }
        publisher.failWith(new ObjectStoreFailed(ObjectStoreFailed.Kind.REFUSED, "403"));

        var refused = janitor.sweep();

        assertThat(refused.deleted()).isEqualTo(2);
        assertThat(refused.refused()).isEqualTo(2);
        assertThat(store.keys()).hasSize(2).noneMatch(key -> key.endsWith(".png"));
        publisher.recover();
        assertThat(janitor.sweep().refused()).isZero();
        assertThat(store.keys()).isEmpty();
        assertThat(publisher.keys()).isEmpty();
    }

    @Test
    void aPublisherThatIsAwayEndsTheSweep() {
        publish(jobs.show(SampleJobs.in(JobStatus.FAILED)).id());
        publisher.failWith(new ObjectStoreFailed(ObjectStoreFailed.Kind.UNAVAILABLE, "down"));

        assertThatThrownBy(janitor::sweep).hasCauseInstanceOf(ObjectStoreFailed.class);
    }

    @Test
    void textsOfAJobThatWasNeverAcceptedAreDeletedAfterAWeek() throws Exception {
        var job = SampleJobs.in(JobStatus.SUCCEEDED).id();
        storeTexts(job);
        store(JobFolder.prompt(job, "0a1b"));
        var image = store(JobFolder.image(job, "base", 1, 0));
        var now = Instant.now();

        assertThat(janitor(Clock.fixed(now.plus(Duration.ofDays(7)).minusSeconds(60), ZoneOffset.UTC), false)
                        .sweep())
                .isEqualTo(new SweepResult(5, 0, 0, 5, 0));
        assertThat(janitor(Clock.fixed(now.plus(Duration.ofDays(7)).plusSeconds(60), ZoneOffset.UTC), false)
                        .sweep())
                .isEqualTo(new SweepResult(5, 3, 9, 5, 0));
        assertThat(store.keys()).containsExactlyInAnyOrder(JobFolder.prompt(job, "0a1b"), image);
    }

    private void storeTexts(JobId job) {
        store(JobFolder.persona(job, "0a1b2c3d"));
        store(JobFolder.given(job, "0a1b2c3d"));
        store(JobFolder.text(job, "prompt-0", 1));
    }

    private void publish(JobId job) {
        var copy = new Publication("avatars", "avatars/" + job + "/img_0.png");
        var list = EventCodec.json().writeValueAsBytes(new PublishedCopies(job, List.of(copy)));
        store.put(new ObjectKey(JobFolder.publication(job, "0a1b2c3d")), list, "application/json", Map.of())
                .join();
        var image = new ObjectKey(store(JobFolder.image(job, "split-0", 1, 0)));
        publisher
                .publish(image, new ObjectKey(copy.key()), Map.of(ObjectPublisher.JOB, job.value()))
                .join();
    }

    private static Job withBase(Job job) {
        var base = new StoredImage(
                0,
                StoredImage.Kind.IMAGE,
                JobFolder.image(job.id(), "base", 1, 0),
                "ab".repeat(32),
                3,
                "image/png",
                512,
                512,
                null,
                null);
        return new Job(
                job.id(),
                job.version(),
                job.status(),
                job.stage(),
                job.createdAt(),
                job.startedAt(),
                job.completedAt(),
                job.attempt(),
                job.maxAttempts(),
                job.request(),
                job.worker(),
                job.images(),
                job.grids(),
                job.warnings(),
                job.lastErrors(),
                job.error(),
                job.engineMillis(),
                job.cancel(),
                job.expiresAt(),
                job.erasure(),
                job.history(),
                job.enhancement(),
                job.providerCalls(),
                job.providerUsage(),
                base,
                job.prompts(),
                job.stages());
    }

    private Janitor janitor(Clock clock, boolean deleteUnknown) {
        var properties = new JanitorProperties(Duration.ofHours(1), GRACE, Duration.ZERO, deleteUnknown);
        return new Janitor(store, new CopyRemoval(store, publisher), jobs, properties, clock);
    }

    private String image(Job job) {
        return store(SampleJobs.key(job.id(), 0));
    }

    private String store(String key) {
        store.put(new ObjectKey(key), new byte[3], "image/png", Map.of()).join();
        return key;
    }
}
