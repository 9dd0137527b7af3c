package io.atelier.generator.provider;

import io.atelier.contract.job.Failure;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.SourceImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/** Turns the bytes of strangers into pixels, or says that they are no picture. */
final class ProviderImageDecoder {

    private ProviderImageDecoder() {}

    /**
     * The picture in a PNG, JPEG or WebP file, whatever the server called it.
     *
     * @param maxPixels the most that is decoded: a small file can hold a picture that no memory can
     * @param otherwise what to tell people if there is none; the reason is added to its message
     * @throws GenerationFailed if there is none
     */
    static BufferedImage decode(byte[] bytes, long maxPixels, Failure otherwise) {
        var reader = reader(bytes, otherwise);
        try (var input = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.setInput(input, true, true);
            long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
            if (pixels > maxPixels) {
                throw failed(
                        otherwise,
                        "it has %d x %d pixels, and at most %d are decoded"
                                .formatted(reader.getWidth(0), reader.getHeight(0), maxPixels),
                        null);
            }
            return reader.read(0);
        } catch (IOException | RuntimeException e) {
            // Readers of broken files throw whatever they like.
            if (e instanceof GenerationFailed known) {
                throw known;
            }
            throw failed(otherwise, "it cannot be decoded", e);
        } finally {
            reader.dispose();
        }
    }

    /** The same file, with what it is, once it has been decoded for a trial. */
    static SourceImage file(byte[] bytes, long maxPixels, Failure otherwise) {
        decode(bytes, maxPixels, otherwise).flush();
        return new SourceImage(bytes, "image/" + format(bytes));
    }

    private static ImageReader reader(byte[] bytes, Failure otherwise) {
        var format = format(bytes);
        var readers = ImageIO.getImageReadersByFormatName(format);
        if (format.isEmpty() || !readers.hasNext()) {
            throw failed(otherwise, bytes.length == 0 ? "it is empty" : "it is no PNG, JPEG or WebP", null);
        }
        return readers.next();
    }

    /** By the first bytes. */
    private static String format(byte[] bytes) {
        if (startsWith(bytes, 0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n')) {
            return "png";
        }
        if (startsWith(bytes, 0, 0xFF, 0xD8, 0xFF)) {
            return "jpeg";
        }
        return startsWith(bytes, 0, 'R', 'I', 'F', 'F') && startsWith(bytes, 8, 'W', 'E', 'B', 'P') ? "webp" : "";
    }

    private static boolean startsWith(byte[] bytes, int offset, int... expected) {
        if (bytes.length < offset + expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if ((bytes[offset + i] & 0xFF) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    private static GenerationFailed failed(Failure otherwise, String why, @Nullable Throwable cause) {
        return new GenerationFailed(otherwise.inWords("%s: %s.".formatted(otherwise.message(), why)), cause);
    }
}
