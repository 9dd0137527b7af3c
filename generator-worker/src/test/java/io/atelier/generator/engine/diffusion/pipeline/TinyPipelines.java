package io.atelier.generator.engine.diffusion.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.stream.Stream;

/** The tiny pipelines among the test resources. */
public final class TinyPipelines {

    private TinyPipelines() {}

    /** The names of all. */
    public static Stream<String> names() {
        return Stream.of("sd15", "sdxl", "lcm", "sd3", "flux", "flux-dev");
    }

    /** A pipeline's folder. */
    public static Path folder(String name) {
        try {
            var url = Objects.requireNonNull(TinyPipelines.class.getResource("/diffusers-tiny/" + name), name);
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Copies a pipeline's folder, and lays a variant over it. */
    public static Path copyWithVariant(String name, String variant, Path into) {
        var copy = copy(name, into);
        copyTree(folder(name).resolve("variants").resolve(variant), copy);
        return copy;
    }

    /** Copies a pipeline's folder. */
    public static Path copy(String name, Path into) {
        var copy = into.resolve(name);
        copyTree(folder(name), copy);
        return copy;
    }

    private static void copyTree(Path from, Path to) {
        try (var files = Files.walk(from)) {
            for (var file : (Iterable<Path>) files::iterator) {
                var target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
