package io.atelier.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A request for images. Only the prompt is required; the server has defaults for the rest, and says what it does not allow. Immutable.
 */
public final class ImageRequest {

    private final Map<String, Object> fields;

    private ImageRequest(Map<String, Object> fields) {
        this.fields = fields;
    }

    /** A request for one image of the standard model. */
    public static ImageRequest of(String prompt) {
        return builder(prompt).build();
    }

    /** Builds a request. */
    public static Builder builder(String prompt) {
        return new Builder(prompt);
    }

    /** The fields of the request in JSON, by their names in the HTTP API. */
    Map<String, Object> fields() {
        return fields;
    }

    /** Sets the parts of a request. Not thread-safe. */
    public static final class Builder {

        private final Map<String, Object> fields = new LinkedHashMap<>();
        private final Map<String, String> labels = new LinkedHashMap<>();
        private final List<Map<String, Object>> images = new ArrayList<>();

        private Builder(String prompt) {
            fields.put("prompt", prompt);
        }

        /** The id of a model. */
        public Builder model(String id) {
            return field("model", id);
        }

        /** The number of images, from 1. */
        public Builder n(int count) {
            return field("n", count);
        }

        /** In pixels. */
        public Builder size(int width, int height) {
            return field("size", width + "x" + height);
        }

        /** The same seed gives the same image. */
        public Builder seed(long seed) {
            return field("seed", seed);
        }

        /** The number of denoising steps. */
        public Builder steps(int steps) {
            return field("steps", steps);
        }

        /** How much effort each image is worth: one of the words of the model. */
        public Builder quality(String word) {
            return field("quality", word);
        }

        /** What the images must not show. */
        public Builder negativePrompt(String text) {
            return field("negative_prompt", text);
        }

        /** Cuts each image into tiles. */
        public Builder grid(int rows, int columns) {
            return field("grid", Map.of("layout", rows + "x" + columns));
        }

        /** Adds an uploaded file as an image to change. */
        public Builder file(String fileId) {
            images.add(Map.of("file_id", fileId));
            return this;
        }

        /** Adds an image of another generation as an image to change. */
        public Builder image(String generation, int index) {
            images.add(Map.of("generation", Map.of("id", generation, "index", index)));
            return this;
        }

        /** Which part of the first image changes: an uploaded file. */
        public Builder mask(String fileId) {
            return field("mask", Map.of("file_id", fileId));
        }

        /** Adds a label of your own, which is echoed and can be searched for. */
        public Builder label(String key, String value) {
            labels.put(key, value);
            return this;
        }

        /** Your own reference, which is echoed. */
        public Builder clientRef(String reference) {
            return field("client_ref", reference);
        }

        /** Sets a field of the HTTP API that has no method here. */
        public Builder field(String name, Object value) {
            fields.put(name, value);
            return this;
        }

        /** The request. */
        public ImageRequest build() {
            var all = new LinkedHashMap<>(fields);
            if (!labels.isEmpty()) {
                all.put("labels", Map.copyOf(labels));
            }
            if (!images.isEmpty()) {
                all.put("images", List.copyOf(images));
            }
            return new ImageRequest(all);
        }
    }
}
