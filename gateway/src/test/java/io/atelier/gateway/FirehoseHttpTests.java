package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.gateway.SseClient.Block;
import io.atelier.gateway.api.events.FakeFirehose;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.reactive.server.WebTestClient;

@GatewayHttpTest
class FirehoseHttpTests {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @LocalServerPort
    private int port;

    @Autowired
    private WebTestClient client;

    @Autowired
    private FakeFirehose firehose;

    @AfterEach
    void recover() {
        firehose.fail(null);
        await().atMost(TIMEOUT).until(() -> firehose.streams() == 0);
    }

    @Test
    void streamContainsEachEventAsInKafka() throws Exception {
        try (var stream = open("")) {
            var first = stream.next();
            assertThat(first.retry()).isEqualTo("3000");
            assertThat(first.id()).startsWith("a");
            assertThat(firehose.lastStartedAtEarliest()).isFalse();
            assertThat(firehose.lastCursor()).isEmpty();

            var id = firehose.publish("generation.started", "{\"b\":1,  \"a\":\"ü\"}");
            assertThat(stream.nextEvent())
                    .isEqualTo(new Block(id, "generation.started", "{\"b\":1,  \"a\":\"ü\"}", "", ""));
        }
    }

    @Test
    void onlySelectedTypesAreSentButTheCursorAdvances() throws Exception {
        try (var stream = open("?types=generation.succeeded,%20generation.failed")) {
            stream.next();
            firehose.publish("generation.started", "{}");
            var id = firehose.publish("generation.failed", "{}");
            assertThat(stream.nextEvent().id()).isEqualTo(id);

            var skipped = firehose.publish("generation.started", "{}");
            var heartbeat = stream.next(block -> !block.equals(new Block("", "", "", "", "hb")));
            assertThat(heartbeat).isEqualTo(new Block(skipped, "", "", "", "hb"));
        }
    }

    @Test
    void clientResumesAfterItsCursor() throws Exception {
        var id = firehose.publish("generation.started", "{}");

        for (var stream : List.of(
                SseClient.open(url("?last_event_id=aAA"), "Last-Event-ID", id),
                open("?last_event_id=" + id),
                open("?from=earliest&last_event_id=" + id))) {
            stream.next();
            assertThat(firehose.lastCursor()).isEqualTo(id);
            stream.close();
        }
        try (var stream = open("?from=earliest")) {
            stream.next();
            assertThat(firehose.lastStartedAtEarliest()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?last_event_id=3",
                "?last_event_id=a!",
                "?last_event_id=abc",
                "?from=yesterday",
                "?types=generation.started,generation.finished",
                "?types=,"
            })
    void invalidQueryIsRefused(String query) {
        client.get()
                .uri("/v1/events" + query)
                .exchange()
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("validation-failed")
                .jsonPath("$.errors[0].parameter")
                .isEqualTo(query.substring(1, query.indexOf('=')));
    }

    @Test
    void expiredCursorIsAProblem() {
        firehose.fail(new Problem(ProblemKind.CURSOR_TOO_OLD, "Gone."));

        client.get()
                .uri("/v1/events?last_event_id=aAA")
                .exchange()
                .expectStatus()
                .isEqualTo(410)
                .expectHeader()
                .contentType("application/problem+json")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("cursor-too-old")
                .jsonPath("$.retryable")
                .isEqualTo(false);
    }

    @Test
    void tooManyStreamsAreAProblem() {
        firehose.fail(new Problem(ProblemKind.OVERLOADED, "Full.").retryAfter(Duration.ofSeconds(10)));

        client.get()
                .uri("/v1/events")
                .exchange()
                .expectStatus()
                .isEqualTo(503)
                .expectHeader()
                .valueEquals("Retry-After", "10")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("overloaded");
    }

    @Test
    void readingEndsWhenTheClientDisconnects() throws Exception {
        var stream = open("");
        stream.next();
        assertThat(firehose.streams()).isEqualTo(1);

        stream.close();

        await().atMost(TIMEOUT).until(() -> firehose.streams() == 0);
    }

    private SseClient open(String query) throws Exception {
        return SseClient.open(url(query));
    }

    private String url(String query) {
        return "http://127.0.0.1:" + port + "/v1/events" + query;
    }
}
