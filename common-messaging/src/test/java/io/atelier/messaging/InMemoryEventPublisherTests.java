package io.atelier.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.JobEvent;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The publisher that other modules test with keeps the same promises as the real one. */
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
    protected List<Object> heard(String topic) {
        return Stream.of(
                        publisher.events(),
                        publisher.splits(),
                        publisher.progress(),
                        publisher.letters(),
                        publisher.workers())
                .flatMap(List::stream)
                .filter(said -> kind(topic).isInstance(said))
                .filter(said ->
                        !(said instanceof JobEvent event) || Topic.of(event).equals(topic))
                .map(Object.class::cast)
                .toList();
    }

    @Test
    void refusesWhileItIsDown() {
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
