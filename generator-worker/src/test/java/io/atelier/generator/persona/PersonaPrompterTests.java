package io.atelier.generator.persona;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.JobEvent.TaskCanceled;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.StoredPrompt;
import io.atelier.contract.job.StoredText;
import io.atelier.contract.work.PromptRequested;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.storage.InMemoryObjectStore;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.worker.cancellation.Cancellation;
import io.atelier.worker.lease.Lease;
import io.atelier.worker.lease.TaskHandler.Disposition;
import io.atelier.worker.store.StoreRetry;
import io.atelier.worker.task.ReportingTaskHandler;
import io.atelier.worker.task.WorkerProperties;
import io.micrometer.observation.ObservationRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

class PersonaPrompterTests {

    private static final Instant AT = Instant.parse("2026-12-01T10:00:00Z");
    private static final JobId JOB = JobId.create(AT, new Random(3));

    /** The start of a task is not reported by itself unless the task asks for it. */
    private static final WorkerProperties WORKER_PROPERTIES = new WorkerProperties(
            Duration.ofSeconds(5), false, Duration.ofMillis(300), Duration.ofSeconds(5), Duration.ofMinutes(9), true);

    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private final InMemoryEventPublisher events = new InMemoryEventPublisher();
    private final ScriptedWriter writer = new ScriptedWriter();
    private final StoredText persona = SamplePersonas.store(store, JOB, SamplePersonas.ADA);

    @Test
    @DisplayName("A prompt is written from the stored persona, stored, and reported by its key")
    void promptIsStoredAndReported() throws Exception {
        handle(task(0, 1));

        assertThat(writer.subjects).singleElement().satisfies(subject -> {
            assertThat(subject.persona()).isEqualTo(SamplePersonas.ADA);
            assertThat(subject.index()).isZero();
            assertThat(subject.earlier()).isEmpty();
            assertThat(subject.styleSeed()).isNull();
        });
        var report = succeeded(0);
        assertThat(report.worker().id()).isEqualTo("generator-7");
        assertThat(report.worker().engine()).isEqualTo("scripted");
        assertThat(report.worker().device()).isEqualTo("remote");
        assertThat(report.images()).isEmpty();
        assertThat(report.engineMillis()).isNull();
        assertThat(report.providerCalls()).isEqualTo(1);
        var prompt = Objects.requireNonNull(report.prompt());
        assertThat(prompt.index()).isZero();
        assertThat(prompt.by()).isEqualTo("scripted");
        assertThat(prompt.text().key()).isEqualTo(JobFolder.text(JOB, "prompt-0", 1));
        assertThat(SamplePersonas.texts(store).read(prompt.text()).join()).isEqualTo("prompt number 0, call 1");
    }

    @Test
    void startIsReportedBeforeTheWriterIsCalled() throws Exception {
        writer.onCall = () -> assertThat(events.events())
                .hasOnlyElementsOfType(TaskStarted.class)
                .hasSize(1);

        handle(task(0, 1));

        assertThat(writer.subjects).hasSize(1);
        assertThat(events.events()).hasSize(2);
    }

    @Test
    @DisplayName("A redelivery and a further attempt find the stored prompt and write none")
    void storedPromptIsNotWrittenAgain() throws Exception {
        handle(task(0, 1));

        handle(task(0, 1), 2, new Cancellation());
        handle(task(0, 2));
        handle(task(0, 3));
        // The same record once more, as a repair publishes it.
        handle(task(0, 1));

        assertThat(writer.subjects).hasSize(1);
        assertThat(events.events(TaskSucceeded.class))
                .hasSize(5)
                .allSatisfy(report ->
                        assertThat(report.prompt()).isEqualTo(succeeded(0).prompt()));
    }

    @Test
    void attemptAfterAFailureWritesThePrompt() throws Exception {
        writer.failure = Optional.of(new Failure(Code.PROVIDER_ERROR, "No."));
        handle(task(0, 1));
        writer.failure = Optional.empty();

        handle(task(0, 2));

        assertThat(Objects.requireNonNull(succeeded(0).prompt()).text().key())
                .isEqualTo(JobFolder.text(JOB, "prompt-0", 2));
    }

    @Test
    void earlierPromptsAreReadInTheirOrder() throws Exception {
        handle(task(0, 1));
        handle(task(1, 1));
        var earlier = events.events(TaskSucceeded.class).stream()
                .map(TaskSucceeded::prompt)
                .map(Objects::requireNonNull)
                .toList();

        handle(task(2, earlier, false));

        assertThat(writer.subjects.get(2).earlier())
                .containsExactly("prompt number 0, call 1", "prompt number 1, call 2");
    }

