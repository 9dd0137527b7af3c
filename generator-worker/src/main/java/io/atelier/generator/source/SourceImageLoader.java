package io.atelier.generator.source;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.Source;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.engine.SourceImage;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.storage.StoredObject;
import io.atelier.worker.engine.TaskInterrupted;
import io.atelier.worker.store.StoreRetry;
import io.atelier.worker.task.Futures;
import io.atelier.worker.task.TaskContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * Gets the pictures that a request wants changed, as files: from the store, or from where a client says they lie. What is gone fails the job
 * for good; a store that is down is waited for. Thread-safe.
 */
public final class SourceImageLoader {

    private static final String PHASE = "fetch";

    private final ObjectStore store;
    private final StoreRetry patience;
    private final ProviderClient remote;
    private final DataSize maxTotal;

    /**
     * A getter of pictures.
     *
     * @param patience with a store that is down
     * @param remote by whose rules strangers are asked, and whose limits hold for every picture
     * @param maxTotal how long the files of one request may be together
     */
    public SourceImageLoader(ObjectStore store, StoreRetry patience, ProviderClient remote, DataSize maxTotal) {
        this.store = store;
        this.patience = patience;
        this.remote = remote;
        this.maxTotal = maxTotal;
    }

    /**
     * The order's pictures to change, in their order; empty if new ones are to be drawn.
     *
     * @throws GenerationFailed if one of them cannot be had, or is none
     * @throws ObjectStoreFailed if the store does not give one of them
     * @throws TaskInterrupted if the job was canceled meanwhile
     */
    public List<SourceImage> gather(GenerationRequested order, TaskContext run) throws InterruptedException {
        var wanted = order.request().images();
        var gathered = new ArrayList<SourceImage>();
        long bytes = 0;
        for (var source : wanted) {
            run.checkpoint();
            run.progress(PHASE, gathered.size(), wanted.size());
            var image = get(source, gathered.size(), run);
            gathered.add(image);
            bytes += image.length();
            if (bytes > maxTotal.toBytes()) {
                throw new GenerationFailed(new Failure(
                        Code.REQUEST_REJECTED,
                        "The pictures to change are too long: more than %d bytes together. Send fewer or smaller ones."
                                .formatted(maxTotal.toBytes())));
            }
        }
        return List.copyOf(gathered);
    }

    private SourceImage get(Source source, int index, TaskContext run) throws InterruptedException {
        var ofJob = source.generation();
        if (ofJob != null) {
            var what = "The picture to change, images/%d: image %d of the generation '%s'"
                    .formatted(index, ofJob.index(), ofJob.id());
            return kept(ofJob.stored(), new Failure(Code.SOURCE_UNAVAILABLE, what), run);
        }
        var address = String.valueOf(source.imageUrl());
        var url = HttpUrl.parse(address);
        // The rest of an address may be a secret.
        var what = "The picture to change, images/%d at %s".formatted(index, url == null ? "no address" : url.host());
        return fetched(address, new Failure(Code.SOURCE_UNAVAILABLE, what), run);
    }

    private SourceImage kept(@Nullable StoredImage stored, Failure otherwise, TaskContext run)
            throws InterruptedException {
        if (stored == null) {
            throw because(otherwise, "its order does not say where it lies.", null);
        }
        if (stored.bytes() > remote.settings().maxAnswer().toBytes()) {
            throw because(otherwise, "it has %d bytes, which is too long.".formatted(stored.bytes()), null);
        }
        try {
            return remote.file(patience.insist(() -> read(stored), run::waitForStore), otherwise);
        } catch (ObjectStoreFailed e) {
            if (e.kind() == ObjectStoreFailed.Kind.NOT_FOUND) {
                throw because(otherwise, "it is not in the store any more, as after an erasure. Name another one.", e);
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
                        "What lies under " + stored.key() + " is not the picture that was put there.");
            }
            return bytes;
        } catch (IOException e) {
            throw new ObjectStoreFailed(
                    ObjectStoreFailed.Kind.UNAVAILABLE, "The picture " + stored.key() + " broke off", e);
        }
    }

    private SourceImage fetched(String address, Failure otherwise, TaskContext run) throws InterruptedException {
        var attempt = run.attempt();
        var asking = new GenerationRun(
                attempt.job().value(), attempt.number(), (phase, step, steps) -> {}, run.cancellation());
        try {
            return remote.fetchFile(address, asking, otherwise);
        } catch (GenerationCanceled e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw new TaskInterrupted();
        } catch (GenerationFailed e) {
            // Whatever it was, no other model can do better.
            throw e.failure().code() == otherwise.code()
                    ? e
                    : because(otherwise, "it cannot be fetched. " + e.failure().message(), e);
        }
    }

    private static GenerationFailed because(Failure otherwise, String why, @Nullable Throwable cause) {
        return new GenerationFailed(otherwise.inWords(otherwise.message() + ": " + why), cause);
    }
}
