package io.atelier.generator.engine.diffusion.pipeline;

import io.atelier.contract.image.ImageSize;
import io.atelier.generator.engine.diffusion.pipeline.denoiser.SizeConditioning;
import io.atelier.generator.engine.diffusion.scheduler.SchedulerConfig;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A case that diffusers itself computed with a tiny pipeline. */
record GoldenCase(String pipeline, JsonNode json) {

    static Stream<GoldenCase> all() {
        return TinyPipelines.names().flatMap(GoldenCase::of);
    }

    static Stream<GoldenCase> of(String pipeline) {
        return read(pipeline).path("cases").valueStream().map(node -> new GoldenCase(pipeline, node));
    }

    static GoldenCase named(String pipeline, String name) {
        return of(pipeline)
                .filter(golden -> golden.json.path("name").stringValue().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The check of the encoder of the VAE. */
    static JsonNode vaeEncoder(String pipeline) {
        return read(pipeline).path("vae_encoder");
    }

    boolean isFlux() {
        return pipeline.startsWith("flux");
    }

    String denoiser() {
        return isFlux() || pipeline.equals("sd3") ? "transformer" : "unet";
    }

    /** The folder of the pipeline, with the variant of the case. */
    Path folder(Path temporary) {
        boolean withoutT5 =
                json.has("text_encoder_3") && json.path("text_encoder_3").isNull();
        return withoutT5 ? TinyPipelines.copyWithVariant(pipeline, "no-t5", temporary) : TinyPipelines.folder(pipeline);
    }

    DiffusionRequest.Builder request() {
        var seeds = list(json.path("seeds"), JsonNode::longValue);
        var request = DiffusionRequest.of(texts(json.path("prompt")), seeds)
                .size(json.path("width").intValue(), json.path("height").intValue())
                .steps(json.path("num_inference_steps").intValue())
                .guidance(json.path("guidance_scale").doubleValue())
                .scheduler(scheduler());
        if (!json.path("negative_prompt").isNull()) {
            request.negativePrompts(texts(json.path("negative_prompt")));
        }
        if (json.path("single_generator").booleanValue()) {
            request.sharedNoise(json.path("num_images").intValue());
        }
        if (json.has("max_sequence_length")) {
            request.maxSequenceLength(json.path("max_sequence_length").intValue());
        }
        if (json.has("original_size")) {
            request.sizeConditioning(
                    new SizeConditioning(size("original_size"), crop(0), crop(1), size("target_size")));
        }
        return request.clipSkip(json.path("clip_skip").asInt(0));
    }

    /** The pictures; none for a case that has only numbers. */
    List<BufferedImage> pictures() {
        var pictures = new ArrayList<BufferedImage>();
        for (var name : json.path("png")) {
            try {
                pictures.add(ImageIO.read(TinyPipelines.folder(pipeline)
                        .resolve(name.stringValue())
                        .toFile()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return pictures;
    }

    @Override
    public String toString() {
        return pipeline + " " + json.path("name").stringValue();
    }

    private SchedulerConfig scheduler() {
        var config = (ObjectNode) json.path("scheduler_config").deepCopy();
        config.put("_class_name", json.path("scheduler").stringValue());
        return SchedulerConfig.parse(config.toString());
    }

    private ImageSize size(String name) {
        var heightAndWidth = json.path(name);
        return new ImageSize(
                heightAndWidth.get(1).intValue(), heightAndWidth.get(0).intValue());
    }

    private int crop(int axis) {
        return json.path("crops_coords_top_left").get(axis).intValue();
    }

    private static List<String> texts(JsonNode node) {
        return node.isArray() ? list(node, JsonNode::stringValue) : List.of(node.stringValue());
    }

    private static <T> List<T> list(JsonNode array, Function<JsonNode, @Nullable T> read) {
        var items = new ArrayList<T>();
        array.forEach(item -> items.add(read.apply(item)));
        return items;
    }

    private static JsonNode read(String pipeline) {
        try {
            return new JsonMapper()
                    .readTree(Files.readString(TinyPipelines.folder(pipeline).resolve("golden.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
