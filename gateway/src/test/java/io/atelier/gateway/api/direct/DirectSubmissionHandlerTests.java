package io.atelier.gateway.api.direct;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.atelier.gateway.api.direct.DirectSubmissions.Accepted;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.NettyPipeline;
import reactor.netty.http.HttpConnectionLiveness;
import reactor.netty.http.IdleTimeoutHandler;

class DirectSubmissionHandlerTests {

    private static final int MAX_BODY = 100;

    private final List<String> bodies = new ArrayList<>();
    private final List<HttpResponseStatus> statuses = new ArrayList<>();
    private final OpenSubmissions open = new OpenSubmissions();
    private Mono<Accepted> result = Mono.just(accepted(false));
    private final EmbeddedChannel channel = new EmbeddedChannel(new DirectSubmissionHandler(
            body -> Mono.defer(() -> {
                bodies.add(new String(body, StandardCharsets.UTF_8));
                return result;
            }),
            new AcceptedResponses(() -> "req_1"),
            open,
            MAX_BODY,
            (status, nanos) -> statuses.add(status)));

    @BeforeEach
    void frameworkAcceptsOne() {
        open.start();
        channel.writeInbound(head(2), last("{}"));
        assertThat(passed()).isEqualTo("POST {}");
        frameworkResponds(HttpResponseStatus.ACCEPTED);
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void acceptedJobGetsTheHeadersOfTheFrameworkAndItsOwn() {
        channel.writeInbound(head(7), last("{\"a\":1}"));

        assertThat(bodies).containsExactly("{\"a\":1}");
        assertThat(passed()).isEmpty();
        FullHttpResponse response = channel.readOutbound();
        assertThat(response.status()).isEqualTo(HttpResponseStatus.ACCEPTED);
        assertThat(response.headers().get("location")).isEqualTo("/v1/generations/new");
        assertThat(response.headers().get("retry-after")).isEqualTo("3");
        assertThat(response.headers().get("cache-control")).isEqualTo("no-store");
        assertThat(response.headers().get("x-request-id")).isEqualTo("req_1");
        assertThat(response.headers().getInt("content-length")).isEqualTo(8);
        assertThat(response.content().toString(StandardCharsets.UTF_8)).isEqualTo("{\"id\":1}");
        assertThat(statuses).containsExactly(HttpResponseStatus.ACCEPTED);
        response.release();
    }

    @Test
    void jobThatHasEndedMeanwhileIsNotALocationToFollow() {
        result = Mono.just(accepted(true));
        channel.writeInbound(head(2), last("{}"));

        FullHttpResponse response = channel.readOutbound();
        assertThat(response.status()).isEqualTo(HttpResponseStatus.OK);
        assertThat(response.headers().get("content-location")).isEqualTo("/v1/generations/new");
        assertThat(response.headers().contains("location")).isFalse();
        assertThat(response.headers().contains("retry-after")).isFalse();
        response.release();
    }

    @Test
    void failureIsTheFrameworksAndIsNotTriedAgain() {
        var failure = new IllegalStateException("no broker");
        result = Mono.error(failure);
        channel.writeInbound(head(2), last("{}"));

        assertThat(passed()).isEqualTo("POST {}");
        assertThat(SubmissionFailure.of(channel)).containsSame(failure);
        frameworkResponds(HttpResponseStatus.SERVICE_UNAVAILABLE);
        assertThat(SubmissionFailure.of(channel)).as("for the next request").isEmpty();
        assertThat(bodies).hasSize(1);
        assertThat(statuses).isEmpty();
    }

    @Test
    void whatFollowsWaitsForTheResponse() {
        Sinks.One<Accepted> later = Sinks.one();
        result = later.asMono();
        channel.writeInbound(head(2), last("{}"), get(), last(""), head(2), last("[]"));
        assertThat(passed()).isEmpty();
        assertThat(channel.outboundMessages()).isEmpty();

        later.tryEmitValue(accepted(false));
        channel.runPendingTasks();

        FullHttpResponse response = channel.readOutbound();
        assertThat(response.status()).isEqualTo(HttpResponseStatus.ACCEPTED);
        response.release();
        assertThat(passed()).as("the last one follows one that is open").isEqualTo("GET POST []");
        assertThat(bodies).containsExactly("{}");
    }

    @DisplayName("A client that does not wait for responses is read from only when nothing of it is open")
    @Test
    void nothingIsReadWhileARequestIsOpen() {
        var reads = new AtomicInteger();
        channel.config().setAutoRead(false);
        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void read(ChannelHandlerContext context) {
                reads.incrementAndGet();
            }
        });
        var results = List.of(Sinks.<Accepted>one(), Sinks.<Accepted>one());
        var next = results.iterator();
        result = Mono.defer(() -> next.next().asMono());
        channel.writeInbound(head(2), last("{}"), head(2), last("[]"));

