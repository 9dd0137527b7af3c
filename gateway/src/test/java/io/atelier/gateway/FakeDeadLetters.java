package io.atelier.gateway;

import io.atelier.gateway.api.operations.DeadLetterObject;
import io.atelier.gateway.api.operations.DeadLetters;
import io.atelier.messaging.DeadLetter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.publisher.Mono;

/** Dead letters that a test wrote; the last one is the newest. */
final class FakeDeadLetters implements DeadLetters {

    private final List<DeadLetter> letters = new CopyOnWriteArrayList<>();

    void write(DeadLetter letter) {
        letters.add(0, letter);
    }

    void burn() {
        letters.clear();
    }

    @Override
    public Mono<List<DeadLetterObject>> latest(int limit) {
        return Mono.fromSupplier(
                () -> letters.stream().limit(limit).map(DeadLetterObject::of).toList());
    }
}
