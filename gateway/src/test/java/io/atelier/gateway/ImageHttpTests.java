package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobStatus;
import io.atelier.storage.ObjectStoreFailed;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Mono;

@GatewayHttpTest
class ImageHttpTests {

    /** RFC 9110 §5.6.7: the day has two digits, for which Java has no constant. */
    private static final DateTimeFormatter IMF_FIXDATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);

    private static final byte[] IMAGE = bytes(100_000);
    private static final byte[] TILE = bytes(1_000);

    @Autowired
    private WebTestClient client;

    @Autowired
    private FakeJobs jobs;

    @Autowired
    private AuditedObjectStore store;

    @Autowired
    private AtomicBoolean brokersAnswer;

    @LocalServerPort
    private int port;

    private Job job = SampleJobs.succeeded(IMAGE);
    private String tag = "\"sha256-" + SampleJobs.sha256(IMAGE) + "\"";
    private int opensBefore;

    /** Range header, status, first and last byte. */
    static Stream<Arguments> ranges() {
        return Stream.of(
                arguments("bytes=0-0", 206, 0, 0),
                arguments("bytes=10-19", 206, 10, 19),
                arguments("bytes=99999-", 206, 99_999, 99_999),
                arguments("bytes=50000-999999", 206, 50_000, 99_999),
                arguments("bytes=-1", 206, 99_999, 99_999),
                arguments("bytes=-999999", 206, 0, 99_999),
                arguments("bytes=0-1,5-6", 200, 0, 99_999),
                arguments("bytes=5-2", 200, 0, 99_999),
                arguments("bytes=-", 200, 0, 99_999),
                arguments("lines=1-2", 200, 0, 99_999));
    }

    @BeforeEach
    void storeImages() {
        jobs.show(job);
        store.putImage(SampleJobs.key(job.id(), 0), IMAGE);
        opensBefore = store.opens();
    }

    @AfterEach
    void recover() {
        store.memory().recover();
        jobs.brokersSilent(false);
        brokersAnswer.set(true);
    }

    @Test
    void announcedImageIsFoundThoughTheViewIsFarBehind() {
        jobs.show(SampleJobs.stillRunning(job));
        jobs.addNotYetShown(job);

        get("0").exchange().expectStatus().isOk();
    }

    @Test
    void imageHasAllHeaders() {
        var response = get("0").exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .valueEquals("Content-Type", "image/png")
                .expectHeader()
                .valueEquals("Content-Length", "100000")
                .expectHeader()
                .valueEquals("ETag", tag)
                .expectHeader()
                .valueEquals("Last-Modified", lastModified())
                .expectHeader()
                .valueEquals("Accept-Ranges", "bytes")
                .expectHeader()
                .valueEquals("Cache-Control", "private, max-age=31536000, immutable")
                .expectHeader()
                .valueEquals("Content-Disposition", "inline; filename=\"" + job.id() + "-0.png\"")
                .expectHeader()
                .valueEquals("X-Content-Type-Options", "nosniff")
                .expectHeader()
                .valueEquals("Content-Security-Policy", "default-src 'none'")
                .expectHeader()
                .valueMatches("Content-Digest", "sha-256=:[A-Za-z0-9+/]{43}=:")
                .expectBody()
                .returnResult();

        assertThat(response.getResponseBody()).isEqualTo(IMAGE);
    }

    @Test
    void headHasTheSameHeadersWithoutReadingTheStore() {
        var get = get("0").exchange().expectBody().returnResult().getResponseHeaders();
        int opens = store.opens();

        var head = client.head().uri(address("0")).header("Range", "bytes=0-1").exchange();

        var result = head.expectStatus().isOk().expectBody().isEmpty();
        for (var name : get.headerNames()) {
            if (!name.equalsIgnoreCase("x-request-id") && !name.equalsIgnoreCase("date")) {
                assertThat(result.getResponseHeaders().get(name)).as(name).isEqualTo(get.get(name));
            }
        }
        assertThat(store.opens()).isEqualTo(opens);
    }

    @ParameterizedTest
    @MethodSource
    void ranges(String range, int status, int first, int last) {
        var response = get("0").header("Range", range)
                .exchange()
                .expectStatus()
                .isEqualTo(status)
                .expectHeader()
                .valueEquals("Content-Length", last - first + 1)
                .expectBody()
                .returnResult();

        assertThat(response.getResponseBody()).isEqualTo(Arrays.copyOfRange(IMAGE, first, last + 1));
        var headers = response.getResponseHeaders();
        assertThat(headers.getFirst("Content-Range"))
                .isEqualTo(status == 206 ? "bytes " + first + "-" + last + "/100000" : null);
        assertThat(headers.containsHeader("Content-Digest")).isEqualTo(status == 200);
        assertThat(headers.containsHeader("Repr-Digest")).isEqualTo(status == 206);
    }

    @Test
    void unsatisfiableRangeIsRefused() {
        for (var range : new String[] {"bytes=100000-", "bytes=200000-300000", "bytes=-0"}) {
            get("0").header("Range", range)
                    .exchange()
                    .expectStatus()
                    .isEqualTo(416)
                    .expectHeader()
                    .valueEquals("Content-Range", "bytes */100000")
                    .expectHeader()
                    .contentType("application/problem+json")
                    .expectHeader()
                    .doesNotExist("ETag")
                    .expectBody()
                    .jsonPath("$.code")
                    .isEqualTo("range-not-satisfiable");
        }
        assertThat(store.opens()).isEqualTo(opensBefore);
    }

    @Test
    void ifRangeRequiresTheSameBytes() {
        ranged("If-Range", tag).isEqualTo(206);
        ranged("If-Range", lastModified()).isEqualTo(206);
        ranged("If-Range", "\"sha256-other\"").isEqualTo(200);
        ranged("If-Range", "W/" + tag).isEqualTo(200);
        ranged("If-Range", "Wed, 01 Jan 2020 00:00:00 GMT").isEqualTo(200);
    }

    @Test
    void notModifiedNeedsNoReadOfTheStore() {
        conditional("If-None-Match", tag).isNotModified();
        conditional("If-None-Match", "\"a\", W/" + tag).isNotModified();
        conditional("If-None-Match", "*").isNotModified();
        conditional("If-Modified-Since", lastModified()).isNotModified();

        assertThat(store.opens()).isEqualTo(opensBefore);
        conditional("If-None-Match", "\"other\"").isOk();
        conditional("If-Modified-Since", "Wed, 01 Jan 2020 00:00:00 GMT").isOk();
    }

    @Test
    void failedPreconditionIsAProblem() {
        conditional("If-Match", "\"other\"").isEqualTo(412);
        conditional("If-Match", tag).isOk();
        conditional("If-Unmodified-Since", "Wed, 01 Jan 2020 00:00:00 GMT").isEqualTo(412);
        conditional("If-Unmodified-Since", lastModified()).isOk();
        conditional("If-Unmodified-Since", "yesterday").isOk();
    }

    @Test
    void conditionsAreEvaluatedInTheirOrder() {
        var old = "Wed, 01 Jan 2020 00:00:00 GMT";

        conditions("If-Match", tag, "If-Unmodified-Since", old).isOk();
        conditions("If-Match", tag, "If-None-Match", tag).isNotModified();
        conditions("If-Match", "\"other\"", "If-None-Match", tag).isEqualTo(412);
        conditions("If-Unmodified-Since", old, "If-None-Match", tag).isEqualTo(412);
        conditions("If-Unmodified-Since", old, "If-Modified-Since", lastModified())
                .isEqualTo(412);
        conditions("If-None-Match", "\"other\"", "If-Modified-Since", lastModified())
                .isOk();
        conditions("If-Unmodified-Since", old, "Range", "bytes=0-9").isEqualTo(412);
    }

    @Test
    void itIsUnknownAtOnceWhetherARunningJobHasItsImageWhileNoBrokerAnswers() {
        var running = jobs.show(SampleJobs.in(JobStatus.RUNNING));
        jobs.brokersSilent(true);
        brokersAnswer.set(false);
        long start = System.nanoTime();

        client.get()
                .uri("/v1/generations/{id}/images/0", running.id())
                .exchange()
                .expectStatus()
                .isEqualTo(503)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("broker-unavailable")
                .jsonPath("$.job_status")
                .isEqualTo("running");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void imageCanBeDownloadedWithAnyFileName() {
        get("0?disposition=attachment&filename=Schnee%20m%C3%A4nner")
                .exchange()
                .expectHeader()
                .valueEquals(
                        "Content-Disposition",
                        "attachment; filename=\"Schnee m_nner.png\"; filename*=UTF-8''Schnee%20m%C3%A4nner.png");
    }

    @Test
    void invalidQueryIsRefused() {
        for (var query : new String[] {"disposition=open", "delivery=post"}) {
            get("0?" + query)
                    .exchange()
                    .expectStatus()
                    .isEqualTo(422)
                    .expectBody()
                    .jsonPath("$.code")
                    .isEqualTo("validation-failed")
                    .jsonPath("$.errors[0].parameter")
                    .isEqualTo(query.split("=", 2)[0]);
        }
    }

    @Test
    void redirectPointsToTheStore() {
        var response = get("0?delivery=redirect&disposition=attachment&filename=a")
                .exchange()
                .expectStatus()
                .isEqualTo(307)
                .expectHeader()
                .valueEquals("Cache-Control", "no-store")
                .expectBody()
                .isEmpty();

        URI link = Objects.requireNonNull(response.getResponseHeaders().getLocation());
        assertThat(link.getPath()).isEqualTo("/" + SampleJobs.key(job.id(), 0));
        assertThat(link.getQuery().replace('+', ' '))
                .contains("seconds=600")
                .contains("attachment; filename=\"a.png\"");
        client.method(HttpMethod.HEAD)
                .uri(address("0?delivery=redirect"))
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .valueEquals("Content-Length", "100000");
        assertThat(store.opens()).isEqualTo(opensBefore);
    }

    @Test
    void tilesAndTheirGridHavePaths() {
        job = jobs.show(SampleJobs.cut(IMAGE, TILE));
        store.putImage(SampleJobs.key(job.id(), 0), IMAGE);
        store.putImage(SampleJobs.key(job.id(), 1), TILE);

        assertThat(get("0").exchange().expectBody().returnResult().getResponseBody())
                .isEqualTo(TILE);
        assertThat(get("grid").exchange().expectBody().returnResult().getResponseBody())
                .isEqualTo(IMAGE);
        get("grid-1").exchange().expectStatus().isNotFound();
    }

    @DisplayName("Tiles keep their numbers when others were left out, and a missing one is not another one")
    @Test
    void tilesAreFoundByTheNumberOfTheirCell() {
        job = jobs.show(SampleJobs.cutWithGaps(IMAGE, TILE, IMAGE));
        store.putImage(SampleJobs.key(job.id(), 1), TILE);
        store.putImage(SampleJobs.key(job.id(), 3), IMAGE);

        assertThat(get("1").exchange().expectBody().returnResult().getResponseBody())
                .isEqualTo(TILE);
        assertThat(get("3").exchange().expectBody().returnResult().getResponseBody())
                .isEqualTo(IMAGE);
        for (var missing : new String[] {"0", "2"}) {
            get(missing)
                    .exchange()
                    .expectStatus()
                    .isNotFound()
                    .expectBody()
                    .jsonPath("$.detail")
                    .value(detail -> assertThat(detail.toString()).contains("It has: 1, 3"));
        }
        client.get()
                .uri("/v1/generations/" + job.id())
                .exchange()
                .expectBody()
                .jsonPath("$.images[0].index")
                .isEqualTo(1)
                .jsonPath("$.images[1].url")
                .isEqualTo("/v1/generations/" + job.id() + "/images/3");
    }

    @Test
    void missingImageIsNotFound() {
        for (var name : new String[] {"1", "9999", "99999999999", "-1", "grid", "x", "0.png"}) {
            get(name)
                    .exchange()
                    .expectStatus()
                    .isNotFound()
                    .expectBody()
                    .jsonPath("$.code")
                    .isEqualTo("not-found");
        }
    }

    @Test
    void imageOfUnfinishedJobIsNotReady() {
        for (var status : new JobStatus[] {JobStatus.QUEUED, JobStatus.RUNNING}) {
            job = jobs.show(SampleJobs.in(status));

            get("0").exchange()
                    .expectStatus()
                    .isEqualTo(409)
                    .expectHeader()
                    .valueEquals("Retry-After", "30")
                    .expectHeader()
                    .doesNotExist("x-should-retry")
                    .expectBody()
                    .jsonPath("$.code")
                    .isEqualTo("image-not-ready")
                    .jsonPath("$.retryable")
                    .isEqualTo(true)
                    .jsonPath("$.job_status")
                    .isEqualTo(status.word());
        }
    }

    @Test
    void announcedImageIsFoundThoughTheViewIsBehind() {
        var succeeded = job;
        jobs.show(SampleJobs.stillRunning(succeeded));
        var viewCatchesUp = Mono.delay(Duration.ofMillis(50)).subscribe(tick -> jobs.show(succeeded));

        get("0").exchange().expectStatus().isOk();

        viewCatchesUp.dispose();
    }

    @Test
    void imageOfFailedJobIsUnavailable() {
        for (var status : new JobStatus[] {JobStatus.FAILED, JobStatus.CANCELED}) {
            job = jobs.show(SampleJobs.in(status));

            get("0").exchange()
                    .expectStatus()
                    .isNotFound()
                    .expectBody()
                    .jsonPath("$.code")
                    .isEqualTo("image-unavailable")
                    .jsonPath("$.job_status")
                    .isEqualTo(status.word());
        }
    }

    @Test
    void unavailableStoreIsATransientProblem() {
        store.memory().failNext(ObjectStoreFailed.Kind.UNAVAILABLE);

        get("0").exchange()
                .expectStatus()
                .isEqualTo(503)
                .expectHeader()
                .valueEquals("Retry-After", "5")
                .expectHeader()
                .valueEquals("Cache-Control", "no-store")
                .expectHeader()
                .doesNotExist("Content-Digest")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("storage-unavailable");
        get("0").exchange().expectStatus().isOk();
    }

    @Test
    void imageThatIsMissingInTheStoreIsUnavailable() {
        job = jobs.show(SampleJobs.succeeded(TILE));

        get("0").exchange()
                .expectStatus()
                .isNotFound()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("image-unavailable");
    }

    @Test
    void objectWithAnUnexpectedLengthIsNotSent() {
        job = jobs.show(SampleJobs.succeeded(TILE));
        store.putImage(SampleJobs.key(job.id(), 0), IMAGE);

        get("0").exchange().expectStatus().isEqualTo(503);
    }

    private WebTestClient.RequestHeadersSpec<?> get(String nameAndQuery) {
        return client.get().uri(address(nameAndQuery));
    }

    private org.springframework.test.web.reactive.server.StatusAssertions conditional(String header, String value) {
        return get("0").header(header, value).exchange().expectStatus();
    }

    private org.springframework.test.web.reactive.server.StatusAssertions conditions(
            String first, String firstValue, String second, String secondValue) {
        return get("0").header(first, firstValue)
                .header(second, secondValue)
                .exchange()
                .expectStatus();
    }

    private org.springframework.test.web.reactive.server.StatusAssertions ranged(String header, String value) {
        return get("0").header("Range", "bytes=0-9")
                .header(header, value)
                .exchange()
                .expectStatus();
    }

    private URI address(String nameAndQuery) {
        return URI.create("http://127.0.0.1:" + port + "/v1/generations/" + job.id() + "/images/" + nameAndQuery);
    }

    private String lastModified() {
        return IMF_FIXDATE.format(Objects.requireNonNull(job.completedAt()).atZone(ZoneOffset.UTC));
    }

    private static byte[] bytes(int length) {
        var bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        System.arraycopy("PNG".getBytes(StandardCharsets.US_ASCII), 0, bytes, 0, 3);
        return bytes;
    }
}
