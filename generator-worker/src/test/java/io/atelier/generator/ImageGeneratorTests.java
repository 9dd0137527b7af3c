package io.atelier.generator;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobEvent.TaskCanceled;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.work.TaskProgress;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.engine.testcard.TestCardEngine;
import io.atelier.generator.prompt.PromptEnhancer;
import io.atelier.generator.prompt.PromptStage;
import io.atelier.generator.provider.ProviderClients;
import io.atelier.generator.provider.SampleSettings;
import io.atelier.generator.source.SourceImageLoader;
import io.atelier.messaging.EventPublisher;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.storage.InMemoryObjectStore;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.worker.cancellation.Cancellation;
import io.atelier.worker.cancellation.CancellationRequest;
import io.atelier.worker.lease.TaskDisposition;
import io.atelier.worker.store.StoreRetry;
import io.atelier.worker.task.ReportingTaskHandler;
import io.atelier.worker.task.WorkerProperties;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.awt.image.BufferedImage;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.util.unit.DataSize;

class ImageGeneratorTests {

    private static final StoreRetry PATIENCE = new StoreRetry(Duration.ofMillis(300));
    private static final WorkerProperties WORK =
            new WorkerProperties(Duration.ofSeconds(5), false, Duration.ZERO, Duration.ofSeconds(5));

    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private final InMemoryEventPublisher events = new InMemoryEventPublisher();
    private final TestCardEngine testCard = new TestCardEngine();

    @Test
    void anOrderIsStartedDrawnKeptAndReported() throws Exception {
        var order = SampleTasks.order(SampleTasks.request("a cat", 2));

        var verdict = generator(testCard).handle(SampleTasks.lease(order));

        assertThat(verdict).isEqualTo(TaskDisposition.ACCEPT);
        assertThat(events.events()).hasSize(2);
        var started = (TaskStarted) events.events().get(0);
        assertThat(started.attempt()).isEqualTo(1);
        assertThat(started.worker().id()).isEqualTo("worker-1");
        assertThat(started.worker().engine()).isEqualTo("test-card");
        assertThat(started.worker().device()).isEqualTo("cpu");
        var succeeded = (TaskSucceeded) events.events().get(1);
        assertThat(succeeded.job()).isEqualTo(order.job());
        assertThat(succeeded.task()).isEqualTo("generate");
        assertThat(succeeded.engineMillis()).isNotNull().isNotNegative();
        assertThat(succeeded.images()).hasSize(2);
    }

    @Test
    @DisplayName("B-15, B-16: a picture lies under its job as a PNG, and its report says so")
    void aReportSaysOfEachImageWhatLiesInTheStore() throws Exception {
        var order = SampleTasks.order(SampleTasks.request("a cat", 2));

        generator(testCard).handle(SampleTasks.lease(order));

        var images = succeeded().images();
        for (int i = 0; i < 2; i++) {
            var image = images.get(i);
            // The month is the one in which the job was made, by its id and in UTC.
            assertThat(image.key()).isEqualTo("jobs/2026/03/%s/generate-1/%d.png".formatted(order.job(), i));
            var object = store.find(new ObjectKey(image.key())).join().orElseThrow();
            assertThat(image.index()).isEqualTo(i);
            assertThat(image.kind()).isEqualTo(StoredImage.Kind.IMAGE);
            assertThat(image.sha256()).isEqualTo(object.sha256());
            assertThat(image.bytes()).isEqualTo(object.bytes()).isPositive();
            assertThat(image.mediaType()).isEqualTo("image/png");
            assertThat(object.mediaType()).isEqualTo("image/png");
            assertThat(image.width()).isEqualTo(96);
            assertThat(image.height()).isEqualTo(64);
            assertThat(image.seed()).isEqualTo(40L + i);
            assertThat(image.tile()).isNull();
        }
    }

    @Test
    void everyImageCanBeFetchedWhenItIsAnnounced() throws Exception {
        var announced = new Announcements(store);
        var generator = generator(announced, store, testCard);

        generator.handle(SampleTasks.lease(SampleTasks.order(SampleTasks.request("a cat", 3))));

        assertThat(announced.fetchable()).isEqualTo(3);
    }

