package io.atelier.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.Exit;

/** A JVM of its own with a broker in it, so that a test may kill it. */
final class BrokerProcess implements AutoCloseable {

    private static final String READY = "ready at ";
    private static final String BREAK = "break";

    private final Process process;

    private BrokerProcess(Process process) {
        this.process = process;
    }

    static BrokerProcess start(Path folder) throws IOException {
        return new BrokerProcess(command(folder, "serve").start());
    }

    /** A broker that meets a fatal fault as soon as it runs. */
    static BrokerProcess startAndBreak(Path folder) throws IOException {
        return new BrokerProcess(
                command(folder, BREAK).redirectErrorStream(true).start());
    }

    private static ProcessBuilder command(Path folder, String mode) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var classPath = System.getProperty("java.class.path");
        return new ProcessBuilder(
                java, "-Xmx256m", "-cp", classPath, BrokerProcess.class.getName(), folder.toString(), mode);
    }

    /** Waits until the broker serves clients, and says where. */
    String bootstrapServers() {
        return process.inputReader()
                .lines()
                .filter(line -> line.startsWith(READY))
                .findFirst()
                .orElseThrow(() -> new AssertionError("The broker's process ended"))
                .substring(READY.length());
    }

    String outputToItsEnd() {
        return String.join("\n", process.inputReader().lines().toList());
    }

    int exitStatus() throws InterruptedException {
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            throw new AssertionError("The broker's process goes on");
        }
        return process.exitValue();
    }

    /** Kills the process as {@code kill -9} does. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] args) {
        try (var broker = EmbeddedBroker.start(Path.of(args[0]), 0)) {
            System.out.println(READY + broker.bootstrapServers());
            if (args[1].equals(BREAK)) {
                Exit.halt(3, "the disk is on fire");
            }
            // Until somebody kills it, or the test that started it is gone.
            if (System.in.read() < 0) {
                return;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
