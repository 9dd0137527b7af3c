package io.atelier.splitter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.JpegEncoding;
import io.atelier.contract.image.Provenance;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.TaskCanceled;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.Worker;
import io.atelier.contract.work.SplitRequested;
import io.atelier.contract.work.TaskProgress;
import io.atelier.image.decode.DecodingBudget;
import io.atelier.image.png.PngImage;
import io.atelier.image.png.RawPng;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.messaging.Topic;
import io.atelier.splitter.grid.Box;
import io.atelier.splitter.grid.Tile;
import io.atelier.storage.InMemoryObjectStore;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.storage.StoredObject;
import io.atelier.worker.cancellation.Cancellation;
import io.atelier.worker.lease.Lease;
import io.atelier.worker.lease.TaskHandler.Disposition;
import io.atelier.worker.store.StoreRetry;
import io.atelier.worker.task.ReportingTaskHandler;
import io.atelier.worker.task.WorkerProperties;
import io.micrometer.observation.ObservationRegistry;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

class GridSplitterTests {

    private static final Worker WORKER = new Worker("splitter-1", "splitter", "cpu");
    private static final String FOLDER = "jobs/2025/11/" + SampleSplits.JOB + "/split-1/";

    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private final InMemoryEventPublisher events = new InMemoryEventPublisher();
    private final List<TaskProgress> progress = new CopyOnWriteArrayList<>();
    private final SplitterProperties limits =
            new SplitterProperties(1, DataSize.ofMegabytes(1), 1_000_000, Duration.ZERO, 1, WORKER.id());
    private final ReportingTaskHandler<SplitRequested> splitter = splitter(Duration.ofMillis(300));

    @Test
    void tilesAreStoredAndReported() throws Exception {
        var grid = SampleSplits.grid(1);
        var task = task(SampleSplits.twoByTwo(), SampleSplits.stored(store, "grid/0.png", grid));

        var disposition = splitter.handle(lease(task, 1));

        assertThat(disposition).isEqualTo(Disposition.ACCEPT);
        assertThat(events.events())
                .first()
                .isEqualTo(new TaskStarted(SampleSplits.JOB, "split", 1, SampleSplits.AT, WORKER));
        var report = succeeded();
        assertThat(report.warnings()).isEmpty();
        assertThat(report.engineMillis()).isNull();
        assertThat(report.images())
                .extracting(StoredImage::key)
                .containsExactly(FOLDER + "0.png", FOLDER + "1.png", FOLDER + "2.png", FOLDER + "3.png");
        assertThat(report.images()).allSatisfy(image -> {
            int x = 6 + tile(image).col() * 104;
            int y = 6 + tile(image).row() * 88;
            assertThat(image.kind()).isEqualTo(StoredImage.Kind.TILE);
            assertThat(tile(image).confidence()).isEqualTo(1);
            assertThat(pixels(SampleSplits.image(store, image.key())))
                    .isEqualTo(pixels(grid.getSubimage(x, y, 96, 80)));
            assertThat(image.width()).isEqualTo(96);
            assertThat(image.height()).isEqualTo(80);
        });
        assertThat(progress).extracting(TaskProgress::fraction).containsExactly(1.0);
    }

    @Test
    void tilesAreNumberedAcrossGrids() throws Exception {
        var task = task(
                SampleSplits.twoByTwo(),
                SampleSplits.stored(store, "grid/0.png", SampleSplits.grid(1)),
                SampleSplits.stored(store, "grid/1.png", SampleSplits.grid(2)));

        splitter.handle(lease(task, 1));

        assertThat(succeeded().images()).extracting(StoredImage::index).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(succeeded().images())
                .extracting(image -> tile(image).row() + "," + tile(image).col())
                .containsExactly("0,0", "0,1", "1,0", "1,1", "0,0", "0,1", "1,0", "1,1");
    }

