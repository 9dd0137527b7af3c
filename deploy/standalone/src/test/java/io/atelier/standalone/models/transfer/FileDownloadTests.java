package io.atelier.standalone.models.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.atelier.contract.digest.Sha256;
import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.Console;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.console.TerminalStreams;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDownloadTests {

    private static final byte[] CONTENT = "0123456789abcdefghij".repeat(500).getBytes(StandardCharsets.UTF_8);
    private static final ContentChecksum CHECKSUM =
            new ContentChecksum(ContentChecksum.Kind.SHA_256, Sha256.of(CONTENT).hex());
    private static final TransferLimits LIMITS = new TransferLimits(
            Duration.ofSeconds(5), Duration.ofMillis(500), List.of(Duration.ofMillis(1), Duration.ofMillis(1)));

    private final Deque<Answer> answers = new ArrayDeque<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    @TempDir
    private Path folder;

    /** What the server does with a request. */
    private interface Answer {

        void send(HttpExchange exchange) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            var headers = exchange.getRequestHeaders();
            requests.add("%s %s".formatted(headers.getFirst("Range"), headers.getFirst("If-Range")));
            Answer answer;
            synchronized (answers) {
                answer = answers.size() > 1 ? answers.poll() : answers.element();
            }
            try (exchange) {
                answer.send(exchange);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void goesOnAfterEachBreakAsLongAsBytesArrive() throws IOException {
        for (int from = 0; from < CONTENT.length; from += 1_000) {
            answers.add(part(from, 1_000));
        }

        download(CHECKSUM);

        assertThat(target()).hasBinaryContent(CONTENT);
        assertThat(requests).hasSize(10).contains("null null", "bytes=1000- \"v1\"", "bytes=9000- \"v1\"");
        assertThat(folder).isDirectoryNotContaining("glob:**.part*");
    }

    @Test
    void givesUpWhenNothingArrivesAndKeepsWhatIsThere() {
        answers.add(part(0, 3_000));
        answers.add(exchange -> exchange.sendResponseHeaders(503, -1));

        assertThatThrownBy(() -> download(CHECKSUM))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("stopped at 3.0 kB of 10 kB: it answered with HTTP 503")
                .hasMessageContaining("the same command goes on with it")
                .extracting(failure -> ((CommandFailed) failure).exitCode())
                .isEqualTo(ExitCode.NOT_RUNNING);
        assertThat(messages.toString(StandardCharsets.UTF_8))
                .contains(
                        "file: the connection was closed before the file was complete; trying again in 1 s.",
                        "file: it answered with HTTP 503; trying again in 1 s.");
        assertThat(requests).hasSize(3);
        assertThat(folder.resolve("file.part")).hasBinaryContent(Arrays.copyOf(CONTENT, 3_000));
    }

    @Test
    void silentServerCountsAsABreak() {
        answers.add(exchange -> {
            exchange.sendResponseHeaders(200, CONTENT.length);
            exchange.getResponseBody().write(CONTENT, 0, 10);
            exchange.getResponseBody().flush();
            sleep();
        });
        answers.add(part(10, CONTENT.length));

        download(CHECKSUM);

        assertThat(target()).hasBinaryContent(CONTENT);
    }

    @Test
    void partOfAnotherVersionIsReplaced() throws IOException {
        leave("old", "\"v0\"");
        answers.add(whole("\"v1\""));

        download(null);

        assertThat(requests).containsExactly("bytes=3- \"v0\"");
        assertThat(target()).hasBinaryContent(CONTENT);
    }

    @Test
    void partOfUnknownVersionIsUsedOnlyIfAChecksumProvesIt() throws IOException {
        leave("0123456789", "");
        answers.add(part(10, CONTENT.length));
        download(CHECKSUM);
        assertThat(requests).containsExactly("bytes=10- null");

        Files.delete(target());
        requests.clear();
        leave("0123456789", "");
        answers.clear();
        answers.add(whole("W/\"weak\""));
        download(null);
        assertThat(requests).containsExactly("null null");
        assertThat(target()).hasBinaryContent(CONTENT);
    }

    @Test
    void completePartIsOnlyChecked() throws IOException {
        leave(new String(CONTENT, StandardCharsets.UTF_8), "\"v1\"");

        download(CHECKSUM);

        assertThat(requests).isEmpty();
        assertThat(target()).hasBinaryContent(CONTENT);
    }

    @Test
    void wrongPartStartsAgain() throws IOException {
        leave("0123456789", "\"v1\"");
        answers.add(part(20, CONTENT.length));
        answers.add(whole("\"v1\""));

        download(CHECKSUM);

        assertThat(requests).containsExactly("bytes=10- \"v1\"", "null null");
        assertThat(target()).hasBinaryContent(CONTENT);
    }

    @Test
    void shorterFileOnTheServerStartsAgain() throws IOException {
        leave("0123456789", "\"v1\"");
        answers.add(exchange -> exchange.sendResponseHeaders(416, -1));
        answers.add(whole("\"v1\""));

        download(CHECKSUM);

        assertThat(target()).hasBinaryContent(CONTENT);
    }

    @Test
    void longerFileThanAnnouncedIsNeverWritten() {
        answers.add(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(CONTENT);
            exchange.getResponseBody().write(CONTENT);
        });

        assertThatThrownBy(() -> download(CHECKSUM)).hasMessageContaining("more than the announced 10 kB");
        assertThat(target()).doesNotExist();
    }

    @Test
    void wrongChecksumDeletesTheFile() {
        answers.add(whole("\"v1\""));

        assertThatThrownBy(() -> download(new ContentChecksum(ContentChecksum.Kind.GIT_BLOB, "00")))
                .hasMessageContaining("file arrived damaged: its checksum is ")
                .hasMessageContaining("announced was 00. The file was deleted");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void emptyFileIsAFile() {
        answers.add(exchange -> exchange.sendResponseHeaders(200, -1));

        download(0, new ContentChecksum(ContentChecksum.Kind.GIT_BLOB, "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"));

        assertThat(target()).isEmptyFile();
    }

    @Test
    void redirectsDoNotLeaveTheWeb() {
        answers.add(exchange -> {
            exchange.getResponseHeaders().set("Location", "file:///etc/passwd");
            exchange.sendResponseHeaders(302, -1);
        });

        assertThatThrownBy(() -> download(CHECKSUM))
                .hasMessageContaining("it redirects to an address that is not used: 'file:///etc/passwd'");
    }

    @Test
    void loopOfRedirectsEnds() {
        answers.add(exchange -> {
            exchange.getResponseHeaders().set("Location", "/file");
            exchange.sendResponseHeaders(302, -1);
        });

        assertThatThrownBy(() -> download(CHECKSUM)).hasMessageContaining("more than 8 redirects");
    }

    private static Answer part(int from, int count) {
        return exchange -> {
            if (from > 0) {
                exchange.getResponseHeaders()
                        .set("Content-Range", "bytes %d-%d/%d".formatted(from, CONTENT.length - 1, CONTENT.length));
            }
            exchange.getResponseHeaders().set("ETag", "\"v1\"");
            exchange.sendResponseHeaders(from > 0 ? 206 : 200, CONTENT.length - from);
            exchange.getResponseBody().write(CONTENT, from, Math.min(count, CONTENT.length - from));
            exchange.getResponseBody().flush();
        };
    }

    private static Answer whole(String tag) {
        return exchange -> {
            exchange.getResponseHeaders().set("ETag", tag);
            exchange.sendResponseHeaders(200, CONTENT.length);
            exchange.getResponseBody().write(CONTENT);
        };
    }

    private static void sleep() {
        try {
            Thread.sleep(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void leave(String part, String tag) throws IOException {
        Files.writeString(folder.resolve("file.part"), part);
        Files.writeString(folder.resolve("file.part.etag"), tag);
    }

    private Path target() {
        return folder.resolve("file");
    }

    private void download(@Nullable ContentChecksum checksum) {
        download(CONTENT.length, checksum);
    }

    private void download(long size, @Nullable ContentChecksum checksum) {
        var console = new Console(
                InputStream.nullInputStream(),
                OutputStream.nullOutputStream(),
                messages,
                StandardCharsets.UTF_8,
                TerminalStreams.NONE);
        new FileDownload(
                        new FileServer(LIMITS, null, console::notice),
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/file"),
                        target(),
                        "file",
                        size,
                        checksum,
                        new TransferProgress(console, size),
                        response -> new CommandFailed(ExitCode.REFUSED, "HTTP " + response.status()))
                .run();
    }
}
