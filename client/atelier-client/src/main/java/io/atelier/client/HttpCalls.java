package io.atelier.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Sends requests, again if that may help, and turns refusals into exceptions. Thread-safe. */
final class HttpCalls {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final int MAX_PROBLEM = 1024 * 1024;
    private static final int FIRST_ERROR = 400;

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private final HttpClient http;
    private final String base;
    private final Duration timeout;
    private final int maxRetries;

    /**
     * @param base the address of the server
     * @param timeout for the head of each answer
     */
    HttpCalls(HttpClient http, URI base, Duration timeout, int maxRetries) {
        this.http = http;
        this.base = base.toString().replaceAll("/+$", "");
        this.timeout = timeout;
        this.maxRetries = maxRetries;
    }

    /** A request for a path of the API, such as {@code /v1/models}. */
    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(timeout);
    }

    Duration timeout() {
        return timeout;
    }

    String write(Object value) {
        return JSON.writeValueAsString(value);
    }

    JsonNode tree(String text) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            throw noJson(e);
        }
    }

    /** The JSON in the answer of a request that has the same effect if it is sent again. */
    <T> T json(HttpRequest request, Class<T> type) {
        return read(send(request), type);
    }

    /** The JSON in an answer. */
    <T> T read(HttpResponse<InputStream> response, Class<T> type) {
        try (var body = response.body()) {
            return JSON.readValue(body.readAllBytes(), type);
        } catch (JacksonException e) {
            throw noJson(e);
        } catch (IOException e) {
            throw new AtelierUnreachable("The answer of %s broke off: %s".formatted(base, e), e);
        }
    }

    private static AtelierUnreachable noJson(JacksonException cause) {
        return new AtelierUnreachable("The server sent what is no JSON of this API.", cause);
    }

    /**
     * Sends a request that has the same effect if it is sent again. Its answer has a body that must be closed.
     *
     * @throws AtelierRefused if the server refuses it, at last
     * @throws AtelierUnreachable if no answer comes, at last
     */
    HttpResponse<InputStream> send(HttpRequest request) {
        for (int sent = 1; ; sent++) {
            Duration pause;
            try {
                var response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
                if (response.statusCode() < FIRST_ERROR) {
                    return response;
                }
                var refusal = refusal(response);
                if (!refusal.retryable() || sent > maxRetries) {
                    throw refusal;
                }
                pause = refusal.retryAfter().orElse(backOff(sent));
            } catch (IOException e) {
                if (sent > maxRetries) {
                    throw new AtelierUnreachable("%s did not answer: %s".formatted(base, e), e);
                }
                pause = backOff(sent);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
            pause(pause);
        }
    }

    /** Doubles with each attempt, and is shortened at random, so that clients do not come back together. */
    private static Duration backOff(int sent) {
        var longest = FIRST_PAUSE.multipliedBy(1L << Math.min(sent - 1, 10));
        return longest.multipliedBy(ThreadLocalRandom.current().nextInt(50, 101))
                .dividedBy(100);
    }

    private static void pause(Duration pause) {
        try {
            Thread.sleep(Math.min(pause.toMillis(), LONGEST_PAUSE.toMillis()));
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static AtelierUnreachable interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new AtelierUnreachable("The thread was interrupted.", cause);
    }

    private static AtelierRefused refusal(HttpResponse<InputStream> response) throws IOException {
        byte[] bytes;
        try (var body = response.body()) {
            bytes = body.readNBytes(MAX_PROBLEM);
        }
        JsonNode problem;
        try {
            problem = JSON.readTree(bytes);
        } catch (JacksonException e) {
            problem = JSON.createObjectNode();
        }
        int status = response.statusCode();
        return new AtelierRefused(
                problem.path("detail").asString("The server answered %d.".formatted(status)),
                status,
                problem.path("code").asString(""),
                problem.path("retryable").asBoolean(status == 502 || status == 503 || status == 504),
                retryAfter(response),
                response.headers().firstValue("x-request-id").orElse(null),
                text(problem, "job_id"),
                errors(problem.path("errors")));
    }

    private static @Nullable String text(JsonNode problem, String member) {
        return problem.path(member).isString() ? problem.path(member).stringValue() : null;
    }

    private static List<AtelierRefused.FieldProblem> errors(JsonNode errors) {
        var all = new ArrayList<AtelierRefused.FieldProblem>();
        for (var error : errors) {
            var place = error.path("pointer")
                    .asString(error.path("header")
                            .asString(error.path("parameter").asString("")));
            all.add(new AtelierRefused.FieldProblem(place, error.path("detail").asString("")));
        }
        return all;
    }

    private static @Nullable Duration retryAfter(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(value -> value.matches("\\d{1,6}"))
                .map(value -> Duration.ofSeconds(Long.parseLong(value)))
                .orElse(null);
    }
}
