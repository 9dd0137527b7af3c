package io.atelier.generator.engine.pocket.onnx;

import ai.onnxruntime.OrtException;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationFailed;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/** Puts what ONNX Runtime says into the words that every part shares. */
final class OnnxFailures {

    private OnnxFailures() {}

    /** ONNX Runtime has no error code for memory: it is known by its words alone. */
    static GenerationFailed whileDrawing(OrtException cause) {
        String said =
                Objects.requireNonNullElse(cause.getMessage(), cause.getCode().name());
        String words = said.toLowerCase(Locale.ROOT);
        boolean memory = Stream.of("bad_alloc", "bad allocation", "out of memory", "failed to allocate memory")
                .anyMatch(words::contains);
        var failure = memory
                ? new Failure(
                        Code.OUT_OF_MEMORY,
                        "The worker has too little memory for this picture. Ask for fewer or smaller ones.")
                : new Failure(Code.ENGINE_ERROR, "The model runtime broke while drawing: " + said);
        return new GenerationFailed(failure, cause);
    }

    static GenerationFailed whileLoading(OrtException cause) {
        return new GenerationFailed(
                new Failure(Code.ENGINE_UNAVAILABLE, "The model cannot be loaded: " + cause.getMessage()), cause);
    }

    static GenerationFailed noNativeLibrary(LinkageError cause) {
        String message = "ONNX Runtime has no native library that runs here (%s %s): %s."
                + " A folder with one can be named with -Donnxruntime.native.path";
        String machine = System.getProperty("os.name");
        String processor = System.getProperty("os.arch");
        return new GenerationFailed(
                new Failure(Code.ENGINE_UNAVAILABLE, message.formatted(machine, processor, cause.getMessage())), cause);
    }
}
