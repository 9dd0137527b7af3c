package io.atelier.splitter;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.DigitalSourceType;
import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.Provenance;
import io.atelier.contract.image.Provenance.ContentCredentials;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.JobId;
import io.atelier.contract.work.SplitRequested;
import io.atelier.image.decode.DecodingBudget;
import io.atelier.image.png.PngFileMetadata;
import io.atelier.image.png.PngImage;
import io.atelier.image.png.PngTextChunks;
import io.atelier.image.png.PngWriter;
import io.atelier.image.png.RawPng;
import io.atelier.storage.InMemoryObjectStore;
import io.atelier.storage.ObjectKey;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class TileMarksTests {

    private static final String KEY = "jobs/other/0.png";
    private static final JobId OTHER = new JobId("gen_01kb9q4v6ye7m8c3r5t2w0x1zb");

    private final InMemoryObjectStore store = new InMemoryObjectStore();

    @DisplayName("Tiles have the texts, the seed and the mark of their grid")
    @Test
    void tilesSayWhatTheirGridSays() throws Exception {
        var text = text();
        var grid = grid(new PngWriter()
                .write(
                        PngImage.read(png().file(false)),
                        new PngTextChunks(text).marked(DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA)));

        for (var tile : split(grid, true)) {
            var file = file(tile);
            assertThat(file.text()).isEqualTo(text);
            assertThat(file.source()).contains(DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA);
            assertThat(tile.seed()).isEqualTo(7);
            assertThat(tile.provenance()).isEqualTo(new Provenance(true, ContentCredentials.NONE));
        }
    }

    @DisplayName("Tiles of a signed grid have no manifest; their mark and texts come from the metadata of the grid")
    @Test
    void tilesOfASignedGridAreMarked() throws Exception {
        var grid = grid(png().with("caBX", new byte[] {1, 2}).file(false), signedMetadata());

        for (var tile : split(grid, true)) {
            var file = file(tile);
            assertThat(file.hasContentCredentials()).isFalse();
            assertThat(file.source()).contains(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA);
            assertThat(file.text())
                    .isEqualTo(Map.of("Software", "Atelier", "job", OTHER.value(), "model", "sdxl", "seed", "7"));
            assertThat(tile.provenance()).isEqualTo(new Provenance(true, ContentCredentials.DROPPED));
        }
    }

    @DisplayName("The copy of a signed grid is byte for byte the grid, and can be split again with the same result")
    @Test
    void theCopyOfASignedGridCanBeSplitAgain() throws Exception {
        var bytes = png().with("caBX", new byte[] {1, 2}).file(false);
        var grid = grid(bytes, signedMetadata());
        var task = task(grid, SampleSplits.JOB);
        var tiles = new TileRepository(store, true);
        var first = split(grid, true);

        var copy = tiles.keepGrid(task, 0, reader().read(grid));

        assertThat(SampleSplits.bytes(store, copy.key())).isEqualTo(bytes);
        assertThat(copy.provenance()).isEqualTo(new Provenance(false, ContentCredentials.KEPT));
        assertThat(copy.seed()).isEqualTo(7);
        var again = task(copy, OTHER);
        var second =
                tiles.storeAll(GridCut.of(reader().read(copy), 0, again, tiles).pending());
        assertThat(second)
                .extracting(object -> object.sha256())
                .isEqualTo(first.stream().map(StoredImage::sha256).toList());
    }

    @DisplayName("Tiles of an image that no engine made are not marked, and have no texts of others")
    @Test
    void tilesOfAnUploadSayNothing() throws Exception {
        var grid = grid(png().with("tEXt", "Author\0somebody".getBytes(StandardCharsets.US_ASCII))
                .file(false));

        for (var tile : split(grid, true)) {
            assertThat(file(tile)).isEqualTo(new PngFileMetadata(Map.of(), Optional.empty(), false));
            assertThat(tile.provenance()).isEqualTo(new Provenance(false, ContentCredentials.NONE));
        }
    }

    @Test
    void tilesOfAJpegSayNothing() throws Exception {
        var jpeg = new ByteArrayOutputStream();
        ImageIO.write(SampleSplits.grid(1), "jpeg", jpeg);

        assertThat(split(grid(jpeg.toByteArray()), true))
                .extracting(StoredImage::provenance)
                .containsOnly(new Provenance(false, ContentCredentials.NONE));
    }

    @DisplayName("Tiles of a JPEG that a client uploaded are marked if the JPEG is")
    @Test
    void tilesOfAMarkedJpegAreMarked() throws Exception {
        var jpeg = new ByteArrayOutputStream();
        ImageIO.write(SampleSplits.grid(1), "jpeg", jpeg);
        var packet = ("http://ns.adobe.com/xap/1.0/\0<x xmlns:i='http://iptc.org/std/Iptc4xmpExt/2008-02-29/'"
                        + " i:DigitalSourceType='%s'/>")
                .formatted(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA.uri())
                .getBytes(StandardCharsets.US_ASCII);
        var marked = new ByteArrayOutputStream();
        marked.write(jpeg.toByteArray(), 0, 2);
        marked.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xE1, 0, (byte) (packet.length + 2)});
        marked.writeBytes(packet);
        marked.write(jpeg.toByteArray(), 2, jpeg.size() - 2);

        for (var tile : split(grid(marked.toByteArray()), true)) {
            assertThat(file(tile).source()).contains(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA);
            assertThat(tile.provenance()).isEqualTo(new Provenance(true, ContentCredentials.NONE));
        }
    }

    @Test
    void anOperatorCanSwitchMarksOff() throws Exception {
        var grid = grid(new PngWriter()
                .write(
                        PngImage.read(png().file(false)),
                        new PngTextChunks(text()).marked(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA)));

        for (var tile : split(grid, false)) {
            assertThat(file(tile).source()).isEmpty();
            assertThat(file(tile).text()).isEqualTo(text());
            assertThat(tile.provenance()).isEqualTo(new Provenance(false, ContentCredentials.NONE));
        }
    }

    @DisplayName(
            "A grid that was stored while marks were off has marked tiles, because its metadata says how it was made")
    @Test
    void tilesOfAnUnmarkedGridOfAnEngineAreMarked() throws Exception {
        var grid = grid(png().file(false), Map.of("digital-source-type", "trainedAlgorithmicMedia"));

        assertThat(split(grid, true))
                .extracting(StoredImage::provenance)
                .containsOnly(new Provenance(true, ContentCredentials.NONE));
    }

    @DisplayName("That a manifest was dropped is said also of tiles of tiles")
    @Test
    void droppedStaysDropped() throws Exception {
        var tile = grid(png().file(false)).withProvenance(new Provenance(true, ContentCredentials.DROPPED));

        assertThat(split(tile, true))
                .extracting(StoredImage::provenance)
                .containsOnly(new Provenance(false, ContentCredentials.DROPPED));
    }

    private List<StoredImage> split(StoredImage grid, boolean marksImages) throws Exception {
        var task = task(grid, SampleSplits.JOB);
        var tiles = new TileRepository(store, marksImages);
        var stored =
                tiles.storeAll(GridCut.of(reader().read(grid), 0, task, tiles).pending());
        assertThat(stored).hasSize(4);
        return stored.stream()
                .map(object -> GridTile.describe(object, task.spec()))
                .toList();
    }

    private GridReader reader() {
        var limits = new SplitterProperties(1, DataSize.ofMegabytes(1), 1_000_000, Duration.ZERO, 1, "splitter-1");
        return new GridReader(store, limits, DecodingBudget.ofProcess());
    }

    private PngFileMetadata file(StoredImage tile) {
        return PngFileMetadata.read(SampleSplits.bytes(store, tile.key()));
    }

    private static SplitRequested task(StoredImage grid, JobId job) {
        return SampleSplits.task(job, new GridSpec(2, 2, false, 0, 12, 1), grid);
    }

    private StoredImage grid(byte[] bytes) {
        return grid(bytes, Map.of());
    }

    private StoredImage grid(byte[] bytes, Map<String, String> metadata) {
        var object = store.put(new ObjectKey(KEY), bytes, "image/png", metadata).join();
        return new StoredImage(
                0, StoredImage.Kind.GRID, KEY, object.sha256(), bytes.length, "image/png", 40, 32, 7L, null);
    }

    private static Map<String, String> signedMetadata() {
        return Map.of(
                "digital-source-type", "trainedAlgorithmicMedia", "job", OTHER.value(), "model", "sdxl", "seed", "7");
    }

    private static Map<String, String> text() {
        var text = new LinkedHashMap<String, String>();
        text.put("Software", "Atelier");
        text.put("prompt", "ein Bär \uD83D\uDC3B");
        text.put("parameters", "ein Bär\nSize: 40x32, Model: sdxl, Version: Atelier");
        return text;
    }

    private static RawPng png() {
        return RawPng.random(40, 32, 2, 8, new Random(3));
    }
}
