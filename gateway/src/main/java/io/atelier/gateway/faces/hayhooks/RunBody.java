package io.atelier.gateway.faces.hayhooks;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Parses bodies as FastAPI does: JSON by its media type only, of two fields with the same name the last one, and its own errors. */
final class RunBody {

    static final String PLACE = "body";

    private static final Pattern JSON_TYPE =
            Pattern.compile("\\s*application/([a-z0-9!#$&^_.+-]+\\+)?json\\s*(;.*)?", Pattern.CASE_INSENSITIVE);
    private static final int MAX_DEPTH = 32;
    private static final int MAX_NUMBER_LENGTH = 1_000;
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(MAX_NUMBER_LENGTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private RunBody() {}

    /**
     * The object in a body.
     *
     * @param type the header Content-Type; null if absent
     * @throws Problem with errors in the form of pydantic if it is none
     */
    static ObjectNode parse(byte[] body, @Nullable String type) {
        var text = decode(body);
        if (text.isEmpty()) {
            throw HayhooksErrors.invalid(List.of(missing()));
        }
        if (!isJson(type)) {
            throw HayhooksErrors.invalid(
                    List.of(notAnObject(JSON.getNodeFactory().stringNode(text))));
        }
        var value = parse(text);
        if (value.isNull()) {
            throw HayhooksErrors.invalid(List.of(missing()));
        }
        if (value instanceof ObjectNode object) {
            return object;
        }
        throw HayhooksErrors.invalid(List.of(notAnObject(value)));
    }

    /** FastAPI takes a body without a type for JSON, and one with a malformed type for a text. */
    private static boolean isJson(@Nullable String type) {
        return type == null || JSON_TYPE.matcher(type).matches();
    }

    private static JsonNode parse(String text) {
        try {
            var value = JSON.readTree(text);
            if (value.isMissingNode()) {
                throw HayhooksErrors.invalid(List.of(malformed(0)));
            }
            return value;
        } catch (JacksonException e) {
            var location = e.getLocation();
            throw HayhooksErrors.invalid(
                    List.of(malformed(location == null ? 0 : Math.max(0, location.getCharOffset()))));
        } catch (NumberFormatException e) {
            // Not a JacksonException: an exponent that does not fit into 32 bits.
            throw HayhooksErrors.invalid(List.of(malformed(0)));
        }
    }

    private static String decode(byte[] body) {
        try {
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new Problem(
                    ProblemKind.INVALID_REQUEST, "There was an error parsing the body: it must be text in UTF-8.");
        }
    }

    private static PydanticError missing() {
        return PydanticError.of("missing", List.of(PLACE), "Field required", null);
    }

    private static PydanticError notAnObject(JsonNode value) {
        return PydanticError.of(
                "model_attributes_type",
                List.of(PLACE),
                "Input should be a valid dictionary or object to extract fields from",
                value);
    }

    private static PydanticError malformed(long position) {
        return new PydanticError(
                "json_invalid",
                List.of(PLACE, position),
                "JSON decode error",
                JSON.createObjectNode(),
                Map.of("error", "The body is not valid JSON from this position on"));
    }
}
