package io.atelier.gateway.faces.hayhooks;

import io.atelier.contract.job.Failure;
import io.atelier.gateway.api.problem.ProblemKind;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * The status and code of the response to a request whose pipeline failed.
 *
 * @param code the member {@code code}
 */
record FailureStatus(HttpStatus status, String code) {

    private static final String INTERNAL = "INTERNAL";

    /** That of a job that failed; null if the word is no code of one. */
    static @Nullable FailureStatus ofJob(@Nullable Object word) {
        return Stream.of(Failure.Code.values())
                .filter(code -> code.word().equals(word))
                .map(FailureStatus::of)
                .findFirst()
                .orElse(null);
    }

    private static FailureStatus of(Failure.Code code) {
        return switch (code) {
            case REQUEST_REJECTED, SOURCE_UNAVAILABLE -> new FailureStatus(HttpStatus.BAD_REQUEST, "INVALID_REQUEST");
            case MODERATION_BLOCKED -> new FailureStatus(HttpStatus.UNPROCESSABLE_CONTENT, "POLICY_VIOLATION");
            case RATE_LIMITED -> new FailureStatus(HttpStatus.TOO_MANY_REQUESTS, "RATE_LIMITED");
            case PROVIDER_AUTH -> new FailureStatus(HttpStatus.BAD_GATEWAY, "PROVIDER_AUTH");
            case METHOD_NOT_ALLOWED -> new FailureStatus(HttpStatus.BAD_GATEWAY, "METHOD_NOT_ALLOWED");
            case PROVIDER_ERROR -> new FailureStatus(HttpStatus.BAD_GATEWAY, "PROVIDER_ERROR");
            case NETWORK_ERROR -> new FailureStatus(HttpStatus.BAD_GATEWAY, "NETWORK_ERROR");
            case INVALID_RESPONSE -> new FailureStatus(HttpStatus.BAD_GATEWAY, "INVALID_RESPONSE");
            case PROVIDER_TIMEOUT, ENGINE_TIMEOUT, DEADLINE_EXCEEDED ->
                new FailureStatus(HttpStatus.GATEWAY_TIMEOUT, "TIMEOUT");
            case NOT_CONFIGURED -> new FailureStatus(HttpStatus.SERVICE_UNAVAILABLE, "NOT_CONFIGURED");
            case STORAGE_ERROR -> new FailureStatus(HttpStatus.SERVICE_UNAVAILABLE, "STORAGE_ERROR");
            case ENGINE_ERROR, ENGINE_UNAVAILABLE, OUT_OF_MEMORY, WORKER_LOST, POISONED ->
                new FailureStatus(HttpStatus.INTERNAL_SERVER_ERROR, INTERNAL);
        };
    }

    /** That of a problem that is no mistake in the request; null if it is one. */
    static @Nullable FailureStatus of(ProblemKind kind) {
        return switch (kind) {
            case GENERATION_CANCELED, ERASED, EXPIRED -> new FailureStatus(kind.status(), "CANCELLED");
            case IMAGE_UNAVAILABLE, INTERNAL_ERROR, GENERATION_FAILED ->
                new FailureStatus(HttpStatus.INTERNAL_SERVER_ERROR, INTERNAL);
            case STORAGE_UNAVAILABLE -> new FailureStatus(kind.status(), "STORAGE_ERROR");
            case WAIT_TIMEOUT -> new FailureStatus(kind.status(), "TIMEOUT");
            default -> kind.status().is5xxServerError() ? new FailureStatus(kind.status(), kind.name()) : null;
        };
    }
}
