package io.atelier.generator;

import static io.atelier.generator.provider.ProviderStub.after;
import static io.atelier.generator.provider.ProviderStub.disconnect;
import static io.atelier.generator.provider.ProviderStub.json;
import static io.atelier.generator.provider.ProviderStub.silence;
import static io.atelier.generator.provider.ProviderStub.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.GenerationRequest.Enhance;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobEvent.TaskCanceled;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.Routing;
import io.atelier.contract.job.Routing.Fallback;
import io.atelier.contract.work.TaskProgress;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.prompt.PromptConfiguration;
import io.atelier.generator.prompt.PromptStage;
import io.atelier.generator.provider.ProviderClients;
import io.atelier.generator.provider.ProviderStub;
import io.atelier.generator.source.SourceImageConfiguration;
import io.atelier.generator.source.SourceImageLoader;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.storage.InMemoryObjectStore;
import io.atelier.storage.ObjectStore;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Jobs whose prompt is to be bettered, with the worker's own wiring and a language model that is a stub. */
class EnhancedJobTests {

    private static final String BETTER = "A castle at dawn, mist in the valley";
    private static final StoreRetry PATIENCE = new StoreRetry(Duration.ofMillis(300));
    private static final WorkerProperties WORK =
            new WorkerProperties(Duration.ofSeconds(5), false, Duration.ZERO, Duration.ofSeconds(5));

    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private final InMemoryEventPublisher events = new InMemoryEventPublisher();
    private final ProviderStub model = new ProviderStub();
    private final List<String> drawn = new CopyOnWriteArrayList<>();
    private Optional<Failure> brokenFor = Optional.empty();

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    @DisplayName("B-41: the better prompt is drawn, and the job says so")
    void betterPromptIsDrawn() {
        model.then(answer(BETTER));

        handle(order(Enhance.ON));

        assertThat(drawn).containsExactly(BETTER);
        var enhancement = enhancement();
        assertThat(enhancement.by()).isEqualTo("some-model");
        assertThat(enhancement.prompt()).isEqualTo(BETTER);
        assertThat(succeeded().warnings()).isEmpty();
        assertThat(events.progress()).extracting(TaskProgress::phase).contains("enhance");
    }

    static Stream<MockResponse> failures() {
        return Stream.of(status(500), status(401), json(200, ""), answer(""), answer("Sure!"), disconnect(), silence());
    }

