package io.atelier.standalone.draw;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads a picture to change as people name it: {@code gen_...}, {@code gen_...:2} or {@code https://...}, and writes it as the API does. */
final class SourceImageArgument implements ITypeConverter<ObjectNode> {

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
                + "' names no picture; write the id of a job, its id and a number (gen_...:2), or an https address");
    }
}
