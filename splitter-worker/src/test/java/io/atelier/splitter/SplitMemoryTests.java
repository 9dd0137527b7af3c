package io.atelier.splitter;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.GridSpec;
import io.atelier.image.png.PngImage;
import io.atelier.image.png.PngRaster;
import io.atelier.image.png.PngTextChunks;
import io.atelier.image.png.PngWriter;
import io.atelier.splitter.grid.Grid;
import io.atelier.splitter.grid.TileCompression;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitMemoryTests {

    private static final int SIDE = 2048;
    private static final int DECODED = 3 * SIDE * SIDE;

    /** What a JVM without any image has in its heap. */
    private static final int OF_JVM = 8 << 20;

    @DisplayName(
            "A grid is split in a heap of three times its decoded size, its file and the files of its tiles included")
    @Test
    void gridIsSplitInThreeTimesItsSize(@TempDir Path folder) throws Exception {
        var file = Files.write(folder.resolve("grid.png"), photo());
        var output = folder.resolve("output").toFile();
        int heap = (3 * DECODED + OF_JVM) >> 10;

        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + heap + "k",
                        "-XX:+UseSerialGC",
                        "-XX:NewRatio=8",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Split.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(output))
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }

        assertThat(Files.readString(output.toPath(), StandardCharsets.UTF_8)).isEqualTo("4 tiles");
    }

    /** Photo-like: soft light with noise, four images with white gutters. */
    private static byte[] photo() {
        var random = new Random(20_261_128);
        var image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                boolean isGutter = Math.abs(x - SIDE / 2) < 8 || Math.abs(y - SIDE / 2) < 8;
                int light = (int) (120 + 60 * Math.sin(x / 300.0) * Math.cos(y / 200.0));
                int rgb = 0;
                for (int channel = 0; channel < 3; channel++) {
                    rgb = rgb << 8 | light + (int) (2 * random.nextGaussian());
                }
                image.setRGB(x, y, isGutter ? 0xFFFFFF : rgb);
            }
        }
        return new PngWriter().write(PngImage.of(image), PngTextChunks.NONE);
    }

    /** Splits one grid, in a JVM of its own. */
    static final class Split {

        private static final GridSpec SPEC = new GridSpec(2, 2, true, 0, 12, 64);

        private Split() {}

        public static void main(String[] arguments) throws IOException {
            var file = Files.readAllBytes(Path.of(arguments[0]));
            var writer = new PngWriter();
            try (var compression = new TileCompression(SPEC)) {
                var raster = PngRaster.read(file, compression);
                var tiles = new Grid(raster)
                        .split(SPEC).tiles().parallelStream()
                                .map(tile -> writer.write(compression.image(raster, tile.box()), PngTextChunks.NONE))
                                .toList();
                System.out.print(tiles.size() + " tiles");
            }
        }
    }
}
