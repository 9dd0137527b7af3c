package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
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

@GatewayHttpTest
class ListingHttpTests {

    private static final Instant START = Instant.parse("2026-11-21T10:00:00.120Z");
    private static final JsonMapper JSON = new JsonMapper();

    @Autowired
    private WebTestClient client;

    @Autowired
    private FakeJobs jobs;

    @BeforeEach
    void forget() {
        jobs.clear();
    }

    @AfterEach
    void restore() {
        jobs.ready(true);
        jobs.clear();
    }

    @ParameterizedTest
    @ValueSource(strings = {"desc", "asc"})
    void pagesContainEveryJobOnceThoughManyHaveTheSameTime(String order) {
        var expected = manyJobs();
        if (order.equals("desc")) {
            Collections.reverse(expected);
        }

        var listed = new ArrayList<String>();
        var page = list("?limit=7&order=" + order);
        while (page.get("has_more").booleanValue()) {
            listed.addAll(ids(page));
            assertThat(page.get("last_id").stringValue()).isEqualTo(listed.get(listed.size() - 1));
            page = list(
                    "?limit=7&order=" + order + "&after=" + page.get("last_id").stringValue());
        }
        listed.addAll(ids(page));

        assertThat(listed).isEqualTo(expected);
    }

    @Test
    void linksGoThroughAllPagesAndKeepTheFilters() {
        var blue = new ArrayList<String>();
        for (int i = 0; i < 30; i++) {
            var color = i % 3 == 0 ? "b & ü+" : "red";
            var job = jobs.show(JobsWithoutTimeInId.at(
                    START.plusSeconds(i), JobStatus.QUEUED, "pocket", Map.of("color", color, "x", "1")));
            if (i % 3 == 0) {
                blue.add(job.id().value());
            }
        }

        var listed = new ArrayList<String>();
        var uri = "/v1/generations?limit=4&order=asc&label.x=1&label.color=b+%26+%C3%BC%2B";
        while (!uri.isEmpty()) {
            var response = client.get().uri(java.net.URI.create(base() + uri)).exchange();
            var result = response.expectStatus().isOk().expectBody().returnResult();
            listed.addAll(ids(JSON.readTree(Objects.requireNonNull(result.getResponseBody()))));
            var link = result.getResponseHeaders().getFirst("Link");
            uri = link == null ? "" : link.substring(1, link.indexOf(">; rel=\"next\""));
        }

        assertThat(listed).isEqualTo(blue);
    }

    @Test
    void beforeReturnsThePageRightBefore() {
        var all = manyJobs();

        var page = list("?order=asc&limit=5&before=" + all.get(20));
        assertThat(ids(page)).isEqualTo(all.subList(15, 20));
        assertThat(page.get("has_more").booleanValue()).isTrue();
        assertThat(page.get("first_id").stringValue()).isEqualTo(all.get(15));

        var start = list("?order=asc&limit=5&before=" + all.get(3));
        assertThat(ids(start)).isEqualTo(all.subList(0, 3));
        assertThat(start.get("has_more").booleanValue()).isFalse();

        var between = list("?order=asc&limit=100&after=" + all.get(3) + "&before=" + all.get(9));
        assertThat(ids(between)).isEqualTo(all.subList(4, 9));

        Collections.reverse(all);
        assertThat(ids(list("?limit=5&before=" + all.get(20)))).isEqualTo(all.subList(15, 20));
    }

    @Test
    void allFiltersMustMatch() {
        var matching =
                jobs.show(JobsWithoutTimeInId.at(START, JobStatus.FAILED, "flux", Map.of("team", "a", "camp", "q4")));
        jobs.show(JobsWithoutTimeInId.at(START, JobStatus.FAILED, "flux", Map.of("team", "b", "camp", "q4")));
        jobs.show(JobsWithoutTimeInId.at(START, JobStatus.FAILED, "flux", Map.of("camp", "q4")));
        jobs.show(JobsWithoutTimeInId.at(START, JobStatus.FAILED, "pocket", Map.of("team", "a", "camp", "q4")));
        jobs.show(JobsWithoutTimeInId.at(START, JobStatus.QUEUED, "flux", Map.of("team", "a", "camp", "q4")));

        var page = list("?status=failed&model=flux&label.team=a&label.camp=q4");

        assertThat(ids(page)).containsExactly(matching.id().value());
        assertThat(ids(list("?status=failed"))).hasSize(4);
        assertThat(ids(list("?label.team=c"))).isEmpty();
        assertThat(list("?label.team=c").get("last_id").isNull()).isTrue();
    }

