package io.atelier.generator.engine.diffusion;

import io.atelier.generator.engine.GenerationEngine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** Measures the time for images of 512 x 512 pixels with the default parameters. To be run by hand on an idle machine. */
final class PocketBenchmark {

    private static final int WARM_UP = 8;

    private PocketBenchmark() {}

    /** Arguments: threads for one image, images at once, rounds; then, optionally, a folder and prompts whose images are saved there. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int threads = Integer.parseInt(arguments[0]);
        int atOnce = Integer.parseInt(arguments[1]);
        int rounds = Integer.parseInt(arguments[2]);
        long loading = System.nanoTime();
        try (var engine = new TinyModels().pocket(threads)) {
            System.out.printf("loaded in %d ms%n", (System.nanoTime() - loading) / 1_000_000);
            measure(engine, 1, 1);
            measure(engine, atOnce, WARM_UP);
            measure(engine, atOnce, rounds);
            for (String prompt : List.of(arguments).subList(Math.min(4, arguments.length), arguments.length)) {
                save(engine, prompt, Files.createDirectories(Path.of(arguments[3])));
            }
        }
    }

    private static void measure(GenerationEngine engine, int atOnce, int rounds) throws InterruptedException {
        var pool = Executors.newFixedThreadPool(atOnce);
        var wall = new long[rounds];
        long cpu = cpuNanos();
        for (int round = 0; round < rounds; round++) {
            long seed = round;
            long start = System.nanoTime();
            Callable<Object> image = () -> engine.generate(
                    PocketRequests.of("a snowman with a blue scarf", seed)
                            .size(512, 512)
                            .request(),
                    PocketRequests.run());
            pool.invokeAll(Stream.generate(() -> image).limit(atOnce).toList());
            wall[round] = System.nanoTime() - start;
        }
        cpu = cpuNanos() - cpu;
        pool.shutdown();
        Arrays.sort(wall);
        System.out.printf(
                "%d rounds of %d at once: a round takes %d ms (min), %d ms (median), %d ms (max); CPU %d ms an image%n",
                rounds,
                atOnce,
                wall[0] / 1_000_000,
                wall[rounds / 2] / 1_000_000,
                wall[rounds - 1] / 1_000_000,
                cpu / 1_000_000 / rounds / atOnce);
    }

    private static void save(GenerationEngine engine, String prompt, Path folder) throws IOException {
        var image = engine.generate(PocketRequests.of(prompt, 7).size(512, 512).request(), PocketRequests.run())
                .get(0);
        var file = folder.resolve(prompt.replace(' ', '-') + ".png");
        ImageIO.write(image.pixels().raster().toBufferedImage(), "png", file.toFile());
        System.out.println(file + " " + image.metadata());
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
