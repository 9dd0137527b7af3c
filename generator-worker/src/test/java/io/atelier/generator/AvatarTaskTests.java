package io.atelier.generator;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.GenerationRequest.Enhance;
import io.atelier.contract.job.GenerationRequest.Metadata;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.Source;
import io.atelier.contract.job.StoredText;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.engine.SourceImages;
import io.atelier.generator.persona.AvatarInputs;
import io.atelier.generator.persona.SamplePersonas;
import io.atelier.generator.prompt.PromptEnhancer;
import io.atelier.generator.prompt.PromptStage;
import io.atelier.generator.source.SourceImageLoader;
import io.atelier.image.decode.DecodingBudget;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.storage.InMemoryObjectStore;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.worker.cancellation.Cancellation;
import io.atelier.worker.source.SampleRemoteSources;
import io.atelier.worker.source.SourceDownload;
import io.atelier.worker.store.StoreRetry;
import io.atelier.worker.task.ReportingTaskHandler;
import io.atelier.worker.task.WorkerProperties;
import io.micrometer.observation.ObservationRegistry;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.unit.DataSize;

/** The tasks of avatars that an engine runs: base images and grids. */
class AvatarTaskTests {

    private static final StoreRetry STORE_RETRY = new StoreRetry(Duration.ofMillis(300));
    private static final WorkerProperties WORKER_PROPERTIES = new WorkerProperties(
            Duration.ofSeconds(5), false, Duration.ZERO, Duration.ofSeconds(5), Duration.ZERO, true);
    private static final List<AvatarStep> ALL = List.of(AvatarStep.values());
    private static final List<AvatarStep> WITHOUT_PROMPT =
            List.of(AvatarStep.BASE, AvatarStep.GRID, AvatarStep.SPLIT, AvatarStep.PUBLISH);
    private static final String GRID_PROMPT = "Four views of her between two harmoniums";

    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private final InMemoryEventPublisher events = new InMemoryEventPublisher();
    private final RecordingEngine engine = new RecordingEngine();
    private final StoredText persona = SamplePersonas.store(store, SampleTasks.JOB, SamplePersonas.ADA);
    private String suffix = "";

    @Test
    @DisplayName("A base image is generated with a prompt of the persona, which is stored beside it")
    void baseImageIsMadeOfThePersona() throws Exception {
        suffix = "in pale colours";

        handle(SampleAvatars.base(persona));

        assertThat(engine.edits).isEmpty();
        assertThat(engine.prompts())
                .singleElement()
                .asString()
                .contains("selfie", "Person: " + SamplePersonas.BIO)
                .endsWith("female.\nin pale colours");
        assertThat(text("base-1/prompt.txt")).isEqualTo(engine.prompts().get(0));
        assertThat(succeeded().images())
                .singleElement()
                .satisfies(image -> assertThat(image.key()).endsWith("/base-1/0.png"));
    }

    @Test
    void baseImageWithAFaceIsAnEdit() throws Exception {
        var base = SampleAvatars.base(persona);
        handle(SampleTasks.task(SampleTasks.request(ScriptedEngine.NAME, "a face", 1, null)));
        var face = Source.of(SampleTasks.JOB, 0).storedAs(succeeded().images().get(0));

        handle(base.with(base.request().withImages(List.of(face))));

        assertThat(engine.edits)
                .singleElement()
                .satisfies(request -> assertThat(request.prompt()).contains("Person: " + SamplePersonas.BIO));
    }

    @Test
    void styleIsChosenByTheSeedOnlyIfItIsToBeRandom() throws Exception {
        for (long seed = 0; seed < 8; seed++) {
            var request =
                    SampleAvatars.base(persona).request().toBuilder().seed(seed).build();
            handle(SampleAvatars.task("base-" + seed, AvatarStep.BASE, request));
        }
        for (long seed = 0; seed < 8; seed++) {
            var request =
                    SampleAvatars.base(persona).request().toBuilder().seed(seed).build();
            handle(SampleAvatars.styled(SampleAvatars.task("styled-" + seed, AvatarStep.BASE, request)));
        }

        assertThat(engine.prompts()).hasSize(16);
        assertThat(new HashSet<>(engine.prompts().subList(0, 8))).hasSize(1);
        assertThat(new HashSet<>(engine.prompts().subList(8, 16))).hasSizeGreaterThan(2);
    }

