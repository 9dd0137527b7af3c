package io.atelier.gateway.submission;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.gateway.publishing.Publishing;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** Lets an order in, which is then published and cannot be taken back. */
final class Gate {

    private final Consumer<GenerationRequest> admission;
    private final Publishing publishing;

    /** @param admission throws the problem of a request that is to be turned away */
    Gate(Consumer<GenerationRequest> admission, Publishing publishing) {
        this.admission = admission;
        this.publishing = publishing;
    }

    /** Completes when the brokers have the order for good. */
    Mono<Void> pass(GenerationRequested order) {
        return Mono.defer(() -> {
            admission.accept(order.request());
            return publishing.publish(order);
        });
    }
}
