package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.JobStatus;
import io.atelier.messaging.InMemoryEventPublisher;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;

/** Clients that leave while they send, or that send what is no HTTP: neither a job nor an error in the log. */
@GatewayHttpTest
@ExtendWith(OutputCaptureExtension.class)
class BrokenUploadHttpTests {

    private static final int TIMEOUT_MILLIS = 10_000;
    private static final Set<RequestMethod> SAFE = Set.of(RequestMethod.GET, RequestMethod.HEAD, RequestMethod.OPTIONS);

    @LocalServerPort
    private int port;

    @Autowired
    private WebTestClient client;

    @Autowired
    private InMemoryEventPublisher publisher;

    @Autowired
    private FakeJobs jobs;

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    private RequestMappingHandlerMapping mappings;

    @ParameterizedTest
    @ValueSource(strings = {"/v1/generations", "/v1/generations/ID/cancel", "/v1/generations/ID/retry", "/nowhere"})
    void clientThatLeavesIsNoError(String path, CapturedOutput log) throws Exception {
        int before = publisher.events().size();
        for (var framing : new String[] {"Content-Length: 500\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n5\r\n{"}) {
            for (boolean isReset : new boolean[] {true, false}) {
                try (var socket = open(path, framing)) {
                    Thread.sleep(200);
                    // With a linger of 0, the connection is reset instead of closed.
                    socket.setSoLinger(isReset, 0);
                }
            }
        }
        assertNoError(log, before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/generations", "/v1/generations/ID/cancel", "/v1/generations/ID/retry", "/nowhere"})
    void malformedChunkIsRefusedAndIsNoError(String path, CapturedOutput log) throws Exception {
        int before = publisher.events().size();
        for (var chunk :
                new String[] {"zz\r\n{}\r\n0\r\n\r\n", "2\r\n{}xx\r\n0\r\n\r\n", "FFFFFFFFFFFFFFFFF\r\n", "-2\r\n{}\r\n"
                }) {
            try (var socket = open(path, "Transfer-Encoding: chunked\r\n\r\n" + chunk)) {
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .matches("(?s)HTTP/1.1 4(00|04) .*");
            }
        }
        assertNoError(log, before);
    }

    @Test
    void noOperationThatChangesSomethingRunsIfTheRestIsMalformed(CapturedOutput log) throws Exception {
        int before = publisher.events().size();
        int operations = 0;
        for (var mapping : mappings.getHandlerMethods().keySet()) {
            for (var method : mapping.getMethodsCondition().getMethods()) {
                if (SAFE.contains(method)) {
                    continue;
                }
                operations++;
                for (var pattern : mapping.getPatternsCondition().getPatterns()) {
                    var path = pattern.getPatternString().replaceAll("\\{[^}]*}", "ID");
                    for (var chunk : new String[] {"zz\r\n{}\r\n0\r\n\r\n", "2\r\n{}xx\r\n0\r\n\r\n"}) {
                        try (var socket = open(method.name(), path, "Transfer-Encoding: chunked\r\n\r\n" + chunk)) {
                            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                                    .as("%s %s", method, path)
                                    .startsWith("HTTP/1.1 400 ");
                        }
                    }
                }
            }
        }
        assertThat(operations).isGreaterThanOrEqualTo(5);
        assertNoError(log, before);
    }

    private void assertNoError(CapturedOutput log, int before) throws InterruptedException {
        Thread.sleep(300);
        client.get().uri("/livez").exchange().expectStatus().isOk();
        assertThat(GatewayLog.of(log)).doesNotContain("ERROR").doesNotContain("\tat ");
        assertThat(publisher.events()).hasSize(before);
    }

    private Socket open(String path, String rest) throws IOException {
        return open("POST", path, rest);
    }

    private Socket open(String method, String path, String rest) throws IOException {
        var id = jobs.show(SampleJobs.in(JobStatus.FAILED)).id().value();
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        var head = method + " " + path.replace("ID", id)
                + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
        socket.getOutputStream().write((head + rest).getBytes(StandardCharsets.US_ASCII));
        return socket;
    }
}
