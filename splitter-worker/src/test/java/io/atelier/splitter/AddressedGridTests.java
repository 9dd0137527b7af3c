package io.atelier.splitter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.JobEvent.TaskCanceled;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.Worker;
import io.atelier.contract.work.SplitRequested;
import io.atelier.image.decode.DecodingBudget;
import io.atelier.image.decode.ImageFileDecoder;
import io.atelier.image.png.PngFileMetadata;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.messaging.Topic;
import io.atelier.storage.InMemoryObjectStore;
import io.atelier.storage.ObjectKey;
import io.atelier.worker.cancellation.Cancellation;
import io.atelier.worker.lease.Lease;
import io.atelier.worker.source.SampleRemoteSources;
import io.atelier.worker.source.SourceDownload;
import io.atelier.worker.store.StoreRetry;
import io.atelier.worker.task.ReportingTaskHandler;
import io.atelier.worker.task.WorkerProperties;
import io.micrometer.observation.ObservationRegistry;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.springframework.util.unit.DataSize;

/** Splits of images at addresses. */
class AddressedGridTests {

    static final List<String> PRIVATE_HOSTS = SampleRemoteSources.PRIVATE_HOSTS;
    private static final Worker WORKER = new Worker("splitter-1", "splitter", "cpu");
    private static final String FOLDER = "jobs/2025/11/" + SampleSplits.JOB + "/split-1/";
    private static final BufferedImage GRID = SampleSplits.grid(1);

    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private final InMemoryEventPublisher events = new InMemoryEventPublisher();
    private final AtomicInteger calls = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile int status = 200;
    private volatile byte[] file = SampleSplits.png(GRID);
    private HttpServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            calls.incrementAndGet();
            try (exchange) {
                exchange.sendResponseHeaders(status, file.length);
                exchange.getResponseBody().write(file);
            }
        });
        server.createContext("/endless", exchange -> {
            calls.incrementAndGet();
            try (exchange) {
                exchange.sendResponseHeaders(200, 0);
                while (end.getCount() > 0) {
                    exchange.getResponseBody().write(new byte[8192]);
                }
            }
        });
        server.createContext("/slow", exchange -> {
            calls.incrementAndGet();
            try (exchange) {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.createContext("/moved", exchange -> {
            try (exchange) {
                exchange.getResponseHeaders().add("Location", "/grid.png");
                exchange.sendResponseHeaders(307, -1);
            }
        });
        server.start();
    }

    @AfterEach
    void stopServer() {
        end.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void gridIsFetchedKeptAndCut() throws Exception {
        handle(task("/moved"), 1);

        var report = succeeded();
        assertThat(report.images())
                .extracting(StoredImage::key)
                .containsExactly(FOLDER + "0.png", FOLDER + "1.png", FOLDER + "2.png", FOLDER + "3.png");
        assertThat(pixels(SampleSplits.image(store, FOLDER + "0.png")))
                .isEqualTo(pixels(GRID.getSubimage(6, 6, 96, 80)));
        assertThat(report.grids()).singleElement().satisfies(grid -> {
            assertThat(grid.kind()).isEqualTo(StoredImage.Kind.GRID);
            assertThat(grid.key()).startsWith(FOLDER);
            assertThat(List.of(grid.width(), grid.height())).containsExactly(GRID.getWidth(), GRID.getHeight());
            assertThat(grid.cuts()).isNotNull();
            assertThat(pixels(SampleSplits.image(store, grid.key()))).isEqualTo(pixels(GRID));
        });
    }

    @Test
    void jpegBecomesAPngAndNoTextsOfOthersAreKept() throws Exception {
        var jpeg = new ByteArrayOutputStream();
        ImageIO.write(GRID, "jpeg", jpeg);
        file = jpeg.toByteArray();

        handle(task("/grid.jpg"), 1);

        var grid = succeeded().grids().get(0);
        assertThat(grid.mediaType()).isEqualTo("image/png");
        assertThat(PngFileMetadata.read(SampleSplits.bytes(store, grid.key())).text())
                .isEmpty();
    }

    @Test
    void redeliveryCutsTheGridThatWasStoredFirst() throws Exception {
        handle(task("/grid.png"), 1);
        var first = succeeded();
        // The worker died before all tiles were stored, and the address has another image now.
        store.delete(new ObjectKey(FOLDER + "3.png")).join();
        file = SampleSplits.png(SampleSplits.grid(2));

        handle(task("/grid.png"), 2);
        handle(task("/grid.png"), 3);

        assertThat(calls).hasValue(1);
        assertThat(events.events(TaskSucceeded.class))
                .hasSize(3)
                .allSatisfy(report -> assertThat(report.images()).isEqualTo(first.images()))
                .allSatisfy(report -> assertThat(report.grids()).isEqualTo(first.grids()));
    }

    @Test
    void redeliveryFetchesAGridThatIsNotStoredYet() throws Exception {
        status = 503;
        handle(task("/grid.png"), 1, "retry.max-retries", "0");
        status = 200;

        handle(task("/grid.png"), 2);

        assertThat(succeededAfterFailures().images()).hasSize(4);
    }

    @ParameterizedTest
    @FieldSource("PRIVATE_HOSTS")
    void noSpellingOfAPrivateHostIsCalled(String host) throws Exception {
        handle(
                addressed("https://%s:%d/grid.png?key=secret".formatted(host, port())),
                1,
                "fetch-private",
                "false",
                "retry.max-retries",
                "0");

        var failure = failure();
        assertThat(failure.code()).isEqualTo(Code.SOURCE_UNAVAILABLE);
        assertThat(failure.code().isTransient()).isFalse();
        assertThat(failure.message())
                .startsWith("The image at ")
                .containsAnyOf("private network", "name is not known", "not a valid")
                .doesNotContain("secret");
        assertThat(calls).hasValue(0);
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void imageThatDoesNotExistFailsTheJob() throws Exception {
        status = 404;

        handle(task("/grid.png?key=secret"), 1);

        assertThat(failure().code()).isEqualTo(Code.SOURCE_UNAVAILABLE);
        assertThat(failure().message()).isEqualTo("The image at 127.0.0.1: the server responded with status 404.");
        assertThat(failure().providerStatus()).isEqualTo(404);
        assertThat(calls).hasValue(1);
    }

    @Test
    void endlessFileFailsTheJob() throws Exception {
        handle(task("/endless"), 1, "limits.max-response", "64KB");

        assertThat(failure().code()).isEqualTo(Code.SOURCE_UNAVAILABLE);
        assertThat(failure().message()).endsWith("the response is longer than 65536 bytes.");
    }

    @Test
    void fileThatIsNoImageFailsTheJob() throws Exception {
        file = "<html>".getBytes(StandardCharsets.US_ASCII);

        handle(task("/grid.png"), 1);

        assertThat(failure().code()).isEqualTo(Code.SOURCE_UNAVAILABLE);
        assertThat(failure().message()).contains("no PNG, JPEG, WebP or GIF");
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void imageWithTooManyPixelsFailsTheJob() throws Exception {
        handle(task("/grid.png"), 1, "limits.max-pixels", "1000");

        assertThat(failure().code()).isEqualTo(Code.SOURCE_UNAVAILABLE);
        assertThat(failure().message()).contains("pixels");
    }

    @Test
    void lackOfMemoryIsRetried() throws Exception {
        handle(task("/grid.png"), 1, new DecodingBudget(1024, Duration.ofMillis(10)), new Cancellation());

        assertThat(failure().code()).isIn(Code.OUT_OF_MEMORY, Code.REQUEST_REJECTED);
        assertThat(failure().message()).contains("memory");
    }

    @Test
    void slowServerFailsTheJob() throws Exception {
        handle(task("/slow"), 1, "timeouts.read-timeout", "50ms", "retry.max-retries", "0");

        assertThat(failure().code()).isEqualTo(Code.SOURCE_UNAVAILABLE);
        assertThat(failure().message()).endsWith("the request timed out after 0.05 s.");
    }

    @Test
    void canceledJobDoesNotWaitForTheServer() throws Exception {
        var cancellation = new Cancellation();
        threads.execute(() -> {
            await().until(() -> calls.get() > 0);
            cancellation.request(Cancellation.Request.receivedNow(Duration.ofSeconds(30)));
        });

        handle(task("/slow"), 1, DecodingBudget.ofProcess(), cancellation);

        assertThat(events.events(TaskCanceled.class)).hasSize(1);
    }

    @Test
    void workerThatFetchesNothingSaysSo() throws Exception {
        handle(task("/grid.png"), 1, "enabled", "false");

        assertThat(failure().code()).isEqualTo(Code.SOURCE_UNAVAILABLE);
        assertThat(failure().message()).contains("ATELIER_FETCH_ADDRESSES", "/v1/files");
        assertThat(calls).hasValue(0);
    }

    private void handle(SplitRequested task, int delivery, String... settings) throws InterruptedException {
        handle(task, delivery, DecodingBudget.ofProcess(), new Cancellation(), settings);
    }

    private void handle(
            SplitRequested task, int delivery, DecodingBudget budget, Cancellation cancellation, String... settings)
            throws InterruptedException {
        var all = new String[settings.length + 2];
        all[0] = "fetch-private";
        all[1] = "true";
        System.arraycopy(settings, 0, all, 2, settings.length);
        var remote = SampleRemoteSources.settings(all);
        var limits = new SplitterProperties(1, DataSize.ofMegabytes(1), 1_000_000, Duration.ZERO, 1, WORKER.id());
        var retry = new StoreRetry(Duration.ofMillis(300));
        try (var download = new SourceDownload(remote)) {
            var splitter = new GridSplitter(
                    WORKER,
                    new GridDownload(
                            store,
                            download,
                            new ImageFileDecoder(budget, remote.limits().maxPixels()),
                            retry),
                    new GridReader(store, limits, budget),
                    new TileRepository(store, true),
                    retry,
                    budget);
            new ReportingTaskHandler<>(
                            splitter,
                            events,
                            progress -> {},
                            () -> SampleSplits.AT,
                            new WorkerProperties(
                                    Duration.ofSeconds(5),
                                    false,
                                    Duration.ofSeconds(1),
                                    Duration.ofSeconds(5),
                                    Duration.ZERO,
                                    true),
                            ObservationRegistry.NOOP)
                    .handle(new Lease<>(
                            task,
                            Topic.SPLIT_REQUESTED,
                            delivery,
                            delivery,
                            cancellation,
                            disposition -> {},
                            () -> {}));
        }
    }

    private SplitRequested task(String path) {
        return addressed("http://127.0.0.1:%d%s".formatted(port(), path));
    }

    private static SplitRequested addressed(String url) {
        return new SplitRequested(
                SampleSplits.JOB, "split", 1, 3, SampleSplits.AT, null, SampleSplits.twoByTwo(), List.of(), null, url);
    }

    private int port() {
        return server.getAddress().getPort();
    }

    private TaskSucceeded succeeded() {
        assertThat(events.events(TaskFailed.class)).isEmpty();
        return events.events(TaskSucceeded.class).get(0);
    }

    private TaskSucceeded succeededAfterFailures() {
        assertThat(events.events(TaskFailed.class)).hasSize(1);
        return events.events(TaskSucceeded.class).get(0);
    }

    private Failure failure() {
        assertThat(events.events(TaskSucceeded.class)).isEmpty();
        return events.events(TaskFailed.class).get(0).failure();
    }

    private static int[] pixels(BufferedImage image) {
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }
}
