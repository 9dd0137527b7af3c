package io.atelier.acceptance.crash.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.atelier.acceptance.crash.fault.StoreProxy.StoreBehaviour;
import io.atelier.acceptance.crash.fault.StoreProxy.StoreWrite;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StoreProxyTests {

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final HttpServer store;
    private final StoreProxy proxy;

    StoreProxyTests() throws IOException {
        store = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        store.createContext("/", this::respond);
        store.start();
        proxy = StoreProxy.to(store.getAddress().getPort(), 1);
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        store.stop(0);
    }

    @Test
    void forwardsRequestsAndResponses() throws Exception {
        assertThat(put("/a", "some bytes").statusCode()).isEqualTo(200);
        assertThat(put("/b", "more bytes").body()).isEqualTo("PUT /b more bytes");
        assertThat(received).containsExactly("PUT /a some bytes", "PUT /b more bytes");
        assertThat(proxy.faults()).isZero();
    }

    @Test
    void failingStoreProcessesOnlySomeRequestsAndReportsOnlySomeOfThem() throws Exception {
        proxy.setBehaviour(StoreBehaviour.FAILING);

        var outcomes = new ArrayList<String>();
        for (int i = 0; i < 60; i++) {
            outcomes.add(outcome("/" + i));
        }

        assertThat(outcomes).contains("200", "500", "503", "closed");
        assertThat(received.stream().distinct().count())
                .isGreaterThan(outcomes.stream().filter("200"::equals).count())
                .isLessThan(60);
        assertThat(proxy.faults()).isPositive();
    }

    @Test
    void heldResponseIsSentAfterItsReleaseAlthoughTheObjectIsStored() throws Exception {
        var held = proxy.holdNextPut(path -> path.equals("/held"));

        assertThat(put("/other", "x").statusCode()).isEqualTo(200);
        var response = CompletableFuture.supplyAsync(() -> outcome("/held"));

        assertThat(held.get(10, TimeUnit.SECONDS)).isEqualTo("/held");
        assertThat(received).contains("PUT /held x");
        assertThat(response).isNotDone();
        proxy.release();
        assertThat(response.get(10, TimeUnit.SECONDS)).isEqualTo("200");
    }

    @Test
    void writesAreRecordedInOrder() throws Exception {
        put("/a", "x");
        put("/refused", "x");
        put("/there", "x");

        assertThat(proxy.writes())
                .containsExactly(
                        new StoreWrite("/a", false),
                        new StoreWrite("/a", true),
                        new StoreWrite("/refused", false),
                        new StoreWrite("/there", false),
                        new StoreWrite("/there", true));
    }

    private String outcome(String path) {
        try {
            return Integer.toString(put(path, "x").statusCode());
        } catch (IOException e) {
            return "closed";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    private HttpResponse<String> put(String path, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy.port() + path))
                .PUT(BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private void respond(HttpExchange exchange) throws IOException {
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var text = exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body;
        received.add(text);
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        int status = Map.of("/refused", 503, "/there", 412)
                .getOrDefault(exchange.getRequestURI().getPath(), 200);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
