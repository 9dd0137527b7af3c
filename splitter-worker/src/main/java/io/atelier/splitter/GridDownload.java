package io.atelier.splitter;

import io.atelier.contract.image.DigitalSourceType;
import io.atelier.contract.image.Provenance;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.work.SplitRequested;
import io.atelier.image.decode.ImageDecodingException;
import io.atelier.image.decode.ImageFileDecoder;
import io.atelier.image.png.PngFileMetadata;
import io.atelier.image.png.PngTextChunks;
import io.atelier.image.png.PngWriter;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.StoredObject;
import io.atelier.worker.source.DownloadFailed;
import io.atelier.worker.source.SourceDownload;
import io.atelier.worker.store.StoreRetry;
import io.atelier.worker.store.TaskImageRepository;
import io.atelier.worker.store.TaskImageRepository.PendingImage;
import io.atelier.worker.task.Futures;
import io.atelier.worker.task.TaskContext;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Fetches the grid at an address into the folder of its job, as a PNG without metadata of others; from then on it is a stored grid. What is
 * stored first is cut, by whichever delivery, so that all tiles come from the same image even if the address has another one later. Thread-safe.
 */
final class GridDownload {

    private static final String PHASE = "fetch";

    private final ObjectStore store;
    private final TaskImageRepository images;
    private final SourceDownload download;
    private final ImageFileDecoder decoder;
    private final StoreRetry storeRetry;
    private final PngWriter png = new PngWriter();

    GridDownload(ObjectStore store, SourceDownload download, ImageFileDecoder decoder, StoreRetry storeRetry) {
        this.store = store;
        this.images = new TaskImageRepository(store);
        this.download = download;
        this.decoder = decoder;
        this.storeRetry = storeRetry;
    }

    /**
     * The task with a stored grid in place of its address; the task itself if its grids are stored.
     *
     * @throws SplitFailed if there is no image at the address, or it must not be fetched
     * @throws io.atelier.storage.ObjectStoreFailed if the store did not take the grid
     * @throws io.atelier.worker.engine.TaskInterrupted if the job was canceled
     */
    SplitRequested fetched(SplitRequested task, TaskContext context) throws InterruptedException {
        @Nullable String address = task.imageUrl();
        if (address == null) {
            return task;
        }
        var key = new ObjectKey(JobFolder.grid(task.job(), task.task(), task.attempt(), 0));
        var known = storeRetry.call(() -> Futures.await(store.find(key)), context::waitForStore);
        if (known.isPresent()) {
            return withGrid(task, known.get());
        }
        context.reportStart();
        context.progress(PHASE, 0, 1);
        var grid = grid(key, address, context);
        var stored = storeRetry.call(() -> images.storeAll(List.of(grid)), context::waitForStore);
        return withGrid(task, stored.get(0));
    }

    private static SplitRequested withGrid(SplitRequested task, StoredObject grid) {
        return task.withGrids(List.of(TaskImageRepository.describe(0, grid, null)));
    }

    private PendingImage grid(ObjectKey key, String address, TaskContext context) throws InterruptedException {
        var what = "image at " + host(address);
        try {
            var file = download.fetch(address, context.cancellation());
            var image = decoder.decode(file);
            var source = sourceType(file);
            var provenance =
                    new Provenance(source.isPresent(), image.credentials().ofCopy());
            var metadata = TaskImageRepository.metadata(
                    StoredImage.Kind.GRID, image.width(), image.height(), null, provenance);
            TaskImageRepository.putSourceType(metadata, source);
            var text = source.map(PngTextChunks.NONE::marked).orElse(PngTextChunks.NONE);
            return new PendingImage(key, png.write(image, text), metadata);
        } catch (DownloadFailed e) {
            var message = "The %s: %s".formatted(what, e.reason());
            throw new SplitFailed(new Failure(Code.SOURCE_UNAVAILABLE, message, e.status()), e.origin());
        } catch (ImageDecodingException e) {
            if (e.reason().isMemory()) {
                throw SplitFailed.noMemory(what, e);
            }
            throw new SplitFailed(Code.SOURCE_UNAVAILABLE, "The %s: %s.".formatted(what, e.getMessage()), e);
        }
    }

    private static Optional<DigitalSourceType> sourceType(byte[] file) {
        return ImageFileDecoder.sourceType(file)
                .or(() -> PngFileMetadata.read(file).source());
    }

    /** The rest of an address may contain a secret. */
    private static String host(String address) {
        try {
            @Nullable String host = URI.create(address).getHost();
            return host == null ? "an invalid address" : host;
        } catch (IllegalArgumentException e) {
            return "an invalid address";
        }
    }
}