    @Test
    void redeliveryReportsTheStoredTiles() throws Exception {
        var task = task(SampleSplits.twoByTwo(), SampleSplits.stored(store, "grid/0.png", withSky()));
        splitter.handle(lease(task, 1));
        var first = succeeded();
        // The grid of the second task does not exist, so it cannot be split again.
        var redelivered =
                task(SampleSplits.twoByTwo(), at("grid/gone.png", task.grids().get(0)));

        var disposition = splitter.handle(lease(redelivered, 2));

        assertThat(disposition).isEqualTo(Disposition.ACCEPT);
        assertThat(first.warnings()).extracting(Job.Warning::code).containsExactly("tile-trim-limited");
        assertThat(events.events())
                .last(type(TaskSucceeded.class))
                .returns(2, TaskSucceeded::attempt)
                .returns(first.images(), TaskSucceeded::images)
                .returns(first.warnings(), TaskSucceeded::warnings);
    }

    @DisplayName(
            "Tiles are delivered as JPEG if the task wants that; the PNG of each lies beside it, and the grid stays as it is")
    @Test
    void tilesAreDeliveredAsJpeg() throws Exception {
        var plain = task(SampleSplits.twoByTwo(), SampleSplits.stored(store, "grid/0.png", SampleSplits.grid(1)));
        var task = new SplitRequested(
                plain.job(), "split", 1, 3, SampleSplits.AT, null, plain.spec(), plain.grids(), new JpegEncoding(95));

        splitter.handle(lease(task, 1));
        splitter.handle(lease(task, 2));

        var images = succeeded().images();
        assertThat(images).hasSize(4).allSatisfy(image -> {
            assertThat(image.mediaType()).isEqualTo("image/jpeg");
            assertThat(image.key()).isEqualTo(FOLDER + image.index() + ".jpg");
            assertThat(image.sha256()).isEqualTo(StoredObject.sha256Of(SampleSplits.bytes(store, image.key())));
            assertThat(image.width()).isEqualTo(96);
            assertThat(SampleSplits.image(store, image.key()).getHeight()).isEqualTo(80);
            assertThat(store.keys()).contains(FOLDER + image.index() + ".png");
        });
        assertThat(events.events(TaskSucceeded.class))
                .hasSize(2)
                .allSatisfy(report -> assertThat(report.images()).isEqualTo(images));
        assertThat(succeeded().grids()).extracting(StoredImage::mediaType).containsExactly("image/png");
    }

    @Test
    void gridIsSplitAgainWhenATileIsMissing() throws Exception {
        var task = task(SampleSplits.twoByTwo(), SampleSplits.stored(store, "grid/0.png", SampleSplits.grid(1)));
        var last = SampleSplits.grid(2).getSubimage(0, 0, 50, 60);
        var earlier = new GridTile(
                0,
                new Tile(1, 1, new Box(110, 94, 50, 60), 0.75, Set.of()),
                new StoredImage.Cuts(List.of(106), List.of(90), 0.75));
        var tiles = new TileRepository(store, true);
        tiles.storeAll(List.of(tiles.encode(
                task,
                earlier,
                PngImage.of(last),
                GridOrigin.converted(Provenance.ContentCredentials.NONE, Optional.empty()))));

        splitter.handle(lease(task, 1));

        assertThat(succeeded().images()).extracting(StoredImage::width).containsExactly(96, 96, 96, 50);
        assertThat(pixels(SampleSplits.image(store, FOLDER + "3.png"))).isEqualTo(pixels(last));
    }

    @Test
    void noTileIsReportedBeforeAllAreStored() throws Exception {
        var first = SampleSplits.stored(store, "grid/0.png", SampleSplits.grid(1));
        var second = SampleSplits.stored(store, "grid/1.png", SampleSplits.grid(2));
        var reportsDuringOutage = new ArrayList<TaskSucceeded>();
        var interrupted = splitter(Duration.ofSeconds(30), DecodingBudget.ofProcess(), seen -> {
            if (seen.phase().equals("split")) {
                store.failNext(ObjectStoreFailed.Kind.UNAVAILABLE);
            } else {
                reportsDuringOutage.addAll(events.events(TaskSucceeded.class));
                progress.add(seen);
            }
        });

        interrupted.handle(lease(task(SampleSplits.twoByTwo(), first, second), 1));

        assertThat(progress).extracting(TaskProgress::phase).containsExactly("waiting for the store");
        assertThat(reportsDuringOutage).isEmpty();
        assertThat(succeeded().images())
                .hasSize(8)
                .allSatisfy(image -> assertThat(store.keys()).contains(image.key()));
    }

