package io.atelier.standalone.draw;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Converts {@code gen_...}, {@code gen_...:2} or {@code https://...} to a source image in the form of the API. */
final class SourceImageConverter implements ITypeConverter<ObjectNode> {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern OF_JOB = Pattern.compile("(gen_[^:/]+)(?::(\\d{1,4}))?", Pattern.CASE_INSENSITIVE);

    @Override
    public ObjectNode convert(String text) {
        var image = JSON.createObjectNode();
        var ofJob = OF_JOB.matcher(text);
        if (ofJob.matches()) {
            int index = ofJob.group(2) == null ? 0 : Integer.parseInt(ofJob.group(2));
            image.putObject("generation").put("id", ofJob.group(1)).put("index", index);
            return image;
        }
        if (text.contains("://")) {
            return image.put("image_url", text);
        }
        throw new TypeConversionException("'" + text
                + "' is not an image; use the id of a job, its id and an index (gen_...:2), or an https URL");
    }
}
