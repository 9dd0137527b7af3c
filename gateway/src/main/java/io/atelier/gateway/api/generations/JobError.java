package io.atelier.gateway.api.generations;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.contract.job.Failure;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Why a job failed. */
@Schema(name = "GenerationError")
public record JobError(
        @Schema(example = "engine-error") String code,
        String message,

        @Schema(description = "Whether the client may send the same request again")
        boolean retryable,

        @Schema(description = "The HTTP status from the provider") @Nullable
        Integer providerStatus,

        @Schema(description = "The provider's id of the request") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
        String providerRequestId,

        @Schema(description = "Seconds after which the provider allows the next request")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        Long retryAfterSeconds) {

    /** Renders a failure, without the fields that clients must not see. */
    public static JobError of(Failure failure) {
        return new JobError(
                failure.code().word(),
                failure.message(),
                failure.code().retryable(),
                failure.providerStatus(),
                failure.providerRequestId(),
                failure.retryAfterSeconds());
    }
}
