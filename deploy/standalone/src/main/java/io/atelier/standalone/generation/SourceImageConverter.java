package io.atelier.standalone.generation;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.databind.json.JsonMapper;

/** Converts {@code gen_...}, {@code gen_...:2}, {@code file_...}, {@code https://...} if URLs are allowed, or the name of a file to a source image. */
public final class SourceImageConverter implements ITypeConverter<SourceImageOption> {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern OF_JOB = Pattern.compile("(gen_[^:/]+)(?::(\\d{1,4}))?", Pattern.CASE_INSENSITIVE);
    private static final Pattern UPLOADED = Pattern.compile("file_[0-9a-z]{52}", Pattern.CASE_INSENSITIVE);

    private static final String ALLOWED =
            "a file that can be read, the id of a job (gen_...), its id and an index (gen_...:2), the id of"
                    + " an uploaded file (file_...)";

    private final boolean allowsUrls;

    /** A converter that allows URLs. */
    public SourceImageConverter() {
        this(true);
    }

    /** @param allowsUrls whether the image may be one at a URL */
    public SourceImageConverter(boolean allowsUrls) {
        this.allowsUrls = allowsUrls;
    }

    @Override
    public SourceImageOption convert(String text) {
        var image = JSON.createObjectNode();
        var ofJob = OF_JOB.matcher(text);
        if (ofJob.matches()) {
            int index = ofJob.group(2) == null ? 0 : Integer.parseInt(ofJob.group(2));
            image.putObject("generation").put("id", ofJob.group(1)).put("index", index);
            return new SourceImageOption(image, null, text);
        }
        if (text.contains("://")) {
            if (!allowsUrls) {
                throw refused("'%s' is a URL, which this option does not take".formatted(text));
            }
            return new SourceImageOption(image.put("image_url", text), null, text);
        }
        if (UPLOADED.matcher(text).matches()) {
            return new SourceImageOption(image.put("file_id", text), null, text);
        }
        var file = file(text);
        if (file == null) {
            throw refused(reason(text));
        }
        return new SourceImageOption(null, file, text);
    }

    private TypeConversionException refused(String reason) {
        return new TypeConversionException(reason + "; use one of: " + ALLOWED + (allowsUrls ? ", an https URL" : ""));
    }

    /** Why a text that is no id and no URL is no file either. */
    private static String reason(String text) {
        try {
            var file = Path.of(text);
            return Files.isDirectory(file)
                    ? "'%s' is a folder".formatted(text)
                    : Files.exists(file)
                            ? "'%s' cannot be read".formatted(text)
                            : "there is no file '%s'".formatted(text);
        } catch (InvalidPathException e) {
            return "'%s' is not the name of a file".formatted(text);
        }
    }

    private static @Nullable Path file(String text) {
        try {
            var file = Path.of(text);
            return Files.isRegularFile(file) && Files.isReadable(file) ? file : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }
}