    @Test
    @DisplayName(
            "The prompt of a grid is read from the store; the suffix follows one that a task wrote, and not one of the client")
    void promptOfAGridIsReadFromTheStore() throws Exception {
        suffix = "in pale colours";
        var prompt = store("prompt-0-1/prompt.txt");

        handle(SampleAvatars.grid(ALL, persona, prompt));
        handle(rename(SampleAvatars.grid(WITHOUT_PROMPT, null, prompt), "grid-1"));

        assertThat(engine.prompts()).containsExactly(GRID_PROMPT + "\nin pale colours", GRID_PROMPT);
        assertThat(events.events(TaskSucceeded.class)).hasSize(2);
    }

    @Test
    @DisplayName("A redelivery and a further attempt find the stored base image and run no engine")
    void storedBaseIsNotMadeAgain() throws Exception {
        var base = SampleAvatars.base(persona);
        handle(base);

        handle(base, 2);
        handle(SampleAvatars.attempt("base", AvatarStep.BASE, 2, base.request()));
        // The same record once more, as a repair publishes it.
        handle(base);

        assertThat(engine.requests).hasSize(1);
        var reports = events.events(TaskSucceeded.class);
        assertThat(reports)
                .hasSize(4)
                .allSatisfy(report ->
                        assertThat(report.images()).isEqualTo(reports.get(0).images()));
    }

    @Test
    void redeliveryUsesThePromptThatIsStoredAlready() throws Exception {
        engine.failure = Optional.of(new Failure(Code.ENGINE_ERROR, "It fell over."));
        suffix = "in pale colours";
        handle(SampleAvatars.base(persona));
        engine.failure = Optional.empty();
        suffix = "in black and white";

        handle(SampleAvatars.base(persona), 2);

        assertThat(engine.prompts()).hasSize(2).allMatch(prompt -> prompt.endsWith("in pale colours"));
        assertThat(text("base-1/prompt.txt")).endsWith("in pale colours");
    }

    @Test
    void promptIsNeitherRewrittenNorWrittenIntoTheFile() throws Exception {
        var base = SampleAvatars.base(persona);
        assertThat(base.request().metadata()).isEqualTo(Metadata.FULL);

        handle(base.with(base.request().toBuilder().enhance(Enhance.ON).build()));

        assertThat(engine.requests).hasSize(1);
        assertThat(succeeded().enhancement()).isNull();
        var key = new ObjectKey(succeeded().images().get(0).key());
        var file = new String(read(key), StandardCharsets.ISO_8859_1);
        assertThat(file).contains("Software").doesNotContain("selfie", "axolotls", "prompt");
        assertThat(store.find(key).join().orElseThrow().metadata().toString()).doesNotContain("selfie", "axolotls");
    }

    @ParameterizedTest
    @EnumSource(names = {"BASE", "GRID"})
    @ExtendWith(OutputCaptureExtension.class)
    @DisplayName("A failure that quotes the prompt or the persona is reported and logged without that")
    void failureDoesNotQuoteThePersona(AvatarStep step, CapturedOutput output) throws Exception {
        engine.failure = Optional.of(new Failure(
                Code.MODERATION_BLOCKED,
                "Content policy violation (content_policy_violation): '%s' of Quillfeather, in: %s"
                        .formatted(SamplePersonas.BIO, GRID_PROMPT)));

        handle(
                step == AvatarStep.BASE
                        ? SampleAvatars.base(persona)
                        : SampleAvatars.grid(ALL, persona, store("prompt-0-1/prompt.txt")));

        var failure = events.events(TaskFailed.class).get(0).failure();
        assertThat(failure.code()).isEqualTo(Code.MODERATION_BLOCKED);
        assertThat(failure.message()).contains("content_policy_violation", "[redacted]");
        var hidden = new ArrayList<>(List.of("axolotls", "Quillfeather"));
        if (step == AvatarStep.GRID) {
            hidden.add("harmoniums");
        }
        assertThat(EventCodec.json().writeValueAsString(events.events())).doesNotContain(hidden);
        assertThat(output).contains("moderation-blocked").doesNotContain(hidden);
        assertThat(engine.requests).hasSize(1);
    }

