package io.atelier.generator.engine.comfyui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.EngineRequests;
import io.atelier.generator.engine.EngineStatus.Condition;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.engine.comfyui.ComfyUiProperties.Server;
import io.atelier.generator.engine.comfyui.FakeComfyUi.Trait;
import io.atelier.generator.provider.ProviderClients;
import io.atelier.generator.provider.SampleSettings;
import io.atelier.worker.cancellation.Cancellation;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComfyUiEngineTests {

    private FakeComfyUi server = new FakeComfyUi();
    private final Cancellation cancellation = new Cancellation();
    private final List<Integer> steps = new CopyOnWriteArrayList<>();
    private final GenerationRun run = new GenerationRun("a job", 1, (phase, step, of) -> steps.add(step), cancellation);

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void eachImageIsARunWithASeedOfItsOwn() {
        var images = engine().generate(EngineRequests.of(2, 7).request(), run);

        assertThat(images).extracting(GeneratedImage::seed).containsExactly(7L, 8L);
        assertThat(server.graphs())
                .extracting(graph ->
                        graph.path("sampler").path("inputs").path("seed").asLong())
                .containsExactly(7L, 8L);
        assertThat(server.viewed())
                .hasSize(2)
                .allSatisfy(path -> assertThat(path).contains("subfolder=a%20b").contains("type=output"));
    }

    @Test
    void workflowMayDrawAllImagesInOneRun(@TempDir Path folder) throws Exception {
        var standard = new String(
                getClass().getResourceAsStream("standard-workflow.json").readAllBytes(),
                java.nio.charset.StandardCharsets.UTF_8);
        var file = Files.writeString(
                folder.resolve("batch.json"), standard.replace("\"batch_size\": 1", "\"batch_size\": \"{{n}}\""));

        var images = engine("workflow", file.toString())
                .generate(EngineRequests.of(3, 7).request(), run);

        assertThat(images).hasSize(3);
        assertThat(server.graphs()).hasSize(1);
    }

    @Test
    void sizesThatAreNoWholeBlocksAreCutFromLargerImages() {
        var image = engine().generate(EngineRequests.of(1, 7).size(61, 43).request(), run)
                .get(0);

        assertThat(server.graphs()
                        .get(0)
                        .path("canvas")
                        .path("inputs")
                        .path("width")
                        .asInt())
                .isEqualTo(64);
        assertThat(image.pixels().getWidth()).isEqualTo(61);
        assertThat(image.pixels().getHeight()).isEqualTo(43);
    }

    @Test
    void progressIsTold() {
        engine().generate(EngineRequests.of(2, 7).steps(50).request(), run);

        assertThat(steps).endsWith(200).isSorted().hasSizeGreaterThan(10);
    }

    @ParameterizedTest
    @EnumSource(names = {"BREAKS_SOCKETS", "NO_SOCKETS"})
    void serverThatTellsNothingIsAsked(Trait trait) {
        restart(trait);

        var images = engine().generate(EngineRequests.of(1, 7).request(), run);

        assertThat(images).hasSize(1);
        assertThat(steps).endsWith(100);
    }

    @ParameterizedTest
    @EnumSource(names = {"OLDER", "OLDEST", "BREAKS_SOCKETS"})
    void runThatIsToldToStopFreesTheServer(Trait trait) {
        restart(trait);
        var stopped = drawing(engine(), EngineRequests.of(1, 7).steps(4000).request());
        await().until(server::isDrawing);

        cancellation.request();

        assertThatThrownBy(() -> stopped.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(GenerationCanceled.class);
        assertThat(server.isIdle()).isTrue();
        assertThat(server.ends()).containsExactly("error");
    }

    @ParameterizedTest
    @EnumSource(names = {"OLDER", "NO_SOCKETS"})
    void runThatWaitsInTheServersQueueIsTakenOut(Trait trait) throws Exception {
        restart(trait);
        var engine = engine();
        var other = new GenerationRun("another", 1, (phase, step, of) -> {}, new Cancellation());
        var first = CompletableFuture.supplyAsync(
                () -> engine.generate(EngineRequests.of(1, 1).steps(200).request(), other));
        await().until(server::isDrawing);
        var waiting = drawing(engine, EngineRequests.of(1, 7).request());
        await().until(() -> server.graphs().size() == 2);

        cancellation.request();

        assertThatThrownBy(() -> waiting.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(GenerationCanceled.class);
        assertThat(first.get(20, TimeUnit.SECONDS)).hasSize(1);
        assertThat(server.count("/interrupt")).isZero();
        assertThat(server.ends()).containsExactly("success");
    }

    @Test
    void jobThatComesBackFindsWhatWasDrawn() {
        var first = engine().generate(EngineRequests.of(1, 7).request(), run);
        var again = engine().generate(
                        EngineRequests.of(1, 7).request(),
                        new GenerationRun("a job", 2, (phase, step, of) -> {}, cancellation));

        assertThat(server.graphs()).hasSize(1);
        assertThat(again.get(0).seed()).isEqualTo(first.get(0).seed());
    }

    @Test
    void jobThatComesBackFollowsWhatIsBeingDrawn() throws Exception {
        var dead = drawing(engine(), EngineRequests.of(1, 7).steps(100).request());
        await().until(server::isDrawing);

        var images = engine().generate(
                        EngineRequests.of(1, 7).steps(100).request(),
                        new GenerationRun("a job", 2, (phase, step, of) -> {}, new Cancellation()));

        assertThat(images).hasSize(1);
        assertThat(dead.get(10, TimeUnit.SECONDS)).hasSize(1);
        assertThat(server.graphs()).hasSize(1);
    }

    @Test
    void anotherJobIsDrawnAnew() {
        engine().generate(EngineRequests.of(1, 7).request(), run);
        engine().generate(
                        EngineRequests.of(1, 7).request(),
                        new GenerationRun("another", 1, (phase, step, of) -> {}, cancellation));

        assertThat(server.graphs()).hasSize(2);
    }

    @Test
    void whatFailedIsBegunAgainWhenTheJobComesBack() {
        restart(Trait.BROKEN);

        assertThat(failure(engine()).message()).contains("KSampler").contains("mat1");
        assertThat(failure(engine()).code()).isEqualTo(Code.ENGINE_ERROR);
        assertThat(server.graphs()).hasSize(2);
    }

    @Test
    void tooLittleMemoryIsToldAsSuch() {
        restart(Trait.SMALL);

        assertThat(failure(engine()).code()).isEqualTo(Code.OUT_OF_MEMORY);
    }

    @Test
    void serverThatForgetsTheRunIsAFailureThatIsTriedAgain() {
        var lost = drawing(engine(), EngineRequests.of(1, 7).steps(4000).request());
        await().until(server::isDrawing);

        server.forgetEverything();

        assertThatThrownBy(() -> lost.get(10, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        GenerationFailed.class,
                        failed -> assertThat(failed.failure().code().isTransient()).isTrue());
    }

    @Test
    void whatTheNodesSayAgainstTheRequestIsTold() {
        var failed = catchThrowableOfType(
                GenerationFailed.class,
                () -> engine().generate(EngineRequests.of(1, 7).model("missing").request(), run));

        assertThat(failed.failure().code()).isEqualTo(Code.REQUEST_REJECTED);
        assertThat(failed.failure().message())
                .contains("CheckpointLoaderSimple: Value not in list")
                .contains("'missing' not in ['dream']");
    }

    @Test
    void whatIsNoImageIsAskedForOnceMore() {
        restart(Trait.NO_IMAGES);

        var failure = failure(engine());

        assertThat(failure.code()).isEqualTo(Code.INVALID_RESPONSE);
        assertThat(failure.message()).startsWith("Invalid response from image generation service");
        assertThat(server.viewed()).hasSize(2);
        assertThat(server.graphs()).hasSize(1);
    }

    @Test
    void imageThatTakesTooLongIsStopped() {
        var failed = catchThrowableOfType(
                GenerationFailed.class,
                () -> engine("remote.deadline", "300ms")
                        .generate(EngineRequests.of(1, 7).steps(4000).request(), run));

        assertThat(failed.failure().code()).isEqualTo(Code.PROVIDER_TIMEOUT);
        await().until(server::isIdle);
    }

    @Test
    void withoutAnAddressNothingIsAsked() {
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
    void malformedAddressIsRefused(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ComfyUiEngine(
                        "gpu-2",
                        SampleSettings.bound(Server.class, "url", url),
                        new ProviderClients(new SimpleMeterRegistry())))
                .withMessageContaining("io.atelier.engines.comfyui.servers.gpu-2.url");
    }

    private void restart(Trait... traits) {
        server.close();
        server = new FakeComfyUi(traits);
    }

    private CompletableFuture<List<GeneratedImage>> drawing(ComfyUiEngine engine, GenerationRequest request) {
        return CompletableFuture.supplyAsync(() -> engine.generate(request, run));
    }

    private Failure failure(ComfyUiEngine engine) {
        return catchThrowableOfType(
                        GenerationFailed.class,
                        () -> engine.generate(EngineRequests.of(1, 7).request(), run))
                .failure();
    }

    private ComfyUiEngine engine(String... more) {
        var settings = Stream.concat(
                        Stream.of("url", server.stub().url("/"), "poll", "100ms", "remote.retry.base", "10ms"),
                        Stream.of(more))
                .toArray(String[]::new);
        return new ComfyUiEngine(
                "comfyui",
                SampleSettings.bound(Server.class, settings),
                new ProviderClients(new SimpleMeterRegistry()));
    }
}
