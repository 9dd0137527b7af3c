package io.atelier.standalone.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;

/** A generation in a response of the gateway. Members without an accessor here are available through {@link #json()}. */
public record GenerationResponse(JsonNode json) {

    public String id() {
        return json.path("id").asString("");
    }

    public String status() {
        return json.path("status").asString("unknown");
    }

    public String stage() {
        return json.path("stage").asString("");
    }

    /** Whether no live worker can do the next task of the job. */
    public boolean lacksWorker() {
        return stage().equals("waiting_for_capable_worker");
    }

    /** Whether its image is split into tiles. */
    public boolean splits() {
        return json.path("request").path("grid").isObject();
    }

    public boolean isTerminal() {
        return json.path("terminal").asBoolean(false);
    }

    public boolean succeeded() {
        return status().equals("succeeded");
    }

    public String model() {
        return json.path("model").asString("");
    }

    /** The progress from 0 to 1; empty if the worker does not report it. */
    public OptionalDouble fraction() {
        var fraction = json.path("progress").path("fraction");
        return fraction.isNumber() ? OptionalDouble.of(fraction.asDouble()) : OptionalDouble.empty();
    }

    /** The error message with its code in brackets; empty if the job did not fail. */
    public Optional<String> error() {
        var error = json.path("error");
        return error.isObject()
                ? Optional.of(error.path("message").asString("no reason was given") + " ("
                        + error.path("code").asString("unknown") + ")")
                : Optional.empty();
    }

    /** Messages about problems that did not make the job fail. */
    public List<String> warnings() {
        var warnings = new ArrayList<String>();
        json.path("warnings")
                .forEach(warning -> warnings.add(warning.path("message").asString(warning.toString())));
        return warnings;
    }

    /** The images that can be downloaded, in order of their index. */
    public List<Image> images() {
        return images(json.path("images"));
    }

    /** The uncut grids, in order. */
    public List<Image> grids() {
        return images(json.path("grid").path("originals"));
    }

    /** The base image of an avatar; empty if the job did not make one. */
    public Optional<Image> base() {
        var base = json.path("base");
        return base.isObject() ? Optional.of(new Image(base)) : Optional.empty();
    }

    private static List<Image> images(JsonNode array) {
        var images = new ArrayList<Image>();
        array.forEach(image -> images.add(new Image(image)));
        return images;
    }

    /** An image of a generation: its URL, checksum and properties. */
    public record Image(JsonNode json) {

        /** Its number among the images of the job. */
        public int index() {
            return json.path("index").asInt(0);
        }

        /** A path on the gateway, or an absolute URL. */
        public String url() {
            return json.path("url").asString("");
        }

        /** The SHA-256 checksum in lower-case hex; empty if the response has none. */
        public String sha256() {
            return json.path("sha256").asString("");
        }

        public int width() {
            return json.path("width").asInt(0);
        }

        public int height() {
            return json.path("height").asInt(0);
        }

        public Optional<Long> seed() {
            var seed = json.path("seed");
            return seed.isNumber() ? Optional.of(seed.asLong()) : Optional.empty();
        }
    }
}
