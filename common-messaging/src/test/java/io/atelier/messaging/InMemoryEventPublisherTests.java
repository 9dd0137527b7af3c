package io.atelier.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.JobEvent;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Verifies that the publisher for tests of other modules fulfils the same contract as the real one. */
final class InMemoryEventPublisherTests extends EventPublisherContract {

    private final InMemoryEventPublisher publisher = new InMemoryEventPublisher();

    @Override
    protected EventPublisher publisher() {
        return publisher;
    }

    @Override
    protected String pool() {
        return "default";
    }

    @Override
    protected List<Object> received(String topic) {
        return Stream.of(publisher.events(), publisher.splits(), publisher.deadLetters())
                .flatMap(List::stream)
                .filter(record -> kind(topic).isInstance(record))
                .filter(record ->
                        !(record instanceof JobEvent event) || Topic.of(event).equals(topic))
                .map(Object.class::cast)
                .toList();
    }

    @Test
    void publishingFailsWhileItIsDown() {
        publisher.goDown();

        assertThat(publisher.publish(Samples.started()))
                .failsWithin(1, TimeUnit.SECONDS)
                .withThrowableThat()
                .withCauseInstanceOf(PublishingFailed.class);
        publisher.comeBack();
        assertThat(publisher.publish(Samples.started())).succeedsWithin(1, TimeUnit.SECONDS);
        assertThat(publisher.events()).hasSize(1);
    }
}
