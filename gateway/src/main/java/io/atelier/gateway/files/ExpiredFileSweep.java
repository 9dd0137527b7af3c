package io.atelier.gateway.files;

import io.atelier.contract.image.FileId;
import io.atelier.storage.ObjectPage.Listed;
import io.atelier.storage.ObjectStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Lists all uploaded files and deletes those whose time to live has passed, what a gateway that died left behind, and in the end the mark that a
 * file existed. Blocks its thread. Several gateways may sweep at the same time.
 */
public final class ExpiredFileSweep {

    private static final int PAGE = 500;

    private final ObjectStore store;
    private final FileRepository files;
    private final Duration gracePeriod;
    private final Duration tombstoneTtl;
    private final Clock clock;

    /**
     * @param gracePeriod how long a file is kept after its time to live: longer than any request takes
     * @param tombstoneTtl how long a file that is gone is answered with 410
     */
    public ExpiredFileSweep(
            ObjectStore store, FileRepository files, Duration gracePeriod, Duration tombstoneTtl, Clock clock) {
        this.store = store;
        this.files = files;
        this.gracePeriod = gracePeriod;
        this.tombstoneTtl = tombstoneTtl;
        this.clock = clock;
    }

    /**
     * Sweeps all files once.
     *
     * @param pageInterval the time between two pages of 500 objects
     * @return how many files were deleted
     * @throws java.util.concurrent.CompletionException of an {@code ObjectStoreFailed} if the store fails
     * @throws InterruptedException if the sweep was interrupted
     */
    public int sweep(Duration pageInterval) throws InterruptedException {
        var open = new ArrayList<Listed>();
        @Nullable FileId owner = null;
        @Nullable String after = null;
        int deleted = 0;
        do {
            var page = store.list(FileFolder.ROOT, after, PAGE).join();
            for (var object : page.objects()) {
                var next = FileFolder.owner(object.key()).orElse(null);
                if (next == null) {
                    continue;
                }
                if (!next.equals(owner)) {
                    deleted += sweep(owner, open);
                    open.clear();
                    owner = next;
                }
                open.add(object);
            }
            after = page.next();
            if (after != null) {
                Thread.sleep(pageInterval.toMillis());
            }
        } while (after != null);
        return deleted + sweep(owner, open);
    }

    /** Deletes what is over in one folder. Returns the number of files that were deleted: 0 or 1. */
    private int sweep(@Nullable FileId id, List<Listed> objects) {
        if (id == null) {
            return 0;
        }
        var now = clock.instant();
        var folder = FileFolder.of(id, objects);
        if (!folder.tombstones().isEmpty()) {
            return sweepGone(folder, now);
        }
        if (folder.contents().isEmpty() || !folder.isOver(now)) {
            deleteEarlierLeases(folder, now);
            return 0;
        }
        boolean isLong = folder.lease()
                .map(last -> isPast(last.until(), gracePeriod, now))
                .orElseGet(() -> isPast(folder.contents().get(0).lastModified(), gracePeriod, now));
        if (!isLong) {
            return 0;
        }
        files.expire(id, now).join();
        return 1;
    }

    private int sweepGone(FileFolder folder, Instant now) {
        boolean isSettled =
                folder.tombstones().stream().allMatch(tombstone -> isPast(tombstone.at(), gracePeriod, now));
        if (!isSettled) {
            return 0;
        }
        boolean hasBytes = !folder.contents().isEmpty();
        files.remove(folder).join();
        if (folder.tombstones().stream().allMatch(tombstone -> isPast(tombstone.at(), tombstoneTtl, now))) {
            files.forget(folder.tombstones()).join();
        }
        return hasBytes ? 1 : 0;
    }

    /** Leases that were replaced, and those of an upload that failed. */
    private void deleteEarlierLeases(FileFolder folder, Instant now) {
        var last = folder.lease();
        var deletions = folder.leases().stream()
                .filter(lease -> (!folder.contents().isEmpty() && !last.equals(Optional.of(lease)))
                        || isPast(lease.until(), gracePeriod, now))
                .map(lease -> store.delete(lease.key()))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(deletions).join();
    }

    private static boolean isPast(Instant time, Duration distance, Instant now) {
        return time.plus(distance).isBefore(now);
    }
}
