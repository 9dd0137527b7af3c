package io.atelier.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code models add URL} with a folder on a web server that lists nothing. */
class ModelWebFolderTests {

    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private final List<String> downloads = new CopyOnWriteArrayList<>();
    private volatile String refused = "";
    private HttpServer server;
    private Path served;

    @TempDir
    private Path folder;

    @BeforeEach
    void serve() throws IOException {
        served = TinyModels.copy(TinyModels.SD3, folder.resolve("served"));
        Files.writeString(served.resolve("README.md"), "---\nlicense: other\nlicense_name: 'tiny license'\n---\n");
        TinyModels.withExternalData(served.resolve("vae_encoder/model.onnx"), "model.onnx_data");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/models/tiny/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/model_index.json"})
    void addsTheFilesOfThePipeline(String ending) throws IOException {
        var run = add(url() + ending);

        assertThat(run.exitCode()).as(run.err()).isZero();
        var added = TinyModels.files(folder.resolve("models/tiny"));
        assertThat(added.keySet())
                .contains("text_encoder_3/model.onnx", "tokenizer_3/spiece.model", "vae_encoder/model.onnx_data")
                .noneMatch(path -> path.endsWith(".png") || path.startsWith("variants"));
        for (var path : added.keySet()) {
            if (!path.equals("atelier.json")) {
                assertThat(folder.resolve("models/tiny").resolve(path)).hasSameBinaryContentAs(served.resolve(path));
            }
        }
        assertThat(folder.resolve("models/tiny/atelier.json"))
                .content()
                .contains("\"license\" : \"tiny license\"", "\"source\" : \"" + url() + "/\"");
        assertThat(tokens).isEmpty();
    }

    @DisplayName("What arrived before a stop is used only if the server still has that version of the file")
    @Test
    void fileThatChangedAfterItArrivedIsDownloadedAgain() throws IOException {
        refused = "transformer/model.onnx";
        assertThat(add(url()).exitCode()).isEqualTo(2);
        var changed = served.resolve("text_encoder/config.json");
        var other = Files.readString(changed).replaceFirst("[0-9]", "9");
        assertThat(Files.size(changed)).isEqualTo(other.length());
        assertThat(Files.readString(changed)).isNotEqualTo(other);
        Files.writeString(changed, other);
        refused = "";
        downloads.clear();

        var run = add(url());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(folder.resolve("models/tiny/text_encoder/config.json"))
                .content()
                .isEqualTo(other);
        assertThat(downloads)
                .contains("text_encoder/config.json", "transformer/model.onnx")
                .doesNotContain("tokenizer/tokenizer_config.json", "scheduler/scheduler_config.json");
        assertThat(folder.resolve("models/tiny/.versions")).doesNotExist();
    }

    @Test
    void addressWithoutAModelIsRefused() {
        var run = add(url().replace("tiny", "other"));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("/models/other/model_index.json answers HTTP 404", "a folder with model_index.json");
    }

    @Test
    void folderWithoutWeightsIsRefused() throws IOException {
        Files.delete(served.resolve("transformer/model.onnx"));

        var run = add(url());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("has no transformer/model.onnx");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?token=x", "#main"})
    void addressesWithMoreThanAPathAreRefused(String ending) {
        var run = add(url() + ending);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("has no user, no '?' and no '#'");
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/models/tiny";
    }

    private CommandRun add(String address) {
        return CommandRun.of(folder, Map.of("HF_TOKEN", "hf_secret"), "models", "add", address);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var token = exchange.getRequestHeaders().getFirst("Authorization");
            if (token != null) {
                tokens.add(token);
            }
            var path = exchange.getRequestURI().getPath().substring("/models/tiny/".length());
            var file = served.resolve(path);
            boolean isDownload = exchange.getRequestMethod().equals("GET");
            if (isDownload && path.equals(refused)) {
                exchange.sendResponseHeaders(403, -1);
                return;
            }
            if (isDownload) {
                downloads.add(path);
            }
            if (!Files.isRegularFile(file)) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            var content = Files.readAllBytes(file);
            exchange.getResponseHeaders().set("ETag", "\"" + Arrays.hashCode(content) + "\"");
            if (!isDownload) {
                exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
                exchange.sendResponseHeaders(200, -1);
            } else {
                exchange.sendResponseHeaders(200, content.length == 0 ? -1 : content.length);
                exchange.getResponseBody().write(content);
            }
        }
    }
}
