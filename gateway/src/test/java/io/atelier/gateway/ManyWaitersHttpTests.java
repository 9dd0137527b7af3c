package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Five hundred clients that follow one job cost no thread each, and all learn of its end. */
@GatewayHttpTest
class ManyWaitersHttpTests {

    private static final int STREAMS = 250;
    private static final int WAITERS = 250;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @LocalServerPort
    private int port;

    @Autowired
    private FakeJobs jobs;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void forget() {
        jobs.clear();
    }

    @Test
    void streamsAndWaitersEndWithTheirJob() throws Exception {
        await().atMost(TIMEOUT).until(() -> jobs.followers() == 0);
        var life = new JobHistoryFixture();
        var job = jobs.show(life.at(1));
        var path = "http://127.0.0.1:" + port + "/v1/generations/" + job.id();
        var before =
                http.send(HttpRequest.newBuilder(URI.create(path)).build(), HttpResponse.BodyHandlers.discarding());
        var etag = before.headers().firstValue("ETag").orElseThrow();

        // Those of the applications that other tests of this JVM have started are not these waiters' threads.
        int threadsBefore = Thread.activeCount();
        var responses = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        for (int i = 0; i < STREAMS; i++) {
            responses.add(
                    send(HttpRequest.newBuilder(URI.create(path + "/events")).header("Accept", "text/event-stream")));
        }
        for (int i = 0; i < WAITERS; i++) {
            responses.add(send(HttpRequest.newBuilder(URI.create(path))
                    .header("Prefer", "wait=60")
                    .header("If-None-Match", etag)));
        }
        await().atMost(TIMEOUT).until(() -> jobs.followers() >= STREAMS);
        int threads = Thread.activeCount() - threadsBefore;
        assertThat(responses).noneMatch(CompletableFuture::isDone);
        // Others are served meanwhile.
        assertThat(http.send(
                                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/livez"))
                                        .timeout(Duration.ofSeconds(20))
                                        .build(),
                                HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(200);

        jobs.show(life.at(JobHistoryFixture.END));

        CompletableFuture.allOf(responses.toArray(CompletableFuture<?>[]::new))
                .get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        assertThat(responses)
                .allSatisfy(response -> assertThat(response.join().statusCode()).isEqualTo(200))
                .allSatisfy(response -> assertThat(response.join().body()).contains("succeeded"));
        assertThat(threads).isLessThan(STREAMS / 2);
        await().atMost(TIMEOUT).until(() -> jobs.followers() == 0);
    }

    private CompletableFuture<HttpResponse<String>> send(HttpRequest.Builder request) {
        return http.sendAsync(request.timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
    }
}