    @Test
    void tilesThatAreTooSmallCauseWarnings() throws Exception {
        var grid = SampleSplits.grid(1);
        var cut = grid.getSubimage(0, 0, grid.getWidth(), 6 + 80 + 4 + 70);
        var spec = new GridSpec(2, 2, true, 0, 12, 72);

        splitter.handle(lease(task(spec, SampleSplits.stored(store, "grid/0.png", cut)), 1));

        assertThat(succeeded().images()).extracting(StoredImage::index).containsExactly(0, 1);
        assertThat(succeeded().warnings())
                .extracting(Job.Warning::code, Job.Warning::tile)
                .containsExactly(tuple("tile-rejected", 2), tuple("tile-rejected", 3));
        assertThat(succeeded().warnings().get(0).message())
                .isEqualTo(
                        "Tile 2 (grid 0, row 1, column 0) was left out: it is 96 x 66 pixels and each side must be at"
                                + " least 72.");
    }

    @DisplayName("A warning says the numbers of tile and grid within the job, of which the task may have only one grid")
    @Test
    void warningsHaveTheNumbersOfTheJob() throws Exception {
        var spec = new GridSpec(2, 2, true, 0, 12, 90, null, null, true);
        var stored = SampleSplits.stored(store, "grid/0.png", SampleSplits.grid(1));

        splitter.handle(lease(task(spec, stored.numbered(1)), 1));

        assertThat(succeeded().images()).extracting(StoredImage::index).containsExactly(0, 1, 2, 3);
        assertThat(succeeded().warnings()).extracting(Job.Warning::tile).containsExactly(0, 1, 2, 3);
        assertThat(succeeded().warnings().get(3).message()).startsWith("Tile 7 (grid 1, row 1, column 1) is small: ");
    }

    @DisplayName("A tile keeps the number of its cell, in the report and in its key, when one before it is left out")
    @Test
    void tilesKeepTheirNumbersWhenOneIsLeftOut() throws Exception {
        // Of the first image only a small square in its middle is left.
        var grid = SampleSplits.grid(1);
        var pen = grid.createGraphics();
        pen.setColor(Color.WHITE);
        pen.fillRect(0, 0, 102, 86);
        pen.setColor(Color.BLUE);
        pen.fillRect(40, 32, 30, 30);
        pen.dispose();
        var spec = new GridSpec(2, 2, true, 0, 12, 72);
        var stored = SampleSplits.stored(store, "grid/0.png", grid);

        splitter.handle(lease(task(spec, stored, SampleSplits.stored(store, "grid/1.png", SampleSplits.grid(2))), 1));

        assertThat(succeeded().images()).extracting(StoredImage::index).containsExactly(1, 2, 3, 4, 5, 6, 7);
        assertThat(succeeded().images())
                .allSatisfy(image -> assertThat(image.key()).isEqualTo(FOLDER + image.index() + ".png"));
        assertThat(succeeded().warnings())
                .filteredOn(warning -> warning.code().equals("tile-rejected"))
                .extracting(Job.Warning::tile)
                .containsExactly(0);
    }

    @DisplayName("Tiles have the samples of the grid: grey, 16 bits, palette, and the chunks on colours")
    @ParameterizedTest
    @CsvSource({"0, 8", "0, 16", "2, 16", "3, 8", "4, 8", "6, 16"})
    void tilesHaveTheSamplesOfTheGrid(int colourType, int depth) throws Exception {
        var grid = RawPng.random(40, 32, colourType, depth, new Random(9)).with("gAMA", new byte[] {0, 1, 2, 3});
        var spec = new GridSpec(2, 2, false, 0, 12, 1);

        splitter.handle(lease(task(spec, SampleSplits.stored(store, "grid/0.png", grid.file(true), 40, 32)), 1));

        var last = succeeded().images().get(3);
        var tile = RawPng.parse(SampleSplits.bytes(store, last.key()));
        assertThat(tile.samples()).isDeepEqualTo(grid.part(20, 16, 20, 16));
        assertThat(tile.chunk("gAMA")).isEqualTo(new byte[] {0, 1, 2, 3});
    }

