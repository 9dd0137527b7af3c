package io.atelier.gateway.answer;

import io.atelier.contract.job.Job;
import io.atelier.gateway.events.JobEvents;
import io.atelier.gateway.generations.Addresses;
import io.atelier.gateway.generations.Generation;
import io.atelier.gateway.generations.Generations;
import io.atelier.gateway.generations.Portrait;
import io.atelier.gateway.images.Pictures;
import io.atelier.gateway.preference.Preferences;
import io.atelier.gateway.request.Asked;
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
public final class Answers {

    private final Generations generations;
    private final Pictures pictures;
    private final JobEvents events;
    private final Departures departures;
    private final Portrait portrait;

    Answers(Generations generations, Pictures pictures, JobEvents events, Departures departures, Portrait portrait) {
        this.generations = generations;
        this.pictures = pictures;
        this.events = events;
        this.departures = departures;
        this.portrait = portrait;
    }

    /**
     * The answer; empty if it was written already. Fails with a {@link io.atelier.gateway.problem.Problem}, before anything is accepted,
     * if the wish cannot be fulfilled.
     *
     * @param accepting accepts the job when it is subscribed to
     */
    public Mono<ResponseEntity<?>> answer(ServerWebExchange exchange, Asked asked, Mono<Accepted> accepting) {
        return Mono.defer(() -> {
            var wish = Wish.of(exchange.getRequest().getHeaders());
            wish.check(asked.request());
            // Whether the client is there or not, an acceptance that was begun is brought to its end.
            var accepted = accepting.cache();
            var departure = departures.watch(wish.holds() && asked.endsWithClient(), accepted);
            return accepted.<ResponseEntity<?>>flatMap(one -> switch (wish.form()) {
                        case JSON -> last(one, wish).map(job -> object(job, one, wish));
                        case PICTURE -> last(one, wish).flatMap(job -> picture(exchange, job, one, wish));
                        case EVENTS -> Mono.just(stream(one, departure));
                    })
                    .doOnCancel(departure);
        });
    }

    /** The job when the wait is over. */
    private Mono<Job> last(Accepted accepted, Wish wish) {
        var job = accepted.job();
        return wish.preferences()
                .patience()
                .map(within -> generations.ended(job, within))
                .orElseGet(() -> Mono.just(job));
    }

    private ResponseEntity<Generation> object(Job job, Accepted accepted, Wish wish) {
        var address = URI.create(Addresses.job(job.id()));
        boolean ended = job.status().terminal();
        var answer = ended
                ? ResponseEntity.ok().header(HttpHeaders.CONTENT_LOCATION, address.toString())
                : ResponseEntity.accepted()
                        .location(address)
                        .header(
                                HttpHeaders.RETRY_AFTER,
                                Long.toString(portrait.patience(job).toSeconds()));
        var applied = applied(wish.preferences(), ended);
        applied.ifPresent(heeded -> answer.header(Preferences.APPLIED, heeded));
        return head(answer, accepted).contentType(MediaType.APPLICATION_JSON).body(portrait.of(job));
    }

    /** An answer that came at the end was not given asynchronously. */
    private static Optional<String> applied(Preferences preferences, boolean ended) {
        var heeded = new ArrayList<String>();
        if (preferences.respondAsync() && !(ended && preferences.patience().isPresent())) {
            heeded.add("respond-async");
        }
        preferences.waited().ifPresent(heeded::add);
        return heeded.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", heeded));
    }

    private Mono<ResponseEntity<?>> picture(ServerWebExchange exchange, Job job, Accepted accepted, Wish wish) {
        if (!job.status().terminal()) {
            return Mono.just(object(job, accepted, wish));
        }
        var headers = exchange.getResponse().getHeaders();
        wish.preferences().waited().ifPresent(waited -> headers.set(Preferences.APPLIED, waited));
        if (accepted.replayed()) {
            headers.set(Accepted.REPLAYED, "true");
        }
        return pictures.first(exchange, job).then(Mono.empty());
    }

    private ResponseEntity<?> stream(Accepted accepted, Runnable departure) {
        var job = accepted.job();
        var answer = ResponseEntity.ok()
                .header(HttpHeaders.CONTENT_LOCATION, Addresses.events(job.id()))
                .header("X-Accel-Buffering", "no");
        return head(answer, accepted)
                .contentType(MediaType.TEXT_EVENT_STREAM)
                .body(events.of(job.id(), OptionalInt.empty()).doOnCancel(departure));
    }

    private static ResponseEntity.BodyBuilder head(ResponseEntity.BodyBuilder answer, Accepted accepted) {
        answer.cacheControl(CacheControl.noStore());
        if (accepted.replayed()) {
            answer.header(Accepted.REPLAYED, "true");
        }
        return answer;
    }
}
