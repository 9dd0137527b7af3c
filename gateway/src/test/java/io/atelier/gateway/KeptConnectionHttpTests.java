package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.JobStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Clients that send several requests over one connection, as polling clients do. */
@GatewayHttpTest
class KeptConnectionHttpTests {

    private static final int TIMEOUT_MILLIS = 10_000;

    @LocalServerPort
    private int port;

    @Autowired
    private FakeJobs jobs;

    @Test
    void connectionStaysUsableAfterPipelinedRequests() throws IOException {
        var job = jobs.show(SampleJobs.in(JobStatus.RUNNING));
        var waiting = "GET /v1/generations/" + job.id() + " HTTP/1.1\r\nHost: localhost\r\nPrefer: wait=1\r\n\r\n";
        var immediate = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n";

        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            var responses =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            write(socket, waiting + immediate);
            assertThat(body(responses)).contains("\"status\":\"running\"");
            assertThat(body(responses)).contains("live");

            write(socket, immediate);
            assertThat(body(responses)).contains("live");
        }
    }

    private static void write(Socket socket, String requests) throws IOException {
        socket.getOutputStream().write(requests.getBytes(StandardCharsets.US_ASCII));
    }

    /** The body of the next response, which must be 200. */
    private static String body(BufferedReader responses) throws IOException {
        assertThat(responses.readLine()).startsWith("HTTP/1.1 200 ");
        int length = 0;
        for (var line = responses.readLine(); line != null && !line.isEmpty(); line = responses.readLine()) {
            var header = line.toLowerCase(Locale.ROOT);
            if (header.startsWith("content-length:")) {
                length = Integer.parseInt(
                        header.substring("content-length:".length()).strip());
            }
        }
        var content = new char[length];
        for (int read = 0; read < length; ) {
            int more = responses.read(content, read, length - read);
            assertThat(more).isPositive();
            read += more;
        }
        return new String(content);
    }
}
