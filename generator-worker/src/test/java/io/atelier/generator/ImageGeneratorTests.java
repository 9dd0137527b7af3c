package io.atelier.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.JpegEncoding;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.DeviceName;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobEvent.TaskCanceled;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.Routing;
import io.atelier.contract.job.Routing.Fallback;
import io.atelier.contract.work.TaskProgress;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.engine.testcard.TestCardEngine;
import io.atelier.generator.prompt.PromptEnhancer;
import io.atelier.generator.prompt.PromptStage;
import io.atelier.generator.source.SourceImageLoader;
import io.atelier.image.decode.DecodingBudget;
import io.atelier.messaging.EventPublisher;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.storage.InMemoryObjectStore;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.storage.StoredObject;
import io.atelier.worker.cancellation.Cancellation;
import io.atelier.worker.lease.TaskHandler.Disposition;
import io.atelier.worker.source.SampleRemoteSources;
import io.atelier.worker.source.SourceDownload;
import io.atelier.worker.store.StoreRetry;
import io.atelier.worker.task.ReportingTaskHandler;
import io.atelier.worker.task.WorkerProperties;
import io.micrometer.observation.ObservationRegistry;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.unit.DataSize;

class ImageGeneratorTests {

    private static final StoreRetry STORE_RETRY = new StoreRetry(Duration.ofMillis(300));
    private static final WorkerProperties WORKER_PROPERTIES = new WorkerProperties(
            Duration.ofSeconds(5), false, Duration.ZERO, Duration.ofSeconds(5), Duration.ZERO, true);

    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private final InMemoryEventPublisher events = new InMemoryEventPublisher();
    private final List<TaskProgress> progress = new CopyOnWriteArrayList<>();
    private final TestCardEngine testCard = new TestCardEngine(true);

    @Test
    void theStartAndTheImagesOfATaskAreReported() throws Exception {
        var task = SampleTasks.task(SampleTasks.request("a cat", 2));

        var disposition = generator(testCard).handle(SampleTasks.lease(task));

        assertThat(disposition).isEqualTo(Disposition.ACCEPT);
        assertThat(events.events()).hasSize(2);
        var started = (TaskStarted) events.events().get(0);
        assertThat(started.attempt()).isEqualTo(1);
        assertThat(started.worker().id()).isEqualTo("worker-1");
        assertThat(started.worker().engine()).isEqualTo("test-card");
        assertThat(started.worker().device()).isEqualTo("cpu");
        var succeeded = (TaskSucceeded) events.events().get(1);
        assertThat(succeeded.job()).isEqualTo(task.job());
        assertThat(succeeded.task()).isEqualTo("generate");
        assertThat(succeeded.engineMillis()).isNotNull().isNotNegative();
        assertThat(succeeded.images()).hasSize(2);
    }

    @Test
    @DisplayName("A task is reported under the id of the worker whose heartbeat counts it")
    void theReportNamesTheWorkerOfThePool() throws Exception {
        var request = SampleTasks.request("a cat", 1);
        var remote = request.withModel(new Fallback("card", null, request.engine(), "remote", null, null, null));

        generator(testCard).handle(SampleTasks.lease(SampleTasks.task(remote)));

        assertThat(succeeded().worker().id()).isEqualTo("worker-1-remote");
    }

    @Test
    @DisplayName("An image is stored as a PNG under its job, and the report describes the stored object")
    void theReportDescribesTheStoredImages() throws Exception {
        var task = SampleTasks.task(SampleTasks.request("a cat", 2));

        generator(testCard).handle(SampleTasks.lease(task));

        var images = succeeded().images();
        for (int i = 0; i < 2; i++) {
            var image = images.get(i);
            // The month in which the job was created, from its id and in UTC.
            assertThat(image.key()).isEqualTo("jobs/2026/03/%s/generate-1/%d.png".formatted(task.job(), i));
            var object = store.find(new ObjectKey(image.key())).join().orElseThrow();
            assertThat(image.index()).isEqualTo(i);
            assertThat(image.kind()).isEqualTo(StoredImage.Kind.IMAGE);
            assertThat(image.sha256()).isEqualTo(object.sha256());
            assertThat(image.bytes()).isEqualTo(object.bytes()).isPositive();
            try (var content = store.open(object.key(), null).join()) {
                assertThat(content.stream().readNBytes(4)).containsExactly(0x89, 'P', 'N', 'G');
            }
            assertThat(image.mediaType()).isEqualTo("image/png");
            assertThat(object.mediaType()).isEqualTo("image/png");
            assertThat(image.width()).isEqualTo(96);
            assertThat(image.height()).isEqualTo(64);
            assertThat(image.seed()).isEqualTo(40L + i);
            assertThat(image.tile()).isNull();
        }
    }

