package io.atelier.generator.engine.diffusion.pipeline;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.json.JsonMapper;

/** PocketGolden results of a Python loop with the same model files; they are part of the model's folder. */
public record PocketGolden(int number, Numbers numbers) {

    private static final String FOLDER = "/models/pocket/golden/";

    public static Stream<PocketGolden> all() {
        try (var in = open("golden.json")) {
            var cases = new JsonMapper().readValue(in, Cases.class).cases();
            return IntStream.range(0, cases.size()).mapToObj(i -> new PocketGolden(i, cases.get(i)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The token states of the prompt. */
    public float[] states() {
        return floats(number + ".states.f32");
    }

    public float[] latents() {
        return floats(number + ".latents.f32");
    }

    public BufferedImage image() {
        try (var in = open(number + ".png")) {
            return ImageIO.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Peak signal-to-noise ratio of two images in decibels; from 40 on the difference is not visible. */
    public static double psnr(BufferedImage one, BufferedImage other) {
        double squares = 0;
        for (int y = 0; y < one.getHeight(); y++) {
            for (int x = 0; x < one.getWidth(); x++) {
                for (int shift = 0; shift < 24; shift += 8) {
                    int difference = (one.getRGB(x, y) >> shift & 255) - (other.getRGB(x, y) >> shift & 255);
                    squares += difference * difference;
                }
            }
        }
        return 10 * Math.log10(255 * 255 * 3.0 * one.getWidth() * one.getHeight() / squares);
    }

    @Override
    public String toString() {
        return numbers.prompt() + ", seed " + numbers.seed();
    }

    private static float[] floats(String file) {
        try (var in = open(file)) {
            var buffer = ByteBuffer.wrap(in.readAllBytes())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
            var floats = new float[buffer.remaining()];
            buffer.get(floats);
            return floats;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String file) {
        return Objects.requireNonNull(PocketGolden.class.getResourceAsStream(FOLDER + file), file);
    }

    /**
     * The golden numbers of one case.
     *
     * @param noiseFirst the first eight numbers of the noise
     * @param stepSum for each step the sum of all latents after it
     * @param stepFirst for each step the first four latents after it
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Numbers(
            String prompt,
            long seed,
            List<Integer> tokenIds,
            List<Float> noiseFirst,
            List<Double> stepSum,
            List<List<Float>> stepFirst) {}

    private record Cases(List<Numbers> cases) {}
}
