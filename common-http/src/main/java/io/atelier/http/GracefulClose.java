package io.atelier.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes connections so that clients receive their responses (RFC 9112 §9.6). A client that still sends the rest of a request that was answered would see
 * a reset instead of the response: so the server closes its own side first, and discards what comes until the client has closed, for a limited time and
 * number of bytes. A client that has closed its own side receives the responses to what it has sent, and the connection ends with the last of them, or
 * as soon as nothing is sent for a while: most clients that close their side are gone, which looks the same. One for each connection, after the decoder.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write closes the connection.
final class GracefulClose extends ChannelDuplexHandler {

    static final Duration MAX_LINGER = Duration.ofSeconds(30);
    static final long MAX_DISCARDED = 64 * 1024 * 1024;

    /** After what cannot be read, the decoder discards everything itself: the bytes cannot be counted. */
    static final Duration UNREADABLE_LINGER = Duration.ofSeconds(2);

    /** How long nothing may be sent to a client that has closed its own side. */
    static final Duration HALF_CLOSED_TIMEOUT = Duration.ofSeconds(2);

    /** Requests whose response is not complete. */
    private int open;

    /** Whether the end of the latest request has not arrived, or cannot be found. */
    private boolean isReceiving;

    /** Whether a response of unknown length, such as an event stream, has begun and is not complete. */
    private boolean isStreaming;

    /** Whether the latest message cannot be read, so that nothing after it counts as a part of a request. */
    private boolean isUnreadable;

    private boolean isHalfClosed;
    private boolean isLingering;
    private long discarded;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (isLingering) {
            discard(context, message);
            return;
        }
        if (message instanceof HttpRequest) {
            open++;
        }
        isReceiving = !isEnd(message);
        isUnreadable =
                message instanceof HttpObject part && part.decoderResult().isFailure();
        context.fireChannelRead(message);
    }

    /** Whether it is the end of a request. What cannot be read has none. */
    private static boolean isEnd(Object message) {
        return message instanceof LastHttpContent last && last.decoderResult().isSuccess();
    }

    private void discard(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpContent part) {
            discarded += part.content().readableBytes();
        }
        boolean isEnd = isEnd(message);
        ReferenceCountUtil.release(message);
        if (isEnd || discarded > MAX_DISCARDED) {
            context.close();
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse response && !isInformational(message)) {
            isStreaming = !HttpUtil.isContentLengthSet(response);
        }
        if (message instanceof LastHttpContent && !isInformational(message)) {
            isStreaming = false;
            open--;
            if (isHalfClosed && open <= 0) {
                context.write(message, promise.unvoid()).addListener(ChannelFutureListener.CLOSE);
                return;
            }
        }
        context.write(message, promise);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            isHalfClosed = true;
            endHalfClosed(context);
        } else if (isHalfClosed && event instanceof IdleStateEvent) {
            context.close();
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void read(ChannelHandlerContext context) {
        // Nothing comes any more, and Netty 4.2.18 fails to wait for it.
        if (!isHalfClosed) {
            context.read();
        }
    }

    private void endHalfClosed(ChannelHandlerContext context) {
        if (isLingering || isStreaming || (isReceiving && open > 0)) {
            context.close();
            return;
        }
        context.pipeline()
                .addBefore(
                        context.name(),
                        null,
                        new IdleStateHandler(true, 0, HALF_CLOSED_TIMEOUT.toMillis(), 0, TimeUnit.MILLISECONDS));
        if (open <= 0) {
            // After what is still being sent.
            context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private static boolean isInformational(Object message) {
        return message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (isLingering) {
            context.channel().closeFuture().addListener(closed -> promise.trySuccess());
        } else if (isReceiving
                && open <= 0
                && context.channel() instanceof DuplexChannel channel
                && !channel.isInputShutdown()
                // TLS does not know the end of one side alone.
                && context.pipeline().get(SslHandler.class) == null) {
            isLingering = true;
            linger(context, channel, isUnreadable ? UNREADABLE_LINGER : MAX_LINGER, promise);
        } else {
            context.close(promise);
        }
    }

    private static void linger(
            ChannelHandlerContext context, DuplexChannel channel, Duration limit, ChannelPromise promise) {
        var timeout = context.executor().schedule(() -> context.close(), limit.toMillis(), TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(closed -> {
            timeout.cancel(false);
            promise.trySuccess();
        });
        channel.shutdownOutput().addListener(shutdown -> {
            if (!shutdown.isSuccess()) {
                context.close();
            }
        });
        channel.config().setAutoRead(true);
    }
}
