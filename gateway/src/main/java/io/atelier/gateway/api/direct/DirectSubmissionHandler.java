package io.atelier.gateway.api.direct;

import io.atelier.gateway.api.direct.DirectSubmissions.Accepted;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.netty.NettyPipeline;
import reactor.netty.http.HttpConnectionLiveness;
import reactor.netty.http.IdleTimeoutHandler;

/**
 * Accepts plain requests for generations before they reach the server and the framework, and passes on all others, also those that are not accepted:
 * the framework alone makes problems. One for each connection, on its event loop. What arrives while a request is being accepted waits, so that
 * responses keep their order. A request whose body does not arrive together with its head is passed on, so that the time limits of the server hold.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write closes the connection.
final class DirectSubmissionHandler extends ChannelDuplexHandler {

    private static final Logger LOG = LoggerFactory.getLogger(DirectSubmissionHandler.class);

    private final DirectSubmissions submissions;
    private final AcceptedResponses responses;
    private final OpenSubmissions openSubmissions;
    private final int maxBody;
    private final AcceptedListener onAccepted;
    private final Queue<Object> waiting = new ArrayDeque<>();

    /** Requests that were passed on and have no complete response yet. */
    private int open;

    /** The only open request, if it is a plain one, whose response is learned from. */
    private @Nullable PlainSubmission passed;

    private @Nullable Received received;
    private boolean isSubmitting;

    /** How long the connection may take until its next request, while that is not measured. */
    private @Nullable Duration idleTimeout;

    /** Called for each request that is answered here. */
    @FunctionalInterface
    interface AcceptedListener {

        /**
         * A request was answered.
         *
         * @param status of the response
         * @param nanos from its head to its response
         */
        void accepted(HttpResponseStatus status, long nanos);
    }

    /**
     * A handler for one connection.
     *
     * @param maxBody the largest body of a request that is accepted here, in bytes
     */
    DirectSubmissionHandler(
            DirectSubmissions submissions,
            AcceptedResponses responses,
            OpenSubmissions openSubmissions,
            int maxBody,
            AcceptedListener onAccepted) {
        this.submissions = submissions;
        this.responses = responses;
        this.openSubmissions = openSubmissions;
        this.maxBody = maxBody;
        this.onAccepted = onAccepted;
    }

    /** A request of which nothing has been passed on. */
    private static final class Received {

        private final HttpHeaders known;
        private final List<Object> messages = new ArrayList<>();
        private final long start = System.nanoTime();

        /** @param known the headers of its response */
        Received(HttpHeaders known, HttpRequest head) {
            this.known = known;
            messages.add(head);
        }

        byte[] body() {
            var parts = messages.stream()
                    .filter(HttpContent.class::isInstance)
                    .map(part -> ((HttpContent) part).content().duplicate())
                    .toArray(ByteBuf[]::new);
            return ByteBufUtil.getBytes(Unpooled.wrappedUnmodifiableBuffer(parts));
        }

        void release() {
            messages.forEach(ReferenceCountUtil::release);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (isSubmitting) {
            waiting.add(message);
        } else {
            receive(context, message);
        }
    }

    private void receive(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest head) {
            passed = open == 0 ? PlainSubmission.of(head, maxBody).orElse(null) : null;
            var known = passed == null ? null : responses.headers(passed).orElse(null);
            if (known != null) {
                received = new Received(known, head);
            } else {
                open++;
                context.fireChannelRead(message);
            }
            return;
        }
        var current = received;
        if (current == null) {
            context.fireChannelRead(message);
            return;
        }
        current.messages.add(message);
        if (!(message instanceof HttpContent part) || part.decoderResult().isFailure()) {
            passOn(context, current);
        } else if (message instanceof LastHttpContent) {
            submit(context, current);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        passOnIncomplete(context);
        context.fireChannelReadComplete();
    }

    private void passOnIncomplete(ChannelHandlerContext context) {
        if (received != null && !isSubmitting) {
            passOn(context, received);
        }
    }

    private void passOn(ChannelHandlerContext context, Received current) {
        received = null;
        open++;
        current.messages.forEach(context::fireChannelRead);
    }

    private void submit(ChannelHandlerContext context, Received current) {
        if (!openSubmissions.begin()) {
            passOn(context, current);
            return;
        }
        isSubmitting = true;
        stopIdleTimeout(context);
        submissions
                .submit(current.body())
                .subscribe(
                        accepted -> onEventLoop(context, current, () -> answer(context, current, accepted)),
                        failure -> onEventLoop(context, current, () -> refuse(context, current, failure)));
    }

    private void onEventLoop(ChannelHandlerContext context, Received current, Runnable step) {
        Runnable guarded = () -> {
            try {
                step.run();
            } catch (RuntimeException e) {
                // A connection from which nothing is read any more would stay open without a response.
                LOG.error("A request for a generation was not answered", e);
                openSubmissions.end();
                context.close();
            }
        };
        if (context.executor().inEventLoop()) {
            guarded.run();
            return;
        }
        try {
            context.executor().execute(guarded);
        } catch (RejectedExecutionException stopped) {
            current.release();
            openSubmissions.end();
        }
    }

    private void answer(ChannelHandlerContext context, Received current, Accepted accepted) {
        received = null;
        current.release();
        var response = responses.response(current.known, accepted);
        onAccepted.accepted(response.status(), System.nanoTime() - current.start);
        var written = context.writeAndFlush(response);
        goOn(context);
        written.addListener(done -> openSubmissions.end());
    }

    /** The framework responds to a failure. */
    private void refuse(ChannelHandlerContext context, Received current, Throwable failure) {
        if (context.isRemoved()) {
            current.release();
        } else {
            SubmissionFailure.set(context.channel(), failure);
            passOn(context, current);
            goOn(context);
        }
        // The server knows the request now, and waits for it when it stops.
        openSubmissions.end();
    }

    private void goOn(ChannelHandlerContext context) {
        isSubmitting = false;
        while (!isSubmitting && !waiting.isEmpty()) {
            receive(context, waiting.remove());
        }
        passOnIncomplete(context);
        context.fireChannelReadComplete();
        // The server asks for the next request after each response of its own. To ask while a request is open would
        // fill the memory with those of a
        // client that does not wait.
        if (!isSubmitting && open == 0 && !context.isRemoved()) {
            IdleTimeoutHandler.addIdleTimeoutHandler(context.pipeline(), idleTimeout, HttpConnectionLiveness.CLOSE);
            context.read();
        }
    }

    /** The server measures the time until the next request also while one is being accepted here, of which it does not know. */
    private void stopIdleTimeout(ChannelHandlerContext context) {
        if (context.pipeline().get(NettyPipeline.IdleTimeoutHandler) instanceof IdleStateHandler timer) {
            idleTimeout = Duration.ofMillis(timer.getAllIdleTimeInMillis());
            IdleTimeoutHandler.removeIdleTimeoutHandler(context.pipeline());
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        context.fireUserEventTriggered(event);
        // The server may do the last of its previous request only now, and then measures the time again.
        if (isSubmitting) {
            stopIdleTimeout(context);
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        boolean isInformational =
                message instanceof HttpResponse head && head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (message instanceof HttpResponse head && !isInformational) {
            learn(head);
        }
        if (message instanceof LastHttpContent && !isInformational) {
            open--;
            SubmissionFailure.set(context.channel(), null);
        }
        context.write(message, promise);
    }

    private void learn(HttpResponse response) {
        var request = passed;
        passed = null;
        // A response that ends its connection says so in its headers.
        if (request != null
                && response.status().equals(HttpResponseStatus.ACCEPTED)
                && HttpUtil.isKeepAlive(response)) {
            responses.learn(request, response.headers());
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
        // What is being submitted is released with its result.
        if (received != null && !isSubmitting) {
            received.release();
            received = null;
        }
    }
}
