package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.gateway.view.workers.WorkerRegistry;
import io.atelier.messaging.InMemoryEventPublisher;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Pages of the lists of batches of avatars and of prompts. */
@GatewayHttpTest
class BatchPageHttpTests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int SIZE = 5;

    @Autowired
    private WebTestClient http;

    @Autowired
    private InMemoryEventPublisher publisher;

    @Autowired
    private FakeJobs jobs;

    @Autowired
    private WorkerRegistry workers;

    private AvatarClient avatars;

    @BeforeEach
    void addWorkers() {
        jobs.clear();
        avatars = new AvatarClient(http, publisher, workers);
        avatars.addWorkers();
    }

    @AfterEach
    void restore() {
        avatars.removeWorkers();
        jobs.clear();
    }

    @ParameterizedTest
    @ValueSource(strings = {"avatars", "results"})
    void linksGoThroughAllPagesInOrder(String list) {
        var batch = create(list);

        var sizes = new ArrayList<Integer>();
        var listed = new ArrayList<String>();
        var next = self(batch) + "?limit=2";
        while (!next.isEmpty()) {
            var response = http.get()
                    .uri(next)
                    .exchange()
                    .expectStatus()
                    .isOk()
                    .expectBody()
                    .returnResult();
            var page = JSON.readTree(response.getResponseBody());
            sizes.add(page.get(list).size());
            listed.addAll(ids(page, list));
            assertThat(page.get("size").asInt()).isEqualTo(SIZE);
            assertThat(page.at("/counts/queued").asInt()).isEqualTo(SIZE);
            assertThat(page.get("last_id").asString()).isEqualTo(listed.get(listed.size() - 1));
            assertThat(page.get("has_more").asBoolean()).isEqualTo(listed.size() < SIZE);
            next = next(response.getResponseHeaders().getFirst("Link"));
        }

        assertThat(sizes).containsExactly(2, 2, 1);
        assertThat(listed).hasSize(SIZE).isEqualTo(ids(batch, list));
    }

    @ParameterizedTest
    @ValueSource(strings = {"avatars", "results"})
    void listIsWholeWithoutALimit(String list) {
        var batch = create(list);
        var all = ids(batch, list);

        assertThat(ids(get(self(batch)), list)).hasSize(SIZE).isEqualTo(all);
        assertThat(ids(get(self(batch) + "?after=" + all.get(1)), list)).isEqualTo(all.subList(2, SIZE));
        var end = get(self(batch) + "?after=" + all.get(SIZE - 1));
        assertThat(end.get(list).size()).isZero();
        assertThat(end.get("has_more").asBoolean()).isFalse();
        assertThat(end.get("last_id").isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "avatars, limit=0, limit, Must be a whole number from 1 to 300.",
        "avatars, limit=301, limit, Must be a whole number from 1 to 300.",
        "results, limit=101, limit, Must be a whole number from 1 to 100.",
        "results, limit=-1, limit, Must be a whole number from 1 to 100.",
        "results, limit=two, limit, Must be a whole number from 1 to 100.",
        "results, limit=, limit, Must be a whole number from 1 to 100.",
        "avatars, limit=99999999999, limit, Must be a whole number from 1 to 300.",
        "avatars, after=gen_06dahq1v1tw0f8v0sjy2m7sqs0, after, Must be the id of a generation of this batch.",
        "results, after=x, after, Must be the id of a generation of this batch.",
        "results, after=, after, Must be the id of a generation of this batch."
    })
    void badValuesAreRefused(String list, String query, String parameter, String detail) {
        var problem = get(self(create(list)) + "?" + query);

        assertThat(problem.get("status").asInt()).isEqualTo(422);
        assertThat(problem.get("code").asString()).isEqualTo("validation-failed");
        assertThat(problem.get("errors").size()).isEqualTo(1);
        assertThat(problem.at("/errors/0/parameter").asString()).isEqualTo(parameter);
        assertThat(problem.at("/errors/0/detail").asString()).isEqualTo(detail);
    }

    @Test
    void allBadValuesAreNamed() {
        assertThat(get(self(create("avatars")) + "?limit=0&after=x")
                        .get("errors")
                        .size())
                .isEqualTo(2);
    }

    private JsonNode create(String list) {
        return list.equals("avatars")
                ? json(avatars.post("/v1/avatar-batches", "{\"personas\": [" + each(i -> persona("p" + i)) + "]}"))
                : json(avatars.post(
                        "/v1/batches",
                        "{\"prompts\": [" + each(i -> "\"p" + i + "\"") + "], \"model\": \"test-card\"}"));
    }

    private static String each(IntFunction<String> element) {
        return IntStream.range(0, SIZE).mapToObj(element).collect(Collectors.joining(", "));
    }

    private static String persona(String id) {
        return AvatarClient.PERSONA.replace("\"42\"", "\"" + id + "\"");
    }

    private static String self(JsonNode batch) {
        return batch.at("/urls/self").asString();
    }

    private JsonNode get(String uri) {
        return json(http.get().uri(uri).exchange());
    }

    private static JsonNode json(WebTestClient.ResponseSpec response) {
        return JSON.readTree(
                Objects.requireNonNull(response.expectBody().returnResult().getResponseBody()));
    }

    private static List<String> ids(JsonNode batch, String list) {
        return batch.get(list)
                .valueStream()
                .map(item -> item.get("id").asString())
                .toList();
    }

    private static String next(@Nullable String link) {
        return link == null ? "" : link.substring(1, link.indexOf('>'));
    }
}
