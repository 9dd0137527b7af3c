package io.atelier.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class InMemoryObjectPublisherTests extends ObjectPublisherContract {

    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private final InMemoryObjectPublisher publisher = new InMemoryObjectPublisher(store);

    @Override
    protected ObjectStore store() {
        return store;
    }

    @Override
    protected ObjectPublisher publisher() {
        return publisher;
    }

    @Test
    void failsFromACopyOnUntilItRecovers() {
        var from = put("an image", Map.of());
        publisher.failFrom(1, new ObjectStoreFailed(ObjectStoreFailed.Kind.UNAVAILABLE, "down"));

        publisher.publish(from, copyKey(), Map.of()).join();
        ObjectStoreContract.failsWith(
                ObjectStoreFailed.Kind.UNAVAILABLE,
                () -> publisher.publish(from, copyKey(), Map.of()).join());
        publisher.recover();
        publisher.publish(from, copyKey(), Map.of()).join();

        assertThat(publisher.published()).isEqualTo(2);
        assertThat(publisher.keys()).containsExactly(copyKey().value());
    }
}
