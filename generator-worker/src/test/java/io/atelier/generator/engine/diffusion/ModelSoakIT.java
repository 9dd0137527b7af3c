package io.atelier.generator.engine.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.ImageSize;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.worker.cancellation.Cancellation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Five hundred images of two models, of which the memory has room for one, so that each image loads one and unloads the other. Takes two minutes, so it runs
 * only in the profile {@code patience}.
 */
@EnabledOnOs(OS.LINUX)
@Tag("patience")
class ModelSoakIT {

    private static final int IMAGES = 500;

    /** Until then classes are loaded, code is compiled and each part of the heap is used for the first time. */
    private static final int WARM_UP = 50;

    private static final int PART = 50;
    private static final Percentage FLAT = Percentage.withPercentage(5);

    @DisplayName(
            "The resident memory of a process that loads and unloads a model for each of 500 images stays the same within 5 %")
    @Test
    void residentMemoryStaysTheSame() throws Exception {
        var resident = residentKibibytes();

        double first = average(resident.subList(WARM_UP, WARM_UP + PART));
        double last = average(resident.subList(IMAGES - PART, IMAGES));
        double largest = resident.stream().mapToLong(Long::longValue).max().orElseThrow();
        System.out.printf(
                "resident memory, MiB: %.1f after the warm-up, %.1f at the end, at most %.1f%n",
                first / 1024, last / 1024, largest / 1024);
        assertThat(last).isCloseTo(first, FLAT);
        assertThat(largest).isCloseTo(first, FLAT);
    }

    /** After each image, from a process with the settings of {@code ./atelier}. */
    private static List<Long> residentKibibytes() throws IOException, InterruptedException {
        var builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xms96m",
                        "-Xmx1g",
                        "-XX:NewSize=24m",
                        "-XX:MinHeapFreeRatio=25",
                        "-XX:MaxHeapFreeRatio=50",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Soak.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("MALLOC_ARENA_MAX", "2");
        builder.environment().put("MALLOC_TRIM_THRESHOLD_", "1048576");
        var process = builder.start();
        try (var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            var resident = output.lines()
                    .filter(line -> line.startsWith(Soak.RESIDENT))
                    .map(line -> Long.valueOf(line.substring(Soak.RESIDENT.length())))
                    .toList();
            assertThat(process.waitFor()).isZero();
            assertThat(resident).hasSize(IMAGES);
            return resident;
        } finally {
            process.destroyForcibly();
        }
    }

    private static double average(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).average().orElseThrow();
    }

    /** Makes the images, and writes the resident memory after each. */
    static final class Soak {

        static final String RESIDENT = "resident ";

        /** With their sizes the models and their runs need about the same memory, 7.7 and 8.2 MB, of which their weights are 1.4 and 0.9 MB. */
        private static final long MEMORY = 8_200_000;

        private static final List<String> MODELS = List.of("sdxl", "flux");
        private static final List<ImageSize> SIZES = List.of(new ImageSize(208, 208), new ImageSize(128, 128));
        private static final int STEPS = 4;

        private Soak() {}

        public static void main(String[] arguments) throws IOException {
            var models = new TinyModels(MEMORY);
            var engines = MODELS.stream().map(models::engine).toList();
            for (int image = 0; image < IMAGES; image++) {
                int turn = image % MODELS.size();
                var engine = engines.get(turn);
                require(!isLoaded(engine), "the model was not unloaded for the other one");
                var request = TinyModels.request(MODELS.get(turn), "a red fox " + image, image)
                        .size(SIZES.get(turn))
                        .steps(STEPS)
                        .build();
                var run = new GenerationRun("gen_" + image, 1, (phase, step, steps) -> {}, new Cancellation());
                require(engine.generate(request, run).size() == 1, "there is no image");
                require(isLoaded(engine), "the model was unloaded after its image");
                System.out.println(RESIDENT + residentKibibytes());
            }
        }

        private static boolean isLoaded(LocalEngine engine) {
            return engine.announcement().orElseThrow().loaded();
        }

        private static long residentKibibytes() throws IOException {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        }

        private static void require(boolean condition, String problem) {
            if (!condition) {
                throw new IllegalStateException(problem);
            }
        }
    }
}
