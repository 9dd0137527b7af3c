package io.atelier.generator.engine.diffusion.pipeline.pocket;

import io.atelier.contract.digest.Sha256;
import io.atelier.contract.job.Failure;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.diffusion.pipeline.model.PipelineDescription.Component;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A model on the class path, in the layout of diffusers: one folder for each component, with a {@code config.json}. Weights are
 * returned only if their SHA-256 equals that in the config.
 */
public final class ClassPathModel {

    private final ClassLoader classPath;
    private final String root;

    /**
     * Creates the model; reads nothing.
     *
     * @param root such as {@code models/pocket}
     */
    public ClassPathModel(ClassLoader classPath, String root) {
        this.classPath = classPath;
        this.root = root;
    }

    /**
     * The weights of a component: the class-path resource or the file that its config names, else its {@code model.onnx}.
     *
     * @throws GenerationFailed if the file is missing or has another SHA-256 than the config
     */
    public byte[] weights(String component) {
        String configName = root + "/" + component + "/config.json";
        var config = config(configName);
        String name = name(component, config);
        var bytes = read(name);
        String found = Sha256.of(bytes).hex();
        if (!found.equals(config.sha256())) {
            throw unusable(
                    "The model file %s is damaged or does not belong to %s: expected SHA-256 %s, found %s. Restore the file."
                            .formatted(name, configName, config.sha256(), found),
                    null);
        }
        return bytes;
    }

    /**
     * Describes a network without reading its weights.
     *
     * @throws GenerationFailed if its file is missing
     */
    public Component describe(String component, String className) {
        var config = config(root + "/" + component + "/config.json");
        String name = name(component, config);
        return new Component(
                component,
                className,
                List.of(Path.of(name)),
                size(name),
                Objects.requireNonNullElse(config.dtype(), "float32"),
                Objects.requireNonNullElse(config.parameters(), 0L));
    }

    /** A UTF-8 text file of the folder. */
    public String text(String file) {
        return new String(read(root + "/" + file), StandardCharsets.UTF_8);
    }

    /** The lines of a UTF-8 text file of the folder. */
    public List<String> lines(String file) {
        return text(file).lines().toList();
    }

    private String name(String component, Config config) {
        String ownFile = root + "/" + component + "/" + Objects.requireNonNullElse(config.file(), "model.onnx");
        return Objects.requireNonNullElse(config.resource(), ownFile);
    }

    private long size(String name) {
        var url = classPath.getResource(name);
        if (url == null) {
            throw missing(name);
        }
        try {
            var connection = url.openConnection();
            try (var in = connection.getInputStream()) {
                long size = connection.getContentLengthLong();
                return size < 0 ? in.transferTo(OutputStream.nullOutputStream()) : size;
            }
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    private Config config(String name) {
        try {
            return new JsonMapper().readValue(read(name), Config.class);
        } catch (JacksonException e) {
            throw unusable("The model file %s cannot be read: %s".formatted(name, e.getOriginalMessage()), e);
        }
    }

    private byte[] read(String name) {
        try (var in = classPath.getResourceAsStream(name)) {
            if (in == null) {
                throw missing(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    private static GenerationFailed missing(String name) {
        return unusable(
                "The model file %s is not on the class path. Build or install the worker again.".formatted(name), null);
    }

    private static GenerationFailed unreadable(String name, IOException cause) {
        return unusable("The model file %s cannot be read: %s".formatted(name, cause.getMessage()), cause);
    }

    private static GenerationFailed unusable(String message, @Nullable Throwable cause) {
        return new GenerationFailed(new Failure(Failure.Code.NOT_CONFIGURED, message), cause);
    }

    private record Config(
            @Nullable String file,
            @Nullable String resource,
            String sha256,
            @Nullable String dtype,
            @Nullable Long parameters) {}
}