    @Test
    void randomStyleIsTheSameForAllPromptsOfAJob() throws Exception {
        handle(task(0, List.of(), true));
        handle(task(1, List.of(), true));

        assertThat(writer.subjects.get(0).styleSeed())
                .isNotNull()
                .isEqualTo(writer.subjects.get(1).styleSeed());
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    @DisplayName("Neither persona nor prompts are in records or in the log, whether the task succeeds, fails or breaks")
    void textsAreNeitherReportedNorLogged(CapturedOutput output) throws Exception {
        var written = succeededPrompt();
        writer.failure = Optional.of(new Failure(
                Code.MODERATION_BLOCKED,
                "Content policy violation (content_policy_violation): Flowise API error: {\"person_data\": \"Adalberta, "
                        + SamplePersonas.BIO + "\"}"));
        handle(task(1, List.of(written), false));

        var failure = events.events(TaskFailed.class).get(0).failure();
        assertThat(failure.code()).isEqualTo(Code.MODERATION_BLOCKED);
        assertThat(failure.message()).contains("content_policy_violation", "Flowise API error", "[redacted]");
        assertThat(EventCodec.json().writeValueAsString(events.events()))
                .contains("moderation-blocked")
                .doesNotContain("Adalberta", "axolotls", "prompt number 0");
        assertThat(output)
                .contains("succeeded", "moderation-blocked", "prompt 1, scripted")
                .doesNotContain("Adalberta", "axolotls", "prompt number 0");
    }

    private StoredPrompt succeededPrompt() throws InterruptedException {
        handle(task(0, 1));
        return Objects.requireNonNull(succeeded(0).prompt());
    }

    @Test
    @DisplayName("A persona that lacks fields fails the task without a call and lists them")
    void missingFieldsAreListed() throws Exception {
        var incomplete =
                SamplePersonas.store(store, JOB, "{\"firstname\": \"Ada\", \"lastname\": \"\", \"gender\": \"f\"}");

        handle(new PromptRequested(JOB, "prompt-0", 1, 3, AT, null, 0, incomplete, List.of(), false));

        assertThat(failure().code()).isEqualTo(Code.REQUEST_REJECTED);
        assertThat(failure().message())
                .startsWith("Missing required person data fields: [bio_facebook, bio_instagram, bio_x, bio_tiktok]");
        assertThat(writer.subjects).isEmpty();
    }

    @Test
    void textsOfAnErasedJobFailTheTask() throws Exception {
        var earlier = succeededPrompt();
        store.delete(new ObjectKey(earlier.text().key())).join();

        handle(task(1, List.of(earlier), false));

        assertThat(failure().code()).isEqualTo(Code.SOURCE_UNAVAILABLE);
        assertThat(failure().message()).contains("prompt", "no longer stored");
        assertThat(writer.subjects).hasSize(1);
    }

    @Test
    void outageOfTheStoreCausesNoSecondCall() throws Exception {
        writer.onCall = () -> store.failNext(ObjectStoreFailed.Kind.UNAVAILABLE);

        handle(task(0, 1));

        assertThat(writer.subjects).hasSize(1);
        assertThat(succeeded(0).prompt()).isNotNull();
    }

    @Test
    void storeThatIsDownFailsTheTaskForAnotherAttempt() throws Exception {
        store.failAlways(ObjectStoreFailed.Kind.REFUSED);

        handle(task(0, 1));

        assertThat(failure().code()).isEqualTo(Code.STORAGE_ERROR);
        assertThat(failure().code().isTransient()).isTrue();
        assertThat(failure().message()).contains("texts of the job");
    }

    @Test
    void canceledTaskIsReportedAndAccepted() throws Exception {
        var cancellation = new Cancellation();
        writer.onCall = () -> {
            cancellation.request(Cancellation.Request.receivedNow(Duration.ofSeconds(30)));
            throw new GenerationCanceled();
        };

        assertThat(handle(task(0, 1), 1, cancellation)).isEqualTo(Disposition.ACCEPT);

        assertThat(events.events(TaskCanceled.class)).hasSize(1);
        assertThat(store.keys()).containsExactly(persona.key());
    }

    @Test
    void taskOfAStoppingWorkerIsReleased() throws Exception {
        var cancellation = new Cancellation();
        writer.onCall = () -> {
            cancellation.request();
            throw new GenerationCanceled();
        };

        assertThat(handle(task(0, 1), 1, cancellation)).isEqualTo(Disposition.RELEASE);

        assertThat(events.events()).hasOnlyElementsOfType(TaskStarted.class);
    }

    private Failure failure() {
        return events.events(TaskFailed.class).get(0).failure();
    }

    private TaskSucceeded succeeded(int number) {
        return events.events(TaskSucceeded.class).get(number);
    }

    private PromptRequested task(int index, int attempt) {
        return new PromptRequested(JOB, "prompt-" + index, attempt, 3, AT, null, index, persona, List.of(), false);
    }

    private PromptRequested task(int index, List<StoredPrompt> earlier, boolean randomStyle) {
        return new PromptRequested(JOB, "prompt-" + index, 1, 3, AT, null, index, persona, earlier, randomStyle);
    }

    private void handle(PromptRequested task) throws InterruptedException {
        assertThat(handle(task, 1, new Cancellation())).isEqualTo(Disposition.ACCEPT);
    }

    private Disposition handle(PromptRequested task, int delivery, Cancellation cancellation)
            throws InterruptedException {
        var texts = new AvatarTextRepository(store, new StoreRetry(Duration.ofMillis(300)));
        var handler = new ReportingTaskHandler<>(
                new PersonaPrompter("generator-7", writer, texts),
                events,
                progress -> {},
                Clock.systemUTC(),
                WORKER_PROPERTIES,
                ObservationRegistry.NOOP);
        return handler.handle(new Lease<>(
                task,
                "atelier.prompt-requested",
                delivery,
                task.attempt() + delivery - 1,
                cancellation,
                disposition -> {},
                () -> {}));
    }

    /** A writer that numbers its prompts. */
    private static final class ScriptedWriter implements PersonaPromptWriter {

        private final List<Subject> subjects = new ArrayList<>();
        private Optional<Failure> failure = Optional.empty();
        private Runnable onCall = () -> {};

        @Override
        public String name() {
            return "scripted";
        }

        @Override
        public String device() {
            return "remote";
        }

        @Override
        public String write(Subject subject, GenerationRun run) {
            subjects.add(subject);
            run.providerCallListener().onCall();
            onCall.run();
            failure.ifPresent(reason -> {
                throw new GenerationFailed(reason);
            });
            return "prompt number %d, call %d".formatted(subject.index(), subjects.size());
        }
    }
}
