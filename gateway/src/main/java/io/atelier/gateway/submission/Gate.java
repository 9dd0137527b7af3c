package io.atelier.gateway.submission;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.gateway.publishing.Publishing;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;

/** Lets an order in, which is then published and cannot be taken back. */
final class Gate {

    private final Consumer<GenerationRequest> admission;
    private final UnaryOperator<Mono<GenerationRequest>> sources;
    private final Publishing publishing;

    /**
     * @param admission throws the problem of a request that is to be turned away
     * @param sources adds to a request where the pictures lie that it wants changed, or fails with the problem of those that are not there
     */
    Gate(Consumer<GenerationRequest> admission, UnaryOperator<Mono<GenerationRequest>> sources, Publishing publishing) {
        this.admission = admission;
        this.sources = sources;
        this.publishing = publishing;
    }

    /** The order as it was let in, when the brokers have it for good. */
    Mono<GenerationRequested> pass(GenerationRequested order) {
        return Mono.fromSupplier(order::request)
                .doOnNext(admission)
                .transform(sources)
                .map(order::with)
                .flatMap(complete -> publishing.publish(complete).thenReturn(complete));
    }
}
