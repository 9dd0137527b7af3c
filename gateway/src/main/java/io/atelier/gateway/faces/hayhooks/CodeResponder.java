package io.atelier.gateway.faces.hayhooks;

import io.atelier.gateway.api.problem.RequestIdFilter;
import io.atelier.gateway.faces.hayhooks.ImagePipeline.Disposition;
import io.atelier.gateway.faces.pipelines.HostedPipeline;
import io.atelier.gateway.faces.pipelines.PipelineHost;
import io.atelier.gateway.faces.pipelines.ResultResponder;
import java.util.Optional;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Runs pipelines in Java, and responds with their results. Thread-safe. */
final class CodeResponder {

    private final PipelineRegistry pipelines;
    private final ArgumentReader arguments;
    private final PipelineHost host;
    private final ResultResponder results;

    CodeResponder(PipelineRegistry pipelines, ArgumentReader arguments, PipelineHost host, ResultResponder results) {
        this.pipelines = pipelines;
        this.arguments = arguments;
        this.host = host;
        this.results = results;
    }

    /**
     * Runs a pipeline. Fails if it does not exist any more.
     *
     * @param disposition that the client asks for
     */
    Mono<Void> run(ServerWebExchange exchange, String name, Optional<Disposition> disposition) {
        var isInline = disposition.map(kind -> kind == Disposition.INLINE);
        return Mono.using(
                () -> acquire(name),
                pipeline -> arguments
                        .read(exchange.getRequest(), pipeline.declaration())
                        .flatMap(values -> host.run(
                                pipeline,
                                values,
                                String.valueOf(exchange.<Object>getAttribute(RequestIdFilter.HEADER)),
                                (run, result) -> results.send(exchange, run, result, isInline))),
                HostedPipeline::release);
    }

    /** The pipeline, which is not closed before it is released. If it was replaced in this moment, the other one is found. */
    private HostedPipeline acquire(String name) {
        while (pipelines.find(name).orElseThrow(HayhooksErrors::notFound) instanceof CodePipeline pipeline) {
            if (pipeline.hosted().acquire()) {
                return pipeline.hosted();
            }
        }
        throw HayhooksErrors.notFound();
    }
}
