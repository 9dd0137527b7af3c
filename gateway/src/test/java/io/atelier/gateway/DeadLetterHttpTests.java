package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Failure;
import io.atelier.messaging.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

@GatewayHttpTest
class DeadLetterHttpTests {

    private static final String JOB = "gen_06dahq1v1tw0f8v0sjy2m7sqs0";

    @Autowired
    private WebTestClient client;

    @Autowired
    private FakeDeadLetters deadLetters;

    @BeforeEach
    void clear() {
        deadLetters.clear();
    }

    @Test
    void deadLetterShowsTheTaskAndTheReason() {
        deadLetters.add(deadLetter(JOB, 3));

        list("").json("""
            {"object": "list", "has_more": false, "data": [
              {"object": "dead_letter", "job_id": "%s", "task": "generate", "attempt": 4, "at": "2026-11-21T10:00:03.000Z",
               "reason": {"code": "poisoned", "message": "The task stopped its workers."},
               "topic": "atelier.generation-requested.default", "partition": 0, "offset": 3}]}\
            """.formatted(JOB));
    }

    @Test
    void promptIsNotShown() {
        deadLetters.add(deadLetter(JOB, 3));

        var body = list("").returnResult().getResponseBody();

        assertThat(new String(Objects.requireNonNull(body), StandardCharsets.UTF_8))
                .contains(JOB)
                .doesNotContain("castle");
    }

    @Test
    void deadLetterOfAnUnreadableTaskHasNoJobId() {
        deadLetters.add(deadLetter("none", 3));

        list("").jsonPath("$.data[0].job_id").isEmpty();
    }

    @Test
    void newestDeadLettersComeFirst() {
        for (int offset = 0; offset < 3; offset++) {
            deadLetters.add(deadLetter(JOB, offset));
        }

        list("?limit=2").json("""
            {"has_more": true, "data": [{"offset": 2}, {"offset": 1}]}\
            """);
        list("?limit=3").jsonPath("$.has_more").isEqualTo(false);
    }

    @Test
    void listCanBeEmpty() {
        list("").json("""
            {"object": "list", "data": [], "has_more": false}\
            """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "101", "-1", "ten", "1.5", "9999999999"})
    void otherLimitsAreRefused(String limit) {
        client.get()
                .uri(uri -> uri.path("/v1/dead-letters")
                        .queryParam("limit", "{limit}")
                        .build(limit))
                .exchange()
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.detail")
                .isEqualTo("The parameter limit: Must be a whole number from 1 to 100.")
                .jsonPath("$.errors[0].parameter")
                .isEqualTo("limit")
                .jsonPath("$.errors[0].detail")
                .isEqualTo("Must be a whole number from 1 to 100.");
    }

    private WebTestClient.BodyContentSpec list(String query) {
        return client.get()
                .uri("/v1/dead-letters" + query)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody();
    }

    private static DeadLetter deadLetter(String key, long offset) {
        return new DeadLetter(
                key,
                "generate",
                4,
                Instant.parse("2026-11-21T10:00:00Z").plusSeconds(offset),
                "atelier.generation-requested.default",
                0,
                offset,
                new Failure(Failure.Code.POISONED, "The task stopped its workers."),
                "{\"prompt\": \"a castle\"}");
    }
}
