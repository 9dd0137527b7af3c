package io.atelier.splitter.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.atelier.contract.image.Publication;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.JobEvent.TaskCanceled;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.PublishedCopies;
import io.atelier.contract.job.Worker;
import io.atelier.contract.work.PublishRequested;
import io.atelier.contract.work.TaskProgress;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.messaging.Topic;
import io.atelier.storage.InMemoryObjectPublisher;
import io.atelier.storage.InMemoryObjectStore;
import io.atelier.storage.KeyTemplate;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectPublisher;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.storage.StoredObject;
import io.atelier.worker.cancellation.Cancellation;
import io.atelier.worker.lease.Lease;
import io.atelier.worker.lease.TaskHandler.Disposition;
import io.atelier.worker.store.StoreRetry;
import io.atelier.worker.task.ReportingTaskHandler;
import io.atelier.worker.task.WorkerProperties;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

class AvatarPublisherTests {

    private static final Worker WORKER = new Worker("splitter-1", "splitter", "cpu");
    private static final Instant AT = Instant.parse("2026-12-01T10:00:00Z");
    private static final JobId JOB = JobId.create(AT, new Random(1));
    private static final JobId LATER = JobId.create(AT, new Random(2));

    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private final InMemoryObjectPublisher publisher = new InMemoryObjectPublisher(store);
    private final PublishingHealth health = new PublishingHealth(publisher);
    private final InMemoryEventPublisher events = new InMemoryEventPublisher();
    private final List<TaskProgress> progress = new CopyOnWriteArrayList<>();
    private final Cancellation cancellation = new Cancellation();

    @Test
    void allImagesAreCopiedAndReportedInOrder() throws Exception {
        var tiles = tiles(JOB, 8);

        assertThat(handle(task(JOB, "42", null, tiles), 1)).isEqualTo(Disposition.ACCEPT);

        var report = events.events(TaskSucceeded.class).get(0);
        assertThat(report.worker()).isEqualTo(WORKER);
        assertThat(report.images()).extracting(StoredImage::index).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(report.images())
                .extracting(StoredImage::published)
                .containsExactlyElementsOf(IntStream.range(0, 8)
                        .mapToObj(index -> new Publication("avatars", "avatars/42/img_" + index + ".png"))
                        .toList());
        assertThat(report.images()).allSatisfy(image -> {
            var copy = publisher
                    .find(Objects.requireNonNull(image.published()))
                    .join()
                    .orElseThrow();
            assertThat(copy.sha256()).isEqualTo(image.sha256());
            assertThat(copy.mediaType()).isEqualTo("image/png");
            assertThat(copy.metadata()).containsExactly(Map.entry(ObjectPublisher.JOB, JOB.value()));
        });
        assertThat(progress).extracting(TaskProgress::step).containsExactly(4, 8);
    }

    @Test
    void theListOfCopiesIsStoredBeforeTheFirstCopy() throws Exception {
        var lists = new ArrayList<PublishedCopies>();
        publisher.afterEachCopy(() -> lists.add(list(JOB)));

        handle(task(JOB, "42", null, tiles(JOB, 4)), 1);

        assertThat(lists).hasSize(4).allSatisfy(list -> {
            assertThat(list.job()).isEqualTo(JOB);
            assertThat(list.copies()).extracting(Publication::key).containsExactlyElementsOf(publisher.keys());
        });
    }

    @Test
    void nothingIsReportedUntilAllAreCopiedAndARepetitionMakesTheSameCopies() throws Exception {
        var tiles = tiles(JOB, 8);
        publisher.failFrom(
                6, new ObjectStoreFailed(ObjectStoreFailed.Kind.UNAVAILABLE, "S3 upload error (SlowDown): slower."));

        handle(task(JOB, "42", null, tiles), 1);

        var failure = events.events(TaskFailed.class).get(0).failure();
        assertThat(failure.code()).isEqualTo(Code.STORAGE_ERROR);
        assertThat(failure.message())
                .isEqualTo("Batch upload failed after 6 successful uploads: S3 upload error (SlowDown): slower.");
        assertThat(events.events(TaskSucceeded.class)).isEmpty();

        publisher.recover();
        handle(task(JOB, "42", null, tiles), 2);

        assertThat(events.events(TaskSucceeded.class))
                .singleElement()
                .satisfies(report -> assertThat(report.images()).hasSize(8).doesNotHaveDuplicates());
        assertThat(publisher.keys()).hasSize(8);
        assertThat(store.keys())
                .filteredOn(key -> JobFolder.isPublication(JOB, key))
                .hasSize(1);
    }

