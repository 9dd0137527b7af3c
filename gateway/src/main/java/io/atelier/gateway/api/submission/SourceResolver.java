package io.atelier.gateway.api.submission;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.Source;
import io.atelier.contract.job.Source.OfJob;
import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.Problem.Mistake;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.api.request.ValidationErrors;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Says in a request where the pictures lie that it wants changed: this gateway's view knows, while the key of a picture does not follow from
 * its job and number alone. Only what has succeeded has pictures; what still runs is refused.
 */
public final class SourceResolver {

    private static final Set<ProblemKind> NOT_THERE =
            Set.of(ProblemKind.NOT_FOUND, ProblemKind.EXPIRED, ProblemKind.ERASED);

    private final JobLookup generations;

    public SourceResolver(JobLookup generations) {
        this.generations = generations;
    }

    /** The same request with the places of its sources. Fails with one {@link Problem} that names each source that is not there. */
    public Mono<GenerationRequest> locate(GenerationRequest request) {
        return request.images().stream().allMatch(source -> source.generation() == null)
                ? Mono.just(request)
                : Flux.fromIterable(request.images())
                        .index()
                        .flatMapSequential(
                                numbered -> find(numbered.getT2(), "/images/%d/generation".formatted(numbered.getT1())))
                        .collectList()
                        .map(found -> request.changing(located(found)));
    }

    private static List<Source> located(List<Found> found) {
        var mistakes = new ValidationErrors();
        for (var each : found) {
            if (each.mistake != null) {
                mistakes.add(each.mistake.pointer(), each.mistake.detail());
            }
        }
        mistakes.refuse();
        return found.stream().map(Found::source).toList();
    }

    private Mono<Found> find(Source source, String place) {
        var wanted = source.generation();
        if (wanted == null) {
            return Mono.just(new Found(source, null));
        }
        return generations
                .settled(wanted.id().value())
                .map(job -> pick(source, wanted, job, place))
                .onErrorResume(
                        Problem.class,
                        problem -> NOT_THERE.contains(problem.kind())
                                ? Mono.just(Found.not(source, place + "/id", problem.detail()))
                                : Mono.error(problem));
    }

    private static Found pick(Source source, OfJob wanted, Job job, String place) {
        if (job.status() != JobStatus.SUCCEEDED) {
            return Found.not(source, place + "/id", whyNot(job));
        }
        var images = job.images();
        return wanted.index() < images.size()
                ? new Found(source.storedAs(images.get(wanted.index())), null)
                : Found.not(
                        source,
                        place + "/index",
                        "The generation '%s' has %d image(s), numbered from 0; there is no %d."
                                .formatted(job.id(), images.size(), wanted.index()));
    }

    private static String whyNot(Job job) {
        return switch (job.status()) {
            case FAILED -> "The generation '%s' failed, so it has no images.".formatted(job.id());
            case EXPIRED -> "The generation '%s' expired, so it has no images.".formatted(job.id());
            case CANCELED -> "The generation '%s' was canceled, so it has no images.".formatted(job.id());
            default ->
                "The generation '%s' is %s. Wait until it has succeeded, then send this again."
                        .formatted(job.id(), job.status().word());
        };
    }

    /** A source as far as it was found. */
    private record Found(Source source, @Nullable Mistake mistake) {

        static Found not(Source source, String pointer, String detail) {
            return new Found(source, new Mistake(pointer, detail));
        }
    }
}
