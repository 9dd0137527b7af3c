package io.atelier.generator.source;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.Source;
import io.atelier.generator.engine.EditMask;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.SourceImage;
import io.atelier.generator.engine.SourceImages;
import io.atelier.generator.provider.ProviderImageDecoder;
import io.atelier.image.decode.DecodingBudget;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.storage.StoredObject;
import io.atelier.worker.engine.TaskInterrupted;
import io.atelier.worker.source.DownloadFailed;
import io.atelier.worker.source.RemoteSourceProperties;
import io.atelier.worker.source.SourceDownload;
import io.atelier.worker.store.StoreRetry;
import io.atelier.worker.task.Futures;
import io.atelier.worker.task.TaskContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * Loads the source images of an edit as files: from the object store, or from the address that the client named. A missing image fails the
 * job without retry; a store that is down is retried. Thread-safe.
 */
public final class SourceImageLoader {

    private static final String PHASE = "fetch";
    private static final String MASK = "mask";

    private final ObjectStore store;
    private final StoreRetry storeRetry;
    private final SourceDownload download;
    private final DecodingBudget budget;
    private final RemoteSourceProperties.Limits limits;
    private final DataSize maxTotal;

    /**
     * Creates a loader.
     *
     * @param storeRetry for reads from an object store that is down
     * @param budget for decoding the images
     * @param limits of each image, in the object store, too
     * @param maxTotal the maximum size of all files of one request together
     */
    public SourceImageLoader(
            ObjectStore store,
            StoreRetry storeRetry,
            SourceDownload download,
            DecodingBudget budget,
            RemoteSourceProperties.Limits limits,
            DataSize maxTotal) {
        this.store = store;
        this.storeRetry = storeRetry;
        this.download = download;
        this.budget = budget;
        this.limits = limits;
        this.maxTotal = maxTotal;
    }

    /**
     * Loads the source images of a task, in their order, and its mask; nothing if the task has none.
     *
     * @throws GenerationFailed if a source is not available, too large, or not an image, or if the mask has another size than the first image
     * @throws ObjectStoreFailed if the object store cannot be read
     * @throws TaskInterrupted if the job was canceled
     */
    public SourceImages load(GenerationRequested task, TaskContext context) throws InterruptedException {
        var request = task.request();
        if (request.images().isEmpty()) {
            return SourceImages.NONE;
        }
        var sources = new LinkedHashMap<String, Source>();
        request.images().forEach(source -> sources.put("images/" + sources.size(), source));
        if (request.mask() != null) {
            sources.put(MASK, request.mask());
        }
        var images = new ArrayList<SourceImage>();
        long bytes = 0;
        context.reportStart();
        for (var source : sources.entrySet()) {
            context.checkpoint();
            context.progress(PHASE, images.size(), sources.size());
            var image = load(source.getValue(), source.getKey(), context);
            images.add(image);
            bytes += image.length();
            if (bytes > maxTotal.toBytes()) {
                throw new GenerationFailed(new Failure(
                        Code.REQUEST_REJECTED,
                        "The source images are too large: more than %d bytes together. Send fewer or smaller ones."
                                .formatted(maxTotal.toBytes())));
            }
        }
        return request.mask() == null
                ? new SourceImages(images, null)
                : new SourceImages(
                        images.subList(0, images.size() - 1), mask(images.get(images.size() - 1), images.get(0)));
    }

    private EditMask mask(SourceImage file, SourceImage first) {
        if (file.width() != first.width() || file.height() != first.height()) {
            throw new GenerationFailed(new Failure(
                    Code.REQUEST_REJECTED,
                    "The mask has %d x %d pixels, and the first source image %d x %d. Send a mask of the same size."
                            .formatted(file.width(), file.height(), first.width(), first.height())));
        }
        var otherwise = new Failure(Code.SOURCE_UNAVAILABLE, "The mask");
        return EditMask.of(ProviderImageDecoder.decode(file.bytes(), limits.maxPixels(), budget, otherwise));
    }

    /** @param name the place of the source in the request */
    private SourceImage load(Source source, String name, TaskContext context) throws InterruptedException {
        var reference = source.generation();
        if (reference != null) {
            var what = "The source image %s, image %d of the generation '%s'"
                    .formatted(name, reference.index(), reference.id());
            return stored(reference.stored(), new Failure(Code.SOURCE_UNAVAILABLE, what), context);
        }
        var file = source.file();
        if (file != null) {
            var what = "The source image %s, the file '%s'".formatted(name, file.id());
            return stored(file.stored(), new Failure(Code.SOURCE_UNAVAILABLE, what), context);
        }
        var address = String.valueOf(source.imageUrl());
        var url = HttpUrl.parse(address);
        // The rest of an address may contain a secret.
        var what = "The source image %s at %s".formatted(name, url == null ? "an invalid address" : url.host());
        return downloaded(address, new Failure(Code.SOURCE_UNAVAILABLE, what), context);
    }

    private SourceImage stored(@Nullable StoredImage stored, Failure otherwise, TaskContext context)
            throws InterruptedException {
        if (stored == null) {
            throw because(otherwise, "the task does not contain its key.", null);
        }
        if (stored.bytes() > limits.maxResponse().toBytes()) {
            throw because(otherwise, "it has %d bytes, which is too large.".formatted(stored.bytes()), null);
        }
        try {
            return image(storeRetry.call(() -> read(stored), context::waitForStore), otherwise);
        } catch (ObjectStoreFailed e) {
            if (e.kind() == ObjectStoreFailed.Kind.NOT_FOUND) {
                throw because(
                        otherwise,
                        "it is no longer stored, for example because the generation was erased or the file deleted."
                                + " Use another image.",
                        e);
            }
            throw e;
        }
    }

    private byte[] read(StoredImage stored) throws InterruptedException {
        try (var content = Futures.await(store.open(new ObjectKey(stored.key()), null))) {
            var bytes = content.stream().readNBytes(Math.toIntExact(stored.bytes()) + 1);
            if (!StoredObject.sha256Of(bytes).equals(stored.sha256())) {
                throw new ObjectStoreFailed(
                        ObjectStoreFailed.Kind.REFUSED,
                        "The object " + stored.key() + " is not the image that was stored there.");
            }
            return bytes;
        } catch (IOException e) {
            throw new ObjectStoreFailed(
                    ObjectStoreFailed.Kind.UNAVAILABLE, "Reading the image " + stored.key() + " was interrupted", e);
        }
    }

    private SourceImage downloaded(String address, Failure otherwise, TaskContext context) throws InterruptedException {
        try {
            return image(download.fetch(address, context.cancellation()), otherwise);
        } catch (DownloadFailed e) {
            // Another model would fail in the same way.
            throw new GenerationFailed(
                    new Failure(otherwise.code(), otherwise.message() + ": " + e.reason(), e.status()), e.origin());
        }
    }

    private SourceImage image(byte[] file, Failure otherwise) {
        return ProviderImageDecoder.file(file, limits.maxPixels(), budget, otherwise);
    }

    private static GenerationFailed because(Failure otherwise, String reason, @Nullable Throwable cause) {
        return new GenerationFailed(otherwise.withMessage(otherwise.message() + ": " + reason), cause);
    }
}
