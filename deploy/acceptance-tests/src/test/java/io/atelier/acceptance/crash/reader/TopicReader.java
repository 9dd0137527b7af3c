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

/** Reads all topics from their first record on and remembers what it read, in its order. Outlives the broker. Thread-safe. */
public final class TopicReader implements AutoCloseable {

    private static final List<String> TOPICS = List.of(
            "generation-requested.default",
            "split-requested",
            "task-reports",
            "progress",
            "events",
            "jobs",
            "dead-letters");
    private static final Duration POLL = Duration.ofMillis(50);

    private final KafkaConsumer<String, byte[]> consumer;
    private final Consumer<ObservedRecord> whenHeard;
    private final List<ObservedRecord> said = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable RuntimeException failure;

    /** @param whenHeard told of each record at once, on the reader's thread */
    public TopicReader(String brokers, Consumer<ObservedRecord> whenHeard) {
        this.whenHeard = whenHeard;
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
                        // A place that is gone is a finding: the broker lost what it had shown.
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none",
                        ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "200",
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "20"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> places = TOPICS.stream()
                .flatMap(topic -> consumer.partitionsFor(ObservedRecord.PREFIX + topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(places);
        consumer.seekToBeginning(places);
        new Thread(this::read, "topic-reader").start();
    }

    /** How many records were read so far: what comes later is heard from here. */
    public int position() {
        lock.lock();
        try {
            return said.size();
        } finally {
            lock.unlock();
        }
    }

    /** What was read from a position on. */
    public List<ObservedRecord> since(int from) {
        lock.lock();
        try {
            return List.copyOf(said.subList(from, said.size()));
        } finally {
            lock.unlock();
        }
    }

    /** What was read and is wanted, in its order. */
    public List<ObservedRecord> all(Predicate<ObservedRecord> wanted) {
        lock.lock();
        try {
            return said.stream().filter(wanted).toList();
        } finally {
            lock.unlock();
        }
    }

    /** The first wanted record from a position on, as soon as it is there; empty if it does not come in time. */
    public Optional<ObservedRecord> await(int from, Predicate<ObservedRecord> wanted, Duration within) {
        long left = within.toNanos();
        int next = from;
        lock.lock();
        try {
            while (true) {
                for (; next < said.size(); next++) {
                    if (wanted.test(said.get(next))) {
                        return Optional.of(said.get(next));
                    }
                }
                if (left <= 0) {
                    return Optional.empty();
                }
                left = more.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Why the reader could not go on; empty if it reads. */
    public Optional<RuntimeException> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            if (!ended.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("The reader does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        try (consumer) {
            while (true) {
                for (var read : consumer.poll(POLL)) {
                    remember(ObservedRecord.of(read));
                }
            }
        } catch (WakeupException e) {
            // Told to end.
        } catch (RuntimeException e) {
            failure = e;
        } finally {
            ended.countDown();
        }
    }

    private void remember(ObservedRecord heard) {
        whenHeard.accept(heard);
        lock.lock();
        try {
            said.add(heard);
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