    @Test
    void gridForWhichThereIsTooLittleMemoryAtTheMomentIsAFaultOfTheWorker() throws Exception {
        var task = task(SampleSplits.twoByTwo(), SampleSplits.stored(store, "grid/0.png", SampleSplits.grid(1)));
        var budget = new DecodingBudget(64 << 20, Duration.ofMillis(10));

        budget.reserving((64 << 20) - 1024, () -> {
            splitter(Duration.ofMillis(300), budget).handle(lease(task, 1));
            return "";
        });

        assertThat(failed().failure().code()).isEqualTo(Code.OUT_OF_MEMORY);
        assertThat(failed().failure().code().retryable()).isTrue();
    }

    @Test
    void gridThatNeverFitsIsRefusedForGood() throws Exception {
        var task = task(SampleSplits.twoByTwo(), SampleSplits.stored(store, "grid/0.png", SampleSplits.grid(1)));

        splitter(Duration.ofMillis(300), new DecodingBudget(1024, Duration.ofMillis(10)))
                .handle(lease(task, 1));

        assertThat(failed().failure().code()).isEqualTo(Code.REQUEST_REJECTED);
        assertThat(failed().failure().message()).contains("MB", "a larger heap");
    }

    @DisplayName("Boxes and cuts are reported, with the grid itself if it is in the folder of the job")
    @Test
    void boxesAndCutsAreReported() throws Exception {
        var own = SampleSplits.stored(store, FOLDER.replace("split-1", "generate-1") + "0.png", SampleSplits.grid(1));

        splitter.handle(lease(task(SampleSplits.twoByTwo(), own), 1));

        assertThat(succeeded().images())
                .extracting(image -> tile(image).box())
                .containsExactly(
                        List.of(6, 6, 102, 86),
                        List.of(110, 6, 206, 86),
                        List.of(6, 94, 102, 174),
                        List.of(110, 94, 206, 174));
        assertThat(succeeded().grids()).containsExactly(own.cutAt(new StoredImage.Cuts(List.of(106), List.of(90), 1)));
        assertThat(store.keys()).hasSize(5);
    }

    @DisplayName("A grid of another job is copied byte by byte, so that this job keeps it; a redelivery finds the copy")
    @Test
    void gridOfAnotherJobIsCopied() throws Exception {
        var bytes = SampleSplits.png(SampleSplits.grid(1));
        var task = task(SampleSplits.twoByTwo(), SampleSplits.stored(store, "jobs/other/0.png", bytes, 212, 180));

        splitter.handle(lease(task, 1));
        splitter.handle(lease(task, 2));

        var copy = succeeded().grids().get(0);
        assertThat(copy.key()).isEqualTo(FOLDER + "grid-0.png");
        assertThat(copy.kind()).isEqualTo(StoredImage.Kind.GRID);
        assertThat(SampleSplits.bytes(store, copy.key())).isEqualTo(bytes);
        assertThat(events.events(TaskSucceeded.class))
                .last(type(TaskSucceeded.class))
                .returns(2, TaskSucceeded::attempt)
                .returns(succeeded().grids(), TaskSucceeded::grids)
                .returns(succeeded().images(), TaskSucceeded::images);
    }

    @DisplayName("An uploaded JPEG is split, too; what the job keeps is a PNG")
    @Test
    void imageFileOfAnotherFormatIsConverted() throws Exception {
        var jpeg = new ByteArrayOutputStream();
        ImageIO.write(SampleSplits.grid(1), "jpeg", jpeg);
        var stored = SampleSplits.stored(store, "files/a.jpeg", jpeg.toByteArray(), 212, 180);

        splitter.handle(lease(task(SampleSplits.twoByTwo(), stored), 1));

        assertThat(succeeded().images()).hasSize(4);
        var grid = SampleSplits.bytes(store, succeeded().grids().get(0).key());
        assertThat(PngImage.header(grid).width()).isEqualTo(212);
    }

    @Test
    void imageFileOfAnotherFormatThatIsDamagedIsRejected() throws Exception {
        var jpeg = new ByteArrayOutputStream();
        ImageIO.write(SampleSplits.grid(1), "jpeg", jpeg);
        var half = Arrays.copyOf(jpeg.toByteArray(), jpeg.size() / 2);

        splitter.handle(
                lease(task(SampleSplits.twoByTwo(), SampleSplits.stored(store, "files/a.jpeg", half, 212, 180)), 1));

        assertThat(failed().failure().code()).isEqualTo(Code.REQUEST_REJECTED);
        assertThat(failed().failure().message()).startsWith("The grid files/a.jpeg cannot be decoded: ");
    }

