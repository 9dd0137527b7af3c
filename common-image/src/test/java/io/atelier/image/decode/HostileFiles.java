package io.atelier.image.decode;

import io.atelier.image.png.PngKind;
import io.atelier.image.png.RawPng;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.jspecify.annotations.Nullable;

/** Image files of a seed: valid ones with the pixels that they must have, changed ones, and bombs. */
final class HostileFiles {

    private static final List<PngKind> KINDS = PngKind.all().toList();

    private final Random random;

    HostileFiles(long seed) {
        this.random = new Random(seed);
    }

    /**
     * A file.
     *
     * @param pixels what it must look like if it is accepted, alpha first; null if that is not known
     * @param samples of a PNG, in place of pixels
     * @param isValid whether it must be accepted
     * @param tolerance how much a channel may differ: only JPEG loses something
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Sample(
            String name,
            byte[] bytes,
            int width,
            int @Nullable [] pixels,
            int @Nullable [][] samples,
            boolean isValid,
            int tolerance) {}

    Sample next(int number) throws IOException {
        var valid = valid(number % 4);
        if (number % 5 == 0) {
            return valid;
        }
        // Checksums cover all samples of a PNG, so it keeps them or is refused.
        return new Sample("changed " + valid.name, changed(valid.bytes), valid.width, null, valid.samples, false, 0);
    }

    /** Small files that mean a lot of work or memory. */
    List<Sample> bombs() throws IOException {
        var png = RawPng.plain(3, 2, 2, 8, 77);
        var zeros = deflated(new byte[40_000_000]);
        var text = "a name\0\0".getBytes(StandardCharsets.US_ASCII);
        var endless = png.file(false);
        int end = endless.length - 12;
        return List.of(
                accepted("iCCP bomb", png, insert(png.file(false), 33, chunk("iCCP", join(text, zeros)))),
                accepted("zTXt bomb", png, insert(png.file(false), 33, chunk("zTXt", join(text, zeros)))),
                accepted("empty IDAT", png, insert(endless, end, repeat(chunk("IDAT", new byte[0]), 300_000))),
                accepted("endless IDAT", png, insert(endless, end, repeat(chunk("IDAT", zeros), 200))),
                refused("50,000 x 50,000 zeros", blackPng(50_000)),
                accepted("more zeros than 3 x 2 pixels", RawPng.plain(3, 2, 2, 8, 0), withData(png, zeros)),
                refused("JPEG of 60,000 x 60,000", claiming(jpeg(8, 8, new int[64], false), 60_000)),
                refused("JPEG of 20,000 scans", scans(jpeg(512, 512, new int[512 * 512], true), 20_000)),
                frames(100_000));
    }

