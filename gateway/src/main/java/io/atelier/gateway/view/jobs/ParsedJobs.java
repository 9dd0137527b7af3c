package io.atelier.gateway.view.jobs;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.UnreadableRecord;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The jobs that changed or were asked for last, with the bytes that they were parsed from. The store is asked each time, which takes microseconds, and a
 * job is parsed again only if its bytes have changed: so a reader never gets an older state than that of the store. Thread-safe.
 */
final class ParsedJobs {

    /** Some 10 KB each. */
    private static final int MAX = 500;

    private final Map<JobId, ParsedJob> recent = new LinkedHashMap<>(MAX, 0.75F, true) {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<JobId, ParsedJob> eldest) {
            return size() > MAX;
        }
    };

    /** The job of a record of the store. */
    Job parse(JobId id, byte[] value) {
        var known = recent(id);
        if (known != null && Arrays.equals(known.bytes, value)) {
            return known.job;
        }
        return read(id, value);
    }

    /** Reads a job that comes into the store and keeps it. Null if it cannot be read: the state of another version may still have a summary. */
    @Nullable
    Job readNew(JobId id, byte[] value) {
        try {
            return read(id, value);
        } catch (UnreadableRecord e) {
            return null;
        }
    }

    private Job read(JobId id, byte[] value) {
        var job = EventCodec.read(value, Job.class);
        synchronized (recent) {
            recent.put(id, new ParsedJob(value, job));
        }
        return job;
    }

    private @Nullable ParsedJob recent(JobId id) {
        synchronized (recent) {
            return recent.get(id);
        }
    }

    /** Not named Entry: in a subclass of a map, that name is the one of {@link Map.Entry} for newer compilers. */
    private static final class ParsedJob {

        private final byte[] bytes;
        private final Job job;

        ParsedJob(byte[] bytes, Job job) {
            this.bytes = bytes;
            this.job = job;
        }
    }
}
