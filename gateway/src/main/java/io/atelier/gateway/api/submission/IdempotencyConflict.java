package io.atelier.gateway.api.submission;

import io.atelier.contract.job.JobId;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;

/** How a client named its request, and so what to say when the name belongs to another one. */
enum IdempotencyConflict {
    BY_KEY(
            ProblemKind.IDEMPOTENCY_KEY_REUSED,
            "This Idempotency-Key belongs to the generation '%s', which was asked for with another body. Send the same body, or a new key."),
    BY_ID(
            ProblemKind.ID_CONFLICT,
            "The generation '%s' was asked for with another body. Send the same body, or take a new id.");

    private final ProblemKind kind;
    private final String detail;

    IdempotencyConflict(ProblemKind kind, String detail) {
        this.kind = kind;
        this.detail = detail;
    }

    Problem problem(JobId job) {
        return new Problem(kind, detail.formatted(job)).with("job_id", job.value());
    }
}
