package io.atelier.generator.engine.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtException.OrtErrorCode;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationFailed;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Converts exceptions of ONNX Runtime to {@link GenerationFailed}. */
final class OnnxFailures {

    private static final Set<OrtErrorCode> DEVICE_CODES =
            Set.of(OrtErrorCode.ORT_ENGINE_ERROR, OrtErrorCode.ORT_EP_FAIL, OrtErrorCode.ORT_DEVICE_RESET);

    /** What the messages of drivers begin with, which have no code of their own. */
    private static final Pattern DEVICE = Pattern.compile("(?i)\\b(cuda|cudnn|cublas|tensorrt) (failure|error)");

    /** What the operating system reports of a file that may be readable later; of one that cannot be opened ONNX Runtime only says its number. */
    private static final Pattern PASSING = Pattern.compile(
            "(?i)too many open files|input/output error|stale file handle|resource temporarily|permission denied|system error number");

    private OnnxFailures() {}

    /** A failed evaluation. ONNX Runtime has no error code for missing memory, so it is recognised by the message. */
    static GenerationFailed duringEvaluation(OrtException cause) {
        String message = message(cause);
        var failure = isOutOfMemory(message)
                ? new Failure(
                        Code.OUT_OF_MEMORY,
                        "The worker has too little memory for this image. Request fewer or smaller ones.")
                : new Failure(Code.ENGINE_ERROR, "The model runtime failed during generation: " + message);
        return new GenerationFailed(failure, cause);
    }

    static GenerationFailed duringLoading(OrtException cause) {
        return new GenerationFailed(
                new Failure(loadingCode(cause), "The model cannot be loaded: " + cause.getMessage()), cause);
    }

    /** A file that cannot be loaded; lack of memory is recognised as during an evaluation. */
    static GenerationFailed duringLoading(Path file, OrtException cause) {
        String message = message(cause);
        var failure = isOutOfMemory(message)
                ? new Failure(
                        Code.OUT_OF_MEMORY,
                        "The worker has too little memory to load %s. Use a smaller model or a machine with more memory."
                                .formatted(shortName(file)))
                : new Failure(loadingCode(cause), "%s cannot be loaded: %s".formatted(shortName(file), message));
        return new GenerationFailed(failure, cause);
    }

    /** Whether an evaluation did not begin because ONNX Runtime does not hold the memory that it is to free. */
    static boolean isOfArenas(OrtException cause) {
        return cause.getCode() == OrtErrorCode.ORT_INVALID_ARGUMENT
                && message(cause).contains("memory arena shrink list");
    }

    static GenerationFailed wrongResult(String device, float expected, float found) {
        return new GenerationFailed(new Failure(
                Code.ENGINE_UNAVAILABLE,
                "The device %s computes wrongly: %s instead of %s. Use another one, and check its driver."
                        .formatted(device, found, expected)));
    }

    static GenerationFailed noNativeLibrary(LinkageError cause) {
        String message = "ONNX Runtime has no native library for this machine (%s %s): %s."
                + " Name a folder with one by -Donnxruntime.native.path";
        String machine = System.getProperty("os.name");
        String processor = System.getProperty("os.arch");
        return new GenerationFailed(
                new Failure(Code.NOT_CONFIGURED, message.formatted(machine, processor, cause.getMessage())), cause);
    }

    /** A device that fails may be there again later, and another worker may have one that does not; a file stays as it is. */
    private static Code loadingCode(OrtException cause) {
        boolean isPassing = DEVICE_CODES.contains(cause.getCode())
                || DEVICE.matcher(message(cause)).find()
                || PASSING.matcher(message(cause)).find();
        return isPassing ? Code.ENGINE_UNAVAILABLE : Code.NOT_CONFIGURED;
    }

    private static String message(OrtException cause) {
        return Objects.requireNonNullElse(cause.getMessage(), cause.getCode().name());
    }

    private static boolean isOutOfMemory(String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        return Stream.of(
                        "bad_alloc",
                        "bad allocation",
                        "out of memory",
                        "failed to allocate memory",
                        "cannot allocate memory",
                        "smaller than requested bytes")
                .anyMatch(lower::contains);
    }

    /** The component and the name of the file, such as {@code unet/model.onnx}. */
    static Path shortName(Path file) {
        int names = file.getNameCount();
        return names > 1 ? file.subpath(names - 2, names) : file;
    }
}
