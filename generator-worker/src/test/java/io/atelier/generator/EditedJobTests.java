package io.atelier.generator;

import static io.atelier.generator.provider.ProviderStub.answer;
import static io.atelier.generator.provider.ProviderStub.silence;
import static io.atelier.generator.provider.ProviderStub.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.engine.SourceImage;
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
import io.atelier.worker.cancellation.CancellationRequest;
import io.atelier.worker.store.StoreRetry;
import io.atelier.worker.task.ReportingTaskHandler;
import io.atelier.worker.task.WorkerProperties;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.awt.image.BufferedImage;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Jobs that change pictures, with the worker's own wiring; what lies elsewhere lies at a stub. */
class EditedJobTests {

    private static final byte[] BASE = SampleImages.png(32, 24);
    private static final JobId OTHER = JobId.create(SampleTasks.AT, new Random(2));
    private static final StoreRetry PATIENCE = new StoreRetry(Duration.ofMillis(300));
    private static final WorkerProperties WORK =
            new WorkerProperties(Duration.ofSeconds(5), false, Duration.ofMillis(400), Duration.ofSeconds(5));

    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private final AtomicInteger failingReads = new AtomicInteger();
    private final InMemoryEventPublisher events = new InMemoryEventPublisher();
    private final ProviderStub elsewhere = new ProviderStub();
    private final Editor engine = new Editor();

    @AfterEach
    void close() {
        elsewhere.close();
    }

    @Test
    void imagesAreHandedToTheEngineAsTheyLieInTheirOrder() {
        var jpeg = SampleImages.jpeg(8, 8);
        elsewhere.then(answer(200, "text/plain", jpeg));

        handle(order(kept(BASE), Source.at(elsewhere.url("/a"))));

        succeeded();
        assertThat(engine.given).hasSize(2);
        assertThat(engine.given.get(0).bytes()).isEqualTo(BASE);
        assertThat(engine.given.get(0).mediaType()).isEqualTo("image/png");
        assertThat(engine.given.get(1).bytes()).isEqualTo(jpeg);
        // By its bytes, whatever its server says of it.
        assertThat(engine.given.get(1).mediaType()).isEqualTo("image/jpeg");
        assertThat(engine.runs()).isZero();
    }

    @Test
    void withoutImagesTheEngineDrawsNewOnes() {
        handle(order());

        succeeded();
        assertThat(engine.runs()).isEqualTo(1);
        assertThat(engine.given).isEmpty();
    }

    @Test
    void aRedeliveryFindsWhatWasMadeThoughItsSourceIsErasedByNow() {
        var source = kept(BASE);
        handle(order(source));
        var first = succeeded();
        store.delete(key(source)).join();

        handle(order(source));

        var again = events.events(TaskSucceeded.class).get(1);
        assertThat(again.images()).isEqualTo(first.images());
        assertThat(events.events(TaskFailed.class)).isEmpty();
        assertThat(engine.edits.get()).isEqualTo(1);
    }

    @Test
    void aImageThatWasErasedFailsTheJobForGood() {
        var source = kept(BASE);
        store.delete(key(source)).join();

        handle(order(source));

        var failure = failure();
        assertThat(failure.code()).isEqualTo(Code.SOURCE_UNAVAILABLE);
        assertThat(failure.code().isTransient()).isFalse();
        assertThat(failure.code().allowsFallback()).isFalse();
        assertThat(failure.message()).contains("images/0", OTHER.value(), "not in the store any more");
    }

    @Test
    void aStoreThatIsAwayIsWaitedFor() {
        failingReads.set(1);

        handle(order(kept(BASE)));

        succeeded();
        assertThat(engine.edits.get()).isEqualTo(1);
    }

    @Test
    void aStoreThatStaysAwayIsAnErrorOfTheStoreAndTriedAgain() {
        failingReads.set(Integer.MAX_VALUE);

        handle(order(kept(BASE)));

        assertThat(failure().code()).isEqualTo(Code.STORAGE_ERROR);
        assertThat(failure().code().isTransient()).isTrue();
    }

    @Test
    void otherBytesThanThoseThatWerePutThereAreNotChanged() {
        var source = kept(BASE);
        store.delete(key(source)).join();
        store.put(key(source), SampleImages.png(32, 24, 9), "image/png", Map.of())
                .join();

        handle(order(source));

        assertThat(failure().code()).isEqualTo(Code.STORAGE_ERROR);
        assertThat(engine.edits.get()).isZero();
    }

    @Test
    void anAddressInAPrivateNetworkIsNotAsked() {
        elsewhere.always(answer(200, "image/png", BASE));

        for (var url : List.of(elsewhere.url("/a.png"), "https://localhost:%d/a.png".formatted(elsewhere.port()))) {
            handle(order(Source.at(url)), new Cancellation(), "io.atelier.sources.remote.fetch-private=false");
        }

        assertThat(events.events(TaskFailed.class))
                .hasSize(2)
                .extracting(TaskFailed::failure)
                .allSatisfy(failure -> {
                    assertThat(failure.code()).isEqualTo(Code.SOURCE_UNAVAILABLE);
                    assertThat(failure.message()).contains("images/0", "private network");
                });
        assertThat(elsewhere.calls()).isEmpty();
    }

    static Stream<Arguments> whatIsNoImage() {
        return Stream.of(
                Arguments.of(status(404), "status 404", 1),
                Arguments.of(status(500), "status 500", 4),
                Arguments.of(answer(200, "image/png", new byte[] {1, 2, 3}), "no PNG, JPEG or WebP", 1),
                Arguments.of(answer(200, "image/png", SampleImages.png(101, 100)), "101 x 100 pixels", 1),
                Arguments.of(answer(200, "image/png", new byte[3_000]), "longer than 2048 bytes", 1));
    }

