package io.atelier.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The command as the launcher runs it: its jar unpacked, with the archive of classes, which take a third of the processor time of each start away.
 * Where the modules are not packaged, as in {@code mvn test} or an IDE, the class path of the tests is used.
 */
final class PackagedCommand {

    private static final Pattern JAR = Pattern.compile("standalone-[^/]*\\.jar");

    /** Two levels above the folder of this module, in which Maven runs its tests. */
    private static final Path LAUNCHER =
            Path.of("../../atelier").toAbsolutePath().normalize();

    private static final String MAIN = "io.atelier.standalone.Atelier";

    private static final List<String> ARGUMENTS = find();

    private PackagedCommand() {}

    /** The arguments of the JVM that name what it runs; the last one is the class with the main method. */
    static List<String> jvmArguments() {
        return ARGUMENTS;
    }

    private static List<String> find() {
        var classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        if (!JAR.matcher(classPath).find() || !Files.isExecutable(LAUNCHER)) {
            return List.of("-cp", classPath, MAIN);
        }
        var unpacked = prepare().resolve("deploy/standalone/target/unpacked");
        var arguments = new ArrayList<String>();
        var archive = unpacked.resolve("classes-" + Runtime.version().feature() + ".jsa");
        if (!Files.exists(archive)) {
            throw new IllegalStateException(
                    "The launcher did not archive the classes; see deploy/standalone/target/quick/archive.log");
        }
        arguments.addAll(List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds*=off"));
        arguments.addAll(List.of("-cp", unpacked.resolve("atelier.jar").toString(), MAIN));
        return List.copyOf(arguments);
    }

    /**
     * Lets the launcher unpack the jar and archive the classes, as it does before its first command; several processes may do this at the same time.
     *
     * @return the folder of the launcher
     */
    private static Path prepare() {
        try {
            var output = Files.createTempFile("launcher", null);
            var builder = new ProcessBuilder(LAUNCHER.toString(), "--version")
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().keySet().removeIf(key -> key.startsWith("ATELIER_"));
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            int status = builder.start().waitFor();
            if (status != 0) {
                throw new IllegalStateException(
                        "The launcher ended with %d: %s".formatted(status, Files.readString(output)));
            }
            Files.delete(output);
            return LAUNCHER.toRealPath().resolveSibling("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
