package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.work.TaskProgress;
import io.atelier.gateway.view.progress.LatestProgress;
import io.atelier.gateway.view.workers.WorkerRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What the gateway answers holds to the schemas of its own description, and has no field that they do not name. */
@GatewayHttpTest
class DescribedAnswerHttpTests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String JOB = "/v1/generations/{id}";

    @Autowired
    private WebTestClient client;

    @Autowired
    private FakeJobs jobs;

    @Autowired
    private LatestProgress progress;

    @Autowired
    private WorkerRegistry board;

    private JsonNode description = JSON.nullNode();

    @BeforeEach
    void readDescription() {
        description = JSON.readTree(get("/openapi.json"));
    }

    @BeforeEach
    void announce() {
        board.hear(SampleWorkers.there("described-1", "default", "pocket"), Instant.now());
        board.hear(SampleWorkers.there("described-2", "remote", "openai"), Instant.now());
    }

    @AfterEach
    void leave() {
        var longAgo = Instant.now().minus(Duration.ofDays(8));
        board.hear(SampleWorkers.gone("described-1", "default"), longAgo);
        board.hear(SampleWorkers.gone("described-2", "remote"), longAgo);
    }

    @ParameterizedTest
    @EnumSource(JobStatus.class)
    void jobOfEveryStatus(JobStatus status) {
        holds(JOB, address(SampleJobs.in(status)));
    }

    @Test
    void jobWithImages() {
        holds(JOB, address(SampleJobs.succeeded(new byte[] {1}, new byte[] {2})));
        holds(JOB, address(SampleJobs.cut(new byte[] {1}, new byte[] {2})));
        holds(JOB + "/images", address(SampleJobs.cut(new byte[] {1}, new byte[] {2})) + "/images");
    }

    @Test
    void jobUnderWay() {
        var job = SampleJobs.in(JobStatus.RUNNING);
        progress.post(new TaskProgress(job.id(), "generate", 1, Instant.now(), "denoise", 11, 25));

        holds(JOB, address(job));
    }

    @Test
    void jobWhosePromptWasBettered() {
        var job = JobDraft.of(SampleJobs.in(JobStatus.SUCCEEDED))
                .enhancement(new Job.Enhancement("some-model", "a cheerful snowman", 3_250))
                .job();

        holds(JOB, address(job));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'prompt': 'x'}",
                "{'prompt': 'x', 'grid': {'layout': '2x2', 'trim': 'auto'}, 'enhance': true, 'labels': {'a': 'b'}}",
                "{'prompt': 'x', 'grid': {'layout': '2x2', 'trim': 'none'}, 'enhance': 'auto', 'client_ref': 'c'}",
                "{'prompt': 'x', 'n': 3, 'seed': 5, 'negative_prompt': 'y', 'on_disconnect': 'cancel'}",
                "{'prompt': 'x', 'model': 'gpt-image-1', 'routing': {'fallbacks': ['gpt-image-1-mini']},"
                        + " 'images': [{'image_url': 'https://example.org/a.png'}]}"
            })
    void jobAsItIsAccepted(String body) {
        var answer = client.post()
                .uri("/v1/generations")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body.replace('\'', '"'))
                .exchange()
                .expectStatus()
                .isAccepted()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();

        holds("/v1/generations", "post", "202", Objects.requireNonNull(answer));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/generations",
                "/v1/queue",
                "/v1/workers",
                "/v1/models",
                "/v1/capabilities",
                "/v1/dead-letters",
                "/readyz"
            })
    void everythingElse(String address) {
        address(SampleJobs.in(JobStatus.QUEUED));
        address(SampleJobs.in(JobStatus.FAILED));

        holds(address, address);
    }

    private String address(Job job) {
        return "/v1/generations/" + jobs.show(job).id();
    }

    private void holds(String template, String address) {
        holds(template, "get", "200", get(address));
    }

    private void holds(String template, String method, String status, String answer) {
        var operation = description.get("paths").get(template).get(method);
        var schema = operation.get("responses").get(status).at("/content/application~1json/schema");
        var registry = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                builder -> builder.schemas(Map.of("urn:description", strict().toString())));

        assertThat(registry.getSchema(SchemaLocation.of(
                                "urn:description" + schema.get("$ref").asString()))
                        .validate(answer, InputFormat.JSON))
                .as(answer)
                .isEmpty();
    }

    /** The schemas of the description, made to refuse fields that they do not name. */
    private JsonNode strict() {
        var components = description.get("components").deepCopy();
        for (var schema : components.get("schemas")) {
            if (schema.has("properties") && !schema.has("additionalProperties")) {
                ((ObjectNode) schema).put("additionalProperties", false);
            }
        }
        return JSON.createObjectNode().set("components", components);
    }

    private String get(String address) {
        var answer = client.get()
                .uri(address)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();
        return Objects.requireNonNull(answer);
    }
}
