package io.atelier.gateway.view.jobs;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.Topic;
import io.atelier.messaging.UnreadableRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
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
 * All jobs in a RocksDB store that follows the compacted topic: a few bytes of heap a job, and warm again 0.1 s after a restart. It tells
 * those who wait as each state arrives, which a plain global table cannot.
 */
public final class JobView implements Jobs, SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(JobView.class);
    private static final String STORE = "jobs";
    private static final Duration CLOSE = Duration.ofSeconds(10);

    private final Properties settings;
    private final Watcher watcher;
    private final JobSubscriptions arrivals = new JobSubscriptions();
    private final ConsumedOffsets positions = new ConsumedOffsets();
    private volatile @Nullable EndOffsets ends;
    private volatile @Nullable KafkaStreams streams;

    /**
     * A view that is not started.
     *
     * @param settings of Kafka Streams: brokers, application id, state directory (one an instance)
     * @param watcher is told of every change, by the thread that feeds the view
     */
    public JobView(Properties settings, Watcher watcher) {
        this.settings = settings;
        this.watcher = watcher;
    }

    /**
     * A view that is not started.
     *
     * @param stateDirectory of this gateway instance
     * @param watcher is told of every change, by the thread that feeds the view
     */
    public static JobView on(String bootstrapServers, Path stateDirectory, Watcher watcher) {
        var settings = new Properties();
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        // Also names the folder of the store: a store with another layout needs another name.
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "atelier-job-view");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1_000);
        settings.put(StreamsConfig.POLL_MS_CONFIG, 20);
        return new JobView(settings, watcher);
    }

    @Override
    public Optional<Job> find(JobId id) {
        return JobIndex.find(store(), id);
    }

    @Override
    public Jobs.Page list(JobQuery query) {
        try {
            return JobIndex.list(store(), query);
        } catch (InvalidStateStoreException e) {
            // The store was closed while it was read.
            throw new JobsNotReady();
        }
    }

    @Override
    public Mono<Job> await(JobId id, int version, Duration within) {
        return arrivals.await(id, version, () -> find(id)).timeout(within, Mono.empty());
    }

    @Override
    public Flux<Job> follow(JobId id) {
        return arrivals.follow(id, () -> find(id));
    }

    @Override
    public Mono<Void> caughtUp(Duration within) {
        var topic = ends;
        return topic == null
                ? Mono.error(new JobsNotReady())
                : Mono.fromCompletionStage(topic::now)
                        .flatMap(positions::await)
                        .timeout(within)
                        .onErrorMap(failure -> new JobsNotReady(failure));
    }

    @Override
    public boolean ready() {
        var running = streams;
        return running != null && running.state().isRunningOrRebalancing();
    }

    @Override
    public void start() {
        var topic = EndOffsets.of(
                Topic.JOBS,
                Map.of(
                        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                        settings.get(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG)));
        var past = topic.awaited();
        var fresh = new KafkaStreams(topology(), settings);
        fresh.setUncaughtExceptionHandler(exception -> {
            LOG.error(
                    "The view of jobs stopped; this gateway is not ready any more and has to be restarted.", exception);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams = fresh;
        // Returns when the store holds the past.
        fresh.start();
        past.forEach(positions::reached);
        ends = topic;
    }

    @Override
    public void stop() {
        // Before the web server waits for its requests to end: many of them wait here.
        arrivals.end();
        var topic = ends;
        if (topic != null) {
            topic.close();
            ends = null;
        }
        var running = streams;
        if (running != null) {
            running.close(CLOSE);
            streams = null;
        }
    }

    @Override
    public boolean isRunning() {
        return streams != null;
    }

    private ReadOnlyKeyValueStore<String, byte[]> store() {
        var running = streams;
        if (running == null) {
            throw new JobsNotReady();
        }
        try {
            return running.store(StoreQueryParameters.fromNameAndType(STORE, QueryableStoreTypes.keyValueStore()));
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
                () -> new Follower(arrivals, watcher, positions));
        return builder.build();
    }

    /** Hears of all open jobs once, and then of every job that comes, changes or goes. Must be quick. */
    public interface Watcher {

        /** What was open when the view last stopped: the start, which may come more than once. */
        void start(List<JobSummary> open);

        void changed(JobSummary job);

        void gone(JobId job);
    }

    /**
     * Puts each state into the store with its index entries, then tells those who wait for it. Kafka Streams runs a global store's processor
     * for what it restores, too, so that the entries are there after a start of any kind.
     */
    private static final class Follower implements Processor<String, byte[], Void, Void> {

        private final JobSubscriptions arrivals;
        private final Watcher watcher;
        private final ConsumedOffsets positions;
        private ProcessorContext<Void, Void> context;
        private KeyValueStore<String, byte[]> store;

        @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
        Follower(JobSubscriptions arrivals, Watcher watcher, ConsumedOffsets positions) {
            this.arrivals = arrivals;
            this.watcher = watcher;
            this.positions = positions;
        }

        @Override
        public void init(ProcessorContext<Void, Void> context) {
            this.context = context;
            store = context.getStateStore(STORE);
            watcher.start(JobIndex.open(store));
        }

        @Override
        public void process(Record<String, byte[]> state) {
            var id = JobId.parse(state.key());
            if (id.isEmpty()) {
                LOG.warn("The key '{}' in {} is no job's and is skipped.", state.key(), Topic.JOBS);
            } else if (state.value() == null) {
                JobIndex.remove(store, state.key());
                watcher.gone(id.get());
            } else {
                put(id.get(), state.value());
            }
            context.recordMetadata().ifPresent(read -> positions.reached(read.partition(), read.offset() + 1));
        }

        private void put(JobId id, byte[] value) {
            try {
                watcher.changed(JobIndex.put(store, id.value(), value));
            } catch (UnreadableRecord e) {
                LOG.error("The state of {} in {} cannot be read and is skipped.", id, Topic.JOBS, e);
                return;
            }
            if (arrivals.expect(id)) {
                arrivals.tell(EventCodec.read(value, Job.class));
            }
        }
    }
}
