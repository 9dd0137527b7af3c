package io.atelier.gateway.api.problem;

import io.atelier.http.HttpRequestRefused;
import io.atelier.messaging.PublishingFailed;
import io.atelier.storage.ObjectStoreFailed;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;

/** Translates exceptions to problems. */
final class ProblemTranslation {

    /** Reasons of the framework that name classes are for its users, not for ours. */
    private static final Pattern CLASS_NAME = Pattern.compile("\\b[a-z]\\w*(\\.[a-z]\\w*)+\\.[A-Z]|[a-z]Exception\\b");

    private static final Pattern CHARSET = Pattern.compile("(?i);\\s*charset\\s*=\\s*\"?([^\";\\s]*)");

    private ProblemTranslation() {}

    /** The problem of a failure; empty if the failure is unexpected. */
    static Optional<Problem> of(Throwable failure, ServerWebExchange exchange) {
        if (failure instanceof CompletionException wrapped && wrapped.getCause() != null) {
            return of(wrapped.getCause(), exchange);
        }
        if (failure instanceof Problem problem) {
            return Optional.of(problem);
        }
        if (failure instanceof PublishingFailed) {
            return Optional.of(new Problem(
                            ProblemKind.BROKER_UNAVAILABLE,
                            "The message broker did not confirm the request in time. It may be carried out all the same: send it again. A request"
                                    + " that creates a generation may then create two, unless it has an Idempotency-Key or is a PUT.")
                    .retryAfter(Duration.ofSeconds(5)));
        }
        if (failure instanceof ObjectStoreFailed) {
            return Optional.of(new Problem(
                            ProblemKind.STORAGE_UNAVAILABLE,
                            "The image store cannot be read now. Send the request again.")
                    .retryAfter(Duration.ofSeconds(5)));
        }
        if (failure instanceof DataBufferLimitException) {
            return Optional.of(
                    new Problem(ProblemKind.PAYLOAD_TOO_LARGE, "The body is larger than this operation allows."));
        }
        if (failure instanceof HttpRequestRefused refused) {
            return Optional.of(new Problem(kind(refused.why()), refused.detail()));
        }
        return failure instanceof ResponseStatusException known ? of(known, exchange) : Optional.empty();
    }

    private static Optional<Problem> of(ResponseStatusException failure, ServerWebExchange exchange) {
        var method = exchange.getRequest().getMethod();
        if (failure instanceof MethodNotAllowedException refused) {
            var allowed = allowed(refused.getSupportedMethods());
            return Optional.of(new Problem(
                            ProblemKind.METHOD_NOT_ALLOWED, method + " is not allowed here; allowed: " + allowed + ".")
                    .header(HttpHeaders.ALLOW, allowed));
        }
        if (failure instanceof UnsupportedMediaTypeStatusException refused) {
            var type = exchange.getRequest().getHeaders().getFirst(HttpHeaders.CONTENT_TYPE);
            return Optional.of(new Problem(
                    ProblemKind.UNSUPPORTED_MEDIA_TYPE, unsupported(type, refused.getSupportedMediaTypes())));
        }
        if (failure instanceof NotAcceptableStatusException refused) {
            return Optional.of(new Problem(
                    ProblemKind.NOT_ACCEPTABLE,
                    "The header Accept allows none of the supported media types: " + refused.getSupportedMediaTypes()
                            + "."));
        }
        if (failure.getStatusCode().isSameCodeAs(HttpStatus.NOT_FOUND)) {
            return Optional.of(new Problem(
                    ProblemKind.NOT_FOUND,
                    "This path does not exist. The API is described at /openapi.json and /docs."));
        }
        return failure.getStatusCode().is4xxClientError()
                ? Optional.of(new Problem(ProblemKind.INVALID_REQUEST, reason(failure)))
                : Optional.empty();
    }

    /** Where GET is allowed, HEAD is too; and OPTIONS is allowed everywhere. */
    private static String allowed(Collection<HttpMethod> methods) {
        var all = new HashSet<>(methods);
        all.add(HttpMethod.OPTIONS);
        if (all.contains(HttpMethod.GET)) {
            all.add(HttpMethod.HEAD);
        }
        return all.stream().map(HttpMethod::name).sorted().collect(Collectors.joining(", "));
    }

    private static String unsupported(@Nullable String type, List<MediaType> supported) {
        if (type == null) {
            return "The body has no Content-Type; supported: " + supported + ".";
        }
        // The framework refuses a charset that it does not know like a wrong type.
        var charset = CHARSET.matcher(type);
        return charset.find() && !isCharset(charset.group(1))
                ? "The Content-Type '%s' names the charset '%s', which does not exist. Encode the body in UTF-8, and leave the charset out."
                        .formatted(type, charset.group(1))
                : "The body is of type '%s'; supported: %s.".formatted(type, supported);
    }

    private static boolean isCharset(String name) {
        try {
            return Charset.isSupported(name);
        } catch (IllegalCharsetNameException e) {
            return false;
        }
    }

    private static ProblemKind kind(HttpRequestRefused.Reason reason) {
        return switch (reason) {
            case UNKNOWN_HOST -> ProblemKind.MISDIRECTED_REQUEST;
            case FOREIGN_ORIGIN -> ProblemKind.CROSS_SITE_REQUEST;
        };
    }

    private static String reason(ResponseStatusException failure) {
        var reason = failure.getReason();
        return reason == null || CLASS_NAME.matcher(reason).find() ? "The request cannot be read." : reason + ".";
    }
}
