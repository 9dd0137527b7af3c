package io.atelier.generator;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.Worker;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.worker.lease.Lease;
import io.atelier.worker.task.ReportingTaskHandler;
import io.atelier.worker.task.TaskAttempt;
import io.atelier.worker.task.TaskContext;
import io.atelier.worker.task.TaskLogic;
import io.atelier.worker.task.TaskOutput;
import io.atelier.worker.task.WorkerProperties;
import io.micrometer.observation.ObservationRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PooledGeneratorTests {

    private static final WorkerProperties WORKER_PROPERTIES = new WorkerProperties(
            Duration.ofSeconds(5), false, Duration.ZERO, Duration.ofSeconds(5), Duration.ZERO, true);

    @DisplayName("A model that cannot be used here is tried again as long as another worker has it, and no longer")
    @Test
    void modelOfAnotherWorkerIsTried() throws Exception {
        var here = failure(Code.NOT_CONFIGURED, false);
        var elsewhere = failure(Code.NOT_CONFIGURED, true);

        assertThat(here).isEqualTo(new Failure(Code.NOT_CONFIGURED, "unet/model.onnx is damaged."));
        assertThat(elsewhere.code()).isEqualTo(Code.ENGINE_UNAVAILABLE);
        assertThat(elsewhere.code().isTransient()).isTrue();
        assertThat(elsewhere.message()).startsWith("unet/model.onnx is damaged. Another worker");
    }

    @Test
    void requestThatTheModelRejectsIsRejectedByAllWorkers() throws Exception {
        assertThat(failure(Code.REQUEST_REJECTED, true).code()).isEqualTo(Code.REQUEST_REJECTED);
    }

    private static Failure failure(Code code, boolean isElsewhere) throws InterruptedException {
        var events = new InMemoryEventPublisher();
        var task = SampleTasks.task(SampleTasks.request("local/tiny", "a cat", 1, null));
        var generator =
                new PooledGenerator(new FailingLogic(new Failure(code, "unet/model.onnx is damaged.")), request -> {
                    assertThat(request).isEqualTo(task.request());
                    return isElsewhere;
                });

        new ReportingTaskHandler<>(
                        generator,
                        events,
                        progress -> {},
                        Clock.fixed(SampleTasks.AT, ZoneOffset.UTC),
                        WORKER_PROPERTIES,
                        ObservationRegistry.NOOP)
                .handle(SampleTasks.lease(task));

        return events.events(TaskFailed.class).get(0).failure();
    }

    /** Fails each run. */
    private record FailingLogic(Failure failure) implements TaskLogic<GenerationRequested> {

        @Override
        public TaskAttempt attempt(Lease<GenerationRequested> lease) {
            var worker = new Worker("worker-1", "local/tiny", "cpu");
            return new TaskAttempt(lease.task().job(), "generate", lease.attempt(), worker, "a task");
        }

        @Override
        public TaskOutput run(GenerationRequested task, TaskContext context) {
            throw new GenerationFailed(failure);
        }

        @Override
        public Optional<Failure> failure(RuntimeException thrown) {
            return thrown instanceof GenerationFailed failed ? Optional.of(failed.failure()) : Optional.empty();
        }
    }
}