    @ParameterizedTest
    @MethodSource("failures")
    @DisplayName(
            "B-41: an empty answer, an error or a timeout: the original prompt, 'none', and the job still completes")
    void promptThatCannotBeBetteredIsDrawnAsItIs(MockResponse failure) {
        model.always(failure);

        handle(order(Enhance.ON));

        assertThat(drawn).containsExactly("a castle");
        assertThat(enhancement().by()).isEqualTo("none");
        assertThat(enhancement().prompt()).isNull();
        assertThat(succeeded().warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.code()).isEqualTo("prompt-not-enhanced");
            assertThat(warning.message()).contains("drawn as it is").doesNotContain("castle");
        });
        assertThat(model.calls()).hasSize(1);
    }

    @Test
    void whoLeftItOpenIsNotWarned() {
        model.then(status(500));

        handle(order(Enhance.AUTO));

        assertThat(enhancement().by()).isEqualTo("none");
        assertThat(succeeded().warnings()).isEmpty();
    }

    @Test
    @DisplayName("P-18: without the wish nobody is asked, and it takes no time")
    void withoutTheWishNobodyIsAsked() {
        handle(order(null));

        assertThat(drawn).containsExactly("a castle");
        assertThat(succeeded().enhancement()).isNull();
        assertThat(model.calls()).isEmpty();
        assertThat(store.keys()).noneMatch(key -> key.contains("prompt"));
    }

    @Test
    @DisplayName("P-18: the time that it takes is told apart from the engine's")
    void timeIsToldApart() {
        model.then(after(250, answer(BETTER)));

        handle(order(Enhance.ON));

        assertThat(enhancement().millis()).isBetween(250L, 5_000L);
    }

    @Test
    void whoeverDrawsItAgainDrawsTheSameAndPaysNoSecondTime() {
        model.then(answer(BETTER), answer("Another castle, at midnight this time"));
        var order = order(Enhance.ON);
        brokenFor = Optional.of(new Failure(Code.ENGINE_ERROR, "no"));
        handle(order);
        assertThat(events.events(TaskFailed.class)).hasSize(1);
        assertThat(store.keys())
                .singleElement()
                .asString()
                .startsWith(JobFolder.of(order.job()))
                .endsWith(".json");

        brokenFor = Optional.empty();
        handle(new GenerationRequested(order.job(), order.task(), 2, 3, order.at(), null, order.request()));

        assertThat(drawn).containsExactly(BETTER, BETTER);
        assertThat(model.calls()).hasSize(1);
        assertThat(succeeded().enhancement()).isNotNull();
    }

    @Test
    void modelThatIsAskedInsteadDrawsTheSamePrompt() {
        model.then(answer(BETTER), answer("Another castle, at midnight this time"));
        var order = order(Enhance.ON);
        brokenFor = Optional.of(new Failure(Code.RATE_LIMITED, "no"));
        handle(order);

        brokenFor = Optional.empty();
        var fallback = new Fallback("b", null, ScriptedEngine.NAME, "default", null, null, null);
        var next = asked(Enhance.ON, new Routing(null, List.of(fallback))).fallenBack();
        handle(new GenerationRequested(order.job(), "generate-fallback-1", 1, 3, order.at(), null, next));

        assertThat(drawn).containsExactly(BETTER, BETTER);
        assertThat(model.calls()).hasSize(1);
    }

    @Test
    void imagesThatAreFoundAreReportedWithTheirPrompt() {
        model.then(status(500));
        var order = order(Enhance.ON);
        handle(order);
        handle(order);

        var reports = events.events(TaskSucceeded.class);
        assertThat(reports.get(1).enhancement()).isEqualTo(reports.get(0).enhancement());
        assertThat(reports.get(1).warnings())
                .isEqualTo(reports.get(0).warnings())
                .hasSize(1);
        assertThat(drawn).hasSize(1);
    }

    @Test
    void cancellationIsHeardWhileTheModelThinks() {
        var cancellation = new Cancellation();
        model.always(call -> {
            cancellation.request(CancellationRequest.receivedNow(Duration.ofSeconds(30)));
            return silence();
        });

        var verdict = handle(order(Enhance.ON), cancellation, "io.atelier.enhancer.timeout=60s");

        assertThat(verdict).isEqualTo(TaskDisposition.ACCEPT);
        assertThat(events.events(TaskCanceled.class)).hasSize(1);
        assertThat(drawn).isEmpty();
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void workerWithoutALanguageModelDrawsAsItIs() {
        handle(order(Enhance.ON), new Cancellation(), "io.atelier.enhancer.url=");

        assertThat(drawn).containsExactly("a castle");
        assertThat(succeeded().warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.message()).contains("ATELIER_ENHANCER_URL"));
    }

    @Test
    @DisplayName("D-09: a flow of Flowise betters prompts when it is selected")
    void flowBettersPromptsWhenSelected() {
        model.then(json(200, "{\"text\": \"{\\\"final_prompt\\\": \\\"A castle, four times\\\"}\"}"));

        handle(
                order(Enhance.ON),
                new Cancellation(),
                "io.atelier.enhancer.kind=flowise",
                "io.atelier.flowise.url=" + model.url("/"),
                "io.atelier.flowise.flow=abc");

        assertThat(drawn).containsExactly("A castle, four times");
        assertThat(enhancement().by()).isEqualTo("flowise");
    }

    private void handle(GenerationRequested order) {
        handle(order, new Cancellation());
    }

    private TaskDisposition handle(GenerationRequested order, Cancellation cancellation, String... settings) {
        var verdict = new TaskDisposition[1];
        new ApplicationContextRunner()
                .withUserConfiguration(PromptConfiguration.class, SourceImageConfiguration.class)
                .withBean(ProviderClients.class, () -> new ProviderClients(new SimpleMeterRegistry()))
                .withBean(ObjectStore.class, () -> store)
                .withBean(WorkerProperties.class, () -> WORK)
                .withPropertyValues(
                        "io.atelier.enhancer.url=" + model.url("/v1"),
                        "io.atelier.enhancer.model=some-model",
                        "io.atelier.enhancer.timeout=1s")
                .withPropertyValues(settings)
                .run(context -> verdict[0] = generator(
                                context.getBean(PromptStage.class), context.getBean(SourceImageLoader.class))
                        .handle(SampleTasks.lease(order, 1, cancellation)));
        return verdict[0];
    }

    private ReportingTaskHandler<GenerationRequested> generator(PromptStage prompts, SourceImageLoader sources) {
        var engine = new ScriptedEngine((request, run) -> {
            drawn.add(request.prompt());
            assertThat(store.keys().stream().anyMatch(key -> key.contains("/prompt-")))
                    .as("what was said is kept before it is drawn")
                    .isEqualTo(request.enhance() != null);
            brokenFor.ifPresent(failure -> {
                throw new GenerationFailed(failure);
            });
            return List.of(new GeneratedImage(new BufferedImage(4, 3, BufferedImage.TYPE_INT_RGB), 40, Map.of()));
        });
        var generator = new ImageGenerator(
                "worker-1",
                new EngineRegistry(List.of(engine)),
                prompts,
                sources,
                new ImageRepository(store),
                PATIENCE,
                Clock.systemUTC());
        return new ReportingTaskHandler<>(generator, events, Clock.systemUTC(), WORK);
    }

    private TaskSucceeded succeeded() {
        return events.events(TaskSucceeded.class).get(0);
    }

    private Job.Enhancement enhancement() {
        return Objects.requireNonNull(succeeded().enhancement());
    }

    private static GenerationRequested order(@Nullable Enhance enhance) {
        return SampleTasks.order(asked(enhance, null));
    }

    private static GenerationRequest asked(@Nullable Enhance enhance, @Nullable Routing routing) {
        var plain = SampleTasks.request(ScriptedEngine.NAME, "a castle", 1, null);
        return new GenerationRequest(
                plain.prompt(),
                null,
                plain.model(),
                plain.requestedModel(),
                plain.engine(),
                plain.pool(),
                1,
                plain.size(),
                null,
                null,
                plain.seed(),
                null,
                plain.metadata(),
                plain.labels(),
                null,
                plain.terms(),
                enhance,
                routing);
    }

    private static MockResponse answer(String content) {
        return json(200, "{\"choices\":[{\"message\":{\"content\":\"" + content + "\"}}]}");
    }
}
