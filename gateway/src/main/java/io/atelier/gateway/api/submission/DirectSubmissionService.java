package io.atelier.gateway.api.submission;

import io.atelier.gateway.api.direct.DirectSubmissions;
import io.atelier.gateway.api.generations.ApiPaths;
import io.atelier.gateway.api.generations.GenerationAssembler;
import io.atelier.gateway.api.request.GenerationRequestReader;
import io.atelier.gateway.api.submission.JobSubmissionService.AcceptedJob;
import java.time.Clock;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Creates jobs as {@link SubmissionController} does, for clients that see the API without a prefix and do not wait. Thread-safe. */
public final class DirectSubmissionService implements DirectSubmissions {

    private static final ApiPaths PATHS = new ApiPaths("");

    private final GenerationRequestReader reader;
    private final JobSubmissionService submissions;
    private final GenerationAssembler assembler;
    private final JsonMapper json;
    private final Clock clock;

    /** @param json the mapper of the framework */
    public DirectSubmissionService(
            GenerationRequestReader reader,
            JobSubmissionService submissions,
            GenerationAssembler assembler,
            JsonMapper json,
            Clock clock) {
        this.reader = reader;
        this.submissions = submissions;
        this.assembler = assembler;
        this.json = json;
        this.clock = clock;
    }

    @Override
    public Mono<Accepted> submit(byte[] body) {
        return Mono.defer(() -> submissions.submit(reader.read(body, null, clock.instant())))
                .map(this::accepted);
    }

    private Accepted accepted(AcceptedJob accepted) {
        var job = accepted.job();
        boolean hasEnded = job.status().terminal();
        return new Accepted(
                hasEnded,
                PATHS.job(job.id()),
                hasEnded ? 0 : assembler.retryAfter(job).toSeconds(),
                json.writeValueAsBytes(assembler.of(job, PATHS)));
    }
}
