package io.atelier.pipeline;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * A pipeline: what a {@code POST} to {@code /{name}/run} does. The gateway loads it with {@link java.util.ServiceLoader}: a jar names the class in
 * {@code META-INF/services/io.atelier.pipeline.Pipeline}, and the class has a public constructor without parameters.
 *
 * <p>Must be thread-safe: one instance serves all requests. All methods, also those of a {@link Flow.Publisher} in a result, are called on threads that may
 * block; the first four are called once, when the jar is loaded.
 */
public interface Pipeline {

    /** The first part of the path: 1 to 64 letters, digits, {@code _} or {@code -}. */
    String name();

    /** One line for the OpenAPI document. */
    default String description() {
        return "";
    }

    /** The parameters of a request, in the order of the OpenAPI document. Others are ignored. */
    default List<PipelineParameter> parameters() {
        return List.of();
    }

    /** What {@link #run} results in, for the OpenAPI document. A result of another kind is sent all the same, as what it is. */
    ResultType resultType();

    /**
     * Runs the pipeline for one request.
     *
     * <p>It may block; its thread is interrupted when the time limit of the gateway is over, or when the client has disconnected.
     *
     * @param arguments the values of the parameters, which are valid
     * @param context what belongs to this request
     * @return completes with the result; is canceled when the thread would be interrupted. If it fails with a {@link PipelineException}, the client
     *     gets its status and detail, else the status 500 without any details; the cause is in the log of the gateway
     * @throws Exception like a stage that fails with it
     */
    CompletionStage<PipelineResult> run(PipelineArguments arguments, PipelineContext context) throws Exception;

    /** Is called once, when the jar was removed or replaced and the last request to it has ended, or when the gateway stops. */
    default void close() throws Exception {}
}
