package io.atelier.benchmark.system;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Which build of the system to run, and how.
 *
 * @param build the arguments of {@code java} that run the atelier command
 * @param javaOptions what goes before them
 * @param settings environment variables, beside those that name folder and ports
 * @param apart whether gateway and generator get processes of their own
 * @param data the folder to make the system's own folder in
 */
public record SystemBuild(
        List<String> build, List<String> javaOptions, Map<String, String> settings, boolean apart, Path data) {

    public SystemBuild {
        build = List.copyOf(build);
        javaOptions = List.copyOf(javaOptions);
        settings = Map.copyOf(settings);
    }

    /** The parts of each process. Jobs of the benchmark need no splitter, but people's systems have one. */
    List<String> processes(boolean withStore) {
        var servers = withStore ? "broker,store" : "broker";
        return apart
                ? List.of(servers, "gateway", "generator", "splitter")
                : List.of(servers + ",gateway,generator,splitter");
    }
}
