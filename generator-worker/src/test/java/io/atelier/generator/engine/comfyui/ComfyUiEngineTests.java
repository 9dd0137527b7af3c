package io.atelier.generator.engine.comfyui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.Capability;
import io.atelier.generator.engine.EditMask;
import io.atelier.generator.engine.EngineRequests;
import io.atelier.generator.engine.EngineStatus.Condition;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.engine.SourceImage;
import io.atelier.generator.engine.SourceImages;
import io.atelier.generator.engine.comfyui.ComfyUiProperties.Server;
import io.atelier.generator.engine.comfyui.FakeComfyUi.Trait;
import io.atelier.generator.provider.ProviderClients;
import io.atelier.generator.provider.SampleImages;
import io.atelier.generator.provider.SampleSettings;
import io.atelier.image.png.PngImage;
import io.atelier.worker.cancellation.Cancellation;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComfyUiEngineTests {

    @TempDir
    private Path folder;

    private FakeComfyUi server = new FakeComfyUi();
    private final Cancellation cancellation = new Cancellation();
    private final List<Integer> steps = new CopyOnWriteArrayList<>();
    private final GenerationRun run = new GenerationRun("a job", 1, (phase, step, of) -> steps.add(step), cancellation);

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void sourceImagesAndMaskAreUploadedAndNamedInTheWorkflow() throws Exception {
        var file = Files.writeString(folder.resolve("edit.json"), """
            {"canvas": {"class_type": "EmptyLatentImage", "inputs": {"width": "{{width}}", "height": "{{height}}"}},
             "first": {"class_type": "LoadImage", "inputs": {"image": "{{image}}"}},
             "second": {"class_type": "LoadImage", "inputs": {"image": "{{image_2:none.png}}"}},
             "mask": {"class_type": "LoadImage", "inputs": {"image": "{{mask}}"}},
             "sampler": {"class_type": "KSampler",
                         "inputs": {"text": "{{prompt}}", "denoise": "{{strength:0.8}}", "seed": "{{seed}}", "steps": 1}}}\
            """);
        var engine = engine("workflow", file.toString());
        var mask = EditMask.of(PngImage.of(new BufferedImage(8, 8, BufferedImage.TYPE_INT_ARGB)));
        var sources = new SourceImages(List.of(new SourceImage(SampleImages.jpeg(8, 8), "image/jpeg")), mask);
        var request =
                EngineRequests.of(2, 7).request().toBuilder().strength(0.5).build();

        assertThat(engine.capabilities()).contains(Capability.EDIT, Capability.MASK, Capability.STRENGTH);
        assertThat(engine.edit(request, sources, run)).hasSize(2);

        assertThat(server.uploads())
                .satisfiesExactly(
                        name -> assertThat(name).matches("atelier-[0-9a-f]{32}\\.jpeg"),
                        name -> assertThat(name).matches("atelier-[0-9a-f]{32}\\.png"));
        var graph = server.graphs().get(0);
        assertThat(graph.at("/first/inputs/image").asString())
                .isEqualTo("from atelier/" + server.uploads().get(0));
        assertThat(graph.at("/second/inputs/image").asString()).isEqualTo("none.png");
        assertThat(graph.at("/mask/inputs/image").asString())
                .isEqualTo("from atelier/" + server.uploads().get(1));
        assertThat(graph.at("/sampler/inputs/denoise").asDouble()).isEqualTo(0.5);
    }

    @Test
    void moreSourceImagesThanTheWorkflowLoadsAreRejected() throws Exception {
        var file = Files.writeString(
                folder.resolve("one.json"),
                "{\"first\": {\"class_type\": \"LoadImage\", \"inputs\": {\"image\": \"{{image}}\", \"text\":"
                        + " \"{{prompt}}\"}}}");
        var source = new SourceImage(SampleImages.png(8, 8), "image/png");

        var thrown = catchThrowableOfType(
                GenerationFailed.class,
                () -> engine("workflow", file.toString())
                        .edit(EngineRequests.of(1, 7).request(), SourceImages.of(source, source), run));

        assertThat(thrown.failure().code()).isEqualTo(Code.REQUEST_REJECTED);
        assertThat(thrown.failure().message()).contains("at most 1 source image");
        assertThat(server.stub().calls()).isEmpty();
    }

    @Test
    void workflowThatNeedsAnImageRejectsRequestsWithoutOne() throws Exception {
        var file = Files.writeString(
                folder.resolve("needs.json"),
                "{\"first\": {\"class_type\": \"LoadImage\", \"inputs\": {\"image\": \"{{image}}\", \"text\":"
                        + " \"{{prompt}}\"}}}");

        var thrown = catchThrowableOfType(
                GenerationFailed.class,
                () -> engine("workflow", file.toString())
                        .generate(EngineRequests.of(1, 7).request(), run));

        assertThat(thrown.failure().code()).isEqualTo(Code.REQUEST_REJECTED);
        assertThat(thrown.failure().message()).contains("'image'");
    }

    @Test
    void eachImageIsARunWithItsOwnSeed() {
        var images = engine().generate(EngineRequests.of(2, 7).request(), run);

        assertThat(images).extracting(GeneratedImage::seed).containsExactly(7L, 8L);
        assertThat(server.graphs())
                .extracting(graph ->
                        graph.path("sampler").path("inputs").path("seed").asLong())
                .containsExactly(7L, 8L);
        assertThat(server.fetchedImages())
                .hasSize(2)
                .allSatisfy(path -> assertThat(path).contains("subfolder=a%20b").contains("type=output"));
    }

    @Test
    void workflowWithNGeneratesAllImagesInOneRun() throws Exception {
        var images = engine("workflow", batchWorkflow())
                .generate(EngineRequests.of(3, 7).request(), run);

        assertThat(images).hasSize(3);
        assertThat(server.graphs()).hasSize(1);
    }

    @Test
    @DisplayName("A workflow that saves fewer images than requested is run again for the rest, and all saved images are"
            + " kept")
    void missingImagesAreRequestedAgain() throws Exception {
        restart(Trait.ONE_IMAGE);
        var calls = new AtomicInteger();
        var counted = new GenerationRun(
                "a job", 1, (phase, step, of) -> steps.add(step), cancellation, calls::incrementAndGet);

        var images = engine("workflow", batchWorkflow())
                .generate(EngineRequests.of(3, 7).steps(50).request(), counted);

        assertThat(images).extracting(GeneratedImage::seed).containsExactly(7L, 8L, 9L);
        assertThat(server.graphs())
                .extracting(graph ->
                        graph.path("canvas").path("inputs").path("batch_size").asInt())
                .containsExactly(3, 2, 1);
        assertThat(server.graphs())
                .extracting(graph ->
                        graph.path("sampler").path("inputs").path("seed").asLong())
                .containsExactly(7L, 8L, 9L);
        assertThat(server.fetchedImages()).hasSize(3).doesNotHaveDuplicates();
        assertThat(calls).hasValue(3);
        assertThat(steps).isSorted().endsWith(100).allMatch(step -> step <= 100);
    }

    @Test
    void redeliveredJobFindsTheImagesOfAllItsRuns() throws Exception {
        restart(Trait.ONE_IMAGE);
        var engine = engine("workflow", batchWorkflow());
        engine.generate(EngineRequests.of(2, 7).request(), run);

        var images = engine.generate(
                EngineRequests.of(2, 7).request(),
                new GenerationRun("a job", 2, (phase, step, of) -> {}, cancellation));

        assertThat(images).hasSize(2);
        assertThat(server.graphs()).hasSize(2);
    }

    @Test
    void workflowThatSavesNothingIsAFailureAndIsNotRepeated() throws Exception {
        restart(Trait.NOTHING_SAVED);

        var failure = catchThrowableOfType(
                        GenerationFailed.class,
                        () -> engine("workflow", batchWorkflow())
                                .generate(EngineRequests.of(3, 7).request(), run))
                .failure();

        assertThat(failure.code()).isEqualTo(Code.INVALID_RESPONSE);
        assertThat(failure.message()).contains("the workflow saved no image");
        assertThat(failure(engine())).isEqualTo(failure);
        assertThat(server.graphs()).hasSize(2);
    }

    @Test
    void sizesThatAreNoMultiplesOf8AreCroppedFromLargerImages() {
        var image = engine().generate(EngineRequests.of(1, 7).size(61, 43).request(), run)
                .get(0);

        assertThat(server.graphs()
                        .get(0)
                        .path("canvas")
                        .path("inputs")
                        .path("width")
                        .asInt())
                .isEqualTo(64);
        assertThat(image.pixels().width()).isEqualTo(61);
        assertThat(image.pixels().height()).isEqualTo(43);
    }

    @Test
    void progressIsReported() {
        engine().generate(EngineRequests.of(2, 7).steps(50).request(), run);

        assertThat(steps).endsWith(200).isSorted().hasSizeGreaterThan(10);
    }

    @ParameterizedTest
    @EnumSource(names = {"BREAKS_SOCKETS", "NO_SOCKETS"})
    void serverWithoutEventsIsPolled(Trait trait) {
        restart(trait);

        var images = engine().generate(EngineRequests.of(1, 7).request(), run);

        assertThat(images).hasSize(1);
        assertThat(steps).endsWith(100);
    }

    @ParameterizedTest
    @EnumSource(names = {"OLDER", "OLDEST", "BREAKS_SOCKETS"})
    void canceledRunStopsTheServer(Trait trait) {
        restart(trait);
        var canceled =
                generateAsync(engine(), EngineRequests.of(1, 7).steps(4000).request());
        await().until(server::isGenerating);

        cancellation.request();

        assertThatThrownBy(() -> canceled.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(GenerationCanceled.class);
        assertThat(server.isIdle()).isTrue();
        assertThat(server.endStatuses()).containsExactly("error");
    }

    @ParameterizedTest
    @EnumSource(names = {"OLDER", "NO_SOCKETS"})
    void canceledRunIsRemovedFromTheServersQueue(Trait trait) throws Exception {
        restart(trait);
        var engine = engine();
        var otherRun = new GenerationRun("another", 1, (phase, step, of) -> {}, new Cancellation());
        var first = CompletableFuture.supplyAsync(
                () -> engine.generate(EngineRequests.of(1, 1).steps(200).request(), otherRun));
        await().until(server::isGenerating);
        var waiting = generateAsync(engine, EngineRequests.of(1, 7).request());
        await().until(() -> server.graphs().size() == 2);

        cancellation.request();

        assertThatThrownBy(() -> waiting.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(GenerationCanceled.class);
        assertThat(first.get(20, TimeUnit.SECONDS)).hasSize(1);
        assertThat(server.count("/interrupt")).isZero();
        assertThat(server.endStatuses()).containsExactly("success");
    }

    @Test
    void redeliveredJobFindsItsImages() {
        var first = engine().generate(EngineRequests.of(1, 7).request(), run);
        var second = engine().generate(
                        EngineRequests.of(1, 7).request(),
                        new GenerationRun("a job", 2, (phase, step, of) -> {}, cancellation));

        assertThat(server.graphs()).hasSize(1);
        assertThat(second.get(0).seed()).isEqualTo(first.get(0).seed());
    }

    @Test
    void redeliveredJobFollowsItsRun() throws Exception {
        var firstDelivery =
                generateAsync(engine(), EngineRequests.of(1, 7).steps(100).request());
        await().until(server::isGenerating);

        var images = engine().generate(
                        EngineRequests.of(1, 7).steps(100).request(),
                        new GenerationRun("a job", 2, (phase, step, of) -> {}, new Cancellation()));

        assertThat(images).hasSize(1);
        assertThat(firstDelivery.get(10, TimeUnit.SECONDS)).hasSize(1);
        assertThat(server.graphs()).hasSize(1);
    }

    @Test
    void anotherJobIsARunOfItsOwn() {
        engine().generate(EngineRequests.of(1, 7).request(), run);
        engine().generate(
                        EngineRequests.of(1, 7).request(),
                        new GenerationRun("another", 1, (phase, step, of) -> {}, cancellation));

        assertThat(server.graphs()).hasSize(2);
    }

    @Test
    void failedRunIsRepeatedForARedeliveredJob() {
        restart(Trait.BROKEN);

        assertThat(failure(engine()).message()).contains("KSampler").contains("mat1");
        assertThat(failure(engine()).code()).isEqualTo(Code.ENGINE_ERROR);
        assertThat(server.graphs()).hasSize(2);
    }

    @Test
    void outOfMemoryHasItsOwnCode() {
        restart(Trait.SMALL);

        assertThat(failure(engine()).code()).isEqualTo(Code.OUT_OF_MEMORY);
    }

    @Test
    void forgottenRunIsARetryableFailure() {
        var lost = generateAsync(engine(), EngineRequests.of(1, 7).steps(4000).request());
        await().until(server::isGenerating);

        server.forgetAllRuns();

        assertThatThrownBy(() -> lost.get(10, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        GenerationFailed.class,
                        failed -> assertThat(failed.failure().code().isTransient())
                                .isTrue());
    }

    @Test
    void validationErrorsOfNodesAreReported() {
        var thrown = catchThrowableOfType(
                GenerationFailed.class,
                () -> engine().generate(EngineRequests.of(1, 7).model("missing").request(), run));

        assertThat(thrown.failure().code()).isEqualTo(Code.REQUEST_REJECTED);
        assertThat(thrown.failure().message())
                .contains("CheckpointLoaderSimple: Value not in list")
                .contains("'missing' not in ['dream']");
    }

    @Test
    void invalidImageIsFetchedOnceMore() {
        restart(Trait.NO_IMAGES);

        var failure = failure(engine());

        assertThat(failure.code()).isEqualTo(Code.INVALID_RESPONSE);
        assertThat(failure.message()).startsWith("Invalid response from image generation service");
        assertThat(server.fetchedImages()).hasSize(2);
        assertThat(server.graphs()).hasSize(1);
    }

    @Test
    void runThatExceedsTheDeadlineIsCanceled() {
        var thrown = catchThrowableOfType(
                GenerationFailed.class,
                () -> engine("remote.timeouts.total-timeout", "300ms")
                        .generate(EngineRequests.of(1, 7).steps(4000).request(), run));

        assertThat(thrown.failure().code()).isEqualTo(Code.PROVIDER_TIMEOUT);
        await().until(server::isIdle);
    }

    @Test
    void withoutAnAddressNoRequestIsSent() {
        var engine = new ComfyUiEngine(
                "comfyui", SampleSettings.bound(Server.class), new ProviderClients(new SimpleMeterRegistry()));

        assertThat(engine.status().condition()).isEqualTo(Condition.NOT_CONFIGURED);
        assertThat(failure(engine))
                .isEqualTo(new Failure(Code.NOT_CONFIGURED, engine.status().detail()));
        assertThat(engine.status().detail())
                .contains("io.atelier.engines.comfyui.servers.comfyui.url")
                .contains("ATELIER_COMFYUI_URL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:8188", "ftp://gpu"})
    void malformedAddressIsRejected(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ComfyUiEngine(
                        "gpu-2",
                        SampleSettings.bound(Server.class, "url", url),
                        new ProviderClients(new SimpleMeterRegistry())))
                .withMessageContaining("io.atelier.engines.comfyui.servers.gpu-2.url");
    }

    /** The standard workflow, whose batch has the requested number of images. */
    private String batchWorkflow() throws Exception {
        var standard = new String(
                getClass().getResourceAsStream("standard-workflow.json").readAllBytes(), StandardCharsets.UTF_8);
        return Files.writeString(
                        folder.resolve("batch.json"),
                        standard.replace("\"batch_size\": 1", "\"batch_size\": \"{{n}}\""))
                .toString();
    }

    private void restart(Trait... traits) {
        server.close();
        server = new FakeComfyUi(traits);
    }

    private CompletableFuture<List<GeneratedImage>> generateAsync(ComfyUiEngine engine, GenerationRequest request) {
        return CompletableFuture.supplyAsync(() -> engine.generate(request, run));
    }

    private Failure failure(ComfyUiEngine engine) {
        return catchThrowableOfType(
                        GenerationFailed.class,
                        () -> engine.generate(EngineRequests.of(1, 7).request(), run))
                .failure();
    }

    private ComfyUiEngine engine(String... settings) {
        var all = Stream.concat(
                        Stream.of(
                                "url",
                                server.stub().url("/"),
                                "poll-interval",
                                "100ms",
                                "remote.retry.base-interval",
                                "10ms"),
                        Stream.of(settings))
                .toArray(String[]::new);
        return new ComfyUiEngine(
                "comfyui", SampleSettings.bound(Server.class, all), new ProviderClients(new SimpleMeterRegistry()));
    }
}
