package io.atelier.gateway.faces.pipelines;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.messaging.thread.DaemonThreads;
import io.atelier.pipeline.PipelineArguments;
import io.atelier.pipeline.PipelineResult;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import org.springframework.beans.factory.DisposableBean;
import reactor.core.publisher.Mono;

/** Runs pipelines on threads of their own, with a time limit, and not too many at the same time. Thread-safe. */
public final class PipelineHost implements DisposableBean {

    /** The code of one run may be on several threads: itself, its stream, the cancellation of both, and what follows its images. */
    private static final int THREADS_PER_RUN = 12;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final PipelineImages images;
    private final Duration timeout;
    private final Semaphore free;
    private final ThreadPoolExecutor pool;

    /**
     * @param maxRuns the highest number of runs at the same time; one more is refused
     * @param timeout how long a run may take until it has a result
     */
    public PipelineHost(PipelineImages images, int maxRuns, Duration timeout) {
        this.images = images;
        this.timeout = timeout;
        this.free = new Semaphore(maxRuns);
        this.pool = new ThreadPoolExecutor(
                0,
                maxRuns * THREADS_PER_RUN,
                30,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                DaemonThreads.numbered("pipeline-"));
    }

    /**
     * Runs a pipeline, and responds with its result. The run ends with the response. Fails with a {@link Problem} if there are too many runs, the
     * time is over or the code fails, and with a {@link io.atelier.pipeline.PipelineException} if the code says so.
     *
     * @param pipeline is in use by the caller, and by the run as long as any of its code runs
     */
    public Mono<Void> run(
            HostedPipeline pipeline,
            PipelineArguments arguments,
            String requestId,
            BiFunction<PipelineRun, PipelineResult, Mono<Void>> responder) {
        return Mono.defer(() -> {
            if (!free.tryAcquire()) {
                return Mono.error(overloaded());
            }
            pipeline.acquire();
            var run = new PipelineRun(pipeline, requestId, pool, images, timeout, () -> {
                free.release();
                pipeline.release();
            });
            return run.result(arguments)
                    .timeout(timeout)
                    .onErrorMap(
                            TimeoutException.class,
                            late -> tooSlow(pipeline.declaration().name()))
                    .flatMap(result -> responder.apply(run, result))
                    .doFinally(end -> run.end());
        });
    }

    @Override
    public void destroy() {
        pool.shutdownNow();
    }

    static Problem overloaded() {
        return new Problem(
                        ProblemKind.OVERLOADED,
                        "The gateway runs the highest number of pipelines at the same time. Try again in a second.")
                .retryAfter(RETRY_AFTER);
    }

    private Problem tooSlow(String name) {
        return new Problem(
                ProblemKind.WAIT_TIMEOUT,
                "The pipeline '%s' has no result after %d s.".formatted(name, timeout.toSeconds()));
    }
}
