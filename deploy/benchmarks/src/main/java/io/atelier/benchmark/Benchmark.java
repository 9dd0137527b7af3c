package io.atelier.benchmark;

import io.atelier.benchmark.overhead.OverheadBenchmark;
import io.atelier.benchmark.overhead.SystemUnderTest;
import io.atelier.benchmark.restart.RestartBenchmark;
import io.atelier.benchmark.system.LaunchConfiguration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures the end-to-end overhead of a job: engine 0 ms, smallest image, real broker, S3 store, after a warm-up. Or measures how soon a killed
 * system is ready again.
 */
@Command(
        name = "benchmark",
        mixinStandardHelpOptions = true,
        description = {
            "Starts a system in separate processes, warms it up, and measures the time from a POST to the published"
                    + " success.",
            "Uses the embedded object store, unless ATELIER_S3, ATELIER_S3_ACCESS_KEY and ATELIER_S3_SECRET_KEY name"
                    + " another one."
        })
public final class Benchmark implements Callable<Integer> {

    /** The JVM options of the launcher. */
    private static final String JAVA_OPTIONS = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx1g";

    @Option(
            names = "--warm-up",
            defaultValue = "2000",
            description = "Number of jobs before the measurement. Default: ${DEFAULT-VALUE}.")
    private int warmUp;

    @Option(names = "--rounds", defaultValue = "5", description = "Number of rounds. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--jobs",
            defaultValue = "200",
            description = "Number of jobs per round. Default: ${DEFAULT-VALUE}.")
    private int jobs;

    @Option(
            names = "--rate",
            defaultValue = "20",
            description = "Jobs a second; 0 skips the measurement at this rate. Default: ${DEFAULT-VALUE}.")
    private double rate;

    @Option(
            names = "--restarts",
            defaultValue = "0",
            description =
                    "Measure this number of restarts after kill -9 with open jobs, and nothing else. Default: ${DEFAULT-VALUE}.")
    private int restarts;

    @Option(names = "--apart", description = "Run gateway and workers in separate processes.")
    private boolean apart;

    @Option(
            names = "--java-options",
            defaultValue = JAVA_OPTIONS,
            description = "JVM options of the system. Default: ${DEFAULT-VALUE}.")
    private String javaOptions = JAVA_OPTIONS;

    @Option(names = "--set", paramLabel = "NAME=VALUE", description = "An environment variable of the system.")
    private Map<String, String> settings = Map.of();

    @Option(
            names = "--against",
            paramLabel = "JAR",
            description = "The jar of another build to compare with; both are measured alternately.")
    private @Nullable Path against;

    @Option(
            names = "--against-set",
            paramLabel = "NAME=VALUE",
            description = "An environment variable of a second system to compare with; both are measured alternately.")
    private Map<String, String> againstSettings = Map.of();

    @Option(
            names = "--data",
            description =
                    "The folder for the data of the systems. Default: the temporary folder of the operating system.")
    private Path data = Path.of(System.getProperty("java.io.tmpdir"));

    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT);
        // The processes of the system set the same property to their own file.
        System.setProperty("logback.configurationFile", "benchmark-logback.xml");
        System.exit(new CommandLine(new Benchmark()).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        if (restarts > 0) {
            measureRestarts();
            return CommandLine.ExitCode.OK;
        }
        var systems = new ArrayList<SystemUnderTest>();
        try {
            systems.add(SystemUnderTest.start("This build", configuration(thisBuild(), settings)));
            if (against != null || !againstSettings.isEmpty()) {
                systems.add(SystemUnderTest.start("Other build", configuration(otherBuild(), againstSettings)));
            }
            new OverheadBenchmark(new OverheadBenchmark.Parameters(warmUp, rounds, jobs, rate), System.out)
                    .measure(systems);
        } finally {
            systems.forEach(SystemUnderTest::close);
        }
        return CommandLine.ExitCode.OK;
    }

    /** One system after the other, because they would compete for the processor. */
    private void measureRestarts() {
        var benchmark = new RestartBenchmark(restarts, System.out);
        benchmark.measure("This build", configuration(thisBuild(), settings));
        if (against != null || !againstSettings.isEmpty()) {
            benchmark.measure("Other build", configuration(otherBuild(), againstSettings));
        }
    }

    private LaunchConfiguration configuration(List<String> build, Map<String, String> environment) {
        return new LaunchConfiguration(build, List.of(javaOptions.strip().split("\\s+")), environment, apart, data);
    }

    private List<String> otherBuild() {
        return against == null ? thisBuild() : List.of("-jar", against.toString());
    }

    private static List<String> thisBuild() {
        return List.of("-cp", System.getProperty("java.class.path"), "io.atelier.standalone.Atelier");
    }
}
