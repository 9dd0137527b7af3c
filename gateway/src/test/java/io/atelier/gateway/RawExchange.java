package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.JobStatus;
import io.atelier.messaging.InMemoryEventPublisher;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.json.JsonMapper;

/** Sends the rows of a table over sockets, one connection each. */
abstract class RawExchange {

    private static final int TIMEOUT_MILLIS = 10_000;
    private static final JsonMapper JSON = new JsonMapper();

    @LocalServerPort
    private int port;

    @Autowired
    private InMemoryEventPublisher publisher;

    @Autowired
    private FakeJobs jobs;

    /**
     * Asserts that the row gets its exact response and creates its jobs and nothing else, that the log has no error, and that the server still answers.
     * In the row, {@code SUCCEEDED}, {@code RUNNING} and {@code FAILED} stand for ids of jobs in that status.
     */
    final void assertAnswered(RawRequest row, CapturedOutput log) throws IOException {
        int before = publisher.events().size();
        int logged = GatewayLog.of(log).length();

        var responses = responses(exchange(withIds(row.bytes())));

        assertThat(responses)
                .extracting(Response::status)
                .as("statuses")
                .containsExactly(row.statuses().split(" ", -1));
        assertThat(responses)
                .filteredOn(response -> !response.status().startsWith("1"))
                .allSatisfy(response -> assertThat(response.headers()).containsKey("x-request-id"));
        var last = responses.get(responses.size() - 1);
        assertThat(last.code()).as("code of %s", last).isEqualTo(row.code());
        assertThat(publisher.events()).as("published").hasSize(before + (int) row.newJobs());
        assertThat(GatewayLog.of(log).substring(logged)).doesNotContain(" ERROR ", "\tat ", "Decoding failed");
        assertThat(responses(exchange(RawRequest.get("/livez"))))
                .extracting(Response::status)
                .containsExactly("200");
    }

    /** The bytes with ids of jobs for the words that stand for them. */
    final String withIds(String bytes) {
        var complete = bytes;
        if (bytes.contains("SUCCEEDED")) {
            complete = complete.replace(
                    "SUCCEEDED",
                    jobs.show(SampleJobs.succeeded(new byte[] {1, 2, 3, 4}))
                            .id()
                            .value());
        }
        if (bytes.contains("RUNNING")) {
            complete = complete.replace(
                    "RUNNING", jobs.show(SampleJobs.in(JobStatus.RUNNING)).id().value());
        }
        if (bytes.contains("FAILED")) {
            complete = complete.replace(
                    "FAILED", jobs.show(SampleJobs.in(JobStatus.FAILED)).id().value());
        }
        return complete;
    }

    /** All that the server sends until it closes the connection. */
    final String exchange(String bytes) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            try {
                socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            } catch (SocketException e) {
                // The server has refused the beginning and closed the connection.
            }
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static List<Response> responses(String received) {
        var responses = new ArrayList<Response>();
        var rest = received;
        while (!rest.isEmpty()) {
            assertThat(rest).startsWith("HTTP/1.");
            int end = rest.indexOf("\r\n\r\n");
            var lines = rest.substring(0, end).split("\r\n", -1);
            var headers = new TreeMap<String, String>();
            for (int i = 1; i < lines.length; i++) {
                int colon = lines[i].indexOf(':');
                headers.put(
                        lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                        lines[i].substring(colon + 1).strip());
            }
            var status = lines[0].split(" ", -1)[1];
            rest = rest.substring(end + 4);
            int length = Math.min(rest.length(), length(status, headers, rest));
            responses.add(new Response(status, headers, rest.substring(0, length)));
            rest = rest.substring(length);
        }
        return responses;
    }

    private static int length(String status, Map<String, String> headers, String rest) {
        if (status.startsWith("1") || status.equals("204") || status.equals("304")) {
            return 0;
        }
        return headers.containsKey("content-length") ? Integer.parseInt(headers.get("content-length")) : rest.length();
    }

    /** One response; its body is not decoded, and empty after HEAD. */
    private record Response(String status, Map<String, String> headers, String body) {

        String code() {
            if (body.isEmpty() || !headers.getOrDefault("content-type", "").contains("problem+json")) {
                return "";
            }
            var problem = JSON.readTree(new String(body.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
            assertThat(problem.get("status").asString()).isEqualTo(status);
            assertThat(problem.get("detail").stringValue())
                    .isNotBlank()
                    .doesNotContainPattern("java\\.|org\\.springframework|[a-z]Exception")
                    .doesNotContainPattern("[\\x00-\\x1f\\x7f]");
            return problem.get("code").stringValue();
        }
    }
}