    private Sample valid(int format) throws IOException {
        int width = 1 + random.nextInt(48);
        int height = 1 + random.nextInt(48);
        if (format == 0) {
            var kind = KINDS.get(random.nextInt(KINDS.size()));
            var png = kind.image(width, height);
            return new Sample(kind.toString(), png.file(kind.interlaced()), width, null, png.samples(), true, 0);
        }
        if (format == 1) {
            return gif(width, height);
        }
        if (format == 2) {
            var pixels = random.ints((long) width * height).toArray();
            return new Sample("WebP", RawWebp.file(width, height, pixels), width, pixels, null, true, 0);
        }
        var pixels = new int[width * height];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = 0xFF000000 | (60 + 2 * (i % width)) << 16 | (200 - 3 * (i / width)) << 8 | 90;
        }
        return new Sample("JPEG", jpeg(width, height, pixels, random.nextBoolean()), width, pixels, null, true, 12);
    }

    private Sample gif(int width, int height) {
        var palette = new byte[3 * 256];
        random.nextBytes(palette);
        var indexes = new int[height][];
        Arrays.setAll(indexes, y -> random.ints(width, 0, 256).toArray());
        var pixels = new int[width * height];
        for (int i = 0; i < pixels.length; i++) {
            int index = 3 * indexes[i / width][i % width];
            pixels[i] = 0xFF000000
                    | (palette[index] & 255) << 16
                    | (palette[index + 1] & 255) << 8
                    | (palette[index + 2] & 255);
        }
        var file = new RawGif(width, height, palette).image(0, 0, indexes, random.nextBoolean());
        return new Sample("GIF", file.file(), width, pixels, null, true, 0);
    }

    private byte[] changed(byte[] file) {
        var changed = file.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(changed.length);
            switch (random.nextInt(5)) {
                case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> changed[at] = (byte) random.nextInt(256);
                case 2 -> changed = Arrays.copyOf(changed, Math.max(1, at));
                case 3 -> {
                    var more = new byte[1 + random.nextInt(20)];
                    random.nextBytes(more);
                    changed = insert(changed, at, more);
                }
                default -> {
                    int length = Math.min(changed.length - at, 1 + random.nextInt(60));
                    int from = random.nextInt(changed.length - length + 1);
                    System.arraycopy(changed, from, changed, at, length);
                }
            }
        }
        return changed;
    }

    private static Sample accepted(String name, RawPng png, byte[] file) {
        return new Sample(name, file, 3, null, png.samples(), true, 0);
    }

    private static Sample refused(String name, byte[] file) {
        return new Sample(name, file, 1, new int[0], null, false, 0);
    }

    private static Sample frames(int count) {
        var gif = new RawGif(2, 1, new byte[] {0, 0, 0, 9, 8, 7});
        for (int i = 0; i < count; i++) {
            gif.image(0, 0, new int[][] {{1, 0}}, false);
        }
        return new Sample("GIF of many images", gif.file(), 2, new int[] {0xFF090807, 0xFF000000}, null, true, 0);
    }

    private static byte[] jpeg(int width, int height, int[] pixels, boolean progressive) throws IOException {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, width, height, pixels, 0, width);
        var bytes = new ByteArrayOutputStream();
        var writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (var out = new MemoryCacheImageOutputStream(bytes)) {
            var settings = writer.getDefaultWriteParam();
            settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            settings.setCompressionQuality(0.98f);
            settings.setProgressiveMode(progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), settings);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private static byte[] claiming(byte[] jpeg, int side) {
        for (int i = 2; ; i++) {
            if ((jpeg[i] & 0xFF) == 0xFF && ((jpeg[i + 1] & 0xFF) == 0xC0 || (jpeg[i + 1] & 0xFF) == 0xC2)) {
                jpeg[i + 5] = jpeg[i + 7] = (byte) (side >> 8);
                jpeg[i + 6] = jpeg[i + 8] = (byte) side;
                return jpeg;
            }
        }
    }

    /** The last scan again and again. */
    private static byte[] scans(byte[] jpeg, int count) {
        int last = jpeg.length - 2;
        while ((jpeg[last] & 0xFF) != 0xFF || (jpeg[last + 1] & 0xFF) != 0xDA) {
            last--;
        }
        return insert(jpeg, jpeg.length - 2, repeat(Arrays.copyOfRange(jpeg, last, jpeg.length - 2), count));
    }

    private static byte[] blackPng(int side) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var row = new byte[1 + (side + 7) / 8];
        var deflater = new Deflater(Deflater.BEST_SPEED);
        try (var out = new DeflaterOutputStream(bytes, deflater)) {
            for (int y = 0; y < side; y++) {
                out.write(row);
            }
        } finally {
            deflater.end();
        }
        var file = withData(RawPng.plain(side, 1, 0, 1, 0), bytes.toByteArray());
        file[22] = (byte) (side >> 8);
        file[23] = (byte) side;
        return patchHeader(file);
    }

    private static byte[] patchHeader(byte[] file) {
        var crc = new CRC32();
        crc.update(file, 12, 17);
        for (int i = 0; i < 4; i++) {
            file[29 + i] = (byte) (crc.getValue() >> (24 - 8 * i));
        }
        return file;
    }

    private static byte[] withData(RawPng png, byte[] data) {
        var file = png.file(false);
        return join(join(Arrays.copyOf(file, 33), chunk("IDAT", data)), chunk("IEND", new byte[0]));
    }

    private static byte[] chunk(String type, byte[] body) {
        return RawPng.chunk(type, body);
    }

    private static byte[] deflated(byte[] bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var deflater = new DeflaterOutputStream(out)) {
            deflater.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] repeat(byte[] bytes, int count) {
        var all = new byte[bytes.length * count];
        for (int i = 0; i < count; i++) {
            System.arraycopy(bytes, 0, all, i * bytes.length, bytes.length);
        }
        return all;
    }

    private static byte[] insert(byte[] bytes, int at, byte[] more) {
        return join(join(Arrays.copyOf(bytes, at), more), Arrays.copyOfRange(bytes, at, bytes.length));
    }

    private static byte[] join(byte[] first, byte[] second) {
        var joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }
}