    @Test
    void warningDoesNotQuoteThePersona() throws Exception {
        engine.warning = Map.of("warning", "This engine does not know \"axolotls\".");

        handle(SampleAvatars.base(persona));
        handle(SampleAvatars.base(persona), 2);

        assertThat(events.events(TaskSucceeded.class))
                .hasSize(2)
                .allSatisfy(report -> assertThat(report.warnings())
                        .singleElement()
                        .satisfies(warning ->
                                assertThat(warning.message()).isEqualTo("This engine does not know \"[redacted]\".")));
    }

    @Test
    void failureOfAnotherTaskIsReportedAsItIs() throws Exception {
        engine.failure = Optional.of(new Failure(Code.REQUEST_REJECTED, "Refused: " + SamplePersonas.BIO));

        handle(SampleTasks.task(SampleTasks.request(ScriptedEngine.NAME, SamplePersonas.BIO, 1, null)));

        assertThat(failure().message()).isEqualTo("Refused: " + SamplePersonas.BIO);
    }

    @Test
    void textsOfAnErasedJobFailTheTaskWithoutARun() throws Exception {
        store.delete(new ObjectKey(persona.key())).join();

        handle(SampleAvatars.base(persona));

        assertThat(failure().code()).isEqualTo(Code.SOURCE_UNAVAILABLE);
        assertThat(failure().message()).contains("persona", "no longer stored", "erased");
        assertThat(engine.requests).isEmpty();
    }

    @Test
    void otherTextUnderTheKeyIsAStorageError() throws Exception {
        handle(SampleAvatars.base(new StoredText(persona.key(), "0".repeat(64), persona.bytes())));

        assertThat(failure().code()).isEqualTo(Code.STORAGE_ERROR);
        assertThat(engine.requests).isEmpty();
    }