    @ParameterizedTest
    @MethodSource("whatIsNoPicture")
    void whatCannotBeFetchedFailsTheJobForGood(MockResponse answer, String why, int calls) {
        elsewhere.always(answer);

        handle(
                order(Source.at(elsewhere.url("/a.png?signature=secret"))),
                new Cancellation(),
                "io.atelier.sources.remote.max-pixels=10000",
                "io.atelier.sources.remote.max-answer=2KB");

        assertThat(failure().code()).isEqualTo(Code.SOURCE_UNAVAILABLE);
        assertThat(failure().message()).contains("images/0", why).doesNotContain("secret");
        assertThat(elsewhere.calls()).hasSize(calls);
        assertThat(engine.edits.get()).isZero();
    }

    @Test
    void imagesThatAreTooLongTogetherAreRefused() {
        handle(
                order(kept(BASE), kept(BASE)),
                new Cancellation(),
                "io.atelier.sources.max-total=%dB".formatted(BASE.length));

        assertThat(failure().code()).isEqualTo(Code.REQUEST_REJECTED);
        assertThat(failure().message()).contains("too long");
    }

    @Test
    void anEngineThatOnlyDrawsNewImagesRefuses() {
        var drawing = new ScriptedEngine((request, run) -> List.of(picture()));

        handle(order(kept(BASE)), new Cancellation(), drawing);

        assertThat(failure().code()).isEqualTo(Code.REQUEST_REJECTED);
        assertThat(failure().message()).contains("only draws new pictures");
        assertThat(drawing.runs()).isZero();
    }

    @Test
    void aJobThatIsCanceledDuringTheFetchEndsAtOnce() {
        elsewhere.always(silence());
        var cancellation = new Cancellation();
        var canceling = CompletableFuture.runAsync(() -> {
            await().until(() -> !elsewhere.calls().isEmpty());
            cancellation.request(CancellationRequest.receivedNow(Duration.ofSeconds(30)));
        });

        handle(order(Source.at(elsewhere.url("/a.png"))), cancellation);

        canceling.join();
        assertThat(events.events(TaskCanceled.class)).hasSize(1);
        assertThat(engine.edits.get()).isZero();
    }

    private void handle(GenerationRequested order) {
        handle(order, new Cancellation());
    }

    private void handle(GenerationRequested order, Cancellation cancellation, String... settings) {
        handle(order, cancellation, engine, settings);
    }

    private void handle(
            GenerationRequested order, Cancellation cancellation, GenerationEngine drawing, String... settings) {
        new ApplicationContextRunner()
                .withUserConfiguration(PromptConfiguration.class, SourceImageConfiguration.class)
                .withBean(ProviderClients.class, () -> new ProviderClients(new SimpleMeterRegistry()))
                .withBean(ObjectStore.class, this::frailStore)
                .withBean(WorkerProperties.class, () -> WORK)
                .withPropertyValues(
                        "io.atelier.sources.remote.fetch-private=true", "io.atelier.sources.remote.retry.base=10ms")
                .withPropertyValues(settings)
                .run(context -> {
                    var material = new ImageGenerator.Material(
                            context.getBean(PromptStage.class), context.getBean(SourceImageLoader.class));
                    var shelf = new ImageGenerator.Shelf(new ImageRepository(store), PATIENCE);
                    var generator = new ImageGenerator(
                            "worker-1", new EngineRegistry(List.of(drawing)), material, shelf, Clock.systemUTC());
                    new ReportingTaskHandler<>(generator, events, Clock.systemUTC(), WORK)
                            .handle(SampleTasks.lease(order, 1, cancellation));
                });
    }

    /** The store, of which the next objects cannot be read. */
    private ObjectStore frailStore() {
        return (ObjectStore) Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(),
                new Class<?>[] {ObjectStore.class},
                (proxy, method, arguments) -> method.getName().equals("open") && failingReads.getAndDecrement() > 0
                        ? CompletableFuture.failedFuture(
                                new ObjectStoreFailed(ObjectStoreFailed.Kind.UNAVAILABLE, "The store is away"))
                        : method.invoke(store, arguments));
    }

    private Source kept(byte[] bytes) {
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
        var ofJob = Objects.requireNonNull(source.generation());
        return new ObjectKey(Objects.requireNonNull(ofJob.stored()).key());
    }

    private static GenerationRequested order(Source... sources) {
        GenerationRequest plain = SampleTasks.request(ScriptedEngine.NAME, "four views", 1, null);
        return SampleTasks.order(plain.changing(List.of(sources)));
    }

    private TaskSucceeded succeeded() {
        assertThat(events.events(TaskFailed.class)).isEmpty();
        return events.events(TaskSucceeded.class).get(0);
    }

    private Failure failure() {
        assertThat(events.events(TaskFailed.class)).hasSize(1);
        return events.events(TaskFailed.class).get(0).failure();
    }

    private static GeneratedImage picture() {
        return new GeneratedImage(new BufferedImage(4, 3, BufferedImage.TYPE_INT_RGB), 40, Map.of());
    }

    /** An engine that keeps what it is given to change. */
    private static final class Editor extends ScriptedEngine {

        private final List<SourceImage> given = new CopyOnWriteArrayList<>();
        private final AtomicInteger edits = new AtomicInteger();

        Editor() {
            super((request, run) -> List.of(picture()));
        }

        @Override
        public List<GeneratedImage> edit(GenerationRequest request, List<SourceImage> sources, GenerationRun run) {
            edits.incrementAndGet();
            given.addAll(sources);
            return List.of(picture());
        }
    }
}
