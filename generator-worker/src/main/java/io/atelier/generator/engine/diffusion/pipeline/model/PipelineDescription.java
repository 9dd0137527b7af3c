package io.atelier.generator.engine.diffusion.pipeline.model;

import io.atelier.generator.engine.GenerationFailed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a model folder holds, found without loading it.
 *
 * @param name the name of the folder
 * @param className the pipeline's class in {@code model_index.json}
 * @param components the networks of the pipeline
 * @param geometry the sizes of images that it can generate
 * @param activations the memory that a run needs beside the weights
 * @param imageToImage whether it can start from an image, because there is a {@code vae_encoder}
 */
public record PipelineDescription(
        String name,
        PipelineFamily family,
        String className,
        List<Component> components,
        ModelGeometry geometry,
        SamplingDefaults defaults,
        ActivationMemory activations,
        boolean imageToImage) {

    private static final String VAE_ENCODER = "vae_encoder";

    /** The smallest side that makes sense for the networks that exist; smaller ones give noise. */
    private static final int MIN_SIDE = 64;

    public PipelineDescription {
        components = List.copyOf(components);
    }

    /** The shortest side of an image, in pixels. */
    public int minSide() {
        // A config that names an impossible multiple is refused elsewhere.
        int multiple = Math.max(1, geometry.multiple());
        int smallest = Math.min(geometry.maxSide(), (MIN_SIDE + multiple - 1) / multiple * multiple);
        return Math.min(smallest, Math.min(defaults.width(), defaults.height()));
    }

    /** The number of pixels that the model makes for the smallest image, width by height. */
    public long minPixels() {
        long side = geometry.nativeSide() == 0 ? minSide() : geometry.nativeSide();
        return side * side;
    }

    /**
     * Inspects a folder.
     *
     * @throws GenerationFailed if a file is missing, damaged, or of a kind that is not supported
     */
    public static PipelineDescription of(DiffusersFolder folder) {
        var components = componentNames(folder).stream()
                .map(name -> Component.of(folder, name))
                .toList();
        var configs = PipelineConfigs.read(folder);
        return new PipelineDescription(
                folder.name(),
                folder.family(),
                folder.className(),
                components,
                configs.geometry(),
                configs.defaults(),
                configs.activations(),
                folder.hasWeights(VAE_ENCODER));
    }

    /** The size of all weights in bytes. */
    public long bytes() {
        return components.stream().mapToLong(Component::bytes).sum();
    }

    /**
     * The size in bytes of the network whose ONNX file this is, with its external data; 0 if it is none of the pipeline.
     *
     * @param file the path with which it is loaded
     */
    public long bytesOf(Path file) {
        return components.stream()
                .filter(component -> file.endsWith(component.files().get(0)))
                .mapToLong(Component::bytes)
                .findFirst()
                .orElse(0);
    }

    private static List<String> componentNames(DiffusersFolder folder) {
        var names = new ArrayList<>(PipelineConfigs.networks(folder));
        if (folder.hasWeights(VAE_ENCODER)) {
            names.add(VAE_ENCODER);
        }
        return names;
    }

    /**
     * A network of the pipeline.
     *
     * @param name the name of its folder, such as {@code unet}
     * @param className its class in {@code model_index.json}; empty where that names none
     * @param files relative to the model folder: the ONNX file, then external data
     * @param bytes size of these files
     * @param dtype the number type of most weights, such as {@code float32}, {@code float16}, {@code bfloat16} or {@code int8}
     * @param parameters the number of weights
     */
    public record Component(
            String name, String className, List<Path> files, long bytes, String dtype, long parameters) {

        public Component {
            files = List.copyOf(files);
        }

        private static Component of(DiffusersFolder folder, String name) {
            var files = folder.files(name);
            var header = folder.header(name);
            long bytes = files.stream().mapToLong(folder::bytes).sum();
            String declared = folder.classOf(name);
            String className = declared.isEmpty() && name.startsWith("vae_") ? folder.classOf("vae") : declared;
            return new Component(name, className, files, bytes, header.dtype(), header.parameters());
        }
    }
}
