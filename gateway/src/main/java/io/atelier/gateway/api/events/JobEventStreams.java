package io.atelier.gateway.api.events;

import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.work.TaskProgress;
import io.atelier.gateway.api.generations.ApiPaths;
import io.atelier.gateway.api.generations.GenerationAssembler;
import io.atelier.gateway.api.previews.JobPreviews;
import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.gateway.view.jobs.JobsNotReady;
import io.atelier.gateway.view.progress.LatestProgress;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import org.springframework.http.codec.ServerSentEvent;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Makes event streams of jobs from the view alone, so that they can be resumed at any gateway and after its restart. */
public final class JobEventStreams {

    private final Jobs jobs;
    private final LatestProgress latest;
    private final JobPreviews previews;
    private final GenerationAssembler assembler;
    private final EventProperties properties;
    private final SseJson json;

    public JobEventStreams(
            Jobs jobs,
            LatestProgress latest,
            JobPreviews previews,
            GenerationAssembler assembler,
            EventProperties properties,
            JsonMapper json) {
        this.jobs = jobs;
        this.latest = latest;
        this.previews = previews;
        this.assembler = assembler;
        this.properties = properties;
        this.json = new SseJson(json);
    }

    /**
     * The events of a job: first a snapshot, or the versions after the last one that the client received, then each change until its end. A
     * slow client receives fewer progress events; nothing is sent twice, and nothing accumulates for it.
     *
     * @param lastVersion the last version that the client received; empty for a snapshot
     * @param paths of the client
     */
    public Flux<ServerSentEvent<String>> of(JobId id, OptionalInt lastVersion, ApiPaths paths) {
        return of(id, lastVersion, paths, Flux.empty());
    }

    /** Like {@link #of}, and previews of unfinished images in between, which no later stream repeats. Nothing is requested for a job that waits. */
    Flux<ServerSentEvent<String>> withPreviews(JobId id, OptionalInt lastVersion, ApiPaths paths) {
        var ofRunning = jobs.follow(id)
                .filter(job -> job.status() == JobStatus.RUNNING)
                .next()
                .flatMapMany(running -> previews.follow(id));
        return of(id, lastVersion, paths, ofRunning.map(preview -> stream -> stream.preview(preview)));
    }

    private Flux<ServerSentEvent<String>> of(
            JobId id,
            OptionalInt lastVersion,
            ApiPaths paths,
            Flux<Function<JobEventStream, List<ServerSentEvent<Object>>>> more) {
        return Flux.defer(() -> {
                    var stream = new JobEventStream(lastVersion, job -> assembler.of(job, paths));
                    return Flux.merge(1, states(id), progress(id), heartbeats(), more)
                            .concatMapIterable(step -> step.apply(stream), 1)
                            .takeUntil(stream::endsWith);
                })
                .startWith(SseFrames.retry().build())
                .map(json::encode)
                // The client reconnects in a moment, when the view may be ready.
                .onErrorComplete(JobsNotReady.class);
    }

    private Flux<Function<JobEventStream, List<ServerSentEvent<Object>>>> states(JobId id) {
        return jobs.follow(id)
                .<Function<JobEventStream, List<ServerSentEvent<Object>>>>map(job -> stream -> stream.state(job))
                .concatWith(Mono.just(JobEventStream::closed));
    }

    private Flux<Function<JobEventStream, List<ServerSentEvent<Object>>>> progress(JobId id) {
        // A progress is repeated when its preview is stored. During the pause, the subscription keeps the latest
        // progress.
        return latest.follow(id)
                .distinctUntilChanged(progress -> progress.withPreview(null))
                .concatMap(this::withPause, 0)
                .map(progress -> stream -> stream.progress(progress));
    }

    private Flux<TaskProgress> withPause(TaskProgress progress) {
        return Flux.just(progress)
                .concatWith(Mono.delay(properties.progressInterval()).then(Mono.empty()));
    }

    private Flux<Function<JobEventStream, List<ServerSentEvent<Object>>>> heartbeats() {
        return SseFrames.ticks(properties.heartbeatInterval())
                .map(tick -> stream -> List.of(SseFrames.heartbeat().build()));
    }
}
