package io.atelier.generator.provider;

import io.atelier.contract.job.Failure;
import io.atelier.generator.engine.GenerationFailed;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A complete response of a provider. Its body is not longer than the settings allow. Immutable. */
public final class ProviderResponse {

    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> REQUEST_ID_HEADERS =
            List.of("x-request-id", "x-requestid", "request-id", "cf-ray", "x-amzn-requestid");
    private static final int MAX_TEXT = 300;

    private final int status;
    private final Headers headers;
    private final byte[] body;

    ProviderResponse(int status, Headers headers, byte[] body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    public int status() {
        return status;
    }

    public boolean successful() {
        return status >= 200 && status < 300;
    }

    /** The value of a header; empty if the response does not have it. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** The {@code Content-Type} without parameters, in lower case; the empty string if the header is missing. */
    public String mediaType() {
        return header("Content-Type")
                .map(type -> type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
                .orElse("");
    }

    /** The body itself, not a copy; callers must not change it. */
    @SuppressWarnings("EI_EXPOSE_REP")
    public byte[] body() {
        return body;
    }

    /** The body as JSON; empty if it is not valid JSON. */
    public Optional<JsonNode> json() {
        try {
            return Optional.ofNullable(JSON.readTree(body)).filter(node -> !node.isMissingNode());
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    /** The first 300 characters of the body in one line for messages, without control characters and without text that looks like a key. */
    public String text() {
        return RedactedText.singleLine(
                new String(body, 0, Math.min(body.length, 4 * MAX_TEXT), StandardCharsets.UTF_8), MAX_TEXT);
    }

    /** The value of {@code Retry-After}; empty if the header is missing or invalid. */
    public Optional<Duration> retryAfter() {
        return header("Retry-After")
                .flatMap(text -> parseRetryAfter(text.strip(), Clock.systemUTC().instant()));
    }

    /** The id that the server gave the request, by the first known header. */
    public Optional<String> requestId() {
        return REQUEST_ID_HEADERS.stream()
                .flatMap(name -> header(name).stream())
                .map(id -> RedactedText.singleLine(id, 128))
                .findFirst();
    }

    /** A failure with this response's status, request id and {@code Retry-After}. */
    public GenerationFailed failure(Failure.Code code, String message) {
        @Nullable Long seconds = retryAfter().map(Duration::toSeconds).orElse(null);
        return new GenerationFailed(
                new Failure(code, message, status, requestId().orElse(null), seconds));
    }

    /** Parses {@code Retry-After}: seconds, or a date (RFC 9110, 10.2.3). */
    static Optional<Duration> parseRetryAfter(String text, Instant now) {
        if (text.matches("\\d{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            var date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Optional.of(date.isAfter(now) ? Duration.between(now, date) : Duration.ZERO);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
