package io.atelier.gateway.api.direct;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.netty.http.server.HttpServerRequest;

/** Why a request was not accepted before it reached the framework, which responds to it then. */
public final class SubmissionFailure {

    private static final AttributeKey<Throwable> FAILURE = AttributeKey.valueOf(SubmissionFailure.class, "failure");

    private SubmissionFailure() {}

    /** The failure of this request, which must not be tried again; empty if it was not tried. */
    public static Optional<Throwable> of(ServerHttpRequest request) {
        var failure = new AtomicReference<@Nullable Throwable>();
        if (ServerHttpRequestDecorator.getNativeRequest(request) instanceof HttpServerRequest server) {
            server.withConnection(
                    connection -> failure.set(of(connection.channel()).orElse(null)));
        }
        return Optional.ofNullable(failure.get());
    }

    /** The failure of the only open request of a channel. */
    static Optional<Throwable> of(Channel channel) {
        return Optional.ofNullable(channel.attr(FAILURE).get());
    }

    /** Sets the failure of the only open request of a channel; null for none. */
    static void set(Channel channel, @Nullable Throwable failure) {
        channel.attr(FAILURE).set(failure);
    }
}
