package io.atelier.gateway.faces.pipelines;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.pipeline.PipelineArguments;
import io.atelier.pipeline.PipelineContext;
import io.atelier.pipeline.PipelineException;
import io.atelier.pipeline.PipelineImage;
import io.atelier.pipeline.PipelineImageRequest;
import io.atelier.pipeline.PipelineResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * One run of a pipeline, until its response has ended. All code of the pipeline runs on its threads, with the class loader of the jar. Thread-safe.
 */
public final class PipelineRun {

    private static final Logger LOG = LoggerFactory.getLogger(PipelineRun.class);
    private static final int MAX_IMAGES = 8;

    private final HostedPipeline pipeline;
    private final String requestId;
    private final Executor pool;
    private final PipelineImages images;
    private final Duration timeout;
    private final Runnable onFinished;
    private final Scheduler scheduler = Schedulers.fromExecutor(this::execute, true);
    private final Disposable.Composite waits = Disposables.composite();
    private final long start = System.nanoTime();
    private volatile boolean isCanceled;
    private int active;
    private boolean isEnded;
    private boolean isFinished;

    /**
     * @param pool may block
     * @param timeout of the run
     * @param onFinished runs once, when the response has ended and no code of the pipeline runs any more
     */
    PipelineRun(
            HostedPipeline pipeline,
            String requestId,
            Executor pool,
            PipelineImages images,
            Duration timeout,
            Runnable onFinished) {
        this.pipeline = pipeline;
        this.requestId = requestId;
        this.pool = pool;
        this.images = images;
        this.timeout = timeout;
        this.onFinished = onFinished;
    }

    /** Runs tasks of one worker in their order, on threads that may block. */
    Scheduler scheduler() {
        return scheduler;
    }

    /** The result. Fails with a {@link Problem} or a {@link PipelineException}. */
    Mono<PipelineResult> result(PipelineArguments arguments) {
        return Mono.create(sink -> {
            var running = new AtomicReference<@Nullable CompletionStage<PipelineResult>>();
            var task = new FutureTask<Void>(() -> call(arguments, running, sink), null);
            sink.onCancel(() -> {
                isCanceled = true;
                task.cancel(true);
                cancel(running.get());
            });
            try {
                execute(task);
            } catch (RejectedExecutionException e) {
                sink.error(PipelineHost.overloaded());
            }
        });
    }

    private void call(
            PipelineArguments arguments,
            AtomicReference<@Nullable CompletionStage<PipelineResult>> running,
            MonoSink<PipelineResult> sink) {
        try {
            @Nullable CompletionStage<PipelineResult> stage = pipeline.code().run(arguments, new Context());
            if (stage == null) {
                throw new IllegalStateException("The method run() returned null");
            }
            running.set(stage);
            if (isCanceled) {
                cancel(stage);
            }
            stage.whenComplete((result, failure) -> end(result, failure, sink));
        } catch (Throwable failure) {
            end(null, failure, sink);
        }
    }

    private void end(@Nullable PipelineResult result, @Nullable Throwable failure, MonoSink<PipelineResult> sink) {
        if (isCanceled) {
            LOG.debug("Request {}: the pipeline {} ended after it was canceled", requestId, name(), failure);
        } else if (failure != null) {
            sink.error(failure(failure));
        } else if (result == null) {
            sink.error(failure(new IllegalStateException("The pipeline completed without a result")));
        } else {
            sink.success(result);
        }
    }

    /** On the run's threads, because stages that depend on it are code of the pipeline. */
    private void cancel(@Nullable CompletionStage<PipelineResult> stage) {
        if (stage == null) {
            return;
        }
        try {
            execute(() -> stage.toCompletableFuture().cancel(true));
        } catch (RejectedExecutionException e) {
            LOG.debug("The gateway is stopping", e);
        }
    }

    /** What to respond if the code of the pipeline has failed. The log has the cause if the client does not get it. */
    RuntimeException failure(Throwable failure) {
        if ((failure instanceof CompletionException || failure instanceof ExecutionException)
                && failure.getCause() != null) {
            return failure(failure.getCause());
        }
        if (failure instanceof ImageFailure image) {
            return image.failure();
        }
        if (failure instanceof PipelineException chosen) {
            return chosen;
        }
        LOG.error("Request {}: the pipeline {} failed", requestId, name(), failure);
        return new Problem(
                ProblemKind.INTERNAL_ERROR,
                "The pipeline failed. The log of the gateway has the cause under the request id.");
    }

    /** The response has ended. */
    void end() {
        isCanceled = true;
        waits.dispose();
        finishIf(changed(0, true));
    }

    private String name() {
        return pipeline.declaration().name();
    }

    private void execute(Runnable task) {
        changed(1, false);
        try {
            pool.execute(() -> {
                var thread = Thread.currentThread();
                var loader = thread.getContextClassLoader();
                thread.setContextClassLoader(pipeline.code().getClass().getClassLoader());
                try {
                    task.run();
                } catch (Throwable failure) {
                    LOG.error("Request {}: the pipeline {} failed", requestId, name(), failure);
                } finally {
                    thread.setContextClassLoader(loader);
                    // The next task of this thread must not be interrupted.
                    Thread.interrupted();
                    finishIf(changed(-1, false));
                }
            });
        } catch (RejectedExecutionException e) {
            finishIf(changed(-1, false));
            throw e;
        }
    }

    /** Whether the run is finished by this. */
    private synchronized boolean changed(int tasks, boolean ended) {
        active += tasks;
        isEnded |= ended;
        if (isFinished || !isEnded || active > 0) {
            return false;
        }
        isFinished = true;
        return true;
    }

    private void finishIf(boolean isLast) {
        if (isLast) {
            onFinished.run();
        }
    }

    /** What the pipeline sees of its run. */
    private final class Context implements PipelineContext {

        private final AtomicInteger pending = new AtomicInteger();

        @Override
        public String requestId() {
            return requestId;
        }

        @Override
        public boolean isCanceled() {
            return isCanceled;
        }

        @Override
        public CompletionStage<PipelineImage> generate(PipelineImageRequest request) {
            var image = new CompletableFuture<PipelineImage>();
            if (pending.incrementAndGet() > MAX_IMAGES) {
                pending.decrementAndGet();
                image.completeExceptionally(new IllegalStateException(
                        "A run can generate %d images at the same time, and asks for one more".formatted(MAX_IMAGES)));
                return image;
            }
            var rest = timeout.minusNanos(System.nanoTime() - start);
            waits.add(images.generate(name(), request, rest)
                    .doFinally(end -> pending.decrementAndGet())
                    // Else a thread that waits for it would wait for ever.
                    .doOnCancel(() -> complete(image, () -> image.cancel(true)))
                    .subscribe(
                            generated -> complete(image, () -> image.complete(generated)),
                            failure -> complete(image, () -> image.completeExceptionally(failure))));
            return image;
        }

        /** Not on the thread of the store or of the view, because stages that depend on it are code of the pipeline. */
        private void complete(CompletableFuture<PipelineImage> image, Runnable completion) {
            try {
                execute(completion);
            } catch (RejectedExecutionException e) {
                image.completeExceptionally(e);
            }
        }
    }
}
