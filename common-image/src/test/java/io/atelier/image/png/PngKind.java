package io.atelier.image.png;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;

/**
 * A kind of PNG: every combination of what the standard allows. Its samples are random and known by construction; nothing of the code under test and
 * nothing of ImageIO makes or reads its file.
 */
public record PngKind(int colourType, int depth, boolean interlaced, boolean hasTransparency, boolean hasProfile) {

    private static final int[][] FORMS = {
        {0, 1}, {0, 2}, {0, 4}, {0, 8}, {0, 16}, {2, 8}, {2, 16}, {3, 1}, {3, 2}, {3, 4}, {3, 8}, {4, 8}, {4, 16},
        {6, 8}, {6, 16}
    };

    /** All kinds. */
    public static Stream<PngKind> all() {
        return Stream.of(FORMS)
                .flatMap(form -> Stream.of(false, true)
                        .filter(transparent -> !transparent || form[0] < 4)
                        .flatMap(transparent -> Stream.of(false, true)
                                .flatMap(interlaced -> Stream.of(false, true)
                                        .map(profile ->
                                                new PngKind(form[0], form[1], interlaced, transparent, profile)))));
    }

    /** An image of this kind, with gamma and resolution. */
    public RawPng image(int width, int height) {
        var random = new Random(hashCode());
        var png = RawPng.random(width, height, colourType, depth, random)
                .with("gAMA", ByteBuffer.allocate(4).putInt(45_455).array())
                .with(
                        "pHYs",
                        ByteBuffer.allocate(9)
                                .putInt(11_811)
                                .putInt(5_905)
                                .put((byte) 1)
                                .array());
        if (hasTransparency) {
            png.with("tRNS", transparency(png));
        }
        if (hasProfile) {
            png.with("iCCP", profile(random));
        }
        return png;
    }

    /** Of a palette the alpha of all colours but the last one; otherwise the colour of the first pixel. */
    private byte[] transparency(RawPng png) {
        if (colourType == 3) {
            var alphas = new byte[(1 << depth) - 1];
            new Random(depth).nextBytes(alphas);
            return alphas;
        }
        var colour = ByteBuffer.allocate(2 * png.channels);
        for (int channel = 0; channel < png.channels; channel++) {
            colour.putShort((short) png.samples()[0][channel]);
        }
        return colour.array();
    }

    private static byte[] profile(Random random) {
        var profile = new byte[500];
        random.nextBytes(profile);
        var body = new ByteArrayOutputStream();
        body.writeBytes("a profile\0\0".getBytes(StandardCharsets.US_ASCII));
        try (var out = new DeflaterOutputStream(body)) {
            out.write(profile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return body.toByteArray();
    }
}
