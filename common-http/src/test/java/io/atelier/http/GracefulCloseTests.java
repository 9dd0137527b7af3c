package io.atelier.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class GracefulCloseTests {

    private static final int MEGABYTE = 1024 * 1024;

    private final TwoWayChannel channel = new TwoWayChannel();

    @BeforeEach
    void freeze() {
        channel.freezeTime();
    }

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    @Test
    void restOfARefusedBodyIsDiscardedToItsEnd() {
        refuse();
        assertThat(channel.isOutputShutdown())
                .as("the client sees the end of the response")
                .isTrue();
        close();
        assertThat(channel.isOpen()).as("to close it again changes nothing").isTrue();

        var part = part(5);
        var last = new DefaultLastHttpContent(Unpooled.wrappedBuffer(new byte[5]));
        channel.writeInbound(part);
        assertThat(channel.isOpen()).isTrue();
        channel.writeInbound(last);

        assertThat(channel.isOpen()).isFalse();
        assertThat(part.refCnt()).isZero();
        assertThat(last.refCnt()).isZero();
    }

    @Test
    void refusedBodyIsReceivedForALimitedTime() {
        refuse();
        pass(GracefulClose.MAX_LINGER.minusSeconds(1));
        assertThat(channel.isOpen()).isTrue();
        pass(Duration.ofSeconds(2));
        assertThat(channel.isOpen()).isFalse();
    }

    @DisplayName("After what cannot be read, whose bytes are not counted, the connection is open for a short time only")
    @Test
    void unreadableRequestIsReceivedForAShortTime() {
        var unreadable = post();
        unreadable.setDecoderResult(DecoderResult.failure(new IllegalArgumentException("a bad line")));
        channel.writeInbound(unreadable);
        respond();
        close();
        pass(GracefulClose.UNREADABLE_LINGER.minusMillis(500));
        assertThat(channel.isOpen()).isTrue();
        pass(Duration.ofSeconds(1));
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void refusedBodyIsReceivedToALimitedSize() {
        refuse();
        for (long sent = 0; sent < GracefulClose.MAX_DISCARDED; sent += MEGABYTE) {
            assertThat(channel.isOpen()).isTrue();
            channel.writeInbound(part(MEGABYTE));
        }
        channel.writeInbound(part(1));
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void refusedBodyEndsWithItsClient() {
        refuse();
        halfClose();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void connectionWithoutARestClosesAtOnce() {
        channel.writeInbound(post(), LastHttpContent.EMPTY_LAST_CONTENT);
        respond();
        close();
        assertThat(channel.isOpen()).isFalse();
        assertThat(channel.isOutputShutdown()).isFalse();
    }

    @Test
    void requestWithoutAResponseClosesAtOnce() {
        channel.writeInbound(post());
        close();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void halfClosedConnectionEndsWithItsLastResponse() {
        channel.writeInbound(post(), LastHttpContent.EMPTY_LAST_CONTENT, post(), LastHttpContent.EMPTY_LAST_CONTENT);
        halfClose();
        assertThat(channel.isOpen()).isTrue();
        respond();
        assertThat(channel.isOpen()).isTrue();
        channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        assertThat(channel.isOpen()).isTrue();
        respond();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void nothingIsReadFromAHalfClosedConnection() {
        var reads = new AtomicInteger();
        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void read(ChannelHandlerContext context) {
                reads.incrementAndGet();
            }
        });
        channel.writeInbound(post(), LastHttpContent.EMPTY_LAST_CONTENT);
        int before = reads.get();
        channel.read();
        assertThat(reads).hasValue(before + 1);
        halfClose();
        channel.read();
        assertThat(reads).hasValue(before + 1);
    }

    @Test
    void halfClosedConnectionEndsWhenNothingIsSent() {
        channel.writeInbound(post(), LastHttpContent.EMPTY_LAST_CONTENT);
        halfClose();
        pass(GracefulClose.HALF_CLOSED_TIMEOUT.dividedBy(2));
        channel.writeOutbound(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
        for (int i = 0; i < 5; i++) {
            pass(GracefulClose.HALF_CLOSED_TIMEOUT.dividedBy(2));
            assertThat(channel.isOpen()).isTrue();
            channel.writeOutbound(part(1));
        }
        pass(GracefulClose.HALF_CLOSED_TIMEOUT.plusMillis(10));
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void clientThatLeavesAStreamIsNotWaitedFor() {
        channel.writeInbound(post(), LastHttpContent.EMPTY_LAST_CONTENT);
        channel.writeOutbound(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK), part(1));
        halfClose();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void downloadThatHasBegunGoesOn() {
        channel.writeInbound(post(), LastHttpContent.EMPTY_LAST_CONTENT);
        var response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, 2);
        channel.writeOutbound(response, part(1));
        halfClose();
        assertThat(channel.isOpen()).isTrue();
        channel.writeOutbound(part(1), LastHttpContent.EMPTY_LAST_CONTENT);
        channel.runPendingTasks();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void halfClosedConnectionEndsAtOnceIfNothingIsOpen() {
        halfClose();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void halfClosedConnectionEndsAtOnceAfterItsResponses() {
        channel.writeInbound(post(), LastHttpContent.EMPTY_LAST_CONTENT);
        respond();
        halfClose();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void halfClosedConnectionEndsAtOnceInTheMiddleOfABody() {
        channel.writeInbound(post(), part(1));
        halfClose();
        assertThat(channel.isOpen()).isFalse();
    }

    private void refuse() {
        channel.writeInbound(post());
        respond();
        close();
        assertThat(channel.isOpen()).isTrue();
    }

    private void close() {
        assertThat(channel.pipeline().close()).isNotNull();
        channel.runPendingTasks();
    }

    private void halfClose() {
        assertThat(channel.shutdownInput().isSuccess()).isTrue();
        channel.runPendingTasks();
    }

    private void respond() {
        channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
        channel.runPendingTasks();
    }

    private void pass(Duration time) {
        channel.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }

    private static DefaultHttpRequest post() {
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/");
    }

    private static HttpContent part(int bytes) {
        return new DefaultHttpContent(Unpooled.wrappedBuffer(new byte[bytes]));
    }

    /** A channel of which each side can be closed alone. */
    private static final class TwoWayChannel extends EmbeddedChannel implements DuplexChannel {

        private boolean isInputShutdown;
        private boolean isOutputShutdown;

        TwoWayChannel() {
            super(new GracefulClose());
        }

        @Override
        public boolean isInputShutdown() {
            return isInputShutdown;
        }

        @Override
        public ChannelFuture shutdownInput() {
            return shutdownInput(newPromise());
        }

        @Override
        public ChannelFuture shutdownInput(ChannelPromise promise) {
            isInputShutdown = true;
            pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            return promise.setSuccess();
        }

        @Override
        public boolean isOutputShutdown() {
            return isOutputShutdown;
        }

        @Override
        public ChannelFuture shutdownOutput() {
            return shutdownOutput(newPromise());
        }

        @Override
        public ChannelFuture shutdownOutput(ChannelPromise promise) {
            isOutputShutdown = true;
            return promise.setSuccess();
        }

        @Override
        public boolean isShutdown() {
            return isInputShutdown && isOutputShutdown;
        }

        @Override
        public ChannelFuture shutdown() {
            return shutdown(newPromise());
        }

        @Override
        public ChannelFuture shutdown(ChannelPromise promise) {
            isInputShutdown = true;
            isOutputShutdown = true;
            return promise.setSuccess();
        }
    }
}
