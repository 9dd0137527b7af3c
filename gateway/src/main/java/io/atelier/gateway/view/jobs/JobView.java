package io.atelier.gateway.view.jobs;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.KafkaClientFactory;
import io.atelier.messaging.Topic;
import io.atelier.messaging.UnreadableRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * All jobs in a RocksDB store that follows the compacted topic: a few bytes of heap for each job, and ready 0.1 s after a restart. It
 * notifies subscribers as each state arrives, which a plain global table cannot do.
 *
 * <p>If it fails, it is not ready, and starts again until that succeeds, with a new store if the topic has lost records of the old one.
 */
public final class JobView implements Jobs, SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(JobView.class);
    private static final String STORE = "jobs";
    private static final Duration ACCEPTED_TIMEOUT = Duration.ofSeconds(1);

    private final KafkaClientFactory clients;
    private final Map<String, ?> settings;
    private final JobWatcher watcher;
    private final JobSubscriptions subscriptions = new JobSubscriptions();
    private final ConsumedOffsets consumed = new ConsumedOffsets();
    private final AcceptedJobs accepted = new AcceptedJobs();
    private final ParsedJobs parsed = new ParsedJobs();
    private volatile boolean watched;
    private volatile @Nullable EndOffsets endOffsets;
    private volatile @Nullable RestartingStreams streams;

    /**
     * A view that is not started.
     *
     * @param settings of Kafka Streams: application id, state directory (one for each instance)
     * @param watcher called for every change, by the thread that feeds the view
     */
    public JobView(KafkaClientFactory clients, Map<String, ?> settings, JobWatcher watcher) {
        this.clients = clients;
        this.settings = Map.copyOf(settings);
        this.watcher = watcher;
    }

    /**
     * A view that is not started.
     *
     * @param stateDirectory of this gateway instance
     * @param watcher called for every change, by the thread that feeds the view
     */
    public static JobView on(KafkaClientFactory clients, Path stateDirectory, JobWatcher watcher) {
        return new JobView(clients, JobViewSettings.in(stateDirectory), watcher);
    }

    @Override
    public Optional<Job> find(JobId id) {
        // In this order: a job leaves the first place after it has come to the second one.
        return accepted.find(id)
                .or(() -> Optional.ofNullable(store().get(id.value())).map(value -> parsed.parse(id, value)));
    }

    @Override
    public boolean accept(Job job) {
        try {
            return accepted.add(job, new ViewOfAccepted(store(), watcher, subscriptions));
        } catch (JobsNotReady | InvalidStateStoreException e) {
            return false;
        }
    }

    @Override
    public Jobs.Page list(JobQuery query) {
        accepted.awaitShown(ACCEPTED_TIMEOUT);
        try {
            return JobIndex.list(store(), query);
        } catch (InvalidStateStoreException e) {
            // The store was closed while it was read.
            throw new JobsNotReady();
        }
    }

    @Override
    public Mono<Job> await(JobId id, int version, Duration timeout) {
        return subscriptions.await(id, version, () -> find(id)).timeout(timeout, Mono.empty());
    }

    @Override
    public Flux<Job> follow(JobId id) {
        return subscriptions.follow(id, () -> find(id));
    }

    @Override
    public Mono<Void> caughtUp(Duration timeout) {
        var offsets = endOffsets;
        return offsets == null
                ? Mono.error(new JobsNotReady())
                : Mono.fromCompletionStage(offsets::now)
                        .flatMap(consumed::await)
                        .timeout(timeout)
                        .onErrorMap(failure -> new JobsNotReady(failure));
    }

    @Override
    public boolean ready() {
        return current()
                .filter(running -> running.state().isRunningOrRebalancing())
                .isPresent();
    }

    @Override
    public void start() {
        JobViewSettings.deleteFormerStores(settings);
        var offsets = EndOffsets.of(Topic.JOBS, clients);
        var instances = new RestartingStreams(
                () -> new KafkaStreams(topology(), clients.streamsSettings(settings)), instance -> {
                    consumed.reset();
                    var endsAtStart = offsets.awaitNow();
                    // Returns when the store is restored up to the end offsets of now.
                    instance.start();
                    beginWatching(storeOf(instance));
                    endsAtStart.forEach(consumed::consumed);
                });
        streams = instances;
        try {
            instances.start();
        } catch (RuntimeException e) {
            offsets.close();
            throw e;
        }
        endOffsets = offsets;
    }

    @Override
    public void stop() {
        // Before the web server waits for its requests to end, because many of them wait for this view.
        subscriptions.complete();
        var offsets = endOffsets;
        if (offsets != null) {
            offsets.close();
            endOffsets = null;
        }
        var running = streams;
        if (running != null) {
            running.close();
            streams = null;
        }
    }

    @Override
    public boolean isRunning() {
        return streams != null;
    }

    private Optional<KafkaStreams> current() {
        return Optional.ofNullable(streams).flatMap(RestartingStreams::current);
    }

    /** The watcher begins with the open jobs of a complete store: a store that is being restored shows jobs as open that have ended. */
    private void beginWatching(ReadOnlyKeyValueStore<String, byte[]> store) {
        accepted.restart(
                () -> {
                    watched = true;
                    watcher.start(JobIndex.open(store));
                },
                new ViewOfAccepted(store, watcher, subscriptions));
    }

    private static ReadOnlyKeyValueStore<String, byte[]> storeOf(KafkaStreams streams) {
        return streams.store(StoreQueryParameters.fromNameAndType(STORE, QueryableStoreTypes.keyValueStore()));
    }

    private ReadOnlyKeyValueStore<String, byte[]> store() {
        var running = current().orElseThrow(JobsNotReady::new);
        try {
            return storeOf(running);
        } catch (InvalidStateStoreException | IllegalStateException e) {
            throw new JobsNotReady();
        }
    }

    private Topology topology() {
        var builder = new StreamsBuilder();
        builder.addGlobalStore(
                Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(STORE), Serdes.String(), Serdes.ByteArray())
                        .withLoggingDisabled(),
                Topic.JOBS,
                Consumed.with(Serdes.String(), Serdes.ByteArray()),
                Updater::new);
        return builder.build();
    }

    /** The view, for jobs that the topic has not brought. */
    private record ViewOfAccepted(
            ReadOnlyKeyValueStore<String, byte[]> store, JobWatcher watcher, JobSubscriptions subscriptions)
            implements AcceptedJobs.View {

        @Override
        public boolean shows(JobId job) {
            return store.get(job.value()) != null;
        }

        @Override
        public void added(Job job) {
            watcher.changed(JobSummary.of(job));
            subscriptions.publish(job);
        }
    }

    /**
     * Stores each state with its index entries, then notifies its subscribers. Kafka Streams also runs the processor of a global store for
     * the records that it restores, so that the index is complete after any kind of start.
     */
    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init first.
    private final class Updater implements Processor<String, byte[], Void, Void> {

        private ProcessorContext<Void, Void> context;
        private KeyValueStore<String, byte[]> store;

        @Override
        public void init(ProcessorContext<Void, Void> context) {
            this.context = context;
            store = context.getStateStore(STORE);
            watched = false;
        }

        @Override
        public void process(Record<String, byte[]> state) {
            var id = JobId.parse(state.key());
            if (id.isEmpty()) {
                LOG.warn("The key '{}' in {} is not the id of a job; the record is skipped.", state.key(), Topic.JOBS);
            } else if (state.value() == null) {
                accepted.shown(id.get(), () -> {
                    JobIndex.remove(store, state.key());
                    if (watched) {
                        watcher.removed(id.get());
                    }
                });
            } else {
                put(id.get(), state.value());
            }
            context.recordMetadata().ifPresent(read -> consumed.consumed(read.partition(), read.offset() + 1));
        }

        private void put(JobId id, byte[] value) {
            // Clients ask for what has just changed: a new state is read once for all, but not the many of a restart.
            var job = watched ? parsed.readNew(id, value) : null;
            try {
                accepted.shown(id, () -> {
                    var summary = job == null ? EventCodec.read(value, JobSummary.class) : JobSummary.of(job);
                    JobIndex.put(store, id.value(), value, summary);
                    if (watched) {
                        watcher.changed(summary);
                    }
                });
            } catch (UnreadableRecord e) {
                LOG.error("The state of {} in {} cannot be read and is skipped.", id, Topic.JOBS, e);
                return;
            }
            if (subscriptions.contains(id)) {
                subscriptions.publish(job == null ? EventCodec.read(value, Job.class) : job);
            }
        }
    }
}
