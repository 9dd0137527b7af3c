package io.atelier.gateway.api.operations;

import io.atelier.gateway.api.problem.Problem;
import java.util.List;
import reactor.core.publisher.Mono;

/** The orders that nobody will work on again, as far as they are still kept. */
public interface DeadLetters {

    /**
     * The latest ones, newest first.
     *
     * @param limit 1 or more
     * @return fails with a {@link Problem} if they cannot be read now
     */
    Mono<List<DeadLetterObject>> latest(int limit);
}
