package io.atelier.generator.engine.openai.wire;

import io.atelier.generator.engine.SourceImages;
import io.atelier.generator.engine.openai.dialect.Dialect;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.Request;
import okhttp3.RequestBody;
import tools.jackson.databind.json.JsonMapper;

/** Writes requests of OpenAI's images API. Immutable. */
public final class OpenAiRequestWriter {

    private static final JsonMapper JSON = new JsonMapper();
    private static final MediaType JSON_TYPE = MediaType.get("application/json");
    private static final MediaType PNG_TYPE = MediaType.get("image/png");

    private final HttpUrl base;
    private final String key;

    /** @param key sent as a bearer token; empty for none */
    public OpenAiRequestWriter(HttpUrl base, String key) {
        this.base = base;
        this.key = key.strip();
    }

    /** A request for new images. */
    public Request generation(Map<String, Object> fields) {
        return request("images/generations", RequestBody.create(JSON.writeValueAsBytes(fields), JSON_TYPE));
    }

    /**
     * A request for edited images, as a multipart form.
     *
     * @param dialect names the form part of each source image, and the form of the mask
     */
    public Request edit(Map<String, Object> fields, Dialect dialect, SourceImages sources) {
        var form = new MultipartBody.Builder().setType(MultipartBody.FORM);
        fields.forEach((name, value) -> form.addFormDataPart(name, value.toString()));
        for (int i = 0; i < sources.size(); i++) {
            var source = sources.images().get(i);
            var file = RequestBody.create(source.bytes(), MediaType.get(source.mediaType()));
            form.addFormDataPart(dialect.sourcePart(), fileName(i, source.mediaType()), file);
        }
        var mask = sources.mask();
        if (mask != null) {
            form.addFormDataPart(
                    "mask", "mask.png", RequestBody.create(dialect.maskForm().write(mask), PNG_TYPE));
        }
        return request("images/edits", form.build());
    }

    private Request request(String path, RequestBody body) {
        var url = base.newBuilder().addPathSegments(path).build();
        var request = new Request.Builder().url(url).post(body);
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        return request.build();
    }

    private static String fileName(int index, String mediaType) {
        var extension = mediaType.endsWith("/jpeg") ? "jpg" : mediaType.substring(mediaType.indexOf('/') + 1);
        return (index == 0 ? "base_image." : "image_%d.".formatted(index + 1)) + extension;
    }
}
