package io.atelier.generator.engine.comfyui;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A picture that a run left on the server.
 *
 * @param type {@code output} if it was saved, {@code temp} if it is a preview
 */
record OutputImageFile(String name, String folder, String type) {

    private static final String SAVED = "output";

    /** Those of a run: the saved ones, or its previews if it saved none. */
    static List<OutputImageFile> of(JsonNode outputs) {
        var all = new ArrayList<OutputImageFile>();
        for (var output : outputs) {
            for (var image : output.path("images")) {
                all.add(new OutputImageFile(
                        image.path("filename").asString(""),
                        image.path("subfolder").asString(""),
                        image.path("type").asString(SAVED)));
            }
        }
        var saved = all.stream().filter(file -> file.type().equals(SAVED)).toList();
        return saved.isEmpty() ? List.copyOf(all) : saved;
    }
}
