package io.atelier.splitter;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.Worker;
import io.atelier.contract.work.SplitRequested;
import io.atelier.messaging.EventPublisher;
import io.atelier.messaging.PublishingFailed;
import io.atelier.messaging.lease.Cancellation;
import io.atelier.messaging.lease.Lease;
import io.atelier.messaging.lease.TaskHandler;
import io.atelier.messaging.lease.Verdict;
import io.atelier.messaging.worker.Waiting;
import io.atelier.splitter.TileAlbum.Kept;
import io.atelier.splitter.grid.Grid;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.storage.StoredObject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts the grids of one order into tiles: grid, tiles, store, report, in this order, so that a tile that was announced can always be
 * fetched.
 *
 * <p>Safe to run twice for the same order: the same grids give the same tiles, and what lies in the store already is reported again.
 */
final class GridSplitter implements TaskHandler<SplitRequested> {

    private static final Logger log = LoggerFactory.getLogger(GridSplitter.class);

    private final Worker worker;
    private final GridReader grids;
    private final TileAlbum album;
    private final EventPublisher events;
    private final InstantSource clock;

    GridSplitter(Worker worker, GridReader grids, TileAlbum album, EventPublisher events, InstantSource clock) {
        this.worker = worker;
        this.grids = grids;
        this.album = album;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public Verdict handle(Lease<SplitRequested> lease) throws InterruptedException {
        if (lease.cancellation().requested()) {
            return Verdict.RELEASE;
        }
        var attempt = new Attempt(lease.order(), lease.attempt(), worker);
        try {
            Waiting.on(events.publish(attempt.started(clock.instant())));
            var outcome = outcome(attempt, lease.cancellation());
            if (outcome.isEmpty()) {
                log.info("{}: stopped", attempt);
                return Verdict.RELEASE;
            }
            Waiting.on(events.publish(outcome.get()));
            return Verdict.ACCEPT;
        } catch (PublishingFailed e) {
            log.warn("{}: could not be reported and is given back: {}", attempt, e.getMessage());
            return Verdict.RELEASE;
        }
    }

    /** What there is to report; empty if the attempt was broken off, as it was told to be. */
    private Optional<JobEvent> outcome(Attempt attempt, Cancellation cancellation) throws InterruptedException {
        try {
            var found = album.find(attempt.order());
            var kept = found.isPresent() ? found : split(attempt, cancellation);
            return kept.map(tiles -> succeeded(attempt, tiles));
        } catch (SplitFailed e) {
            return Optional.of(failed(attempt, e.failure()));
        } catch (ObjectStoreFailed e) {
            var message = "The object store did not give the grid or keep the tiles: " + e.getMessage();
            return Optional.of(failed(attempt, new Failure(Code.STORAGE_ERROR, message)));
        } catch (OutOfMemoryError e) {
            log.error("{}: out of memory", attempt, e);
            var message = "The splitter ran out of memory. Ask for a smaller grid, or give the splitter more memory.";
            return Optional.of(failed(attempt, new Failure(Code.OUT_OF_MEMORY, message)));
        } catch (RuntimeException e) {
            log.error("{}: unexpected", attempt, e);
            var message = "The splitter broke unexpectedly. The log of worker " + worker.id() + " says why.";
            return Optional.of(failed(attempt, new Failure(Code.ENGINE_ERROR, message)));
        }
    }

    /** Grid by grid, so that only one is decoded at a time. Empty if it was told to stop. */
    private Optional<Kept> split(Attempt attempt, Cancellation cancellation) throws InterruptedException {
        var order = attempt.order();
        var stored = new ArrayList<StoredObject>();
        var rejected = new ArrayList<CutTile>();
        for (int number = 0; number < order.grids().size(); number++) {
            if (cancellation.requested()) {
                return Optional.empty();
            }
            var grid = new Grid(grids.read(order.grids().get(number)));
            List<CompletableFuture<StoredObject>> writes = new ArrayList<>();
            for (var tile : grid.split(order.spec())) {
                var cut = new CutTile(number, tile);
                if (tile.usable()) {
                    writes.add(album.keep(order, stored.size() + writes.size(), cut, grid.pixels(tile)));
                } else {
                    rejected.add(cut);
                }
            }
            for (var write : writes) {
                stored.add(Waiting.on(write));
            }
            events.publish(attempt.progress(clock.instant(), number + 1));
        }
        return Optional.of(Kept.of(order, stored, rejected));
    }

    private JobEvent succeeded(Attempt attempt, Kept kept) {
        log.info(
                "{}: {} tiles, {} warnings",
                attempt,
                kept.images().size(),
                kept.warnings().size());
        return attempt.succeeded(clock.instant(), kept);
    }

    private JobEvent failed(Attempt attempt, Failure failure) {
        log.info("{}: {}: {}", attempt, failure.code().word(), failure.message());
        return attempt.failed(clock.instant(), failure);
    }
}
