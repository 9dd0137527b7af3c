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
 * Creates consumers that poll only while their {@link FetchGate} is open. If it is open when a container commits an acknowledgement, the poll that
 * follows sends it: one request and one round to the brokers less for each task. A consumer that is closed sends what it has not sent.
 */
final class GatedShareConsumers implements ShareConsumerFactory<String, byte[]> {

    private final ShareConsumerFactory<String, byte[]> consumers;
    private final FetchGate gate;

    GatedShareConsumers(ShareConsumerFactory<String, byte[]> consumers, FetchGate gate) {
        this.consumers = consumers;
        this.gate = gate;
    }

    @Override
    public ShareConsumer<String, byte[]> createShareConsumer(@Nullable String group, @Nullable String client) {
        return gated(consumers.createShareConsumer(group, client));
    }

    @Override
    public ShareConsumer<String, byte[]> createShareConsumer(
            @Nullable String group, @Nullable String client, Map<String, Object> overrides) {
        return gated(consumers.createShareConsumer(group, client, overrides));
    }

    @Override
    public Map<String, Object> getConfigurationProperties() {
        return consumers.getConfigurationProperties();
    }

    @SuppressWarnings("unchecked")
    private ShareConsumer<String, byte[]> gated(ShareConsumer<String, byte[]> consumer) {
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
                && !gate.opens(timeout)) {
            return ConsumerRecords.empty();
        }
        if (method.getName().equals("commitSync") && arguments == null && gate.opens(Duration.ZERO)) {
            return Map.of();
        }
        try {
            return method.invoke(consumer, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
