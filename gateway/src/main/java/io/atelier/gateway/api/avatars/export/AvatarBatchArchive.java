package io.atelier.gateway.api.avatars.export;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.Persona;
import io.atelier.contract.job.StoredPrompt;
import io.atelier.gateway.api.avatars.AvatarBatch;
import io.atelier.gateway.api.export.ZipFrames;
import io.atelier.gateway.api.export.ZipFrames.ZipFile;
import io.atelier.gateway.api.generations.ApiPaths;
import io.atelier.gateway.api.generations.Generation;
import io.atelier.gateway.api.generations.GenerationAssembler;
import io.atelier.gateway.api.images.ObjectDownloads;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.api.submission.PersonaTextRepository;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.storage.TextStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends a batch as a ZIP archive: a folder for each persona with what is known of it and, if its avatar has ended, its images; and a manifest as the last
 * file. Reads one object at a time. Thread-safe.
 */
public final class AvatarBatchArchive {

    private static final Duration PLACE_INTERVAL = Duration.ofMillis(500);

    /** So often it asks for a place among the downloads: for a minute. */
    private static final int PLACE_ATTEMPTS = 120;

    /** What a persona needs beside its images, for the time that an archive may take. */
    private static final long DETAILS_BYTES = 64 * 1024;

    private static final String NO_GENERATION =
            "The avatar was not created, because its request broke off, or was erased long ago.";

    private final ObjectDownloads downloads;
    private final PersonaTextRepository personas;
    private final TextStore texts;
    private final GenerationAssembler assembler;
    private final JsonMapper json;

    public AvatarBatchArchive(
            ObjectDownloads downloads,
            PersonaTextRepository personas,
            TextStore texts,
            GenerationAssembler assembler,
            JsonMapper json) {
        this.downloads = downloads;
        this.personas = personas;
        this.texts = texts;
        this.assembler = assembler;
        this.json = json;
    }

    /**
     * Writes the archive. Aborts the response, so that the archive has no directory, if the store fails, or if the client takes the images more slowly than
     * they must be taken.
     *
     * @param jobs those that are not erased, by the places of their personas
     */
    Mono<Void> send(AvatarBatch batch, SortedMap<Integer, Job> jobs, ApiPaths paths, ServerHttpResponse response) {
        long images = jobs.values().stream()
                .flatMap(job -> AvatarFile.of(job).stream())
                .mapToLong(file -> file.image().bytes())
                .sum();
        var body = Flux.defer(() -> new Writing(paths, response.bufferFactory()).bytes(batch, jobs));
        return downloads.write(body, images + batch.size() * DETAILS_BYTES, response);
    }

    /** What the archive says about one persona. */
    private record Details(@Nullable Persona persona, List<String> prompts, Generation generation) {

        /** Without the persona and the prompts, because they are personal data. */
        @Override
        public String toString() {
            return "Details[" + generation.id() + "]";
        }
    }

    /** The texts of a person, as far as the store has them. */
    private record Texts(@Nullable Persona persona, List<String> prompts) {

        static final Texts NONE = new Texts(null, List.of());

        @Override
        public String toString() {
            return "Texts[]";
        }
    }

    /** The last file of an archive. */
    private record Manifest(AvatarBatch batch, int files, List<Missing> missing) {}

    /** A file, or a folder, that is not in the archive, or not as it should be. */
    private record Missing(String file, String generation, String reason) {}

    /** The writing of one archive. */
    private final class Writing {

        private final ApiPaths paths;
        private final DataBufferFactory buffers;
        private final FolderNames folders = new FolderNames();
        private final List<Missing> missing = new ArrayList<>();
        private int files = 1;

        Writing(ApiPaths paths, DataBufferFactory buffers) {
            this.paths = paths;
            this.buffers = buffers;
        }

