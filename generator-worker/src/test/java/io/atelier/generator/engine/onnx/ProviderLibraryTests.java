package io.atelier.generator.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProviderLibraryTests {

    @TempDir
    private Path folder;

    private @Nullable String before;

    @BeforeEach
    void nameFolder() {
        // Loads the library first, which other tests use.
        InferenceDevice.kinds();
        before = System.getProperty(OnnxRuntimeLibrary.FOLDER_PROPERTY);
        System.setProperty(OnnxRuntimeLibrary.FOLDER_PROPERTY, folder.toString());
    }

    @AfterEach
    void restore() {
        if (before == null) {
            System.clearProperty(OnnxRuntimeLibrary.FOLDER_PROPERTY);
        } else {
            System.setProperty(OnnxRuntimeLibrary.FOLDER_PROPERTY, before);
        }
    }

    @DisplayName("Libraries that the linker does not find are named")
    @Test
    void missingLibrariesAreNamed() {
        assertThat(ProviderLibrary.missing("""
                \tlinux-vdso.so.1 (0x00007f9af761d000)
                \tlibcublasLt.so.12 => not found
                \tlibcuda.so.1 => not found
                \tlibdl.so.2 => /lib/x86_64-linux-gnu/libdl.so.2 (0x00007f9af7604000)
                """)).containsExactly("libcublasLt.so.12", "libcuda.so.1");
    }

    @Test
    void libraryThatIsThereIsNotAskedForAgain() throws Exception {
        var file = Files.createFile(folder.resolve(System.mapLibraryName("onnxruntime_providers_cuda")));

        assertThat(DeviceKind.CUDA.remedyOfFailure())
                .isEqualTo("%s is there; it needs an NVIDIA driver, CUDA 12 and cuDNN 9.".formatted(file));
        assertThat(DeviceKind.TENSORRT.remedyOfFailure())
                .isEqualTo(DeviceKind.TENSORRT.remedy())
                .contains("ATELIER_ONNXRUNTIME_FOLDER", "TensorRT 10");
    }
}
