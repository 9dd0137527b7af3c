package io.atelier.standalone.image;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Converts the value of {@code -o} to a path: {@link ImageDestination#STANDARD_OUTPUT} for {@code -}, and a path that ends in {@code /.} for a
 * name that ends in a slash, which can only be a folder. Refuses names of image formats other than PNG and JPEG.
 */
public final class OutputConverter implements ITypeConverter<Path> {

    private static final Set<String> OTHER_FORMATS = Set.of(
            "jp2", "jxl", "webp", "gif", "bmp", "dib", "tif", "tiff", "avif", "heic", "heif", "svg", "ico", "pdf",
            "psd", "tga", "ppm", "pgm", "pnm", "qoi", "exr", "raw", "eps");

    /** The format that the name of a file shows, as the gateway calls it; empty for a name without a known ending. */
    public static Optional<String> format(Path file) {
        var name = file.toString().toLowerCase(Locale.ROOT);
        if (Files.isDirectory(file)) {
            return Optional.empty();
        }
        if (name.endsWith(".png")) {
            return Optional.of("png");
        }
        boolean isJpeg =
                name.endsWith(".jpg") || name.endsWith(".jpeg") || name.endsWith(".jpe") || name.endsWith(".jfif");
        return isJpeg ? Optional.of("jpeg") : Optional.empty();
    }

    @Override
    public Path convert(String text) {
        if (text.isBlank()) {
            throw new TypeConversionException(
                    "the name of the file is empty; use a file, a folder, or - for standard output");
        }
        int dot = text.lastIndexOf('.');
        if (OTHER_FORMATS.contains(text.substring(dot + 1).toLowerCase(Locale.ROOT)) && dot > 0) {
            throw new TypeConversionException(
                    "'%s' is not the name of a PNG or JPEG file, and images are saved as these; use %s.png or .jpg, and convert it afterwards"
                            .formatted(text, text.substring(0, dot)));
        }
        try {
            return Path.of(text.endsWith("/") ? text + "." : text);
        } catch (InvalidPathException e) {
            throw new TypeConversionException("'" + text + "' is not the name of a file: " + e.getReason());
        }
    }
}
