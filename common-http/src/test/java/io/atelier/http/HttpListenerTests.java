package io.atelier.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The listener of a service, on real sockets. */
class HttpListenerTests {

    private static final int TIMEOUT_MILLIS = 10_000;
    private static final String LOOPBACK = "--server.address=127.0.0.1";
    private static final String IDLE = "--io.atelier.http.idle-timeout=700ms";

    /** Each test asks one with its settings, and changes nothing in it. */
    private static final Map<List<String>, ConfigurableApplicationContext> SERVICES = new HashMap<>();

    @AfterAll
    static void stopServices() {
        SERVICES.values().forEach(ConfigurableApplicationContext::close);
    }

    @Test
    void itListensOnBothLoopbackAddresses() throws IOException {
        var service = service(LOOPBACK);
        for (var address : new String[] {"127.0.0.1", "::1"}) {
            assertThat(send(service, address, get("localhost"))).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void itServesIpv4AloneIfThePortOfIpv6IsTaken() throws IOException {
        try (var other = new ServerSocket()) {
            var ipv6 = new byte[16];
            ipv6[15] = 1;
            other.bind(new InetSocketAddress(InetAddress.getByAddress(ipv6), 0));
            try (var service = start(LOOPBACK, "--server.port=" + other.getLocalPort())) {
                assertThat(send(service, "127.0.0.1", get("localhost"))).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    @Test
    void aForeignHostIsAProblemThatSaysWhatToSet() throws IOException {
        var service = service(LOOPBACK);
        var response = send(service, "127.0.0.1", get("evil.example"));

        assertThat(response)
                .startsWith("HTTP/1.1 421 ")
                .contains("application/problem+json")
                .contains("evil.example")
                .contains("ATELIER_HTTP_HOSTS")
                .contains("misdirected-request");
    }

    @Test
    void everyHostIsAnsweredOnAllAddressesUnlessAListIsSet() throws IOException {
        var open = service("--server.address=0.0.0.0");
        assertThat(send(open, "127.0.0.1", get("gateway.internal"))).startsWith("HTTP/1.1 200 ");
        var service = service("--server.address=0.0.0.0", "--io.atelier.http.hosts=images.example.org");
        assertThat(send(service, "127.0.0.1", get("gateway.internal"))).startsWith("HTTP/1.1 421 ");
        assertThat(send(service, "127.0.0.1", get("images.example.org:80"))).startsWith("HTTP/1.1 200 ");
        assertThat(send(service, "127.0.0.1", get("localhost"))).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void aRequestOfAnotherSiteThatChangesSomethingIsRefused() throws IOException {
        var service = service(LOOPBACK, "--io.atelier.http.cors-origins=https://app.example");
        assertThat(send(service, "127.0.0.1", post("Sec-Fetch-Site: cross-site\r\nOrigin: https://evil.example")))
                .startsWith("HTTP/1.1 403 ")
                .contains("cross-site-request")
                .contains("ATELIER_CORS_ORIGINS");
        assertThat(send(service, "127.0.0.1", post("Sec-Fetch-Site: cross-site\r\nOrigin: https://app.example")))
                .startsWith("HTTP/1.1 200 ")
                .containsIgnoringCase("access-control-allow-origin: https://app.example");
        assertThat(send(service, "127.0.0.1", post("X-Other: 1"))).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void everyResponseHasSecurityHeaders() throws IOException {
        var service = service(LOOPBACK);
        var page = send(service, "127.0.0.1", get("localhost")).toLowerCase(Locale.ROOT);
        var error = send(service, "127.0.0.1", request("GET", "/nothing", "Accept: text/html"))
                .toLowerCase(Locale.ROOT);

        for (var response : new String[] {page, error}) {
            assertThat(response)
                    .contains("x-content-type-options: nosniff")
                    .contains("content-security-policy: default-src 'none'");
        }
        assertThat(error).startsWith("http/1.1 404 ").contains("text/html");
    }

    @Test
    void whatIsNoHttpIsAProblem() throws IOException {
        var service = service(LOOPBACK);
        var faults = Map.of(
                "hello\r\n\r\n",
                "400 invalid-request",
                "GET /a b HTTP/1.1\r\n\r\n",
                "400 invalid-request",
                "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
                "400 invalid-request",
                "GET / HTTP/1.1\r\nHost: localhost\r\nOrigin: a\r\nOrigin: b\r\n\r\n",
                "400 invalid-request",
                request("POST", "/", "Transfer-Encoding: chunked") + "zz\r\n",
                "400 invalid-request",
                request("GET", "/" + "a".repeat(5_000), "X: y"),
                "414 uri-too-long",
                request("GET", "/", "X: " + "y".repeat(9_000)),
                "431 headers-too-large");

        for (var fault : faults.entrySet()) {
            var response = send(service, "127.0.0.1", fault.getKey());
            var expected = fault.getValue().split(" ", -1);
            assertThat(response)
                    .startsWith("HTTP/1.1 " + expected[0])
                    .containsIgnoringCase("content-type: application/problem+json")
                    .containsIgnoringCase("connection: close")
                    .contains("\"code\":\"" + expected[1] + "\"");
        }
    }

    @DisplayName("The problem of a request that cannot be read names what is wrong with it")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET / HTTP/1.1 x^Host: localhost^^ | first line",
                "GET / HTTP/1.1^Host: localhost^X y: z^^ | header field",
                "GET / HTTP/1.1_Host: localhost__ | head does not end with carriage return",
                "POST / HTTP/1.1^Host: localhost^Content-Length: 1^Transfer-Encoding: chunked^^ | both a Content-Length and a Transfer-Encoding",
                "POST / HTTP/1.1^Host: localhost^Transfer-Encoding: chunked, gzip^^ | only coding is chunked",
                "POST / HTTP/1.0^Host: localhost^Transfer-Encoding: chunked^^ | only in HTTP/1.1",
                "POST / HTTP/1.1^Host: localhost^Content-Length: 1^Content-Length: 1^^a | Content-Length is no length",
                "POST / HTTP/1.1^Host: localhost^Content-Length: 99999999999999999999^^ | Content-Length is no length",
                "POST / HTTP/1.1^Host: localhost^Transfer-Encoding: chunked^^zz^ | no hexadecimal number",
                "POST / HTTP/1.1^Host: localhost^Transfer-Encoding: chunked^^1^ab^ | another length than its size",
                "POST / HTTP/1.1^Host: localhost^Transfer-Encoding: chunked^^0^bad^^ | trailer",
                "GET / HTTP/1.1^Host: localhost^Host: localhost^^ | header host is sent more than once"
            })
    void theKindOfFaultIsNamed(String request, String kind) throws IOException {
        var service = service(LOOPBACK);

        var bytes = request.strip().replace("^", "\r\n").replace('_', '\n');
        assertThat(send(service, "127.0.0.1", bytes))
                .startsWith("HTTP/1.1 400 ")
                .contains("\"code\":\"invalid-request\"")
                .contains(kind);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET / HTTP/1.1\r\nHost: loc", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"})
    void anIdleConnectionIsClosed(String sent) throws IOException {
        var service = service(LOOPBACK, IDLE);
        try (var socket = connect(service, "127.0.0.1")) {
            write(socket, sent);
            long start = System.nanoTime();

            socket.getInputStream().readAllBytes();

            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(300), Duration.ofSeconds(8));
        }
    }

    @Test
    void aRequestHeadThatTricklesInIsClosed() throws Exception {
        var service = service(LOOPBACK, IDLE);
        try (var socket = connect(service, "127.0.0.1")) {
            write(socket, "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");

            assertThat(isClosedWhileWriting(socket)).isTrue();
        }
    }

    @Test
    void aBodyThatTricklesInIsClosed() throws Exception {
        var service = service(LOOPBACK, "--io.atelier.http.request-timeout=700ms");
        try (var socket = connect(service, "127.0.0.1")) {
            write(socket, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n");

            assertThat(isClosedWhileWriting(socket)).isTrue();
        }
    }

    @Test
    void aResponseMayTakeLongerThanBothTimeouts() throws IOException {
        var service = service(LOOPBACK, IDLE, "--io.atelier.http.request-timeout=700ms");
        var response = send(service, "127.0.0.1", request("POST", "/slow", "Content-Length: 0"));

        assertThat(response).startsWith("HTTP/1.1 200 ").endsWith("slow");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://a.example", "a.example:8080", "a b", "*x", "-"})
    void aMalformedHostIsRefusedWithItsSetting(String host) {
        assertThatThrownBy(() -> start("--io.atelier.http.hosts=" + host))
                .hasStackTraceContaining("ATELIER_HTTP_HOSTS")
                .hasStackTraceContaining("'" + host + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"app.example", "https://app.example/", "https://app.example/path", "https://*"})
    void aMalformedOriginIsRefusedWithItsSetting(String origin) {
        assertThatThrownBy(() -> start("--io.atelier.http.cors-origins=" + origin))
                .hasStackTraceContaining("ATELIER_CORS_ORIGINS")
                .hasStackTraceContaining("'" + origin + "'");
    }

    private static boolean isClosedWhileWriting(Socket socket) throws InterruptedException, IOException {
        socket.setSoTimeout(1);
        long end = System.nanoTime() + Duration.ofSeconds(8).toNanos();
        while (System.nanoTime() - end < 0) {
            try {
                write(socket, "x");
                if (socket.getInputStream().read() < 0) {
                    return true;
                }
            } catch (SocketTimeoutException e) {
                Thread.sleep(100);
            } catch (SocketException e) {
                return true;
            }
        }
        return false;
    }

    private static String get(String host) {
        return "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
    }

    private static String post(String headers) {
        return request("POST", "/", "Content-Length: 0\r\n" + headers);
    }

    private static String request(String method, String path, String headers) {
        return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers + "\r\n\r\n";
    }

    private static String send(ConfigurableApplicationContext service, String address, String request)
            throws IOException {
        try (var socket = connect(service, address)) {
            write(socket, request);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Socket connect(ConfigurableApplicationContext service, String address) throws IOException {
        var port = service.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        var socket = new Socket(InetAddress.getByName(address), port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** A service with these settings that other tests use, too. */
    private static ConfigurableApplicationContext service(String... settings) {
        return SERVICES.computeIfAbsent(List.of(settings), key -> start(settings));
    }

    private static ConfigurableApplicationContext start(String... settings) {
        return new SpringApplicationBuilder(Service.class)
                .web(WebApplicationType.REACTIVE)
                .logStartupInfo(false)
                .properties("server.port=0")
                .run(settings);
    }

    /** A service with one page. */
    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(HttpConfiguration.class)
    static class Service {

        /** Threads of its own: those that are shared end with the first service that stops. */
        @Bean
        ReactorResourceFactory threads() {
            var threads = new ReactorResourceFactory();
            threads.setUseGlobalResources(false);
            threads.setShutdownQuietPeriod(Duration.ZERO);
            return threads;
        }

        @Bean
        RouterFunction<ServerResponse> slow() {
            var delayed = Mono.delay(Duration.ofSeconds(2)).thenReturn("slow");
            return RouterFunctions.route(
                    RequestPredicates.path("/slow"),
                    request -> ServerResponse.ok().body(delayed, String.class));
        }

        @Bean
        RouterFunction<ServerResponse> page() {
            return RouterFunctions.route(
                    RequestPredicates.path("/"),
                    request -> ServerResponse.ok()
                            .contentType(MediaType.TEXT_HTML)
                            .body(request.bodyToMono(String.class).defaultIfEmpty("page"), String.class));
        }
    }
}
