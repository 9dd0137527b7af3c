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
import io.atelier.worker.lease.TaskHandler.Disposition;
import io.atelier.worker.store.StoreRetry;
import io.atelier.worker.task.ReportingTaskHandler;
import io.atelier.worker.task.WorkerProperties;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.awt.image.BufferedImage;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
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

/** Jobs whose prompt is to be rewritten, with the beans of the worker and a stub of the language model. */
class EnhancedJobTests {

    private static final String REWRITTEN = "A castle at dawn, mist in the valley";
    private static final StoreRetry STORE_RETRY = new StoreRetry(Duration.ofMillis(300));
    private static final WorkerProperties WORKER_PROPERTIES = new WorkerProperties(
            Duration.ofSeconds(5), false, Duration.ZERO, Duration.ofSeconds(5), Duration.ZERO, true);

    private final Map<String, Integer> deliveries = new HashMap<>();
    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private final InMemoryEventPublisher events = new InMemoryEventPublisher();
    private final List<TaskProgress> progress = new CopyOnWriteArrayList<>();
    private final ProviderStub model = new ProviderStub();
    private final List<String> generatedPrompts = new CopyOnWriteArrayList<>();
    private Optional<Failure> engineFailure = Optional.empty();

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    @DisplayName("The rewritten prompt is used, and the job shows it")
    void theRewrittenPromptIsUsed() {
        model.then(answer(REWRITTEN));

        handle(task(Enhance.ON));

        assertThat(generatedPrompts).containsExactly(REWRITTEN);
        var enhancement = enhancement();
        assertThat(enhancement.by()).isEqualTo("some-model");
        assertThat(enhancement.prompt()).isEqualTo(REWRITTEN);
        assertThat(succeeded().warnings()).isEmpty();
        assertThat(progress).extracting(TaskProgress::phase).contains("enhance");
    }

    static Stream<MockResponse> failures() {
        return Stream.of(status(500), status(401), json(200, ""), answer(""), answer("Sure!"), disconnect(), silence());
    }

