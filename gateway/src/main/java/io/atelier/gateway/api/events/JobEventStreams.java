package io.atelier.gateway.api.events;

import io.atelier.contract.job.JobId;
import io.atelier.contract.work.TaskProgress;
import io.atelier.gateway.api.generations.GenerationAssembler;
import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.gateway.view.jobs.JobsNotReady;
import io.atelier.gateway.view.progress.LatestProgress;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import org.springframework.http.codec.ServerSentEvent;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Streams of what happens to a job, made of the view alone: they can be resumed at any gateway, and after its restart. */
public final class JobEventStreams {

    private final Jobs jobs;
    private final LatestProgress board;
    private final GenerationAssembler portrait;
    private final EventProperties properties;

    public JobEventStreams(Jobs jobs, LatestProgress board, GenerationAssembler portrait, EventProperties properties) {
        this.jobs = jobs;
        this.board = board;
        this.portrait = portrait;
        this.properties = properties;
    }

    /**
     * What happens to a job: first a snapshot, or the versions after the one that the client has heard, then each change until the end. A
     * client that is slow is told less of progress and nothing twice; nothing piles up for it.
     */
    public Flux<ServerSentEvent<Object>> of(JobId id, OptionalInt heard) {
        return Flux.defer(() -> {
                    var story = new JobEventStream(heard, portrait::of);
                    return Flux.merge(1, states(id), progress(id), heartbeats())
                            .concatMapIterable(chapter -> chapter.apply(story), 1)
                            .takeUntil(story::endsWith);
                })
                .startWith(SseFrames.retry().build())
                // The client comes back in a moment, and so may the view.
                .onErrorComplete(JobsNotReady.class);
    }

    private Flux<Function<JobEventStream, List<ServerSentEvent<Object>>>> states(JobId id) {
        return jobs.follow(id)
                .<Function<JobEventStream, List<ServerSentEvent<Object>>>>map(job -> story -> story.state(job))
                .concatWith(Mono.just(JobEventStream::closed));
    }

    private Flux<Function<JobEventStream, List<ServerSentEvent<Object>>>> progress(JobId id) {
        // While the pause lasts, the board keeps the latest for us.
        return board.follow(id).concatMap(this::andPause, 0).map(heard -> story -> story.progress(heard));
    }

    private Flux<TaskProgress> andPause(TaskProgress heard) {
        return Flux.just(heard)
                .concatWith(Mono.delay(properties.progressInterval()).then(Mono.empty()));
    }

    private Flux<Function<JobEventStream, List<ServerSentEvent<Object>>>> heartbeats() {
        return SseFrames.ticks(properties.heartbeatInterval())
                .map(tick -> story -> List.of(SseFrames.heartbeat().build()));
    }
}
