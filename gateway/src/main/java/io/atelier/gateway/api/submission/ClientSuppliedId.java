package io.atelier.gateway.api.submission;

import io.atelier.contract.job.JobId;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import java.util.UUID;
import java.util.regex.Pattern;

/** Parses the id that a client chooses for its job. */
final class ClientSuppliedId {

    private static final String UUID_REGEX = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

    /** The ids that {@link #read} accepts, as a regular expression for the OpenAPI document. */
    static final String REGEX = "^(" + UUID_REGEX + "|" + JobId.REGEX + ")$";

    private static final Pattern UUID_ONLY = Pattern.compile(UUID_REGEX);

    private ClientSuppliedId() {}

    /**
     * The id in a path: a UUID, or the form of the gateway's own ids.
     *
     * @throws Problem if it is neither
     */
    static JobId read(String text) {
        if (UUID_ONLY.matcher(text).matches()) {
            return JobId.of(UUID.fromString(text));
        }
        return JobId.parse(text)
                .orElseThrow(
                        () -> new Problem(
                                ProblemKind.VALIDATION_FAILED,
                                "The id must be a UUID, or 'gen_' and 26 characters of 0-9 a-z without i, l, o, u, the first one from 0 to 7."));
    }

    /** The problem if another request has used this id. */
    static Problem conflict(JobId id) {
        return new Problem(
                        ProblemKind.ID_CONFLICT,
                        "The generation '%s' was created with another body. Send the same body, or use a new id."
                                .formatted(id))
                .with("job_id", id.value());
    }
}
