package io.atelier.gateway.faces.pipelines;

import io.atelier.gateway.api.events.SseFrames;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.api.request.RequestConditions;
import io.atelier.gateway.api.request.RequestedRange;
import io.atelier.pipeline.PipelineEvent;
import io.atelier.pipeline.PipelineResult;
import io.atelier.pipeline.ResultContent;
import io.atelier.storage.ObjectStore.ByteRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.channel.AbortedException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/** Sends the results of pipelines, as fast as the client takes them. Thread-safe. */
public final class ResultResponder {

    private static final int CHUNK_BYTES = 16 * 1024;
    private static final String NO_STORE = "no-store";

    private final JsonMapper json;
    private final Duration idleTimeout;
    private final Duration heartbeat;

    /**
     * @param idleTimeout a response is aborted if for so long nothing of it can be sent: the client takes nothing, or the pipeline has nothing
     * @param heartbeat the interval of comments between server-sent events
     */
    public ResultResponder(JsonMapper json, Duration idleTimeout, Duration heartbeat) {
        this.json = json;
        this.idleTimeout = idleTimeout;
        this.heartbeat = heartbeat;
    }

    /** Responds with a result. */
    public Mono<Void> send(
            ServerWebExchange exchange, PipelineRun run, PipelineResult result, Optional<Boolean> isInline) {
        return Mono.defer(() -> new Response(exchange, run, result).send(isInline));
    }

