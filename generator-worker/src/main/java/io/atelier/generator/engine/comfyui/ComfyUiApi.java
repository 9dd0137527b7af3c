package io.atelier.generator.engine.comfyui;

import java.util.UUID;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The requests that ComfyUI understands ({@code server.py}). */
final class ComfyUiApi {

    private static final MediaType JSON = MediaType.get("application/json");

    private final JsonMapper mapper = new JsonMapper();
    private final HttpUrl server;

    ComfyUiApi(HttpUrl server) {
        this.server = server;
    }

    /** The web socket on which the server tells of what this client asked for. */
    Request events(UUID client) {
        var url = server.newBuilder().addPathSegment("ws").addQueryParameter("clientId", client.toString());
        return new Request.Builder().url(url.build()).build();
    }

    /** @param id by which the run is to be called; servers that are too old give it another one */
    Request run(JsonNode graph, UUID client, String id) {
        var body = mapper.createObjectNode();
        body.set("prompt", graph);
        body.put("client_id", client.toString()).put("prompt_id", id);
        return post(body, "prompt");
    }

    /** What has become of a run; nothing while it waits or is under way, and nothing if it is unknown. */
    Request history(String id) {
        return get("history", id);
    }

    /** The runs that wait or are under way. */
    Request queue() {
        return get("queue");
    }

    Request image(OutputImageFile file) {
        var url = server.newBuilder()
                .addPathSegment("view")
                .addQueryParameter("filename", file.name())
                .addQueryParameter("subfolder", file.folder())
                .addQueryParameter("type", file.type());
        return new Request.Builder().url(url.build()).build();
    }

    /** Stops a run, wherever it stands; servers that are too old do not know this. */
    Request cancel(String id) {
        return post(mapper.createObjectNode(), "api", "jobs", id, "cancel");
    }

    /** Stops a run that is under way. The oldest servers stop whichever that is. */
    Request interrupt(String id) {
        return post(mapper.createObjectNode().put("prompt_id", id), "interrupt");
    }

    /** Takes a run that waits out of the queue. */
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