        assertThat(results.get(0).tryEmitValue(accepted(false)).isSuccess()).isTrue();
        channel.runPendingTasks();
        assertThat(bodies).containsExactly("{}", "[]");
        assertThat(reads).hasValue(0);

        assertThat(results.get(1).tryEmitValue(accepted(false)).isSuccess()).isTrue();
        channel.runPendingTasks();
        assertThat(reads).hasValue(1);
    }

    @DisplayName(
            "The time until the next request is not measured while one is being accepted, and is measured again afterwards")
    @Test
    void idleTimeoutBeginsWithTheResponse() {
        channel.freezeTime();
        measureIdleTime();
        Sinks.One<Accepted> later = Sinks.one();
        result = later.asMono();
        channel.writeInbound(head(2), last("{}"));
        pass(Duration.ofSeconds(20));
        assertThat(channel.isOpen()).isTrue();

        later.tryEmitValue(accepted(false));
        pass(Duration.ofSeconds(1));
        assertThat(channel.isOpen()).isTrue();
        pass(Duration.ofSeconds(2));
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void idleTimeoutThatTheServerBeginsLateIsNotMeasuredEither() {
        channel.freezeTime();
        channel.pipeline().addFirst(NettyPipeline.HttpCodec, new ChannelInboundHandlerAdapter());
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void userEventTriggered(ChannelHandlerContext context, Object event) {
                IdleTimeoutHandler.addIdleTimeoutHandler(
                        context.pipeline(), Duration.ofSeconds(2), HttpConnectionLiveness.CLOSE);
            }
        });
        result = Mono.never();
        channel.writeInbound(head(2), last("{}"));

        channel.pipeline().fireUserEventTriggered("the previous response has ended");
        pass(Duration.ofSeconds(20));

        assertThat(channel.isOpen()).isTrue();
    }

    /** As the server does between requests, with a timeout of 2 s. */
    private void measureIdleTime() {
        channel.pipeline().addFirst(NettyPipeline.HttpCodec, new ChannelInboundHandlerAdapter());
        IdleTimeoutHandler.addIdleTimeoutHandler(
                channel.pipeline(), Duration.ofSeconds(2), HttpConnectionLiveness.CLOSE);
    }

    private void pass(Duration time) {
        channel.runPendingTasks();
        channel.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void bodyThatComesLaterIsPassedOn() {
        channel.writeInbound(head(4));
        channel.writeInbound(last("{  }"));

        assertThat(passed()).isEqualTo("POST {  }");
        assertThat(bodies).isEmpty();
    }

    @DisplayName("A request whose response may depend on more than its host and type is passed on")
    @ParameterizedTest
    @CsvSource({
        "Prefer, wait=1",
        "Idempotency-Key, a",
        "x-request-id, my-id",
        "traceparent, 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "Origin, https://example.org",
        "Accept, text/event-stream",
        "Accept, image/png",
        "Content-Type, text/plain",
        "Content-Encoding, gzip",
        "Connection, close",
        "Expect, 100-continue",
        "Cancel-After, 1s",
        "Host, example.org",
        "Content-Length, 101",
        "Content-Length, x"
    })
    void otherRequestsArePassedOn(String name, String value) {
        var head = head(2);
        head.headers().set(name, value);
        channel.writeInbound(head, last("{}"));

        assertThat(passed()).isEqualTo("POST {}");
        assertThat(bodies).isEmpty();
    }

    @Test
    void headerThatIsSentTwiceIsPassedOn() {
        for (var name : List.of("Host", "Content-Type", "Content-Length", "Accept")) {
            var head = head(2);
            head.headers().set("Accept", "*/*");
            head.headers().add(name, head.headers().get(name));
            channel.writeInbound(head, last("{}"));
            assertThat(passed()).as(name).isEqualTo("POST {}");
            frameworkResponds(HttpResponseStatus.BAD_REQUEST);
        }
        assertThat(bodies).isEmpty();
    }

    @Test
    void stopWaitsForTheResponseAndTakesNoMore() {
        Sinks.One<Accepted> later = Sinks.one();
        result = later.asMono();
        var stopped = new AtomicBoolean();
        channel.writeInbound(head(2), last("{}"));

        open.stop(() -> stopped.set(true));
        assertThat(stopped).isFalse();
        later.tryEmitValue(accepted(false));
        channel.runPendingTasks();
        assertThat(stopped).isTrue();
        channel.releaseOutbound();

        channel.writeInbound(head(2), last("{}"));
        assertThat(passed()).isEqualTo("POST {}");
    }

    @Test
    void buffersAreReleasedWhenTheClientLeaves() {
        Sinks.One<Accepted> later = Sinks.one();
        result = later.asMono();
        var first = last("{}");
        var second = last("[]");
        channel.writeInbound(head(2), first, head(2), second);

        channel.close().syncUninterruptibly();
        later.tryEmitValue(accepted(false));
        channel.runPendingTasks();

        assertThat(first.refCnt()).isZero();
        assertThat(second.refCnt()).isZero();
        var stopped = new AtomicBoolean();
        open.stop(() -> stopped.set(true));
        assertThat(stopped).isTrue();
    }

    @DisplayName("A client that leaves before its job is accepted is no error")
    @Test
    void leavingClientIsNoError() {
        measureIdleTime();
        Sinks.One<Accepted> later = Sinks.one();
        result = later.asMono();
        channel.writeInbound(head(2), last("{}"));
        var logger = (Logger) LoggerFactory.getLogger(DirectSubmissionHandler.class);
        var log = new ListAppender<ILoggingEvent>();
        log.start();
        logger.addAppender(log);
        try {
            channel.close().syncUninterruptibly();
            later.tryEmitValue(accepted(false));
            channel.runPendingTasks();
        } finally {
            logger.detachAppender(log);
        }

        assertThat(log.list).isEmpty();
    }

    private static Accepted accepted(boolean hasEnded) {
        return new Accepted(hasEnded, "/v1/generations/new", 3, "{\"id\":1}".getBytes(StandardCharsets.UTF_8));
    }

    private void frameworkResponds(HttpResponseStatus status) {
        var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, bytes("{}"));
        response.headers()
                .set("content-length", 2)
                .set("location", "/v1/generations/old")
                .set("retry-after", "9")
                .set("cache-control", "no-store")
                .set("x-request-id", "req_0");
        channel.writeOutbound(response);
        channel.releaseOutbound();
    }

    /** What the server has received: methods and bodies. */
    private String passed() {
        var text = new StringBuilder();
        Object message = channel.readInbound();
        while (message != null) {
            if (message instanceof HttpRequest request) {
                text.append(text.isEmpty() ? "" : " ").append(request.method());
            } else if (message instanceof DefaultLastHttpContent part) {
                var body = part.content().toString(StandardCharsets.UTF_8);
                text.append(body.isEmpty() ? "" : " " + body);
                part.release();
            }
            message = channel.readInbound();
        }
        return text.toString();
    }

    private static HttpRequest head(int length) {
        var head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/v1/generations");
        head.headers()
                .set("Host", "localhost")
                .set("Content-Type", "application/json")
                .set("Content-Length", length)
                .set("User-Agent", "test");
        return head;
    }

    private static HttpRequest get() {
        var head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/v1/generations");
        head.headers().set("Host", "localhost");
        return head;
    }

    private static DefaultLastHttpContent last(String body) {
        return new DefaultLastHttpContent(bytes(body));
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }
}
