package io.atelier.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.Exit;

/** A broker in a separate JVM that a test can kill. */
final class BrokerProcess implements AutoCloseable {

    private static final String READY = "ready at ";
    private static final String FAIL = "fail";

    private final Process process;

    private BrokerProcess(Process process) {
        this.process = process;
    }

    static BrokerProcess start(Path folder) throws IOException {
        return new BrokerProcess(command(folder, "serve").start());
    }

    /** Starts a broker that has a fatal error as soon as it runs. */
    static BrokerProcess startAndFail(Path folder) throws IOException {
        return new BrokerProcess(command(folder, FAIL).redirectErrorStream(true).start());
    }

    private static ProcessBuilder command(Path folder, String mode) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var classPath = System.getProperty("java.class.path");
        return new ProcessBuilder(
                java, "-Xmx256m", "-cp", classPath, BrokerProcess.class.getName(), folder.toString(), mode);
    }

    /** Waits until the broker serves clients, and returns its address. */
    String bootstrapServers() {
        return process.inputReader()
                .lines()
                .filter(line -> line.startsWith(READY))
                .findFirst()
                .orElseThrow(() -> new AssertionError("The broker's process ended"))
                .substring(READY.length());
    }

    String completeOutput() {
        return String.join("\n", process.inputReader().lines().toList());
    }

    int exitStatus() throws InterruptedException {
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            throw new AssertionError("The broker's process did not end");
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
            if (args[1].equals(FAIL)) {
                Exit.halt(3, "the disk is broken");
            }
            // Runs until it is killed, or until the test that started it has ended.
            if (System.in.read() < 0) {
                return;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
