package io.atelier.benchmark.image;

import io.atelier.contract.image.GridSpec;
import io.atelier.image.png.PngFormatException;
import io.atelier.image.png.PngImage;
import io.atelier.image.png.PngRaster;
import io.atelier.image.png.PngTextChunks;
import io.atelier.image.png.PngWriter;
import io.atelier.splitter.grid.Grid;
import io.atelier.splitter.grid.Tile;
import io.atelier.splitter.grid.TileCompression;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Cuts a grid of 2048 x 2048 pixels into four files, and writes an image of 1024 x 1024 pixels, with our codec and with ImageIO. File in, files
 * out, all in memory. ImageIO gets the places of the tiles for nothing.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx1g", "-XX:+UseSerialGC"})
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 2, time = 4)
public class ImageBenchmark {

    private static final long SEED = 20_261_128;
    private static final GridSpec SPEC = new GridSpec(2, 2, true, 0, 12, 64);

    private final PngWriter writer = new PngWriter();
    private BufferedImage image = PhotoNoise.photo(1024, SEED);
    private byte[] grid = {};
    private List<Tile> tiles = List.of();

    /** Makes the images, and prints the seed and the sizes of what comes out. */
    @Setup
    public void makeImages() throws IOException {
        image = PhotoNoise.photo(1024, SEED);
        var pixels = PhotoNoise.grid(2048, SEED);
        grid = writer.write(PngImage.of(pixels), PngTextChunks.NONE);
        tiles = new Grid(PngRaster.of(pixels)).split(SPEC).tiles();
        var ours = splitByAtelier();
        for (int i = 0; i < tiles.size(); i++) {
            var box = tiles.get(i).box();
            var expected = pixels.getRGB(box.x(), box.y(), box.width(), box.height(), null, 0, box.width());
            var actual = ImageIO.read(new ByteArrayInputStream(ours.get(i)))
                    .getRGB(0, 0, box.width(), box.height(), null, 0, box.width());
            if (!Arrays.equals(expected, actual)) {
                throw new IllegalStateException("Tile " + i + " has other pixels than the grid.");
            }
        }
        System.out.printf(
                "Seed %d: the grid has %.2f MB, our tiles %.2f MB, those of ImageIO %.2f MB, all with equal pixels.%n",
                SEED, grid.length / 1e6, megabytes(ours), megabytes(splitByImageIo()));
    }

    @Benchmark
    public List<byte[]> splitByAtelier() throws PngFormatException {
        try (var compression = new TileCompression(SPEC)) {
            var raster = PngRaster.read(grid, compression);
            return new Grid(raster)
                    .split(SPEC).tiles().parallelStream()
                            .map(tile -> writer.write(compression.image(raster, tile.box()), PngTextChunks.NONE))
                            .toList();
        }
    }

    @Benchmark
    public List<byte[]> splitByImageIo() throws IOException {
        var pixels = ImageIO.read(new ByteArrayInputStream(grid));
        var files = new ArrayList<byte[]>();
        for (var tile : tiles) {
            var box = tile.box();
            files.add(imageIo(pixels.getSubimage(box.x(), box.y(), box.width(), box.height())));
        }
        return files;
    }

    @Benchmark
    public byte[] writeByAtelier() {
        return writer.write(PngImage.of(image), PngTextChunks.NONE);
    }

    @Benchmark
    public byte[] writeByImageIo() throws IOException {
        return imageIo(image);
    }

    private static byte[] imageIo(BufferedImage pixels) throws IOException {
        var bytes = new ByteArrayOutputStream();
        ImageIO.write(pixels, "png", bytes);
        return bytes.toByteArray();
    }

    private static double megabytes(List<byte[]> files) {
        return files.stream().mapToLong(file -> file.length).sum() / 1e6;
    }
}
