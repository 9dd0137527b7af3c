package io.atelier.gateway.api.generations;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.api.cache.StateRenderer;
import io.atelier.gateway.view.jobs.Jobs;
import java.time.Duration;
import java.util.Optional;
import org.springframework.http.ETag;
import tools.jackson.databind.json.JsonMapper;

/** Renders the states that the view shows, as {@link GenerationController} does, for clients that see the API without a prefix. Thread-safe. */
public final class GenerationRenderer implements StateRenderer {

    private static final ApiPaths PATHS = new ApiPaths("");

    /** Only estimates and the time to ask again change without the tag, and their times are whole seconds. */
    private static final Duration SAME_ESTIMATES = Duration.ofMillis(100);

    /** Bytes of all states that are kept. A state contains its prompt, and its memory is used again only when others are asked for. */
    private static final long MAX_BYTES = 4L << 20;

    private final Jobs jobs;
    private final GenerationAssembler assembler;
    private final JsonMapper json;

    /** The states of open jobs that were rendered last: clients ask for each many times before it changes. */
    private final Cache<JobId, RenderedState> open = Caffeine.newBuilder()
            .maximumWeight(MAX_BYTES)
            .weigher((JobId job, RenderedState state) -> state.bytes())
            .expireAfterWrite(SAME_ESTIMATES)
            // On the calling thread, like the cache of responses.
            .executor(Runnable::run)
            .build();

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
        var tag = new ETag(assembler.tag(job), false).formattedTag();
        if (job.status().terminal()) {
            open.invalidate(job.id());
            return new RenderedState(true, tag, null, json(job));
        }
        var known = open.getIfPresent(job.id());
        if (known != null && known.tag().equals(tag)) {
            return known;
        }
        var state = new RenderedState(
                false, tag, Long.toString(assembler.retryAfter(job).toSeconds()), json(job));
        open.put(job.id(), state);
        return state;
    }

    private byte[] json(Job job) {
        return json.writeValueAsBytes(assembler.of(job, PATHS));
    }
}
