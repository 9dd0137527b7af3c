package io.atelier.gateway.api.request;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Parses bodies strictly by RFC 8259: UTF-8 in its shortest form, no duplicate keys, nothing after the value, at most 32 levels of nesting.
 * Numbers keep all their digits.
 */
final class StrictJson {

    private static final int MAX_DEPTH = 32;
    private static final int MAX_NUMBER_LENGTH = 1_000;
    private static final int MAX_MESSAGE = 300;
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
    static JsonNode parse(byte[] body) {
        var text = decode(body);
        try {
            return JSON.readTree(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
        } catch (JacksonException e) {
            throw invalid(e);
        } catch (NumberFormatException e) {
            // Not a JacksonException: an exponent that does not fit into 32 bits.
            throw new Problem(
                    ProblemKind.INVALID_JSON,
                    "A number has an exponent that is too large. Write it with a smaller one.");
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

    private static Problem invalid(JacksonException failure) {
        var location = failure.getLocation();
        var cause = cause(failure);
        return location == null || location.getLineNr() < 1
                ? new Problem(ProblemKind.INVALID_JSON, cause)
                : new Problem(
                                ProblemKind.INVALID_JSON,
                                "Line %d, column %d: %s".formatted(location.getLineNr(), location.getColumnNr(), cause))
                        .with("line", location.getLineNr())
                        .with("column", location.getColumnNr());
    }

    private static String cause(JacksonException failure) {
        if (failure instanceof StreamConstraintsException) {
            return "The body is nested more than %d levels deep, or has a number of more than %d digits or a name or text that is too long."
                    .formatted(MAX_DEPTH, MAX_NUMBER_LENGTH);
        }
        if (failure instanceof UnexpectedEndOfInputException) {
            return "The body ends in the middle of a value.";
        }
        if (failure instanceof MismatchedInputException) {
            return "Something follows the value. Send one JSON object and nothing after it.";
        }
        return sentence(failure.getOriginalMessage());
    }

    /** The first line of the library's message, without the names of its settings and classes, which follow a colon and stand in backquotes. */
    private static String sentence(String message) {
        var line = message.lines().findFirst().orElse("The body is not JSON.");
        int quote = line.indexOf('`');
        var plain = quote < 0 ? line : line.substring(0, Math.max(0, line.lastIndexOf(':', quote)));
        if (plain.isEmpty()) {
            return "The body is not JSON.";
        }
        return plain.length() <= MAX_MESSAGE ? plain : plain.substring(0, MAX_MESSAGE) + "...";
    }
}