    @Test
    void theFirstFailureHasTheWordsOfTheStoreAlone() throws Exception {
        publisher.failWith(
                new ObjectStoreFailed(ObjectStoreFailed.Kind.REFUSED, "S3 bucket 'avatars' does not exist."));

        handle(task(JOB, "42", null, tiles(JOB, 4)), 1);

        var failure = events.events(TaskFailed.class).get(0).failure();
        assertThat(failure.code()).isEqualTo(Code.STORAGE_ERROR);
        assertThat(failure.message()).isEqualTo("S3 bucket 'avatars' does not exist.");
        assertThat(health.health().getStatus()).isEqualTo(PublishingHealth.DEGRADED);

        publisher.recover();
        handle(task(JOB, "42", null, tiles(JOB, 4)), 2);
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void waitsForAStoreThatIsDown() throws Exception {
        var tiles = tiles(JOB, 4);
        store.failNext(ObjectStoreFailed.Kind.UNAVAILABLE);

        handle(task(JOB, "42", null, tiles), 1);

        assertThat(events.events(TaskSucceeded.class)).hasSize(1);
    }

    @Test
    void copiesOfAnEarlierJobOfThePersonaAreOverwritten() throws Exception {
        handle(task(JOB, "42", null, tiles(JOB, 4)), 1);
        var tiles = tiles(LATER, 4);

        handle(task(LATER, "42", null, tiles), 1);

        assertThat(publisher.keys()).hasSize(4);
        assertThat(publisher
                        .find(new Publication("avatars", "avatars/42/img_3.png"))
                        .join())
                .hasValueSatisfying(copy -> {
                    assertThat(copy.sha256()).isEqualTo(tiles.get(3).sha256());
                    assertThat(copy.metadata()).containsEntry(ObjectPublisher.JOB, LATER.value());
                });
    }

    @Test
    void copiesThatALaterJobOverwroteMeanwhileAreNoFailure() throws Exception {
        var later = tiles(LATER, 4);
        var isFirst = new boolean[] {true};
        publisher.afterEachCopy(() -> {
            if (isFirst[0]) {
                isFirst[0] = false;
                publisher
                        .publish(
                                new ObjectKey(later.get(0).key()),
                                new ObjectKey("avatars/42/img_0.png"),
                                Map.of(ObjectPublisher.JOB, LATER.value()))
                        .join();
            }
        });

        handle(task(JOB, "42", null, tiles(JOB, 4)), 1);

        assertThat(events.events(TaskSucceeded.class)).hasSize(1);
    }

    @Test
    void aCopyThatIsGoneWhenItIsCheckedIsAFailure() throws Exception {
        publisher.afterEachCopy(() -> publisher
                .remove(new Publication("avatars", "avatars/42/img_1.png"))
                .join());

        handle(task(JOB, "42", null, tiles(JOB, 4)), 1);

        var failure = events.events(TaskFailed.class).get(0).failure();
        assertThat(failure.code()).isEqualTo(Code.STORAGE_ERROR);
        assertThat(failure.message()).isEqualTo("The published copy of image 1 is missing.");
    }

    @Test
    void ifTheJobIsErasedMeanwhileItsCopiesAreRemoved() throws Exception {
        var tiles = tiles(JOB, 4);
        publisher.afterEachCopy(() -> store.keys().stream()
                .filter(key -> JobFolder.isPublication(JOB, key))
                .forEach(key -> store.delete(new ObjectKey(key)).join()));

        handle(task(JOB, "42", null, tiles), 1);

        assertThat(publisher.published()).isEqualTo(4);
        assertThat(publisher.keys()).isEmpty();
        assertThat(events.events(TaskFailed.class).get(0).failure().code()).isEqualTo(Code.SOURCE_UNAVAILABLE);
    }

    @Test
    void stopsBetweenBatchesWhenTheJobIsCanceled() throws Exception {
        publisher.afterEachCopy(() -> cancellation.request(Cancellation.Request.receivedNow(Duration.ZERO)));

        handle(task(JOB, "42", null, tiles(JOB, 8)), 1);

        assertThat(publisher.published()).isEqualTo(4);
        assertThat(events.events(TaskCanceled.class)).hasSize(1);
    }

    @Test
    void keysMayBeginAsTheClientSays() throws Exception {
        handle(task(JOB, null, "avatars/campaign/hero", tiles(JOB, 2)), 1);

        assertThat(publisher.keys()).containsExactly("avatars/campaign/hero_0.png", "avatars/campaign/hero_1.png");
    }

    @Test
    void refusesWhatNoAttemptCanPublish() throws Exception {
        var tiles = tiles(JOB, 4);
        var jpeg = new StoredImage(
                0, StoredImage.Kind.TILE, "files/a.jpg", "ab".repeat(32), 3, "image/jpeg", 1, 1, null, null);

        refused(task(JOB, "42", null, List.of()), "1 to 20 images can be published; got 0.");
        refused(task(JOB, "42", null, tiles(JOB, 21)), "1 to 20 images can be published; got 21.");
        refused(
                task(JOB, "42", null, List.of(tiles.get(0), tiles.get(1), tiles.get(3))),
                "The images must be numbered from 0 without gaps; got 0, 1, 3.");
        refused(task(JOB, "42", null, List.of(jpeg)), "Image 0 is image/jpeg; only image/png can be published.");
        refused(task(JOB, null, "jobs/2026/img", tiles), "The keys cannot begin with 'jobs/2026/img'");
        refused(task(JOB, null, null, tiles), "needs the id of a persona or the beginning of its keys");
        assertThat(publisher.published()).isZero();
        assertThat(store.keys()).noneMatch(key -> JobFolder.isPublication(JOB, key));
    }

    @Test
    void namesAnImageThatIsGoneOrAnotherOne() throws Exception {
        var tiles = new ArrayList<>(tiles(JOB, 2));
        store.delete(new ObjectKey(tiles.get(1).key())).join();
        handle(task(JOB, "42", null, tiles), 1);

        tiles.set(1, image(1, tiles.get(0).key(), "ab".repeat(32), tiles.get(0).bytes()));
        handle(task(JOB, "42", null, tiles), 2);

        assertThat(events.events(TaskFailed.class))
                .extracting(
                        failed -> failed.failure().code(),
                        failed -> failed.failure().message())
                .containsExactly(
                        tuple(Code.SOURCE_UNAVAILABLE, "Image 1 does not exist any more."),
                        tuple(Code.SOURCE_UNAVAILABLE, "Image 1 is not the one that the job announced."));
    }

    @Test
    void theDescriptionForLogsNamesNoPersona() {
        var lease = lease(task(JOB, "persona-of-a-person", null, tiles(JOB, 4)), 1);

        assertThat(logic().attempt(lease)).asString().contains("4 images").doesNotContain("persona-of-a-person");
    }

    private void refused(PublishRequested task, String message) throws InterruptedException {
        handle(task, 1);

        var failures = events.events(TaskFailed.class);
        var failure = failures.get(failures.size() - 1).failure();
        assertThat(failure.code()).isEqualTo(Code.REQUEST_REJECTED);
        assertThat(failure.message()).contains(message);
    }

    private Disposition handle(PublishRequested task, int delivery) throws InterruptedException {
        var work = new WorkerProperties(
                Duration.ofSeconds(5), false, Duration.ZERO, Duration.ofSeconds(5), Duration.ZERO, true);
        var handler =
                new ReportingTaskHandler<>(logic(), events, progress::add, () -> AT, work, ObservationRegistry.NOOP);
        return handler.handle(lease(task, delivery));
    }

    private AvatarPublisher logic() {
        var retry = new StoreRetry(Duration.ofMillis(300));
        return new AvatarPublisher(WORKER, store, publisher, new KeyTemplate(KeyTemplate.DEFAULT), retry, health);
    }

    private Lease<PublishRequested> lease(PublishRequested task, int delivery) {
        return new Lease<>(
                task, Topic.PUBLISH_REQUESTED, delivery, delivery, cancellation, disposition -> {}, () -> {});
    }

    private static PublishRequested task(
            JobId job, @Nullable String persona, @Nullable String keyBase, List<StoredImage> tiles) {
        return new PublishRequested(job, "publish", 1, 3, AT, null, persona, keyBase, tiles);
    }

    private List<StoredImage> tiles(JobId job, int count) {
        return IntStream.range(0, count).mapToObj(index -> tile(job, index)).toList();
    }

    private StoredImage tile(JobId job, int index) {
        var key = JobFolder.image(job, "split-" + index / 4, 1, index % 4);
        var bytes = (job + " " + index).getBytes(StandardCharsets.UTF_8);
        store.put(new ObjectKey(key), bytes, "image/png", Map.of("kind", "tile"))
                .join();
        return image(index, key, StoredObject.sha256Of(bytes), bytes.length);
    }

    private static StoredImage image(int index, String key, String sha256, long bytes) {
        return new StoredImage(index, StoredImage.Kind.TILE, key, sha256, bytes, "image/png", 512, 512, null, null);
    }

    private PublishedCopies list(JobId job) {
        var key = store.keys().stream()
                .filter(each -> JobFolder.isPublication(job, each))
                .findFirst()
                .orElseThrow();
        try (var content = store.open(new ObjectKey(key), null).join()) {
            return EventCodec.read(content.stream().readAllBytes(), PublishedCopies.class);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
