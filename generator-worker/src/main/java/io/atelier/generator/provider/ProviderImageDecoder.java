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

/** Decodes untrusted image files. */
final class ProviderImageDecoder {

    private ProviderImageDecoder() {}

    /**
     * Decodes a PNG, JPEG or WebP file. The format is taken from the bytes, not from the media type that the server sent.
     *
     * @param maxPixels width times height of the largest image that is decoded: a small file can expand to more than the memory holds
     * @param otherwise the failure to throw; the reason is added to its message
     * @throws GenerationFailed if the bytes are not such a file, or the image is too large
     */
    static BufferedImage decode(byte[] bytes, long maxPixels, Failure otherwise) {
        var reader = reader(bytes, otherwise);
        try (var input = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.setInput(input, true, true);
            long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
            if (pixels > maxPixels) {
                throw failed(
                        otherwise,
                        "it has %d x %d pixels, and at most %d pixels are decoded"
                                .formatted(reader.getWidth(0), reader.getHeight(0), maxPixels),
                        null);
            }
            return reader.read(0);
        } catch (IOException | RuntimeException e) {
            // Image readers throw many kinds of exceptions for damaged files.
            if (e instanceof GenerationFailed known) {
                throw known;
            }
            throw failed(otherwise, "it cannot be decoded", e);
        } finally {
            reader.dispose();
        }
    }

    /** The file with its media type, after a test that it can be decoded. */
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

    /** The format by the first bytes; empty if it is none of the three. */
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

    private static GenerationFailed failed(Failure otherwise, String reason, @Nullable Throwable cause) {
        return new GenerationFailed(otherwise.withMessage("%s: %s.".formatted(otherwise.message(), reason)), cause);
    }
}
