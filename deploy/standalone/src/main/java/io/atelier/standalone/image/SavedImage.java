package io.atelier.standalone.image;

import io.atelier.standalone.client.GenerationResponse;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** An image that was saved to a file, with its description for users and scripts. */
public record SavedImage(Path file, long bytes, GenerationResponse.Image image) {

    /** One line for users. */
    public String describe() {
        var seed = image.seed().map(value -> ", seed " + value).orElse("");
        var name = file.equals(ImageDestination.STANDARD_OUTPUT) ? "to standard output" : file.toString();
        return "%s (%d x %d, %d kB%s)".formatted(name, image.width(), image.height(), Math.max(1, bytes / 1000), seed);
    }

    /** The members of the JSON object for scripts. */
    public Map<String, Object> members() {
        var members = new LinkedHashMap<String, Object>();
        members.put("path", file.toString());
        members.put("width", image.width());
        members.put("height", image.height());
        members.put("bytes", bytes);
        members.put("sha256", image.sha256());
        image.seed().ifPresent(seed -> members.put("seed", seed));
        return members;
    }
}
