package io.atelier.gateway.api.submission;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.Source;
import io.atelier.contract.job.Source.OfJob;
import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.Problem.FieldError;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.api.request.ValidationErrors;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Adds to a request the store keys of the images that it changes. They are looked up in this gateway's view, because a key does not follow from
 * job id and index alone. Only jobs that succeeded have images; a job that has not ended is refused. An uncut grid is there before.
 */
public final class SourceResolver {

    private static final Set<ProblemKind> MISSING_KINDS =
            Set.of(ProblemKind.NOT_FOUND, ProblemKind.EXPIRED, ProblemKind.ERASED);

    private final JobLookup lookup;

    public SourceResolver(JobLookup lookup) {
        this.lookup = lookup;
    }

    /** The same request with the store keys of its sources. Fails with one {@link Problem} that names every source that does not exist. */
    public Mono<GenerationRequest> resolve(GenerationRequest request) {
        return request.images().stream().allMatch(source -> source.generation() == null)
                ? Mono.just(request)
                : Flux.fromIterable(request.images())
                        .index()
                        .flatMapSequential(indexed -> resolve(indexed.getT2(), pointer(request, indexed.getT1())))
                        .collectList()
                        .map(resolutions -> request.withImages(sources(resolutions)));
    }

    private static String pointer(GenerationRequest request, long index) {
        return request.splitsOnly() ? "/image/generation" : "/images/%d/generation".formatted(index);
    }

    private static List<Source> sources(List<Resolution> resolutions) {
        var errors = new ValidationErrors();
        for (var resolution : resolutions) {
            if (resolution.error != null) {
                errors.add(resolution.error);
            }
        }
        errors.throwIfAny();
        return resolutions.stream().map(Resolution::source).toList();
    }

    private Mono<Resolution> resolve(Source source, String pointer) {
        var image = source.generation();
        if (image == null) {
            return Mono.just(new Resolution(source, null));
        }
        return lookup.findSettled(image.id().value())
                .map(job -> resolve(source, image, job, pointer))
                .onErrorResume(
                        Problem.class,
                        problem -> MISSING_KINDS.contains(problem.kind())
                                ? Mono.just(Resolution.failed(source, pointer + "/id", problem.detail()))
                                : Mono.error(problem));
    }

    private static Resolution resolve(Source source, OfJob image, Job job, String pointer) {
        if (image.stored() != null && image.stored().kind() == StoredImage.Kind.GRID) {
            return job.grids().stream()
                    .filter(grid -> grid.key().equals(image.stored().key()))
                    .findFirst()
                    .map(grid -> new Resolution(source.storedAs(grid), null))
                    .orElseGet(() -> Resolution.failed(
                            source, pointer + "/id", "The generation '%s' has no such grid.".formatted(job.id())));
        }
        if (job.status() != JobStatus.SUCCEEDED) {
            return Resolution.failed(source, pointer + "/id", reason(job));
        }
        var images = job.images();
        return images.stream()
                .filter(stored -> stored.index() == image.index())
                .findFirst()
                .map(stored -> new Resolution(source.storedAs(stored), null))
                .orElseGet(() -> Resolution.failed(
                        source,
                        pointer + "/index",
                        "The generation '%s' has %d image(s), numbered from 0; there is no %d."
                                .formatted(job.id(), images.size(), image.index())));
    }

    private static String reason(Job job) {
        return switch (job.status()) {
            case FAILED -> "The generation '%s' failed, so it has no images.".formatted(job.id());
            case EXPIRED -> "The generation '%s' expired, so it has no images.".formatted(job.id());
            case CANCELED -> "The generation '%s' was canceled, so it has no images.".formatted(job.id());
            default ->
                "The generation '%s' is %s. Wait until it has succeeded, then send this again."
                        .formatted(job.id(), job.status().word());
        };
    }

    /** A source with its store key, or the error why it has none. */
    private record Resolution(Source source, @Nullable FieldError error) {

        static Resolution failed(Source source, String pointer, String detail) {
            return new Resolution(source, FieldError.inBody(pointer, detail));
        }
    }
}
