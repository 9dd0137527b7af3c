package io.atelier.gateway.api.direct;

import io.atelier.gateway.api.problem.RequestIdFilter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.util.function.SingletonSupplier;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

/** Puts a {@link DirectSubmissionHandler} before the server's own handler of each connection. */
public final class DirectSubmissionCustomizer implements NettyServerCustomizer {

    /**
     * The server's limit for the time between two requests goes on while a request is being accepted here, so it must be longer than brokers and store may
     * take.
     */
    private static final Duration SHORTEST_IDLE_TIMEOUT = Duration.ofSeconds(30);

    private static final String NAME = DirectSubmissionHandler.class.getName();

    private final DirectSubmissions submissions;
    private final AcceptedResponses responses = new AcceptedResponses();
    private final OpenSubmissions openSubmissions;
    private final int maxBody;
    private final Duration idleTimeout;
    private final RequestIdFilter requestIds;
    private final MeterRegistry meters;

    /**
     * Puts handlers into the pipelines of a server.
     *
     * @param maxBody the largest body of a request that is accepted before the framework, in bytes
     * @param idleTimeout how long a connection may take until its next request
     */
    public DirectSubmissionCustomizer(
            DirectSubmissions submissions,
            OpenSubmissions openSubmissions,
            int maxBody,
            Duration idleTimeout,
            RequestIdFilter requestIds,
            MeterRegistry meters) {
        this.submissions = submissions;
        this.openSubmissions = openSubmissions;
        this.maxBody = maxBody;
        this.idleTimeout = idleTimeout;
        this.requestIds = requestIds;
        this.meters = meters;
    }

    @Override
    public HttpServer apply(HttpServer server) {
        if (idleTimeout.compareTo(SHORTEST_IDLE_TIMEOUT) < 0) {
            return server;
        }
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
                                submissions,
                                responses,
                                openSubmissions,
                                maxBody,
                                () -> requestIds.idOr(null),
                                (status, nanos) -> {
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
