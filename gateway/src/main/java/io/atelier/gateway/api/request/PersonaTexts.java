package io.atelier.gateway.api.request;

import io.atelier.contract.job.Persona;
import org.jspecify.annotations.Nullable;

/**
 * The personal texts of a request for an avatar. They must be stored before the request is published, because records only refer to them.
 *
 * @param persona null if the request has none
 * @param prompt prompt of the client for the grids; null if it gives none
 */
public record PersonaTexts(
        @Nullable Persona persona, @Nullable String prompt) {

    /** No texts. */
    public static final PersonaTexts NONE = new PersonaTexts(null, null);

    /** Without the texts, because they are personal data. */
    @Override
    public String toString() {
        return "PersonaTexts[persona=%s, prompt=%s]"
                .formatted(persona == null ? "none" : persona, prompt == null ? "none" : "given");
    }
}
