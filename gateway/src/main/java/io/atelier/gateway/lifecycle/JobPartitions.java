package io.atelier.gateway.lifecycle;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.jspecify.annotations.Nullable;

/**
 * The partitions in which the lifecycle works, each with the jobs of one stream task. Its input topics have one partition; with more than one here,
 * their records are copied to a topic that has as many. A job stays in its partition for ever.
 *
 * @param number 1 or more, fixed by the first start of a cluster
 */
record JobPartitions(int number) {

    boolean areSeveral() {
        return number > 1;
    }

    /** The partition of a job. {@link String#hashCode} is specified, so it is the same in every gateway and version. */
    int of(String job) {
        return Math.floorMod(job.hashCode(), number);
    }

    /** The inputs with each job in its partition. */
    KStream<String, byte[]> divide(KStream<String, byte[]> inputs) {
        if (!areSeveral()) {
            return inputs;
        }
        StreamPartitioner<@Nullable String, byte[]> byJob =
                (topic, job, input, partitions) -> Optional.of(Set.of(job == null ? 0 : of(job)));
        return inputs.repartition(Repartitioned.with(Serdes.String(), Serdes.ByteArray())
                .withName("inputs")
                .withNumberOfPartitions(number)
                .withStreamPartitioner(byJob));
    }
}
