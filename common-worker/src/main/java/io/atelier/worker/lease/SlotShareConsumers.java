package io.atelier.worker.lease;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.core.ShareConsumerFactory;

/**
 * Creates consumers that poll only with a {@link ConsumerSlot}. If they have one when a container commits an acknowledgement, the poll that
 * follows sends it: one request and one round to the brokers less for each task. A consumer that is closed sends what it has not sent.
 */
final class SlotShareConsumers implements ShareConsumerFactory<String, byte[]> {

    private final ShareConsumerFactory<String, byte[]> consumers;
    private final ConsumerSlot slot;

    SlotShareConsumers(ShareConsumerFactory<String, byte[]> consumers, ConsumerSlot slot) {
        this.consumers = consumers;
        this.slot = slot;
    }

    @Override
    public ShareConsumer<String, byte[]> createShareConsumer(@Nullable String group, @Nullable String client) {
        return limited(consumers.createShareConsumer(group, client));
    }

    @Override
    public ShareConsumer<String, byte[]> createShareConsumer(
            @Nullable String group, @Nullable String client, Map<String, Object> overrides) {
        return limited(consumers.createShareConsumer(group, client, overrides));
    }

    @Override
    public Map<String, Object> getConfigurationProperties() {
        return consumers.getConfigurationProperties();
    }

    @SuppressWarnings("unchecked")
    private ShareConsumer<String, byte[]> limited(ShareConsumer<String, byte[]> consumer) {
        return (ShareConsumer<String, byte[]>) Proxy.newProxyInstance(
                ShareConsumer.class.getClassLoader(),
                new Class<?>[] {ShareConsumer.class},
                (proxy, method, arguments) -> call(consumer, method, arguments));
    }

    private @Nullable Object call(ShareConsumer<String, byte[]> consumer, Method method, Object @Nullable [] arguments)
            throws Throwable {
        if (method.getName().equals("poll")
                && arguments != null
                && arguments[0] instanceof Duration timeout
                && !slot.mayFetch(timeout)) {
            return ConsumerRecords.empty();
        }
        if (method.getName().equals("commitSync") && arguments == null && slot.mayFetch(Duration.ZERO)) {
            return Map.of();
        }
        if (method.getName().equals("poll")) {
            slot.polledBy(consumer);
        }
        try {
            return method.invoke(consumer, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