    @Test
    void timesLimitTheList() {
        var created = IntStream.range(0, 5)
                .mapToObj(i -> jobs.show(JobsWithoutTimeInId.at(START.plusSeconds(i), JobStatus.QUEUED)))
                .map(job -> job.id().value())
                .toList();

        assertThat(ids(list(
                        "?order=asc&created_after=2026-11-21T10:00:01.120Z&created_before=2026-11-21T10:00:03.120Z")))
                .isEqualTo(created.subList(1, 3));
        assertThat(ids(list("?order=asc&created_after=2026-11-21T12:00:03+02:00")))
                .isEqualTo(created.subList(3, 5));
        assertThat(ids(list("?created_before=0001-01-01T00:00:00Z"))).isEmpty();
        assertThat(ids(list("?created_after=9999-12-31T00:00:00Z"))).isEmpty();
        assertThat(ids(list("?created_after=2026-11-21T10:00:04Z&created_before=2026-11-21T10:00:01Z")))
                .isEmpty();
    }

    @Test
    void erasedJobIsNotListedButIsAValidCursor() {
        var first = jobs.show(JobsWithoutTimeInId.at(START, JobStatus.SUCCEEDED));
        var second = jobs.show(JobsWithoutTimeInId.at(START.plusSeconds(1), JobStatus.SUCCEEDED));
        var third = jobs.show(JobsWithoutTimeInId.at(START.plusSeconds(2), JobStatus.SUCCEEDED));

        jobs.show(JobsWithoutTimeInId.erased(second));

        assertThat(ids(list(""))).containsExactly(third.id().value(), first.id().value());
        assertThat(ids(list("?after=" + second.id())))
                .containsExactly(first.id().value());
    }

    @Test
    void purgedJobIsAValidCursorIfItsIdContainsTheTime() {
        var first = jobs.show(JobsWithoutTimeInId.at(START, JobStatus.SUCCEEDED));
        jobs.show(JobsWithoutTimeInId.at(START.plusSeconds(2), JobStatus.SUCCEEDED));
        var purged = JobId.create(START.plusSeconds(1), new java.util.Random(3));

        assertThat(ids(list("?after=" + purged))).containsExactly(first.id().value());
        refused("?after=" + JobId.of(new UUID(0x8000, 1)), "after");
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0, limit",
        "limit=101, limit",
        "limit=x, limit",
        "limit=99999999999, limit",
        "limit=1&limit=2, limit",
        "order=up, order",
        "status=done, status",
        "after=gen_7, after",
        "before=x, before",
        "created_after=yesterday, created_after",
        "created_before=2026-11-21, created_before",
        "page=2, page",
        "label.=x, label."
    })
    void invalidParametersAreRefused(String query, String parameter) {
        refused("?" + query, parameter);
    }

    @Test
    void unknownParameterIsRefusedWithTheAllowedOnes() {
        client.get()
                .uri("/v1/generations?pages=2&limit=0")
                .exchange()
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.errors.length()")
                .isEqualTo(1)
                .jsonPath("$.errors[0].detail")
                .value(
                        String.class,
                        detail -> assertThat(detail)
                                .contains(
                                        "after",
                                        "before",
                                        "created_after",
                                        "created_before",
                                        "limit",
                                        "model",
                                        "order",
                                        "status",
                                        "label.KEY"))
                .jsonPath("$.error.param")
                .isEqualTo("pages");
    }

    @Test
    void listIsUnavailableUntilTheViewHasCaughtUp() {
        jobs.ready(false);

        client.get()
                .uri("/v1/generations")
                .exchange()
                .expectStatus()
                .isEqualTo(503)
                .expectHeader()
                .valueEquals("Retry-After", "2")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("starting");
    }

    /** Shows 250 jobs in random order, ten for each time; returns their ids, the oldest first. */
    private List<String> manyJobs() {
        var created = new ArrayList<Job>();
        for (int i = 0; i < 250; i++) {
            created.add(JobsWithoutTimeInId.at(START.plusMillis(i / 10), JobStatus.SUCCEEDED));
        }
        Collections.shuffle(created, new java.util.Random(5));
        created.forEach(jobs::show);
        return created.stream()
                .sorted(Comparator.comparing(Job::createdAt).thenComparing(Job::id))
                .map(job -> job.id().value())
                .collect(java.util.stream.Collectors.toCollection(ArrayList::new));
    }

    private void refused(String query, String parameter) {
        client.get()
                .uri("/v1/generations" + query)
                .exchange()
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("validation-failed")
                .jsonPath("$.errors[0].pointer")
                .doesNotExist()
                .jsonPath("$.errors[0].parameter")
                .isEqualTo(parameter);
    }

    private JsonNode list(String query) {
        var body = client.get()
                .uri("/v1/generations" + query)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.object")
                .isEqualTo("list")
                .returnResult()
                .getResponseBody();
        return JSON.readTree(Objects.requireNonNull(body));
    }

    private String base() {
        var result = client.get().uri("/livez").exchange().expectBody().returnResult();
        var uri = result.getUrl().toString();
        return uri.substring(0, uri.length() - "/livez".length());
    }

    private static List<String> ids(JsonNode page) {
        return page.get("data")
                .valueStream()
                .map(job -> job.get("id").stringValue())
                .toList();
    }
}
