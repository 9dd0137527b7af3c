package io.atelier.generator.engine.pocket.onnx;

import ai.onnxruntime.OrtException;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationFailed;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/** Converts exceptions of ONNX Runtime to {@link GenerationFailed}. */
final class OnnxFailures {

    private OnnxFailures() {}

    /** A failed evaluation. ONNX Runtime has no error code for missing memory, so it is recognised by the message. */
    static GenerationFailed duringEvaluation(OrtException cause) {
        String message =
                Objects.requireNonNullElse(cause.getMessage(), cause.getCode().name());
        String lower = message.toLowerCase(Locale.ROOT);
        boolean outOfMemory = Stream.of("bad_alloc", "bad allocation", "out of memory", "failed to allocate memory")
                .anyMatch(lower::contains);
        var failure = outOfMemory
                ? new Failure(
                        Code.OUT_OF_MEMORY,
                        "The worker has too little memory for this image. Request fewer or smaller ones.")
                : new Failure(Code.ENGINE_ERROR, "The model runtime failed during generation: " + message);
        return new GenerationFailed(failure, cause);
    }

    static GenerationFailed duringLoading(OrtException cause) {
        return new GenerationFailed(
                new Failure(Code.ENGINE_UNAVAILABLE, "The model cannot be loaded: " + cause.getMessage()), cause);
    }

    static GenerationFailed noNativeLibrary(LinkageError cause) {
        String message = "ONNX Runtime has no native library for this machine (%s %s): %s."
                + " Name a folder with one by -Donnxruntime.native.path";
        String machine = System.getProperty("os.name");
        String processor = System.getProperty("os.arch");
        return new GenerationFailed(
                new Failure(Code.ENGINE_UNAVAILABLE, message.formatted(machine, processor, cause.getMessage())), cause);
    }
}
