package io.atelier.image.decode;

import io.atelier.image.png.PngImage;
import io.atelier.image.png.PngTextChunks;
import io.atelier.image.png.PngWriter;
import io.atelier.image.png.RawPng;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Decodes hostile files in a JVM of its own, whose heap is the bound that is proved. Ends with status 0 if every file was accepted with the right
 * pixels or refused with a reason, each in time.
 */
final class DecoderFuzz {

    private static final long MAX_PIXELS = 40_000_000;
    private static final long LIMIT_SECONDS = 10;

    private final ImageFileDecoder decoder = new ImageFileDecoder(DecodingBudget.ofProcess(), MAX_PIXELS);
    private int accepted;
    private int refused;

    public static void main(String[] arguments) throws Exception {
        long seed = Long.parseLong(arguments[0]);
        int count = Integer.parseInt(arguments[1]);
        var fuzz = new DecoderFuzz();
        var files = new HostileFiles(seed);
        var worker = Executors.newSingleThreadExecutor();
        var bombs = files.bombs();
        long slowest = 0;
        for (int number = 0; number < count; number++) {
            var sample = number < bombs.size() ? bombs.get(number) : files.next(number);
            long start = System.nanoTime();
            @Nullable String fault;
            try {
                fault = worker.submit(() -> fuzz.fault(sample)).get(LIMIT_SECONDS, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                fault = "it took longer than " + LIMIT_SECONDS + " s";
            }
            slowest = Math.max(slowest, System.nanoTime() - start);
            if (fault != null) {
                System.out.printf("Seed %d, file %d (%s): %s%n", seed, number, sample.name(), fault);
                System.exit(1);
            }
        }
        System.out.printf(
                "Seed %d: %d accepted, %d refused, the slowest took %d ms%n",
                seed, fuzz.accepted, fuzz.refused, slowest / 1_000_000);
        System.exit(0);
    }

    private @Nullable String fault(HostileFiles.Sample sample) {
        try {
            var image = decoder.decode(sample.bytes());
            accepted++;
            return areRight(image, sample) ? null : "its pixels are wrong";
        } catch (ImageDecodingException e) {
            refused++;
            if (sample.isValid()) {
                return "it was refused: " + e.getMessage();
            }
            return e.getCause() instanceof OutOfMemoryError ? "the heap was full" : null;
        } catch (Throwable e) {
            return "it was not refused but failed: " + e + " at " + e.getStackTrace()[0];
        }
    }

    private static boolean areRight(PngImage image, HostileFiles.Sample sample) {
        if (sample.samples() != null) {
            var file = new PngWriter().write(image, PngTextChunks.NONE);
            return Arrays.deepEquals(RawPng.parse(file).samples(), sample.samples());
        }
        if (sample.pixels() == null) {
            return image.raster().header().pixels() > 0;
        }
        var raster = image.raster();
        boolean areRight = image.width() == sample.width() && image.width() * image.height() == sample.pixels().length;
        for (int i = 0; areRight && i < sample.pixels().length; i++) {
            int actual = raster.argb(i % sample.width(), i / sample.width());
            for (int shift = 0; shift < 32; shift += 8) {
                areRight &=
                        Math.abs((actual >>> shift & 255) - (sample.pixels()[i] >>> shift & 255)) <= sample.tolerance();
            }
        }
        return areRight;
    }
}
