package io.atelier.gateway.api.derivatives;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobFolder;
import io.atelier.gateway.api.derivatives.DerivativeForm.Format;
import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.api.operations.DiskSpace;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.image.decode.DecodingBudget;
import io.atelier.image.decode.ImageDecodingException;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.storage.StoredObject;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.springframework.beans.factory.DisposableBean;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Finds images in other forms in the folder of their job, and makes those that are missing, on threads that may block. Each is made once, for
 * however many clients, also if all of them disconnect. Limits how many are made and wait at the same time. Thread-safe.
 */
public final class Derivatives implements DisposableBean {

    private static final String WIDTH = "width";
    private static final String HEIGHT = "height";
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final ObjectStore store;
    private final JobLookup lookup;
    private final DiskSpace disk;
    private final DerivativeMaker maker;
    private final Semaphore free;
    private final Scheduler threads;
    private final Map<ObjectKey, Mono<StoredImage>> pending = new ConcurrentHashMap<>();

    public Derivatives(ObjectStore store, JobLookup lookup, DiskSpace disk, DerivativeProperties properties) {
        this.store = store;
        this.lookup = lookup;
        this.disk = disk;
        this.maker = new DerivativeMaker(store, DecodingBudget.ofProcess());
        this.free = new Semaphore(properties.threads() + properties.maxWaiting());
        this.threads = Schedulers.newBoundedElastic(properties.threads(), Integer.MAX_VALUE, "derivatives");
    }

    /**
     * An image of a job in a form: the image itself if it has the form, else its derivative. Fails with a {@link Problem} if it cannot be made
     * now, and with {@link ObjectStoreFailed} if the store cannot be used or does not have the image any more.
     */
    public Mono<StoredImage> find(Job job, StoredImage image, DerivativeForm form) {
        if (form.isThatOf(image)) {
            return Mono.just(image);
        }
        if (form.isThatOfTheOriginal(image)) {
            return original(image).switchIfEmpty(Mono.error(() -> lost(job)));
        }
        var format = form.formatFor(image);
        return findOrMake(
                job, image, form.key(job.id(), image), format, () -> maker.make(image, form.widthFor(image), format));
    }

    /**
     * The middle part of an image of a job, as a PNG with the same samples. Fails like {@link #find}.
     *
     * @param size of the part, on no side larger than the image
     */
    public Mono<StoredImage> crop(Job job, StoredImage image, ImageSize size) {
        if (image.width() == size.width() && image.height() == size.height()) {
            return Mono.just(image);
        }
        var key = new ObjectKey(JobFolder.derivative(job.id(), image.sha256(), "c" + size + ".png"));
        return findOrMake(job, image, key, Format.PNG, () -> maker.crop(image, size));
    }

    /** Makes a derivative, on a thread that may block. */
    private interface Making {

        DerivativeMaker.Derivative make() throws IOException;
    }

    private Mono<StoredImage> findOrMake(Job job, StoredImage image, ObjectKey key, Format format, Making making) {
        // A client that leaves does not cancel what others wait for: cache() completes on its own.
        return Mono.defer(() -> pending.computeIfAbsent(
                key,
                absent -> found(image, key)
                        .switchIfEmpty(Mono.defer(() -> make(job, image, key, format, making)))
                        .doFinally(end -> pending.remove(key))
                        .cache()));
    }

    /** The PNG with all samples of an image of a job: the image itself, or the PNG beside a JPEG; empty if the store does not have it any more. */
    public Mono<StoredImage> original(StoredImage image) {
        var key = new ObjectKey(JobFolder.png(image.key()));
        return key.value().equals(image.key())
                ? Mono.just(image)
                : Mono.fromFuture(() -> store.find(key), true)
                        .flatMap(Mono::justOrEmpty)
                        .map(stored -> describe(image, stored, image.width(), image.height()));
    }

    @Override
    public void destroy() {
        threads.dispose();
    }

    private Mono<StoredImage> found(StoredImage image, ObjectKey key) {
        return Mono.fromFuture(() -> store.find(key), true)
                .flatMap(Mono::justOrEmpty)
                .map(stored -> describe(
                        image,
                        stored,
                        Integer.parseInt(stored.metadata().getOrDefault(WIDTH, "0")),
                        Integer.parseInt(stored.metadata().getOrDefault(HEIGHT, "0"))));
    }

    private Mono<StoredImage> make(Job job, StoredImage image, ObjectKey key, Format format, Making making) {
        disk.requireSpace();
        if (!free.tryAcquire()) {
            return Mono.error(full());
        }
        return Mono.fromCallable(() -> made(image, making))
                .subscribeOn(threads)
                .doFinally(end -> free.release())
                .flatMap(made -> store(image, made, format, key))
                .flatMap(stored -> requireKept(job, key).thenReturn(stored));
    }

    private static DerivativeMaker.Derivative made(StoredImage image, Making making) {
        try {
            return making.make();
        } catch (ImageDecodingException e) {
            throw noMemory(String.valueOf(e.getMessage()));
        } catch (OutOfMemoryError e) {
            // Reactor would let neither the client nor the place go.
            throw noMemory("its memory is exhausted");
        } catch (IOException e) {
            throw new ObjectStoreFailed(
                    ObjectStoreFailed.Kind.UNAVAILABLE,
                    "The PNG of %s cannot be read: %s".formatted(image.key(), e.getMessage()),
                    e);
        }
    }

    private Mono<StoredImage> store(StoredImage image, DerivativeMaker.Derivative made, Format format, ObjectKey key) {
        var size = Map.of(WIDTH, Integer.toString(made.width()), HEIGHT, Integer.toString(made.height()));
        return Mono.fromFuture(() -> store.put(key, made.bytes(), format.mediaType(), size), true)
                .map(stored -> describe(image, stored, made.width(), made.height()));
    }

    /** The job may have been erased meanwhile, with all objects that were in its folder. */
    private Mono<Job> requireKept(Job job, ObjectKey key) {
        return lookup.find(job.id().value())
                .onErrorResume(
                        Problem.class,
                        gone -> Mono.fromFuture(() -> store.delete(key), true).then(Mono.error(gone)));
    }

    private static StoredImage describe(StoredImage image, StoredObject stored, int width, int height) {
        return new StoredImage(
                image.index(),
                image.kind(),
                stored.key().value(),
                stored.sha256(),
                stored.bytes(),
                stored.mediaType(),
                width,
                height,
                image.seed(),
                image.tile());
    }

    private static Problem full() {
        return new Problem(
                        ProblemKind.OVERLOADED,
                        "The gateway is making the highest number of smaller images at the same time. Try again in two seconds, or get"
                                + " the image without 'w' and 'format'.")
                .retryAfter(RETRY_AFTER);
    }

    private static Problem noMemory(String reason) {
        return new Problem(
                        ProblemKind.OVERLOADED,
                        "The gateway has too little memory for this image: %s. Try again later, or get it without 'w' and 'format'."
                                .formatted(reason))
                .retryAfter(RETRY_AFTER);
    }

    private static Problem lost(Job job) {
        return new Problem(
                        ProblemKind.IMAGE_UNAVAILABLE,
                        "The image was generated, but its PNG is not in the store any more.")
                .with("job_id", job.id().value());
    }
}