    @Test
    void theCardOfAGridIsAGrid() throws Exception {
        var grid = new GridSpec(2, 2, true, 0, 10, 32);

        generator(testCard)
                .handle(SampleTasks.lease(SampleTasks.order(SampleTasks.request("test-card", "grid:2x2", 1, grid))));

        assertThat(succeeded().images()).extracting(StoredImage::kind).containsExactly(StoredImage.Kind.GRID);
    }

    @Test
    void aRedeliveryFindsItsImagesAndDoesNotDrawAgain() throws Exception {
        var engine =
                new ScriptedEngine((request, run) -> List.of(image(40, Map.of("warning", "Far from what I know."))));
        var generator = generator(engine);
        var order = SampleTasks.order(SampleTasks.request(ScriptedEngine.NAME, "a cat", 1, null));
        generator.handle(SampleTasks.lease(order));
        var first = succeeded();

        var verdict = generator.handle(SampleTasks.lease(order, 2, new Cancellation()));

        assertThat(verdict).isEqualTo(TaskDisposition.ACCEPT);
        assertThat(engine.runs()).isEqualTo(1);
        var again = events.events(TaskSucceeded.class).get(1);
        assertThat(again.attempt()).isEqualTo(2);
        assertThat(again.images()).isEqualTo(first.images());
        assertThat(again.warnings()).isEqualTo(first.warnings()).hasSize(1);
        assertThat(again.engineMillis()).isNull();
    }

    @Test
    void imagesThatAreFoundAreReportedEvenWithoutTheEngine() throws Exception {
        var order = SampleTasks.order(SampleTasks.request("a cat", 1));
        generator(testCard).handle(SampleTasks.lease(order));

        generator().handle(SampleTasks.lease(order, 2, new Cancellation()));

        assertThat(events.events(TaskSucceeded.class)).hasSize(2);
    }

    @Test
    void seedOfAnEngineThatDrawsByNoneIsNotReported() throws Exception {
        var engine = new ScriptedEngine((request, run) -> List.of(image(40, Map.of())));
        var order = SampleTasks.order(SampleTasks.request(ScriptedEngine.NAME, "a cat", 1, null));

        generator(engine).handle(SampleTasks.lease(order));
        generator(engine).handle(SampleTasks.lease(order, 2, new Cancellation()));

        assertThat(engine.runs()).isEqualTo(1);
        assertThat(events.events(TaskSucceeded.class))
                .hasSize(2)
                .allSatisfy(succeeded ->
                        assertThat(succeeded.images().get(0).seed()).isNull());
    }

    @Test
    void aTaskOfWhichOnlySomeImagesAreThereIsDrawnAndTheFirstWriterWins() throws Exception {
        var order = SampleTasks.order(SampleTasks.request("a cat", 2));
        var early = new byte[] {1, 2, 3};
        var notes = Map.of("kind", "image", "width", "7", "height", "8", "seed", "9");
        var key = new ObjectKey("jobs/2026/03/%s/generate-1/1.png".formatted(order.job()));
        store.put(key, early, "image/png", notes).join();

        generator(testCard).handle(SampleTasks.lease(order));

        var images = succeeded().images();
        assertThat(images).hasSize(2);
        assertThat(images.get(0).width()).isEqualTo(96);
        assertThat(images.get(1).bytes()).isEqualTo(3);
        assertThat(images.get(1).width()).isEqualTo(7);
        assertThat(images.get(1).seed()).isEqualTo(9L);
    }

    @Test
    void anotherAttemptUnderAnotherOrderIsKeptApart() throws Exception {
        var first = SampleTasks.order(SampleTasks.request("a cat", 1));
        var second = new GenerationRequested(first.job(), first.task(), 2, 3, first.at(), null, first.request());

        generator(testCard).handle(SampleTasks.lease(first));
        generator(testCard).handle(SampleTasks.lease(second));

        assertThat(events.events(TaskSucceeded.class))
                .extracting(event -> event.images().get(0).key())
                .doesNotHaveDuplicates();
    }

