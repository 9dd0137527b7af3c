package io.atelier.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LoopbackPortsTests {

    private static final int PROCESSES = 4;
    private static final int PORTS = 100;

    @Test
    void successivePortsAreDifferentAndFree() {
        var ports = IntStream.range(0, PORTS)
                .mapToObj(i -> LoopbackPorts.freePort())
                .toList();

        assertThat(ports).doesNotHaveDuplicates().allMatch(LoopbackPorts::isFree);
    }

    @Test
    void runningProcessesNeverFindTheSamePort() throws IOException {
        var processes = new ArrayList<Process>();
        try {
            for (int i = 0; i < PROCESSES; i++) {
                processes.add(start());
            }
            var found = new ArrayList<String>();
            for (var process : processes) {
                found.addAll(lines(process));
            }

            assertThat(found).hasSize(PROCESSES * PORTS).doesNotHaveDuplicates();
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
    }

    private static Process start() throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        java, "-Xmx32m", "-cp", System.getProperty("java.class.path"), FindPorts.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static List<String> lines(Process process) throws IOException {
        var reader = process.inputReader(StandardCharsets.US_ASCII);
        return Stream.of(reader.readLine().split(" ")).toList();
    }

    /** Prints free ports, and then runs until it is killed. */
    static final class FindPorts {

        private FindPorts() {}

        public static void main(String[] args) throws IOException {
            var ports = IntStream.range(0, PORTS)
                    .mapToObj(i -> Integer.toString(LoopbackPorts.freePort()))
                    .toList();
            System.out.println(String.join(" ", ports));
            System.in.read();
        }
    }
}
