package io.atelier.gateway.faces.hayhooks;

import io.atelier.pipeline.Pipeline;
import io.atelier.pipeline.PipelineArguments;
import io.atelier.pipeline.PipelineContext;
import io.atelier.pipeline.PipelineResult;
import io.atelier.pipeline.ResultType;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A pipeline of a YAML file whose result does not depend on the request.
 *
 * @param source makes the result; may block
 */
record StaticPipeline(String name, String description, ResultType resultType, Source source) implements Pipeline {

    /** Makes results. */
    @FunctionalInterface
    interface Source {

        PipelineResult result() throws IOException;
    }

    @Override
    public CompletionStage<PipelineResult> run(PipelineArguments arguments, PipelineContext context)
            throws IOException {
        return CompletableFuture.completedFuture(source.result());
    }
}
