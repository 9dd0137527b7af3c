package io.atelier.gateway.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.contract.job.JobEvent;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;

class JobHistoriesTests {

    private static final JobHistory QUEUED = JobHistory.empty().with(JobEventFixtures.requested());

    private final Map<Object, Object> stored = new HashMap<>();
    private boolean isFull;
    private int reads;

    private final JobHistories histories = new JobHistories(store(), TaskPlan.ofRequests());

    @Test
    void historyThatWasUsedLatelyIsNotReadAgain() {
        histories.put("a", QUEUED);

        assertThat(histories.get("a")).isSameAs(QUEUED);
        assertThat(reads).isZero();
    }

    @Test
    void everyChangeIsInTheStoreAtOnce() {
        histories.put("a", QUEUED);
        assertThat(stored).containsEntry("a", QUEUED);

        histories.delete("a");
        assertThat(stored).isEmpty();
        assertThat(histories.get("a")).isEqualTo(JobHistory.empty());
    }

    @Test
    void olderHistoryIsReadFromTheStore() {
        histories.put("old", QUEUED);
        for (int i = 0; i < 1_000; i++) {
            histories.put("job" + i, QUEUED);
        }

        assertThat(histories.get("old")).isSameAs(QUEUED);
        assertThat(reads).isEqualTo(1);
    }

    @Test
    void historyOfAnEndedJobIsInTheStoreOnly() {
        var ended =
                QUEUED.with(JobEventFixtures.started("generate", 1)).with(JobEventFixtures.succeeded("generate", 1));
        assertThat(ended.hasEnded()).isTrue();
        histories.put("a", QUEUED);
        histories.put("a", ended);

        assertThat(histories.get("a")).isSameAs(ended);
        assertThat(histories.get("a")).isSameAs(ended);
        assertThat(reads).isEqualTo(2);
    }

    @Test
    void longHistoriesCountByTheirEvents() {
        var history = QUEUED;
        for (int attempt = 1; attempt <= 9; attempt++) {
            history = history.with(JobEventFixtures.started("generate", attempt));
        }
        histories.put("old", history);
        histories.put("used", history);
        int others = JobHistories.MAX_EVENTS / 10 - 2;
        for (int i = 0; i < others; i++) {
            histories.put("job" + i, history);
        }
        assertThat(histories.get("used")).isSameAs(history);
        assertThat(reads).as("all fit").isZero();

        // A change of one that is kept, and one that is deleted, count once.
        histories.put("job0", history);
        histories.delete("job1");
        histories.put("job1", history.with(JobEventFixtures.started("generate", 10)));

        assertThat(histories.get("used")).isSameAs(history);
        assertThat(reads).isZero();
        assertThat(histories.get("old")).isSameAs(history);
        assertThat(reads).isEqualTo(1);
    }

    @Test
    void historyThatIsLongerThanAllTogetherMayBeIsKept() {
        var events = new ArrayList<JobEvent>();
        for (int i = 0; i <= JobHistories.MAX_EVENTS; i++) {
            events.add(JobEventFixtures.started("generate", i));
        }
        var history = new JobHistory(List.of(), events);

        histories.put("a", history);
        assertThat(histories.get("a")).isSameAs(history);
        histories.put("b", QUEUED);

        assertThat(histories.get("b")).isSameAs(QUEUED);
        assertThat(reads).isZero();
    }

    @Test
    void changeThatTheStoreRefusedIsNotKept() {
        histories.put("a", JobHistory.empty());
        isFull = true;

        assertThatThrownBy(() -> histories.put("a", QUEUED)).hasMessage("no space");
        assertThat(histories.get("a")).isEqualTo(JobHistory.empty());
    }

    @SuppressWarnings("unchecked")
    private KeyValueStore<String, JobHistory> store() {
        return (KeyValueStore<String, JobHistory>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {KeyValueStore.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "get" -> {
                            reads++;
                            return stored.get(arguments[0]);
                        }
                        case "delete" -> {
                            return stored.remove(arguments[0]);
                        }
                        case "put" -> {
                            if (isFull) {
                                throw new IllegalStateException("no space");
                            }
                            return stored.put(arguments[0], arguments[1]);
                        }
                        default -> throw new UnsupportedOperationException(method.getName());
                    }
                });
    }
}
