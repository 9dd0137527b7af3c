package io.atelier.generator.engine.onnx;

import io.atelier.messaging.process.NativeLibraries;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The native libraries of ONNX Runtime. */
public final class OnnxRuntimeLibrary {

    /** The system property in which ONNX Runtime expects their folder. */
    static final String FOLDER_PROPERTY = "onnxruntime.native.path";

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

    /** The name of this machine's kind in the jar of ONNX Runtime. */
    private static String platform() {
        var system = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "osx" : "linux";
        var processor = System.getProperty("os.arch");
        return system + "-" + (processor.equals("amd64") || processor.equals("x86_64") ? "x64" : processor);
    }
}
