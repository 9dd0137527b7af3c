package io.atelier.gateway.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.HashMap;
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
