package io.atelier.generator.engine.onnx;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.messaging.process.NativeLibraries;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The native libraries of ONNX Runtime. */
public final class OnnxRuntimeLibrary {

    /** The system property in which ONNX Runtime expects their folder. */
    static final String FOLDER_PROPERTY = "onnxruntime.native.path";

    /** That of the Java library, which has to be the same. */
    static final String VERSION = "1.28.0";

    private OnnxRuntimeLibrary() {}

    /**
     * Unpacks the libraries and makes ONNX Runtime load them from there. If that fails, ONNX Runtime unpacks them to the temporary folder as
     * usual; a folder that the user names by the system property stays. Must be called before ONNX Runtime is used.
     *
     * @param folder the folder for native libraries, see {@link NativeLibraries#folder}
     */
    public static void unpack(Path folder) {
        if (System.getProperty(FOLDER_PROPERTY) != null) {
            return;
        }
        NativeLibraries.unpack(
                        folder,
                        "/ai/onnxruntime/native/" + platform() + "/",
                        List.of(System.mapLibraryName("onnxruntime"), System.mapLibraryName("onnxruntime4j_jni")))
                .ifPresent(unpacked -> System.setProperty(FOLDER_PROPERTY, unpacked.toString()));
    }

    /**
     * Makes ONNX Runtime load the libraries from a folder of the user instead. Must be called before ONNX Runtime is used.
     *
     * @throws GenerationFailed if a library is missing in the folder; others, such as those for NVIDIA cards, are loaded when a device needs them
     */
    public static void use(Path folder) {
        for (var library : List.of("onnxruntime", "onnxruntime4j_jni")) {
            var file = folder.resolve(System.mapLibraryName(library));
            if (!Files.isRegularFile(file)) {
                throw new GenerationFailed(new Failure(
                        Code.NOT_CONFIGURED,
                        "ATELIER_ONNXRUNTIME_FOLDER names a folder without %s: %s. Put the native libraries of ONNX Runtime %s there, or leave it empty."
                                .formatted(file.getFileName(), folder, VERSION)));
            }
        }
        System.setProperty(FOLDER_PROPERTY, folder.toAbsolutePath().toString());
    }

    /** The name of this machine's kind in the jar of ONNX Runtime. */
    private static String platform() {
        var system = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "osx" : "linux";
        var processor = System.getProperty("os.arch");
        return system + "-" + (processor.equals("amd64") || processor.equals("x86_64") ? "x64" : processor);
    }
}
