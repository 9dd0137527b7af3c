package io.atelier.gateway.api.events;

import reactor.core.publisher.Flux;

/** The topic of public events. */
public interface Firehose {

    /**
     * All events from a place on, as fast as the reader takes them, and nothing ahead of it but a batch or two. The first batch comes at
     * once, empty, and says where the stream begins. Completes when the gateway closes, or when events were deleted before the reader
     * took them. Fails before the first batch with a {@link io.atelier.gateway.api.problem.Problem} if the place is gone, too many read, or
     * the brokers do not answer.
     */
    Flux<EventBatch> read(StreamPosition start);
}