    private byte[] json(Object value) {
        try {
            return json.writeValueAsBytes(value);
        } catch (JacksonException e) {
            // A text may have half of a surrogate pair, which UTF-8 cannot express.
            return json.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII).writeValueAsBytes(value);
        }
    }

    /** One response. */
    private final class Response {

        private final ServerWebExchange exchange;
        private final PipelineRun run;
        private final PipelineResult result;
        private final ServerHttpResponse response;
        private final HttpHeaders headers;

        Response(ServerWebExchange exchange, PipelineRun run, PipelineResult result) {
            this.exchange = exchange;
            this.run = run;
            this.result = result;
            this.response = exchange.getResponse();
            this.headers = response.getHeaders();
        }

        Mono<Void> send(Optional<Boolean> isInline) {
            response.setStatusCode(HttpStatusCode.valueOf(result.status()));
            headers.set(HttpHeaders.CACHE_CONTROL, NO_STORE);
            var fileName = result.fileName();
            if (fileName != null) {
                headers.set(
                        HttpHeaders.CONTENT_DISPOSITION, Dispositions.of(isInline.orElse(result.isInline()), fileName));
            }
            result.headers().forEach(headers::set);
            var content = result.content();
            if (content instanceof ResultContent.Redirect redirect) {
                headers.set(HttpHeaders.LOCATION, redirect.location().toASCIIString());
                return known(ByteBuffer.allocate(0), null);
            }
            if (content instanceof ResultContent.Json value) {
                var body = json(Collections.singletonMap("result", value.value()));
                return known(ByteBuffer.wrap(body), MediaType.APPLICATION_JSON_VALUE);
            }
            if (content instanceof ResultContent.Text text) {
                var body = text.text().getBytes(StandardCharsets.UTF_8);
                return known(ByteBuffer.wrap(body), text.mediaType() + "; charset=utf-8");
            }
            if (content instanceof ResultContent.Bytes bytes) {
                return known(bytes.bytes(), bytes.mediaType());
            }
            if (content instanceof ResultContent.ByteStream stream) {
                return stream(stream);
            }
            if (content instanceof ResultContent.Events events) {
                return events(events);
            }
            if (content instanceof ResultContent.StoredFile file) {
                return file(file);
            }
            throw new IllegalStateException("Unknown content " + content.getClass());
        }

        private boolean hasBody() {
            return !HttpMethod.HEAD.equals(exchange.getRequest().getMethod())
                    && result.status() != HttpStatus.NO_CONTENT.value()
                    && result.status() != HttpStatus.RESET_CONTENT.value()
                    && result.status() != HttpStatus.NOT_MODIFIED.value();
        }

        /** A body whose length is known. */
        private Mono<Void> known(ByteBuffer body, @Nullable String type) {
            if (result.status() == HttpStatus.NO_CONTENT.value()
                    || result.status() == HttpStatus.NOT_MODIFIED.value()) {
                return response.setComplete();
            }
            if (type != null) {
                headers.set(HttpHeaders.CONTENT_TYPE, type);
            }
            headers.setContentLength(body.remaining());
            return write(Flux.fromIterable(chunks(body)));
        }

        private Mono<Void> stream(ResultContent.ByteStream stream) {
            headers.set(HttpHeaders.CONTENT_TYPE, stream.mediaType());
            return write(items(stream.publisher()).concatMapIterable(this::chunks, 1));
        }

        private Mono<Void> events(ResultContent.Events events) {
            headers.set(HttpHeaders.CONTENT_TYPE, MediaType.TEXT_EVENT_STREAM_VALUE + "; charset=utf-8");
            // A proxy that buffers the response would delay every event.
            headers.set("X-Accel-Buffering", "no");
            if (!hasBody()) {
                return response.setComplete();
            }
            var ended = Sinks.<Void>empty();
            Flux<PipelineEvent> source = items(events.publisher());
            var frames = source.map(EventFrames::of).doOnTerminate(ended::tryEmitEmpty);
            var comments = SseFrames.ticks(heartbeat)
                    .map(tick -> EventFrames.HEARTBEAT)
                    .takeUntilOther(ended.asMono());
            Flux<DataBuffer> body = limited(Flux.merge(1, frames, comments)
                    .map(frame -> response.bufferFactory().wrap(frame)));
            return response.writeAndFlushWith(body.map(Mono::just));
        }

        /** The items of a publisher, all of whose code runs on threads that may block. */
        private <T> Flux<T> items(Flow.Publisher<T> publisher) {
            return new FlowFlux<>(publisher, run::failure)
                    .subscribeOn(run.scheduler())
                    .cancelOn(run.scheduler());
        }

        private Mono<Void> file(ResultContent.StoredFile file) {
            headers.set(HttpHeaders.CONTENT_TYPE, file.mediaType());
            return Mono.using(() -> open(file.path()), this::file, OpenFile::close)
                    .subscribeOn(run.scheduler());
        }

        private OpenFile open(Path path) {
            try {
                return OpenFile.open(path);
            } catch (IOException e) {
                throw run.failure(e);
            }
        }

        private Mono<Void> file(OpenFile file) {
            headers.set(HttpHeaders.ACCEPT_RANGES, "bytes");
            headers.setETag(file.tag().formattedTag());
            headers.setLastModified(file.modified());
            var request = exchange.getRequest();
            if (!HttpMethod.POST.equals(request.getMethod())) {
                var conditions = new RequestConditions(request.getHeaders(), file.tag(), file.modified());
                conditions.requireMatch();
                if (conditions.isNotModified()) {
                    response.setStatusCode(HttpStatus.NOT_MODIFIED);
                    headers.remove(HttpHeaders.CONTENT_TYPE);
                    return response.setComplete();
                }
            }
            var range = result.status() == HttpStatus.OK.value() && !HttpMethod.HEAD.equals(request.getMethod())
                    ? RequestedRange.of(
                            request.getHeaders(),
                            file.tag(),
                            headers.getFirst(HttpHeaders.LAST_MODIFIED),
                            file.length())
                    : Optional.<ByteRange>empty();
            if (range.isPresent()) {
                response.setStatusCode(HttpStatus.PARTIAL_CONTENT);
                headers.set(
                        HttpHeaders.CONTENT_RANGE,
                        "bytes %d-%d/%d"
                                .formatted(range.get().first(), range.get().last(), file.length()));
            }
            long length = range.map(ByteRange::length).orElse(file.length());
            headers.setContentLength(length);
            return write(
                    length == 0
                            ? Flux.empty()
                            : file.read(range.orElse(new ByteRange(0, length - 1)), response.bufferFactory())
                                    .subscribeOn(run.scheduler()));
        }

        private Mono<Void> write(Flux<DataBuffer> body) {
            return hasBody() ? response.writeWith(limited(body)) : response.setComplete();
        }

        private Flux<DataBuffer> limited(Flux<DataBuffer> body) {
            return body.timeout(idleTimeout).onErrorMap(TimeoutException.class, this::idle);
        }

        private RuntimeException idle(TimeoutException idle) {
            var sentence = "Nothing of the response could be sent for %d s.".formatted(idleTimeout.toSeconds());
            return response.isCommitted()
                    ? new AbortedException(sentence)
                    : new Problem(ProblemKind.WAIT_TIMEOUT, sentence);
        }

        /** The buffer in parts: the server keeps a number of buffers that it has not sent yet, whatever their size is. */
        private List<DataBuffer> chunks(ByteBuffer bytes) {
            var chunks = new ArrayList<DataBuffer>();
            for (int at = bytes.position(); at < bytes.limit(); at += CHUNK_BYTES) {
                var part = bytes.slice(at, Math.min(CHUNK_BYTES, bytes.limit() - at));
                chunks.add(response.bufferFactory().wrap(part));
            }
            return chunks;
        }
    }
}
