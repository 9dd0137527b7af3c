package io.atelier.generator.engine.diffusion.pipeline.model;

import io.atelier.generator.engine.FileFailure;
import io.atelier.generator.engine.GenerationFailed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A model folder in the layout of diffusers: {@code model_index.json}, and a folder for each component with {@code config.json} and
 * {@code model.onnx}. Symbolic links are followed as far as they stay in the models folder, so that a cache of the Hugging Face Hub can be in it; what
 * leads out of it is refused. Nothing is loaded. Immutable.
 */
public final class DiffusersFolder {

    private static final String INDEX = "model_index.json";
    private static final String WEIGHTS = "model.onnx";
    private static final String CONFIG = "config.json";
    private static final String EXPORT_AGAIN = "Export or download the model again.";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final Pattern CLASS_NAME = Pattern.compile("[A-Za-z0-9_]{1,100}");
    private static final long MAX_CONFIG_BYTES = 4 << 20;

    private final String name;
    private final Path root;
    private final Path allowed;
    private final ComponentConfig index;
    private final String className;
    private final PipelineFamily family;

    /**
     * @param root of the model, without symbolic links
     * @param allowed all files must be in it or in the root, without symbolic links
     */
    private DiffusersFolder(String name, Path root, Path allowed) {
        this.name = name;
        this.root = root;
        this.allowed = allowed;
        this.index = ComponentConfig.parse(INDEX, read(Path.of(INDEX)));
        this.className = index.text("_class_name")
                .filter(named -> CLASS_NAME.matcher(named).matches())
                .orElseThrow(() -> UnusableModel.because(
                        INDEX + " has no name of a class in \"_class_name\". Export or download the model again."));
        this.family = PipelineFamily.of(className).orElseThrow(this::unsupported);
    }

    /** Whether a text can be the name of a model in the models folder: 1 to 100 letters, digits, dots, underscores and hyphens, no sign first. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /**
     * Opens a folder and reads its {@code model_index.json}.
     *
     * @throws GenerationFailed if this is no model folder, or the pipeline is not supported
     */
    public static DiffusersFolder open(Path folder) {
        var absolute = folder.toAbsolutePath().normalize();
        var last = absolute.getFileName();
        String name = last == null ? folder.toString() : last.toString();
        try {
            var root = folder.toRealPath();
            if (Files.notExists(root.resolve(INDEX))) {
                throw UnexportedWeights.withoutIndex(name, root);
            }
            var models = absolute.getParent();
            return new DiffusersFolder(name, root, models == null ? root : models.toRealPath());
        } catch (NoSuchFileException e) {
            throw UnusableModel.because(
                    "There is no model folder %s. Add it, or name another model.".formatted(name), e);
        } catch (IOException e) {
            throw FileFailure.of("The model folder " + name, e, EXPORT_AGAIN);
        }
    }

    /** The name of the folder, without its path. */
    public String name() {
        return name;
    }

    /** The class of the pipeline as {@code model_index.json} names it. */
    public String className() {
        return className;
    }

    public PipelineFamily family() {
        return family;
    }

    /** The failure of a folder whose kind of pipeline cannot be run from folders. */
    public GenerationFailed unsupported() {
        return UnusableModel.because(
                "%s is not supported. Supported are %s.".formatted(className, PipelineFamily.supportedClasses()));
    }

    /** Whether {@code model_index.json} names a class for the component. */
    public boolean declares(String component) {
        return index.texts(component).stream().anyMatch(text -> !text.isEmpty());
    }

    /** The class of a component as {@code model_index.json} names it; empty if it names none. */
    String classOf(String component) {
        var texts = index.texts(component);
        return texts.size() > 1 ? texts.get(1) : "";
    }

    /** Whether the folder of the component has weights for ONNX Runtime. */
    public boolean hasWeights(String component) {
        return !Files.notExists(root.resolve(component).resolve(WEIGHTS));
    }

    /** Whether SDXL uses zeros in place of a missing negative prompt. */
    public boolean forcesZerosForEmptyPrompt() {
        return index.flag("force_zeros_for_empty_prompt", true);
    }

    /** The config of a component; without members if the file is missing, as in some older exports. */
    public ComponentConfig config(String component) {
        var file = Path.of(component, CONFIG);
        String shown = component + "/" + CONFIG;
        return ComponentConfig.parse(
                shown, Files.notExists(root.resolve(file), LinkOption.NOFOLLOW_LINKS) ? "{}" : read(file));
    }

