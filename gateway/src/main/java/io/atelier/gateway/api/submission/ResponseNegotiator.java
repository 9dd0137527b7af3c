package io.atelier.gateway.api.submission;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.gateway.api.events.JobEventStreams;
import io.atelier.gateway.api.generations.ApiPaths;
import io.atelier.gateway.api.generations.Generation;
import io.atelier.gateway.api.generations.GenerationAssembler;
import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.api.images.ImageResponder;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.api.request.GenerationRequestReader.ParsedRequest;
import io.atelier.gateway.api.request.PreferHeader;
import io.atelier.gateway.api.request.SplitBody;
import io.atelier.gateway.api.submission.JobSubmissionService.AcceptedJob;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Negotiates the response to a submission before the job is accepted, and renders it afterwards. Thread-safe. */
public final class ResponseNegotiator {

    private final JobLookup lookup;
    private final ImageResponder images;
    private final JobEventStreams events;
    private final DisconnectWatcher disconnects;
    private final GenerationAssembler assembler;

    public ResponseNegotiator(
            JobLookup lookup,
            ImageResponder images,
            JobEventStreams events,
            DisconnectWatcher disconnects,
            GenerationAssembler assembler) {
        this.lookup = lookup;
        this.images = images;
        this.events = events;
        this.disconnects = disconnects;
        this.assembler = assembler;
    }

    /**
     * The response that the client prefers.
     *
     * @param prefer whether the client waits for the end of the job, and how long
     * @param isCanceledOnDisconnect whether to cancel the job when the client disconnects before the response is complete
     */
    record ResponsePreference(PreferHeader prefer, Format format, boolean isCanceledOnDisconnect) {

        /** The representations of a job. */
        enum Format {
            JSON,
            IMAGE,
            EVENTS;

            /** @param image the media type of the job's images */
            private MediaType mediaType(MediaType image) {
                return switch (this) {
                    case JSON -> MediaType.APPLICATION_JSON;
                    case IMAGE -> image;
                    case EVENTS -> MediaType.TEXT_EVENT_STREAM;
                };
            }
        }

        /** Whether the connection stays open until the job changes. */
        boolean isHeldOpen() {
            return format == Format.EVENTS || prefer.waitTimeout().isPresent();
        }
    }

    /**
     * Chooses the response from the headers {@code Accept} and {@code Prefer}. The default is JSON.
     *
     * @throws Problem of kind {@code NOT_ACCEPTABLE} if the client accepts only an image and does not wait, or asks for more than one, or for
     *     another format than it accepts
     */
    ResponsePreference negotiate(ServerWebExchange exchange, ParsedRequest request) {
        return negotiate(
                exchange,
                isOneImage(request.request()),
                request.request().jpeg() == null ? MediaType.IMAGE_PNG : MediaType.IMAGE_JPEG,
                request.isCanceledOnDisconnect());
    }

    /** Like {@link #negotiate(ServerWebExchange, ParsedRequest)}, for a request to split images. */
    ResponsePreference negotiate(ServerWebExchange exchange, SplitBody request) {
        return negotiate(exchange, false, MediaType.IMAGE_PNG, request.isCanceledOnDisconnect());
    }

    private static ResponsePreference negotiate(
            ServerWebExchange exchange, boolean isOneImage, MediaType image, boolean isCanceledOnDisconnect) {
        var headers = exchange.getRequest().getHeaders();
        var preference =
                new ResponsePreference(PreferHeader.of(headers), format(headers, image), isCanceledOnDisconnect);
        if (preference.format() == ResponsePreference.Format.IMAGE && (!isOneImage || !preference.isHeldOpen())) {
            throw new Problem(
                    ProblemKind.NOT_ACCEPTABLE,
                    "An image as the response requires a wait, such as 'Prefer: wait=30', and a request for one image: n is 1 and there "
                            + "is no grid; of an avatar only a base image, a grid or one published image alone. Otherwise accept application/json.");
        }
        return preference;
    }

    /**
     * The response for a submission, in the form that the client accepts; empty if it has been written to the exchange already.
     *
     * @param submission accepts the job when it is subscribed to, which is only if the form is possible
     * @throws Problem see {@link #negotiate(ServerWebExchange, ParsedRequest)}
     */
    public Mono<ResponseEntity<?>> respond(
            ServerWebExchange exchange, ParsedRequest request, Mono<AcceptedJob> submission) {
        return render(exchange, negotiate(exchange, request), submission);
    }

    /**
     * The response for a submission of a client that does not want to wait: 202 with the job, in JSON.
     *
     * @param submission like that of {@link #render}
     */
    public Mono<ResponseEntity<?>> renderAccepted(ServerWebExchange exchange, Mono<AcceptedJob> submission) {
        return render(exchange, json(exchange), submission);
    }

    /** The response to a submission that is answered in JSON only. */
    ResponsePreference json(ServerWebExchange exchange) {
        return new ResponsePreference(
                PreferHeader.of(exchange.getRequest().getHeaders()), ResponsePreference.Format.JSON, false);
    }

