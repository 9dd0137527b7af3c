package io.atelier.gateway.api.previews;

import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.contract.work.TaskProgress;
import io.atelier.contract.work.TaskProgress.Preview;
import io.atelier.gateway.api.images.ObjectDownloads;
import io.atelier.gateway.api.publishing.NonBlockingPublisher;
import io.atelier.gateway.view.progress.LatestProgress;
import io.atelier.storage.ObjectKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.ConnectableFlux;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Follows the previews of jobs. Requests them from the workers while a client does, and reads each from the store when a progress names it, once for all clients of its job.
 * Thread-safe.
 */
public final class JobPreviews {

    /** The shortest time between two previews of a job. */
    private static final Duration INTERVAL = Duration.ofMillis(500);

    /** Of so many jobs the last preview is kept for the next client: some 40 MB if all are as large as they may be. Clients of further jobs read for themselves. */
    static final int MAX_SHARED = 500;

    private static final Logger LOG = LoggerFactory.getLogger(JobPreviews.class);

    private final LatestProgress latest;
    private final ObjectDownloads downloads;
    private final PreviewRequests requests;

    /** A quarter of the downloads: when the store is slow, images come first, and previews are left out. */
    private final Semaphore places;

    /** Guarded by itself, with the numbers of clients. */
    private final Map<JobId, SharedPreviews> shared = new HashMap<>();

    public JobPreviews(LatestProgress latest, ObjectDownloads downloads, NonBlockingPublisher publisher, Clock clock) {
        this.latest = latest;
        this.downloads = downloads;
        this.requests = new PreviewRequests(publisher, clock, Schedulers.parallel());
        this.places = new Semaphore(Math.max(1, downloads.places() / 4));
    }

    /**
     * The newest preview of a job, if there is one, then later ones: at most two a second, each once, and of those that a slow client missed only the last.
     * A preview that cannot be read is left out. Never ends.
     */
    public Flux<JobPreview> follow(JobId job) {
        // The clients of a job do not wait for each other, nor for the thread that read the preview.
        return Flux.defer(() -> previews(job)).onBackpressureLatest().publishOn(Schedulers.parallel(), 1);
    }

    private Flux<JobPreview> previews(JobId job) {
        return Flux.using(
                () -> join(job),
                joined -> joined.map(SharedPreviews::previews).orElseGet(() -> alone(job)),
                joined -> joined.ifPresent(this::leave));
    }

    /** The client becomes one of those that share the previews of the job; empty if there are too many jobs. */
    private Optional<SharedPreviews> join(JobId job) {
        SharedPreviews joined;
        boolean isFirst;
        synchronized (shared) {
            if (shared.size() >= MAX_SHARED && !shared.containsKey(job)) {
                return Optional.empty();
            }
            joined = shared.computeIfAbsent(job, SharedPreviews::new);
            isFirst = joined.clients++ == 0;
        }
        if (isFirst) {
            joined.connect();
        }
        return Optional.of(joined);
    }

    private void leave(SharedPreviews joined) {
        synchronized (shared) {
            joined.clients--;
            if (joined.clients > 0) {
                return;
            }
            // A later client gets an entry of its own, so that this one is not needed any more.
            shared.remove(joined.job);
        }
        joined.connection.dispose();
    }

    private Flux<JobPreview> alone(JobId job) {
        return Flux.defer(() -> {
            var last = new AtomicReference<>("");
            var previews = latest.follow(job).concatMap(progress -> newest(job, last), 0);
            return requests.during(job, previews);
        });
    }

    /** The newest preview and the pause after it: the progress that announced one may be old by now, and its file be replaced. */
    private Flux<JobPreview> newest(JobId job, AtomicReference<String> last) {
        var progress = latest.of(job).orElse(null);
        var preview = progress == null ? null : progress.preview();
        if (progress == null || preview == null || preview.bytes() > Preview.MAX_BYTES) {
            return Flux.empty();
        }
        var key = JobFolder.preview(job, progress.task(), progress.attempt(), preview.number());
        return last.getAndSet(key).equals(key)
                ? Flux.empty()
                : read(new ObjectKey(key), progress, preview).flatMapMany(JobPreviews::withPause);
    }

    private Mono<JobPreview> read(ObjectKey key, TaskProgress progress, Preview preview) {
        return Mono.defer(() -> places.tryAcquire()
                ? readInPlace(key, progress, preview).doFinally(end -> places.release())
                : Mono.empty());
    }

    private Mono<JobPreview> readInPlace(ObjectKey key, TaskProgress progress, Preview preview) {
        var bytes = downloads.readInTime(key, preview.bytes(), DefaultDataBufferFactory.sharedInstance);
        return DataBufferUtils.join(bytes, Preview.MAX_BYTES)
                .map(joined -> new JobPreview(progress, preview, base64(joined)))
                .onErrorResume(failure -> {
                    LOG.debug("{}: a preview was not read: {}", key, failure.toString());
                    return Mono.empty();
                });
    }

    private static Flux<JobPreview> withPause(JobPreview preview) {
        return Flux.just(preview).concatWith(Mono.delay(INTERVAL).then(Mono.empty()));
    }

    private static String base64(DataBuffer buffer) {
        var bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** The previews of a job for all its clients. Kept until the last of them has left. */
    private final class SharedPreviews {

        private final JobId job;
        private final ConnectableFlux<JobPreview> previews;
        private final Disposable.Swap connection = Disposables.swap();
        private int clients;

        SharedPreviews(JobId job) {
            this.job = job;
            this.previews = alone(job).replay(1);
        }

        Flux<JobPreview> previews() {
            return previews;
        }

        void connect() {
            previews.connect(connection::update);
        }
    }
}
