package io.atelier.generator;

import static io.atelier.generator.provider.ProviderStub.answer;
import static io.atelier.generator.provider.ProviderStub.silence;
import static io.atelier.generator.provider.ProviderStub.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.image.FileId;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobEvent.TaskCanceled;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.Source;
import io.atelier.generator.engine.EditMask;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.engine.SourceImage;
import io.atelier.generator.engine.SourceImages;
import io.atelier.generator.prompt.PromptConfiguration;
import io.atelier.generator.prompt.PromptStage;
import io.atelier.generator.provider.ProviderClients;
import io.atelier.generator.provider.ProviderStub;
import io.atelier.generator.provider.SampleImages;
import io.atelier.generator.source.SourceImageConfiguration;
import io.atelier.generator.source.SourceImageLoader;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.storage.InMemoryObjectStore;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.storage.StoredObject;
import io.atelier.worker.cancellation.Cancellation;
import io.atelier.worker.store.StoreRetry;
import io.atelier.worker.task.ReportingTaskHandler;
import io.atelier.worker.task.WorkerProperties;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Jobs that edit source images, with the beans of the worker; downloads come from a stub. */
class EditedJobTests {

    private static final byte[] BASE = SampleImages.png(32, 24);
    private static final JobId OTHER = JobId.create(SampleTasks.AT, new Random(2));
    private static final StoreRetry STORE_RETRY = new StoreRetry(Duration.ofMillis(300));
    private static final WorkerProperties WORKER_PROPERTIES = new WorkerProperties(
            Duration.ofSeconds(5), false, Duration.ofMillis(400), Duration.ofSeconds(5), Duration.ZERO, true);

    private final Map<String, Integer> deliveries = new HashMap<>();
    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private final AtomicInteger failingReads = new AtomicInteger();
    private final InMemoryEventPublisher events = new InMemoryEventPublisher();
    private final ProviderStub provider = new ProviderStub();
    private final EditingEngine engine = new EditingEngine();

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void theEngineGetsTheSourceFilesUnchangedAndInOrder() {
        var jpeg = SampleImages.jpeg(8, 8);
        provider.then(answer(200, "text/plain", jpeg));

        handle(task(stored(BASE), Source.at(provider.url("/a"))));

        succeeded();
        assertThat(engine.received).hasSize(2);
        assertThat(engine.received.get(0).bytes()).isEqualTo(BASE);
        assertThat(engine.received.get(0).mediaType()).isEqualTo("image/png");
        assertThat(engine.received.get(1).bytes()).isEqualTo(jpeg);
        // The type is taken from the bytes, not from the header.
        assertThat(engine.received.get(1).mediaType()).isEqualTo("image/jpeg");
        assertThat(engine.runs()).isZero();
    }

    @Test
    void uploadedFileAndMaskAreReadFromTheStore() {
        var file = uploaded(BASE, "image/png");
        var mask = uploaded(SampleImages.png(32, 24), "image/png");

        handle(masked(file, mask));

        succeeded();
        assertThat(engine.received).hasSize(1);
        assertThat(engine.received.get(0).bytes()).isEqualTo(BASE);
        assertThat(engine.masks).hasSize(1);
        assertThat(engine.masks.get(0).width()).isEqualTo(32);
    }

    @Test
    void maskOfAnotherSizeIsRejected() {
        handle(masked(uploaded(BASE, "image/png"), uploaded(SampleImages.png(24, 32), "image/png")));

        assertThat(failure().code()).isEqualTo(Code.REQUEST_REJECTED);
        assertThat(failure().message()).contains("24 x 32", "32 x 24", "same size");
        assertThat(engine.edits.get()).isZero();
    }

    @Test
    void deletedFileFailsTheJobWithoutRetry() {
        var file = uploaded(BASE, "image/png");
        store.delete(new ObjectKey(Objects.requireNonNull(file.stored()).key())).join();

        handle(task(file));

        assertThat(failure().code()).isEqualTo(Code.SOURCE_UNAVAILABLE);
        assertThat(failure().message()).contains("the file 'file_", "no longer stored");
    }