        Flux<DataBuffer> bytes(AvatarBatch batch, SortedMap<Integer, Job> jobs) {
            batch.avatars().stream()
                    .filter(AvatarBatch.Item::lacksGeneration)
                    .map(item -> new Missing(item.id() + "/", item.id(), NO_GENERATION))
                    .forEach(missing::add);
            var manifest = new ZipFile(
                    FolderNames.MANIFEST, Flux.defer(() -> Flux.just(document(new Manifest(batch, files, missing)))));
            var all = Flux.fromIterable(jobs.values()).concatMap(this::files, 1).concatWithValues(manifest);
            return ZipFrames.of(all, buffers);
        }

        private Flux<ZipFile> files(Job job) {
            var avatar = job.request().avatar();
            var folder = folders.of(avatar == null ? null : avatar.personaId(), job.id()) + "/";
            var details = folder + "details.json";
            return Flux.fromIterable(AvatarFile.of(job))
                    .map(file -> new ZipFile(folder + file.name(), content(job, folder + file.name(), file.image())))
                    .startWith(new ZipFile(details, details(job, details).flux()));
        }

        private DataBuffer document(Object value) {
            return buffers.wrap(json.writeValueAsBytes(value));
        }

        private Flux<DataBuffer> content(Job job, String file, StoredImage image) {
            return Flux.defer(() -> {
                var begun = new AtomicBoolean();
                return downloads
                        .readInTime(new ObjectKey(image.key()), image.bytes(), buffers)
                        .doOnNext(chunk -> begin(begun))
                        .retryWhen(Retry.fixedDelay(PLACE_ATTEMPTS, PLACE_INTERVAL)
                                .filter(failure -> !begun.get() && hasNoPlace(failure))
                                .onRetryExhaustedThrow((retry, last) -> last.failure()))
                        .onErrorResume(
                                failure -> !begun.get() && isMissing(failure),
                                failure -> leaveOut(job, file, "The store does not have the image any more."))
                        .onErrorResume(
                                failure -> !begun.get() && isRefused(failure),
                                failure -> leaveOut(
                                        job,
                                        file,
                                        "The image in the store is not the one that was made, or may not be read."));
            });
        }

        private void begin(AtomicBoolean begun) {
            if (!begun.getAndSet(true)) {
                files++;
            }
        }

        private <T> Mono<T> leaveOut(Job job, String file, String reason) {
            return Mono.fromRunnable(
                    () -> missing.add(new Missing(file, job.id().value(), reason)));
        }

        private Mono<DataBuffer> details(Job job, String file) {
            return texts(job)
                    .onErrorResume(
                            AvatarBatchArchive::isMissing,
                            failure -> leaveOut(job, file, "The store does not have the texts of the person any more."))
                    .defaultIfEmpty(Texts.NONE)
                    .map(found -> {
                        files++;
                        return document(new Details(found.persona(), found.prompts(), assembler.of(job, paths)));
                    });
        }
    }

    private Mono<Texts> texts(Job job) {
        return personas.read(job.request())
                .flatMap(given -> given.prompt() == null
                        ? written(job).map(prompts -> new Texts(given.persona(), prompts))
                        : Mono.just(new Texts(given.persona(), List.of(given.prompt()))));
    }

    private Mono<List<String>> written(Job job) {
        return Flux.fromIterable(job.prompts())
                .map(StoredPrompt::text)
                .concatMap(text -> Mono.fromFuture(() -> texts.readBytes(text), true), 1)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .collectList();
    }

    private static boolean hasNoPlace(Throwable failure) {
        return failure instanceof Problem problem && problem.kind() == ProblemKind.OVERLOADED;
    }

    /** Whether the store does not have an object, so that it will not have it later either. */
    private static boolean isMissing(Throwable failure) {
        return isOfKind(ObjectStoreFailed.Kind.NOT_FOUND, failure);
    }

    /** Whether the store has an object of another length, or refuses to read it: later it would not be better either. */
    private static boolean isRefused(Throwable failure) {
        return isOfKind(ObjectStoreFailed.Kind.REFUSED, failure);
    }

    private static boolean isOfKind(ObjectStoreFailed.Kind kind, Throwable failure) {
        return failure instanceof ObjectStoreFailed failed && failed.kind() == kind;
    }
}
