package io.atelier.generator.engine.comfyui;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.provider.ProviderResponse;
import io.atelier.generator.provider.RedactedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Makes values or failures of what the server answers. */
final class ComfyUiResponseReader {

    static final Failure NO_IMAGE =
            new Failure(Code.INVALID_RESPONSE, "Invalid response from image generation service");

    private static final int LONGEST = 300;

    private ComfyUiResponseReader() {}

    /** What the server calls the run that it takes. */
    static String taken(ProviderResponse answer) {
        var id = object(answer).path("prompt_id").asString("");
        if (id.isEmpty()) {
            throw answer.failure(NO_IMAGE.code(), NO_IMAGE.message() + ": it does not say what it calls the run.");
        }
        return id;
    }

    /** How the run ended; empty if it has not, or if the server knows of none. */
    static Optional<JsonNode> ended(ProviderResponse answer, String id) {
        return Optional.of(object(answer).path(id)).filter(JsonNode::isObject);
    }

    /** Whether the run waits or is under way. */
    static boolean isQueued(ProviderResponse answer, String id) {
        return isIn(object(answer).path("queue_pending"), id) || isRunning(answer, id);
    }

    /** Whether the run is what the server draws now. */
    static boolean isRunning(ProviderResponse answer, String id) {
        return isIn(object(answer).path("queue_running"), id);
    }

    private static boolean isIn(JsonNode runs, String id) {
        return runs.valueStream().anyMatch(run -> run.path(1).asString("").equals(id));
    }

    /** The bytes of a picture. */
    static byte[] image(ProviderResponse answer) {
        if (answer.successful()) {
            return answer.body();
        }
        throw answer.status() >= 500
                ? failure(answer)
                : answer.failure(
                        NO_IMAGE.code(),
                        "%s: its picture is answered with status %d.".formatted(NO_IMAGE.message(), answer.status()));
    }

    /**
     * The pictures of a run that ended.
     *
     * @throws GenerationFailed if it failed
     */
    static List<OutputImageFile> images(JsonNode ended) {
        var status = ended.path("status");
        for (var message : status.path("messages")) {
            var about = message.path(1);
            switch (message.path(0).asString("")) {
                case "execution_error" -> throw broken(about);
                case "execution_interrupted" ->
                    throw new GenerationFailed(
                            new Failure(Code.ENGINE_ERROR, "Somebody stopped the drawing on the server."));
                default -> {}
            }
        }
        if (status.path("status_str").asString("success").equals("success")) {
            return OutputImageFile.of(ended.path("outputs"));
        }
        throw new GenerationFailed(
                new Failure(Code.ENGINE_ERROR, "The server's workflow failed, and does not say why."));
    }

    /** Whether a run ended well. */
    static boolean succeeded(JsonNode ended) {
        return ended.path("status").path("status_str").asString("success").equals("success");
    }

    private static GenerationFailed broken(JsonNode about) {
        var kind = about.path("exception_type").asString("");
        var words = RedactedText.line(about.path("exception_message").asString(""), LONGEST);
        var where = about.path("node_type").asString("a node");
        boolean memory =
                (kind + words).toLowerCase(Locale.ROOT).replace(" ", "").contains("outofmemory");
        return new GenerationFailed(
                memory
                        ? new Failure(
                                Code.OUT_OF_MEMORY,
                                "The server's GPU has too little memory for this. Ask for a smaller picture, or fewer. %s says: %s"
                                        .formatted(where, words))
                        : new Failure(
                                Code.ENGINE_ERROR, "The server's workflow failed at %s: %s".formatted(where, words)));
    }

    private static JsonNode object(ProviderResponse answer) {
        if (!answer.successful()) {
            throw failure(answer);
        }
        return answer.json()
                .filter(JsonNode::isObject)
                .orElseThrow(() -> answer.failure(NO_IMAGE.code(), NO_IMAGE.message() + ": no JSON."));
    }

    private static GenerationFailed failure(ProviderResponse answer) {
        return switch (answer.status()) {
            case 400 -> answer.failure(Code.REQUEST_REJECTED, "Invalid request: " + rejection(answer));
            case 401, 403 ->
                answer.failure(
                        Code.PROVIDER_AUTH,
                        "The server asks for a key. ComfyUI itself has none; let this worker through what is before it.");
            case 404 ->
                answer.failure(Code.NOT_CONFIGURED, "There is no ComfyUI at the server's address. Check the address.");
            case 405 -> answer.failure(Code.METHOD_NOT_ALLOWED, "Invalid request method");
            case 429 -> answer.failure(Code.RATE_LIMITED, "Rate limit exceeded. Please try again later.");
            default ->
                answer.status() >= 500
                        ? answer.failure(Code.PROVIDER_ERROR, "Image generation service error. Please try again later.")
                        : answer.failure(
                                Code.REQUEST_REJECTED, "Image generation failed with status " + answer.status());
        };
    }

    /** What the nodes say against the request; what the server says if they say nothing. */
    private static String rejection(ProviderResponse answer) {
        var json = answer.json().orElse(JsonNodeFactory.instance.objectNode());
        var words = new ArrayList<String>();
        for (var node : json.path("node_errors")) {
            for (var error : node.path("errors")) {
                words.add("%s: %s (%s)"
                        .formatted(
                                node.path("class_type").asString("a node"),
                                error.path("message").asString(""),
                                error.path("details").asString("")));
            }
        }
        if (words.isEmpty()) {
            var error = json.path("error");
            words.add(
                    error.isString() ? error.asString() : error.path("message").asString(""));
        }
        return RedactedText.line(String.join("; ", words), LONGEST);
    }
}