    @Test
    void whatAnEngineWarnsOfBecomesAWarningOfTheJob() throws Exception {
        var engine = new ScriptedEngine((request, run) -> List.of(
                image(40, Map.of("warning", "I draw \u201Cstickers\u201D.")),
                image(41, Map.of("warning", "I draw \u201Cstickers\u201D.")),
                image(42, Map.of("warning", " "))));

        generator(engine)
                .handle(SampleTasks.lease(
                        SampleTasks.order(SampleTasks.request(ScriptedEngine.NAME, "a cat", 3, null))));

        assertThat(succeeded().warnings()).hasSize(1).first().satisfies(warning -> {
            assertThat(warning.code()).isEqualTo("engine");
            assertThat(warning.message()).isEqualTo("I draw ?stickers?.");
            assertThat(warning.tile()).isNull();
        });
    }

    @Test
    void progressIsToldOfTheAttemptUnderWay() throws Exception {
        var slow = SampleTasks.order(SampleTasks.request("a cat delay:300ms", 1));

        generator(testCard).handle(SampleTasks.lease(slow, 3, new Cancellation()));

        assertThat(events.progress()).isNotEmpty().allSatisfy(told -> {
            assertThat(told.job()).isEqualTo(SampleTasks.JOB);
            assertThat(told.attempt()).isEqualTo(3);
        });
        assertThat(events.progress()).last().extracting(TaskProgress::fraction).isEqualTo(1.0);
    }

