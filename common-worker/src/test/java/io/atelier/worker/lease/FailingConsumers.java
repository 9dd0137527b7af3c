package io.atelier.worker.lease;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.core.ShareConsumerFactory;

/** Creates consumers without a broker. They fail on command: while polling, or on creation. */
final class FailingConsumers implements ShareConsumerFactory<String, byte[]> {

    private final AtomicInteger created = new AtomicInteger();
    private volatile boolean pollsFail;
    private volatile boolean creationFails;

    void failPolls() {
        pollsFail = true;
    }

    void failCreation() {
        creationFails = true;
    }

    void recover() {
        pollsFail = false;
        creationFails = false;
    }

    int created() {
        return created.get();
    }

    @Override
    public ShareConsumer<String, byte[]> createShareConsumer(@Nullable String groupId, @Nullable String clientId) {
        if (creationFails) {
            throw new KafkaException("No resolvable bootstrap urls given in bootstrap.servers");
        }
        created.incrementAndGet();
        return new FailingConsumer();
    }

    @Override
    public ShareConsumer<String, byte[]> createShareConsumer(
            @Nullable String groupId, @Nullable String clientId, Map<String, Object> overrides) {
        return createShareConsumer(groupId, clientId);
    }

    @Override
    public Map<String, Object> getConfigurationProperties() {
        return Map.of();
    }

    private final class FailingConsumer extends MockShareConsumer<String, byte[]> {

        @Override
        public synchronized ConsumerRecords<String, byte[]> poll(Duration timeout) {
            if (pollsFail) {
                throw new KafkaException("failed by the test");
            }
            try {
                if (new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS)) {
                    throw new AssertionError("this latch is never counted down");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return ConsumerRecords.empty();
        }
    }
}
