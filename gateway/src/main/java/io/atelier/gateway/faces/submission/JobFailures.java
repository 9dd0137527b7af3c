package io.atelier.gateway.faces.submission;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import java.time.Duration;

/** The problems of jobs that ended without images, for clients that know no jobs. */
public final class JobFailures {

    private JobFailures() {}

    /**
     * Checks that a job that has ended has images.
     *
     * @throws Problem if it has none, with the reason
     */
    public static void requireImages(Job job) {
        if (job.status() == JobStatus.SUCCEEDED && !job.images().isEmpty()) {
            return;
        }
        throw problem(job)
                .header(FaceSubmissions.GENERATION_ID, job.id().value())
                .with("job_id", job.id().value())
                .with("job_status", job.status().word());
    }

    private static Problem problem(Job job) {
        var error = job.error();
        if (job.status() == JobStatus.CANCELED && (error == null || error.code() != Failure.Code.DEADLINE_EXCEEDED)) {
            return new Problem(
                    ProblemKind.GENERATION_CANCELED, "The generation '%s' was canceled.".formatted(job.id()));
        }
        if (error == null) {
            return new Problem(
                    ProblemKind.GENERATION_FAILED, "The generation '%s' ended without images.".formatted(job.id()));
        }
        var problem = new Problem(kind(error.code()), error.message())
                .with("job_error", error.code().word());
        return error.retryAfterSeconds() == null
                ? problem
                : problem.retryAfter(Duration.ofSeconds(error.retryAfterSeconds()));
    }

    private static ProblemKind kind(Failure.Code code) {
        return switch (code) {
            case MODERATION_BLOCKED -> ProblemKind.MODERATION_BLOCKED;
            case REQUEST_REJECTED, SOURCE_UNAVAILABLE -> ProblemKind.INVALID_VALUE;
            case NOT_CONFIGURED, PROVIDER_AUTH -> ProblemKind.NOT_CONFIGURED;
            default -> ProblemKind.GENERATION_FAILED;
        };
    }
}
