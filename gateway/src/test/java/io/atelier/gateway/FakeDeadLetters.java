package io.atelier.gateway;

import io.atelier.gateway.api.operations.DeadLetterObject;
import io.atelier.gateway.api.operations.DeadLetters;
import io.atelier.messaging.DeadLetter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.publisher.Mono;

/** Dead letters that a test adds; the last one is the newest. */
final class FakeDeadLetters implements DeadLetters {

    private final List<DeadLetter> deadLetters = new CopyOnWriteArrayList<>();

    void add(DeadLetter deadLetter) {
        deadLetters.add(0, deadLetter);
    }

    void clear() {
        deadLetters.clear();
    }

    @Override
    public Mono<List<DeadLetterObject>> latest(int limit) {
        return Mono.fromSupplier(() ->
                deadLetters.stream().limit(limit).map(DeadLetterObject::of).toList());
    }
}
