package io.atelier.gateway.view.jobs;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.messaging.EventCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Jobs in a sorted key-value store, with indexes in the same store: all jobs that clients may list, by {@code createdAt}; those of each label, by
 * {@code createdAt}, too; and all open jobs, by pool.
 *
 * <p>A job is written before its index entries and deleted after them, and its entries of labels are deleted before the one by {@code createdAt}, from
 * which they are known. So the process may be killed between any two writes: the record that was not finished is read again, and no entry remains
 * without its job.
 */
public final class JobIndex {

    private static final String CREATED = "created/";
    private static final String OPEN = "open/";
    private static final String LABELED = "labeled/";
    private static final long LAST_SECOND = 999_999_999_999L;

    private JobIndex() {}

    /**
     * Stores a job and its index entries. Idempotent.
     *
     * @param value the record of the job
     * @param summary of the same job
     */
    public static void put(KeyValueStore<String, byte[]> store, String key, byte[] value, JobSummary summary) {
        byte[] entry = EventCodec.json().writeValueAsBytes(summary);
        store.put(key, value);
        if (summary.isListed()) {
            store.put(created(summary), entry);
            labeled(summary).forEach(label -> store.put(label, entry));
        } else {
            removeListed(store, created(summary));
        }
        write(store, open(summary), summary.isOpen() ? entry : null);
    }

    /** Deletes the job and its index entries. Idempotent. */
    public static void remove(KeyValueStore<String, byte[]> store, String key) {
        byte[] value = store.get(key);
        if (value != null) {
            var summary = EventCodec.read(value, JobSummary.class);
            removeListed(store, created(summary));
            store.delete(open(summary));
            store.delete(key);
        }
    }

    /** The job may have lost its labels meanwhile: the entry still has them. */
    private static void removeListed(KeyValueStore<String, byte[]> store, String created) {
        byte[] entry = store.get(created);
        if (entry != null) {
            labeled(EventCodec.read(entry, JobSummary.class)).forEach(store::delete);
            store.delete(created);
        }
    }

    static Optional<Job> find(ReadOnlyKeyValueStore<String, byte[]> store, JobId id) {
        byte[] value = store.get(id.value());
        return value == null ? Optional.empty() : Optional.of(EventCodec.read(value, Job.class));
    }

    /** All open jobs, grouped by pool, the oldest of each first. Takes microseconds for each, however many jobs the store has. */
    public static List<JobSummary> open(ReadOnlyKeyValueStore<String, byte[]> store) {
        var open = new ArrayList<JobSummary>();
        try (var entries = store.range(OPEN, end(OPEN))) {
            entries.forEachRemaining(entry -> open.add(EventCodec.read(entry.value, JobSummary.class)));
        }
        return open;
    }

    /** A page of jobs. Returns early if its thread is interrupted. */
    public static Jobs.Page list(ReadOnlyKeyValueStore<String, byte[]> store, JobQuery query) {
        boolean backwards = query.before() != null && query.after() == null;
        var found = new ArrayList<Job>();
        var index = index(query);
        try (var entries = entries(store, index, query, query.newestFirst() != backwards)) {
            while (entries.hasNext()
                    && found.size() <= query.limit()
                    && !Thread.currentThread().isInterrupted()) {
                listedJob(store, index, query, entries.next()).ifPresent(found::add);
            }
        }
        boolean more = found.size() > query.limit();
        var page = more ? found.subList(0, query.limit()) : found;
        if (backwards) {
            Collections.reverse(page);
        }
        return new Jobs.Page(page, more);
    }

    /** The index that has all jobs of the query, and probably the fewest others. */
    private static String index(JobQuery query) {
        // Fewer jobs have the same long value, such as an id, than the same short one, such as a number.
        return query.labels().entrySet().stream()
                .max(Comparator.comparingInt(label -> label.getValue().length()))
                .map(label -> labeled(label.getKey(), label.getValue()))
                .orElse(CREATED);
    }

