package io.atelier.standalone.image;

import io.atelier.standalone.client.GenerationResponse;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A picture that lies in a file: what is told of it. */
public record SavedImage(Path file, long bytes, GenerationResponse.Image image) {

    /** For people, on one line. */
    public String describe() {
        var seed = image.seed().map(value -> ", seed " + value).orElse("");
        return "%s (%d x %d, %d kB%s)".formatted(file, image.width(), image.height(), Math.max(1, bytes / 1000), seed);
    }

    /** For scripts. */
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
