package io.atelier.generator.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.generator.engine.diffusion.pipeline.TinyPipelines;
import io.atelier.worker.cancellation.Cancellation;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OnnxEnvironmentTests {

    private static final int STATUS_OF_SIGTERM = 143;

    @TempDir
    Path folder;

    /** Without the second reference, each process that loads a network ends by SIGABRT, with a report of the JVM about SIGSEGV. */
    @ParameterizedTest
    @EnumSource
    void aProcessEndsByItsSignalWhateverItComputes(Computation computation) throws Exception {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx64m",
                        "-XX:ErrorFile=" + folder.resolve("crash"),
                        "-Djava.io.tmpdir=" + folder,
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Computing.class.getName(),
                        computation.name())
                .redirectErrorStream(true)
                .start();
        try (var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(output.lines().anyMatch(Computing.READY::equals)).isTrue();

            process.destroy();

            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(STATUS_OF_SIGTERM);
            assertThat(folder.resolve("crash")).doesNotExist();
        } finally {
            process.destroyForcibly();
        }
    }

    private enum Computation {
        LOAD,
        EVALUATE,
        NOTHING
    }

    /** Computes until the process ends. */
    static final class Computing {

        static final String READY = "ready";

        private static final int THREADS = 2;
        private static final int SIDE = 32;

        private static final Path DECODER = TinyPipelines.folder("sd15").resolve("vae_decoder/model.onnx");
        private static final CountDownLatch STARTED = new CountDownLatch(THREADS);

        private Computing() {}

        public static void main(String[] arguments) throws InterruptedException {
            var computation = Computation.valueOf(arguments[0]);
            for (int i = 0; i < THREADS; i++) {
                var thread = new Thread(() -> compute(computation));
                thread.setDaemon(true);
                thread.start();
            }
            STARTED.await();
            System.out.println(READY);
            new CountDownLatch(1).await();
        }

        private static void compute(Computation computation) {
            var decoder = load();
            STARTED.countDown();
            while (computation == Computation.LOAD) {
                load().close();
            }
            while (computation == Computation.EVALUATE) {
                evaluate(decoder);
            }
        }

        private static OnnxModel load() {
            return SessionFactory.cpu(1).load(DECODER);
        }

        private static void evaluate(OnnxModel decoder) {
            try (var binding = new GraphBinding(decoder);
                    var run = new OnnxRun(new Cancellation())) {
                binding.required("latent_sample", 1, 4, SIDE, SIDE);
                binding.output("sample", 1, 3, 8 * SIDE, 8 * SIDE);
                binding.evaluate(run);
            }
        }
    }
}
