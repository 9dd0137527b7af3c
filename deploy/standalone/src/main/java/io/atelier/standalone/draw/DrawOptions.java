package io.atelier.standalone.draw;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What to draw. Bounds are the gateway's to check: it knows its models. */
final class DrawOptions {

    private static final JsonMapper JSON = new JsonMapper();

    @Parameters(paramLabel = "PROMPT", description = "What to draw, such as \"a castle\".")
    private String prompt = "";

    @Option(names = "--model", paramLabel = "NAME", description = "See 'atelier models'. Default: the gateway chooses.")
    private @Nullable String model;

    @Option(names = "--negative", paramLabel = "WORDS", description = "What not to draw.")
    private @Nullable String negative;

    @Option(names = "--size", paramLabel = "WxH", description = "In pixels, such as 512x512.")
    private @Nullable String size;

    @Option(
            names = "--seed",
            description = "The same seed and words give the same picture. Default: random, and printed.")
    private @Nullable Long seed;

    @Option(names = "--steps", description = "Denoising steps. Default: the model's own number.")
    private @Nullable Integer steps;

    @Option(names = "--guidance", description = "How closely to follow the words. Default: the model's own.")
    private @Nullable Double guidance;

    @Option(
            names = {"-n", "--n"},
            paramLabel = "COUNT",
            description = "How many pictures.")
    private @Nullable Integer count;

    @Option(names = "--grid", paramLabel = "RxC", description = "Cut the picture into R rows and C columns of tiles.")
    private @Nullable String grid;

    @Option(
            names = "--image",
            paramLabel = "ID[:INDEX]|URL",
            converter = SourceImageArgument.class,
            description =
                    "Change this picture instead of drawing a new one: of an earlier job, or at an https address. Repeat it for more.")
    private List<ObjectNode> images = List.of();

    /** The body of the request; what was not given is not in it. */
    ObjectNode body() {
        var body = JSON.createObjectNode().put("prompt", prompt);
        if (model != null) {
            body.put("model", model);
        }
        if (negative != null) {
            body.put("negative_prompt", negative);
        }
        if (size != null) {
            body.put("size", size.toLowerCase(Locale.ROOT));
        }
        if (seed != null) {
            body.put("seed", seed);
        }
        if (steps != null) {
            body.put("steps", steps);
        }
        if (guidance != null) {
            body.put("guidance_scale", guidance);
        }
        if (count != null) {
            body.put("n", count);
        }
        if (grid != null) {
            body.putObject("grid").put("layout", grid.toLowerCase(Locale.ROOT));
        }
        if (!images.isEmpty()) {
            body.putArray("images").addAll(images);
        }
        return body;
    }
}
