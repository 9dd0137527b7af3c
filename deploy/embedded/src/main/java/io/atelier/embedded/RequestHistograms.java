package io.atelier.embedded;

import java.util.List;
import java.util.Map;
import org.apache.kafka.server.metrics.KafkaMetricsGroup;

/**
 * Kafka's histograms of its requests, with a sample of all values since the start instead of one that forgets old ones: the broker updates eight of
 * them for each request, and with a sample that forgets, each update changes a sorted map. That is a fiftieth of the processor time of a job here.
 */
final class RequestHistograms {

    /** The requests that each job makes. */
    private static final List<String> REQUESTS = List.of(
            "Produce",
            "Fetch",
            "FetchConsumer",
            "ShareFetch",
            "ShareAcknowledge",
            "WriteShareGroupState",
            "OffsetCommit");

    private static final List<String> VALUES = List.of(
            "RequestQueueTimeMs",
            "LocalTimeMs",
            "RemoteTimeMs",
            "ThrottleTimeMs",
            "ResponseQueueTimeMs",
            "ResponseSendTimeMs",
            "TotalTimeMs",
            "RequestBytes");

    private RequestHistograms() {}

    /** Registers them under Kafka's names. Must be called before each start of a broker, which uses what is registered. */
    static void register() {
        // The group and the names of kafka.network.RequestMetrics.
        var group = new KafkaMetricsGroup("kafka.network", "RequestMetrics");
        for (var request : REQUESTS) {
            for (var value : VALUES) {
                group.newHistogram(value, false, Map.of("request", request));
            }
        }
    }
}
