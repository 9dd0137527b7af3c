package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.api.events.FakeFirehose;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

/** Addresses of jobs: by the client's own id, behind a proxy, by labels; and what a client of a stream can rely on. */
@GatewayHttpTest
class AddressHttpTests {

    @LocalServerPort
    private int port;

    @Autowired
    private WebTestClient client;

    @Autowired
    private FakeJobs jobs;

    @Autowired
    private FakeFirehose firehose;

    @Test
    void jobIsFoundByTheUuidOfItsPut() {
        var uuid = UUID.randomUUID();
        var id = JobId.of(uuid).value();
        client.put()
                .uri("/v1/generations/" + uuid)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"prompt\": \"a castle\"}")
                .exchange()
                .expectStatus()
                .isAccepted();

        for (var form : List.of(uuid.toString(), uuid.toString().toUpperCase(Locale.ROOT), id)) {
            client.get()
                    .uri("/v1/generations/" + form)
                    .exchange()
                    .expectBody()
                    .jsonPath("$.id")
                    .isEqualTo(id);
        }
        client.get()
                .uri("/v1/generations/" + uuid + "/images")
                .exchange()
                .expectStatus()
                .isOk();
        client.post()
                .uri("/v1/generations/" + uuid + "/cancel")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.id")
                .isEqualTo(id);
        client.delete().uri("/v1/generations/" + uuid).exchange().expectStatus().isNoContent();
        client.get().uri("/v1/generations/" + uuid).exchange().expectStatus().isEqualTo(410);
        client.get()
                .uri("/v1/generations/" + UUID.randomUUID())
                .exchange()
                .expectStatus()
                .isNotFound();
    }

    @Test
    void theUuidOfAPutIsACursorAndAParent() {
        var uuid = UUID.randomUUID();
        var id = JobId.of(uuid);
        jobs.show(SampleJobs.as(id, SampleJobs.succeeded(new byte[] {1})));

        for (var cursor : List.of("after", "before")) {
            var byId = list(cursor, id.value());
            assertThat(list(cursor, uuid.toString())).isEqualTo(byId);
            assertThat(list(cursor, uuid.toString().toUpperCase(Locale.ROOT))).isEqualTo(byId);
        }
        client.get()
                .uri("/v1/generations/" + uuid + "/images")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.data.length()")
                .isEqualTo(1);
        client.head()
                .uri("/v1/generations/" + uuid + "/events")
                .exchange()
                .expectStatus()
                .isOk();
        client.post()
                .uri("/v1/generations/" + uuid + "/retry")
                .exchange()
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.parent_id")
                .isEqualTo(id.value());
    }

    private String list(String cursor, String id) {
        var body = client.get()
                .uri("/v1/generations?limit=3&" + cursor + "=" + id)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();
        return Objects.requireNonNull(body);
    }

    @Test
    void pathsBeginWithThePrefixOfTheProxy() {
        var job = jobs.show(SampleJobs.succeeded(new byte[] {1}));
        var path = "/images/v2/v1/generations/" + job.id();

        client.get()
                .uri("/v1/generations/" + job.id())
                .header("X-Forwarded-Prefix", "/images/v2/")
                .exchange()
                .expectBody()
                .jsonPath("$.urls.self")
                .isEqualTo(path)
                .jsonPath("$.images[0].url")
                .isEqualTo(path + "/images/0");
        client.post()
                .uri("/v1/generations")
                .header("X-Forwarded-Prefix", "/images/v2")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"prompt\": \"a castle\"}")
                .exchange()
                .expectHeader()
                .valueMatches("Location", "/images/v2/v1/generations/gen_.*");
        client.get()
                .uri("/docs")
                .header("X-Forwarded-Prefix", "/images/v2")
                .exchange()
                .expectHeader()
                .valueMatches("Location", "(http://[^/]*)?/images/v2/.*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//example.org",
                "/a//b",
                "https://example.org",
                "/a/../b",
                "/.",
                "a",
                "/a b",
                "/a?b",
                "/\\example.org",
                "/"
            })
    void otherPrefixesAreIgnored(String prefix) {
        var job = jobs.show(SampleJobs.in(JobStatus.QUEUED));

        client.get()
                .uri("/v1/generations/" + job.id())
                .header("X-Forwarded-Prefix", prefix)
                .exchange()
                .expectBody()
                .jsonPath("$.urls.self")
                .isEqualTo("/v1/generations/" + job.id());
    }

    @Test
    void jobsAreListedByLabelsOfAGeneratedClient() {
        var job = jobs.show(JobBuilder.of(SampleJobs.in(JobStatus.QUEUED))
                .request(JobBuilder.request("pocket", "auto", null, Map.of("owner", "a&b=c", "campaign", "q5"), "x"))
                .job());

        client.get()
                .uri(uri -> uri.path("/v1/generations")
                        .queryParam("label", "{owner}", "{campaign}")
                        .build("owner=a&b=c", "campaign=q5"))
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.data.length()")
                .isEqualTo(1)
                .jsonPath("$.data[0].id")
                .isEqualTo(job.id().value());
        client.get()
                .uri("/v1/generations?label=campaign=q5&label=campaign=q6")
                .exchange()
                .expectStatus()
                .isEqualTo(422);
        client.get()
                .uri("/v1/generations?label=campaign")
                .exchange()
                .expectStatus()
                .isEqualTo(422);
    }

    @Test
    void waitForANewVersionKnowsAllTagsOfAList() {
        var job = jobs.show(SampleJobs.in(JobStatus.RUNNING));

        client.get()
                .uri("/v1/generations/" + job.id())
                .header("Prefer", "wait=1")
                .header("If-None-Match", "\"1-0\", W/\"2-0\"")
                .exchange()
                .expectStatus()
                .isNotModified();
    }

    /** In a snapshot, in the change that ends a job, and where the client's own words are echoed. */
    @Test
    void streamOfOneJobContainsNoRawLineSeparators() throws Exception {
        var words = "1\u20282\u20293\u00854";
        var job = jobs.show(JobBuilder.of(SampleJobs.in(JobStatus.RUNNING))
                .request(JobBuilder.request("pocket", "auto", null, Map.of("owner", words), words))
                .job());

        try (var stream = SseClient.open("http://127.0.0.1:" + port + "/v1/generations/" + job.id() + "/events")) {
            stream.next();
            var snapshot = stream.nextEvent().data();
            jobs.show(JobBuilder.of(job)
                    .state(job.version() + 1, JobStatus.SUCCEEDED, "done")
                    .times(job.startedAt(), job.createdAt().plusSeconds(3))
                    .job());
            var rest = stream.rest();

            for (var data : List.of(snapshot, rest.get(rest.size() - 1).data())) {
                assertThat(data).contains("1\\u20282\\u20293\\u00854").doesNotContain("\u2028", "\u2029", "\u0085");
            }
        }
    }

    @Test
    void streamsContainNoRawLineSeparators() throws Exception {
        try (var stream = SseClient.open("http://127.0.0.1:" + port + "/v1/events")) {
            stream.next();
            firehose.publish("generation.started", "{\"a\":\"1\u20282\u20293\u00854\"}");

            assertThat(stream.nextEvent().data()).isEqualTo("{\"a\":\"1\\u20282\\u20293\\u00854\"}");
        }
    }
}
