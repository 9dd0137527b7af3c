package io.atelier.gateway.api.problem;

import java.util.Locale;
import org.springframework.http.HttpStatus;

/** The kinds of problems that the gateway returns. Their names are part of the public contract. */
public enum ProblemKind {
    INVALID_JSON(HttpStatus.BAD_REQUEST, "Body is not valid JSON"),
    INVALID_REQUEST(HttpStatus.BAD_REQUEST, "Invalid request"),
    INVALID_VALUE(HttpStatus.BAD_REQUEST, "Invalid value"),
    UNSUPPORTED_VALUE(HttpStatus.BAD_REQUEST, "Unsupported value"),
    MODERATION_BLOCKED(HttpStatus.BAD_REQUEST, "Blocked by a content filter"),
    CROSS_SITE_REQUEST(HttpStatus.FORBIDDEN, "Request of another site"),
    NOT_FOUND(HttpStatus.NOT_FOUND, "Not found"),
    MODEL_NOT_FOUND(HttpStatus.NOT_FOUND, "Model not found"),
    IMAGE_UNAVAILABLE(HttpStatus.NOT_FOUND, "Image unavailable"),
    METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "Method not allowed"),
    NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE, "Not acceptable"),
    REQUEST_TIMEOUT(HttpStatus.REQUEST_TIMEOUT, "Request timeout"),
    IMAGE_NOT_READY(HttpStatus.CONFLICT, "Image not ready"),
    PROMPT_NOT_READY(HttpStatus.CONFLICT, "Prompt not ready"),
    NOT_TERMINAL(HttpStatus.CONFLICT, "Generation has not ended"),
    GENERATION_CANCELED(HttpStatus.CONFLICT, "Generation was canceled"),
    NO_GRID(HttpStatus.CONFLICT, "Generation has no grid"),
    ID_CONFLICT(HttpStatus.CONFLICT, "Id already used by another request"),
    EXPIRED(HttpStatus.GONE, "Expired"),
    ERASED(HttpStatus.GONE, "Erased"),
    CURSOR_TOO_OLD(HttpStatus.GONE, "Cursor too old"),
    PRECONDITION_FAILED(HttpStatus.PRECONDITION_FAILED, "Precondition failed"),
    PAYLOAD_TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "Body too large"),
    URI_TOO_LONG(HttpStatus.URI_TOO_LONG, "Request target too long"),
    HEADERS_TOO_LARGE(HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "Header fields too large"),
    UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "Unsupported media type"),
    RANGE_NOT_SATISFIABLE(HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE, "Range not satisfiable"),
    MISDIRECTED_REQUEST(HttpStatus.MISDIRECTED_REQUEST, "Unknown host"),
    VALIDATION_FAILED(HttpStatus.UNPROCESSABLE_CONTENT, "Validation failed"),
    IDEMPOTENCY_KEY_REUSED(HttpStatus.UNPROCESSABLE_CONTENT, "Idempotency key already used by another request"),
    SIZE_UNSUPPORTED(HttpStatus.UNPROCESSABLE_CONTENT, "Size not supported by the model"),
    QUEUE_LIMIT_REACHED(HttpStatus.TOO_MANY_REQUESTS, "Too many generations wait"),
    QUOTA_EXCEEDED(HttpStatus.TOO_MANY_REQUESTS, "Rate limit exceeded"),
    INTERNAL_ERROR(HttpStatus.INTERNAL_SERVER_ERROR, "Internal error"),
    GENERATION_FAILED(HttpStatus.INTERNAL_SERVER_ERROR, "Generation failed"),
    BROKER_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "Message broker unavailable"),
    STORAGE_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "Image store unavailable"),
    STARTING(HttpStatus.SERVICE_UNAVAILABLE, "Gateway is starting"),
    NOT_READY(HttpStatus.SERVICE_UNAVAILABLE, "Gateway is not ready"),
    NO_CAPABLE_WORKER(HttpStatus.SERVICE_UNAVAILABLE, "No capable worker"),
    NOT_CONFIGURED(HttpStatus.SERVICE_UNAVAILABLE, "Engine not configured"),
    OVERLOADED(HttpStatus.SERVICE_UNAVAILABLE, "Gateway overloaded"),
    WAIT_TIMEOUT(HttpStatus.GATEWAY_TIMEOUT, "Generation has not ended in time"),
    INSUFFICIENT_STORAGE(HttpStatus.INSUFFICIENT_STORAGE, "Insufficient storage");

    private final HttpStatus status;
    private final String title;

    ProblemKind(HttpStatus status, String title) {
        this.status = status;
        this.title = title;
    }

    public HttpStatus status() {
        return status;
    }

    /** The short name in URIs and in the member {@code code}, such as {@code invalid-json}. */
    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String title() {
        return title;
    }

    /** Whether the client may send the same request again. */
    boolean retryable() {
        return this == IMAGE_NOT_READY
                || this == PROMPT_NOT_READY
                || this == REQUEST_TIMEOUT
                || this == INSUFFICIENT_STORAGE
                || this == WAIT_TIMEOUT
                || status == HttpStatus.TOO_MANY_REQUESTS
                || (status == HttpStatus.SERVICE_UNAVAILABLE && this != NO_CAPABLE_WORKER && this != NOT_CONFIGURED);
    }

    /** The member {@code error.type} of OpenAI's API. */
    String errorType() {
        if (this == MODERATION_BLOCKED) {
            return "image_generation_user_error";
        }
        if (status.is5xxServerError()) {
            return this == WAIT_TIMEOUT ? "timeout_error" : "server_error";
        }
        if (status == HttpStatus.TOO_MANY_REQUESTS) {
            return "rate_limit_error";
        }
        return status == HttpStatus.CONFLICT ? "conflict_error" : "invalid_request_error";
    }

    /** The member {@code error.code} of OpenAI's API. */
    String errorCode() {
        return switch (status) {
            case GONE -> "gone";
            case TOO_MANY_REQUESTS -> "rate_limit_exceeded";
            default -> name().toLowerCase(Locale.ROOT);
        };
    }
}
