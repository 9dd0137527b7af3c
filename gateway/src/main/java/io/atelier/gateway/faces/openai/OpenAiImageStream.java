package io.atelier.gateway.faces.openai;

import io.atelier.contract.job.Job;
import io.atelier.gateway.api.events.EventProperties;
import io.atelier.gateway.api.events.SseFrames;
import io.atelier.gateway.api.events.SseJson;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemAdvice;
import io.atelier.gateway.faces.submission.FaceSubmissions;
import io.atelier.gateway.faces.submission.JobFailures;
import io.atelier.storage.ObjectStoreFailed;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Sends images as a stream of events: one for each image when the job has ended, and comments until then. No event has a {@code retry} or {@code id}
 * field, and there are no events of other types, because OpenAI's client libraries read every one as an image. No engine makes partial images, so
 * there are none. Thread-safe.
 */
final class OpenAiImageStream {

    private static final String HEARTBEAT = ": hb\n\n";

    private final FaceSubmissions submissions;
    private final OpenAiImagesWriter writer;
    private final ProblemAdvice problems;
    private final Duration heartbeatInterval;
    private final Duration timeout;

    OpenAiImageStream(
            FaceSubmissions submissions,
            OpenAiImagesWriter writer,
            ProblemAdvice problems,
            EventProperties events,
            OpenAiFaceProperties properties) {
        this.submissions = submissions;
        this.writer = writer;
        this.problems = problems;
        this.heartbeatInterval = events.heartbeatInterval();
        this.timeout = properties.streamTimeout();
    }

    /**
     * Streams the images of a job that is accepted.
     *
     * @param type of the events
     */
    Mono<Void> write(ServerWebExchange exchange, Job job, OpenAiRequest request, String type) {
        var response = exchange.getResponse();
        response.setStatusCode(HttpStatus.OK);
        response.getHeaders().setContentType(MediaType.TEXT_EVENT_STREAM);
        response.getHeaders().set("X-Accel-Buffering", "no");
        OpenAiImagesWriter.addHeaders(response, job);
        var end = submissions
                .awaitEnd(job, timeout)
                .doOnNext(JobFailures::requireImages)
                .map(ended -> new End(ended, writer.events(exchange, ended, request, type)))
                .onErrorResume(Problem.class, problem -> Mono.just(failed(exchange, problem)))
                .cache();
        Flux<Publisher<DataBuffer>> heartbeats = Flux.concat(
                        Mono.just(0L), SseFrames.ticks(heartbeatInterval).takeUntilOther(end))
                .map(tick -> text(exchange, HEARTBEAT));
        var events = end.flatMapIterable(End::events).map(event -> (Publisher<DataBuffer>) event.onErrorResume(
                failure -> failure instanceof Problem || failure instanceof ObjectStoreFailed,
                failure -> Flux.from(error(exchange, failure))));
        return response.writeAndFlushWith(heartbeats.concatWith(events))
                .then(end)
                .doOnNext(ended -> ended.deliver(submissions))
                .then();
    }

    private End failed(ServerWebExchange exchange, Problem problem) {
        return new End(null, List.of(Flux.from(error(exchange, problem))));
    }

    private Publisher<DataBuffer> error(ServerWebExchange exchange, Throwable failure) {
        var body = new String(problems.body(exchange, failure), StandardCharsets.UTF_8);
        return text(exchange, "event: error\ndata: " + SseJson.oneLine(body) + "\n\n");
    }

    private static Mono<DataBuffer> text(ServerWebExchange exchange, String text) {
        return Mono.fromSupplier(
                () -> exchange.getResponse().bufferFactory().wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The end of a job. */
    private record End(@Nullable Job job, List<Flux<DataBuffer>> events) {

        private void deliver(FaceSubmissions submissions) {
            if (job != null) {
                submissions.delivered(job);
            }
        }
    }
}
