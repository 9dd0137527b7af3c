package io.atelier.generator.engine.diffusion.pipeline;

import io.atelier.generator.engine.onnx.OnnxModel;
import io.atelier.generator.engine.onnx.SessionFactory;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;

/** Loads networks to the CPU and records what they are evaluated with. */
final class ObservedSessions implements SessionFactory {

    private final SessionFactory cpu = SessionFactory.cpu(1);
    private final BiFunction<String, OnnxModel, OnnxModel> mistake;
    private final Map<String, ObservedNetwork> networks = new HashMap<>();

    ObservedSessions() {
        this((component, network) -> network);
    }

    /**
     * Sessions with a mistake. What the mistake makes of inputs is recorded, as if the pipeline had made it.
     *
     * @param mistake wraps the network of a component
     */
    ObservedSessions(BiFunction<String, OnnxModel, OnnxModel> mistake) {
        this.mistake = mistake;
    }

    @Override
    public OnnxModel load(Path file) {
        String component = file.getName(file.getNameCount() - 2).toString();
        var observed = new ObservedNetwork(cpu.load(file));
        networks.put(component, observed);
        return mistake.apply(component, observed);
    }

    ObservedNetwork network(String component) {
        return Objects.requireNonNull(networks.get(component), component);
    }

    Map<String, ObservedNetwork> networks() {
        return networks;
    }
}
