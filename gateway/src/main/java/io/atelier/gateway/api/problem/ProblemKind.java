package io.atelier.gateway.api.problem;

import java.util.Locale;
import org.springframework.http.HttpStatus;

/** Every kind of problem that the gateway tells of. The names are part of the public contract. */
public enum ProblemKind {
    INVALID_JSON(HttpStatus.BAD_REQUEST, "The body is not JSON"),
    INVALID_REQUEST(HttpStatus.BAD_REQUEST, "The request cannot be read"),
    NOT_FOUND(HttpStatus.NOT_FOUND, "Not found"),
    MODEL_NOT_FOUND(HttpStatus.NOT_FOUND, "No such model"),
    IMAGE_UNAVAILABLE(HttpStatus.NOT_FOUND, "The image does not exist"),
    METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "Method not allowed"),
    NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE, "No acceptable form of answer"),
    REQUEST_TIMEOUT(HttpStatus.REQUEST_TIMEOUT, "The request took too long to arrive"),
    IMAGE_NOT_READY(HttpStatus.CONFLICT, "The image is not ready yet"),
    NOT_TERMINAL(HttpStatus.CONFLICT, "The generation has not ended yet"),
    ID_CONFLICT(HttpStatus.CONFLICT, "The id belongs to another request"),
    EXPIRED(HttpStatus.GONE, "Expired"),
    ERASED(HttpStatus.GONE, "Erased"),
    CURSOR_TOO_OLD(HttpStatus.GONE, "The events after that one are gone"),
    PRECONDITION_FAILED(HttpStatus.PRECONDITION_FAILED, "A precondition does not hold"),
    PAYLOAD_TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "The body is too large"),
    UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "Unsupported media type"),
    RANGE_NOT_SATISFIABLE(HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE, "No such range of bytes"),
    VALIDATION_FAILED(HttpStatus.UNPROCESSABLE_CONTENT, "The request has mistakes"),
    IDEMPOTENCY_KEY_REUSED(HttpStatus.UNPROCESSABLE_CONTENT, "The key belongs to another request"),
    SIZE_UNSUPPORTED(HttpStatus.UNPROCESSABLE_CONTENT, "The model does not draw this size"),
    INTERNAL_ERROR(HttpStatus.INTERNAL_SERVER_ERROR, "An error of the gateway"),
    BROKER_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "The broker is unavailable"),
    STORAGE_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "The image store is unavailable"),
    STARTING(HttpStatus.SERVICE_UNAVAILABLE, "The gateway is starting"),
    NOT_READY(HttpStatus.SERVICE_UNAVAILABLE, "The gateway is not ready"),
    NO_CAPABLE_WORKER(HttpStatus.SERVICE_UNAVAILABLE, "No worker can do this"),
    NOT_CONFIGURED(HttpStatus.SERVICE_UNAVAILABLE, "A setting is missing"),
    OVERLOADED(HttpStatus.SERVICE_UNAVAILABLE, "The gateway is overloaded");

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

    /** Whether the same request can succeed later. */
    boolean retryable() {
        return this == IMAGE_NOT_READY
                || this == REQUEST_TIMEOUT
                || (status == HttpStatus.SERVICE_UNAVAILABLE && this != NO_CAPABLE_WORKER && this != NOT_CONFIGURED);
    }

    /** The member {@code error.type} as clients of OpenAI's API know it. */
    String errorType() {
        if (status.is5xxServerError()) {
            return "server_error";
        }
        return status == HttpStatus.CONFLICT ? "conflict_error" : "invalid_request_error";
    }

    /** The member {@code error.code} as clients of OpenAI's API know it. */
    String errorCode() {
        return status == HttpStatus.GONE ? "gone" : name().toLowerCase(Locale.ROOT);
    }
}
