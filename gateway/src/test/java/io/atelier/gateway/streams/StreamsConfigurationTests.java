package io.atelier.gateway.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.messaging.ProvisioningFailed;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class StreamsConfigurationTests {

    private static final String SERVERS = "kafka:9092";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @Test
    void aRefusalIsNotReportedAsABrokerThatDoesNotAnswer() {
        var refusal = new ExecutionException(new TopicAuthorizationException("Not authorized to access topics"));

        assertThat(StreamsConfiguration.failure(refusal, SERVERS, TIMEOUT))
                .isInstanceOf(ProvisioningFailed.class)
                .hasCause(refusal)
                .hasMessage("Kafka at kafka:9092 refused to describe the cluster or the topic"
                        + " atelier-lifecycle-job-histories-changelog: Not authorized to access topics");
    }

    @Test
    void aBrokerThatIsAwayDoesNotAnswer() {
        assertThat(StreamsConfiguration.failure(
                        new ExecutionException(new DisconnectException("node 1")), SERVERS, TIMEOUT))
                .hasMessage("No Kafka broker answered at kafka:9092 within 30 s.");
        assertThat(StreamsConfiguration.failure(new TimeoutException(), SERVERS, TIMEOUT))
                .hasMessage("No Kafka broker answered at kafka:9092 within 30 s.");
    }
}
