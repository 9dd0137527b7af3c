package io.atelier.standalone.draw;

import io.atelier.standalone.client.GatewayClient;
import io.atelier.standalone.console.Console;
import io.atelier.standalone.generation.SourceImageConverter;
import io.atelier.standalone.generation.SourceImageOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Options of the generation request. The gateway checks their values, because the limits depend on the model. */
final class DrawOptions {

    private static final JsonMapper JSON = new JsonMapper();

    private static final String JPEG = "jpeg";
    private static final String STANDARD_INPUT = "-";
    /** Far more than any model takes; the gateway says how much that is. */
    private static final int LONGEST_PROMPT_BYTES = 65_536;

    @Parameters(
            paramLabel = "PROMPT",
            description = {
                "What the image shows, such as \"a castle\"; - reads it from standard input.",
                "A prompt that begins with - comes after --"
            })
    private String prompt = "";

    @Option(
            names = "--model",
            paramLabel = "NAME",
            description = "The model, see 'atelier models'. Default: the gateway's default model.")
    private @Nullable String model;

    @Option(names = "--negative", paramLabel = "TEXT", description = "What the image must not show (negative prompt).")
    private @Nullable String negative;

    @Option(
            names = "--size",
            paramLabel = "WxH",
            description = "Width and height in pixels, such as 512x512. Default: the model's default.")
    private @Nullable String size;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            description = "The same seed and prompt give the same image. Default: random, and printed.")
    private @Nullable Long seed;

    @Option(
            names = "--steps",
            paramLabel = "COUNT",
            description = "Number of denoising steps. Default: the model's default.")
    private @Nullable Integer steps;

    @Option(
            names = "--guidance",
            paramLabel = "NUMBER",
            description = "Guidance scale: how closely to follow the prompt. Default: the model's default.")
    private @Nullable Double guidance;

    @Option(
            names = {"-n", "--n"},
            paramLabel = "COUNT",
            description = "Number of images. Default: 1.")
    private @Nullable Integer count;

    @Option(names = "--grid", paramLabel = "RxC", description = "Split the image into R rows and C columns of tiles.")
    private @Nullable String grid;

    @Option(
            names = "--image",
            paramLabel = "FILE|ID[:INDEX]|URL",
            converter = SourceImageConverter.class,
            description = "Edit this image instead of generating a new one: a file, which is uploaded, an image of an"
                    + " earlier job, or an https URL. Can be repeated.")
    private List<SourceImageOption> images = List.of();

    @Option(
            names = "--mask",
            paramLabel = "FILE|ID[:INDEX]|URL",
            converter = SourceImageConverter.class,
            description =
                    "Change only a part of the (first) image: where this one is transparent, or white if nothing is"
                            + " transparent.")
    private @Nullable SourceImageOption mask;

    @Option(
            names = "--strength",
            paramLabel = "NUMBER",
            description = "How much the image changes, more than 0 and at most 1. Default: the model's default.")
    private @Nullable Double strength;

    @Option(
            names = "--quality",
            paramLabel = "WORD",
            description =
                    "How much effort each image is worth, such as low, high or max. Default: the model's default.")
    private @Nullable String quality;

    @Option(
            names = "--background",
            paramLabel = "WORD",
            description = "What is behind the subject: opaque, transparent or auto. Default: the model's default.")
    private @Nullable String background;

    @Option(
            names = "--moderation",
            paramLabel = "WORD",
            description = "How strict the provider's content filter is: auto or low. Default: the model's default.")
    private @Nullable String moderation;

    @Option(
            names = "--input-fidelity",
            paramLabel = "WORD",
            description = "How closely an edit keeps to its images: low or high. Default: the model's default.")
    private @Nullable String inputFidelity;

    @Option(
            names = "--scheduler",
            paramLabel = "WORD",
            description = "How the noise is removed from step to step, such as euler or dpmpp-2m-karras. Default: the"
                    + " model's own.")
    private @Nullable String scheduler;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description =
                    "The format of the files: png or jpeg. Default: jpeg if FILE ends in .jpg or .jpeg, else png.")
    private @Nullable String format;

    /**
     * Settles the format of the files.
     *
     * @param byName the format that the name of the file shows; empty if it shows none
     * @throws IllegalArgumentException if the option says another one
     */
    void settleFormat(Optional<String> byName) {
        if (format == null) {
            format = byName.filter(JPEG::equals).orElse(null);
            return;
        }
        format = format.toLowerCase(Locale.ROOT);
        format = format.equals("jpg") ? JPEG : format;
        if (byName.filter(name -> !name.equals(format)).isPresent()) {
            throw new IllegalArgumentException(
                    "the name of the file is one of a %s, but --format is %s; change one of them"
                            .formatted(byName.get(), format));
        }
    }

    /** The ending of the names of files. */
    String extension() {
        return JPEG.equals(format) ? ".jpg" : ".png";
    }

    /** Whether certainly more than one image is asked for. */
    boolean severalImages() {
        return grid != null || (count != null && count > 1);
    }

    /**
     * The body of the request, with the given options only, except for images.
     *
     * @param console for a prompt that is read from standard input
     */
    ObjectNode body(Console console) {
        var text = prompt.equals(STANDARD_INPUT)
                ? console.read(LONGEST_PROMPT_BYTES).strip()
                : prompt;
        var body = JSON.createObjectNode().put("prompt", text);
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
        if (format != null) {
            body.withObjectProperty("output").put("format", format);
        }
        if (strength != null) {
            body.put("strength", strength);
        }
        if (quality != null) {
            body.put("quality", quality);
        }
        if (background != null) {
            body.withObjectProperty("output").put("background", background);
        }
        if (moderation != null) {
            body.put("moderation", moderation);
        }
        if (inputFidelity != null) {
            body.put("input_fidelity", inputFidelity);
        }
        if (scheduler != null) {
            body.put("scheduler", scheduler);
        }
        return body;
    }

    /** Adds the images to the body of the request. Files are uploaded. */
    void addImages(ObjectNode body, GatewayClient gateway) {
        if (!images.isEmpty()) {
            var array = body.putArray("images");
            images.forEach(image -> array.add(image.resolve(gateway)));
        }
        if (mask != null) {
            body.set("mask", mask.resolve(gateway));
        }
    }
}
