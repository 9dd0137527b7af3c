package io.atelier.contract.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a device on which workers run models. Each worker numbers its own graphics cards: {@code gpu} is the first, {@code gpu.1} the second.
 * A request that requires {@code gpu} means any of them.
 *
 * @param text {@code cpu}, {@code gpu}, or {@code gpu.} and a number
 */
public record DeviceName(@JsonValue String text) {

    /** The kinds of devices. Each pool has a task topic for each of them, so no kind can be added without a new topic. */
    public static final List<String> KINDS = List.of("cpu", "gpu");

    private static final Pattern FORM = Pattern.compile("cpu|gpu(\\.(0|[1-9]\\d{0,2}))?");

    public DeviceName {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("A device is cpu, gpu or gpu.N, not '%s'".formatted(text));
        }
    }

    /** The device of this name, in any case; empty if no device can have it. */
    public static Optional<DeviceName> parse(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        return FORM.matcher(lower).matches() ? Optional.of(new DeviceName(lower)) : Optional.empty();
    }

    /** One of {@link #KINDS}. */
    public String kind() {
        return text.substring(0, 3);
    }

    /** Whether a request that requires this device may run on one that a worker announces. */
    public boolean includes(String announced) {
        return parse(announced)
                .filter(device -> text.equals(kind())
                        ? device.kind().equals(kind())
                        : device.numbered().equals(text))
                .isPresent();
    }

    private String numbered() {
        return text.equals("gpu") ? "gpu.0" : text;
    }

    @Override
    public String toString() {
        return text;
    }
}
