package io.atelier.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class InMemoryObjectStoreTests extends ObjectStoreContract {

    private final InMemoryObjectStore store = new InMemoryObjectStore();

    @Override
    protected ObjectStore store() {
        return store;
    }

    @Test
    void failsTheRequestedNumberOfTimes() {
        store.failNext(ObjectStoreFailed.Kind.UNAVAILABLE);
        store.failNext(ObjectStoreFailed.Kind.REFUSED);

        failsWith(ObjectStoreFailed.Kind.UNAVAILABLE, () -> store.check().join());
        failsWith(
                ObjectStoreFailed.Kind.REFUSED,
                () -> store.put(newKey(), bytes("a"), PNG, Map.of()).join());

        assertThat(store.keys()).isEmpty();
        assertThat(store.check()).isCompleted();
    }

    @Test
    void failsUntilItRecovers() {
        store.failAlways(ObjectStoreFailed.Kind.UNAVAILABLE);

        for (int call = 0; call < 3; call++) {
            failsWith(
                    ObjectStoreFailed.Kind.UNAVAILABLE,
                    () -> store.find(newKey()).join());
        }

        store.recover();
        assertThat(store.find(newKey()).join()).isEmpty();
    }

    @Test
    void listsItsKeys() {
        var key = put(bytes("a"));

        assertThat(store.keys()).containsExactly(key.value());
    }
}
