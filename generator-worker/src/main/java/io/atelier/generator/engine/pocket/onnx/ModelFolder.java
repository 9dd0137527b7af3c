package io.atelier.generator.engine.pocket.onnx;

import io.atelier.contract.digest.Sha256;
import io.atelier.contract.job.Failure;
import io.atelier.generator.engine.GenerationFailed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The folder of a model on the class path, in the layout of diffusers: one folder for each component, with a {@code config.json}. Weights are
 * returned only if their SHA-256 equals that in the config.
 */
public final class ModelFolder {

    private final ClassLoader classPath;
    private final String root;

    /**
     * Creates the folder; reads nothing.
     *
     * @param root such as {@code models/pocket}
     */
    public ModelFolder(ClassLoader classPath, String root) {
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
        String ownFile = root + "/" + component + "/" + Objects.requireNonNullElse(config.file(), "model.onnx");
        String name = Objects.requireNonNullElse(config.resource(), ownFile);
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

    /** The lines of a UTF-8 text file of the folder. */
    public List<String> lines(String file) {
        return new String(read(root + "/" + file), StandardCharsets.UTF_8)
                .lines()
                .toList();
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
                throw unusable(
                        "The model file %s is not on the class path. Build or install the worker again."
                                .formatted(name),
                        null);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw unusable("The model file %s cannot be read: %s".formatted(name, e.getMessage()), e);
        }
    }

    private static GenerationFailed unusable(String message, @Nullable Throwable cause) {
        return new GenerationFailed(new Failure(Failure.Code.ENGINE_UNAVAILABLE, message), cause);
    }

    private record Config(@Nullable String file, @Nullable String resource, String sha256) {}
}