    @Test
    void gridThatDoesNotExistAnyMoreIsReportedWithoutFurtherAttempts() throws Exception {
        var task = task(SampleSplits.twoByTwo(), SampleSplits.stored(store, "jobs/other/0.png", SampleSplits.grid(1)));
        store.delete(new ObjectKey("jobs/other/0.png")).join();

        splitter.handle(lease(task, 1));

        assertThat(failed().failure().code()).isEqualTo(Code.SOURCE_UNAVAILABLE);
        assertThat(failed().failure().code().isTransient()).isFalse();
        assertThat(failed().failure().message())
                .isEqualTo("The grid jobs/other/0.png does not exist any more: it was erased or has expired.");
    }

    @Test
    void uncertainCutsCauseAWarningAndTheGridIsKept() throws Exception {
        var photo = new BufferedImage(200, 200, BufferedImage.TYPE_INT_RGB);
        var random = new Random(3);
        for (int i = 0; i < 200 * 200; i++) {
            photo.setRGB(i % 200, i / 200, random.nextInt(1 << 24));
        }

        splitter.handle(lease(task(SampleSplits.twoByTwo(), SampleSplits.stored(store, "grid/0.png", photo)), 1));

        assertThat(succeeded().images()).hasSize(4);
        assertThat(succeeded().grids()).hasSize(1);
        assertThat(succeeded().warnings())
                .containsExactly(new Job.Warning(
                        "low-confidence",
                        "The cuts of grid 0 have a confidence of 0.5 of 1: it has no clear gutters where they are expected,"
                                + " so tiles may be cut through. The uncut grid is kept.",
                        null));
    }

    @Test
    void smallTilesAreKeptWithAWarningIfTheSpecSaysSo() throws Exception {
        var spec = new GridSpec(2, 2, true, 0, 12, 90, null, null, true);

        splitter.handle(lease(task(spec, SampleSplits.stored(store, "grid/0.png", SampleSplits.grid(1))), 1));

        assertThat(succeeded().images()).extracting(StoredImage::index).containsExactly(0, 1, 2, 3);
        assertThat(succeeded().warnings())
                .extracting(Job.Warning::code, Job.Warning::tile)
                .containsExactly(
                        tuple("tile-small", 0), tuple("tile-small", 1), tuple("tile-small", 2), tuple("tile-small", 3));
    }

    @DisplayName("A grid that cannot be split does not prevent that the others are")
    @Test
    void oneOfTwoGridsIsSplit() throws Exception {
        var text = "not an image".getBytes(StandardCharsets.US_ASCII);
        var folder = FOLDER.replace("split-1", "generate-1");
        var broken = SampleSplits.stored(store, folder + "0.png", text, 10, 10);
        var good = SampleSplits.stored(store, folder + "1.png", SampleSplits.grid(1));

        splitter.handle(lease(task(SampleSplits.twoByTwo(), broken, good), 1));

        assertThat(succeeded().images()).extracting(StoredImage::index).containsExactly(4, 5, 6, 7);
        assertThat(succeeded().grids()).extracting(StoredImage::key).containsExactly(broken.key(), good.key());
        assertThat(succeeded().warnings()).extracting(Job.Warning::code).containsExactly("grid-not-split");
        assertThat(succeeded().warnings().get(0).message())
                .startsWith("Grid 0 could not be cut into tiles: The grid " + broken.key());
    }

    @Test
    void taskSucceedsWithoutTilesWhenAllAreTooSmall() throws Exception {
        var spec = new GridSpec(2, 2, true, 0, 12, 512);

        var disposition =
                splitter.handle(lease(task(spec, SampleSplits.stored(store, "grid/0.png", SampleSplits.grid(1))), 1));

        assertThat(disposition).isEqualTo(Disposition.ACCEPT);
        assertThat(succeeded().images()).isEmpty();
        assertThat(succeeded().warnings())
                .extracting(Job.Warning::code)
                .containsExactly("tile-rejected", "tile-rejected", "tile-rejected", "tile-rejected", "grid-not-split");
        assertThat(succeeded().warnings().get(4).message())
                .isEqualTo("None of the tiles has 512 pixels on each side. The grid is delivered as it is.");
    }

