package io.atelier.gateway.submission;

import io.atelier.contract.job.JobId;
import io.atelier.gateway.problem.Problem;
import io.atelier.gateway.problem.ProblemKind;

/** How a client named its request, and so what to say when the name belongs to another one. */
enum NameTaken {
    BY_KEY(
            ProblemKind.IDEMPOTENCY_KEY_REUSED,
            "This Idempotency-Key belongs to the generation '%s', which was asked for with another body. Send the same body, or a new key."),
    BY_ID(
            ProblemKind.ID_CONFLICT,
            "The generation '%s' was asked for with another body. Send the same body, or take a new id.");

    private final ProblemKind kind;
    private final String detail;

    NameTaken(ProblemKind kind, String detail) {
        this.kind = kind;
        this.detail = detail;
    }

    Problem problem(JobId job) {
        return new Problem(kind, detail.formatted(job)).with("job_id", job.value());
    }
}
