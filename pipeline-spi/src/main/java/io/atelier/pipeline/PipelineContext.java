package io.atelier.pipeline;

import java.util.concurrent.CompletionStage;

/** What belongs to one run of a pipeline. Thread-safe. */
public interface PipelineContext {

    /** The id of the request, which is also in the header {@code x-request-id} of its response. */
    String requestId();

    /**
     * Generates an image with Atelier: it is a generation like all others, so it is stored, can be found by its id, and goes on if the client disconnects.
     *
     * <p>Fails with a {@link PipelineException} that says why, as a failure of the pipeline {@code image_generation} does: 422 if the request is invalid,
     * else by the reason. A pipeline that passes it on answers exactly as that one. At most 8 images are generated for a run at the same time; one
     * more fails with {@link IllegalStateException}. Stages that depend on it run on threads that may block.
     */
    CompletionStage<PipelineImage> generate(PipelineImageRequest request);

    /** Whether nothing more is wanted: the client has disconnected, the time limit is over, or the response has ended. */
    boolean isCanceled();
}
