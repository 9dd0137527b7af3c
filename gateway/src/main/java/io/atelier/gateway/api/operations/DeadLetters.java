package io.atelier.gateway.api.operations;

import io.atelier.gateway.api.problem.Problem;
import java.util.List;
import reactor.core.publisher.Mono;

/** The tasks that were given up, for as long as Kafka keeps them. */
public interface DeadLetters {

    /**
     * The newest ones, the newest first. Fails with a {@link Problem} if they cannot be read now.
     *
     * @param limit the largest number of them, at least 1
     */
    Mono<List<DeadLetterObject>> latest(int limit);
}
