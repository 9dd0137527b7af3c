package io.atelier.generator.engine.diffusion.pipeline;

import io.atelier.generator.engine.onnx.OnnxModel;
import io.atelier.generator.engine.onnx.SessionFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The networks of a pipeline, which are closed together. Loaded by one thread. */
final class LoadedNetworks implements SessionFactory, AutoCloseable {

    private final SessionFactory sessions;
    private final List<OnnxModel> networks = new ArrayList<>();

    LoadedNetworks(SessionFactory sessions) {
        this.sessions = sessions;
    }

    @Override
    public OnnxModel load(Path file) {
        var network = sessions.load(file);
        networks.add(network);
        return network;
    }

    @Override
    public void close() {
        RuntimeException first = null;
        for (var network : networks) {
            try {
                network.close();
            } catch (RuntimeException e) {
                first = first == null ? e : first;
            }
        }
        networks.clear();
        if (first != null) {
            throw first;
        }
    }
}
