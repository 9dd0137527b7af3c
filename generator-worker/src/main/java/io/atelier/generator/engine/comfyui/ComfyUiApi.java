package io.atelier.generator.engine.comfyui;

import java.util.UUID;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.Request;
import okhttp3.RequestBody;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Builds the requests of ComfyUI, as in its {@code server.py}. Immutable. */
final class ComfyUiApi {

    private static final MediaType JSON = MediaType.get("application/json");

    /** The server's folder of files that workflows load. */
    private static final String INPUT = "input";

    private final JsonMapper mapper = new JsonMapper();
    private final HttpUrl server;

    ComfyUiApi(HttpUrl server) {
        this.server = server;
    }

    /** The web socket on which the server sends the events of this client's runs. */
    Request events(UUID client) {
        var url = server.newBuilder().addPathSegment("ws").addQueryParameter("clientId", client.toString());
        return new Request.Builder().url(url.build()).build();
    }

    /**
     * Queues a run of the graph.
     *
     * @param id the run's id; older servers ignore it and choose one
     */
    Request run(JsonNode graph, UUID client, String id) {
        var body = mapper.createObjectNode();
        body.set("prompt", graph);
        body.put("client_id", client.toString()).put("prompt_id", id);
        return post(body, "prompt");
    }

    /**
     * Stores a file that workflows can load. A file of the same name is replaced.
     *
     * @param name with a file extension
     */
    Request upload(String name, byte[] file, String mediaType) {
        var form = new MultipartBody.Builder()
                .setType(MultipartBody.FORM)
                .addFormDataPart("image", name, RequestBody.create(file, MediaType.get(mediaType)))
                .addFormDataPart("type", INPUT)
                .addFormDataPart("overwrite", "true")
                .build();
        return new Request.Builder().url(url("upload", "image")).post(form).build();
    }

    /** Asks how a run ended. The answer is empty while the run is queued or running, and if the run is unknown. */
    Request history(String id) {
        return get("history", id);
    }

    /** Asks for the queued and running runs. */
    Request queue() {
        return get("queue");
    }

    /** Asks for the bytes of an image. */
    Request image(OutputImageFile file) {
        var url = server.newBuilder()
                .addPathSegment("view")
                .addQueryParameter("filename", file.name())
                .addQueryParameter("subfolder", file.folder())
                .addQueryParameter("type", file.type());
        return new Request.Builder().url(url.build()).build();
    }

    /** Cancels a run that is queued or running. Older servers do not know this request. */
    Request cancel(String id) {
        return post(mapper.createObjectNode(), "api", "jobs", id, "cancel");
    }

    /** Interrupts a running run. The oldest servers ignore the id and interrupt their current run. */
    Request interrupt(String id) {
        return post(mapper.createObjectNode().put("prompt_id", id), "interrupt");
    }

    /** Removes a run from the queue. */
    Request unqueue(String id) {
        var body = mapper.createObjectNode();
        body.putArray("delete").add(id);
        return post(body, "queue");
    }

    private Request get(String... path) {
        return new Request.Builder().url(url(path)).build();
    }

    private Request post(ObjectNode body, String... path) {
        return new Request.Builder()
                .url(url(path))
                .post(RequestBody.create(mapper.writeValueAsBytes(body), JSON))
                .build();
    }

    private HttpUrl url(String... path) {
        var url = server.newBuilder();
        for (var segment : path) {
            url.addPathSegment(segment);
        }
        return url.build();
    }
}
