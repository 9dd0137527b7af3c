package io.atelier.generator.engine.comfyui;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * An image that a run has written on the server.
 *
 * @param type {@code output} if it was saved, {@code temp} if it is a preview
 */
record OutputImageFile(String name, String folder, String type) {

    private static final String SAVED = "output";

    /** The images in the outputs of a run: the saved ones, or the previews if none was saved. */
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
