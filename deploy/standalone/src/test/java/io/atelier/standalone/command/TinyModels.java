package io.atelier.standalone.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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

    /**
     * Puts a network in the place of another one whose weights, 500 of half precision, are in a file beside it:
     * {@code ModelProto{graph{initializer{dims, data_type, external_data{key, value}}}}}.
     *
     * @return the content of that file
     */
    static byte[] withExternalData(Path network, String name) throws IOException {
        var location = join(field(1, "location".getBytes(UTF_8)), field(2, name.getBytes(UTF_8)));
        var tensor = join(new byte[] {0x08, 0x05, 0x08, 0x64, 0x10, 0x0A}, field(13, location));
        Files.write(network, field(7, field(5, tensor)));
        var weights = new byte[1_000];
        Files.write(network.resolveSibling(name), weights);
        return weights;
    }

    /** A field of fewer than 128 bytes. */
    private static byte[] field(int number, byte[] content) {
        return join(new byte[] {(byte) (number << 3 | 2), (byte) content.length}, content);
    }

    private static byte[] join(byte[] one, byte[] other) {
        var joined = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, joined, one.length, other.length);
        return joined;
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
