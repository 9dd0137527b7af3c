package io.atelier.standalone.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Small pipelines with random weights, in the layout of diffusers. */
final class TinyModels {

    static final Path SDXL = folder("sdxl");
    static final Path FLUX = folder("flux");
    static final Path SD3 = folder("sd3");

    private TinyModels() {}

    /** A copy of a folder that a test may change. */
    static Path copy(Path model, Path target) throws IOException {
        try (var files = Files.walk(model)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var copy = target.resolve(model.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
        return target;
    }

    /** The sizes of all files of a folder, by their paths. */
    static Map<String, Long> files(Path folder) throws IOException {
        var sizes = new TreeMap<String, Long>();
        if (Files.isDirectory(folder)) {
            try (var files = Files.walk(folder)) {
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    sizes.put(folder.relativize(file).toString(), Files.size(file));
                }
            }
        }
        return sizes;
    }

    private static Path folder(String name) {
        return Path.of("..", "..", "generator-worker", "src", "test", "resources", "diffusers-tiny", name);
    }
}
