package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobId;
import io.atelier.messaging.InMemoryEventPublisher;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

@GatewayHttpTest
class IdempotencyHttpTests {

    private static final String BODY = "{\"prompt\": \"a castle\", \"seed\": 4, \"n\": 2}";

    @Autowired
    private WebTestClient client;

    @Autowired
    private InMemoryEventPublisher publisher;

    @AfterEach
    void restoreBroker() {
        publisher.comeBack();
    }

    @Test
    void sameKeyAndBodyReturnTheExistingJob() {
        var key = key();

        var first =
                id(post(key, BODY).expectStatus().isAccepted().expectHeader().doesNotExist("Idempotency-Replayed"));
        var again = id(
                post(key, BODY).expectStatus().isAccepted().expectHeader().valueEquals("Idempotency-Replayed", "true"));

        assertThat(again).isEqualTo(first);
        assertThat(requests(first)).hasSize(1);
        assertThat(requests(first).get(0).task()).matches("generate-[0-9a-f]{8}");
        assertThat(new JobId(first).uuid().version()).isEqualTo(8);
    }

    @Test
    void bodyInAnotherNotationIsTheSame() {
        var key = key();
        var first = id(post(key, BODY).expectStatus().isAccepted());

        assertThat(id(post(key, "{ \"n\": 2,\n \"seed\":4, \"prompt\": \"a c\\u0061stle\" }")
                        .expectStatus()
                        .isAccepted()))
                .isEqualTo(first);
    }

    @Test
    void sameKeyWithAnotherBodyIsRefused() {
        var key = key();
        var first = id(post(key, BODY).expectStatus().isAccepted());

        post(key, "{\"prompt\": \"a rocket\"}")
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("idempotency-key-reused")
                .jsonPath("$.job_id")
                .isEqualTo(first);
        assertThat(requests(first)).hasSize(1);
    }

    @Test
    void quotedKeyIsTheSameKey() {
        var key = key();
        var first = id(post(key, BODY).expectStatus().isAccepted());

        assertThat(id(post('"' + key + '"', BODY).expectStatus().isAccepted())).isEqualTo(first);
    }

    @Test
    void concurrentRequestsCreateOneJob() {
        var key = key();

        var ids = Flux.fromStream(IntStream.range(0, 20).boxed())
                .flatMap(i -> Mono.fromSupplier(
                                () -> id(post(key, BODY).expectStatus().isAccepted()))
                        .subscribeOn(Schedulers.boundedElastic()))
                .collectList()
                .block();

        var distinct = Objects.requireNonNull(ids);
        assertThat(distinct).hasSize(20).containsOnly(distinct.get(0));
        assertThat(requests(distinct.get(0))).hasSize(1);
    }

    @Test
    void failedRequestCanBeRepeatedWithItsKey() {
        var key = key();
        publisher.goDown();
        post(key, BODY).expectStatus().isEqualTo(503);
        publisher.comeBack();

        post(key, BODY).expectStatus().isAccepted().expectHeader().doesNotExist("Idempotency-Replayed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"schl\u00fcssel", "\"\""})
    void malformedKeyIsRefused(String key) {
        int before = publisher.events().size();

        post(key, BODY)
                .expectStatus()
                .isEqualTo(400)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("invalid-request");
        assertThat(publisher.events()).hasSize(before);
    }

    @Test
    void putCreatesTheJobOfItsIdOnce() {
        var uuid = UUID.randomUUID();

        var first = id(put(uuid.toString(), BODY).expectStatus().isAccepted());
        var again = id(put(uuid.toString(), BODY).expectStatus().isAccepted());
        var byGatewayId = id(put(first, BODY).expectStatus().isAccepted());

        assertThat(new JobId(first).uuid()).isEqualTo(uuid);
        assertThat(List.of(again, byGatewayId)).containsOnly(first);
        assertThat(requests(first)).hasSize(1);
        put(uuid.toString(), "{\"prompt\": \"a rocket\"}")
                .expectStatus()
                .isEqualTo(409)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("id-conflict");
    }

    @Test
    void putOfTheBodyOfAPostedJobJoinsIt() {
        var posted = id(client.post()
                .uri("/v1/generations")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(BODY)
                .exchange()
                .expectStatus()
                .isAccepted());

        var joined = id(put(posted, BODY.replace("2}", "2.0, \"grid\": null, \"model\": \"auto\"}"))
                .expectStatus()
                .isAccepted()
                .expectHeader()
                .valueEquals("Idempotency-Replayed", "true"));

        assertThat(joined).isEqualTo(posted);
        assertThat(requests(posted)).hasSize(1);
        put(posted, "{\"prompt\": \"a rocket\"}")
                .expectStatus()
                .isEqualTo(409)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("id-conflict")
                .jsonPath("$.detail")
                .value(String.class, detail -> assertThat(detail).contains("exists already", "did not create it"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"prompt\": \"a castle\", \"seed\": 4, \"n\": 2, \"steps\": null}",
                "{\"prompt\": \"a castle\", \"seed\": 4.0, \"n\": 0.2e1}",
                "{\"prompt\": \"a castle\", \"seed\": 4, \"n\": 2, \"size\": \"auto\", \"grid\": {\"layout\": \"none\"}}"
            })
    void bodyThatMeansTheSameIsTheSame(String body) {
        var key = key();
        var first = id(post(key, BODY).expectStatus().isAccepted());

        assertThat(id(post(key, body).expectStatus().isAccepted())).isEqualTo(first);
    }

    @Test
    void malformedIdIsRefused() {
        put("order-77", BODY)
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("validation-failed");
    }

    private List<GenerationRequested> requests(String id) {
        return publisher.events(GenerationRequested.class).stream()
                .filter(event -> event.job().value().equals(id))
                .toList();
    }

    private WebTestClient.ResponseSpec post(String key, String body) {
        return client.post()
                .uri("/v1/generations")
                .contentType(MediaType.APPLICATION_JSON)
                .header("Idempotency-Key", key)
                .bodyValue(body)
                .exchange();
    }

    private WebTestClient.ResponseSpec put(String id, String body) {
        return client.put()
                .uri("/v1/generations/" + id)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body)
                .exchange();
    }

    private static String key() {
        return "key " + UUID.randomUUID();
    }

    private static String id(WebTestClient.ResponseSpec response) {
        var body = response.expectBody(Created.class).returnResult().getResponseBody();
        return Objects.requireNonNull(body).id();
    }

    /** The part of a response that these tests read. */
    private record Created(String id) {}
}
