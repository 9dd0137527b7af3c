package io.atelier.gateway.faces.pipelines;

import io.atelier.pipeline.PipelineImage;
import io.atelier.pipeline.PipelineImageRequest;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** Generates images for pipelines. Thread-safe. */
@FunctionalInterface
public interface PipelineImages {

    /**
     * Generates an image. Fails with an {@link io.atelier.pipeline.PipelineException} whose cause is the problem, if there is one.
     *
     * @param pipeline that asks for it
     * @param timeout how long to wait for it; it is generated all the same
     */
    Mono<PipelineImage> generate(String pipeline, PipelineImageRequest request, Duration timeout);
}
