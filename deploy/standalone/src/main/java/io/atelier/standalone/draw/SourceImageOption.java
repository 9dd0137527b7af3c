package io.atelier.standalone.draw;

import io.atelier.standalone.client.GatewayClient;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An image that a generation changes, as the user names it.
 *
 * @param known the image in the form of the API; null for a file, which must be uploaded first
 * @param file on this machine; null if the gateway knows the image
 */
record SourceImageOption(
        @Nullable ObjectNode known, @Nullable Path file) {

    private static final JsonMapper JSON = new JsonMapper();

    /** The image in the form of the API. A file is uploaded. */
    ObjectNode resolve(GatewayClient gateway) {
        return file == null
                ? JSON.createObjectNode().setAll(known == null ? JSON.createObjectNode() : known)
                : JSON.createObjectNode().put("file_id", gateway.upload(file));
    }
}
