package io.atelier.gateway.api.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.work.SplitRequested;
import io.atelier.contract.work.WorkerCommand;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.api.publishing.NonBlockingPublisher;
import io.atelier.gateway.lifecycle.NewJob;
import io.atelier.gateway.view.jobs.JobQuery;
import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.gateway.view.jobs.JobsNotReady;
import io.atelier.messaging.DeadLetter;
import io.atelier.messaging.EventPublisher;
import io.atelier.messaging.ForwardedTask;
import io.atelier.messaging.WebhookDelivery;
import io.atelier.storage.InMemoryObjectStore;
import io.atelier.storage.TextStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class JobSubmissionServiceTests {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00.123456Z");

    private final SlowPublisher publisher = new SlowPublisher();
    private final NonBlockingPublisher nonBlocking = new NonBlockingPublisher(publisher);

    @AfterEach
    void stop() {
        nonBlocking.dispose();
    }

    @Test
    void jobIsAcceptedThoughTheViewDoesNotShowItInTime() {
        publisher.confirmed.complete(null);

        var job = Objects.requireNonNull(
                        submission(Mono.empty()).submit(request()).block(TIMEOUT))
                .job();

        assertThat(job.status()).isEqualTo(JobStatus.QUEUED);
        assertThat(job.version()).isEqualTo(1);
        assertThat(job.createdAt()).isEqualTo("2026-11-21T10:00:00.123Z");
        assertThat(job.id().createdAt()).contains(job.createdAt());
        assertThat(publisher.published).extracting(JobEvent::job).containsExactly(job.id());
    }

    @Test
    void jobIsAcceptedThoughTheViewHasNotCaughtUp() {
        publisher.confirmed.complete(null);

        assertThat(submission(Mono.error(new JobsNotReady())).submit(request()).block(TIMEOUT))
                .isNotNull();
    }

    @Test
    void submissionCompletesOnlyAfterTheBrokersConfirm() {
        var result = submission(Mono.empty()).submit(request()).toFuture();
        await().atMost(TIMEOUT).until(() -> publisher.published.size() == 1);

        assertThat(result).isNotDone();

        publisher.confirmed.complete(null);
        assertThat(result).succeedsWithin(TIMEOUT);
    }

    @Test
    void requestCanBeSentAgainInTheMomentOfItsFailure() {
        publisher.confirmed.complete(null);
        var submissions = submission(Mono.empty());
        var id = JobId.create(NOW, new Random(2));
        var digest = "0".repeat(64);
        Mono<GenerationRequest> failing = Mono.error(new IllegalStateException("no broker"));

        var repeated = submissions
                .submit(id, digest, failing, job -> new Problem(ProblemKind.ID_CONFLICT, "another"))
                .onErrorResume(
                        IllegalStateException.class,
                        failure -> submissions.submit(
                                id,
                                digest,
                                Mono.just(request()),
                                job -> new Problem(ProblemKind.ID_CONFLICT, "another")));

        assertThat(Objects.requireNonNull(repeated.block(TIMEOUT)).job().id()).isEqualTo(id);
    }

    @Test
    void publishingContinuesWhenTheClientDisconnects() {
        var waiting = submission(Mono.empty()).submit(request()).subscribe();
        await().atMost(TIMEOUT).until(() -> publisher.published.size() == 1);

        waiting.dispose();

        assertThat(publisher.confirmed).isNotCancelled();
    }

    @Test
    void publishingDoesNotRunOnAnEventLoop() {
        publisher.confirmed.complete(null);

        submission(Mono.empty())
                .submit(request())
                .subscribeOn(Schedulers.parallel())
                .block(TIMEOUT);

        assertThat(publisher.onEventLoop).containsExactly(false);
    }

    @Test
    void jobOfANewIdIsShownAtOnce() {
        publisher.confirmed.complete(null);
        var view = new View(Mono.error(new AssertionError("No need to wait for the lifecycle")), true);

        var job = Objects.requireNonNull(submission(view).submit(request()).block(TIMEOUT))
                .job();

        assertThat(view.accepted).containsExactly(job);
    }

    @Test
    void jobOfAnIdThatTheClientChoseIsWhatTheLifecycleMadeOfIt() {
        publisher.confirmed.complete(null);
        var id = JobId.create(NOW, new Random(2));
        var other = NewJob.of(new GenerationRequested(id, "generate-1", 1, 3, NOW, null, request()));
        var view = new View(Mono.just(other), true);

        var submitted = submission(view)
                .submit(
                        id,
                        "0".repeat(64),
                        Mono.just(request()),
                        job -> new Problem(ProblemKind.ID_CONFLICT, "another gateway was first"));

        assertThatThrownBy(() -> submitted.block(TIMEOUT)).hasMessageContaining("another gateway was first");
        assertThat(view.accepted).isEmpty();
    }

    @Test
    void taskHasTheNameThatTheLifecycleExpects() {
        var splits = request().toBuilder()
                .engine(GenerationRequest.SPLITTER)
                .pool(GenerationRequest.SPLITTER_POOL)
                .build();
        var avatar = request().toBuilder()
                .avatar(AvatarSpec.builder(List.of(AvatarStep.BASE), 1).build())
                .build();
        var names = Map.of(request(), "generate", splits, "split", avatar, "avatar");
        var id = JobId.create(NOW, new Random(2));
        var submissions = submission(Mono.empty());

        names.forEach((request, name) -> {
            assertThat(NewJob.task(request)).isEqualTo(name);
            assertThat(submissions.requested(id, "0a1b2c3d".repeat(8), request).task())
                    .isEqualTo(name + "-0a1b2c3d");
        });
    }

    private JobSubmissionService submission(Mono<Job> shown) {
        return submission(new View(shown, false));
    }

    private JobSubmissionService submission(View view) {
        var properties = new SubmissionProperties(
                DataSize.ofMegabytes(1), DataSize.ofMegabytes(64), TIMEOUT, 3, null, Duration.ofMillis(100));
        return new JobSubmissionService(
                request -> {},
                (request, inline) -> Mono.just(request),
                new PersonaTextRepository(new TextStore(new InMemoryObjectStore(), Runnable::run)),
                nonBlocking,
                view,
                properties,
                Clock.fixed(NOW, ZoneOffset.UTC),
                new Random(1));
    }

    private static GenerationRequest request() {
        return GenerationRequest.builder()
                .prompt("x")
                .model("pocket")
                .requestedModel("auto")
                .engine("pocket")
                .pool("default")
                .size(new ImageSize(512, 512))
                .steps(25)
                .guidanceScale(2.5)
                .seed(7)
                .build();
    }

    /** A view that shows a given job, and accepts all or none. */
    private static final class View implements Jobs {

        private final Mono<Job> shown;
        private final boolean accepts;
        private final List<Job> accepted = new CopyOnWriteArrayList<>();

        View(Mono<Job> shown, boolean accepts) {
            this.shown = shown;
            this.accepts = accepts;
        }

        @Override
        public boolean accept(Job job) {
            if (accepts) {
                accepted.add(job);
            }
            return accepts;
        }

        @Override
        public Optional<Job> find(JobId id) {
            return Optional.empty();
        }

        @Override
        public Mono<Job> await(JobId id, int version, Duration timeout) {
            return shown;
        }

        @Override
        public Flux<Job> follow(JobId id) {
            return Flux.empty();
        }

        @Override
        public Page list(JobQuery query) {
            throw new UnsupportedOperationException("Not used in this test");
        }

        @Override
        public Mono<Void> caughtUp(Duration timeout) {
            return Mono.empty();
        }

        @Override
        public boolean ready() {
            return true;
        }
    }

    /** Confirms when the test completes {@link #confirmed}. */
    private static final class SlowPublisher implements EventPublisher {

        private final List<JobEvent> published = new CopyOnWriteArrayList<>();
        private final List<Boolean> onEventLoop = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Void> confirmed = new CompletableFuture<>();

        @Override
        public CompletableFuture<Void> publish(JobEvent event) {
            onEventLoop.add(Schedulers.isInNonBlockingThread());
            published.add(event);
            return confirmed;
        }

        @Override
        public CompletableFuture<Void> publish(SplitRequested task) {
            throw new UnsupportedOperationException("Not used in this test");
        }

        @Override
        public CompletableFuture<Void> publish(WorkerCommand command) {
            throw new UnsupportedOperationException("Not used in this test");
        }

        @Override
        public CompletableFuture<Void> forward(ForwardedTask task) {
            throw new UnsupportedOperationException("Not used in this test");
        }

        @Override
        public CompletableFuture<Void> deadLetter(DeadLetter deadLetter) {
            throw new UnsupportedOperationException("Not used in this test");
        }

        @Override
        public CompletableFuture<Void> publish(WebhookDelivery delivery) {
            throw new UnsupportedOperationException("Not used in this test");
        }
    }
}