    @Test
    void gifBecomesAPng() throws IOException {
        var gif = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(9, 7, BufferedImage.TYPE_BYTE_INDEXED), "gif", gif);

        handle(task(uploaded(gif.toByteArray(), "image/gif")));

        succeeded();
        assertThat(engine.received.get(0).mediaType()).isEqualTo("image/png");
        assertThat(engine.received.get(0).width()).isEqualTo(9);
    }

    @Test
    void turnedJpegIsSentUpright() throws IOException {
        var exif = HexFormat.of()
                .parseHex("457869660000" + "4d4d002a00000008" + "0001" + "011200030000000100060000" + "00000000");
        var jpeg = SampleImages.jpeg(16, 8);
        var turned = new ByteArrayOutputStream();
        turned.write(jpeg, 0, 2);
        turned.write(new byte[] {(byte) 0xFF, (byte) 0xE1, 0, (byte) (2 + exif.length)});
        turned.write(exif);
        turned.write(jpeg, 2, jpeg.length - 2);

        handle(task(uploaded(turned.toByteArray(), "image/jpeg")));

        succeeded();
        assertThat(engine.received.get(0).mediaType()).isEqualTo("image/png");
        assertThat(engine.received.get(0).width()).isEqualTo(8);
        assertThat(engine.received.get(0).height()).isEqualTo(16);
    }

    @Test
    void withoutSourcesTheEngineGeneratesNewImages() {
        handle(task());

        succeeded();
        assertThat(engine.runs()).isEqualTo(1);
        assertThat(engine.received).isEmpty();
    }

    @Test
    void aSecondDeliveryFindsTheStoredImagesEvenIfTheSourceIsErased() {
        var source = stored(BASE);
        handle(task(source));
        var first = succeeded();
        store.delete(key(source)).join();

        handle(task(source));

        var second = events.events(TaskSucceeded.class).get(1);
        assertThat(second.images()).isEqualTo(first.images());
        assertThat(events.events(TaskFailed.class)).isEmpty();
        assertThat(engine.edits.get()).isEqualTo(1);
    }

    @Test
    void anErasedSourceFailsTheJobWithoutRetry() {
        var source = stored(BASE);
        store.delete(key(source)).join();

        handle(task(source));

        var failure = failure();
        assertThat(failure.code()).isEqualTo(Code.SOURCE_UNAVAILABLE);
        assertThat(failure.code().isTransient()).isFalse();
        assertThat(failure.code().allowsFallback()).isFalse();
        assertThat(failure.message()).contains("images/0", OTHER.value(), "no longer stored");
    }

    @Test
    void aShortOutageOfTheStoreIsRetried() {
        failingReads.set(1);

        handle(task(stored(BASE)));

        succeeded();
        assertThat(engine.edits.get()).isEqualTo(1);
    }

    @Test
    void aLongOutageOfTheStoreIsARetryableStorageError() {
        failingReads.set(Integer.MAX_VALUE);

        handle(task(stored(BASE)));

        assertThat(failure().code()).isEqualTo(Code.STORAGE_ERROR);
        assertThat(failure().code().isTransient()).isTrue();
    }

    @Test
    void aStoredSourceWithAnotherChecksumIsNotEdited() {
        var source = stored(BASE);
        store.delete(key(source)).join();
        store.put(key(source), SampleImages.png(32, 24, 9), "image/png", Map.of())
                .join();

        handle(task(source));

        assertThat(failure().code()).isEqualTo(Code.STORAGE_ERROR);
        assertThat(engine.edits.get()).isZero();
    }

    @Test
    void anAddressInAPrivateNetworkIsNotFetched() {
        provider.always(answer(200, "image/png", BASE));

        for (var url : List.of(provider.url("/a.png"), "https://localhost:%d/a.png".formatted(provider.port()))) {
            handle(task(Source.at(url)), new Cancellation(), "io.atelier.sources.remote.fetch-private=false");
        }

        assertThat(events.events(TaskFailed.class))
                .hasSize(2)
                .extracting(TaskFailed::failure)
                .allSatisfy(failure -> {
                    assertThat(failure.code()).isEqualTo(Code.SOURCE_UNAVAILABLE);
                    assertThat(failure.message()).contains("images/0", "private network");
                });
        assertThat(provider.calls()).isEmpty();
    }

    static Stream<Arguments> unusableResponses() {
        return Stream.of(
                Arguments.of(status(404), "status 404", 1),
                Arguments.of(status(500), "status 500", 4),
                Arguments.of(answer(200, "image/png", new byte[] {1, 2, 3}), "no PNG, JPEG, WebP or GIF", 1),
                Arguments.of(answer(200, "image/png", SampleImages.png(101, 100)), "101 x 100 pixels", 1),
                Arguments.of(answer(200, "image/png", new byte[3_000]), "longer than 2048 bytes", 1));
    }

    @ParameterizedTest
    @MethodSource("unusableResponses")
    void anUnusableSourceFailsTheJobWithoutRetry(MockResponse answer, String reason, int calls) {
        provider.always(answer);

        handle(
                task(Source.at(provider.url("/a.png?signature=secret"))),
                new Cancellation(),
                "io.atelier.sources.remote.limits.max-pixels=10000",
                "io.atelier.sources.remote.limits.max-response=2KB");

        assertThat(failure().code()).isEqualTo(Code.SOURCE_UNAVAILABLE);
        assertThat(failure().message()).contains("images/0", reason).doesNotContain("secret");
        assertThat(provider.calls()).hasSize(calls);
        assertThat(engine.edits.get()).isZero();
    }

    @Test
    void sourcesThatAreTooLargeTogetherAreRejected() {
        handle(
                task(stored(BASE), stored(BASE)),
                new Cancellation(),
                "io.atelier.sources.max-total=%dB".formatted(BASE.length));

        assertThat(failure().code()).isEqualTo(Code.REQUEST_REJECTED);
        assertThat(failure().message()).contains("too large");
    }

    @Test
    void anEngineWithoutEditsRejectsTheTask() {
        var generating = new ScriptedEngine((request, run) -> List.of(generated()));

        handle(task(stored(BASE)), new Cancellation(), generating);

        assertThat(failure().code()).isEqualTo(Code.REQUEST_REJECTED);
        assertThat(failure().message()).contains("only generates new images");
        assertThat(generating.runs()).isZero();
    }

    @Test
    void aJobThatIsCanceledDuringADownloadEndsAtOnce() {
        provider.always(silence());
        var cancellation = new Cancellation();
        var canceling = CompletableFuture.runAsync(() -> {
            await().until(() -> !provider.calls().isEmpty());
            cancellation.request(Cancellation.Request.receivedNow(Duration.ofSeconds(30)));
        });

        handle(task(Source.at(provider.url("/a.png"))), cancellation);

        canceling.join();
        assertThat(events.events(TaskCanceled.class)).hasSize(1);
        assertThat(engine.edits.get()).isZero();
    }

    /** The number of this delivery: one more than for the same task before. */
    private int delivery(GenerationRequested task) {
        return deliveries.merge(task.job() + task.task() + task.attempt(), 1, Integer::sum);
    }

    private void handle(GenerationRequested task) {
        handle(task, new Cancellation());
    }

    private void handle(GenerationRequested task, Cancellation cancellation, String... settings) {
        handle(task, cancellation, engine, settings);
    }

    private void handle(
            GenerationRequested task, Cancellation cancellation, GenerationEngine used, String... settings) {
        new ApplicationContextRunner()
                .withUserConfiguration(PromptConfiguration.class, SourceImageConfiguration.class)
                .withBean(ProviderClients.class, () -> new ProviderClients(new SimpleMeterRegistry()))
                .withBean(ObjectStore.class, this::failingStore)
                .withBean(WorkerProperties.class, () -> WORKER_PROPERTIES)
                .withPropertyValues(
                        "io.atelier.sources.remote.fetch-private=true",
                        "io.atelier.sources.remote.retry.base-interval=10ms")
                .withPropertyValues(settings)
                .run(context -> {
                    var generator = new ImageGenerator(
                            pool -> "worker-1",
                            new EngineRegistry(List.of(used)),
                            SampleAvatars.inputs(store),
                            context.getBean(PromptStage.class),
                            context.getBean(SourceImageLoader.class),
                            SampleTasks.previews(store),
                            new ImageRepository(store, true),
                            STORE_RETRY,
                            Clock.systemUTC());
                    new ReportingTaskHandler<>(
                                    generator,
                                    events,
                                    progress -> {},
                                    Clock.systemUTC(),
                                    WORKER_PROPERTIES,
                                    ObservationRegistry.NOOP)
                            .handle(SampleTasks.lease(task, delivery(task), cancellation));
                });
    }

    /** The store; the next {@code failingReads} reads fail. */
    private ObjectStore failingStore() {
        return (ObjectStore) Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(),
                new Class<?>[] {ObjectStore.class},
                (proxy, method, arguments) -> method.getName().equals("open") && failingReads.getAndDecrement() > 0
                        ? CompletableFuture.failedFuture(
                                new ObjectStoreFailed(ObjectStoreFailed.Kind.UNAVAILABLE, "The store is away"))
                        : method.invoke(store, arguments));
    }

    private Source uploaded(byte[] bytes, String mediaType) {
        var id = FileId.ofSha256(StoredObject.sha256Of(bytes));
        var object = store.put(new ObjectKey("files/zz/%s/content.png".formatted(id)), bytes, mediaType, Map.of())
                .join();
        return Source.of(id).storedAs(image(object));
    }

    private static GenerationRequested masked(Source file, Source mask) {
        var request = SampleTasks.request(ScriptedEngine.NAME, "four views", 1, null);
        return SampleTasks.task(
                request.toBuilder().images(List.of(file)).mask(mask).build());
    }

    private Source stored(byte[] bytes) {
        var object = store.put(
                        new ObjectKey("jobs/2026/03/%s/generate-1/0.png".formatted(OTHER)),
                        bytes,
                        "image/png",
                        Map.of())
                .join();
        return Source.of(OTHER, 0).storedAs(image(object));
    }

    private static StoredImage image(StoredObject object) {
        return new StoredImage(
                0,
                StoredImage.Kind.IMAGE,
                object.key().value(),
                object.sha256(),
                object.bytes(),
                object.mediaType(),
                32,
                24,
                7L,
                null);
    }

    private static ObjectKey key(Source source) {
        var reference = Objects.requireNonNull(source.generation());
        return new ObjectKey(Objects.requireNonNull(reference.stored()).key());
    }

    private static GenerationRequested task(Source... sources) {
        GenerationRequest plain = SampleTasks.request(ScriptedEngine.NAME, "four views", 1, null);
        return SampleTasks.task(plain.withImages(List.of(sources)));
    }

    private TaskSucceeded succeeded() {
        assertThat(events.events(TaskFailed.class)).isEmpty();
        return events.events(TaskSucceeded.class).get(0);
    }

    private Failure failure() {
        assertThat(events.events(TaskFailed.class)).hasSize(1);
        return events.events(TaskFailed.class).get(0).failure();
    }

    private static GeneratedImage generated() {
        return new GeneratedImage(new BufferedImage(4, 3, BufferedImage.TYPE_INT_RGB), 40, Map.of());
    }

    /** An engine that records the sources of edits. */
    private static final class EditingEngine extends ScriptedEngine {

        private final List<SourceImage> received = new CopyOnWriteArrayList<>();
        private final List<EditMask> masks = new CopyOnWriteArrayList<>();
        private final AtomicInteger edits = new AtomicInteger();

        EditingEngine() {
            super((request, run) -> List.of(generated()));
        }

        @Override
        public List<GeneratedImage> edit(GenerationRequest request, SourceImages sources, GenerationRun run) {
            edits.incrementAndGet();
            received.addAll(sources.images());
            if (sources.mask() != null) {
                masks.add(sources.mask());
            }
            return List.of(generated());
        }
    }
}
