package io.atelier.generator.engine.onnx;

import java.util.List;

/**
 * The devices on which a worker runs models, each named once.
 *
 * @param all at least one, in the order in which free ones are used
 */
public record InferenceDevices(List<InferenceDevice> all) {

    public InferenceDevices {
        all = List.copyOf(all);
        if (all.isEmpty()) {
            throw new IllegalArgumentException("A worker needs a device");
        }
    }

    /** As they are announced, such as {@code gpu} and {@code cpu}. */
    public List<String> announced() {
        return all.stream().map(InferenceDevice::announced).toList();
    }

    /** How many tasks can compute at the same time. */
    public int count() {
        return all.size();
    }
}
