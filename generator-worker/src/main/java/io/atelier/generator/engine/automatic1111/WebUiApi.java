package io.atelier.generator.engine.automatic1111;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Routing;
import io.atelier.generator.engine.SourceImage;
import io.atelier.generator.engine.automatic1111.Automatic1111Properties.Server;
import io.atelier.generator.provider.BlockAlignment;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The requests that the server understands ({@code modules/api/models.py} and {@code modules/progress.py} of AUTOMATIC1111's web UI). */
final class WebUiApi {

    /** A source of another shape is cut to the one that is asked for. By default it would be stretched. */
    private static final int CROP_AND_RESIZE = 1;

    private static final MediaType JSON = MediaType.get("application/json");

    private final JsonMapper mapper = new JsonMapper();
    private final HttpUrl server;
    private final Server settings;

    WebUiApi(HttpUrl server, Server settings) {
        this.server = server;
        this.settings = settings;
    }

    /** @param task how the server is to call the request; one too old to know of that passes over it */
    Request draw(GenerationRequest request, String task) {
        return post("sdapi/v1/txt2img", body(request, task));
    }

    Request change(GenerationRequest request, SourceImage source, String task) {
        var body = body(request, task);
        body.putArray("init_images").add(Base64.getEncoder().encodeToString(source.bytes()));
        body.put("resize_mode", CROP_AND_RESIZE);
        return post("sdapi/v1/img2img", body);
    }

    /** How far whatever the server draws now is. */
    Request progress() {
        var url = server.newBuilder()
                .addPathSegments("sdapi/v1/progress")
                .addQueryParameter("skip_current_image", "true");
        return authorized(new Request.Builder().url(url.build()));
    }

    /** How far the request of that name is: what the web UI itself asks, and servers without one do not know. */
    Request progress(String task) {
        var body = mapper.createObjectNode();
        body.put("id_task", task).put("id_live_preview", -1).put("live_preview", false);
        return post("internal/progress", body);
    }

    /** Stops whatever the server draws now. */
    Request interrupt() {
        return post("sdapi/v1/interrupt", mapper.createObjectNode());
    }

    private ObjectNode body(GenerationRequest request, String task) {
        var size = BlockAlignment.covering(request.size());
        var body = mapper.createObjectNode();
        body.put("prompt", request.prompt())
                .put(
                        "negative_prompt",
                        Optional.ofNullable(request.negativePrompt()).orElse(""))
                .put("width", size.width())
                .put("height", size.height())
                .put("seed", request.seed())
                // One after the other, so that many need no more memory than one.
                .put("n_iter", request.n())
                .put("batch_size", 1)
                .put("send_images", true)
                .put("save_images", false)
                .put("force_task_id", task);
        Optional.ofNullable(request.steps()).ifPresent(steps -> body.put("steps", steps.intValue()));
        Optional.ofNullable(request.guidanceScale()).ifPresent(scale -> body.put("cfg_scale", scale.doubleValue()));
        if (!settings.sampler().isEmpty()) {
            body.put("sampler_name", settings.sampler());
        }
        if (!settings.scheduler().isEmpty()) {
            body.put("scheduler", settings.scheduler());
        }
        checkpoint(request).ifPresent(name -> {
            body.putObject("override_settings").put("sd_model_checkpoint", name);
            // Loading the former model after each request would take longer than drawing.
            body.put("override_settings_restore_afterwards", false);
        });
        return body;
    }

    /** The model that the catalogue names for the server; empty for whichever it has loaded. */
    static Optional<String> checkpoint(GenerationRequest request) {
        return Optional.ofNullable(request.routing()).map(Routing::engineModel);
    }

    private Request post(String path, ObjectNode body) {
        var url = server.newBuilder().addPathSegments(path).build();
        return authorized(
                new Request.Builder().url(url).post(RequestBody.create(mapper.writeValueAsBytes(body), JSON)));
    }

    private Request authorized(Request.Builder request) {
        if (!settings.user().isEmpty()) {
            request.header(
                    "Authorization", Credentials.basic(settings.user(), settings.password(), StandardCharsets.UTF_8));
        }
        return request.build();
    }
}