    @Test
    void fileThatIsNoImageIsRejected() throws Exception {
        var text = "not an image".getBytes(StandardCharsets.US_ASCII);

        splitter.handle(
                lease(task(SampleSplits.twoByTwo(), SampleSplits.stored(store, "grid/0.png", text, 10, 10)), 1));

        assertThat(failed().failure().code()).isEqualTo(Code.REQUEST_REJECTED);
        assertThat(failed().failure().message())
                .isEqualTo("The grid grid/0.png is not a PNG that can be decoded: it is no PNG.");
    }

    @Test
    void truncatedImageIsRejected() throws Exception {
        var png = SampleSplits.png(SampleSplits.grid(1));
        var half = Arrays.copyOf(png, png.length / 2);

        splitter.handle(
                lease(task(SampleSplits.twoByTwo(), SampleSplits.stored(store, "grid/0.png", half, 210, 180)), 1));

        assertThat(failed().failure().code()).isEqualTo(Code.REQUEST_REJECTED);
        assertThat(failed().failure().code().isTransient()).isFalse();
    }

    @Test
    void tooManyPixelsAreRejectedBeforeTheyAreDecoded() throws Exception {
        var png = SampleSplits.png(SampleSplits.grid(1));
        // Sets the width in the header to 10,000. There is less image data now, so decoding would fail with another
        // message.
        png[18] = (byte) (10_000 >> 8);
        png[19] = (byte) 10_000;
        var crc = new CRC32();
        crc.update(png, 12, 17);
        ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());

        splitter.handle(
                lease(task(SampleSplits.twoByTwo(), SampleSplits.stored(store, "grid/0.png", png, 210, 180)), 1));

