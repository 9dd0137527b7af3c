package io.atelier.gateway.api.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.SampleJobs;
import io.atelier.gateway.api.cache.StateRenderer.RenderedState;
import io.atelier.gateway.view.jobs.JobSummary;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

class ResponseCacheHandlerTests {

    private final Job job = SampleJobs.in(JobStatus.SUCCEEDED);
    private final AtomicInteger hits = new AtomicInteger();
    private final ResponseCache cache =
            new ResponseCache(new ResponseCacheProperties(DataSize.ofMegabytes(1), DataSize.ofBytes(10)));
    private Optional<RenderedState> state = Optional.empty();
    private final EmbeddedChannel channel = new EmbeddedChannel(
            new ResponseCacheHandler(cache, new StateResponses(id -> state), 10, () -> "req_1", hits::incrementAndGet));

    @BeforeEach
    void askOnce() {
        request();
        channel.writeOutbound(head(0), LastHttpContent.EMPTY_LAST_CONTENT);
        channel.releaseOutbound();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void responseInPiecesIsKept() {
        request();
        mark();
        channel.writeOutbound(head(6), bytes("abc"), bytes("def"), LastHttpContent.EMPTY_LAST_CONTENT);

        assertThat(isKept()).isTrue();
        FullHttpResponse response = lastResponse();
        assertThat(response.content().toString(StandardCharsets.US_ASCII)).isEqualTo("abcdef");
        assertThat(response.headers().get("x-request-id")).isEqualTo("req_1");
    }

    @Test
    void wholeResponseIsKept() {
        request();
        mark();
        var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, bytes("abc"));
        response.headers().set("content-length", 3);
        channel.writeOutbound(response);

        assertThat(isKept()).isTrue();
    }

    @Test
    void firstResponseIsNotKept() {
        var other = new EmbeddedChannel(handler());
        request(other);
        CacheableResponse.mark(other);
        other.writeOutbound(head(3), bytes("abc"), LastHttpContent.EMPTY_LAST_CONTENT);
        request(other);

        assertThat(hits).hasValue(0);
        other.finishAndReleaseAll();
    }

    @Test
    void responseWithoutAMarkIsNotKept() {
        request();
        channel.writeOutbound(head(3), bytes("abc"), LastHttpContent.EMPTY_LAST_CONTENT);

        assertThat(isKept()).isFalse();
    }

    @Test
    void responseThatIsTooLargeOrOfUnknownLengthIsNotKept() {
        request();
        mark();
        channel.writeOutbound(head(11), bytes("abcdefghijk"), LastHttpContent.EMPTY_LAST_CONTENT);
        assertThat(isKept()).isFalse();
        channel.writeOutbound(head(0), LastHttpContent.EMPTY_LAST_CONTENT);

        request();
        mark();
        var chunked = head(0);
        chunked.headers().remove("content-length");
        channel.writeOutbound(chunked, bytes("abc"), LastHttpContent.EMPTY_LAST_CONTENT);
        assertThat(isKept()).isFalse();
    }

    @Test
    void responseThatBreaksOffIsNotKept() {
        request();
        mark();
        channel.writeOutbound(head(6), bytes("abc"), LastHttpContent.EMPTY_LAST_CONTENT);

        assertThat(isKept()).isFalse();
    }

    @Test
    void responseOfAStateThatHasChangedMeanwhileIsNotKept() {
        request();
        mark();
        cache.changed(JobSummary.of(job));
        channel.writeOutbound(head(3), bytes("abc"), LastHttpContent.EMPTY_LAST_CONTENT);

        assertThat(isKept()).isFalse();
    }

    @Test
    void responseToARequestThatWasFollowedByAnotherOneIsNotKept() {
        request();
        request();
        mark();
        channel.writeOutbound(head(3), bytes("abc"), LastHttpContent.EMPTY_LAST_CONTENT);
        channel.writeOutbound(head(3), bytes("abc"), LastHttpContent.EMPTY_LAST_CONTENT);

        assertThat(isKept()).isFalse();
    }

