package io.atelier.generator.engine.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The library with which ONNX Runtime uses the devices of a kind. ONNX Runtime only logs why it cannot be loaded, so this names what is missing.
 *
 * @param file beside the other native libraries of ONNX Runtime
 */
record ProviderLibrary(Path file) {

    private static final long TIMEOUT_SECONDS = 10;

    /** A line of ldd(1) such as {@code libcublasLt.so.12 => not found}. */
    private static final Pattern MISSING = Pattern.compile("\\s*(\\S+) => not found");

    /** The library of a kind; empty if it has none, or the libraries that this process uses do not include it. */
    static Optional<ProviderLibrary> of(DeviceKind kind) {
        var folder = System.getProperty(OnnxRuntimeLibrary.FOLDER_PROPERTY);
        return Stream.of(DeviceKind.CUDA, DeviceKind.TENSORRT)
                .filter(known -> known == kind && folder != null)
                .map(known -> Path.of(folder).resolve(System.mapLibraryName("onnxruntime_providers_" + known.word())))
                .filter(Files::isRegularFile)
                .map(ProviderLibrary::new)
                .findFirst();
    }

    /**
     * What to do with a library that could not be loaded.
     *
     * @param software what brings the libraries that it needs
     */
    String remedy(String software) {
        var missing = missing();
        return missing.isEmpty()
                ? "%s is there; it needs %s.".formatted(file, software)
                : "%s is there, but this machine lacks libraries that it needs: %s. Install %s, and name the folders of these libraries by LD_LIBRARY_PATH."
                        .formatted(file, String.join(", ", missing), software);
    }

    /** The libraries that it needs, and that the linker of this machine does not find; empty if that is not known. */
    private List<String> missing() {
        try {
            var output = Files.createTempFile("atelier-ldd", ".txt");
            try {
                return missing(linkerOutput(output));
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            // Only Linux has the program.
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /** Through a file: to read from a process that hangs would not end. */
    private String linkerOutput(Path output) throws IOException, InterruptedException {
        var process = new ProcessBuilder("ldd", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.getOutputStream().close();
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return Files.readString(output);
    }

    /** The libraries of which the output of ldd(1) says that they are missing. */
    static List<String> missing(String lines) {
        return lines.lines()
                .map(MISSING::matcher)
                .filter(Matcher::matches)
                .map(line -> line.group(1))
                .toList();
    }
}
