package io.atelier.standalone.generation;

import io.atelier.standalone.client.GatewayClient;
import io.atelier.standalone.client.RequestRefused;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An image that a generation changes, as the user names it.
 *
 * @param known the image in the form of the API; null for a file, which must be uploaded first
 * @param file on this machine; null if the gateway knows the image
 * @param typed the image as the user typed it
 */
public record SourceImageOption(
        @Nullable ObjectNode known, @Nullable Path file, String typed) {

    private static final JsonMapper JSON = new JsonMapper();

    /**
     * The image in the form of the API. A file is uploaded.
     *
     * @throws RequestRefused with the name of the file, if the gateway refuses it
     */
    public ObjectNode resolve(GatewayClient gateway) {
        if (file == null) {
            return JSON.createObjectNode().setAll(known == null ? JSON.createObjectNode() : known);
        }
        try {
            return JSON.createObjectNode().put("file_id", gateway.upload(file));
        } catch (RequestRefused refused) {
            throw refused.ofFile(typed);
        }
    }
}
