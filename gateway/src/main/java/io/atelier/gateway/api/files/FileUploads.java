package io.atelier.gateway.api.files;

import io.atelier.contract.image.FileId;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.api.request.RequestLimits;
import io.atelier.gateway.files.FileProperties;
import io.atelier.gateway.files.FileRepository;
import io.atelier.gateway.files.FileRepository.Storing;
import io.atelier.gateway.files.UploadedFile;
import io.atelier.gateway.files.format.CleanImageFile;
import io.atelier.gateway.files.format.ImageFileRefused;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Checks image files that clients sent, removes their metadata, and stores them, on threads of their own. Thread-safe. */
public final class FileUploads implements AutoCloseable {

    /** The media types of the files that are accepted. */
    public static final List<String> MEDIA_TYPES =
            List.of(CleanImageFile.PNG, CleanImageFile.JPEG, CleanImageFile.WEBP, CleanImageFile.GIF);

    private static final Set<String> OLD_NAMES_OF_JPEG = Set.of("image/jpg", "image/pjpeg");
    private static final Duration MIN_TTL = Duration.ofMinutes(1);
    private static final int THREADS = 2;
    private static final int MAX_QUEUED = 1_000;

    private final FileRepository files;
    private final FileProperties properties;
    private final Scheduler threads = Schedulers.newBoundedElastic(THREADS, MAX_QUEUED, "uploads");

    public FileUploads(FileRepository files, FileProperties properties) {
        this.files = files;
        this.properties = properties;
    }

    /**
     * Stores a file, or finds the one with the same bytes. Fails with a {@link Problem} if it is no image of a supported kind or another one than it
     * says, and with {@link io.atelier.storage.ObjectStoreFailed}; then nothing is stored.
     *
     * @param ttl how long it is kept after each use
     */
    Mono<Storing> store(Upload upload, Duration ttl) {
        return Mono.fromCallable(() -> clean(upload))
                .flatMap(file -> Mono.fromFuture(
                        () -> files.store(file.bytes(), file.mediaType(), file.width(), file.height(), ttl), true))
                .subscribeOn(threads);
    }

    /** Like {@link #store(Upload, Duration)}, with the standard time to live; gives the id of the file. */
    public Mono<FileId> keep(Upload upload) {
        return store(upload, properties.ttl()).map(stored -> stored.file().id());
    }

    /** Stores a file that was checked before, with the standard time to live, or finds the one with the same bytes. */
    public Mono<UploadedFile> store(CleanImageFile file) {
        return Mono.fromFuture(
                        () -> files.store(
                                file.bytes(), file.mediaType(), file.width(), file.height(), properties.ttl()),
                        true)
                .map(Storing::file)
                .subscribeOn(threads);
    }

    /**
     * The time to live that a client gives.
     *
     * @param text a duration of ISO 8601; null for the standard one
     * @return empty if it is none, or out of range
     */
    Optional<Duration> ttl(@Nullable String text) {
        if (text == null) {
            return Optional.of(properties.ttl());
        }
        try {
            var ttl = Duration.parse(text.strip());
            boolean isAllowed = ttl.compareTo(MIN_TTL) >= 0 && ttl.compareTo(properties.maxTtl()) <= 0;
            return isAllowed ? Optional.of(Duration.ofSeconds(ttl.toSeconds())) : Optional.empty();
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** What {@link #ttl} allows. */
    String allowedTtl() {
        return "Must be a duration from PT1M to P%dD, such as P7D or PT12H."
                .formatted(properties.maxTtl().toDays());
    }

    @Override
    public void close() {
        threads.dispose();
    }

    private static CleanImageFile clean(Upload upload) {
        var declared = declared(upload.declared());
        try {
            var file = CleanImageFile.of(upload.bytes());
            if (declared != null && !declared.equals(file.mediaType())) {
                throw new Problem(
                        ProblemKind.UNSUPPORTED_MEDIA_TYPE,
                        "The file is declared as %s, but its bytes are %s. Send it with the media type of its bytes."
                                .formatted(declared, file.mediaType()));
            }
            if (file.pixels() > RequestLimits.MAX_TOTAL_PIXELS) {
                throw invalid(
                        upload,
                        "has %d x %d pixels, and at most %d pixels are accepted."
                                .formatted(file.width(), file.height(), RequestLimits.MAX_TOTAL_PIXELS));
            }
            return file;
        } catch (ImageFileRefused e) {
            throw invalid(upload, String.valueOf(e.getMessage()));
        }
    }

    private static Problem invalid(Upload upload, String reason) {
        var detail = "The file " + reason;
        return new Problem(ProblemKind.VALIDATION_FAILED, detail).errors(List.of(upload.error(detail)));
    }

    /** The declared media type, in its usual form; null if there is none. */
    private static @Nullable String declared(@Nullable MediaType type) {
        if (type == null) {
            return null;
        }
        var name = type.getType() + "/" + type.getSubtype();
        var usual = OLD_NAMES_OF_JPEG.contains(name) ? CleanImageFile.JPEG : name;
        if (!MEDIA_TYPES.contains(usual)) {
            throw new Problem(
                    ProblemKind.UNSUPPORTED_MEDIA_TYPE,
                    "The file is of type '%s'; supported: %s.".formatted(name, String.join(", ", MEDIA_TYPES)));
        }
        return usual;
    }
}
