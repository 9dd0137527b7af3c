package io.atelier.gateway.api.events;

import reactor.core.publisher.Flux;

/** The stream of all public events. */
public interface Firehose {

    /**
     * All events from a position on, as fast as the subscriber requests them, with at most two batches read ahead. The first batch comes at
     * once, is empty, and has the cursor at which the stream begins. Completes when the gateway stops, or when events were deleted before the
     * subscriber requested them. Fails before the first batch with a {@link io.atelier.gateway.api.problem.Problem} if the events at the
     * position are not kept any more, there are too many streams, or the brokers do not answer.
     */
    Flux<EventBatch> read(StreamPosition start);
}
