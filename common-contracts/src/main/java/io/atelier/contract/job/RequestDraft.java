package io.atelier.contract.job;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.Routing.Fallback;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request that is being written from another one. */
final class RequestDraft {

    private final GenerationRequest from;
    String prompt;

    @Nullable
    String negativePrompt;

    String model;
    String engine;
    String pool;
    ImageSize size;

    @Nullable
    Integer steps;

    @Nullable
    Double guidanceScale;

    long seed;
    Map<String, String> labels;

    @Nullable
    String clientRef;

    GenerationRequest.Terms terms;

    @Nullable
    Routing routing;

    @Nullable
    Boolean sizeLeftOpen;

    List<Source> images;

    RequestDraft(GenerationRequest from) {
        this.from = from;
        prompt = from.prompt();
        negativePrompt = from.negativePrompt();
        model = from.model();
        engine = from.engine();
        pool = from.pool();
        size = from.size();
        steps = from.steps();
        guidanceScale = from.guidanceScale();
        seed = from.seed();
        labels = from.labels();
        clientRef = from.clientRef();
        terms = from.terms();
        routing = from.routing();
        sizeLeftOpen = from.sizeLeftOpen();
        images = from.images();
    }

    /** The request with another one asked to draw it. */
    GenerationRequest askedOf(Fallback one, List<Fallback> fallbacks, List<Fallback> tried) {
        model = one.model();
        engine = one.engine();
        pool = one.pool();
        size = one.size() == null ? from.size() : one.size();
        steps = one.steps();
        guidanceScale = one.guidanceScale();
        routing = new Routing(one.engineModel(), fallbacks, tried);
        return request();
    }

    GenerationRequest request() {
        return new GenerationRequest(
                prompt,
                negativePrompt,
                model,
                from.requestedModel(),
                engine,
                pool,
                from.n(),
                size,
                steps,
                guidanceScale,
                seed,
                from.grid(),
                from.metadata(),
                labels,
                clientRef,
                terms,
                from.enhance(),
                routing,
                sizeLeftOpen,
                images);
    }
}