    @Test
    void personaWithoutItsFieldsFailsTheTaskWithoutARun() throws Exception {
        var incomplete = SamplePersonas.store(
                store,
                SampleTasks.JOB,
                "{\"id\": \"42\", \"firstname\": \"\", \"gender\": \"m\", \"bio_x\": \"axolotls\"}");

        handle(SampleAvatars.base(incomplete));

        assertThat(failure().code()).isEqualTo(Code.REQUEST_REJECTED);
        assertThat(failure().message())
                .startsWith("Missing required person data fields: [lastname, bio_facebook, bio_instagram, bio_tiktok]")
                .doesNotContain("axolotls");
        assertThat(engine.requests).isEmpty();
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void personaThatIsNoObjectIsNotQuoted(CapturedOutput output) throws Exception {
        handle(SampleAvatars.base(SamplePersonas.store(store, SampleTasks.JOB, "{\"age\": \"axolotls\"}")));

        assertThat(failure().code()).isEqualTo(Code.REQUEST_REJECTED);
        assertThat(failure().message()).contains("not valid").doesNotContain("axolotls");
        assertThat(output).contains("request-rejected").doesNotContain("axolotls");
    }

    @Test
    void taskThatLacksItsInputIsRejected() throws Exception {
        handle(SampleAvatars.base(null));
        handle(SampleAvatars.grid(ALL, persona, null));
        var base = SampleAvatars.base(persona);
        handle(base.with(base.request().toBuilder().avatar(null).build()));
        handle(SampleAvatars.task("publish", AvatarStep.PUBLISH, base.request()));

        assertThat(events.events(TaskFailed.class))
                .extracting(failed -> failed.failure().message())
                .satisfiesExactly(
                        message -> assertThat(message).contains("'base'", "persona"),
                        message -> assertThat(message).contains("'grid'", "prompt"),
                        message -> assertThat(message).contains("'base'", "avatar"),
                        message -> assertThat(message).contains("'publish'", "base image or grid"));
        assertThat(engine.requests).isEmpty();
    }

    @Test
    void storeThatIsDownIsWaitedFor() throws Exception {
        store.failNext(ObjectStoreFailed.Kind.UNAVAILABLE);

        handle(SampleAvatars.base(persona));

        assertThat(succeeded().images()).hasSize(1);
        assertThat(engine.requests).hasSize(1);
    }

    private TaskSucceeded succeeded() {
        assertThat(events.events(TaskFailed.class)).isEmpty();
        return events.events(TaskSucceeded.class).get(0);
    }

    private Failure failure() {
        return events.events(TaskFailed.class).get(0).failure();
    }

    private StoredText store(String name) {
        var key = new ObjectKey(JobFolder.of(SampleTasks.JOB) + name);
        return SamplePersonas.texts(store).put(key, GRID_PROMPT).join();
    }

    private String text(String name) throws IOException {
        return new String(read(new ObjectKey(JobFolder.of(SampleTasks.JOB) + name)), StandardCharsets.UTF_8);
    }

    private byte[] read(ObjectKey key) throws IOException {
        try (var content = store.open(key, null).join()) {
            return content.stream().readAllBytes();
        }
    }

    private static GenerationRequested rename(GenerationRequested task, String name) {
        return SampleAvatars.task(name, AvatarStep.GRID, task.request());
    }

    private void handle(GenerationRequested task) throws Exception {
        handle(task, 1);
    }

    private void handle(GenerationRequested task, int delivery) throws Exception {
        var inputs = SampleAvatars.inputs(store, suffix);
        new ReportingTaskHandler<>(
                        generator(inputs),
                        events,
                        progress -> {},
                        Clock.systemUTC(),
                        WORKER_PROPERTIES,
                        ObservationRegistry.NOOP)
                .handle(SampleTasks.lease(task, delivery, new Cancellation()));
    }

    private ImageGenerator generator(AvatarInputs inputs) {
        var unused = new PromptEnhancer() {
            @Override
            public String name() {
                return "unused";
            }

            @Override
            public String enhance(String prompt, GenerationRun run) {
                throw new AssertionError("The prompt was not to be rewritten");
            }
        };
        var remote = SampleRemoteSources.settings();
        var sources = new SourceImageLoader(
                store,
                STORE_RETRY,
                new SourceDownload(remote),
                DecodingBudget.ofProcess(),
                remote.limits(),
                DataSize.ofMegabytes(1));
        return new ImageGenerator(
                pool -> "worker-1",
                new EngineRegistry(List.<GenerationEngine>of(engine)),
                inputs,
                new PromptStage(unused, store, STORE_RETRY),
                sources,
                SampleTasks.previews(store),
                new ImageRepository(store, true),
                STORE_RETRY,
                Clock.systemUTC());
    }

    /** An engine that remembers its requests. */
    private static final class RecordingEngine extends ScriptedEngine {

        private final List<GenerationRequest> requests = new ArrayList<>();
        private final List<GenerationRequest> edits = new ArrayList<>();
        private Optional<Failure> failure = Optional.empty();
        private Map<String, String> warning = Map.of();

        RecordingEngine() {
            super((request, run) -> List.of());
        }

        List<String> prompts() {
            return requests.stream().map(GenerationRequest::prompt).toList();
        }

        @Override
        public List<GeneratedImage> generate(GenerationRequest request, GenerationRun run) {
            requests.add(request);
            failure.ifPresent(reason -> {
                throw new GenerationFailed(reason);
            });
            return List.of(new GeneratedImage(new BufferedImage(4, 3, BufferedImage.TYPE_INT_RGB), 40, warning));
        }

        @Override
        public List<GeneratedImage> edit(GenerationRequest request, SourceImages sources, GenerationRun run) {
            edits.add(request);
            return generate(request, run);
        }
    }
}
