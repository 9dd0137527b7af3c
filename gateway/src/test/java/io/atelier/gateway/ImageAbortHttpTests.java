package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.Job;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Clients that disconnect during a download do no harm: each stream is closed once, by its reader, and other clients get their own bytes. */
@GatewayHttpTest
class ImageAbortHttpTests {

    private static final int JOBS = 4;
    private static final int SIZE = 400_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @LocalServerPort
    private int port;

    @Autowired
    private FakeJobs jobs;

    @Autowired
    private AuditedObjectStore store;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Job> shown = new ArrayList<>();
    private final List<byte[]> images = new ArrayList<>();

    @BeforeEach
    void storeImages() {
        for (int i = 0; i < JOBS; i++) {
            var bytes = new byte[SIZE];
            Arrays.fill(bytes, (byte) ('a' + i));
            var job = jobs.show(SampleJobs.succeeded(bytes));
            store.putImage(SampleJobs.key(job.id(), 0), bytes);
            shown.add(job);
            images.add(bytes);
        }
    }

    @Test
    void abortedDownloadsDoNotAffectOthers() throws Exception {
        int before = store.streams().opened();
        var threads = Executors.newFixedThreadPool(6);
        try {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < 120; i++) {
                int which = i % JOBS;
                int amount = (i * 7919) % 20_000;
                tasks.add(i % 4 == 0 ? () -> fetch(which) : () -> abort(which, amount));
            }
            for (var done : threads.invokeAll(tasks)) {
                done.get();
            }
        } finally {
            threads.shutdown();
        }

        await().atMost(TIMEOUT).until(() -> store.streams().open() == 0);
        assertThat(store.streams().misuses()).isEmpty();
        assertThat(store.streams().opened()).isGreaterThan(before + 30);
    }

    @Test
    void stalledDownloadsAreAbortedAndReleaseTheirPlace() throws Exception {
        var large = new byte[16_000_000];
        var job = jobs.show(SampleJobs.succeeded(large));
        store.putImage(SampleJobs.key(job.id(), 0), large);
        shown.set(0, job);
        var idle = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 8; i++) {
                idle.add(open(0));
            }
            // On a busy machine the first ones may have been aborted before the last one has a place: others take
            // theirs.
            var refused = await().atMost(TIMEOUT)
                    .until(
                            () -> {
                                var response = get(1);
                                if (response.statusCode() != 503) {
                                    idle.add(open(0));
                                }
                                return response;
                            },
                            response -> response.statusCode() == 503);
            assertThat(refused.headers().firstValue("Retry-After")).contains("1");
            assertThat(new String(refused.body(), StandardCharsets.UTF_8)).contains("\"code\":\"overloaded\"");

            await().atMost(TIMEOUT).until(() -> get(1).statusCode() == 200);
        } finally {
            for (var socket : idle) {
                socket.close();
            }
        }
        await().atMost(TIMEOUT).until(() -> store.streams().open() == 0);
        assertThat(store.streams().misuses()).isEmpty();
    }

    private Void fetch(int which) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = get(which);
        while (response.statusCode() == 503) {
            response = get(which);
        }
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(Arrays.equals(response.body(), images.get(which)))
                .as("own bytes")
                .isTrue();
        return null;
    }

    private Void abort(int which, int amount) throws IOException {
        try (var socket = open(which)) {
            socket.setSoLinger(true, 0);
            socket.getInputStream().readNBytes(amount);
        }
        return null;
    }

    private Socket open(int which) throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(4 * 1024);
        socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.getOutputStream()
                .write(("GET " + path(which) + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private HttpResponse<byte[]> get(int which) throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + port + path(which));
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private String path(int which) {
        return "/v1/generations/" + shown.get(which).id() + "/images/0";
    }
}
