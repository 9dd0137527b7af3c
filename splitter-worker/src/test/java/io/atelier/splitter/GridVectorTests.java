package io.atelier.splitter;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.Worker;
import io.atelier.contract.work.SplitRequested;
import io.atelier.image.decode.DecodingBudget;
import io.atelier.image.png.ColourType;
import io.atelier.image.png.PngImage;
import io.atelier.image.png.RawPng;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.messaging.Topic;
import io.atelier.storage.InMemoryObjectStore;
import io.atelier.worker.cancellation.Cancellation;
import io.atelier.worker.lease.Lease;
import io.atelier.worker.store.StoreRetry;
import io.atelier.worker.task.ReportingTaskHandler;
import io.atelier.worker.task.WorkerProperties;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Splits the grids of {@code /grids} and compares cuts, boxes, warnings and samples with the known right answers. */
class GridVectorTests {

    private static final Worker WORKER = new Worker("splitter-1", "splitter", "cpu");

    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private final InMemoryEventPublisher events = new InMemoryEventPublisher();

    /** A grid, how to split it, and what is right. */
    private record Vector(
            JsonNode json, boolean strict, @Nullable String colour, String boxes) {

        static Stream<Vector> of(JsonNode json) {
            var auto = json.has("tolerant_auto") ? "tolerant_auto" : "tolerant";
            return Stream.of(
                    new Vector(json, true, GridSpec.WHITE, "strict"),
                    new Vector(json, false, GridSpec.WHITE, "tolerant"),
                    new Vector(json, false, null, auto));
        }

        GridSpec spec() {
            return new GridSpec(rows(), cols(), true, 0, strict ? 0 : 12, 1, strict ? true : null, colour, null);
        }

        int rows() {
            return json.get("rows").asInt();
        }

        int cols() {
            return json.get("cols").asInt();
        }

        byte[] file() {
            return resource(json.get("file").asString());
        }

        List<List<Integer>> expectedBoxes() {
            return json.get(boxes).valueStream().map(GridVectorTests::numbers).toList();
        }

        /** Of the tiles: number and word. */
        List<String> expectedWarnings() {
            // The file has the warnings of the tolerant mode; only a tolerant trim can be limited.
            return json.get("warnings")
                    .valueStream()
                    .map(warning ->
                            warning.get(0).asInt() + " " + warning.get(1).asString())
                    .filter(warning -> !strict || !warning.endsWith("tile-trim-limited"))
                    .toList();
        }

        List<Integer> expectedCuts(String axis, int size, int parts) {
            return strict
                    ? Stream.iterate(1, k -> k < parts, k -> k + 1)
                            .map(k -> k * (size / parts))
                            .toList()
                    : numbers(json.get("cuts").get(axis));
        }

        @Override
        public String toString() {
            return json.get("name").asString() + " " + boxes + " with colour " + colour;
        }
    }

    static Stream<Vector> vectors() {
        return new JsonMapper().readTree(resource("vectors.json")).valueStream().flatMap(Vector::of);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void cutsBoxesWarningsAndSamplesAreRight(Vector vector) throws Exception {
        var file = vector.file();
        var header = PngImage.header(file);
        var grid = SampleSplits.stored(store, "grids/0.png", file, header.width(), header.height());

        split(SampleSplits.task(SampleSplits.JOB, vector.spec(), grid));

        var report = events.events(TaskSucceeded.class).get(0);
        assertThat(report.images())
                .extracting(image -> Objects.requireNonNull(image.tile()).box())
                .containsExactlyElementsOf(vector.expectedBoxes());
        assertThat(report.warnings())
                .extracting(GridVectorTests::text)
                .containsExactlyElementsOf(vector.expectedWarnings());
        var cuts = Objects.requireNonNull(report.grids().get(0).cuts());
        assertThat(cuts.x()).isEqualTo(vector.expectedCuts("x", header.width(), vector.cols()));
        assertThat(cuts.y()).isEqualTo(vector.expectedCuts("y", header.height(), vector.rows()));
        assertThat(cuts.confidence()).isBetween(0.7, 1.0);
        assertThat(SampleSplits.bytes(store, report.grids().get(0).key())).isEqualTo(file);
        for (var image : report.images()) {
            requireSamplesOf(file, image);
        }
    }

    /** A tile has the colour type, depth, palette and samples of its part of the grid. */
    private void requireSamplesOf(byte[] grid, StoredImage image) throws IOException {
        var tile = SampleSplits.bytes(store, image.key());
        assertThat(PngImage.header(tile).colourType())
                .isEqualTo(PngImage.header(grid).colourType());
        assertThat(PngImage.header(tile).bitDepth())
                .isEqualTo(PngImage.header(grid).bitDepth());
        var box = Objects.requireNonNull(image.tile()).box();
        var whole = RawPng.parse(grid);
        assertThat(RawPng.parse(tile).samples())
                .isDeepEqualTo(whole.part(box.get(0), box.get(1), image.width(), image.height()));
        assertThat(List.of(image.width(), image.height()))
                .isEqualTo(List.of(box.get(2) - box.get(0), box.get(3) - box.get(1)));
        if (PngImage.header(grid).colourType() == ColourType.PALETTE) {
            assertThat(RawPng.parse(tile).chunk("PLTE")).isEqualTo(whole.chunk("PLTE"));
        }
    }

    private void split(SplitRequested task) throws InterruptedException {
        var limits = new SplitterProperties(1, DataSize.ofMegabytes(4), 4_000_000, Duration.ZERO, 1, WORKER.id());
        var budget = DecodingBudget.ofProcess();
        var splitter = new GridSplitter(
                WORKER,
                SampleSplits.noDownloads(store),
                new GridReader(store, limits, budget),
                new TileRepository(store, true),
                new StoreRetry(Duration.ofMillis(300)),
                budget);
        new ReportingTaskHandler<>(
                        splitter,
                        events,
                        progress -> {},
                        () -> SampleSplits.AT,
                        new WorkerProperties(
                                Duration.ofSeconds(5),
                                false,
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(5),
                                Duration.ZERO,
                                true),
                        ObservationRegistry.NOOP)
                .handle(new Lease<>(
                        task, Topic.SPLIT_REQUESTED, 1, 1, new Cancellation(), disposition -> {}, () -> {}));
    }

    private static String text(Job.Warning warning) {
        return warning.tile() + " " + warning.code();
    }

    private static List<Integer> numbers(JsonNode list) {
        return list.valueStream().map(JsonNode::asInt).toList();
    }

    private static byte[] resource(String name) {
        try (InputStream file =
                Objects.requireNonNull(GridVectorTests.class.getResourceAsStream("/grids/" + name), name)) {
            return file.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