    static Stream<Arguments> failures() {
        var vendor = new Failure(Code.PROVIDER_ERROR, "The vendor says no.", 418);
        return Stream.of(
                Arguments.of(new GenerationFailed(vendor), Code.PROVIDER_ERROR, "The vendor says no."),
                Arguments.of(new OutOfMemoryError("in a test"), Code.OUT_OF_MEMORY, "smaller images"),
                Arguments.of(new IllegalStateException("a secret"), Code.ENGINE_ERROR, "The log of worker worker-1"),
                Arguments.of(new UnsatisfiedLinkError("a library"), Code.ENGINE_ERROR, "'scripted' broke"),
                Arguments.of(new GenerationCanceled(), Code.ENGINE_ERROR, "stopped by itself"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void howAnEngineEndsIsReportedInTheWordsThatAllShare(Throwable end, Code code, String words) throws Exception {
        var order = SampleTasks.order(SampleTasks.request(ScriptedEngine.NAME, "a cat", 1, null));

        var verdict = generator(ScriptedEngine.failing(end)).handle(SampleTasks.lease(order, 2, new Cancellation()));

        assertThat(verdict).isEqualTo(TaskDisposition.ACCEPT);
        var failed = failed();
        assertThat(failed.attempt()).isEqualTo(2);
        assertThat(failed.failure().code()).isEqualTo(code);
        assertThat(failed.failure().message()).contains(words).doesNotContain("secret");
    }

    @Test
    void anEngineThatIsNotHereIsReportedWithThoseThatAre() throws Exception {
        var order = SampleTasks.order(SampleTasks.request("sdxl", "a cat", 1, null));

        var verdict = generator(testCard, ScriptedEngine.failing(new IllegalStateException()))
                .handle(SampleTasks.lease(order));

        assertThat(verdict).isEqualTo(TaskDisposition.ACCEPT);
        assertThat(failed().failure().code()).isEqualTo(Code.ENGINE_UNAVAILABLE);
        assertThat(failed().failure().message()).contains("'sdxl'").contains("scripted, test-card");
    }

    @Test
    void aStoreThatFailsIsReported() throws Exception {
        store.failAlways(ObjectStoreFailed.Kind.UNAVAILABLE);

        var verdict = generator(testCard).handle(SampleTasks.lease(SampleTasks.order(SampleTasks.request("a cat", 1))));

        assertThat(verdict).isEqualTo(TaskDisposition.ACCEPT);
        assertThat(failed().failure().code()).isEqualTo(Code.STORAGE_ERROR);
        assertThat(failed().failure().code().isTransient()).isTrue();
    }

    @Test
    @DisplayName("B-17: a store that was away costs no second call of the provider")
    void aStoreThatComesBackInTimeCostsNoAttemptAndNoSecondRun() throws Exception {
        var engine = new ScriptedEngine((request, run) -> {
            store.failNext(ObjectStoreFailed.Kind.UNAVAILABLE);
            return List.of(image(40, Map.of()), image(41, Map.of()));
        });
        store.failNext(ObjectStoreFailed.Kind.UNAVAILABLE);

        var verdict = generator(engine)
                .handle(SampleTasks.lease(
                        SampleTasks.order(SampleTasks.request(ScriptedEngine.NAME, "a cat", 2, null))));

        assertThat(verdict).isEqualTo(TaskDisposition.ACCEPT);
        assertThat(succeeded().images()).hasSize(2);
        assertThat(engine.runs()).isEqualTo(1);
        assertThat(events.progress())
                .extracting(TaskProgress::phase)
                .containsExactly("waiting for the store", "waiting for the store");
    }

    @Test
    @DisplayName("B-18: a task ends with its pictures or with a failure, never with both or neither")
    void aTaskEndsWithImagesOrWithAFailure() throws Exception {
        var drawing = new ScriptedEngine((request, run) -> List.of(image(40, Map.of())));
        var failing = ScriptedEngine.failing(new GenerationFailed(new Failure(Code.PROVIDER_ERROR, "No.")));
        var order = SampleTasks.order(SampleTasks.request(ScriptedEngine.NAME, "a cat", 1, null));

        generator(failing).handle(SampleTasks.lease(order));
        assertThat(events.events(TaskFailed.class)).hasSize(1);
        assertThat(events.events(TaskSucceeded.class)).isEmpty();
        assertThat(store.keys()).isEmpty();

        generator(drawing).handle(SampleTasks.lease(order));
        assertThat(events.events(TaskFailed.class)).hasSize(1);
        assertThat(events.events(TaskSucceeded.class))
                .singleElement()
                .satisfies(succeeded -> assertThat(succeeded.images()).hasSize(1));
    }

    @Test
    void aCanceledRunIsReportedAsCanceledAndItsOrderEnds() throws Exception {
        var cancellation = new Cancellation();
        var engine = new ScriptedEngine((request, run) -> {
            cancellation.request(CancellationRequest.receivedNow(Duration.ofSeconds(30)));
            throw new GenerationCanceled();
        });
        var order = SampleTasks.order(SampleTasks.request(ScriptedEngine.NAME, "a cat", 1, null));

        var verdict = generator(engine).handle(SampleTasks.lease(order, 1, cancellation));

        assertThat(verdict).isEqualTo(TaskDisposition.ACCEPT);
        var canceled = events.events(TaskCanceled.class).get(0);
        assertThat(canceled.freedBy()).isEqualTo("engine");
        assertThat(canceled.freedAfterMillis()).isNotNegative();
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void anObjectThatNoGeneratorLeftIsAnErrorOfTheStore() throws Exception {
        var order = SampleTasks.order(SampleTasks.request("a cat", 1));
        var key = new ObjectKey("jobs/2026/03/%s/generate-1/0.png".formatted(order.job()));
        store.put(key, new byte[] {1}, "image/png", Map.of()).join();

        generator(testCard).handle(SampleTasks.lease(order));

        assertThat(failed().failure().code()).isEqualTo(Code.STORAGE_ERROR);
        assertThat(failed().failure().message()).contains(key.value());
    }

    @Test
    void anOrderIsGivenBackWhenItsStartCannotBeReported() throws Exception {
        var engine = ScriptedEngine.failing(new IllegalStateException());
        events.goDown();

        var verdict = generator(engine)
                .handle(SampleTasks.lease(
                        SampleTasks.order(SampleTasks.request(ScriptedEngine.NAME, "a cat", 1, null))));

        assertThat(verdict).isEqualTo(TaskDisposition.RELEASE);
        assertThat(engine.runs()).isZero();
    }

    @Test
    @DisplayName("B-19: an order that is handed out once more costs no second call of the provider")
    void anOrderIsGivenBackWhenItsOutcomeCannotBeReportedAndTheNextWorkerFindsTheImages() throws Exception {
        var engine = new ScriptedEngine((request, run) -> {
            events.goDown();
            return List.of(image(40, Map.of()));
        });
        var order = SampleTasks.order(SampleTasks.request(ScriptedEngine.NAME, "a cat", 1, null));

        var verdict = generator(engine).handle(SampleTasks.lease(order));
        assertThat(verdict).isEqualTo(TaskDisposition.RELEASE);

        events.comeBack();
        generator(engine).handle(SampleTasks.lease(order, 2, new Cancellation()));
        assertThat(engine.runs()).isEqualTo(1);
        assertThat(succeeded().attempt()).isEqualTo(2);
    }

    @Test
    @DisplayName("B-19: an order that a stopping worker has is given back")
    void aStoppedRunIsGivenBackWithoutAReport() throws Exception {
        var cancellation = new Cancellation();
        var engine = new ScriptedEngine((request, run) -> {
            cancellation.request();
            throw new GenerationCanceled();
        });
        var order = SampleTasks.order(SampleTasks.request(ScriptedEngine.NAME, "a cat", 1, null));

        var verdict = generator(engine).handle(SampleTasks.lease(order, 1, cancellation));

        assertThat(verdict).isEqualTo(TaskDisposition.RELEASE);
        assertThat(events.events()).hasOnlyElementsOfType(TaskStarted.class);
    }

    @Test
    void anOrderThatComesWhileTheWorkerStopsIsGivenBackUntouched() throws Exception {
        var cancellation = new Cancellation();
        cancellation.request();

        var verdict = generator(testCard)
                .handle(SampleTasks.lease(SampleTasks.order(SampleTasks.request("a cat", 1)), 1, cancellation));

        assertThat(verdict).isEqualTo(TaskDisposition.RELEASE);
        assertThat(events.events()).isEmpty();
    }

    private ReportingTaskHandler<GenerationRequested> generator(GenerationEngine... engines) {
        return generator(events, store, engines);
    }

    private static ReportingTaskHandler<GenerationRequested> generator(
            EventPublisher events, ObjectStore store, GenerationEngine... engines) {
        PromptEnhancer nobody = new PromptEnhancer() {
            @Override
            public String name() {
                return "nobody";
            }

            @Override
            public String enhance(String prompt, GenerationRun run) {
                throw new AssertionError("Nobody asked for another prompt");
            }
        };
        var prompts = new PromptStage(nobody, store, PATIENCE);
        var remote = new ProviderClients(new SimpleMeterRegistry()).open("sources", SampleSettings.of());
        var sources = new SourceImageLoader(store, PATIENCE, remote, DataSize.ofMegabytes(1));
        var material = new ImageGenerator.Material(prompts, sources);
        var shelf = new ImageGenerator.Shelf(new ImageRepository(store), PATIENCE);
        var generator = new ImageGenerator("worker-1", new EngineRegistry(List.of(engines)), material, shelf, clock());
        return new ReportingTaskHandler<>(generator, events, clock(), WORK);
    }

    private static Clock clock() {
        return Clock.fixed(SampleTasks.AT.plusSeconds(5), ZoneOffset.UTC);
    }

    private TaskSucceeded succeeded() {
        assertThat(events.events(TaskFailed.class)).isEmpty();
        return events.events(TaskSucceeded.class).get(0);
    }

    private TaskFailed failed() {
        assertThat(events.events()).hasSize(2).last().isInstanceOf(TaskFailed.class);
        return events.events(TaskFailed.class).get(0);
    }

    private static GeneratedImage image(long seed, Map<String, String> notes) {
        return new GeneratedImage(new BufferedImage(4, 3, BufferedImage.TYPE_INT_RGB), seed, notes);
    }
}