    /** The config of the scheduler. */
    public ComponentConfig schedulerConfig() {
        return ComponentConfig.parse("scheduler/scheduler_config.json", read(schedulerFile()));
    }

    /** The file {@code scheduler/scheduler_config.json}. */
    public Path schedulerConfigFile() {
        return regularFile(schedulerFile());
    }

    /** The folder of a tokenizer, whose files have been checked, too. */
    public Path tokenizer(String component) {
        var folder = inside(Path.of(component));
        try (var files = Files.list(folder)) {
            files.forEach(file -> inside(Path.of(component).resolve(file.getFileName())));
        } catch (IOException e) {
            throw FileFailure.of(component, e, EXPORT_AGAIN);
        } catch (UncheckedIOException e) {
            throw FileFailure.of(component, e, EXPORT_AGAIN);
        }
        return folder;
    }

    /**
     * The ONNX file of a component. Its external data, which is beside it, has been checked, too.
     *
     * @throws GenerationFailed if a file is missing, is outside of the folder, or is no ONNX file
     */
    public Path weights(String component) {
        return root.resolve(files(component).get(0));
    }

    /** The ONNX file of a component and the files of its external data, relative to the model folder. */
    List<Path> files(String component) {
        var onnx = Path.of(component, WEIGHTS);
        if (!hasWeights(component)) {
            throw UnexportedWeights.ofComponent(name, root, component);
        }
        var files = new ArrayList<Path>();
        files.add(onnx);
        for (var external : header(component).externalFiles().entrySet()) {
            var file = externalFile(component, external.getKey());
            requireBytes(file, external.getValue());
            files.add(file);
        }
        files.forEach(this::inside);
        return files;
    }

    /** A copy that is going on, or was broken off, is shorter. */
    private void requireBytes(Path file, long least) {
        long found = bytes(file);
        if (found < least) {
            throw UnusableModel.because(
                    "%s has %d bytes, and the model needs %d of it. Copy or download the model again."
                            .formatted(file, found, least));
        }
    }

    /** What the header of the component's ONNX file says. */
    WeightSummary header(String component) {
        return OnnxHeader.read(component + "/" + WEIGHTS, regularFile(Path.of(component, WEIGHTS)));
    }

    /** The size in bytes of a file given relative to the model folder. */
    long bytes(Path file) {
        try {
            return Files.size(regularFile(file));
        } catch (IOException e) {
            throw FileFailure.of(file.toString(), e, EXPORT_AGAIN);
        }
    }

    private static Path schedulerFile() {
        return Path.of("scheduler", "scheduler_config.json");
    }

    private static Path externalFile(String component, String external) {
        var relative = Path.of(external);
        if (relative.isAbsolute() || !relative.normalize().equals(relative) || external.startsWith("..")) {
            throw UnusableModel.because("%s/%s names weights outside of its folder: %s. Do not use this model."
                    .formatted(component, WEIGHTS, external));
        }
        return Path.of(component).resolve(relative);
    }

    /** The file after all symbolic links. */
    private Path inside(Path file) {
        try {
            var real = root.resolve(file).toRealPath();
            if (!real.startsWith(root) && !real.startsWith(allowed)) {
                throw UnusableModel.because(
                        "%s leads out of the models folder through a symbolic link. Copy the file itself into the folder (cp -L)."
                                .formatted(file));
            }
            return real;
        } catch (NoSuchFileException e) {
            throw UnusableModel.because(
                    "%s is missing in the model folder. Export or download the model again.".formatted(file), e);
        } catch (IOException e) {
            throw FileFailure.of(file.toString(), e, EXPORT_AGAIN);
        }
    }

    /** To open a pipe would wait for its other end. */
    private Path regularFile(Path file) {
        var real = inside(file);
        if (!Files.isRegularFile(real)) {
            throw UnusableModel.because("%s is no file. Export or download the model again.".formatted(file));
        }
        return real;
    }

    private String read(Path file) {
        var real = regularFile(file);
        try {
            if (Files.size(real) > MAX_CONFIG_BYTES) {
                throw UnusableModel.because("%s has more than %d bytes. Export or download the model again."
                        .formatted(file, MAX_CONFIG_BYTES));
            }
            return Files.readString(real);
        } catch (IOException e) {
            throw FileFailure.of(file.toString(), e, EXPORT_AGAIN);
        }
    }
}
