package io.atelier.gateway.api.generations;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.api.cache.StateRenderer;
import io.atelier.gateway.view.jobs.Jobs;
import java.util.Optional;
import org.springframework.http.ETag;
import tools.jackson.databind.json.JsonMapper;

/** Renders the states that the view shows, as {@link GenerationController} does, for clients that see the API without a prefix. Thread-safe. */
public final class GenerationRenderer implements StateRenderer {

    private static final ApiPaths PATHS = new ApiPaths("");

    private final Jobs jobs;
    private final GenerationAssembler assembler;
    private final JsonMapper json;

    /** @param json the mapper of the framework */
    public GenerationRenderer(Jobs jobs, GenerationAssembler assembler, JsonMapper json) {
        this.jobs = jobs;
        this.assembler = assembler;
        this.json = json;
    }

    @Override
    public Optional<RenderedState> render(JobId job) {
        try {
            return jobs.find(job).filter(found -> found.erasure() == null).map(this::rendered);
        } catch (RuntimeException e) {
            // The framework asks again and answers with the problem; here the connection would end without one.
            return Optional.empty();
        }
    }

    private RenderedState rendered(Job job) {
        boolean hasEnded = job.status().terminal();
        return new RenderedState(
                hasEnded,
                new ETag(assembler.tag(job), false).formattedTag(),
                hasEnded ? null : Long.toString(assembler.retryAfter(job).toSeconds()),
                json.writeValueAsBytes(assembler.of(job, PATHS)));
    }
}
