package io.atelier.benchmark.system;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Configuration of a system to start: the build and its options.
 *
 * @param build the arguments of {@code java} that run the {@code atelier} command
 * @param javaOptions the JVM options
 * @param settings environment variables in addition to those for the folder and ports
 * @param separate whether gateway and workers run in separate processes
 * @param data the parent of the data folder of the system
 */
public record LaunchConfiguration(
        List<String> build, List<String> javaOptions, Map<String, String> settings, boolean separate, Path data) {

    public LaunchConfiguration {
        build = List.copyOf(build);
        javaOptions = List.copyOf(javaOptions);
        settings = Map.copyOf(settings);
    }

    /** The parts of each process. A splitter is included, as in real systems, although the benchmark does not use it. */
    List<String> processes(boolean withStore) {
        var servers = withStore ? "broker,store" : "broker";
        return separate
                ? List.of(servers, "gateway", "generator", "splitter")
                : List.of(servers + ",gateway,generator,splitter");
    }
}
