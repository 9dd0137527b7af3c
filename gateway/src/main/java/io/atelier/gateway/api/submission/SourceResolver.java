package io.atelier.gateway.api.submission;

import io.atelier.contract.image.FileId;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.Source;
import io.atelier.contract.job.Source.OfJob;
import io.atelier.gateway.api.derivatives.Derivatives;
import io.atelier.gateway.api.files.FileLookup;
import io.atelier.gateway.api.files.FileUploads;
import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.Problem.FieldError;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.api.request.AvatarRequestReader;
import io.atelier.gateway.api.request.InlineImage;
import io.atelier.gateway.api.request.RequestLimits;
import io.atelier.gateway.api.request.ValidationErrors;
import io.atelier.gateway.files.UploadedFile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Adds to a request the store keys of the images that it changes, and of its mask. Those of jobs are looked up in this gateway's view, because a key does not follow from
 * job id and index alone. Only jobs that succeeded have images; a job that has not ended is refused. An uncut grid and the base image of an avatar are there before.
 */
public final class SourceResolver {

    private static final Set<ProblemKind> MISSING_KINDS =
            Set.of(ProblemKind.NOT_FOUND, ProblemKind.EXPIRED, ProblemKind.ERASED);

    private final JobLookup lookup;
    private final FileLookup files;
    private final FileUploads uploads;
    private final Derivatives images;

    public SourceResolver(JobLookup lookup, FileLookup files, FileUploads uploads, Derivatives images) {
        this.lookup = lookup;
        this.files = files;
        this.uploads = uploads;
        this.images = images;
    }

    /** The same request with the store keys of its sources. Fails with one {@link Problem} that names every source that does not exist. */
    public Mono<GenerationRequest> resolve(GenerationRequest request) {
        return resolve(request, List.of());
    }

    /**
     * Like {@link #resolve(GenerationRequest)}, for a request with images in itself, which are stored as files when all other sources were found.
     *
     * @param inline the images in the request
     */
    public Mono<GenerationRequest> resolve(GenerationRequest request, List<InlineImage> inline) {
        var sources = RequestSources.of(request);
        if (sources.stream().allMatch(placed -> placed.source().imageUrl() != null)) {
            return Mono.just(request);
        }
        var previews = new HashMap<FileId, StoredImage>();
        inline.forEach(image -> previews.put(image.id(), image.preview()));
        return Flux.fromIterable(sources)
                .flatMapSequential(placed -> resolve(placed.source(), placed.pointer(), previews))
                .collectList()
                .map(resolutions -> RequestSources.replaced(request, sources(request, resolutions)))
                .flatMap(found -> store(found, inline));
    }

    private static List<Source> sources(GenerationRequest request, List<Resolution> resolutions) {
        var errors = new ValidationErrors();
        for (var resolution : resolutions) {
            if (resolution.error != null) {
                errors.add(resolution.error);
            }
        }
        errors.throwIfAny();
        var sources = resolutions.stream().map(Resolution::source).toList();
        var avatar = request.avatar();
        if (avatar != null && avatar.steps().equals(List.of(AvatarStep.PUBLISH))) {
            checkPublished(sources, errors);
        } else {
            checkPixels(request, sources, errors);
        }
        if (request.mask() != null) {
            checkMask(sources.get(0), sources.get(sources.size() - 1), errors);
        }
        errors.throwIfAny();
        return sources;
    }

    /** Refuses more pixels than a worker can hold, as far as the sizes are known. */
    private static void checkPixels(GenerationRequest request, List<Source> sources, ValidationErrors errors) {
        long pixels = sources.stream()
                .flatMap(source -> Stream.ofNullable(source.stored()))
                .mapToLong(image -> (long) image.width() * image.height())
                .sum();
        if (pixels > RequestLimits.MAX_TOTAL_PIXELS) {
            errors.add(FieldError.inBody(
                    RequestSources.pointer(request),
                    "The images have %d pixels together, and a request may have %d. Name fewer or smaller ones."
                            .formatted(pixels, RequestLimits.MAX_TOTAL_PIXELS)));
        }
    }

