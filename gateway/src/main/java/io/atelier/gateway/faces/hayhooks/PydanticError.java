package io.atelier.gateway.faces.hayhooks;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An error of a request in the form of pydantic, as FastAPI sends it.
 *
 * @param type its kind, such as {@code int_parsing}
 * @param loc where it is: {@code body} or {@code query}, then the name of the field or a position
 * @param msg a sentence
 * @param input what the client sent there; null if nothing
 * @param ctx values of the sentence; null if it has none
 */
record PydanticError(
        String type,
        List<Object> loc,
        String msg,
        @Nullable JsonNode input,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, Object> ctx) {

    PydanticError {
        loc = List.copyOf(loc);
    }

    /** An error whose sentence has no values. */
    static PydanticError of(String type, List<Object> loc, String msg, @Nullable JsonNode input) {
        return new PydanticError(type, loc, msg, input, null);
    }
}