    @ParameterizedTest
    @MethodSource("failures")
    @DisplayName("After an empty answer, an error or a timeout of the language model, the original prompt is used,"
            + " enhanced_by is 'none' and the job succeeds")
    void aPromptThatCannotBeRewrittenIsUsedAsItIs(MockResponse failure) {
        model.always(failure);

        handle(task(Enhance.ON));

        assertThat(generatedPrompts).containsExactly("a castle");
        assertThat(enhancement().by()).isEqualTo("none");
        assertThat(enhancement().prompt()).isNull();
        assertThat(succeeded().warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.code()).isEqualTo("prompt-not-enhanced");
            assertThat(warning.message()).contains("original prompt was used").doesNotContain("castle");
        });
        assertThat(model.calls()).hasSize(1);
    }

    @Test
    void aFailedOptionalRewriteGivesNoWarning() {
        model.then(status(500));

        handle(task(Enhance.AUTO));

        assertThat(enhancement().by()).isEqualTo("none");
        assertThat(succeeded().warnings()).isEmpty();
    }

    @Test
    @DisplayName("Without enhance the language model is not called, and the prompt stage takes no time")
    void withoutARequestThePromptIsNotRewritten() {
        handle(task(null));

        assertThat(generatedPrompts).containsExactly("a castle");
        assertThat(succeeded().enhancement()).isNull();
        assertThat(model.calls()).isEmpty();
        assertThat(store.keys()).noneMatch(key -> key.contains("prompt"));
    }

    @Test
    @DisplayName("The time of the prompt stage is reported separately from the engine's time")
    void theTimeOfTheRewriteIsReportedSeparately() {
        model.then(after(250, answer(REWRITTEN)));

        handle(task(Enhance.ON));

        assertThat(enhancement().millis()).isBetween(250L, 5_000L);
    }

    @Test
    void aSecondAttemptUsesTheSamePromptWithoutASecondCall() {
        model.then(answer(REWRITTEN), answer("Another castle, at midnight this time"));
        var task = task(Enhance.ON);
        engineFailure = Optional.of(new Failure(Code.ENGINE_ERROR, "no"));
        handle(task);
        assertThat(events.events(TaskFailed.class)).hasSize(1);
        assertThat(store.keys())
                .singleElement()
                .asString()
                .startsWith(JobFolder.of(task.job()))
                .endsWith(".json");

        engineFailure = Optional.empty();
        handle(new GenerationRequested(task.job(), task.task(), 2, 3, task.at(), null, task.request()));

        assertThat(generatedPrompts).containsExactly(REWRITTEN, REWRITTEN);
        assertThat(model.calls()).hasSize(1);
        assertThat(succeeded().enhancement()).isNotNull();
    }

    @Test
    void aFallbackModelUsesTheSamePrompt() {
        model.then(answer(REWRITTEN), answer("Another castle, at midnight this time"));
        var task = task(Enhance.ON);
        engineFailure = Optional.of(new Failure(Code.RATE_LIMITED, "no"));
        handle(task);

        engineFailure = Optional.empty();
        var fallback = new Fallback("b", null, ScriptedEngine.NAME, "default", null, null, null);
        var next = request(Enhance.ON, new Routing(null, List.of(fallback))).withNextFallback();
        handle(new GenerationRequested(task.job(), "generate-fallback-1", 1, 3, task.at(), null, next));

        assertThat(generatedPrompts).containsExactly(REWRITTEN, REWRITTEN);
        assertThat(model.calls()).hasSize(1);
    }

    @Test
    void storedImagesAreReportedWithTheirPrompt() {
        model.then(status(500));
        var task = task(Enhance.ON);
        handle(task);
        handle(task);

        var reports = events.events(TaskSucceeded.class);
        assertThat(reports.get(1).enhancement()).isEqualTo(reports.get(0).enhancement());
        assertThat(reports.get(1).warnings())
                .isEqualTo(reports.get(0).warnings())
                .hasSize(1);
        assertThat(generatedPrompts).hasSize(1);
    }

    @Test
    void aCancellationEndsTheCallOfTheLanguageModel() {
        var cancellation = new Cancellation();
        model.always(call -> {
            cancellation.request(Cancellation.Request.receivedNow(Duration.ofSeconds(30)));
            return silence();
        });

        var disposition = handle(task(Enhance.ON), cancellation, "io.atelier.enhancer.timeout=60s");

        assertThat(disposition).isEqualTo(Disposition.ACCEPT);
        assertThat(events.events(TaskCanceled.class)).hasSize(1);
        assertThat(generatedPrompts).isEmpty();
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void aWorkerWithoutALanguageModelUsesTheOriginalPrompt() {
        handle(task(Enhance.ON), new Cancellation(), "io.atelier.enhancer.url=");

        assertThat(generatedPrompts).containsExactly("a castle");
        assertThat(succeeded().warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.message()).contains("ATELIER_ENHANCER_URL"));
    }

    @Test
    @DisplayName("A Flowise flow rewrites prompts when it is selected")
    void aFlowRewritesPromptsIfItIsSelected() {
        model.then(json(200, "{\"text\": \"{\\\"final_prompt\\\": \\\"A castle, four times\\\"}\"}"));

        handle(
                task(Enhance.ON),
                new Cancellation(),
                "io.atelier.enhancer.kind=flowise",
                "io.atelier.flowise.url=" + model.url("/"),
                "io.atelier.flowise.flow=abc");

        assertThat(generatedPrompts).containsExactly("A castle, four times");
        assertThat(enhancement().by()).isEqualTo("flowise");
    }

    /** The number of this delivery: one more than for the same task before. */
    private int delivery(GenerationRequested task) {
        return deliveries.merge(task.job() + task.task() + task.attempt(), 1, Integer::sum);
    }

    private void handle(GenerationRequested task) {
        handle(task, new Cancellation());
    }

    private Disposition handle(GenerationRequested task, Cancellation cancellation, String... settings) {
        var disposition = new Disposition[1];
        new ApplicationContextRunner()
                .withUserConfiguration(PromptConfiguration.class, SourceImageConfiguration.class)
                .withBean(ProviderClients.class, () -> new ProviderClients(new SimpleMeterRegistry()))
                .withBean(ObjectStore.class, () -> store)
                .withBean(WorkerProperties.class, () -> WORKER_PROPERTIES)
                .withPropertyValues(
                        "io.atelier.enhancer.url=" + model.url("/v1"),
                        "io.atelier.enhancer.model=some-model",
                        "io.atelier.enhancer.timeout=1s")
                .withPropertyValues(settings)
                .run(context -> disposition[0] = generator(
                                context.getBean(PromptStage.class), context.getBean(SourceImageLoader.class))
                        .handle(SampleTasks.lease(task, delivery(task), cancellation)));
        return disposition[0];
    }

    private ReportingTaskHandler<GenerationRequested> generator(PromptStage prompts, SourceImageLoader sources) {
        var engine = new ScriptedEngine((request, run) -> {
            generatedPrompts.add(request.prompt());
            assertThat(store.keys().stream().anyMatch(key -> key.contains("/prompt-")))
                    .as("the rewritten prompt is stored before the engine runs")
                    .isEqualTo(request.enhance() != null);
            engineFailure.ifPresent(failure -> {
                throw new GenerationFailed(failure);
            });
            return List.of(new GeneratedImage(new BufferedImage(4, 3, BufferedImage.TYPE_INT_RGB), 40, Map.of()));
        });
        var generator = new ImageGenerator(
                pool -> "worker-1",
                new EngineRegistry(List.of(engine)),
                SampleAvatars.inputs(store),
                prompts,
                sources,
                SampleTasks.previews(store),
                new ImageRepository(store, true),
                STORE_RETRY,
                Clock.systemUTC());
        return new ReportingTaskHandler<>(
                generator, events, progress::add, Clock.systemUTC(), WORKER_PROPERTIES, ObservationRegistry.NOOP);
    }

    private TaskSucceeded succeeded() {
        return events.events(TaskSucceeded.class).get(0);
    }

    private Job.Enhancement enhancement() {
        return Objects.requireNonNull(succeeded().enhancement());
    }

    private static GenerationRequested task(@Nullable Enhance enhance) {
        return SampleTasks.task(request(enhance, null));
    }

    private static GenerationRequest request(@Nullable Enhance enhance, @Nullable Routing routing) {
        var plain = SampleTasks.request(ScriptedEngine.NAME, "a castle", 1, null);
        return GenerationRequest.builder()
                .prompt(plain.prompt())
                .model(plain.model())
                .requestedModel(plain.requestedModel())
                .engine(plain.engine())
                .pool(plain.pool())
                .size(plain.size())
                .seed(plain.seed())
                .metadata(plain.metadata())
                .labels(plain.labels())
                .terms(plain.terms())
                .enhance(enhance)
                .routing(routing)
                .build();
    }

    private static MockResponse answer(String content) {
        return json(200, "{\"choices\":[{\"message\":{\"content\":\"" + content + "\"}}]}");
    }
}