    @Test
    @DisplayName("A JPEG is reported if the request wants one; the PNG with all samples lies beside it")
    void imagesAreDeliveredAsJpeg() throws Exception {
        var request = SampleTasks.request("a cat", 2).toBuilder()
                .jpeg(new JpegEncoding(80))
                .build();
        var task = SampleTasks.task(request);

        generator(testCard).handle(SampleTasks.lease(task));

        var images = succeeded().images();
        assertThat(images).hasSize(2).allSatisfy(image -> {
            assertThat(image.mediaType()).isEqualTo("image/jpeg");
            assertThat(image.key()).endsWith("/" + image.index() + ".jpg");
            assertThat(image.seed()).isEqualTo(40L + image.index());
            var jpeg = bytes(image.key());
            assertThat(image.sha256()).isEqualTo(StoredObject.sha256Of(jpeg));
            assertThat(image.bytes()).isEqualTo(jpeg.length);
            assertThat(jpeg).startsWith(new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF});
            assertThat(new String(jpeg, StandardCharsets.ISO_8859_1)).contains("seed: " + image.seed(), "model: ");
            var png = ImageIO.read(new ByteArrayInputStream(bytes(JobFolder.png(image.key()))));
            var decoded = ImageIO.read(new ByteArrayInputStream(jpeg));
            assertThat(decoded.getWidth()).isEqualTo(png.getWidth()).isEqualTo(image.width());
        });
        assertThat(store.keys()).hasSize(4);

