package io.atelier.standalone.generation;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.databind.json.JsonMapper;

/** Converts {@code gen_...}, {@code gen_...:2}, {@code file_...}, {@code https://...} or the name of a file to a source image. */
public final class SourceImageConverter implements ITypeConverter<SourceImageOption> {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern OF_JOB = Pattern.compile("(gen_[^:/]+)(?::(\\d{1,4}))?", Pattern.CASE_INSENSITIVE);
    private static final Pattern UPLOADED = Pattern.compile("file_[0-9a-z]{52}", Pattern.CASE_INSENSITIVE);

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
            return new SourceImageOption(image.put("image_url", text), null, text);
        }
        if (UPLOADED.matcher(text).matches()) {
            return new SourceImageOption(image.put("file_id", text), null, text);
        }
        var file = file(text);
        if (file == null) {
            throw new TypeConversionException("'" + text
                    + "' is not an image; use a file that can be read, the id of a job, its id and an index"
                    + " (gen_...:2), the id of an uploaded file, or an https URL");
        }
        return new SourceImageOption(null, file, text);
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
