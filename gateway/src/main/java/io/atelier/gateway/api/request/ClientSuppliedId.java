package io.atelier.gateway.api.request;

import io.atelier.contract.job.JobId;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.Problem.FieldError;
import io.atelier.gateway.api.problem.ProblemKind;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Parses the ids by which clients name jobs: the form of the gateway's own ids, or the UUID that a client chose for its job. */
public final class ClientSuppliedId {

    private static final String UUID_REGEX = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

    /** The ids that {@link #parse} accepts, as a regular expression for the OpenAPI document. */
    public static final String REGEX = "^(" + UUID_REGEX + "|" + JobId.REGEX + ")$";

    private static final String ALLOWED =
            "must be a UUID, or 'gen_' and 26 characters of 0-9 a-z without i, l, o, u, the first one from 0 to 7.";

    private static final Pattern UUID_ONLY = Pattern.compile(UUID_REGEX);

    private ClientSuppliedId() {}

    /** The id of the job; empty if the text is neither a UUID nor an id of the gateway's form, in upper or lower case. */
    public static Optional<JobId> parse(String text) {
        return UUID_ONLY.matcher(text).matches() ? Optional.of(JobId.of(UUID.fromString(text))) : JobId.parse(text);
    }

    /**
     * The id that a client chooses for a new job.
     *
     * @throws Problem if it is neither a UUID nor an id of the gateway's form
     */
    public static JobId read(String text) {
        return parse(text)
                .orElseThrow(() -> new Problem(ProblemKind.VALIDATION_FAILED, "The id " + ALLOWED)
                        .errors(List.of(FieldError.inParameter("id", ALLOWED))));
    }

    /** The problem if a job of this id exists that another request created: one with another body, or a retry. */
    public static Problem conflict(JobId id) {
        return new Problem(
                        ProblemKind.ID_CONFLICT,
                        "The generation '%s' exists already, and a request with this body did not create it. Use a new id, or send the body that created it."
                                .formatted(id))
                .with("job_id", id.value());
    }
}
