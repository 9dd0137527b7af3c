package io.atelier.generator.engine.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationFailed;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What runs networks: the processor, or an accelerator by way of an execution provider of ONNX Runtime.
 *
 * @param index number of the card, from 0; 0 for a kind that has no numbers
 */
public record InferenceDevice(DeviceKind kind, int index) {

    /** The processor. */
    public static final InferenceDevice CPU = new InferenceDevice(DeviceKind.CPU, 0);

    private static final Pattern FORM = Pattern.compile("([a-z]+)(?::(\\d{1,2}))?");
    private static final String GPU = "gpu";
    private static final String PROCESSOR_ARENA = "cpu:0";

    /** The device of a name such as {@code cpu} or {@code cuda:1}; empty if there is no such kind. */
    public static Optional<InferenceDevice> parse(String text) {
        var form = FORM.matcher(text.toLowerCase(Locale.ROOT));
        if (!form.matches()) {
            return Optional.empty();
        }
        var number = form.group(2);
        return Arrays.stream(DeviceKind.values())
                .filter(kind -> kind.word().equals(form.group(1)))
                .filter(kind -> number == null || kind.isNumbered())
                .findFirst()
                .map(kind -> new InferenceDevice(kind, number == null ? 0 : Integer.parseInt(number)));
    }

    /** The names that {@link #parse} knows, for messages. */
    public static String names() {
        return Arrays.stream(DeviceKind.values())
                .map(kind -> kind.isNumbered() ? kind.word() + ":N" : kind.word())
                .collect(Collectors.joining(", "));
    }

    /** The kinds of device that the ONNX Runtime of this process was built for, or has a plugin for. */
    public static List<DeviceKind> kinds() {
        // Loads the native library, which knows.
        OnnxSession.environment();
        var providers = OrtEnvironment.getAvailableProviders();
        return Arrays.stream(DeviceKind.values())
                .filter(kind -> providers.contains(kind.provider())
                        || (kind == DeviceKind.OPENVINO && OpenVinoPlugin.isUsable()))
                .toList();
    }

    /**
     * Returns if the ONNX Runtime of this process was built for the device.
     *
     * @throws GenerationFailed if it was not; the message says what to install
     */
    public void require() {
        var known = kinds();
        if (!known.contains(kind)) {
            throw unavailable("this ONNX Runtime was built for %s only. %s"
                    .formatted(known.stream().map(DeviceKind::word).collect(Collectors.joining(", ")), kind.remedy()));
        }
    }

    /** Such as {@code cuda:0}. */
    public String name() {
        return kind.isNumbered() ? kind.word() + ":" + index : kind.word();
    }

    /** As a worker announces it: {@code cpu}, {@code gpu}, or {@code gpu.1} for the second card. */
    public String announced() {
        boolean isCpu = kind == DeviceKind.CPU || (kind == DeviceKind.OPENVINO && !OpenVinoPlugin.usesGpu());
        if (isCpu) {
            return DeviceKind.CPU.word();
        }
        return index == 0 ? GPU : GPU + "." + index;
    }

    /** The memory that ONNX Runtime holds for networks on this device, in the words of its run options, such as {@code cpu:0;gpu:1}. */
    String arenas() {
        return kind.hasArena() ? PROCESSOR_ARENA + ";" + GPU + ":" + index : PROCESSOR_ARENA;
    }

    /** Makes sessions with these options run on the device. */
    void addTo(SessionOptions options) {
        try {
            kind.addTo(options, index);
        } catch (OrtException e) {
            throw new GenerationFailed(
                    new Failure(
                            Code.NOT_CONFIGURED, message("%s. %s".formatted(e.getMessage(), kind.remedyOfFailure()))),
                    e);
        }
    }

    private GenerationFailed unavailable(String reason) {
        return new GenerationFailed(new Failure(Code.NOT_CONFIGURED, message(reason)));
    }

    private String message(String reason) {
        return "The device %s cannot be used: %s".formatted(name(), reason);
    }
}