        // A redelivery finds them and does not run the engine again.
        generator(ScriptedEngine.failing(new IllegalStateException("it ran again")))
                .handle(SampleTasks.lease(task, 2, new Cancellation()));
        assertThat(events.events(TaskSucceeded.class))
                .hasSize(2)
                .allSatisfy(report -> assertThat(report.images()).isEqualTo(images));
    }

    @Test
    @DisplayName("A grid that is to be cut is stored as PNG only")
    void gridsAreNoJpegs() throws Exception {
        var request = SampleTasks.request("a cat", 1).toBuilder()
                .grid(new GridSpec(2, 2, true, 0, 10, 32))
                .jpeg(new JpegEncoding(80))
                .build();

        generator(testCard).handle(SampleTasks.lease(SampleTasks.task(request)));

        assertThat(succeeded().images()).extracting(StoredImage::mediaType).containsExactly("image/png");
        assertThat(store.keys()).hasSize(1);
    }

    private byte[] bytes(String key) throws IOException {
        try (var content = store.open(new ObjectKey(key), null).join()) {
            return content.stream().readAllBytes();
        }
    }

    @Test
    void everyImageCanBeFetchedWhenItIsReported() throws Exception {
        var announcements = new Announcements(store);
        var generator = generator(announcements, store, testCard);

        generator.handle(SampleTasks.lease(SampleTasks.task(SampleTasks.request("a cat", 3))));

        assertThat(announcements.fetchable()).isEqualTo(3);
    }

    @Test
    void theImageOfAGridRequestIsAGrid() throws Exception {
        var grid = new GridSpec(2, 2, true, 0, 10, 32);

        generator(testCard)
                .handle(SampleTasks.lease(SampleTasks.task(SampleTasks.request("test-card", "grid:2x2", 1, grid))));

        assertThat(succeeded().images()).extracting(StoredImage::kind).containsExactly(StoredImage.Kind.GRID);
    }

    @Test
    void aRedeliveryFindsItsImagesAndDoesNotRunTheEngine() throws Exception {
        var engine =
                new ScriptedEngine((request, run) -> List.of(image(40, Map.of("warning", "Far from what I know."))));
        var generator = generator(engine);
        var task = SampleTasks.task(SampleTasks.request(ScriptedEngine.NAME, "a cat", 1, null));
        generator.handle(SampleTasks.lease(task));
        var first = succeeded();

        var disposition = generator.handle(SampleTasks.lease(task, 2, new Cancellation()));

        assertThat(disposition).isEqualTo(Disposition.ACCEPT);
        assertThat(engine.runs()).isEqualTo(1);
        var second = events.events(TaskSucceeded.class).get(1);
        assertThat(second.attempt()).isEqualTo(2);
        assertThat(second.images()).isEqualTo(first.images());
        assertThat(second.warnings()).isEqualTo(first.warnings()).hasSize(1);
        assertThat(second.engineMillis()).isNull();
    }

    @Test
    @DisplayName("The calls of a provider are reported, whether its task succeeds or fails; a redelivery that finds its"
            + " images made none")
    void callsOfAProviderAreReported() throws Exception {
        var engine = new ScriptedEngine((request, run) -> {
            run.providerCallListener().onCall();
            run.providerCallListener().onCall();
            if (request.prompt().equals("a failure")) {
                throw new GenerationFailed(new Failure(Code.PROVIDER_ERROR, "No."));
            }
            return List.of(image(40, Map.of()));
        });
        var task = SampleTasks.task(SampleTasks.request(ScriptedEngine.NAME, "a cat", 1, null));
        generator(engine).handle(SampleTasks.lease(task));
        generator(engine).handle(SampleTasks.lease(task, 2, new Cancellation()));
        var failing = SampleTasks.task(SampleTasks.request(ScriptedEngine.NAME, "a failure", 1, null));
        var other = new GenerationRequested(failing.job(), "other", 1, 3, failing.at(), null, failing.request());
        generator(engine).handle(SampleTasks.lease(other));

        assertThat(events.events(TaskSucceeded.class))
                .extracting(TaskSucceeded::providerCalls)
                .containsExactly(2, null);
        assertThat(events.events(TaskFailed.class))
                .extracting(TaskFailed::providerCalls)
                .containsExactly(2);
    }

    @Test
    void firstDeliveryDoesNotAskTheStoreForImages() throws Exception {
        store.failNext(ObjectStoreFailed.Kind.UNAVAILABLE);

        generator(testCard).handle(SampleTasks.lease(SampleTasks.task(SampleTasks.request("a cat", 1))));

        // The store failed when the image was stored, so it had not been asked before.
        assertThat(progress).extracting(TaskProgress::phase).containsExactly("waiting for the store");
        assertThat(succeeded().images()).hasSize(1);
    }

    @Test
    void storedImagesAreReportedEvenWithoutTheEngine() throws Exception {
        var task = SampleTasks.task(SampleTasks.request("a cat", 1));
        generator(testCard).handle(SampleTasks.lease(task));

        generator().handle(SampleTasks.lease(task, 2, new Cancellation()));

        assertThat(events.events(TaskSucceeded.class)).hasSize(2);
    }

    @Test
    void seedOfAnEngineWithoutSeedsIsNotReported() throws Exception {
        var engine = new ScriptedEngine((request, run) -> List.of(image(40, Map.of())));
        var task = SampleTasks.task(SampleTasks.request(ScriptedEngine.NAME, "a cat", 1, null));

        generator(engine).handle(SampleTasks.lease(task));
        generator(engine).handle(SampleTasks.lease(task, 2, new Cancellation()));

        assertThat(engine.runs()).isEqualTo(1);
        assertThat(events.events(TaskSucceeded.class))
                .hasSize(2)
                .allSatisfy(succeeded ->
                        assertThat(succeeded.images().get(0).seed()).isNull());
    }

    @Test
    void aTaskWithOnlySomeImagesIsGeneratedAndTheFirstWriterWins() throws Exception {
        var task = SampleTasks.task(SampleTasks.request("a cat", 2));
        var earlier = new byte[] {1, 2, 3};
        var metadata = Map.of("kind", "image", "width", "7", "height", "8", "seed", "9");
        var key = new ObjectKey("jobs/2026/03/%s/generate-1/1.png".formatted(task.job()));
        store.put(key, earlier, "image/png", metadata).join();

        generator(testCard).handle(SampleTasks.lease(task));

        var images = succeeded().images();
        assertThat(images).hasSize(2);
        assertThat(images.get(0).width()).isEqualTo(96);
        assertThat(images.get(1).bytes()).isEqualTo(3);
        assertThat(images.get(1).width()).isEqualTo(7);
        assertThat(images.get(1).seed()).isEqualTo(9L);
    }

    @Test
    @DisplayName("A further attempt finds the images of an earlier one whose report was lost")
    void furtherAttemptFindsTheImagesOfAnEarlierOne() throws Exception {
        var engine = new ScriptedEngine((request, run) -> List.of(image(40, Map.of())));
        var first = SampleTasks.task(SampleTasks.request(ScriptedEngine.NAME, "a cat", 1, null));

        generator(engine).handle(SampleTasks.lease(first));
        generator(engine).handle(SampleTasks.lease(attempt(first, 3)));

        assertThat(engine.runs()).isEqualTo(1);
        var reports = events.events(TaskSucceeded.class);
        assertThat(reports).extracting(TaskSucceeded::attempt).containsExactly(1, 3);
        assertThat(reports.get(1).images()).isEqualTo(reports.get(0).images());
    }

    @Test
    void furtherAttemptAtAnIncompleteTaskIsStoredUnderOtherKeys() throws Exception {
        var first = SampleTasks.task(SampleTasks.request("a cat", 2));
        store.put(
                        new ObjectKey("jobs/2026/03/%s/generate-1/0.png".formatted(first.job())),
                        new byte[] {1},
                        "image/png",
                        Map.of("kind", "image", "width", "7", "height", "8"))
                .join();

        generator(testCard).handle(SampleTasks.lease(attempt(first, 2)));

        assertThat(succeeded().images())
                .hasSize(2)
                .allSatisfy(image -> assertThat(image.key()).contains("/generate-2/"));
    }

    private static GenerationRequested attempt(GenerationRequested task, int attempt) {
        return new GenerationRequested(task.job(), task.task(), attempt, 3, task.at(), null, task.request());
    }

    @Test
    void warningsOfAnEngineBecomeWarningsOfTheJob() throws Exception {
        var engine = new ScriptedEngine((request, run) -> List.of(
                image(40, Map.of("warning", "I draw \u201Cstickers\u201D.")),
                image(41, Map.of("warning", "I draw \u201Cstickers\u201D.")),
                image(42, Map.of("warning", " "))));

        generator(engine)
                .handle(SampleTasks.lease(
                        SampleTasks.task(SampleTasks.request(ScriptedEngine.NAME, "a cat", 3, null))));

        assertThat(succeeded().warnings()).hasSize(1).first().satisfies(warning -> {
            assertThat(warning.code()).isEqualTo("engine");
            assertThat(warning.message()).isEqualTo("I draw ?stickers?.");
            assertThat(warning.tile()).isNull();
        });
    }

    @Test
    @DisplayName("Previews are in the store while the engine runs, named by the progress, and gone when it has ended")
    void previewsAreReportedAndDeleted() throws Exception {
        var during = new CopyOnWriteArrayList<String>();
        var engine = new ScriptedEngine((request, run) -> {
            run.progress().at("denoise", 1, 1);
            assertThat(run.previews().isWanted()).isTrue();
            run.previews().accept(0, 1, 1, new BufferedImage(8, 6, BufferedImage.TYPE_INT_RGB));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> progress.stream().anyMatch(report -> report.preview() != null));
            during.addAll(store.keys());
            throw new GenerationFailed(new Failure(Code.ENGINE_ERROR, "It broke."));
        });

        generator(engine)
                .handle(SampleTasks.lease(
                        SampleTasks.task(SampleTasks.request(ScriptedEngine.NAME, "a cat", 1, null)),
                        3,
                        new Cancellation()));

        assertThat(during).containsExactly(JobFolder.preview(SampleTasks.JOB, "generate", 3, 1));
        assertThat(store.keys()).isEmpty();
        assertThat(progress).last().satisfies(last -> {
            assertThat(last.phase()).isEqualTo("denoise");
            assertThat(last.preview()).isNotNull();
        });
    }

    @Test
    void progressIsReportedForTheRunningAttempt() throws Exception {
        var slow = SampleTasks.task(SampleTasks.request("a cat delay:300ms", 1));

        generator(testCard).handle(SampleTasks.lease(slow, 3, new Cancellation()));

        assertThat(progress).isNotEmpty().allSatisfy(progress -> {
            assertThat(progress.job()).isEqualTo(SampleTasks.JOB);
            assertThat(progress.attempt()).isEqualTo(3);
        });
        assertThat(progress).last().extracting(TaskProgress::fraction).isEqualTo(1.0);
    }

    static Stream<Arguments> failures() {
        var rejected = new Failure(Code.PROVIDER_ERROR, "The provider rejected the request.", 418);
        return Stream.of(
                Arguments.of(new GenerationFailed(rejected), Code.PROVIDER_ERROR, "The provider rejected the request."),
                Arguments.of(new OutOfMemoryError("in a test"), Code.OUT_OF_MEMORY, "smaller images"),
                Arguments.of(new IllegalStateException("a secret"), Code.ENGINE_ERROR, "The log of worker worker-1"),
                Arguments.of(new UnsatisfiedLinkError("a library"), Code.ENGINE_ERROR, "'scripted' failed"),
                Arguments.of(new GenerationCanceled(), Code.ENGINE_ERROR, "stopped by itself"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void failuresOfAnEngineAreReportedWithTheirCodes(Throwable end, Code code, String message) throws Exception {
        var task = SampleTasks.task(SampleTasks.request(ScriptedEngine.NAME, "a cat", 1, null));

        var disposition = generator(ScriptedEngine.failing(end)).handle(SampleTasks.lease(task, 2, new Cancellation()));

        assertThat(disposition).isEqualTo(Disposition.ACCEPT);
        var failed = failed();
        assertThat(failed.attempt()).isEqualTo(2);
        assertThat(failed.failure().code()).isEqualTo(code);
        assertThat(failed.failure().message()).contains(message).doesNotContain("secret");
    }

    @Test
    void anUnknownEngineIsReportedWithTheKnownOnes() throws Exception {
        var task = SampleTasks.task(SampleTasks.request("sdxl", "a cat", 1, null));

        var disposition = generator(testCard, ScriptedEngine.failing(new IllegalStateException()))
                .handle(SampleTasks.lease(task));

        assertThat(disposition).isEqualTo(Disposition.ACCEPT);
        assertThat(failed().failure().code()).isEqualTo(Code.ENGINE_UNAVAILABLE);
        assertThat(failed().failure().message()).contains("'sdxl'").contains("scripted, test-card");
    }

    @Test
    void modelFolderThatIsGoneIsReportedAsSuch() throws Exception {
        var task = SampleTasks.task(SampleTasks.request("local/sdxl", "a cat", 1, null));

        generator(testCard).handle(SampleTasks.lease(task));

        assertThat(failed().failure().code()).isEqualTo(Code.ENGINE_UNAVAILABLE);
        assertThat(failed().failure().message())
                .isEqualTo(
                        "No running worker of this pool has the model 'sdxl': it was removed, or its worker stopped. Add it again, or request another model.");
    }

    @DisplayName(
            "A task that requires a device runs where the engine has it, and otherwise fails so that it is tried again")
    @ParameterizedTest
    @CsvSource({"gpu, true", "gpu.0, true", "gpu.1, true", "gpu.2, false", "cpu, false"})
    void aTaskForADeviceRunsOnItOnly(String device, boolean isHere) throws Exception {
        var engine = new ScriptedEngine((request, run) -> List.of(image(request.seed(), Map.of()))) {
            @Override
            public List<String> devices() {
                return List.of("gpu", "gpu.1");
            }
        };
        var request = SampleTasks.request(ScriptedEngine.NAME, "a cat", 1, null).toBuilder()
                .routing(new Routing(null, List.of()).withDevice(new DeviceName(device)))
                .build();

        generator(engine).handle(SampleTasks.lease(SampleTasks.task(request)));

        assertThat(engine.runs()).isEqualTo(isHere ? 1 : 0);
        if (isHere) {
            assertThat(succeeded().worker().device()).isEqualTo(device);
        } else {
            assertThat(failed().failure().code()).isEqualTo(Code.ENGINE_UNAVAILABLE);
            assertThat(failed().failure().message())
                    .contains("the engine 'scripted' on the device '%s' but on: gpu, gpu.1.".formatted(device));
        }
    }

    @Test
    void aStoreThatIsDownIsReported() throws Exception {
        store.failAlways(ObjectStoreFailed.Kind.UNAVAILABLE);

        var disposition =
                generator(testCard).handle(SampleTasks.lease(SampleTasks.task(SampleTasks.request("a cat", 1))));

        assertThat(disposition).isEqualTo(Disposition.ACCEPT);
        assertThat(failed().failure().code()).isEqualTo(Code.STORAGE_ERROR);
        assertThat(failed().failure().code().isTransient()).isTrue();
    }

    @Test
    @DisplayName("A short outage of the store causes no second call of the provider")
    void aShortOutageOfTheStoreCausesNoSecondRun() throws Exception {
        var engine = new ScriptedEngine((request, run) -> {
            store.failNext(ObjectStoreFailed.Kind.UNAVAILABLE);
            return List.of(image(40, Map.of()), image(41, Map.of()));
        });
        store.failNext(ObjectStoreFailed.Kind.UNAVAILABLE);

        // The first delivery does not look for images of an earlier one.
        var disposition = generator(engine)
                .handle(SampleTasks.lease(
                        SampleTasks.task(SampleTasks.request(ScriptedEngine.NAME, "a cat", 2, null)),
                        2,
                        new Cancellation()));

        assertThat(disposition).isEqualTo(Disposition.ACCEPT);
        assertThat(succeeded().images()).hasSize(2);
        assertThat(engine.runs()).isEqualTo(1);
        assertThat(progress)
                .extracting(TaskProgress::phase)
                .containsExactly("waiting for the store", "waiting for the store");
    }

    @Test
    @DisplayName("A task ends either with images or with a failure, never with both or neither")
    void aTaskEndsEitherWithImagesOrWithAFailure() throws Exception {
        var generating = new ScriptedEngine((request, run) -> List.of(image(40, Map.of())));
        var failing = ScriptedEngine.failing(new GenerationFailed(new Failure(Code.PROVIDER_ERROR, "No.")));
        var task = SampleTasks.task(SampleTasks.request(ScriptedEngine.NAME, "a cat", 1, null));

        generator(failing).handle(SampleTasks.lease(task));
        assertThat(events.events(TaskFailed.class)).hasSize(1);
        assertThat(events.events(TaskSucceeded.class)).isEmpty();
        assertThat(store.keys()).isEmpty();

        generator(generating).handle(SampleTasks.lease(task));
        assertThat(events.events(TaskFailed.class)).hasSize(1);
        assertThat(events.events(TaskSucceeded.class))
                .singleElement()
                .satisfies(succeeded -> assertThat(succeeded.images()).hasSize(1));
    }

    @Test
    void aCanceledRunIsReportedAndItsTaskAccepted() throws Exception {
        var cancellation = new Cancellation();
        var engine = new ScriptedEngine((request, run) -> {
            cancellation.request(Cancellation.Request.receivedNow(Duration.ofSeconds(30)));
            throw new GenerationCanceled();
        });
        var task = SampleTasks.task(SampleTasks.request(ScriptedEngine.NAME, "a cat", 1, null));

        var disposition = generator(engine).handle(SampleTasks.lease(task, 1, cancellation));

        assertThat(disposition).isEqualTo(Disposition.ACCEPT);
        var canceled = events.events(TaskCanceled.class).get(0);
        assertThat(canceled.freedBy()).isEqualTo("engine");
        assertThat(canceled.freedAfterMillis()).isNotNegative();
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void anObjectWithoutMetadataIsAStorageError() throws Exception {
        var task = SampleTasks.task(SampleTasks.request("a cat", 1));
        var key = new ObjectKey("jobs/2026/03/%s/generate-1/0.png".formatted(task.job()));
        store.put(key, new byte[] {1}, "image/png", Map.of()).join();

        generator(testCard).handle(SampleTasks.lease(task));

        assertThat(failed().failure().code()).isEqualTo(Code.STORAGE_ERROR);
        assertThat(failed().failure().message()).contains(key.value());
    }

    @Test
    void aTaskIsReleasedWhenItsStartCannotBeReported() throws Exception {
        var engine = ScriptedEngine.failing(new IllegalStateException());
        events.goDown();

        var disposition = generator(engine)
                .handle(SampleTasks.lease(
                        SampleTasks.task(SampleTasks.request(ScriptedEngine.NAME, "a cat", 1, null))));

        assertThat(disposition).isEqualTo(Disposition.RELEASE);
        assertThat(engine.runs()).isZero();
    }

    @Test
    @DisplayName("A task that is delivered again causes no second call of the provider")
    void aTaskIsReleasedWhenItsOutcomeCannotBeReportedAndTheNextWorkerFindsItsImages() throws Exception {
        var engine = new ScriptedEngine((request, run) -> {
            events.goDown();
            return List.of(image(40, Map.of()));
        });
        var task = SampleTasks.task(SampleTasks.request(ScriptedEngine.NAME, "a cat", 1, null));

        var disposition = generator(engine).handle(SampleTasks.lease(task));
        assertThat(disposition).isEqualTo(Disposition.RELEASE);

        events.comeBack();
        generator(engine).handle(SampleTasks.lease(task, 2, new Cancellation()));
        assertThat(engine.runs()).isEqualTo(1);
        assertThat(succeeded().attempt()).isEqualTo(2);
    }

    @Test
    @DisplayName("A worker that stops gives its task back without a report")
    void theTaskOfAStoppingWorkerIsReleasedWithoutAReport() throws Exception {
        var cancellation = new Cancellation();
        var engine = new ScriptedEngine((request, run) -> {
            cancellation.request();
            throw new GenerationCanceled();
        });
        var task = SampleTasks.task(SampleTasks.request(ScriptedEngine.NAME, "a cat", 1, null));

        var disposition = generator(engine).handle(SampleTasks.lease(task, 1, cancellation));

        assertThat(disposition).isEqualTo(Disposition.RELEASE);
        assertThat(events.events()).hasOnlyElementsOfType(TaskStarted.class);
    }

    @DisplayName("No line of the log has a prompt, whether a task succeeds, fails or breaks its engine")
    @ExtendWith(OutputCaptureExtension.class)
    @Test
    void promptsAreNotInTheLog(CapturedOutput output) throws Exception {
        var secret = "zebra-in-a-lilac-raincoat";
        var failing = ScriptedEngine.failing(new GenerationFailed(new Failure(Code.PROVIDER_ERROR, "It fell over.")));
        var broken = ScriptedEngine.failing(new IllegalStateException("broken"));
        var exhausted = ScriptedEngine.failing(new OutOfMemoryError("test"));
        var request =
                SampleTasks.request("test-card", secret, 1, null).toBuilder().negativePrompt(secret);

        for (var engine : List.of(failing, broken, exhausted)) {
            var task = SampleTasks.task(request.engine(ScriptedEngine.NAME).build());
            assertThat(task.toString()).as("the task holds the prompt").contains(secret);
            generator(engine).handle(SampleTasks.lease(task));
        }
        generator(testCard)
                .handle(SampleTasks.lease(
                        SampleTasks.task(request.engine("test-card").build())));

        assertThat(events.events(TaskSucceeded.class)).hasSize(1);
        assertThat(events.events(TaskFailed.class)).hasSize(3);
        assertThat(output)
                .contains("succeeded", "It fell over.", "out of memory")
                .contains(SampleTasks.JOB.toString(), request.build().size() + ", test-card")
                .doesNotContain(secret, "zebra");
    }

    @Test
    void aTaskThatArrivesWhileTheWorkerStopsIsReleased() throws Exception {
        var cancellation = new Cancellation();
        cancellation.request();

        var disposition = generator(testCard)
                .handle(SampleTasks.lease(SampleTasks.task(SampleTasks.request("a cat", 1)), 1, cancellation));

        assertThat(disposition).isEqualTo(Disposition.RELEASE);
        assertThat(events.events()).isEmpty();
    }

    private ReportingTaskHandler<GenerationRequested> generator(GenerationEngine... engines) {
        return generator(events, store, engines);
    }

    private ReportingTaskHandler<GenerationRequested> generator(
            EventPublisher events, ObjectStore store, GenerationEngine... engines) {
        PromptEnhancer unused = new PromptEnhancer() {
            @Override
            public String name() {
                return "unused";
            }

            @Override
            public String enhance(String prompt, GenerationRun run) {
                throw new AssertionError("The prompt was not to be rewritten");
            }
        };
        var prompts = new PromptStage(unused, store, STORE_RETRY);
        var remote = SampleRemoteSources.settings();
        var sources = new SourceImageLoader(
                store,
                STORE_RETRY,
                new SourceDownload(remote),
                DecodingBudget.ofProcess(),
                remote.limits(),
                DataSize.ofMegabytes(1));
        var generator = new ImageGenerator(
                pool -> pool.equals("remote") ? "worker-1-remote" : "worker-1",
                new EngineRegistry(List.of(engines)),
                SampleAvatars.inputs(store),
                prompts,
                sources,
                SampleTasks.previews(store),
                new ImageRepository(store, true),
                STORE_RETRY,
                clock());
        return new ReportingTaskHandler<>(
                generator, events, progress::add, clock(), WORKER_PROPERTIES, ObservationRegistry.NOOP);
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