    /** Refuses what cannot be copied to the key of a PNG. */
    private static void checkPublished(List<Source> sources, ValidationErrors errors) {
        for (int index = 0; index < sources.size(); index++) {
            var image = sources.get(index).stored();
            if (image != null && !image.mediaType().equals(MediaType.IMAGE_PNG_VALUE)) {
                errors.add(FieldError.inBody(
                        "/images/" + index,
                        "The image is %s, and only PNG images are published. Name a PNG."
                                .formatted(image.mediaType())));
            }
        }
    }

    private static void checkMask(Source first, Source mask, ValidationErrors errors) {
        var image = first.stored();
        var marks = mask.stored();
        if (image != null && marks != null && (image.width() != marks.width() || image.height() != marks.height())) {
            errors.add(FieldError.inBody(
                    RequestSources.MASK,
                    "The mask has %d x %d pixels, and the first image %d x %d. Give a mask of the same size."
                            .formatted(marks.width(), marks.height(), image.width(), image.height())));
        }
    }

    /** Stores the images in the request, and adds their keys. */
    private Mono<GenerationRequest> store(GenerationRequest request, List<InlineImage> inline) {
        return Flux.fromIterable(inline)
                .distinct(InlineImage::id)
                .concatMap(image -> uploads.store(image.file()))
                .collectMap(UploadedFile::id, UploadedFile::image)
                .map(stored -> stored.isEmpty()
                        ? request
                        : RequestSources.mapped(request, source -> storedAs(source, stored)));
    }

    private static Source storedAs(Source source, Map<FileId, StoredImage> stored) {
        var file = source.file();
        var image = file == null ? null : stored.get(file.id());
        return image == null ? source : source.storedAs(image);
    }

    private Mono<Resolution> resolve(Source source, String pointer, Map<FileId, StoredImage> previews) {
        var file = source.file();
        if (file != null) {
            var preview = previews.get(file.id());
            return preview == null
                    ? found(
                            source,
                            files.use(file.id().value())
                                    .map(found -> new Resolution(source.storedAs(found.image()), null)),
                            pointer + "/file_id")
                    : Mono.just(new Resolution(source.storedAs(preview), null));
        }
        var image = source.generation();
        if (image == null) {
            return Mono.just(new Resolution(source, null));
        }
        var place = pointer + "/generation";
        return found(
                source,
                lookup.findSettled(image.id().value())
                        .map(job -> resolve(source, image, job, place))
                        .flatMap(this::withAllSamples),
                place + "/id");
    }

    /** The same source with the PNG in place of the JPEG that is delivered: what JPEG loses would be lost twice. */
    private Mono<Resolution> withAllSamples(Resolution resolution) {
        var stored = resolution.source.stored();
        return stored == null
                ? Mono.just(resolution)
                : images.original(stored)
                        .map(png -> new Resolution(resolution.source.storedAs(png), resolution.error))
                        .defaultIfEmpty(resolution);
    }

    private static Mono<Resolution> found(Source source, Mono<Resolution> search, String pointer) {
        return search.onErrorResume(
                Problem.class,
                problem -> MISSING_KINDS.contains(problem.kind())
                        ? Mono.just(Resolution.failed(source, pointer, problem.detail()))
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
        var base = job.base();
        if (base != null && isBase(image, base)) {
            return new Resolution(Source.of(job.id(), 0).storedAs(base), null);
        }
        if (job.status() != JobStatus.SUCCEEDED) {
            return Resolution.failed(source, pointer + "/id", reason(job));
        }
        var images = job.images();
        int index = Math.max(0, image.index());
        return images.stream()
                .filter(stored -> stored.index() == index)
                .findFirst()
                .map(stored -> new Resolution(Source.of(job.id(), index).storedAs(stored), null))
                .orElseGet(() -> Resolution.failed(
                        source,
                        pointer + "/index",
                        "The generation '%s' has %d image(s), numbered from 0; there is no %d."
                                .formatted(job.id(), images.size(), index)));
    }

    /** Whether an image of a job is its base image, which is there before the job has ended: as a request names it, or as it was found for an earlier one. */
    private static boolean isBase(OfJob image, StoredImage base) {
        return image.stored() == null
                ? image.index() == AvatarRequestReader.BASE_IMAGE
                : image.stored().key().equals(base.key());
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
