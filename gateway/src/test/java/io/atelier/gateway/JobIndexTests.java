package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.view.jobs.JobIndex;
import io.atelier.gateway.view.jobs.JobQuery;
import io.atelier.gateway.view.jobs.JobSummary;
import io.atelier.messaging.EventCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The index of labels; {@code ListingHttpTests} has the lists that clients see. */
class JobIndexTests {

    private static final Instant NOON = Instant.parse("2026-12-01T12:00:00Z");
    private static final Map<String, String> ORDER = Map.of("order", "77");

    private final InMemoryKeyValueStore store = new InMemoryKeyValueStore();

    @Test
    void aListOfALabelReadsTheJobsOfThisLabelOnly() {
        put(labeled(1, ORDER));
        put(labeled(2, Map.of("order", "78")));
        put(labeled(3, Map.of("order", "77", "size", "a")));
        deleteAll("created/");

        assertThat(list(ORDER)).containsExactly(id(3), id(1));
        assertThat(list(Map.of())).as("by the index that was deleted").isEmpty();
    }

    @Test
    void pagesOfALabelFollowEachOther() {
        IntStream.rangeClosed(1, 5).forEach(i -> {
            put(labeled(i, ORDER));
            put(labeled(i + 10, Map.of()));
        });

        var first = JobIndex.list(store, query(ORDER, 2, null));
        assertThat(ids(first.jobs())).containsExactly(id(5), id(4));
        assertThat(first.more()).isTrue();
        var last = JobIndex.list(
                store, query(ORDER, 4, JobQuery.Cursor.of(first.jobs().get(1))));
        assertThat(ids(last.jobs())).containsExactly(id(3), id(2), id(1));
        assertThat(last.more()).isFalse();
    }

    @Test
    void valuesOfTheSameHashAreToldApart() {
        assertThat("Aa".hashCode()).isEqualTo("BB".hashCode());
        put(labeled(1, Map.of("team", "Aa")));
        put(labeled(2, Map.of("team", "BB")));

        assertThat(list(Map.of("team", "BB"))).containsExactly(id(2));
    }

    @Test
    void severalLabelsMustAllMatch() {
        put(labeled(1, Map.of("order", "77", "team", "a")));
        put(labeled(2, ORDER));
        put(labeled(3, Map.of("team", "a")));

        assertThat(list(Map.of("order", "77", "team", "a"))).containsExactly(id(1));
    }

    @Test
    void noEntryRemainsOfAJobThatLostItsLabelsOrIsRemoved() {
        var job = labeled(1, ORDER);
        put(job);
        put(JobBuilder.of(job)
                .request(JobBuilder.request("pocket", "pocket", null, Map.of(), null))
                .erasure(new Job.Erasure(NOON, false))
                .job());
        put(labeled(2, ORDER));
        JobIndex.remove(store, id(2).value());

        assertThat(keys()).containsExactly(id(1).value());
    }

    private List<JobId> list(Map<String, String> labels) {
        return ids(JobIndex.list(store, query(labels, 20, null)).jobs());
    }

    private static JobQuery query(Map<String, String> labels, int limit, JobQuery.@Nullable Cursor after) {
        return new JobQuery(limit, true, after, null, null, null, labels, null, null, null);
    }

    private void put(Job job) {
        JobIndex.put(store, job.id().value(), EventCodec.json().writeValueAsBytes(job), JobSummary.of(job));
    }

    private static Job labeled(int second, Map<String, String> labels) {
        return new JobBuilder(
                        id(second),
                        NOON.plusSeconds(second),
                        JobBuilder.request("pocket", "pocket", null, labels, null))
                .state(3, JobStatus.SUCCEEDED, "done")
                .times(NOON.plusSeconds(second), NOON.plusSeconds(second + 1))
                .job();
    }

    private static JobId id(int number) {
        return JobId.create(NOON.plusSeconds(number), new Random(number));
    }

    private static List<JobId> ids(List<Job> jobs) {
        return jobs.stream().map(Job::id).toList();
    }

    private List<String> keys() {
        var keys = new ArrayList<String>();
        store.all().forEachRemaining(entry -> keys.add(entry.key));
        return keys;
    }

    private void deleteAll(String prefix) {
        keys().stream().filter(key -> key.startsWith(prefix)).forEach(store::delete);
    }
}
