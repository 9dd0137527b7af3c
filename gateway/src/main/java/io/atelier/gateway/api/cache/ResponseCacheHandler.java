package io.atelier.gateway.api.cache;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers plain requests from the cache, and those for the state of a job without it, before they reach the server and the framework; fills the cache
 * with the responses that these make.
 * One for each connection, on its event loop. A request that comes while another one of its connection is being answered takes the long way, so
 * that responses keep their order.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write closes the connection.
final class ResponseCacheHandler extends ChannelDuplexHandler {

    private final ResponseCache cache;
    private final StateResponses states;
    private final int maxResponse;
    private final Supplier<String> requestIds;
    private final Runnable onHit;

    /** Requests that were passed on and have no complete response yet. */
    private int open;

    /** Whether the rest of the current request belongs to one that was answered here. */
    private boolean answered;

    /** The key of the only open request; null if it is not a plain one. */
    private @Nullable ResponseKey key;

    /** Whether the response to it is to be kept. */
    private boolean isRepeated;

    /** The number of changes of its job when the request came. */
    private int changes;

    private @Nullable Recording recording;

    /**
     * A handler for one connection.
     *
     * @param maxResponse the largest body that is kept, in bytes
     * @param requestIds makes the id of a request
     * @param onHit called for each request that is answered here
     */
    ResponseCacheHandler(
            ResponseCache cache, StateResponses states, int maxResponse, Supplier<String> requestIds, Runnable onHit) {
        this.cache = cache;
        this.states = states;
        this.maxResponse = maxResponse;
        this.requestIds = requestIds;
        this.onHit = onHit;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            if (isAnswered(context, request)) {
                answered = true;
                ReferenceCountUtil.release(message);
                return;
            }
            open++;
        } else if (answered) {
            answered = !(message instanceof LastHttpContent);
            ReferenceCountUtil.release(message);
            // The server asks for the next request after each response of its own.
            context.read();
            return;
        }
        context.fireChannelRead(message);
    }

    private boolean isAnswered(ChannelHandlerContext context, HttpRequest request) {
        recording = null;
        var plain = open == 0 ? ResponseKey.of(request).orElse(null) : null;
        key = plain;
        if (plain == null) {
            return false;
        }
        var found = cache.find(plain);
        if (found.isEmpty()) {
            changes = cache.changes(plain.job());
            isRepeated = cache.isRepeated(plain);
            found = rendered(plain);
        }
        found.ifPresent(response -> {
            onHit.run();
            context.writeAndFlush(response.message(requestIds.get()), context.voidPromise());
        });
        return found.isPresent();
    }

    /** The state of a job, which is kept if the job has ended and was asked for before. */
    private Optional<CachedResponse> rendered(ResponseKey plain) {
        return states.find(plain).map(state -> {
            if (isRepeated && state.isFinal()) {
                cache.put(plain, state.message(), changes);
            }
            return state.message();
        });
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse response
                && response.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
            begin(context, response);
        }
        var current = recording;
        if (current != null && !current.add(message)) {
            recording = null;
        }
        if (message instanceof LastHttpContent
                && !(message instanceof HttpResponse response
                        && response.status().codeClass() == HttpStatusClass.INFORMATIONAL)) {
            open--;
            end();
        }
        context.write(message, promise);
    }

    private void begin(ChannelHandlerContext context, HttpResponse response) {
        boolean isMarked = CacheableResponse.takeMark(context.channel());
        var plain = key;
        key = null;
        recording = null;
        // A response that ends its connection says so in its headers.
        if (plain == null || !response.status().equals(HttpResponseStatus.OK) || !HttpUtil.isKeepAlive(response)) {
            return;
        }
        if (plain.isState()) {
            states.learn(plain, response.headers());
        }
        long length = HttpUtil.getContentLength(response, -1L);
        if (isRepeated && isMarked && length >= 0 && length <= maxResponse) {
            recording = new Recording(plain, response.headers(), (int) length);
        }
    }

    private void end() {
        var complete = recording;
        recording = null;
        if (complete == null || !complete.isComplete()) {
            return;
        }
        cache.put(complete.key, complete.response(), changes);
    }

    /** The response that is being sent. */
    private static final class Recording {

        private final ResponseKey key;
        private final HttpHeaders headers;
        private final byte[] body;
        private int filled;

        Recording(ResponseKey key, HttpHeaders headers, int length) {
            this.key = key;
            this.headers = headers;
            this.body = new byte[length];
        }

        /** Copies the bytes of a message. Returns whether the message is of a kind that has its bytes in memory, and no more than announced. */
        boolean add(Object message) {
            if (message instanceof ByteBuf bytes) {
                return copy(bytes);
            }
            if (message instanceof ByteBufHolder holder) {
                return copy(holder.content());
            }
            return message instanceof HttpResponse || message instanceof LastHttpContent;
        }

        private boolean copy(ByteBuf bytes) {
            int count = bytes.readableBytes();
            if (count > body.length - filled) {
                return false;
            }
            bytes.getBytes(bytes.readerIndex(), body, filled, count);
            filled += count;
            return true;
        }

        boolean isComplete() {
            return filled == body.length;
        }

        CachedResponse response() {
            return new CachedResponse(headers, body);
        }
    }
}