    private static ResponsePreference.Format format(HttpHeaders headers, MediaType image) {
        var accepted = new ArrayList<>(headers.getAccept());
        MimeTypeUtils.sortBySpecificity(accepted);
        return accepted.stream()
                .filter(type -> type.getQualityValue() > 0)
                .sorted((one, other) -> Double.compare(other.getQualityValue(), one.getQualityValue()))
                .flatMap(type -> Arrays.stream(ResponsePreference.Format.values())
                        .filter(format -> type.includes(format.mediaType(image)))
                        .limit(1))
                .findFirst()
                .orElseGet(() -> {
                    if (accepted.stream()
                            .anyMatch(type ->
                                    type.getQualityValue() > 0 && type.getType().equals(image.getType()))) {
                        throw new Problem(
                                ProblemKind.NOT_ACCEPTABLE,
                                "The image of this request is %s. Accept this, or name the other format in output.format: png or jpeg."
                                        .formatted(image));
                    }
                    return ResponsePreference.Format.JSON;
                });
    }

    private static boolean isOneImage(GenerationRequest request) {
        var avatar = request.avatar();
        return avatar == null ? request.n() == 1 && request.grid() == null : avatar.images() == 1;
    }

    /**
     * The response for a submission; empty if it has been written to the exchange already.
     *
     * @param submission accepts the job when it is subscribed to, and is then completed even if the client disconnects
     */
    Mono<ResponseEntity<?>> render(
            ServerWebExchange exchange, ResponsePreference preference, Mono<AcceptedJob> submission) {
        var accepted = submission.cache();
        var paths = ApiPaths.of(exchange.getRequest());
        Runnable onDisconnect = preference.isCanceledOnDisconnect() && preference.isHeldOpen()
                ? disconnects.cancelOnce(accepted)
                : () -> {};
        return accepted.<ResponseEntity<?>>flatMap(one -> switch (preference.format()) {
                    case JSON -> awaitEnd(one, preference).map(job -> json(job, one, preference, paths));
                    case IMAGE -> awaitEnd(one, preference).flatMap(job -> image(exchange, job, one, preference));
                    case EVENTS -> Mono.just(stream(one, paths, onDisconnect));
                })
                .doOnCancel(onDisconnect);
    }

    /** The job at its end, or at the end of the wait; at once if the client does not wait. */
    private Mono<Job> awaitEnd(AcceptedJob accepted, ResponsePreference preference) {
        var job = accepted.job();
        return preference
                .prefer()
                .waitTimeout()
                .map(timeout -> lookup.awaitEnd(job, timeout))
                .orElseGet(() -> Mono.just(job));
    }

    private ResponseEntity<Generation> json(
            Job job, AcceptedJob accepted, ResponsePreference preference, ApiPaths paths) {
        var path = URI.create(paths.job(job.id()));
        boolean hasEnded = job.status().terminal();
        var response = hasEnded
                ? ResponseEntity.ok().header(HttpHeaders.CONTENT_LOCATION, path.toString())
                : ResponseEntity.accepted()
                        .location(path)
                        .header(
                                HttpHeaders.RETRY_AFTER,
                                Long.toString(assembler.retryAfter(job).toSeconds()));
        appliedPreferences(preference.prefer(), hasEnded)
                .ifPresent(applied -> response.header(PreferHeader.APPLIED, applied));
        return withCommonHeaders(response, accepted)
                .contentType(MediaType.APPLICATION_JSON)
                .body(assembler.of(job, paths));
    }

    /** A response that waited for the end of the job is not asynchronous. */
    private static Optional<String> appliedPreferences(PreferHeader prefer, boolean hasEnded) {
        var applied = new ArrayList<String>();
        if (prefer.respondAsync() && !(hasEnded && prefer.waitTimeout().isPresent())) {
            applied.add("respond-async");
        }
        prefer.appliedWait().ifPresent(applied::add);
        return applied.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", applied));
    }

    private Mono<ResponseEntity<?>> image(
            ServerWebExchange exchange, Job job, AcceptedJob accepted, ResponsePreference preference) {
        if (!job.status().terminal()) {
            return Mono.just(json(job, accepted, preference, ApiPaths.of(exchange.getRequest())));
        }
        var headers = exchange.getResponse().getHeaders();
        preference.prefer().appliedWait().ifPresent(waited -> headers.set(PreferHeader.APPLIED, waited));
        if (accepted.isReplayed()) {
            headers.set(IdempotencyKey.REPLAYED, "true");
        }
        return images.sendFirst(exchange, job).then(Mono.empty());
    }

    private ResponseEntity<?> stream(AcceptedJob accepted, ApiPaths paths, Runnable onDisconnect) {
        var job = accepted.job();
        var response = ResponseEntity.ok()
                .header(HttpHeaders.CONTENT_LOCATION, paths.events(job.id()))
                .header("X-Accel-Buffering", "no");
        return withCommonHeaders(response, accepted)
                .contentType(MediaType.TEXT_EVENT_STREAM)
                .body(events.of(job.id(), OptionalInt.empty(), paths).doOnCancel(onDisconnect));
    }

    private static ResponseEntity.BodyBuilder withCommonHeaders(
            ResponseEntity.BodyBuilder response, AcceptedJob accepted) {
        response.cacheControl(CacheControl.noStore());
        if (accepted.isReplayed()) {
            response.header(IdempotencyKey.REPLAYED, "true");
        }
        return response;
    }
}
