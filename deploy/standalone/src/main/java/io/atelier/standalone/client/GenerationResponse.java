package io.atelier.standalone.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;

/** A generation as the gateway tells it; members that this client does not know stay in {@link #json()}. */
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

    public boolean terminal() {
        return json.path("terminal").asBoolean(false);
    }

    public boolean succeeded() {
        return status().equals("succeeded");
    }

    public String model() {
        return json.path("model").asString("");
    }

    /** How much of the work is done, 0 to 1, if the worker says it. */
    public OptionalDouble fraction() {
        var fraction = json.path("progress").path("fraction");
        return fraction.isNumber() ? OptionalDouble.of(fraction.asDouble()) : OptionalDouble.empty();
    }

    /** Why it failed, in words and with the kind in brackets. */
    public Optional<String> error() {
        var error = json.path("error");
        return error.isObject()
                ? Optional.of(error.path("message").asString("no reason given") + " ("
                        + error.path("code").asString("unknown") + ")")
                : Optional.empty();
    }

    /** What a person should know of a job that did not fail for it. */
    public List<String> warnings() {
        var warnings = new ArrayList<String>();
        json.path("warnings")
                .forEach(warning -> warnings.add(warning.path("message").asString(warning.toString())));
        return warnings;
    }

    /** The pictures that can be fetched, in order. */
    public List<Image> images() {
        var images = new ArrayList<Image>();
        json.path("images").forEach(image -> images.add(new Image(image)));
        return images;
    }

    /** A picture of the job: where its bytes are and what they must be. */
    public record Image(JsonNode json) {

        /** Its path below the gateway, or a whole URL. */
        public String url() {
            return json.path("url").asString("");
        }

        /** Lower-case hex; empty if the gateway does not say. */
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
