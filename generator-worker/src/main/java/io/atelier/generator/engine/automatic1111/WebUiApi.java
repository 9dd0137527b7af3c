package io.atelier.generator.engine.automatic1111;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Routing;
import io.atelier.generator.engine.SourceImages;
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

/** Builds the requests of AUTOMATIC1111's web UI, as in its {@code modules/api/models.py} and {@code modules/progress.py}. Immutable. */
final class WebUiApi {

    /** Crops a source image of another aspect ratio. The server's default would stretch it. */
    private static final int CROP_AND_RESIZE = 1;

    private static final int CHANGE_WHITE = 0;

    /** What is changed starts from the pixels that are there, as without a mask. */
    private static final int ORIGINAL_PIXELS = 1;

    private static final MediaType JSON = MediaType.get("application/json");

    private final JsonMapper mapper = new JsonMapper();
    private final HttpUrl server;
    private final Server settings;

    WebUiApi(HttpUrl server, Server settings) {
        this.server = server;
        this.settings = settings;
    }

    /** @param taskId names the request in requests for progress; older servers ignore it */
    Request textToImage(GenerationRequest request, String taskId) {
        return post("sdapi/v1/txt2img", body(request, taskId));
    }

    /** @param sources one image, and the mask if there is one */
    Request imageToImage(GenerationRequest request, SourceImages sources, String taskId) {
        var body = body(request, taskId);
        body.putArray("init_images").add(base64(sources.images().get(0).bytes()));
        body.put("resize_mode", CROP_AND_RESIZE);
        if (request.strength() != null) {
            body.put("denoising_strength", request.strength().doubleValue());
        }
        var mask = sources.mask();
        if (mask != null) {
            body.put("mask", base64(mask.whitePng()));
            body.put("inpainting_mask_invert", CHANGE_WHITE);
            body.put("inpainting_fill", ORIGINAL_PIXELS);
            // The whole image at its size: otherwise the server draws a cut-out of it, enlarged.
            body.put("inpaint_full_res", false);
        }
        return post("sdapi/v1/img2img", body);
    }

    /** Asks for the progress of the server's current request. */
    Request progress() {
        var url = server.newBuilder()
                .addPathSegments("sdapi/v1/progress")
                .addQueryParameter("skip_current_image", "true");
        return authorized(new Request.Builder().url(url.build()));
    }

    /** Asks for the progress of the request with that task id, as the web UI does. Servers without a web UI answer with 404. */
    Request progress(String taskId) {
        var body = mapper.createObjectNode();
        body.put("id_task", taskId).put("id_live_preview", -1).put("live_preview", false);
        return post("internal/progress", body);
    }

    /** Interrupts the server's current request. */
    Request interrupt() {
        return post("sdapi/v1/interrupt", mapper.createObjectNode());
    }

    private ObjectNode body(GenerationRequest request, String taskId) {
        var size = BlockAlignment.covering(request.size());
        var body = mapper.createObjectNode();
        body.put("prompt", request.prompt())
                .put(
                        "negative_prompt",
                        Optional.ofNullable(request.negativePrompt()).orElse(""))
                .put("width", size.width())
                .put("height", size.height())
                .put("seed", request.seed())
                // Iterations instead of a batch, so that several images need no more memory than one.
                .put("n_iter", request.n())
                .put("batch_size", 1)
                .put("send_images", true)
                .put("save_images", false)
                .put("force_task_id", taskId);
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
            // Loading the previous model after each request would take longer than generating.
            body.put("override_settings_restore_afterwards", false);
        });
        return body;
    }

    /** The checkpoint that the catalogue names for the server; empty for the one that the server has loaded. */
    static Optional<String> checkpoint(GenerationRequest request) {
        return Optional.ofNullable(request.routing()).map(Routing::engineModel);
    }

    private static String base64(byte[] file) {
        return Base64.getEncoder().encodeToString(file);
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