        assertThat(failed().failure().message())
                .isEqualTo("The grid grid/0.png has 1800000 pixels; 1000000 are allowed.");
        assertThat(failed().failure().code()).isEqualTo(Code.REQUEST_REJECTED);
    }

    @Test
    void tooManyBytesAreRejected() throws Exception {
        var bytes = new byte[1 << 20 | 1];

        splitter.handle(
                lease(task(SampleSplits.twoByTwo(), SampleSplits.stored(store, "grid/0.png", bytes, 10, 10)), 1));

        assertThat(failed().failure().message())
                .isEqualTo("The grid grid/0.png has 1048577 bytes; 1048576 are allowed.");
    }

    @Test
    void gridWithAnotherChecksumIsNotSplit() throws Exception {
        var announced = SampleSplits.stored(store, "grid/0.png", SampleSplits.grid(1));
        SampleSplits.stored(store, "grid/1.png", SampleSplits.grid(2));

        splitter.handle(lease(task(SampleSplits.twoByTwo(), at("grid/1.png", announced)), 1));

        assertThat(failed().failure().code()).isEqualTo(Code.STORAGE_ERROR);
        assertThat(store.keys()).containsExactly("grid/0.png", "grid/1.png");
    }

    @Test
    void storeThatIsDownIsReported() throws Exception {
        var task = task(SampleSplits.twoByTwo(), SampleSplits.stored(store, "grid/0.png", SampleSplits.grid(1)));
        store.failAlways(ObjectStoreFailed.Kind.UNAVAILABLE);

        var disposition = splitter.handle(lease(task, 1));

        assertThat(disposition).isEqualTo(Disposition.ACCEPT);
        assertThat(failed().failure().code()).isEqualTo(Code.STORAGE_ERROR);
        assertThat(failed().failure().code().isTransient()).isTrue();
    }

    @Test
    void taskThatCannotBeReportedIsReleased() throws Exception {
        var task = task(SampleSplits.twoByTwo(), SampleSplits.stored(store, "grid/0.png", SampleSplits.grid(1)));
        events.goDown();

        assertThat(splitter.handle(lease(task, 1))).isEqualTo(Disposition.RELEASE);
    }

    @Test
    void taskOfAStoppingProcessIsReleased() throws Exception {
        var task = task(SampleSplits.twoByTwo(), SampleSplits.stored(store, "grid/0.png", SampleSplits.grid(1)));
        var lease = lease(task, 1);
        lease.cancellation().request();

        assertThat(splitter.handle(lease)).isEqualTo(Disposition.RELEASE);
        assertThat(events.events()).isEmpty();
    }

    @Test
    void taskWaitsForAStoreThatComesBackInTime() throws Exception {
        var task = task(SampleSplits.twoByTwo(), SampleSplits.stored(store, "grid/0.png", SampleSplits.grid(1)));
        store.failNext(ObjectStoreFailed.Kind.UNAVAILABLE);

        assertThat(splitter.handle(lease(task, 1))).isEqualTo(Disposition.ACCEPT);

        assertThat(succeeded().images()).hasSize(4);
        assertThat(progress).extracting(TaskProgress::phase).containsExactly("waiting for the store", "split");
    }

    @Test
    void taskThatWaitsForTheStoreEndsWhenItsJobIsCanceled() throws Exception {
        var task = task(SampleSplits.twoByTwo(), SampleSplits.stored(store, "grid/0.png", SampleSplits.grid(1)));
        store.failAlways(ObjectStoreFailed.Kind.UNAVAILABLE);
        var lease = lease(task, 1);
        var canceler = new Thread(() -> {
            await().until(() -> !progress.isEmpty());
            lease.cancellation().request(Cancellation.Request.receivedNow(Duration.ofSeconds(30)));
        });
        canceler.start();

        assertThat(splitter(Duration.ofMinutes(5)).handle(lease)).isEqualTo(Disposition.ACCEPT);

        canceler.join();
        assertThat(events.events()).last().isInstanceOf(TaskCanceled.class);
    }

    private TaskSucceeded succeeded() {
        return events.events(TaskSucceeded.class).get(0);
    }

    private TaskFailed failed() {
        assertThat(events.events()).hasSize(2).last().isInstanceOf(TaskFailed.class);
        return events.events(TaskFailed.class).get(0);
    }

    private ReportingTaskHandler<SplitRequested> splitter(Duration storeTimeout) {
        return splitter(storeTimeout, DecodingBudget.ofProcess());
    }

    private ReportingTaskHandler<SplitRequested> splitter(Duration storeTimeout, DecodingBudget budget) {
        return splitter(storeTimeout, budget, progress::add);
    }

    private ReportingTaskHandler<SplitRequested> splitter(
            Duration storeTimeout, DecodingBudget budget, Consumer<TaskProgress> progress) {
        return new ReportingTaskHandler<>(
                new GridSplitter(
                        WORKER,
                        SampleSplits.noDownloads(store),
                        new GridReader(store, limits, budget),
                        new TileRepository(store, true),
                        new StoreRetry(storeTimeout),
                        budget),
                events,
                progress,
                () -> SampleSplits.AT,
                new WorkerProperties(
                        Duration.ofSeconds(5), false, storeTimeout, Duration.ofSeconds(5), Duration.ZERO, true),
                ObservationRegistry.NOOP);
    }

    private static SplitRequested task(GridSpec spec, StoredImage... grids) {
        return SampleSplits.task(SampleSplits.JOB, spec, grids);
    }

    private static Lease<SplitRequested> lease(SplitRequested task, int delivery) {
        return new Lease<>(
                task, Topic.SPLIT_REQUESTED, delivery, delivery, new Cancellation(), disposition -> {}, () -> {});
    }

    private static StoredImage.Tile tile(StoredImage image) {
        return Objects.requireNonNull(image.tile());
    }

    private static StoredImage at(String key, StoredImage grid) {
        return new StoredImage(
                grid.index(),
                grid.kind(),
                key,
                grid.sha256(),
                grid.bytes(),
                grid.mediaType(),
                grid.width(),
                grid.height(),
                grid.seed(),
                grid.tile());
    }

    /** A grid whose first image has an upper half as white as the border. */
    private static BufferedImage withSky() {
        var grid = SampleSplits.grid(1);
        var pen = grid.createGraphics();
        pen.setColor(Color.WHITE);
        pen.fillRect(6, 6, 96, 40);
        pen.dispose();
        return grid;
    }

    private static int[] pixels(BufferedImage image) {
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }
}
