package io.atelier.gateway.api.submission;

import io.atelier.contract.job.Job;
import io.atelier.gateway.api.events.JobEventStreams;
import io.atelier.gateway.api.generations.ApiPaths;
import io.atelier.gateway.api.generations.Generation;
import io.atelier.gateway.api.generations.GenerationAssembler;
import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.api.images.ImageResponder;
import io.atelier.gateway.api.request.ParsedRequest;
import io.atelier.gateway.api.request.PreferHeader;
import java.net.URI;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalInt;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Answers those who ask for a job, in the form and after the time that they wish. */
public final class ResponseNegotiator {

    private final JobLookup generations;
    private final ImageResponder pictures;
    private final JobEventStreams events;
    private final DisconnectWatcher departures;
    private final GenerationAssembler portrait;

    public ResponseNegotiator(
            JobLookup generations,
            ImageResponder pictures,
            JobEventStreams events,
            DisconnectWatcher departures,
            GenerationAssembler portrait) {
        this.generations = generations;
        this.pictures = pictures;
        this.events = events;
        this.departures = departures;
        this.portrait = portrait;
    }

    /**
     * The answer; empty if it was written already. Fails with a {@link io.atelier.gateway.api.problem.Problem}, before anything is accepted,
     * if the wish cannot be fulfilled.
     *
     * @param accepting accepts the job when it is subscribed to
     */
    public Mono<ResponseEntity<?>> answer(
            ServerWebExchange exchange, ParsedRequest asked, Mono<AcceptedJob> accepting) {
        return Mono.defer(() -> {
            var wish = ResponsePreference.of(exchange.getRequest().getHeaders());
            wish.check(asked.request());
            // Whether the client is there or not, an acceptance that was begun is brought to its end.
            var accepted = accepting.cache();
            var departure = departures.watch(wish.holds() && asked.endsWithClient(), accepted);
            return accepted.<ResponseEntity<?>>flatMap(one -> switch (wish.form()) {
                        case JSON -> last(one, wish).map(job -> object(job, one, wish));
                        case IMAGE -> last(one, wish).flatMap(job -> image(exchange, job, one, wish));
                        case EVENTS -> Mono.just(stream(one, departure));
                    })
                    .doOnCancel(departure);
        });
    }

    /** The job when the wait is over. */
    private Mono<Job> last(AcceptedJob accepted, ResponsePreference wish) {
        var job = accepted.job();
        return wish.preferences()
                .patience()
                .map(within -> generations.ended(job, within))
                .orElseGet(() -> Mono.just(job));
    }

    private ResponseEntity<Generation> object(Job job, AcceptedJob accepted, ResponsePreference wish) {
        var address = URI.create(ApiPaths.job(job.id()));
        boolean ended = job.status().terminal();
        var answer = ended
                ? ResponseEntity.ok().header(HttpHeaders.CONTENT_LOCATION, address.toString())
                : ResponseEntity.accepted()
                        .location(address)
                        .header(
                                HttpHeaders.RETRY_AFTER,
                                Long.toString(portrait.patience(job).toSeconds()));
        var applied = applied(wish.preferences(), ended);
        applied.ifPresent(heeded -> answer.header(PreferHeader.APPLIED, heeded));
        return head(answer, accepted).contentType(MediaType.APPLICATION_JSON).body(portrait.of(job));
    }

    /** An answer that came at the end was not given asynchronously. */
    private static Optional<String> applied(PreferHeader preferences, boolean ended) {
        var heeded = new ArrayList<String>();
        if (preferences.respondAsync() && !(ended && preferences.patience().isPresent())) {
            heeded.add("respond-async");
        }
        preferences.waited().ifPresent(heeded::add);
        return heeded.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", heeded));
    }

    private Mono<ResponseEntity<?>> image(
            ServerWebExchange exchange, Job job, AcceptedJob accepted, ResponsePreference wish) {
        if (!job.status().terminal()) {
            return Mono.just(object(job, accepted, wish));
        }
        var headers = exchange.getResponse().getHeaders();
        wish.preferences().waited().ifPresent(waited -> headers.set(PreferHeader.APPLIED, waited));
        if (accepted.replayed()) {
            headers.set(AcceptedJob.REPLAYED, "true");
        }
        return pictures.first(exchange, job).then(Mono.empty());
    }

    private ResponseEntity<?> stream(AcceptedJob accepted, Runnable departure) {
        var job = accepted.job();
        var answer = ResponseEntity.ok()
                .header(HttpHeaders.CONTENT_LOCATION, ApiPaths.events(job.id()))
                .header("X-Accel-Buffering", "no");
        return head(answer, accepted)
                .contentType(MediaType.TEXT_EVENT_STREAM)
                .body(events.of(job.id(), OptionalInt.empty()).doOnCancel(departure));
    }

    private static ResponseEntity.BodyBuilder head(ResponseEntity.BodyBuilder answer, AcceptedJob accepted) {
        answer.cacheControl(CacheControl.noStore());
        if (accepted.replayed()) {
            answer.header(AcceptedJob.REPLAYED, "true");
        }
        return answer;
    }
}
