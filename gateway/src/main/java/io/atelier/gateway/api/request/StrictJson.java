package io.atelier.gateway.api.request;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Parses bodies strictly by RFC 8259: UTF-8 in its shortest form, no duplicate keys, nothing after the value, at most 32 levels of nesting.
 * Numbers keep all their digits.
 */
public final class StrictJson {

    private static final int MAX_DEPTH = 32;
    private static final int MAX_NUMBER_LENGTH = 1_000;
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(MAX_NUMBER_LENGTH)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private StrictJson() {}

    /**
     * The value in a body.
     *
     * @throws Problem of kind {@code INVALID_JSON}, with line and column where they are known, if the body is no JSON
     */
    public static JsonNode parse(byte[] body) {
        var decoded = decode(body);
        var text = decoded.startsWith(BYTE_ORDER_MARK) ? decoded.substring(1) : decoded;
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            throw invalid(e, text);
        } catch (NumberFormatException e) {
            // Not a JacksonException: an exponent that does not fit into 32 bits.
            throw problem("A number has an exponent that is too large. Write it with a smaller one.", locate(text));
        }
    }

    /** Jackson's own decoder takes forms of a character that are longer than necessary, which hide it from other readers of the same bytes. */
    private static String decode(byte[] body) {
        var in = ByteBuffer.wrap(body);
        var out = CharBuffer.allocate(body.length);
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            throw new Problem(
                            ProblemKind.INVALID_JSON,
                            "The body is not UTF-8: the byte at offset %d begins no character. Encode the body in UTF-8."
                                    .formatted(in.position()))
                    .with("offset", in.position());
        }
        return out.flip().toString();
    }

    private static Problem invalid(JacksonException failure, String text) {
        var location = failure.getLocation();
        // A limit is checked without the place.
        return problem(
                JsonFaults.sentence(failure, MAX_DEPTH, MAX_NUMBER_LENGTH), location == null ? locate(text) : location);
    }

    private static Problem problem(String sentence, @Nullable TokenStreamLocation location) {
        return location == null || location.getLineNr() < 1
                ? new Problem(ProblemKind.INVALID_JSON, sentence)
                : new Problem(
                                ProblemKind.INVALID_JSON,
                                "Line %d, column %d: %s"
                                        .formatted(location.getLineNr(), location.getColumnNr(), sentence))
                        .with("line", location.getLineNr())
                        .with("column", location.getColumnNr());
    }

    /** Where the first fault is that stops the parser; null if none does. */
    private static @Nullable TokenStreamLocation locate(String text) {
        try (var parser = JSON.createParser(text)) {
            try {
                for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                    if (token == JsonToken.VALUE_NUMBER_FLOAT) {
                        parser.getDecimalValue();
                    }
                }
                return null;
            } catch (JacksonException | NumberFormatException e) {
                return parser.currentLocation();
            }
        }
    }
}
