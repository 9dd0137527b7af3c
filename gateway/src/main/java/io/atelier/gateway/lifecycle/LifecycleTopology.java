package io.atelier.gateway.lifecycle;

import io.atelier.messaging.EventCodec;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** The lifecycle's topology: reads requests, reports and cancellations; writes public states, public events, further tasks and deliveries to webhooks. */
final class LifecycleTopology implements Consumer<KStream<String, byte[]>> {

    private final EventCodec codec;
    private final JobPartitions partitions;
    private final IntFunction<List<String>> lastRecordIds;
    private final Duration cancelAnswerTimeout;
    private final Duration erasedJobTtl;
    private final ReconciliationQueue reconciliations;
    private final GenerationMetrics metrics;
    private final TaskPlan plan;

    /**
     * Creates the topology.
     *
     * @param partitions in which the lifecycle works
     * @param lastRecordIds reads the ids of the last records in the output topics for a partition, see {@link LastRecordIds}
     * @param cancelAnswerTimeout see {@link LifecycleProperties}
     * @param erasedJobTtl see {@link LifecycleProperties}
     * @param reconciliations the surveys to compare the jobs with
     * @param metrics counts what is announced
     * @param plan decides which tasks a job has
     */
    LifecycleTopology(
            EventCodec codec,
            JobPartitions partitions,
            IntFunction<List<String>> lastRecordIds,
            Duration cancelAnswerTimeout,
            Duration erasedJobTtl,
            ReconciliationQueue reconciliations,
            GenerationMetrics metrics,
            TaskPlan plan) {
        this.codec = codec;
        this.partitions = partitions;
        this.lastRecordIds = lastRecordIds;
        this.cancelAnswerTimeout = cancelAnswerTimeout;
        this.erasedJobTtl = erasedJobTtl;
        this.reconciliations = reconciliations;
        this.metrics = metrics;
        this.plan = plan;
    }

    @Override
    public void accept(KStream<String, byte[]> inputs) {
        partitions
                .divide(inputs)
                .process(
                        new Processors(
                                codec,
                                partitions,
                                lastRecordIds,
                                cancelAnswerTimeout,
                                erasedJobTtl,
                                reconciliations,
                                metrics,
                                plan),
                        Named.as("lifecycle"))
                .to((job, output, context) -> output.topic(), Produced.with(Serdes.String(), values()));
    }

    private static Serde<ProducerRecord<String, byte[]>> values() {
        Serializer<ProducerRecord<String, byte[]>> serializer = (topic, output) -> output.value();
        Deserializer<ProducerRecord<String, byte[]>> deserializer = (topic, bytes) -> {
            throw new UnsupportedOperationException("The lifecycle does not read its outputs");
        };
        return Serdes.serdeFrom(serializer, deserializer);
    }

    /** Supplies one processor for each stream task, together with its stores. */
    private record Processors(
            EventCodec codec,
            JobPartitions partitions,
            IntFunction<List<String>> lastRecordIds,
            Duration cancelAnswerTimeout,
            Duration erasedJobTtl,
            ReconciliationQueue reconciliations,
            GenerationMetrics metrics,
            TaskPlan plan)
            implements ProcessorSupplier<String, byte[], String, ProducerRecord<String, byte[]>> {

        @Override
        public Processor<String, byte[], String, ProducerRecord<String, byte[]>> get() {
            return new LifecycleProcessor(
                    codec,
                    partitions,
                    lastRecordIds,
                    cancelAnswerTimeout,
                    erasedJobTtl,
                    reconciliations,
                    metrics,
                    plan);
        }

        @Override
        public Set<StoreBuilder<?>> stores() {
            return Set.of(
                    Stores.keyValueStoreBuilder(
                            Stores.persistentKeyValueStore(LifecycleProcessor.HISTORIES),
                            Serdes.String(),
                            JobHistorySerde.create(plan)),
                    Stores.keyValueStoreBuilder(
                            Stores.persistentKeyValueStore(LifecycleProcessor.DEADLINES),
                            Serdes.String(),
                            Serdes.ByteArray()));
        }
    }
}
