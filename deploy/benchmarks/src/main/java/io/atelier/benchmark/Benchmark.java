package io.atelier.benchmark;

import io.atelier.benchmark.overhead.MeasuredSystem;
import io.atelier.benchmark.overhead.Overhead;
import io.atelier.benchmark.system.SystemBuild;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the end-to-end overhead of a job: engine 0 ms, the smallest picture, a real broker, an S3 store, all warm. */
@Command(
        name = "benchmark",
        mixinStandardHelpOptions = true,
        description = {
            "Starts a system in processes of its own, warms it up, and measures from the sending of a POST to the announced success.",
            "The store is the embedded one unless ATELIER_S3, ATELIER_S3_ACCESS_KEY and ATELIER_S3_SECRET_KEY name another."
        })
public final class Benchmark implements Callable<Integer> {

    /** As the launcher runs the system. */
    private static final String JAVA_OPTIONS = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx1g";

    @Option(
            names = "--warm-up",
            defaultValue = "2000",
            description = "Jobs before the measurement. Default: ${DEFAULT-VALUE}.")
    private int warmUp;

    @Option(names = "--rounds", defaultValue = "5", description = "Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--jobs", defaultValue = "200", description = "Jobs in a round. Default: ${DEFAULT-VALUE}.")
    private int jobs;

    @Option(
            names = "--rate",
            defaultValue = "20",
            description = "Jobs a second; 0 for none of this traffic. Default: ${DEFAULT-VALUE}.")
    private double rate;

    @Option(names = "--apart", description = "Gateway and workers in processes of their own, not all in one.")
    private boolean apart;

    @Option(
            names = "--java-options",
            defaultValue = JAVA_OPTIONS,
            description = "For the system. Default: ${DEFAULT-VALUE}.")
    private String javaOptions = JAVA_OPTIONS;

    @Option(names = "--set", paramLabel = "NAME=VALUE", description = "A variable of the system's environment.")
    private Map<String, String> settings = Map.of();

    @Option(
            names = "--against",
            paramLabel = "JAR",
            description = "The jar of another build, measured in turn with this one.")
    private @Nullable Path against;

    @Option(
            names = "--against-set",
            paramLabel = "NAME=VALUE",
            description = "A variable for a second system, measured in turn with the first.")
    private Map<String, String> againstSettings = Map.of();

    @Option(
            names = "--data",
            description = "Where the systems keep their data. Default: the system's temporary folder.")
    private Path data = Path.of(System.getProperty("java.io.tmpdir"));

    public static void main(String[] arguments) {
        // The system's processes have a file of their own for it, by the same property.
        System.setProperty("logback.configurationFile", "benchmark-logback.xml");
        System.exit(new CommandLine(new Benchmark()).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        var subjects = new ArrayList<MeasuredSystem>();
        try {
            subjects.add(MeasuredSystem.start("This build", form(thisBuild(), settings)));
            if (against != null || !againstSettings.isEmpty()) {
                subjects.add(MeasuredSystem.start("The other", form(otherBuild(), againstSettings)));
            }
            new Overhead(new Overhead.Sizes(warmUp, rounds, jobs, rate), System.out).measure(subjects);
        } finally {
            subjects.forEach(MeasuredSystem::close);
        }
        return CommandLine.ExitCode.OK;
    }

    private SystemBuild form(List<String> build, Map<String, String> environment) {
        return new SystemBuild(build, List.of(javaOptions.strip().split("\\s+")), environment, apart, data);
    }

    private List<String> otherBuild() {
        return against == null ? thisBuild() : List.of("-jar", against.toString());
    }

    private static List<String> thisBuild() {
        return List.of("-cp", System.getProperty("java.class.path"), "io.atelier.standalone.Atelier");
    }
}
