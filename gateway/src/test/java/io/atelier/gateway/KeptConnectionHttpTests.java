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

/** Clients that send one request after another over the same connection, as those that poll do. */
@GatewayHttpTest
class KeptConnectionHttpTests {

    private static final int PATIENCE_MILLIS = 10_000;

    @LocalServerPort
    private int port;

    @Autowired
    private FakeJobs jobs;

    @Test
    void goesOnAfterARequestThatCameBeforeTheLastOneHadEnded() throws IOException {
        var job = jobs.show(SampleJobs.in(JobStatus.RUNNING));
        var waits = "GET /v1/generations/" + job.id() + " HTTP/1.1\r\nHost: localhost\r\nPrefer: wait=1\r\n\r\n";
        var answeredAtOnce = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n";

        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            var answers =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            write(socket, waits + answeredAtOnce);
            assertThat(answer(answers)).contains("\"status\":\"running\"");
            assertThat(answer(answers)).contains("live");

            write(socket, answeredAtOnce);
            assertThat(answer(answers)).contains("live");
        }
    }

    private static void write(Socket socket, String requests) throws IOException {
        socket.getOutputStream().write(requests.getBytes(StandardCharsets.US_ASCII));
    }

    /** The body of the next answer, which is a success. */
    private static String answer(BufferedReader answers) throws IOException {
        assertThat(answers.readLine()).startsWith("HTTP/1.1 200 ");
        int length = 0;
        for (var line = answers.readLine(); line != null && !line.isEmpty(); line = answers.readLine()) {
            var header = line.toLowerCase(Locale.ROOT);
            if (header.startsWith("content-length:")) {
                length = Integer.parseInt(
                        header.substring("content-length:".length()).strip());
            }
        }
        var body = new char[length];
        for (int read = 0; read < length; ) {
            int more = answers.read(body, read, length - read);
            assertThat(more).isPositive();
            read += more;
        }
        return new String(body);
    }
}