    private static KeyValueIterator<String, byte[]> entries(
            ReadOnlyKeyValueStore<String, byte[]> store, String index, JobQuery query, boolean newestFirst) {
        var older = query.newestFirst() ? query.before() : query.after();
        var newer = query.newestFirst() ? query.after() : query.before();
        var from = later(from(index, query.createdFrom()), older == null ? index : key(index, older));
        var to = earlier(to(index, query.createdBefore()), newer == null ? end(index) : key(index, newer));
        // A store refuses a range that ends before it begins. A range of one key contains a cursor at most.
        var last = from.compareTo(to) > 0 ? from : to;
        return newestFirst ? store.reverseRange(from, last) : store.range(from, last);
    }

    private static Optional<Job> listedJob(
            ReadOnlyKeyValueStore<String, byte[]> store, String index, JobQuery query, KeyValue<String, byte[]> entry) {
        var key = entry.key;
        if (isAt(index, query.after(), key) || isAt(index, query.before(), key)) {
            return Optional.empty();
        }
        if (query.hasFilters() && !query.matches(EventCodec.read(entry.value, JobSummary.class))) {
            return Optional.empty();
        }
        // The job may have been deleted or changed since the entry was read.
        return JobId.parse(key.substring(key.lastIndexOf('/') + 1))
                .flatMap(id -> find(store, id))
                .filter(job -> job.erasure() == null
                        && key(index, JobQuery.Cursor.of(job)).equals(key))
                .filter(job -> query.matches(JobSummary.of(job)));
    }

    private static boolean isAt(String index, JobQuery.@Nullable Cursor cursor, String key) {
        return cursor != null && key(index, cursor).equals(key);
    }

    private static String from(String index, @Nullable Instant first) {
        return first == null ? index : index + stamp(first);
    }

    /** Entries of exactly this time have a slash and an id after it, so they sort behind the bound and are excluded. */
    private static String to(String index, @Nullable Instant before) {
        return before == null ? end(index) : index + stamp(before);
    }

    private static String later(String one, String other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static String earlier(String one, String other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static void write(KeyValueStore<String, byte[]> store, String key, byte @Nullable [] entry) {
        if (entry == null) {
            store.delete(key);
        } else {
            store.put(key, entry);
        }
    }

    private static String created(JobSummary job) {
        return key(CREATED, new JobQuery.Cursor(job.createdAt(), job.id()));
    }

    private static String key(String index, JobQuery.Cursor cursor) {
        return index + stamp(cursor.createdAt()) + "/" + cursor.id();
    }

    private static List<String> labeled(JobSummary job) {
        var labels = job.request().labels();
        if (labels.isEmpty()) {
            return List.of();
        }
        var cursor = new JobQuery.Cursor(job.createdAt(), job.id());
        return labels.entrySet().stream()
                .map(label -> key(labeled(label.getKey(), label.getValue()), cursor))
                .toList();
    }

    /** Values with the same hash share an index: a list compares the labels themselves. Keys have no character that separates here. */
    private static String labeled(String key, String value) {
        return LABELED + key + "/" + Integer.toHexString(value.hashCode()) + "/";
    }

    private static String open(JobSummary job) {
        return OPEN + job.request().pool() + "/" + stamp(job.createdAt()) + "/" + job.id();
    }

    /** Sorts as text in the order of time, from 1970 on. */
    private static String stamp(Instant at) {
        long second = Math.min(LAST_SECOND, Math.max(0, at.getEpochSecond()));
        return digits(second, 12) + digits(at.getNano(), 9);
    }

    /** With leading zeros. A formatter would take longer than everything else that is done for an entry. */
    private static String digits(long number, int count) {
        var digits = Long.toString(number);
        return "0".repeat(count - digits.length()) + digits;
    }

    private static String end(String prefix) {
        return prefix.substring(0, prefix.length() - 1) + "0";
    }
}
