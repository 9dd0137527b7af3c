package io.atelier.gateway.lifecycle;

import io.atelier.messaging.EventCodec;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
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

/** Requests and reports in; states, events and the next orders out. */
final class LifecycleTopology implements Consumer<KStream<String, byte[]>> {

    private final EventCodec wire;
    private final Supplier<List<String>> tail;
    private final LifecycleProcessor.Times times;

    /**
     * The topology.
     *
     * @param tail the ids that were last written into the topics that this topology writes
     */
    LifecycleTopology(EventCodec wire, Supplier<List<String>> tail, LifecycleProcessor.Times times) {
        this.wire = wire;
        this.tail = tail;
        this.times = times;
    }

    @Override
    public void accept(KStream<String, byte[]> facts) {
        facts.process(new Tasks(wire, tail, times), Named.as("lifecycle"))
                .to((job, output, context) -> output.topic(), Produced.with(Serdes.String(), values()));
    }

    private static Serde<ProducerRecord<String, byte[]>> values() {
        Serializer<ProducerRecord<String, byte[]>> serializer = (topic, output) -> output.value();
        Deserializer<ProducerRecord<String, byte[]>> deserializer = (topic, bytes) -> {
            throw new UnsupportedOperationException("Outputs are never read back");
        };
        return Serdes.serdeFrom(serializer, deserializer);
    }

    /** One task a partition, each with its part of the store. */
    private record Tasks(EventCodec wire, Supplier<List<String>> tail, LifecycleProcessor.Times times)
            implements ProcessorSupplier<String, byte[], String, ProducerRecord<String, byte[]>> {

        @Override
        public Processor<String, byte[], String, ProducerRecord<String, byte[]>> get() {
            return new LifecycleProcessor(wire, tail, times);
        }

        @Override
        public Set<StoreBuilder<?>> stores() {
            return Set.of(
                    Stores.keyValueStoreBuilder(
                            Stores.persistentKeyValueStore(LifecycleProcessor.STORE),
                            Serdes.String(),
                            JobHistorySerde.create()),
                    Stores.keyValueStoreBuilder(
                            Stores.persistentKeyValueStore(LifecycleProcessor.MOMENTS),
                            Serdes.String(),
                            Serdes.ByteArray()));
        }
    }
}