    @Test
    void informationIsNoResponse() {
        request();
        channel.writeOutbound(
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, bytes("")));
        mark();
        channel.writeOutbound(head(3), bytes("abc"), LastHttpContent.EMPTY_LAST_CONTENT);

        assertThat(isKept()).isTrue();
    }

    @Test
    void stateIsRenderedWithTheHeadersOfAnotherOne() {
        var other = new EmbeddedChannel(handler());
        request(other);
        var first = head(3);
        first.headers()
                .set("x-request-id", "req_0")
                .set("etag", "\"1-0\"")
                .set("retry-after", "1")
                .set("x-own", "yes");
        other.writeOutbound(first, bytes("abc"), LastHttpContent.EMPTY_LAST_CONTENT);
        other.releaseOutbound();

        state = Optional.of(new RenderedState(true, "\"2-0\"", null, "later".getBytes(StandardCharsets.US_ASCII)));
        request(other);

        assertThat(hits).hasValue(1);
        FullHttpResponse response = other.readOutbound();
        assertThat(response.content().toString(StandardCharsets.US_ASCII)).isEqualTo("later");
        assertThat(response.headers().entries().stream().map(header -> header.getKey() + ": " + header.getValue()))
                .containsExactlyInAnyOrder("content-length: 5", "etag: \"2-0\"", "x-own: yes", "x-request-id: req_1");
        response.release();
        other.finishAndReleaseAll();
    }

    @DisplayName("The state of a job that has ended is rendered once if it was asked for before")
    @ParameterizedTest
    @CsvSource({"true, 1", "false, 5"})
    void finalStateIsKept(boolean isFinal, int expected) {
        var rendered = new AtomicInteger();
        var other = new EmbeddedChannel(new ResponseCacheHandler(
                cache,
                new StateResponses(id -> {
                    rendered.incrementAndGet();
                    return Optional.of(new RenderedState(isFinal, "\"2-0\"", null, new byte[] {1}));
                }),
                10,
                () -> "req_1",
                hits::incrementAndGet));
        request(other);
        other.writeOutbound(head(0), LastHttpContent.EMPTY_LAST_CONTENT);

        for (int i = 0; i < 5; i++) {
            other.releaseOutbound();
            request(other);
        }

        assertThat(hits).hasValue(5);
        assertThat(rendered).hasValue(expected);
        other.finishAndReleaseAll();
    }

    @Test
    void headersOfARefusedRequestAreNotLearned() {
        var other = new EmbeddedChannel(handler());
        request(other);
        var refused = head(0);
        refused.setStatus(HttpResponseStatus.NOT_ACCEPTABLE);
        other.writeOutbound(refused, LastHttpContent.EMPTY_LAST_CONTENT);
        other.releaseOutbound();

        state = Optional.of(new RenderedState(true, "\"2-0\"", null, new byte[0]));
        request(other);

        assertThat(hits).hasValue(0);
        other.finishAndReleaseAll();
    }

    /** With a cache and learned headers of its own. */
    private ResponseCacheHandler handler() {
        return new ResponseCacheHandler(
                new ResponseCache(new ResponseCacheProperties(DataSize.ofMegabytes(1), DataSize.ofBytes(10))),
                new StateResponses(id -> state),
                10,
                () -> "req_1",
                hits::incrementAndGet);
    }

    private boolean isKept() {
        int before = hits.get();
        channel.releaseOutbound();
        request();
        return hits.get() > before;
    }

    private FullHttpResponse lastResponse() {
        return channel.readOutbound();
    }

    private void request() {
        request(channel);
    }

    private void request(EmbeddedChannel channel) {
        var request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/v1/generations/" + job.id());
        request.headers().set("host", "localhost");
        channel.writeInbound(request, LastHttpContent.EMPTY_LAST_CONTENT);
        channel.releaseInbound();
    }

    private void mark() {
        CacheableResponse.mark(channel);
    }

    private static DefaultHttpResponse head(int length) {
        var head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers().set("content-length", length);
        return head;
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }
}
