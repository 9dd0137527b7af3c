package io.atelier.gateway.api.direct;

import io.atelier.gateway.api.problem.RequestIdFilter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.util.function.SingletonSupplier;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

/** Puts a {@link DirectSubmissionHandler} before the server's own handler of each connection. */
public final class DirectSubmissionCustomizer implements NettyServerCustomizer {

    private static final String NAME = DirectSubmissionHandler.class.getName();

    private final DirectSubmissions submissions;
    private final AcceptedResponses responses;
    private final OpenSubmissions openSubmissions;
    private final int maxBody;
    private final MeterRegistry meters;

    /**
     * Puts handlers into the pipelines of a server.
     *
     * @param maxBody the largest body of a request that is accepted before the framework, in bytes
     */
    public DirectSubmissionCustomizer(
            DirectSubmissions submissions,
            OpenSubmissions openSubmissions,
            int maxBody,
            RequestIdFilter requestIds,
            MeterRegistry meters) {
        this.submissions = submissions;
        this.openSubmissions = openSubmissions;
        this.maxBody = maxBody;
        this.responses = new AcceptedResponses(() -> requestIds.idOr(null));
        this.meters = meters;
    }

    @Override
    public HttpServer apply(HttpServer server) {
        // Made after those of the framework, which has accepted a request before: a registry may refuse the second one
        // if an operator adds tags.
        var accepted = SingletonSupplier.of(() -> timer(HttpResponseStatus.ACCEPTED));
        var ended = SingletonSupplier.of(() -> timer(HttpResponseStatus.OK));
        var direct = meters.counter("atelier.submissions.direct");
        return server.doOnChannelInit((observer, channel, address) -> channel.pipeline()
                .addBefore(
                        NettyPipeline.HttpTrafficHandler,
                        NAME,
                        new DirectSubmissionHandler(
                                submissions, responses, openSubmissions, maxBody, (status, nanos) -> {
                                    direct.increment();
                                    (status.equals(HttpResponseStatus.OK) ? ended : accepted)
                                            .obtain()
                                            .record(nanos, TimeUnit.NANOSECONDS);
                                })));
    }

    /** The framework's own timer of these requests. */
    private Timer timer(HttpResponseStatus status) {
        return meters.timer(
                "http.server.requests",
                "error",
                "none",
                "exception",
                "none",
                "method",
                "POST",
                "outcome",
                "SUCCESS",
                "status",
                status.codeAsText().toString(),
                "uri",
                "/v1/generations");
    }
}
