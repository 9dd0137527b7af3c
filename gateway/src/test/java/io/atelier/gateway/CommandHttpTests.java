package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.GenerationRequest.Enhance;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.view.workers.WorkerRegistry;
import io.atelier.messaging.InMemoryEventPublisher;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Commands of chats, with the texts of the replaced system, and the rate limit of their users. */
@GatewayHttpTest
class CommandHttpTests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String USAGE =
            "Usage: /image=MODEL=PROMPT, where MODEL is flux or sdxl, such as /image=flux=a beautiful sunset";

    @Autowired
    private WebTestClient client;

    @Autowired
    private InMemoryEventPublisher publisher;

    @Autowired
    private FakeJobs jobs;

    @Autowired
    private WorkerRegistry workers;

    @Autowired
    private MeterRegistry meters;

    private final HashSet<JobId> known = new HashSet<>();
    private final String user = "user " + UUID.randomUUID();

    @BeforeEach
    void addWorkers() {
        publisher.events(GenerationRequested.class).forEach(event -> known.add(event.job()));
        workers.put(SampleWorkers.ready("commands", "remote", "cloudflare-flux", "cloudflare-sdxl"), Instant.now());
    }

    @AfterEach
    void restore() {
        workers.put(SampleWorkers.leaving("commands", "remote"), Instant.now().minus(Duration.ofDays(8)));
        publisher.comeBack();
        jobs.clear();
    }

    @ParameterizedTest
    @CsvSource({
        "/image=flux=a beautiful sunset, flux, a beautiful sunset",
        "/image=FLUX=x=y, flux, x=y",
        "/image=sDxL= a castle , sdxl, a castle",
        "' /image=flux=a\u0000b\u0007c\u0085d ', flux, abcd",
        "/image=flux==, flux, ="
    })
    void commandIsAGeneration(String text, String model, String prompt) {
        var response = post(text, user);

        response.expectStatus().isAccepted();
        var generation = json(response);
        var published = published();
        assertThat(published).hasSize(1);
        assertThat(generation.get("id").asString())
                .isEqualTo(published.get(0).job().value());
        assertThat(published.get(0).request().model()).isEqualTo(model);
        assertThat(published.get(0).request().prompt()).isEqualTo(prompt);
        assertThat(published.get(0).request().enhance()).isEqualTo(Enhance.AUTO);
        assertThat(published.get(0).request().labels()).isEqualTo(Map.of("command.user", user));
    }

    @ParameterizedTest
    @CsvSource({
        "/image=foo=x, There is no model 'foo'. ",
        "/image==x, There is no model ''. ",
        "/image=flux, ''",
        "/image, ''",
        "/images=flux=x, ''",
        "hello, ''",
        "'', ''"
    })
    void wrongCommandIs400WithUsage(String text, String reason) {
        var problem = refused(post(text, user), 400);

        assertThat(problem.get("detail").asString()).isEqualTo((reason + " " + USAGE).strip());
        assertThat(problem.get("code").asString()).isEqualTo("invalid-request");
    }

    @Test
    void promptOfMoreThanThousandCharactersIsRefused() {
        assertThat(refused(post("/image=flux=" + "x".repeat(1001), user), 400)
                        .get("detail")
                        .asString())
                .isEqualTo("Image prompt too long (max 1000 characters, got 1001)");
        assertThat(refused(post("/image=flux=" + "x".repeat(50_000), user), 400)
                        .get("detail")
                        .asString())
                .isEqualTo("Image prompt too long (max 1000 characters, got 50000)");
        post("/image=flux=" + "\ud83d\ude00".repeat(1000), user).expectStatus().isAccepted();
        post("/image=flux=" + "x".repeat(1000) + "\n", user).expectStatus().isAccepted();
    }

    @Test
    void longTextThatIsNoCommandIs400LikeAnyOther() {
        assertThat(refused(post("x".repeat(200_000), user), 400).get("detail").asString())
                .isEqualTo(USAGE);
    }

    @Test
    void controlCharactersAreRemoved() {
        post("/image=flux=a\nb\tc\u0000", user).expectStatus().isAccepted();

        assertThat(published().get(0).request().prompt()).isEqualTo("abc");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/image=flux=", "/image=flux=  ", "/image=flux=\u0001\u0002", "/image=sdxl=\u200b"})
    void blankPromptIsRefused(String text) {
        assertThat(refused(post(text, user), 400).get("detail").asString())
                .isEqualTo("Image prompt cannot be empty after sanitization");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | /text",
                "{'text': 5} | /text",
                "{'text': null} | /text",
                "{'text': '/image=flux=x', 'user': ' '} | /user",
                "{'text': '/image=flux=x', 'usr': 'a'} | /usr"
            })
    void wrongBodyIsRefused(String body, String pointer) {
        assertThat(refused(post(body.replace('\'', '"')), 422)
                        .at("/errors/0/pointer")
                        .asString())
                .isEqualTo(pointer);
    }

    @Test
    void eleventhCommandWithinAMinuteIsRefused() {
        for (int i = 0; i < 10; i++) {
            var response = post("/image=flux=x", user);
            response.expectStatus()
                    .isAccepted()
                    .expectHeader()
                    .valueEquals("X-RateLimit-Limit", "10")
                    .expectHeader()
                    .valueEquals("X-RateLimit-Remaining", Integer.toString(9 - i));
        }

        double before = refusals();
        var eleventh = post("/image=sdxl=x", user);
        assertThat(refusals()).isEqualTo(before + 1);
        eleventh.expectStatus().isEqualTo(429).expectHeader().valueEquals("X-RateLimit-Remaining", "0");
        var headers = eleventh.returnResult(String.class).getResponseHeaders();
        assertThat(Long.parseLong(Objects.requireNonNull(headers.getFirst(HttpHeaders.RETRY_AFTER))))
                .isBetween(50L, 60L);
        assertThat(headers.getFirst("X-RateLimit-Reset")).isEqualTo(headers.getFirst(HttpHeaders.RETRY_AFTER));
        var problem = refused(post("/image=flux=x", user), 429);
        assertThat(problem.get("code").asString()).isEqualTo("quota-exceeded");
        assertThat(problem.get("detail").asString())
                .matches("Rate limit exceeded: 10 requests within 60 seconds\\. Please wait \\d+ seconds\\.");
        assertThat(published()).hasSize(10);
        post("/image=flux=x", user + "2").expectStatus().isAccepted();
    }

    @Test
    void commandsThatOtherGatewaysAcceptedCountUntilTheWindowHasPassed() {
        for (int i = 0; i < 9; i++) {
            show(user, Duration.ofSeconds(30));
        }
        show(user, Duration.ofSeconds(61));
        show("other", Duration.ofSeconds(1));

        post("/image=flux=x", user)
                .expectStatus()
                .isAccepted()
                .expectHeader()
                .valueEquals("X-RateLimit-Remaining", "0");
        var refused = post("/image=flux=x", user);
        refused.expectStatus().isEqualTo(429);
        var headers = refused.returnResult(String.class).getResponseHeaders();
        assertThat(Long.parseLong(Objects.requireNonNull(headers.getFirst(HttpHeaders.RETRY_AFTER))))
                .isBetween(25L, 31L);
    }

    @Test
    void simultaneousCommandsDoNotExceedTheLimit() {
        var statuses = Flux.fromStream(IntStream.range(0, 25).boxed())
                .flatMap(
                        i -> Mono.fromSupplier(() -> post("/image=flux=x", user)
                                        .returnResult(String.class)
                                        .getStatus()
                                        .value())
                                .subscribeOn(Schedulers.boundedElastic()),
                        25)
                .collectList()
                .block();

        assertThat(Objects.requireNonNull(statuses).stream().filter(status -> status == 202))
                .hasSize(10);
        assertThat(published()).hasSize(10);
    }

    @Test
    void whatWasNotAcceptedDoesNotCount() {
        publisher.goDown();
        for (int i = 0; i < 12; i++) {
            post("/image=flux=x", user).expectStatus().isEqualTo(503);
            post("/image=foo=x", user).expectStatus().isBadRequest();
        }
        publisher.comeBack();

        post("/image=flux=x", user)
                .expectStatus()
                .isAccepted()
                .expectHeader()
                .valueEquals("X-RateLimit-Remaining", "9");
    }

    @Test
    void repetitionWithItsKeyFindsTheGenerationAndDoesNotCount() {
        var key = UUID.randomUUID().toString();
        var first = json(postWithKey(key, "/image=flux=x"));
        for (int i = 0; i < 12; i++) {
            assertThat(json(postWithKey(key, "/image=flux=x")).get("id")).isEqualTo(first.get("id"));
        }
        postWithKey(key, "/image=flux=y").expectStatus().isEqualTo(422);

        assertThat(published()).hasSize(1);
        post("/image=flux=x", user).expectHeader().valueEquals("X-RateLimit-Remaining", "8");
    }

    private double refusals() {
        var counter = meters.find("atelier.commands.rate.limited")
                .tag("model", "sdxl")
                .counter();
        return counter == null ? 0 : counter.count();
    }

    private void show(String name, Duration age) {
        var created = Instant.now().minus(age);
        jobs.show(new JobBuilder(
                        JobId.create(created, new Random()),
                        created,
                        JobBuilder.request("flux", "flux", null, Map.of("command.user", name), null))
                .state(1, JobStatus.QUEUED, "accepted")
                .job());
    }

    private JsonNode refused(WebTestClient.ResponseSpec response, int status) {
        response.expectStatus().isEqualTo(status);
        if (status != 429) {
            assertThat(published()).isEmpty();
        }
        return json(response);
    }

    private List<GenerationRequested> published() {
        return publisher.events(GenerationRequested.class).stream()
                .filter(event -> !known.contains(event.job()))
                .toList();
    }

    private WebTestClient.ResponseSpec post(String text, String name) {
        return post(JSON.createObjectNode().put("text", text).put("user", name).toString());
    }

    private WebTestClient.ResponseSpec post(String body) {
        return client.post()
                .uri("/v1/commands")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body)
                .exchange();
    }

    private WebTestClient.ResponseSpec postWithKey(String key, String text) {
        return client.post()
                .uri("/v1/commands")
                .contentType(MediaType.APPLICATION_JSON)
                .header("Idempotency-Key", key)
                .bodyValue(JSON.createObjectNode()
                        .put("text", text)
                        .put("user", user)
                        .toString())
                .exchange();
    }

    private static JsonNode json(WebTestClient.ResponseSpec response) {
        return JSON.readTree(Objects.requireNonNull(
                response.expectBody(String.class).returnResult().getResponseBody()));
    }
}
