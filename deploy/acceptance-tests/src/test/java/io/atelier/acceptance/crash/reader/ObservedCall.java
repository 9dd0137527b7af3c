package io.atelier.acceptance.crash.reader;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A call that the provider received for an avatar.
 *
 * @param kind what it asks for
 * @param prompt its prompt; for {@link Kind#PROMPT}, the texts of the persona
 * @param at when it was received
 * @param stored the keys in the folder of the job at that moment; empty if the store was down, or the job was not known yet
 */
record ObservedCall(Kind kind, String prompt, Instant at, Optional<Set<String>> stored) {

    ObservedCall {
        stored = stored.map(Set::copyOf);
    }

    /** What a call asks for. */
    enum Kind {
        PROMPT,
        BASE,
        GRID
    }

    /** Without the prompt, which is long. */
    @Override
    public String toString() {
        return "call for %s at %s, %s"
                .formatted(kind, at, stored.map(keys -> "with " + keys).orElse("which could not look into the store"));
    }
}
