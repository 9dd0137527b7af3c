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

/** The gateway's responses match the schemas of its OpenAPI document, and have no other fields. */
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
    private WorkerRegistry workers;

    private JsonNode description = JSON.nullNode();

    @BeforeEach
    void readDescription() {
        description = JSON.readTree(get("/openapi.json"));
    }

    @BeforeEach
    void addWorkers() {
        workers.put(SampleWorkers.ready("described-1", "default", "pocket"), Instant.now());
        workers.put(SampleWorkers.ready("described-2", "remote", "openai"), Instant.now());
    }

    @AfterEach
    void removeWorkers() {
        var longAgo = Instant.now().minus(Duration.ofDays(8));
        workers.put(SampleWorkers.leaving("described-1", "default"), longAgo);
        workers.put(SampleWorkers.leaving("described-2", "remote"), longAgo);
    }

    @ParameterizedTest
    @EnumSource(JobStatus.class)
    void jobOfEveryStatus(JobStatus status) {
        assertMatches(JOB, address(SampleJobs.in(status)));
    }

    @Test
    void jobWithImages() {
        assertMatches(JOB, address(SampleJobs.succeeded(new byte[] {1}, new byte[] {2})));
        assertMatches(JOB, address(SampleJobs.cut(new byte[] {1}, new byte[] {2})));
        assertMatches(JOB + "/images", address(SampleJobs.cut(new byte[] {1}, new byte[] {2})) + "/images");
    }

    @Test
    void runningJobWithProgress() {
        var job = SampleJobs.in(JobStatus.RUNNING);
        progress.publish(new TaskProgress(job.id(), "generate", 1, Instant.now(), "denoise", 11, 25));

        assertMatches(JOB, address(job));
    }

    @Test
    void jobWithARewrittenPrompt() {
        var job = JobBuilder.of(SampleJobs.in(JobStatus.SUCCEEDED))
                .enhancement(new Job.Enhancement("some-model", "a cheerful snowman", 3_250))
                .job();

        assertMatches(JOB, address(job));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'prompt': 'x'}",
                "{'prompt': 'x', 'grid': {'layout': '2x2', 'trim': 'auto'}, 'enhance': true, 'labels': {'a': 'b'}}",
                "{'prompt': 'x', 'grid': {'layout': '2x2', 'trim': 'none'}, 'enhance': 'auto', 'client_ref': 'c'}",
                "{'prompt': 'x', 'n': 3, 'seed': 5, 'negative_prompt': 'y', 'on_disconnect': 'cancel'}",
                "{'prompt': 'x', 'model': 'gpt-image-2', 'routing': {'fallbacks': ['gpt-image-2.6-flare']},"
                        + " 'images': [{'image_url': 'https://example.org/a.png'}]}"
            })
    void acceptedJob(String body) {
        var response = client.post()
                .uri("/v1/generations")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body.replace('\'', '"'))
                .exchange()
                .expectStatus()
                .isAccepted()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();

        assertMatches("/v1/generations", "post", "202", Objects.requireNonNull(response));
    }

    @Test
    void batch() {
        var response = client.post()
                .uri("/v1/batches")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"prompts\": [\"a castle\", \"a snowman\"]}")
                .exchange()
                .expectStatus()
                .isAccepted()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();

        assertMatches("/v1/batches", "post", "202", Objects.requireNonNull(response));
        var path = JSON.readTree(response).at("/urls/self").asString();
        assertMatches("/v1/batches/{id}", path);
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
    void otherResources(String address) {
        address(SampleJobs.in(JobStatus.QUEUED));
        address(SampleJobs.in(JobStatus.FAILED));

        assertMatches(address, address);
    }

    private String address(Job job) {
        return "/v1/generations/" + jobs.show(job).id();
    }

    private void assertMatches(String template, String address) {
        assertMatches(template, "get", "200", get(address));
    }

    private void assertMatches(String template, String method, String status, String response) {
        var operation = description.get("paths").get(template).get(method);
        var schema = operation.get("responses").get(status).at("/content/application~1json/schema");
        var registry = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                builder -> builder.schemas(Map.of("urn:description", strict().toString())));

        assertThat(registry.getSchema(SchemaLocation.of(
                                "urn:description" + schema.get("$ref").asString()))
                        .validate(response, InputFormat.JSON))
                .as(response)
                .isEmpty();
    }

    /** The schemas of the OpenAPI document, changed to allow no other fields. */
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
        var response = client.get()
                .uri(address)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();
        return Objects.requireNonNull(response);
    }
}
