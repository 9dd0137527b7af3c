package io.atelier.acceptance.crash.reader;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads all topics from the beginning and keeps all records in the order of their receipt. Survives restarts of the broker. Thread-safe. */
public final class TopicReader implements AutoCloseable {

    private static final List<String> TOPICS = List.of(
            "generation-requested.default",
            "generation-requested.remote",
            "prompt-requested",
            "split-requested",
            "publish-requested",
            "task-reports",
            "progress",
            "events",
            "jobs",
            "dead-letters");
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(50);

    private final KafkaConsumer<String, byte[]> consumer;
    private final Consumer<TopicRecord> listener;
    private final List<TopicRecord> records = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition received = lock.newCondition();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable RuntimeException failure;

    /** @param listener called with each record on the thread of the reader */
    public TopicReader(String brokers, Consumer<TopicRecord> listener) {
        this.listener = listener;
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
                        // A missing offset is a violation: the broker lost a record that it had delivered.
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none",
                        ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "200",
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "20"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = TOPICS.stream()
                .flatMap(topic -> consumer.partitionsFor(TopicRecord.PREFIX + topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        new Thread(this::read, "topic-reader").start();
    }

    /** The number of records read so far, which is the position of the next one. */
    public int position() {
        lock.lock();
        try {
            return records.size();
        } finally {
            lock.unlock();
        }
    }

    /** The records from a position on. */
    public List<TopicRecord> since(int from) {
        lock.lock();
        try {
            return List.copyOf(records.subList(from, records.size()));
        } finally {
            lock.unlock();
        }
    }

    /** The records that match the filter, in order. */
    public List<TopicRecord> all(Predicate<TopicRecord> filter) {
        lock.lock();
        try {
            return records.stream().filter(filter).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the first matching record from a position on; empty after the timeout. */
    public Optional<TopicRecord> await(int from, Predicate<TopicRecord> filter, Duration timeout) {
        long left = timeout.toNanos();
        int next = from;
        lock.lock();
        try {
            while (true) {
                for (; next < records.size(); next++) {
                    if (filter.test(records.get(next))) {
                        return Optional.of(records.get(next));
                    }
                }
                if (left <= 0) {
                    return Optional.empty();
                }
                left = received.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** The exception that ended the reader; empty if it is running. */
    public Optional<RuntimeException> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            if (!ended.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("The reader did not end within 30 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        try (consumer) {
            while (true) {
                for (var kafkaRecord : consumer.poll(POLL_TIMEOUT)) {
                    add(TopicRecord.of(kafkaRecord));
                }
            }
        } catch (WakeupException e) {
            // Thrown after close().
        } catch (RuntimeException e) {
            failure = e;
        } finally {
            ended.countDown();
        }
    }

    private void add(TopicRecord topicRecord) {
        listener.accept(topicRecord);
        lock.lock();
        try {
            records.add(topicRecord);
            received.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
