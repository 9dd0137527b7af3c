package io.atelier.gateway.api.submission;

import io.atelier.contract.job.JobId;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import java.util.UUID;
import java.util.regex.Pattern;

/** The id that a client gives its job. */
final class ClientSuppliedId {

    private static final String UUID_FORM = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

    /** What {@link #read} takes, as the description has it. */
    static final String FORM = "^(" + UUID_FORM + "|" + JobId.FORM + ")$";

    private static final Pattern UUID_PATTERN = Pattern.compile(UUID_FORM);

    private ClientSuppliedId() {}

    /**
     * The id in a path: a UUID, or the form that the gateway's own ids have.
     *
     * @throws Problem if it is neither
     */
    static JobId read(String text) {
        if (UUID_PATTERN.matcher(text).matches()) {
            return JobId.of(UUID.fromString(text));
        }
        return JobId.parse(text)
                .orElseThrow(
                        () -> new Problem(
                                ProblemKind.VALIDATION_FAILED,
                                "The id must be a UUID, or 'gen_' and 26 characters of 0-9 a-z without i, l, o, u, the first one from 0 to 7."));
    }
}
