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

/** Reads ComfyUI's responses as values or failures. */
final class ComfyUiResponseReader {

    static final Failure NO_IMAGE =
            new Failure(Code.INVALID_RESPONSE, "Invalid response from image generation service");

    private static final int MAX_ERROR_LENGTH = 300;

    private ComfyUiResponseReader() {}

    /** The server's id of the run that it has queued. */
    static String runId(ProviderResponse response) {
        var id = object(response).path("prompt_id").asString("");
        if (id.isEmpty()) {
            throw response.failure(NO_IMAGE.code(), NO_IMAGE.message() + ": the id of the run (prompt_id) is missing.");
        }
        return id;
    }

    /** The name by which a node that loads images finds the file that the server has stored. */
    static String uploadedFile(ProviderResponse response) {
        var file = object(response);
        var name = file.path("name").asString("");
        if (name.isEmpty()) {
            throw response.failure(
                    NO_IMAGE.code(), NO_IMAGE.message() + ": the name of the uploaded image (name) is missing.");
        }
        var folder = file.path("subfolder").asString("");
        return folder.isEmpty() ? name : folder + "/" + name;
    }

    /** The history of the run; empty if it has not ended, or if the server does not know it. */
    static Optional<JsonNode> history(ProviderResponse response, String id) {
        return Optional.of(object(response).path(id)).filter(JsonNode::isObject);
    }

    /** Whether the run is queued or running. */
    static boolean isActive(ProviderResponse response, String id) {
        return isIn(object(response).path("queue_pending"), id) || isRunning(response, id);
    }

    static boolean isRunning(ProviderResponse response, String id) {
        return isIn(object(response).path("queue_running"), id);
    }

    private static boolean isIn(JsonNode runs, String id) {
        return runs.valueStream().anyMatch(run -> run.path(1).asString("").equals(id));
    }

    /** The bytes of an image. */
    static byte[] image(ProviderResponse response) {
        if (response.successful()) {
            return response.body();
        }
        throw response.status() >= 500
                ? failure(response)
                : response.failure(
                        NO_IMAGE.code(),
                        "%s: the image's address answers with status %d."
                                .formatted(NO_IMAGE.message(), response.status()));
    }

    /**
     * The images of a run that has ended.
     *
     * @param history of the run
     * @throws GenerationFailed if the run failed
     */
    static List<OutputImageFile> images(JsonNode history) {
        var status = history.path("status");
        for (var message : status.path("messages")) {
            var details = message.path(1);
            switch (message.path(0).asString("")) {
                case "execution_error" -> throw nodeFailed(details);
                case "execution_interrupted" ->
                    throw new GenerationFailed(
                            new Failure(Code.ENGINE_ERROR, "The run was interrupted on the server."));
                default -> {}
            }
        }
        if (succeeded(history)) {
            return OutputImageFile.of(history.path("outputs"));
        }
        throw new GenerationFailed(
                new Failure(Code.ENGINE_ERROR, "The server's workflow failed without an error message."));
    }

    /** Whether a run that has ended was successful. */
    static boolean succeeded(JsonNode history) {
        return history.path("status").path("status_str").asString("success").equals("success");
    }

    private static GenerationFailed nodeFailed(JsonNode details) {
        var type = details.path("exception_type").asString("");
        var message = RedactedText.singleLine(details.path("exception_message").asString(""), MAX_ERROR_LENGTH);
        var node = details.path("node_type").asString("a node");
        boolean isOutOfMemory =
                (type + message).toLowerCase(Locale.ROOT).replace(" ", "").contains("outofmemory");
        return new GenerationFailed(
                isOutOfMemory
                        ? new Failure(
                                Code.OUT_OF_MEMORY,
                                "The server's GPU has too little memory for this request. Ask for a smaller image, or for fewer images. Message of %s: %s"
                                        .formatted(node, message))
                        : new Failure(
                                Code.ENGINE_ERROR, "The server's workflow failed at %s: %s".formatted(node, message)));
    }

    private static JsonNode object(ProviderResponse response) {
        if (!response.successful()) {
            throw failure(response);
        }
        return response.json()
                .filter(JsonNode::isObject)
                .orElseThrow(() -> response.failure(NO_IMAGE.code(), NO_IMAGE.message() + ": no JSON."));
    }

    private static GenerationFailed failure(ProviderResponse response) {
        return switch (response.status()) {
            case 400 -> response.failure(Code.REQUEST_REJECTED, "Invalid request: " + validationErrors(response));
            case 401, 403 ->
                response.failure(
                        Code.PROVIDER_AUTH,
                        "The server requires authentication, which ComfyUI itself does not have. Allow this worker's"
                                + " requests at the proxy in front of it.");
            case 404 ->
                response.failure(
                        Code.NOT_CONFIGURED, "There is no ComfyUI at the server's address. Check the address.");
            case 405 -> response.failure(Code.METHOD_NOT_ALLOWED, "Invalid request method");
            case 429 -> response.failure(Code.RATE_LIMITED, "Rate limit exceeded. Please try again later.");
            default ->
                response.status() >= 500
                        ? response.failure(
                                Code.PROVIDER_ERROR, "Image generation service error. Please try again later.")
                        : response.failure(
                                Code.REQUEST_REJECTED, "Image generation failed with status " + response.status());
        };
    }

    /** The validation errors of the nodes; the server's own error if there are none. */
    private static String validationErrors(ProviderResponse response) {
        var json = response.json().orElse(JsonNodeFactory.instance.objectNode());
        var errors = new ArrayList<String>();
        for (var node : json.path("node_errors")) {
            for (var error : node.path("errors")) {
                errors.add("%s: %s (%s)"
                        .formatted(
                                node.path("class_type").asString("a node"),
                                error.path("message").asString(""),
                                error.path("details").asString("")));
            }
        }
        if (errors.isEmpty()) {
            var error = json.path("error");
            errors.add(
                    error.isString() ? error.asString() : error.path("message").asString(""));
        }
        return RedactedText.singleLine(String.join("; ", errors), MAX_ERROR_LENGTH);
    }
}
