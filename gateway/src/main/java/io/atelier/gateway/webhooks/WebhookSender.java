package io.atelier.gateway.webhooks;

import io.atelier.messaging.KafkaClientFactory;
import io.atelier.messaging.thread.DaemonThreads;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Takes part in the election of the sender on a thread of its own, and starts again after a failure. If the process of the sender is
 * killed, another gateway becomes the sender after 15 s, and repeats the attempts that had not ended: receivers recognize them by
 * {@code webhook-id}.
 */
final class WebhookSender implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookSender.class);
    private static final String NAME = "webhook-sender";
    private static final String GROUP = "webhook-senders";
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration FINISH_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration MIN_PAUSE = Duration.ofSeconds(1);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(30);

    private final WebhookProperties properties;
    private final KafkaClientFactory clients;
    private final DeliveryAttempts attempts;
    private final WebhookMetrics metrics;
    private final Clock clock;
    private volatile boolean running;
    private volatile @Nullable Thread thread;

    WebhookSender(
            WebhookProperties properties,
            KafkaClientFactory clients,
            DeliveryAttempts attempts,
            WebhookMetrics metrics,
            Clock clock) {
        this.properties = properties;
        this.clients = clients;
        this.attempts = attempts;
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public boolean isAutoStartup() {
        return properties.enabled();
    }

    @Override
    public void start() {
        running = true;
        var started = DaemonThreads.create(NAME, this::run);
        thread = started;
        started.start();
    }

    /** Waits for a few seconds until the attempts that run have ended. */
    @Override
    public void stop() {
        running = false;
        attempts.stopping();
        var stopping = thread;
        if (stopping != null) {
            try {
                stopping.join(STOP_TIMEOUT.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void run() {
        var pause = MIN_PAUSE;
        while (running) {
            try (var election = election()) {
                while (running) {
                    election.run();
                    pause = MIN_PAUSE;
                }
                election.finish(FINISH_TIMEOUT);
            } catch (RuntimeException e) {
                LOG.warn("The sender of webhooks failed; it starts again in {} s.", pause.toSeconds(), e);
                pause(pause);
                var doubled = pause.multipliedBy(2);
                pause = doubled.compareTo(MAX_PAUSE) < 0 ? doubled : MAX_PAUSE;
            }
        }
    }

    private void pause(Duration pause) {
        long start = System.nanoTime();
        try {
            while (running && System.nanoTime() - start < pause.toNanos()) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        } catch (InterruptedException e) {
            running = false;
        }
    }

    private SenderElection election() {
        var deliveries = new PendingDeliveries(
                PendingDeliveries.MAX_HELD, properties.connections(), properties.hostConnections());
        return new SenderElection(
                consumer(memberSettings()), () -> consumer(readerSettings()), deliveries, attempts, metrics, clock);
    }

    private Consumer<String, byte[]> consumer(Map<String, Object> settings) {
        return clients.consumer(settings, new StringDeserializer(), new ByteArrayDeserializer());
    }

    private static Map<String, Object> memberSettings() {
        var settings = new HashMap<>(readerSettings());
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, NAME);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, GROUP);
        settings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        // A gateway that starts does not take the partition from the sender.
        settings.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int) SESSION_TIMEOUT.toMillis());
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 500);
        return settings;
    }

    private static Map<String, Object> readerSettings() {
        return Map.of(
                ConsumerConfig.CLIENT_ID_CONFIG,
                NAME + "-reader",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                1);
    }
}
